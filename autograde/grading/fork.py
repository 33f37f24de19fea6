"""What a fork of the template does: a supervisor, and below it the process that the request asks for.

The supervisor is trusted and runs no learner's code. It starts the process, passes interrupts on, and when that process
ends, or whoever asked goes away, it leaves nothing behind: children that put themselves into a session of their own
(``setsid``) come back to it, as their subreaper, and end too.
"""

import contextlib
import ctypes
import json
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Callable
from typing import Any, NoReturn

PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36
REAP_SECONDS = 5.0


def supervise(request: dict[str, Any], lifeline: socket.socket, descriptors: list[int]) -> NoReturn:
    """Run one process for `request` and tell over `lifeline` how it ended.

    Over the lifeline come single bytes, ``i`` for an interrupt and ``k`` for an end at once; its own end means the same.
    Goes out ``{"pid": …}`` first, and ``{"status": …, "cpu_seconds": …, "max_rss": …}`` last.
    """
    status = 1
    try:
        os.setsid()
        _prctl(PR_SET_CHILD_SUBREAPER, 1)
        pid = os.fork()
        if pid == 0:
            lifeline.close()
            _become(request, descriptors)
        for descriptor in descriptors:
            os.close(descriptor)
        lifeline.sendall(json.dumps({"pid": pid}).encode() + b"\n")
        code, usage = _watch(pid, lifeline)
        end_all_children()
        record = {"status": code, "cpu_seconds": usage.ru_utime + usage.ru_stime, "max_rss": usage.ru_maxrss}
        with contextlib.suppress(OSError):  # nobody is left to hear it
            lifeline.sendall(json.dumps(record).encode() + b"\n")
        status = 0
    finally:
        os._exit(status)


def _watch(pid: int, lifeline: socket.socket) -> tuple[int, Any]:
    """Wait for the process, minding the lifeline; return its exit code (negative: a signal) and its resource use."""
    ended = os.pidfd_open(pid)
    poll = select.poll()
    poll.register(ended, select.POLLIN)
    poll.register(lifeline, select.POLLIN)
    while True:
        ready = {descriptor for descriptor, _ in poll.poll()}
        if lifeline.fileno() in ready:
            try:
                word = lifeline.recv(1)
            except OSError:
                word = b""
            if word == b"i":
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGINT)
            else:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
                poll.unregister(lifeline)
        if ended in ready:
            _, status, usage = os.wait4(pid, 0)
            os.close(ended)
            return os.waitstatus_to_exitcode(status), usage


def end_all_children() -> None:
    """Kill and reap every process below this one, again until none is left."""
    until = time.monotonic() + REAP_SECONDS
    while time.monotonic() < until:
        try:
            with open(f"/proc/self/task/{os.getpid()}/children") as file:
                children = [int(word) for word in file.read().split()]
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
        _prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        os.setsid()
        os.environ.update(request.get("environment", {}))
        os.chdir(request["cwd"])
        sys.path.insert(0, "")
        sys.argv = ["kernel"]
        _fresh_randomness()
        KINDS[request["kind"]](request, descriptors)
    except BaseException:
        if request.get("errors"):
            import traceback

            with open(request["errors"], "a") as file:
                traceback.print_exc(file=file)
        os._exit(1)
    os._exit(0)


def _fresh_randomness() -> None:
    """Python's own generator reseeds itself after a fork; NumPy's global one does not."""
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        numpy.random.seed()


def _kernel(request: dict[str, Any], descriptors: list[int]) -> None:
    from autograde.grading.pipe_kernel import run

    run(socket.socket(fileno=descriptors[0]))


def _jupyter(request: dict[str, Any], descriptors: list[int]) -> None:
    """A kernel as ``python -m ipykernel_launcher -f FILE`` starts it, for clients that speak Jupyter's protocol."""
    from ipykernel.kernelapp import IPKernelApp

    IPKernelApp.launch_instance(argv=request["arguments"])


def _bare(request: dict[str, Any], descriptors: list[int]) -> None:
    """The cells and nothing else: the floor that a benchmark compares with."""
    control = socket.socket(fileno=descriptors[0])
    namespace: dict[str, Any] = {"__name__": "__main__"}
    silence = os.open(os.devnull, os.O_RDWR)
    for descriptor in (1, 2):
        os.dup2(silence, descriptor)
    for number, source in enumerate(request["cells"]):
        with contextlib.suppress(Exception):
            exec(compile(source, f"<cell {number}>", "exec"), namespace)
    control.sendall(b"done\n")


KINDS: dict[str, Callable[[dict[str, Any], list[int]], None]] = {"kernel": _kernel, "jupyter": _jupyter, "bare": _bare}


def _prctl(option: int, value: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)
