"""``sys.stdout`` and ``sys.stderr`` of a kernel on a socket, as ipykernel's ``OutStream`` is one on ZeroMQ."""

import contextlib
import fcntl
import io
import os
import tempfile
import threading
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, Protocol, TypeVar

from ipykernel.iostream import OutStream
from jupyter_client.session import extract_header

HELD = 64 * 1024  # characters of printed text held back at most
LONGEST = 1 << 20  # characters of one message


class Speaker(Protocol):
    """The kernel's line, as its streams see it."""

    def put(self, message: dict[str, Any], parent: str) -> None:
        """Send a message that belongs to the request of this id."""

    def flush(self) -> None:
        """Send what both streams hold, unless that was done just now."""


T = TypeVar("T", bound=type)


def named_as(like: type) -> Callable[[T], T]:
    """Give a class the name of the one it stands in for: rich, plotly, tqdm, Keras and click look at names."""

    def name(cls: T) -> T:
        cls.__name__, cls.__qualname__, cls.__module__ = like.__name__, like.__qualname__, like.__module__
        return cls

    return name


@named_as(OutStream)
class PipeStream(io.TextIOBase):
    """What is printed, and what programs and C libraries write to the descriptor below, becomes ``stream`` messages.

    The descriptor leads to a file from now on, so that no thread has to read it; both kinds come out in the order in
    which they were written. In a process that the kernel forks, what is printed goes to that file too: only the kernel
    itself speaks on its line.

    Args:
        name: ``stdout`` or ``stderr``.
        descriptor: 1 or 2.
        line: takes its messages.
    """

    encoding = "UTF-8"
    errors = None

    def __init__(self, name: str, descriptor: int, line: Speaker) -> None:
        self.name = name
        self._line = line
        self._held: list[str] = []
        self._size = 0
        self._lock = threading.RLock()
        self._forked = False
        self._parent: ContextVar[dict[str, Any]] = ContextVar("parent_header")
        self._last_parent: dict[str, Any] = {}
        self._held_for = ""
        self._before = os.dup(descriptor)  # as with ipykernel, what is written to `fileno` goes past the notebook
        with tempfile.TemporaryFile() as file:
            self._below = os.dup(file.fileno())
        fcntl.fcntl(self._below, fcntl.F_SETFL, fcntl.fcntl(self._below, fcntl.F_GETFL) | os.O_APPEND)
        os.dup2(self._below, descriptor)
        os.register_at_fork(after_in_child=self._leave_to_parent)

    def fileno(self) -> int:
        """Where the stream led before there was a kernel."""
        return self._before

    def writable(self) -> bool:
        """Text may be written."""
        return True

    def isatty(self) -> bool:
        """A notebook is no terminal."""
        return False

    def write(self, text: str) -> int:
        """Hold `text` back until the cell ends, something is displayed, or there is much of it."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text)}")
        if self._forked:
            with contextlib.suppress(OSError):
                os.write(self._below, text.encode("utf-8", "replace"))
            return len(text)
        parent = self.parent_header.get("msg_id", "")
        with self._lock:
            if parent != self._held_for:
                self.drain()
                self._held_for = parent
            elif self._written_below():
                self._take_below()
            self._held.append(text)
            self._size += len(text)
            if self._size > HELD:
                self.drain()
        return len(text)

    def flush(self) -> None:
        """Send what was printed, unless something was sent just now."""
        if not self._forked:
            self._line.flush()

    def drain(self) -> None:
        """Send what was printed and written below."""
        if self._forked:
            return
        with self._lock:
            self._take_below()
            text = "".join(self._held)
            self._held.clear()
            self._size = 0
            for start in range(0, len(text), LONGEST):
                content = {"name": self.name, "text": text[start : start + LONGEST]}
                self._line.put({"msg_type": "stream", "content": content, "metadata": {}}, self._held_for)

    def _written_below(self) -> bool:
        try:
            return os.lseek(self._below, 0, os.SEEK_CUR) > 0
        except OSError:
            return False

    def _take_below(self) -> None:
        """Hold what programs have written: after what was printed before, which is held already."""
        try:
            size = os.fstat(self._below).st_size
            if not size:
                return
            data = os.pread(self._below, size, 0)
            # whoever opens /dev/stdout anew begins at its start; the position is what `_written_below` looks at
            os.ftruncate(self._below, 0)
            os.lseek(self._below, 0, os.SEEK_SET)
        except OSError:  # closed by the learner's code: nothing more will come
            return
        self._held.append(data.decode(errors="replace"))

    def _leave_to_parent(self) -> None:
        self._forked, self._lock = True, threading.RLock()  # another thread may have held it
        self._held.clear()

    @property
    def parent_header(self) -> dict[str, Any]:
        """Header of the request that this task or thread prints for; a new thread prints for the latest one."""
        return self._parent.get(self._last_parent)

    def set_parent(self, parent: dict[str, Any]) -> None:
        """As ``OutStream.set_parent``."""
        self._last_parent = extract_header(parent)
        self._parent.set(self._last_parent)
        if not self._held:
            self._held_for = self._last_parent.get("msg_id", "")

    def set_thread_parent(self, parent: dict[str, Any]) -> Any:
        """As ``OutStream.set_thread_parent``."""
        return self._parent.set(extract_header(parent))

    def reset_thread_parent(self, token: Any) -> None:
        """As ``OutStream.reset_thread_parent``."""
        self._parent.reset(token)
