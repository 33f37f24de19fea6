"""The supervisor's hold on a learner's process: wait, measure, end; whatever it started ends with it."""

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

POLL = 0.1  # seconds between two looks at memory and disk
NEARLY = 0.7  # the system counts CPU time for its limit and for its report in two ways
alive: set[int] = set()  # learners' processes of this supervisor that have not been reaped


@dataclass
class Confined:
    """A learner's process as its supervisor sees it; inside the learner's process itself `pid` is 0.

    Attributes:
        pid: as the supervisor counts; 0 in the learner's process.
        pidfd: readable when the process has ended, for select and asyncio; -1 in the learner's process and at the end.
        layers: what :func:`layers` said, the layers in force.
        limits: the bounds that it runs under.
        scratch: its folder; with a mount namespace what it wrote there exists for it alone and is gone with it.
        exit_code: as in subprocess: negative for the signal that ended it; None while it runs.
        exceeded: ``memory`` or ``scratch`` when :meth:`wait` ended it for that, ``cpu`` when the system did.
    """

    pid: int
    pidfd: int
    layers: dict[str, str]
    limits: Limits
    scratch: Path
    exit_code: int | None = None
    exceeded: str | None = None
    shared: int = field(default=0, repr=False)  # bytes of the template that it was born with

    def wait(self, timeout: float | None = None) -> int | None:
        """Wait until it ends or exceeds a bound, which ends it; return its exit code, None when time is up.

        With the exit code every process that it started is gone.
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
        """End it and every process that it started, `setsid` ones included; return the exit code. May be repeated."""
        if self.exit_code is None:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self.pidfd, signal.SIGKILL)
            self._reap()
        assert self.exit_code is not None
        return self.exit_code

    def over(self) -> str | None:
        """Return which bound all its processes together exceed now: ``memory``, ``scratch`` or None."""
        if self.exit_code is not None:
            return None
        if memory_of(self.pid, self.limits.memory_bytes + self.shared) > self.limits.memory_bytes + self.shared:
            return "memory"
        if self.layers["mount-namespace"] != "on" and too_full(self.scratch, self.limits):
            return "scratch"
        return None

    def _reap(self) -> None:
        _, status, used = os.wait4(self.pid, 0)
        self.exit_code = os.waitstatus_to_exitcode(status)
        ended_by_system = self.exit_code in (-signal.SIGKILL, -signal.SIGXCPU) and not self.exceeded
        nearly = NEARLY * self.limits.cpu_seconds
        if ended_by_system and 0 < nearly <= used.ru_utime + used.ru_stime:
            self.exceeded = "cpu"
        alive.discard(self.pid)
        os.close(self.pidfd)
        self.pidfd = -1
        if self.layers["pid-namespace"] != "on":  # a namespace takes all its processes along
            end_strays()


def ended(pidfd: int, timeout: float) -> bool:
    """Wait at most `timeout` seconds; return whether the process has ended."""
    poll = select.poll()
    poll.register(pidfd, select.POLLIN)
    return bool(poll.poll(timeout * 1000))


def memory_of(pid: int, enough: int) -> int:
    """Return the bytes of memory that a process and its descendants hold, exact only above `enough`.

    The resident size is cheap and counts shared pages for every process that has them; the proportional size is
    dear and fair, and only the owner may read it. What the kernel holds for them comes on top.
    """
    family = [pid, *descendants(pid)]
    in_kernel = held_by_kernel(pid, family)
    resident = in_kernel + sum(
        field_of(each, "status", b"RssAnon:") + field_of(each, "status", b"RssShmem:") for each in family
    )
    if resident <= enough or len(family) == 1:
        return resident
    fair = [
        field_of(each, "smaps_rollup", b"Pss_Anon:") + field_of(each, "smaps_rollup", b"Pss_Shmem:") for each in family
    ]
    return in_kernel + sum(fair) if any(fair) else resident


def field_of(pid: int, file: str, name: bytes) -> int:
    """Return one size of /proc/PID/FILE in bytes; 0 when the process has ended or is not ours to read."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/{file}").read_bytes().splitlines():
            if line.startswith(name):
                return int(line.split()[1]) * 1024
    return 0


def descendants(pid: int) -> Iterator[int]:
    """Give the children of a process, their children, and so on, as they are now."""
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
    """Without a PID namespace: end what ended learners left behind, which became this process's children.

    A learner's descendants are known by a hard limit lower than ours, which none of them can raise again.
    """
    while strays := [child for child in descendants(os.getpid()) if child not in alive and is_marked(child)]:
        for stray in strays:
            with suppress(ProcessLookupError):
                os.kill(stray, signal.SIGKILL)
        for stray in strays:
            with suppress(ChildProcessError):  # a grandchild becomes ours when its parent has gone
                os.waitpid(stray, 0)


def is_marked(pid: int) -> bool:
    """Return whether a process is a learner's or comes from one."""
    return hard_realtime(pid) != hard_realtime(os.getpid())


def hard_realtime(pid: int) -> bytes:
    """Return the hard limit that marks a learner's processes; empty when the process has gone."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/limits").read_bytes().splitlines():
            if line.startswith(b"Max realtime timeout"):
                return line.split()[4]
    return b""
