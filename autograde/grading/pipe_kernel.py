"""ipykernel's own kernel, driven over a socket instead of ZeroMQ: what a fork of the template becomes.

The shell, its transformers, magics, display hooks, comms and the running event loop are those of
``ipykernel.ipkernel.IPythonKernel``. Only the transport differs: one JSON object a line, in both directions, so a cell
costs no encrypted five-socket round trip and the kernel needs neither threads nor ports.

In: ``{"code": …, "msg_id": …, "ready": …, "watch": …}`` with ``ready`` where the grader has compiled the cell
(:mod:`autograde.grading.prepared`), ``watch`` where the tests run in here too, :data:`SETTLE` for a cell of the course's own, ``{"comm_msg": content}`` as a front end's widgets send it, or ``{"files": true}`` for
what the cells wrote into their folder. Out: the kernel's messages
``{"msg_type": …, "content": …, "metadata": …, "parent_header": {"msg_id": …}}`` in order, then its ``execute_reply``.
"""

import asyncio
import base64
import builtins
import contextlib
import io
import json
import logging
import os
import select
import signal
import socket
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from ipykernel.ipkernel import IPythonKernel
from ipykernel.jsonutil import json_clean
from jupyter_client.session import Session
from jupyter_client.session import json_packer as pack
from tornado.ioloop import IOLoop
from traitlets import Any as AnyTrait
from traitlets import Instance, Type
from traitlets.config import Config

from autograde.grading.made_files import look, tell
from autograde.grading.quick_input import QuickCompiler, QuickShell
from autograde.grading.tampering import SETTLE, Watch

FLUSH_AT = 64 * 1024  # characters of printed text held back at most
CHUNK = 1 << 16
SOON = 20  # milliseconds
# what IPython's shell and kernel set in the environment
VARIABLES = ("CLICOLOR", "CLICOLOR_FORCE", "FORCE_COLOR", "GIT_PAGER", "IPYTHONDIR", "PAGER", "TERM")
# In, Out and %history work; nothing is written to a database, and no thread is started for it
SETTINGS = Config({"HistoryManager": {"enabled": False}})

Send = Callable[[dict[str, Any]], None]


class PipeSession(Session):
    """Gives every message to a function instead of a ZeroMQ socket."""

    put: Send

    def send(self, stream: Any, msg_or_type: Any, content: Any = None, parent: Any = None, ident: Any = None,  # type: ignore[override]
             buffers: Any = None, track: bool = False, header: Any = None, metadata: Any = None) -> dict[str, Any]:  # fmt: skip
        """As ``Session.send``, without signing, identities and tracking."""
        message = (
            msg_or_type
            if isinstance(msg_or_type, dict)
            else self.msg(msg_or_type, content=content, parent=parent, header=header, metadata=metadata)
        )
        out = {name: message[name] for name in ("msg_type", "content", "metadata")}
        if buffers:
            out["buffers"] = [base64.b64encode(buffer).decode() for buffer in buffers]
        self.put(out)
        return message


class PipeStream(io.TextIOBase):
    """``sys.stdout`` or ``sys.stderr`` of a kernel: printed text becomes ``stream`` messages."""

    encoding = "UTF-8"
    errors = "strict"

    def __init__(self, name: str, put: Send) -> None:
        self.name = name
        self._put = put
        self._held: list[str] = []
        self._size = 0
        self._lock = threading.RLock()

    def writable(self) -> bool:
        """Text may be written."""
        return True

    def write(self, text: str) -> int:
        """Hold `text` back until a flush, a display or the end of the cell."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text)}")
        with self._lock:
            self._held.append(text)
            self._size += len(text)
            if self._size > FLUSH_AT:
                self.flush()
        return len(text)

    def flush(self) -> None:
        """Send what was printed."""
        with self._lock:
            text = "".join(self._held)
            self._held.clear()
            self._size = 0
            if text:
                self._put({"msg_type": "stream", "content": {"name": self.name, "text": text}, "metadata": {}})

    def isatty(self) -> bool:
        """A notebook is no terminal."""
        return False

    def set_parent(self, parent: Any) -> None:
        """Nothing to do: cells run one after the other."""


class PipeKernel(IPythonKernel):
    """The kernel itself; see the module."""

    session = Instance(PipeSession)
    shell_class = Type(QuickShell)
    compiler_class = Type(QuickCompiler)
    watch = AnyTrait(None)  # a Watch, where the tests run in here too
    iopub_socket = AnyTrait()  # only ever handed to PipeSession.send, which ignores it

    def raw_input(self, prompt: str = "") -> str:
        """As in every kernel that runs without a person before it."""
        from IPython.core.error import StdinNotImplementedError

        raise StdinNotImplementedError("raw_input was called, but this frontend does not support input requests.")

    getpass = raw_input  # type: ignore[assignment]


class Descriptors:
    """What programs and C libraries write to descriptors 1 and 2 directly, kept in files until the cell ends."""

    def __init__(self, put: Send) -> None:
        self._put = put
        self._files: list[tuple[str, int, int]] = []
        for name, descriptor in (("stdout", 1), ("stderr", 2)):
            with tempfile.TemporaryFile() as opened:
                file = os.dup(opened.fileno())
            os.set_inheritable(file, False)
            os.dup2(file, descriptor)
            self._files.append((name, file, 0))

    def flush(self) -> None:
        """Send what has come since the last call."""
        for index, (name, file, seen) in enumerate(self._files):
            try:
                size = os.fstat(file).st_size
                text = os.pread(file, size - seen, seen) if size > seen else b""
            except OSError:  # closed by the learner's code: nothing more will come
                continue
            if text:
                self._files[index] = (name, file, size)
                content = {"name": name, "text": text.decode(errors="replace")}
                self._put({"msg_type": "stream", "content": content, "metadata": {}})


class Line:
    """The socket to whoever drives the kernel."""

    def __init__(self) -> None:
        self.control: socket.socket | None = None  # until there is one: the kernel may be older
        self._lock = threading.Lock()
        self.parent = ""

    def put(self, message: dict[str, Any]) -> None:
        """Send one message, as belonging to the cell that runs."""
        message["parent_header"] = {"msg_id": self.parent}
        try:
            data = pack(message)
        except (TypeError, ValueError):
            data = pack(json_clean(message))
        assert self.control is not None
        with self._lock:
            self.control.sendall(data.replace(b"\n", b" ") + b"\n")


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
            self.kernel = PipeKernel(session=session, iopub_socket=object(), log=log, config=SETTINGS)
        self._restore_environment()

    def settle(self, control: socket.socket) -> None:
        """Take over here what depends on the process: its socket, streams, folder and environment."""
        self.line.control = control
        kernel, shell = self.kernel, self.kernel.shell
        assert shell is not None
        kernel._stdout, kernel._stderr = sys.stdout, sys.stderr
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
        QuickShell.clear_instance()
        PipeKernel.clear_instance()

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
    asyncio.run(_serve(control, wire))


async def _serve(control: socket.socket, wire: socket.socket | None) -> None:
    made = ready or Ready()
    line, kernel = made.line, made.kernel
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    streams = PipeStream("stdout", line.put), PipeStream("stderr", line.put)
    sys.stdout, sys.stderr = streams  # type: ignore[assignment]
    below = Descriptors(line.put)
    made.settle(control)
    folder = Path.cwd()
    before = look(folder)
    loop = asyncio.get_running_loop()
    if wire:
        loop.add_reader(wire, _answer, wire, kernel, line)
    control.setblocking(False)
    pending = b""
    while True:
        data = await loop.sock_recv(control, CHUNK)
        if not data:
            os._exit(0)
        pending += data
        while b"\n" in pending:
            request, pending = pending.split(b"\n", 1)
            control.setblocking(True)
            message = json.loads(request)
            if "files" in message:
                tell(folder, before, line.put)
            elif "comm_msg" in message:
                kernel.comm_manager.comm_msg(None, "", {"content": message["comm_msg"], "buffers": []})  # type: ignore[arg-type]  # of no stream
            else:
                await _execute(kernel, line, streams, below, message)
            control.setblocking(False)


def _answer(wire: socket.socket, kernel: PipeKernel, line: Line) -> None:
    """Do what the examiner asks, and what it asks next if that comes soon; what is printed meanwhile belongs to no cell."""
    from autograde.grading.remote_learner import serve
    from autograde.grading.wire import WireFailure

    line.parent = ""
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
            for stream in (sys.stdout, sys.stderr):
                stream.flush()
            # the event loop gets its turn where nothing comes, and where a cell does
            asked = asked and poll.poll(SOON) == [(wire.fileno(), select.POLLIN)]
    except KeyboardInterrupt:  # came when the call had just ended
        pass
    finally:
        with contextlib.suppress(ValueError):  # no longer in the main thread's hands
            signal.signal(signal.SIGINT, signal.SIG_IGN)


async def _execute(
    kernel: PipeKernel, line: Line, streams: tuple[PipeStream, PipeStream], below: Descriptors, request: dict[str, Any]
) -> None:
    parent = kernel.session.msg("execute_request", {"code": request["code"]})
    line.parent = parent["header"]["msg_id"] = parent["msg_id"] = request.get("msg_id", "")
    kernel.set_parent([], parent)
    if "watch" in request and kernel.watch is None:  # so before any cell has run
        kernel.watch = Watch(kernel.shell)
    assert isinstance(kernel.shell, QuickShell)
    kernel.shell.prepare(request["code"], request.get("ready"))
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        reply = await kernel.do_execute(request["code"], silent=False, store_history=True, allow_stdin=False)
    except (KeyboardInterrupt, asyncio.CancelledError) as error:
        reply = {"status": "error", "ename": type(error).__name__, "evalue": "", "traceback": []}
    finally:
        with contextlib.suppress(ValueError):  # no longer in the main thread's hands
            signal.signal(signal.SIGINT, signal.SIG_IGN)
    for stream in (sys.stdout, sys.stderr, *streams):
        stream.flush()
    below.flush()
    metadata = {}
    if kernel.watch:
        if request.get("watch") == SETTLE:
            kernel.watch.settle()
        else:
            metadata["tampering"] = kernel.watch.changes()
    line.put({"msg_type": "execute_reply", "content": json_clean(reply), "metadata": metadata})
