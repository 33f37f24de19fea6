"""The template process: imports what notebooks import, once, and becomes a kernel by forking.

A program of its own, started by :class:`autograde.grading.kernels.templates.Template`. It runs no learner's code, starts no
TensorFlow runtime and holds no secret: only modules, and a kernel that has run nothing. One thread listens on a Unix socket in a folder of mode 0700; each
connection asks for one fork and stays open as the fork's lifeline: whoever asked closes it, or dies, and the fork ends.
When the fork has ended, the same connection may ask for the next one, of the supervisor that is there already.

A request is one JSON object with up to two descriptors attached: ``{"kind": …, "cwd": …, "environment": {…}, …}``.
Kinds are the keys of :data:`autograde.grading.kernels.forkserver.kinds.KINDS`.
"""

import contextlib
import gc
import importlib
import json
import os
import select
import shutil
import signal
import socket
import sys
from pathlib import Path
from typing import Any

from ipykernel.kernelapp import IPKernelApp

from autograde.grading.kernels.forkserver import pipe_kernel
from autograde.grading.kernels.forkserver.supervisor import receive, supervise
from autograde.grading.sandbox import foresee

# What a kernel would otherwise import after each fork, found by comparing sys.modules before and after a run.
KERNEL_MODULES = (
    "autograde.grading.examiner.learner_side", "autograde.grading.examiner.run", "ipykernel.debugger", "ipykernel.zmqshell",
    "IPython.core.application", "IPython.core.completerlib", "IPython.core.crashhandler", "IPython.core.logger",
    "IPython.core.oinspect", "IPython.utils.wildcard", "IPython.core.magics", "IPython.core.pylabtools",
    "IPython.lib.pretty", "tornado.platform.asyncio", "bdb", "resource", "sqlite3", "sqlite3.dbapi2", "html", "executing", "stack_data", "pygments",
    "pygments.formatters.terminal256", "pygments.lexers.python", "IPython.utils.PyColorize", "IPython.core.ultratb",
)  # fmt: skip


def main() -> None:
    """Import the modules named in the first line of standard input, naming each before, say which failed, then serve until
    it ends.

    Its folder, the only argument, goes with it: whoever started it may have been killed.
    """
    folder, process = sys.argv[1], os.getpid()
    try:
        line = sys.stdin.readline()
        if line:
            be_template(json.loads(line))
    finally:
        if os.getpid() == process:  # a fork that fails is not the template
            shutil.rmtree(folder, ignore_errors=True)


def be_template(order: dict[str, Any]) -> None:
    """Import what `order` names and serve."""
    os.environ.update(order["environment"])
    answer = os.fdopen(os.dup(1), "w")
    silence = os.open(os.devnull, os.O_RDWR)
    for descriptor in (1, 2):
        os.dup2(silence, descriptor)
    IPKernelApp().init_pdb()  # as in an ipykernel, before anything is imported that derives from pdb's classes, as doctest
    failed = {}
    for name in (*KERNEL_MODULES, *order["modules"]):
        print(json.dumps({"importing": name}), file=answer, flush=True)
        if problem := preload(name):
            failed[name] = problem
    pipe_kernel.ready = pipe_kernel.Ready()  # a kernel that waits for its fork
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(order["address"])
    listener.listen(128)
    if sys.platform == "linux":
        foresee([])  # found out once here, known in every fork
    print(json.dumps({"failed": failed}), file=answer, flush=True)
    answer.close()
    gc.collect()
    gc.freeze()  # what is here now is never collected, so a fork does not copy its pages
    serve(listener, order["environment"])


def preload(name: str) -> str | None:
    """Import a module; return why it could not be imported."""
    try:
        importlib.import_module(name)
    except (Exception, SystemExit) as error:  # whatever it is, a notebook that imports it will say so itself
        return f"{type(error).__name__}: {error}"
    return None


def serve(listener: socket.socket, environment: dict[str, str]) -> None:
    """Fork for each connection until standard input ends; each fork gets `environment`."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for whoever started us
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel reaps the supervisors
    poll = select.poll()
    poll.register(listener, select.POLLIN)
    poll.register(0, select.POLLIN)
    while True:
        for descriptor, _ in poll.poll():
            if descriptor == 0:
                if not os.read(0, 1):
                    return
                continue
            connection, _ = listener.accept()
            with connection:
                request, descriptors = receive(connection)
                confine = request.get("confine") if request else None
                if confine and sys.platform == "linux":
                    with contextlib.suppress(OSError):  # the fork says so
                        foresee([Path(path) for path in confine["readable"]], confine.get("loopback", False))
                if request is not None and os.fork() == 0:
                    listener.close()
                    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                    supervise(request, connection, descriptors, environment)
                for extra in descriptors:
                    os.close(extra)


if __name__ == "__main__":
    # a notebook's own folder comes first on its path; the template has none
    sys.path[:] = [entry for entry in sys.path if entry and Path(entry) != Path.cwd()]
    main()
