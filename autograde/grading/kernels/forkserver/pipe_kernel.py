"""ipykernel's own kernel, driven over a socket instead of ZeroMQ: what a fork of the template becomes.

The shell, its transformers, magics, display hooks, comms and the running event loop are those of
``ipykernel.ipkernel.IPythonKernel``. Only the transport differs: one JSON object a line, in both directions, so a cell
costs no encrypted five-socket round trip and the kernel needs neither threads nor ports.

In: ``{"code": …, "msg_id": …, "ready": …, "watch": …}`` with ``ready`` where the grader has compiled the cell
(:mod:`autograde.grading.kernels.prepared`), ``watch`` where the tests run in here too, :data:`SETTLE` for a cell of the course's own, ``{"comm_msg": content}`` as a front end's widgets send it, or ``{"files": true}`` for
what the cells wrote into their folder. Out: the kernel's messages
``{"msg_type": …, "content": …, "metadata": …, "parent_header": {"msg_id": …}}`` in order, then its ``execute_reply``.
"""

import asyncio
import base64
import builtins
import contextlib
import json
import logging
import os
import select
import signal
import socket
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp
from jupyter_client.session import Session
from jupyter_client.session import json_packer as pack
from tornado.ioloop import IOLoop
from traitlets import Any as AnyTrait
from traitlets import Instance, Type
from traitlets.config import Config
from traitlets.log import get_logger

from autograde.grading.kernels.forkserver.pipe_stream import PipeStream, named_as
from autograde.grading.kernels.forkserver.shell import QuickCompiler, QuickShell
from autograde.grading.kernels.made_files import look, tell
from autograde.grading.kernels.messages import readable
from autograde.grading.kernels.tampering import SETTLE, Watch

CHUNK = 1 << 16
MOST_LINES, LONGEST = 1000, 10_000  # of a traceback in a reply, characters of its texts
PAUSE = 0.05  # seconds between two flushes
SOON = 20  # milliseconds
REQUEST = {"silent": False, "store_history": True, "user_expressions": {}, "allow_stdin": False, "stop_on_error": False}
REPLY = ("status", "execution_count", "ename", "evalue", "traceback")  # what nbclient and nbgrader look at
# what IPython's shell and kernel set in the environment
VARIABLES = ("CLICOLOR", "CLICOLOR_FORCE", "FORCE_COLOR", "GIT_PAGER", "IPYTHONDIR", "PAGER", "TERM")
# as nbclient starts kernels: In, Out and %history work, no file is written and no thread started
SETTINGS = Config({"HistoryManager": {"hist_file": ":memory:"}})


class PipeSession(Session):
    """Gives every message to a function instead of a ZeroMQ socket."""

    put: Callable[[dict[str, Any], str], None]

    def send(self, stream: Any, msg_or_type: Any, content: Any = None, parent: Any = None, ident: Any = None,
             buffers: Any = None, track: bool = False, header: Any = None, metadata: Any = None) -> dict[str, Any] | None:  # fmt: skip
        """As ``Session.send``, without signing, identities and tracking."""
        message = (
            msg_or_type
            if isinstance(msg_or_type, dict)
            else self.msg(msg_or_type, content=content, parent=parent, header=header, metadata=metadata)
        )
        if os.getpid() != self.pid:
            get_logger().warning("WARNING: attempted to send message from fork\n%s", message)
            return None
        out = {name: message[name] for name in ("msg_type", "content", "metadata")}
        buffers = buffers or message.get("buffers")
        if buffers:
            out["buffers"] = [base64.b64encode(buffer).decode() for buffer in buffers]
        self.put(out, message["parent_header"].get("msg_id", ""))
        return message


@named_as(IPythonKernel)
class PipeKernel(IPythonKernel):
    """The kernel itself; see the module."""

    session = Instance(PipeSession)
    shell_class = Type(QuickShell)
    compiler_class = Type(QuickCompiler)
    watch = AnyTrait(None)  # a Watch, where the tests run in here too
    iopub_socket = AnyTrait()  # only ever handed to PipeSession.send, which ignores it
    _supports_kernel_subshells = False


class Line:
    """The socket to whoever drives the kernel."""

    def __init__(self) -> None:
        self.control: socket.socket | None = None  # until there is one: the kernel may be older
        self.streams: tuple[PipeStream, ...] = ()
        self._lock = threading.Lock()
        self._flushed = 0.0

    def put(self, message: dict[str, Any], parent: str = "") -> None:
        """Send one message, as belonging to a request.

        Raises:
            TypeError, ValueError: jupyter_client cannot make JSON of it either.
        """
        if message["msg_type"] != "stream":
            self.drain()
        message["parent_header"] = {"msg_id": parent}
        try:
            data = pack(message)
        except UnicodeEncodeError:
            data = pack(readable(message))
        assert self.control is not None
        with self._lock:
            self.control.sendall(data + b"\n")

    def drain(self) -> None:
        """Send what was printed."""
        for stream in self.streams:
            stream.drain()

    def flush(self) -> None:
        """Send what was printed, unless that was done just now: nobody watches, and a loop may flush each line."""
        if time.monotonic() - self._flushed > PAUSE:
            self.drain()
            self._flushed = time.monotonic()


class Ready:
    """A kernel made before the fork that it will serve: half of a kernel's start is the same for all.

    It has run nothing, started no thread and left no file. A fork that becomes no kernel calls :meth:`forget`.
    """

    def __init__(self) -> None:
        self._before = dict(vars(builtins)), sys.modules["__main__"], sys.displayhook, sys.excepthook
        # those alone: a copy of all would be in the memory of every fork, the grader's secrets with it
        self._variables = {name: os.environ.get(name) for name in VARIABLES}
        self.line = Line()
        session = PipeSession(username="kernel")
        session.put = self.line.put
        log = logging.getLogger(__name__)
        with tempfile.TemporaryDirectory() as folder:  # IPython wants one at once; the fork gets its own
            os.environ["IPYTHONDIR"] = folder
            self.app = app = IPKernelApp.instance(config=SETTINGS)
            app.kernel = self.kernel = PipeKernel.instance(parent=app, session=session, iopub_socket=object(), log=log)
            app.patch_io()
            app.init_shell()
            app.init_extensions()
        self._restore_environment()

    def settle(self, control: socket.socket, streams: tuple[PipeStream, PipeStream]) -> None:
        """Take over here what depends on the process: its socket, streams, folder and environment."""
        self.line.control, self.line.streams = control, streams
        sys.stdout, sys.stderr = streams
        kernel, shell = self.kernel, self.kernel.shell
        assert shell is not None
        kernel.session.pid = os.getpid()
        kernel._stdout, kernel._stderr = streams  # type: ignore[assignment]
        kernel.io_loop = IOLoop.current()
        kernel.shell_channel_thread = SimpleNamespace(parent_thread=threading.current_thread())
        shell.save_sys_module_state()
        shell.init_environment()
        shell.init_ipython_dir(None)
        shell.init_profile_dir(None)
        shell.starting_dir = os.getcwd()
        shell.history_manager.dir_hist[:] = [Path.cwd()]

    def forget(self) -> None:
        """Leave no trace of the kernel, as far as other code looks for one."""
        names, main, sys.displayhook, sys.excepthook = self._before
        sys.modules["__main__"] = main
        for name in vars(builtins).keys() - names.keys():
            delattr(builtins, name)
        self._restore_environment()
        for one in (QuickShell, PipeKernel, IPKernelApp):
            one.clear_instance()

    def _restore_environment(self) -> None:
        for name, value in self._variables.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


ready: Ready | None = None  # made by the template


def run(control: socket.socket, wire: socket.socket | None = None) -> None:
    """Be a kernel until the other side closes `control`.

    Args:
        control: connected stream socket.
        wire: the learner's end of an examination's wire, served between cells.
    """
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    made = ready or Ready()
    made.settle(control, (PipeStream("stdout", 1, made.line), PipeStream("stderr", 2, made.line)))
    served = _Served(made, control, wire, loop)
    served.listen()
    while served.fault is None:  # `quit()` and whatever else stops the loop ends no kernel that has cells to run
        with contextlib.suppress(SystemExit, KeyboardInterrupt):
            loop.run_forever()
    raise served.fault


class _Served:
    """A kernel and whoever asks it: one request after the other, the event loop running between them.

    Attributes:
        fault: what went wrong outside of the cells.
    """

    def __init__(
        self, made: Ready, control: socket.socket, wire: socket.socket | None, loop: asyncio.AbstractEventLoop
    ) -> None:
        self.kernel, self.line = made.kernel, made.line
        self.fault: BaseException | None = None
        self._control, self._loop = control, loop
        self._pending = b""
        self._folder = Path.cwd()
        self._before = look(self._folder)
        if wire:
            loop.add_reader(wire, _answer, wire, self.kernel, self.line)

    def listen(self) -> None:
        """Wait for what is asked next."""
        self._loop.add_reader(self._control, self._read)

    def _read(self) -> None:
        data = self._control.recv(CHUNK)
        if not data:
            os._exit(0)
        *requests, self._pending = (self._pending + data).split(b"\n") if b"\n" in data else (self._pending + data,)
        if requests:
            self._loop.remove_reader(self._control)
            self._task = self._loop.create_task(self._serve(requests))
            self._task.add_done_callback(self._served)  # not at the task's end: the learner's code may cancel all tasks

    async def _serve(self, requests: list[bytes]) -> None:
        for request in requests:
            message = json.loads(request)
            if "files" in message:
                tell(self._folder, self._before, self.line.put)
            elif "comm_msg" in message:
                self.kernel.set_parent([], {})
                told = {"content": message["comm_msg"], "buffers": []}
                self.kernel.comm_manager.comm_msg(None, "", told)  # type: ignore[arg-type]  # of no stream
            else:
                await _execute(self.kernel, self.line, message)

    def _served(self, task: "asyncio.Task[None]") -> None:
        self.fault = None if task.cancelled() else task.exception()
        if self.fault:
            self._loop.stop()
        else:
            self.listen()


def _answer(wire: socket.socket, kernel: PipeKernel, line: Line) -> None:
    """Do what the examiner asks, and what it asks next if that comes soon; what is printed meanwhile belongs to no cell."""
    from autograde.grading.examiner.learner_side import serve
    from autograde.grading.wire.frames import WireFailure

    line.drain()
    kernel.set_parent([], {})
    assert kernel.shell is not None and line.control is not None
    poll = select.poll()
    for one in (wire, line.control):
        poll.register(one, select.POLLIN)
    asked = True
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        while asked:
            try:
                serve(wire, kernel.shell.user_ns)
            except WireFailure:  # the examiner has gone; cells still run
                asyncio.get_running_loop().remove_reader(wire)
                asked = False
            line.drain()
            # the event loop gets its turn where nothing comes, and where a cell does
            asked = asked and poll.poll(SOON) == [(wire.fileno(), select.POLLIN)]
    except KeyboardInterrupt:  # came when the call had just ended
        pass
    finally:
        with contextlib.suppress(ValueError):  # no longer in the main thread's hands
            signal.signal(signal.SIGINT, signal.SIG_IGN)


async def _execute(kernel: PipeKernel, line: Line, request: dict[str, Any]) -> None:
    code, process = request["code"], os.getpid()
    parent = kernel.session.msg("execute_request", {**REQUEST, "code": code})
    parent["header"]["msg_id"] = parent["msg_id"] = request.get("msg_id", "")
    kernel.set_parent([], parent)
    for own in line.streams:  # the shell tells sys.stdout, which a cell may have replaced for a while
        own.set_parent(parent)
    if "watch" in request and kernel.watch is None:  # so before any cell has run
        kernel.watch = Watch(kernel.shell)
    assert isinstance(kernel.shell, QuickShell)
    kernel.shell.prepare(code, request.get("ready"))
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        reply = await kernel.do_execute(code, silent=False, store_history=True, allow_stdin=False)
    except BaseException as error:  # an exception whose str raises, for one
        said = traceback.format_exception_only(error)
        reply = {"status": "error", "ename": type(error).__name__, "evalue": said[-1].strip(), "traceback": said}
    finally:
        with contextlib.suppress(ValueError):  # no longer in the main thread's hands
            signal.signal(signal.SIGINT, signal.SIG_IGN)
    if os.getpid() != process:  # a fork that the cell has left behind
        os._exit(0)
    for stream in {sys.stdout, sys.stderr}.difference(line.streams):  # the learner's own
        with contextlib.suppress(Exception):
            stream.flush()
    line.drain()
    metadata = {}
    if kernel.watch:
        if request.get("watch") == SETTLE:
            kernel.watch.settle()
        else:
            metadata["tampering"] = kernel.watch.changes()
    content = {name: _short(reply[name]) for name in REPLY if name in reply}
    line.put({"msg_type": "execute_reply", "content": content, "metadata": metadata}, parent["msg_id"])


def _short(value: Any) -> Any:
    """Text of a reply that is always read; the whole of it is in the message before."""
    if isinstance(value, list):
        return [_short(one) for one in value[-MOST_LINES:]]
    return value[:LONGEST] if isinstance(value, str) else value
