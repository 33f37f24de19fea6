"""The wire: frames between the examiner and the learner's process, and their limits. See
``docs/wire.md``.

A frame is a 28-byte header (magic, kind, sequence number, two lengths), a body, then the bytes of
its large arrays. Nothing is pickled, evaluated or imported by a received name, on either side.
"""

import select
import socket
import struct
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, NoReturn

_HEADER = struct.Struct("<4sIQIQ")
_MAGIC = b"CW1\n"
_CHUNK = 1 << 16  # bytes per read, so that a small frame costs one system call

CALL, RETURN, RAISE = 1, 2, 3
"""Kinds of frames: a request, its result, its exception."""

Code = Literal["died", "timeout", "violation", "flood", "memory", "lost", "result", "test"]


@dataclass(frozen=True)
class Limits:
    """Limits on what one side accepts from the other.

    Attributes:
        frame_bytes: bytes of arrays in one frame; an array that appears twice counts twice, and an
            axis of length 0 counts as length 1.
        body_bytes: bytes of everything else in one frame.
        items: values in one frame, including those inside containers; one that appears twice counts
            twice.
        depth: nesting of containers.
        handles: objects of one side that the other may hold at a time.
        calls: calls in one test cell, including callbacks.
        nesting: nested calls waiting for an answer.
        call_seconds, cell_seconds: wall time of one outermost call, and of one test cell.
    """

    frame_bytes: int = 256 << 20
    body_bytes: int = 32 << 20
    items: int = 1_000_000
    depth: int = 64
    handles: int = 10_000
    calls: int = 20_000
    nesting: int = 16
    call_seconds: float = 60.0
    cell_seconds: float = 120.0


def limits_for(memory_bytes: int, **more: float) -> Limits:
    """Return limits for sides with this much memory each; 0: enough for any frame.

    A side holds a frame, the values in it and a copy of some of them.
    """
    defaults = Limits(**more)  # type: ignore[arg-type]
    if not memory_bytes:
        return defaults
    frame, body = min(defaults.frame_bytes, memory_bytes // 4), min(defaults.body_bytes, memory_bytes // 8)
    return replace(defaults, frame_bytes=frame, body_bytes=body)


class WireFailure(BaseException):
    """A test cannot be decided by its own rules; it scores 0 with this reason, whatever it catches.

    Not an ``Exception``: a test that expects the learner's function to raise must not catch this.

    Attributes:
        code: ``died``, ``timeout``, ``violation``, ``flood`` and ``memory`` end the connection;
            ``result`` is a value that cannot cross from the learner's process; ``lost`` is an
            object of a process that has been replaced; ``test`` is a test that asks for something
            the wire does not carry.
        reason: one sentence, for people.
    """

    def __init__(self, code: Code, reason: str) -> None:
        super().__init__(reason)
        self.code: Code = code
        self.reason = reason


class Malformed(Exception):
    """An honest process would not send what arrived."""


class NotPlain(Exception):
    """A value does not cross; the message says which and what to write instead."""


@dataclass(frozen=True)
class Frame:
    """A frame whose arrays are still in the socket: ``payload`` bytes follow."""

    kind: int
    number: int
    body: bytearray
    payload: int


class Wire:
    """One end of a stream socket: sends and receives frames.

    Args:
        sock: a connected stream socket; made blocking.
        limits: limits on received frames; the codec keeps sent frames within them.
    """

    def __init__(self, sock: socket.socket, limits: Limits) -> None:
        sock.setblocking(True)
        self.sock = sock
        self.limits = limits
        self.deadline: float | None = None
        """``time.monotonic()`` after which sending and receiving fail with ``timeout``.

        None for no limit.
        """
        self._held = memoryview(b"")  # read but not yet consumed
        self._readable, self._writable = select.poll(), select.poll()
        self._readable.register(sock, select.POLLIN)
        self._writable.register(sock, select.POLLOUT)

    def send(self, kind: int, number: int, body: bytes | bytearray, buffers: Sequence[memoryview]) -> None:
        """Send a frame; ``buffers`` are flat views of bytes.

        Raises:
            WireFailure: the other side died or did not read in time.
        """
        payload = sum(len(buffer) for buffer in buffers)
        waiting = [memoryview(_HEADER.pack(_MAGIC, kind, number, len(body), payload)), memoryview(body), *buffers]
        first = 0
        while first < len(waiting):
            try:
                sent = self.sock.sendmsg(waiting[first : first + 64], (), socket.MSG_DONTWAIT)
            except BlockingIOError:
                self._wait(self._writable)
                continue
            except OSError as error:
                self._fail(error)
            while first < len(waiting) and sent >= len(waiting[first]):
                sent -= len(waiting[first])
                first += 1
            if sent:
                waiting[first] = waiting[first][sent:]

    def receive(self) -> Frame:
        """Return the next frame; the caller then reads its ``payload`` with :meth:`fill`.

        Raises:
            WireFailure: the other side died, sent nothing in time or sent something that is not a
                frame.
        """
        magic, kind, number, body_length, payload = _HEADER.unpack(self._exactly(_HEADER.size))
        if magic != _MAGIC or kind not in (CALL, RETURN, RAISE):
            raise Malformed("a frame with an invalid header")
        if body_length > self.limits.body_bytes or payload > self.limits.frame_bytes:
            raise Malformed("a frame above the size limit")
        return Frame(kind, number, self._exactly(body_length), payload)

    def _exactly(self, count: int) -> bytearray:
        if not self._held and 0 < count < _CHUNK:
            self._read(self._held)  # buffers whatever has arrived
        if len(self._held) >= count:
            data, self._held = bytearray(self._held[:count]), self._held[count:]
        else:
            data = bytearray(count)
            self.fill(memoryview(data))
        return data

    def skip(self, frame: Frame) -> None:
        """Read the arrays of a frame and discard them."""
        remaining = frame.payload
        while remaining:
            step = min(remaining, _CHUNK)
            self.fill(memoryview(bytearray(step)))
            remaining -= step

    def fill(self, view: memoryview) -> None:
        """Read exactly as many bytes as ``view`` holds."""
        while len(view):
            if self._held:
                count = min(len(view), len(self._held))
                view[:count] = self._held[:count]
                self._held = self._held[count:]
            else:
                count = self._read(view)
            view = view[count:]

    def _read(self, view: memoryview) -> int:
        """Read what has arrived, into a large ``view`` or else the buffer.

        Return the bytes put into ``view``.
        """
        if self.deadline is not None:
            self._wait(self._readable)
        try:
            if len(view) >= _CHUNK:
                count, data = self.sock.recv_into(view), b""
            else:
                count, data = 0, self.sock.recv(_CHUNK)
        except OSError as error:
            self._fail(error)
        if not count and not data:
            raise WireFailure("died", "the learner's process ended before it answered")
        self._held = memoryview(data)
        return count

    def unasked(self) -> bytes | None:
        """Peek at one unsolicited byte; ``b""`` at the end of the stream, None if there is nothing."""
        if self._held:
            return bytes(self._held[:1])
        return self.sock.recv(1, socket.MSG_PEEK) if self._readable.poll(0) else None

    def _wait(self, poll: "select.poll") -> None:
        remaining = None if self.deadline is None else self.deadline - time.monotonic()
        if remaining is not None and (remaining <= 0 or not poll.poll(remaining * 1000)):
            self._fail(TimeoutError())
        if remaining is None:
            poll.poll()

    def _fail(self, error: OSError) -> NoReturn:
        if isinstance(error, TimeoutError):
            raise WireFailure("timeout", "the learner's function did not return in time") from None
        raise WireFailure("died", f"the learner's process ended before it answered ({error})") from None
