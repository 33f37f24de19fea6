"""The examiner's side of the wire: asks the learner's process and trusts none of its answers."""

import functools
import socket
import threading
import time
import types
import weakref
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NoReturn

import numpy as np

from autograde.grading.examiner.handle import CLOSED, FULL, READ, CallableHandle, Handle, Standing
from autograde.grading.plan.contract import PLAIN, Contract
from autograde.grading.wire.errors import clean
from autograde.grading.wire.facts import fact_from
from autograde.grading.wire.frames import CALL, Frame, Limits, Malformed, NotPlain, Wire, WireFailure
from autograde.grading.wire.link import Link, Raised

_CLOSED, _INNER, _OBJECT = Standing(), Standing(READ, READ, READ), Standing(FULL, READ, READ)
_MADE = Standing(FULL, READ, READ, known=True)
_FUNCTIONS = (types.FunctionType, types.BuiltinFunctionType, types.MethodType, functools.partial, np.ufunc)


def text_of(error: BaseException) -> str:
    """Return the message of an exception.

    Empty if it cannot be made, as with a million-digit number.
    """
    first = error.args[0] if isinstance(error, KeyError) and len(error.args) == 1 else None
    try:
        return first if type(first) is str else str(error)
    except Exception:
        return ""


def _named(name: str, contract: Contract) -> Standing:
    """The standing of the function or class that the learner has under a name."""
    if name in contract.classes:
        return Standing(READ, READ, FULL, known=True, makes=True)
    known = name in contract.named
    return Standing(READ if known else CLOSED, CLOSED, FULL if name in contract.functions else CLOSED, known)


class _Over(RuntimeError):
    """The learner's code called a function of a test cell that has ended."""


def _of_an_earlier_test(*args: Any, **kwargs: Any) -> NoReturn:
    """Replaces a function of a test cell that has ended, so that it cannot affect a later one."""
    raise _Over("this function belongs to a test that has ended")


NO_ROOM = "what the learner's code gave takes more memory than the examiner has"


@dataclass(frozen=True)
class LearnerError:
    """An exception of the learner's own code; every text is the learner's, cleaned and truncated.

    Attributes:
        name: class, such as ``ValueError``.
        message: its text.
        lines: ``function, line N: source`` of the learner's cells, outermost first.
    """

    name: str
    message: str
    lines: list[str] = field(default_factory=list)


class RemoteLink(Link):
    """The examiner's end. Handles call ``ask``; any failure of the wire is kept in ``failure``."""

    def __init__(self, sock: socket.socket, limits: Limits) -> None:
        super().__init__(Wire(sock, limits), limits)
        self.failure: WireFailure | None = None
        """The first failure since :meth:`begin_cell`."""
        self.broken: WireFailure | None = None
        """Why the connection is unusable, once it is."""
        self.learner_errors: dict[int, LearnerError] = {}
        self.contract: Contract = PLAIN
        """Which objects the running test may hold, and how."""
        self.expects_stop = False
        """Whether the running test names ``StopIteration``."""
        self._welcome: Standing | None = None  # standing of an object that arrives now; None: none is expected
        self._handed = False  # whether the test passed an object, so that objects may come back
        self._owner = threading.get_ident()
        self._held: dict[int, int] = {}  # number → count of handles, one per standing
        self._handles: weakref.WeakValueDictionary[tuple[int, Standing], Handle] = weakref.WeakValueDictionary()
        self._raised: list[BaseException] = []
        self._thrown: list[BaseException] = []
        self._calls = 0
        self._cell_deadline = float("inf")
        self._expired = 0
        """The number of the last function that an earlier test cell passed."""
        self._next_link: RemoteLink | None = None

    def begin_cell(self, contract: Contract, seconds: float) -> None:
        """Start a test cell: fresh counts, `seconds` and no failure.

        Earlier cells' functions expire.
        """
        self.contract = contract
        self.failure, self._calls = None, 0
        self.learner_errors.clear()
        self._raised.clear()
        self._thrown.clear()
        self._exports.clear()
        self._numbers.clear()
        self._expired = self._next
        self._cell_deadline = time.monotonic() + seconds

    def settle(self, seconds: float) -> bool:
        """After a call that was interrupted for taking too long, wait for its late answer and
        discard it.

        Returns:
            whether the learner's process can be asked again.
        """
        if self.broken is None or self.broken.code != "timeout":
            return self.broken is None
        self.wire.deadline = time.monotonic() + seconds
        try:
            while self.owed:
                frame = self.wire.receive()
                self.wire.skip(frame)
                if frame.kind == CALL:  # sent before the interrupt; its answer is not awaited
                    self._seen += 1
                else:
                    self.owed -= 1
        except (Malformed, WireFailure):
            return False
        self.broken = None
        return True

    def replaced(self, sock: socket.socket) -> "RemoteLink":
        """Return the link to the process that replaces this one's; objects of the old one are lost."""
        self.broken = WireFailure("lost", "an object of a process that has ended")
        self._next_link = RemoteLink(sock, self.limits)
        return self._next_link

    def ask(self, op: str, target: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None) -> Any:
        """Have the learner's process do something; return plain data or a handle, or raise what it
        raised.

        Raises:
            WireFailure: the test cannot go on; see :class:`WireFailure`.
        """
        if self.broken is not None:
            raise self.failed(self.broken)
        if threading.get_ident() != self._owner:
            raise self.failed(WireFailure("test", "a test calls the learner's functions from its own thread only"))
        self._count()
        owed = self.owed
        before = self._welcome, self._handed
        self._welcome, self._handed = self._welcome_of(op, target, args), False
        try:
            if not self.waiting:
                self._begin_call()
            return self.request(op, target, args, kwargs)
        except StopIteration as error:
            if op == "next" or self.expects_stop:
                raise
            # all(map(check, …)) would take it for the end of its values, and succeed
            raise RuntimeError("the learner's code raised StopIteration") from error
        except NotPlain as error:
            raise self.failed(
                WireFailure("test", f"the test hands over {error} (see “a test that can cross” in CONTRIBUTING.md)")
            ) from None
        except Malformed as error:
            raise self._end("violation", f"the learner's process broke the protocol: {error}") from None
        except MemoryError as error:
            if id(error) in self.learner_errors:
                raise
            raise self._end("memory", NO_ROOM) from None
        except WireFailure as error:
            if error.code in ("result", "lost", "test"):
                raise self.failed(error) from None
            raise self._end(error.code, error.reason) from None
        finally:
            self._welcome, self._handed = before
            if self.owed > owed and self.broken is None:
                self._end("violation", "the test gave up while the learner's function was running")

    def fact(self, handle: Handle, name: str, refuse: Callable[[str], NoReturn]) -> Any:
        """Return a learner's function's metadata (:mod:`autograde.grading.wire.facts`)."""
        encoded = self.ask("fact", handle, (name,))
        try:
            return fact_from(name, encoded, refuse)
        except Malformed as error:
            raise self._end("violation", f"the learner's process broke the protocol: {error}") from None

    def names(self, names: list[str]) -> dict[str, Any]:
        """Return the learner's variables with these names, as far as they exist."""
        contract = self.contract
        objects = tuple(name for name in names if name in contract.variables)
        others = tuple(name for name in names if name not in contract.variables)
        values = {}
        for op, group in (("names", others), ("objects", objects)):
            if group:
                answer = self.ask(op, None, group)
                if type(answer) is not dict or not answer.keys() <= set(group):
                    raise self.failed(WireFailure("violation", "the learner's process broke the protocol: other names"))
                values.update(answer)
        for name in others:
            value = values.get(name)
            if isinstance(value, Handle):
                values[name] = self._stand(value._wire_number, value._wire_name, type(value), _named(name, contract))
        return values

    def _welcome_of(self, op: str, target: Any, args: tuple[Any, ...]) -> Standing | None:
        """The standing of an object that a request returns; None if none is expected."""
        contract = self.contract
        if op == "names":
            return _CLOSED
        if op in ("fact", "forget", "remember"):
            return None
        if op == "objects":
            return _OBJECT
        standing: Standing = target._wire_standing
        if op == "call":
            level = standing.gives
            if standing.makes:
                return _MADE
        elif op == "getattr":
            level = standing.inner
            if level and args[0] in contract.methods:
                return Standing(READ, READ, FULL)
        else:
            level = FULL if f"__{op}__" in contract.methods else standing.inner
        return {CLOSED: None, READ: _INNER, FULL: _OBJECT}[level]

    def failed(self, failure: WireFailure) -> WireFailure:
        """Record a failure, so that the verdict stands whatever the test catches; return it."""
        if self._next_link is not None:
            return self._next_link.failed(failure)
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

    # what Link asks of a subclass

    def _resolve(self, theirs: bool, number: int, name: str, is_callable: bool) -> Any:
        if not theirs and 0 < number <= self._expired:
            return _of_an_earlier_test
        return super()._resolve(theirs, number, name, is_callable)

    def number_of_theirs(self, value: Any) -> int | None:
        if type(value) not in (Handle, CallableHandle):
            return None
        if value._wire_link is not self:
            raise WireFailure("lost", "an object of a process that has ended")
        self._handed = self._handed or value._wire_standing.inner != CLOSED
        return int(value._wire_number)

    def proxy(self, number: int, name: str, is_callable: bool) -> Handle:
        label = "".join(c for c in clean(name, 60) if c.isalnum() or c in "_.") or "object"
        standing = self._welcome or (_INNER if self._handed else None)
        if standing is None:
            if not is_callable:
                if number not in self._held:
                    super().drop(number)
                raise NotPlain(f"an object ({label}) where plain data belongs")
            standing = _CLOSED
        return self._stand(number, label, CallableHandle if is_callable else Handle, standing)

    def _stand(self, number: int, label: str, kind: type[Handle], standing: Standing) -> Handle:
        handle = self._handles.get((number, standing))
        if handle is None and standing == _OBJECT:  # a method that returns self returns the test's own handle
            handle = self._handles.get((number, _MADE))
        if handle is None:
            if len(self._handles) >= self.limits.handles:
                raise Malformed("too many objects")
            handle = self._handles[number, standing] = kind(self, number, label, standing)
            self._held[number] = self._held.get(number, 0) + 1
        return handle

    def drop(self, number: int) -> None:
        """As in :class:`Link`, once the last handle of an object is gone."""
        self._held[number] -= 1
        if not self._held[number]:
            del self._held[number]
            super().drop(number)

    def answer(self, frame: Frame) -> None:
        """As in :class:`Link`; a callback may bring the same objects as the awaited answer."""
        before = self._welcome
        self._welcome = _INNER if before or self._handed else None
        try:
            super().answer(frame)
        finally:
            self._welcome = before

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
        if type(error) is _Over:
            return error, [], None, None
        reason = None
        if isinstance(error, NotPlain):  # the learner's fault, even if it comes back to the test
            failure = WireFailure("result", f"a function of the test was handed {error}")
            self._raised.append(failure)
            return TypeError(failure.reason), [], len(self._raised) - 1, reason
        self._raised.append(error)
        if isinstance(error, AssertionError):  # its message may reveal the test to the learner's process
            error = AssertionError("a check of the test failed")
        elif isinstance(error, WireFailure):
            error = TypeError("the function of the test cannot be called like this")
        return error, [], len(self._raised) - 1, reason

    def rethrow(self, raised: Any) -> BaseException:
        if type(raised) is not tuple or len(raised) != 4 or not isinstance(raised[0], BaseException):
            raise Malformed("an invalid exception")
        error: BaseException = raised[0]
        _, lines, origin, reason = raised
        if reason is not None:
            return self.failed(WireFailure("result", f"the function gave {clean(reason, 300)}"))
        if type(origin) is int and 0 <= origin < len(self._raised):
            return self._raised[origin]
        if type(lines) is not list:
            raise Malformed("an invalid exception")
        cleaned = [clean(line, 200) for line in lines[:5]]
        self._thrown.append(error)  # kept alive, so that its id stays unique
        self.learner_errors[id(error)] = LearnerError(type(error).__name__, clean(text_of(error)), cleaned)
        return error

    def learner_error(self, error: BaseException | None) -> LearnerError | None:
        """The learner's own error that led to ``error``, if any."""
        for _ in range(20):
            if error is None:
                break
            if id(error) in self.learner_errors:
                return self.learner_errors[id(error)]
            error = error.__cause__ or error.__context__
        return None
