"""The examiner's side of the wire: asks the learner's process, and believes nothing that it answers."""

import functools
import socket
import threading
import time
import types
import weakref
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autograde.grading.remote import CallableHandle, Handle
from autograde.grading.wire import Limits, Malformed, NotPlain, Wire, WireFailure
from autograde.grading.wire_errors import clean
from autograde.grading.wire_link import Link, Raised

_FUNCTIONS = (types.FunctionType, types.BuiltinFunctionType, types.MethodType, functools.partial, np.ufunc)


def text_of(error: BaseException) -> str:
    """Return the message of an exception; one that holds a learner's number of a million digits has none."""
    first = error.args[0] if isinstance(error, KeyError) and len(error.args) == 1 else None
    try:
        return first if type(first) is str else str(error)
    except Exception:
        return ""


@dataclass(frozen=True)
class LearnerError:
    """An exception of the learner's own code; every text is the learner's, cleaned and bounded.

    Attributes:
        name: class, such as ``ValueError``.
        message: its text.
        lines: ``function, line N: source`` of the learner's cells, outermost first.
    """

    name: str
    message: str
    lines: list[str] = field(default_factory=list)


class RemoteLink(Link):
    """The examiner's end. ``ask`` is what handles use; whatever goes wrong with the wire is kept in ``failure``."""

    def __init__(self, sock: socket.socket, limits: Limits) -> None:
        super().__init__(Wire(sock, limits), limits)
        self.failure: WireFailure | None = None
        """The first failure since :meth:`begin_cell`."""
        self.broken: WireFailure | None = None
        """Why the connection is of no more use, once it is."""
        self.learner_errors: dict[int, LearnerError] = {}
        self._owner = threading.get_ident()
        self._handles: weakref.WeakValueDictionary[int, Handle] = weakref.WeakValueDictionary()
        self._raised: list[BaseException] = []
        self._thrown: list[BaseException] = []
        self._calls = 0
        self._cell_deadline = float("inf")

    def begin_cell(self) -> None:
        """Start a test cell: its own counts, its own time, no failure."""
        self.failure, self._calls = None, 0
        self.learner_errors.clear()
        self._raised.clear()
        self._thrown.clear()
        self._cell_deadline = time.monotonic() + self.limits.cell_seconds

    def ask(self, op: str, target: Any, args: tuple = (), kwargs: dict[str, Any] | None = None) -> Any:
        """Have the learner's process do something; return plain data or a handle, or raise what it raised.

        Raises:
            WireFailure: the test cannot go on; see :class:`WireFailure`.
        """
        if self.broken is not None:
            raise self.failed(self.broken)
        if threading.get_ident() != self._owner:
            raise self.failed(WireFailure("test", "a test calls the learner's functions from its own thread only"))
        self._count()
        owed = self.owed
        try:
            if not self.waiting:
                self._begin_call()
            return self.request(op, target, args, kwargs)
        except NotPlain as error:
            raise self.failed(
                WireFailure("test", f"the test hands over {error} (see “a test that can cross” in CONTRIBUTING.md)")
            ) from None
        except Malformed as error:
            raise self._end("violation", f"the learner's process broke the protocol: {error}") from None
        except WireFailure as error:
            if error.code in ("result", "test"):
                raise self.failed(error) from None
            raise self._end(error.code, error.reason) from None
        finally:
            if self.owed > owed and self.broken is None:
                self._end("violation", "the test gave up while the learner's function was running")

    def failed(self, failure: WireFailure) -> WireFailure:
        """Keep a failure, so that the verdict stands whatever the test catches; return it."""
        if self.failure is None:
            self.failure = failure
        return failure

    def _end(self, code: Any, reason: str) -> WireFailure:
        if self.broken is None:
            self.broken = WireFailure(code, reason)
        return self.failed(self.broken)

    def _count(self) -> None:
        self._calls += 1
        if self._calls > self.limits.calls:
            raise self._end("flood", f"more than {self.limits.calls} calls in one test cell")

    def _begin_call(self) -> None:
        now = time.monotonic()
        self.wire.deadline = min(now + self.limits.call_seconds, self._cell_deadline)
        unasked = self.wire.unasked()
        if unasked:
            raise Malformed("it spoke without being asked")
        if unasked is not None:
            raise WireFailure("died", "the learner's process has ended")

    # what this side is made of

    def number_of_theirs(self, value: Any) -> int | None:
        return value._wire_number if type(value) in (Handle, CallableHandle) else None

    def stand_in(self, number: int, name: str, is_callable: bool) -> Handle:
        handle = self._handles.get(number)
        if handle is None:
            if len(self._handles) >= self.limits.handles:
                raise Malformed("too many objects")
            label = "".join(c for c in clean(name, 60) if c.isalnum() or c in "_.") or "object"
            handle = (CallableHandle if is_callable else Handle)(self, number, label)
            self._handles[number] = handle
        return handle

    def may_export(self, value: Any) -> str | None:
        kind = type(value)
        if kind in _FUNCTIONS:
            return None
        if isinstance(value, type):
            return f"the class {value.__name__}; pass the name of a type as text"
        return f"an object of the class {kind.__name__}, which is the test's; pass plain data or a function"

    def perform(self, op: Any, target: Any, args: Any, kwargs: Any) -> Any:
        if type(op) is not str or op != "call" or type(target) not in _FUNCTIONS:
            raise Malformed("a request that a learner's process may not make")
        self._count()
        if self.waiting > self.limits.nesting:
            raise RecursionError(f"calls more than {self.limits.nesting} deep between the test and your code")
        return target(*args, **kwargs)

    def describe(self, error: BaseException) -> Raised:
        self._raised.append(error)
        reason = None
        if isinstance(error, AssertionError):  # its message is a hint of the test's, not for the learner's process
            error = AssertionError("a check of the test failed")
        elif isinstance(error, (WireFailure, NotPlain)):
            error = TypeError("the function of the test cannot be called like this")
        return error, [], len(self._raised) - 1, reason

    def rethrow(self, raised: Any) -> BaseException:
        if type(raised) is not tuple or len(raised) != 4 or not isinstance(raised[0], BaseException):
            raise Malformed("an exception that is none")
        error, lines, origin, reason = raised
        if reason is not None:
            return self.failed(WireFailure("result", f"the function gave {clean(reason, 300)}"))
        if type(origin) is int and 0 <= origin < len(self._raised):
            return self._raised[origin]
        if type(lines) is not list:
            raise Malformed("an exception that is none")
        kept = [clean(line, 200) for line in lines[:5]]
        self._thrown.append(error)  # alive, so that its id stays its own
        self.learner_errors[id(error)] = LearnerError(type(error).__name__, clean(text_of(error)), kept)
        return error

    def learner_error(self, error: BaseException | None) -> LearnerError | None:
        """The learner's own error from which ``error`` comes, if any."""
        for _ in range(20):
            if error is None:
                break
            if id(error) in self.learner_errors:
                return self.learner_errors[id(error)]
            error = error.__cause__ or error.__context__
        return None
