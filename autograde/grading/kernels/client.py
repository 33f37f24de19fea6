"""A fork of a template, seen from the process that asked for it: messages to and fro, how it ended, how it is ended."""

import contextlib
import json
import os
import select
import socket
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograde.errors import CourseError
from autograde.grading.kernels.bounded_json import TooMany, loads, weigh
from autograde.grading.kernels.messages import LONGEST_MESSAGE
from autograde.grading.reasons.ends import GARBLED, NO_ANSWER, NO_START, Why, template_gone, why_crashed, why_ended

ENDING_SECONDS = 10
CHUNK = 1 << 18
LEFT_OUT = "left_out"  # the kind of a message that was too large to be read


class KernelDied(Exception):
    """The process at the other end is gone.

    Attributes:
        why: what is known of its end.
    """

    def __init__(self, why: Why) -> None:
        super().__init__(why.en)
        self.why = why


class TimedOut(Exception):
    """No answer within the time that was given."""


class TooMuch(Exception):
    """The other side sent more than is read of one cell."""


@dataclass
class Ended:
    """How a fork ended.

    Attributes:
        status: exit code; negative: the signal that ended it.
        cpu_seconds: user and system time of the process, the children it waited for and its supervisor.
        max_rss: largest resident size, in KiB.
        exceeded: ``memory``, ``scratch`` or ``cpu`` where it was ended for that.
    """

    status: int
    cpu_seconds: float
    max_rss: int
    exceeded: str | None = None


class Fork:
    """One fork of a template: its control socket and its lifeline."""

    def __init__(
        self,
        lifeline: socket.socket,
        control: socket.socket,
        limits: Mapping[str, int] | None = None,
        spare: "list[socket.socket] | None" = None,
    ) -> None:
        self.limits = limits or {}  # fields of the sandbox's limits, as they were asked for
        self._spare = spare  # where its lifeline goes when it has ended
        self._lifeline = lifeline
        self._told = lifeline.makefile("rb")
        self.control = control
        self._pending = b""
        self._dropped = 0  # bytes of a message that is too long to be kept
        self.weight = 0  # values of the latest message, at most
        self.received = 0  # bytes, since it started
        self.ended: Ended | None = None
        self._is_whole = False  # whether its supervisor told how it ended
        self._is_let_go = False
        first = self._told.readline()
        told = json.loads(first) if first else {}
        if "pid" not in told:
            for end in (self._told, lifeline, control):
                end.close()
            if "error" in told:
                raise CourseError(told["error"])
            raise KernelDied(NO_START)
        self.pid = told["pid"]
        self.layers = frozenset(name for name, state in told["layers"].items() if state == "on")

    def send(
        self, message: Mapping[str, Any], until: float | None = None, sockets: Sequence[socket.socket] = ()
    ) -> None:
        """Send one message.

        Args:
            until: ``time.monotonic()`` at which to give up; None: never. After that the line is of no more use.
            sockets: what goes with it, a short one then, to a process that takes them.

        Raises:
            KernelDied: nobody is there to take it.
            TimedOut: somebody is, and does not.
        """
        try:
            self.control.settimeout(None if until is None else max(0.001, until - time.monotonic()))
            data = json.dumps(message).encode() + b"\n"
            if sockets:
                socket.send_fds(self.control, [data], [one.fileno() for one in sockets])
            else:
                self.control.sendall(data)
        except TimeoutError:
            raise TimedOut from None
        except OSError as error:
            raise KernelDied(self.why()) from error

    def receive(self, until: float | None, limit: int = 1 << 62, values: int | None = None) -> dict[str, Any]:
        """Return the next message.

        Args:
            until: ``time.monotonic()`` at which to give up; None: never.
            limit: largest message, in bytes.
            values: most JSON values of a message from a process that runs a learner's code; one that holds more, or is
                longer than :data:`LONGEST_MESSAGE`, becomes :data:`LEFT_OUT`. None: the process is trusted.

        Raises:
            TimedOut, KernelDied, TooMuch: see there.
        """
        parts = [self._pending]
        size = self._dropped + len(self._pending)
        while b"\n" not in parts[-1]:
            if size > limit:
                raise TooMuch(f"a message of more than {limit} bytes")
            if values is not None and size > LONGEST_MESSAGE:
                parts, self._dropped = [b""], size
            left = None if until is None else until - time.monotonic()
            if left is not None and left <= 0:
                self._pending = b"".join(parts)
                raise TimedOut
            self.control.settimeout(left)
            try:
                data = self.control.recv(CHUNK)
            except TimeoutError:
                self._pending = b"".join(parts)
                raise TimedOut from None
            except OSError:
                data = b""
            if not data:
                raise KernelDied(self.why())
            parts.append(data)
            size += len(data)
            self.received += len(data)
        line, self._pending = b"".join(parts).split(b"\n", 1)
        dropped, self._dropped = self._dropped, 0
        try:
            if values is None:
                message = json.loads(line)
            else:
                self.weight = weigh(line, values)
                message = {"msg_type": LEFT_OUT} if dropped else loads(line)
        except TooMany:
            message = {"msg_type": LEFT_OUT}
        except (ValueError, RecursionError):
            raise KernelDied(GARBLED) from None
        if not isinstance(message, dict):
            raise KernelDied(GARBLED)
        if message.get("msg_type") == "crash":
            content = message.get("content")
            raise KernelDied(why_crashed(str(content.get("text"))[:500]) if isinstance(content, dict) else GARBLED)
        return message

    def drain(self) -> bool:
        """Throw away what it sends while nobody asked it for anything; return whether more can come."""
        self.control.settimeout(0)
        try:
            data = self.control.recv(CHUNK)
        except OSError:
            return False
        self._pending = (self._pending + data).rpartition(b"\n")[2][-CHUNK:]
        return bool(data)

    def poll(self) -> int | None:
        """Return the exit status, None while it runs."""
        if self.ended is None and select.select([self._lifeline], [], [], 0)[0]:
            self._read_end()
            if self.ended is None:
                self.ended = Ended(1, 0.0, 0)  # its supervisor was ended from outside
        return self.ended.status if self.ended else None

    def interrupt(self) -> None:
        """Do as Ctrl-C does."""
        if self.ended is None:  # after that, the line may be another's
            with contextlib.suppress(OSError):
                self._lifeline.sendall(b"i")

    def kill(self) -> Ended:
        """End it and everything that it started, now; return how it ended. May be repeated."""
        if self.ended is not None and self._is_let_go:
            return self.ended
        self._is_let_go = True
        if self.ended is None:
            with contextlib.suppress(OSError):
                self._lifeline.sendall(b"k")
            self._read_end()
        self.control.close()
        self._told.close()
        if self._is_whole and self._spare is not None and not self._spare:
            self._spare.append(self._lifeline)  # its supervisor may take the next request
        else:
            self._lifeline.close()
        self.ended = self.ended or Ended(1, 0.0, 0)
        return self.ended

    def _read_end(self, seconds: float = ENDING_SECONDS) -> None:
        if not select.select([self._lifeline], [], [], seconds)[0]:
            return  # a line that was read in vain can be read no more
        self._lifeline.settimeout(ENDING_SECONDS)
        with contextlib.suppress(OSError, ValueError):
            line = self._told.readline()
            if line:
                self.ended, self._is_whole = Ended(**json.loads(line)), True

    def why(self, seconds: float = ENDING_SECONDS) -> Why:
        """Return how it ended, though nobody told it to; what is seen of it where it has not after so many seconds."""
        if self.ended is None:
            self._read_end(seconds)
        return why_ended(self.ended, self.limits) if self.ended else NO_ANSWER


def fork_of(
    address: str,
    kind: str,
    cwd: Path | str,
    environment: Mapping[str, str] | None = None,
    wire: socket.socket | None = None,
    **more: Any,
) -> Fork:
    """Fork the template that listens at `address`; see :meth:`autograde.grading.kernels.templates.Template.fork`.

    Args:
        wire: a socket that the fork gets besides its control socket.

    Raises:
        CourseError: it could not be confined as `more` asks.
    """
    request = {"kind": kind, "cwd": str(cwd), "environment": dict(environment or {}), **more}
    confine = more.get("confine") or {}
    spare = _spare.setdefault((address, kind, bool(confine)), [])
    mine, theirs = socket.socketpair()
    with theirs:
        lifeline = _asked(address, spare, json.dumps(request).encode(), [one.fileno() for one in (theirs, wire) if one])
        if isinstance(lifeline, OSError):
            mine.close()
            raise KernelDied(template_gone(lifeline)) from lifeline
    return Fork(lifeline, mine, confine.get("limits"), spare)


# lifelines of supervisors without a process, by template and what they had: one of each for the next submission
_spare: dict[tuple[str, str, bool], list[socket.socket]] = {}


def _asked(address: str, spare: list[socket.socket], request: bytes, descriptors: list[int]) -> socket.socket | OSError:
    """The lifeline over which a spare supervisor, or else the template, was asked for a fork; or why it could not be."""
    while spare:
        try:
            lifeline = spare.pop()
        except IndexError:  # another thread was faster
            break
        try:
            lifeline.settimeout(None)
            socket.send_fds(lifeline, [request], descriptors)
        except OSError:  # it was ended from outside
            lifeline.close()
        else:
            return lifeline
    lifeline = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        lifeline.connect(address)
        socket.send_fds(lifeline, [request], descriptors)
    except OSError as error:
        lifeline.close()
        return error
    return lifeline


def let_go(address: str | None = None) -> None:
    """End the supervisors of a template, or of all, that have nothing to do; in a forked process, its hold on them."""
    for key in [key for key in _spare if address in (None, key[0])]:
        for lifeline in _spare.pop(key):
            lifeline.close()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=let_go)


@contextlib.contextmanager
def ended_after(fork: Fork) -> Iterator[Fork]:
    """End a fork when the block ends, however it ends."""
    try:
        yield fork
    finally:
        fork.kill()
