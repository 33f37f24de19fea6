"""The supervisor's handle of a learner's process: wait, measure, kill, with all its descendants."""

import os
import select
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from autograde.grading.sandbox.kernel_memory import held_by_kernel
from autograde.grading.sandbox.limits import Limits

POLL = 0.1  # seconds between two checks of memory and disk
NEARLY = 0.7  # the system counts CPU time differently for its limit and for its report
alive: set[int] = set()  # learners' processes of this supervisor that have not been reaped


@dataclass
class Confined:
    """A learner's process as its supervisor sees it; in the learner's process itself `pid` is 0.

    Attributes:
        pid: in the supervisor's namespace; 0 in the learner's process.
        pidfd: readable when the process has ended, for select and asyncio; -1 in the learner's
            process and at the end.
        layers: the layers in force, from :func:`layers`.
        limits: its limits.
        scratch: its folder; with a mount namespace, what it writes there is private and ends with
            it.
        exit_code: as in subprocess: negative for the signal that ended it; None while it runs.
        exceeded: ``memory`` or ``scratch`` if :meth:`wait` ended it for that, ``cpu`` if the system
            did.
        max_rss: its largest resident size in KiB, and its descendants'; known when it has ended.
    """

    pid: int
    pidfd: int
    layers: dict[str, str]
    limits: Limits
    scratch: Path
    exit_code: int | None = None
    exceeded: str | None = None
    max_rss: int = 0
    shared: int = field(default=0, repr=False)  # bytes inherited from the template

    def wait(self, timeout: float | None = None) -> int | None:
        """Wait until it ends or is ended for exceeding a limit; return its exit code, None on
        timeout.

        When there is an exit code, every process that it started has ended.
        """
        deadline = None if timeout is None else time.monotonic() + timeout
        while self.exit_code is None:
            left = POLL if deadline is None else min(POLL, deadline - time.monotonic())
            if ended(self.pidfd, max(0.0, left)):
                self._reap()
            elif deadline is not None and time.monotonic() >= deadline:
                return None
            elif exceeded := self.over():
                self.exceeded = exceeded
                self.kill()
        return self.exit_code

    def interrupt(self) -> None:
        """Send what Ctrl-C sends; the learner's code may ignore it."""
        if self.exit_code is None:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self.pidfd, signal.SIGINT)

    def kill(self) -> int:
        """End it and every process that it started, `setsid` ones included; return the exit code.

        May be repeated.
        """
        if self.exit_code is None:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self.pidfd, signal.SIGKILL)
            self._reap()
        assert self.exit_code is not None
        return self.exit_code

    def over(self) -> str | None:
        """Return which limit all its processes together exceed: ``memory``, ``scratch`` or None."""
        if self.exit_code is not None:
            return None
        if memory_of(self.pid, self.limits.memory_bytes + self.shared) > self.limits.memory_bytes + self.shared:
            return "memory"
        if self.layers["mount-namespace"] != "on" and too_full(self.scratch, self.limits):
            return "scratch"
        return None

    def _reap(self) -> None:
        _, status, used = os.wait4(self.pid, 0)
        self.exit_code, self.max_rss = os.waitstatus_to_exitcode(status), used.ru_maxrss
        ended_by_system = self.exit_code in (-signal.SIGKILL, -signal.SIGXCPU) and not self.exceeded
        nearly = NEARLY * self.limits.cpu_seconds
        if ended_by_system and 0 < nearly <= used.ru_utime + used.ru_stime:
            self.exceeded = "cpu"
        alive.discard(self.pid)
        os.close(self.pidfd)
        self.pidfd = -1
        if self.layers["pid-namespace"] != "on":  # a namespace ends with all its processes
            end_strays()


def ended(pidfd: int, timeout: float) -> bool:
    """Wait at most `timeout` seconds; return whether the process has ended."""
    poll = select.poll()
    poll.register(pidfd, select.POLLIN)
    return bool(poll.poll(timeout * 1000))


def memory_of(pid: int, enough: int) -> int:
    """Return the bytes of memory that a process and its descendants hold, exact only above
    `enough`.

    The resident size is cheap but counts shared pages in every process that has them; the
    proportional size is exact but expensive, and only the owner may read it. Kernel memory is
    added.
    """
    family = [pid, *descendants(pid)]
    in_kernel = held_by_kernel(pid, family)
    resident = in_kernel + sum(
        field_of(member, "status", b"RssAnon:") + field_of(member, "status", b"RssShmem:") for member in family
    )
    if resident <= enough or len(family) == 1:
        return resident
    fair = [
        field_of(member, "smaps_rollup", b"Pss_Anon:") + field_of(member, "smaps_rollup", b"Pss_Shmem:")
        for member in family
    ]
    return in_kernel + sum(fair) if any(fair) else resident


def field_of(pid: int, file: str, name: bytes) -> int:
    """Return one size of /proc/PID/FILE in bytes; 0 if the process has ended or may not be read."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/{file}").read_bytes().splitlines():
            if line.startswith(name):
                return int(line.split()[1]) * 1024
    return 0


def descendants(pid: int) -> Iterator[int]:
    """Yield a process's current children, their children, and so on."""
    with suppress(OSError):
        for task in os.listdir(f"/proc/{pid}/task"):
            with suppress(OSError):
                for word in Path(f"/proc/{pid}/task/{task}/children").read_text().split():
                    yield int(word)
                    yield from descendants(int(word))


def too_full(scratch: Path, limits: Limits) -> bool:
    """Return whether a folder holds more than the limits allow; links are counted, not followed."""
    files = size = 0
    for folder, folders, names in os.walk(scratch):
        for name in (*folders, *names):
            files += 1
            with suppress(OSError):
                size += os.lstat(os.path.join(folder, name)).st_blocks * 512
        if files > limits.scratch_files or size > limits.scratch_bytes:
            return True
    return False


def end_strays() -> None:
    """Without a PID namespace: end processes that learners left behind, now this process's
    children.

    A learner's descendants are recognised by a hard limit below ours, which they cannot raise.
    """
    while strays := [child for child in descendants(os.getpid()) if child not in alive and is_marked(child)]:
        for stray in strays:
            with suppress(ProcessLookupError):
                os.kill(stray, signal.SIGKILL)
        for stray in strays:
            with suppress(ChildProcessError):  # a grandchild becomes ours once its parent has ended
                os.waitpid(stray, 0)


def is_marked(pid: int) -> bool:
    """Return whether a process is a learner's or a descendant of one."""
    return hard_realtime(pid) != hard_realtime(os.getpid())


def hard_realtime(pid: int) -> bytes:
    """Return the hard limit that marks a learner's processes; empty if the process has ended."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/limits").read_bytes().splitlines():
            if line.startswith(b"Max realtime timeout"):
                return line.split()[4]
    return b""
