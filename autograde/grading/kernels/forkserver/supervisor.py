"""What a fork of the template does: a supervisor, and below it the process that the request asks for.

The supervisor is trusted and runs no learner's code. It starts the process, confined where the request says so, passes
interrupts on, and when that process ends, or whoever asked goes away, it leaves nothing behind: children that put
themselves into a session of their own (``setsid``) come back to it, as their subreaper, and end too. Then it waits for
the next request, of which it knows as little of the one before as a new supervisor would: a copy of a process as large
as the template costs more than all that it does.
"""

import array
import contextlib
import json
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn

import ipykernel_launcher

from autograde.errors import CourseError
from autograde.grading.kernels.forkserver import pipe_kernel
from autograde.grading.kernels.forkserver.kinds import KINDS
from autograde.grading.sandbox import Confined, Limits, fork_confined
from autograde.grading.sandbox.limits import bound_memory
from autograde.grading.sandbox.linux.calls import libc

# as nbclient starts an ipykernel
ARGUMENTS = ("-f", "kernel.json", "--HistoryManager.hist_file=:memory:")
PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36
REAP_SECONDS = 5.0
LOOK_SECONDS = 0.1  # between two looks at the memory and disk of a confined process
MAX_REQUEST = 1 << 16
LATE = b"ik"  # what is said to a process that has just ended by itself


def supervise(
    request: dict[str, Any], lifeline: socket.socket, descriptors: list[int], environment: Mapping[str, str]
) -> NoReturn:
    """Run a process for `request` and tell over `lifeline` how it ended; then one for the next request from there.

    Each gets `environment`, and what its request adds.

    Over the lifeline come single bytes, ``i`` for an interrupt and ``k`` for an end at once; its own end means the same.
    Goes out ``{"pid": …, "layers": …}`` or ``{"error": …}`` first, and last ``{"status": …, "cpu_seconds": …, "max_rss": …,
    "exceeded": …}``, after which another request may come.
    """
    status, spent = 1, 0.0
    try:
        os.setsid()
        _prctl(PR_SET_CHILD_SUBREAPER, 1)
        while True:
            request["environment"] = {**environment, **request["environment"]}
            try:
                process = _start(request, lifeline, descriptors)
            except (CourseError, ValueError, OSError) as error:
                lifeline.sendall(json.dumps({"error": str(error)}).encode() + b"\n")
                os._exit(1)
            for descriptor in descriptors:
                os.close(descriptor)
            lifeline.sendall(json.dumps({"pid": process.pid, "layers": process.layers}).encode() + b"\n")
            code = _watch(process, lifeline)
            end_all_children()
            before, spent = spent, _spent()
            record = {
                "status": code,
                "cpu_seconds": spent - before,
                "max_rss": process.max_rss,
                "exceeded": process.exceeded,
            }
            with contextlib.suppress(OSError):  # nobody is left to hear it
                lifeline.sendall(json.dumps(record).encode() + b"\n")
            following, descriptors = receive(lifeline)
            if following is None:
                status = 0
                break
            request = following
    finally:
        os._exit(status)


def receive(connection: socket.socket) -> tuple[dict[str, Any] | None, list[int]]:
    """Return a request and its descriptors; None where the other side has gone away."""
    descriptors = array.array("i")
    with contextlib.suppress(OSError, ValueError):
        while True:
            data, extra, _, _ = connection.recvmsg(MAX_REQUEST, socket.CMSG_SPACE(4 * descriptors.itemsize))
            for level, kind, content in extra:
                if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
                    descriptors.frombytes(content[: len(content) - len(content) % descriptors.itemsize])
            words = data.lstrip(LATE)
            if words or not data:
                return json.loads(words), list(descriptors)
    return None, list(descriptors)


def _start(request: dict[str, Any], lifeline: socket.socket, descriptors: list[int]) -> "Confined | _Plain":
    """Fork; does not return in the new process."""
    confine = request.get("confine")
    if confine is not None:
        confined = fork_confined(
            Limits(**confine["limits"]),
            Path(request["cwd"]),
            [Path(path) for path in confine["readable"]],
            descriptors,
            frozenset(confine["require"]),
            loopback=confine.get("loopback", False),
        )
        if confined.pid == 0:
            _become(request, descriptors)
        return confined
    pid = os.fork()
    if pid == 0:
        lifeline.close()
        _prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        os.setsid()
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)  # the template's is how it hears that nobody needs it
        os.chdir(request["cwd"])
        if request.get("memory"):
            bound_memory(request["memory"])
        _become(request, descriptors)
    return _Plain(pid)


class _Plain:
    """A process that is not confined, as :class:`Confined` shows one that is."""

    exceeded: str | None = None

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.layers: dict[str, str] = {}
        self.max_rss = 0
        self.pidfd = os.pidfd_open(pid)
        self.exit_code: int | None = None

    def wait(self, timeout: float | None = None) -> int | None:
        """Return the exit code, None where it has not ended within `timeout` seconds."""
        if self.exit_code is None and (timeout is None or select.select([self.pidfd], [], [], timeout)[0]):
            _, status, used = os.wait4(self.pid, 0)
            self.exit_code, self.max_rss = os.waitstatus_to_exitcode(status), used.ru_maxrss
            os.close(self.pidfd)
        return self.exit_code

    def interrupt(self) -> None:
        """Send what Ctrl-C sends."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGINT)

    def kill(self) -> int:
        """End it; return the exit code."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        return self.wait() or 0

    def over(self) -> str | None:
        """No bound is set."""
        return None


def _watch(process: "Confined | _Plain", lifeline: socket.socket) -> int:
    """Wait for the process, minding the lifeline and its bounds; return its exit code (negative: a signal)."""
    poll = select.poll()
    poll.register(process.pidfd, select.POLLIN)
    poll.register(lifeline, select.POLLIN)
    step = LOOK_SECONDS * 1000 if isinstance(process, Confined) else None
    while True:
        ready = {descriptor for descriptor, _ in poll.poll(step)}
        if lifeline.fileno() in ready:
            try:
                word = lifeline.recv(1)
            except OSError:
                word = b""
            if word != b"i":
                return process.kill()
            process.interrupt()
        if process.pidfd in ready:
            code = process.wait()
            assert code is not None
            return code
        exceeded = process.over()
        if exceeded:
            process.exceeded = exceeded
            return process.kill()


def end_all_children() -> None:
    """Kill and reap every process below this one, again until none is left."""
    until = time.monotonic() + REAP_SECONDS
    while time.monotonic() < until:
        try:
            children = [int(word) for word in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()]
        except OSError:
            children = []
        for child in children:
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        try:
            while os.waitpid(-1, 0 if children else os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            return


def _become(request: dict[str, Any], descriptors: list[int]) -> NoReturn:
    """Be the process that was asked for; never returns."""
    try:
        os.environ.update(request.get("environment", {}))
        if pipe_kernel.ready:
            pipe_kernel.ready.app.init_path()  # the folder, after the standard library
        sys.argv = [ipykernel_launcher.__file__, *request.get("arguments", ARGUMENTS)]
        numpy = sys.modules.get("numpy")
        if numpy is not None:
            numpy.random.seed()  # Python's own generator reseeds itself after a fork, this one does not
        if pipe_kernel.ready and request["kind"] != "kernel":
            pipe_kernel.ready.forget()
        KINDS[request["kind"]](request, descriptors)
    except BaseException as error:  # before any cell ran, or a cell broke the kernel itself: say so and end
        told = {"msg_type": "crash", "content": {"text": f"{type(error).__name__}: {error}"[:500]}}
        with contextlib.suppress(OSError):
            os.write(descriptors[0], json.dumps(told).encode() + b"\n")
        os._exit(1)
    os._exit(0)


def _spent() -> float:
    """CPU seconds of this process and of those that it has waited for; to the microsecond, unlike ``os.times``."""
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return sum(one.ru_utime + one.ru_stime for one in used)


def _prctl(option: int, value: int) -> None:
    if sys.platform == "linux":
        libc().prctl(option, value, 0, 0, 0)
