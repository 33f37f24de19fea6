"""The learner's side of the wire: does what the examiner asks. Untrusted."""

import linecache
import socket
from collections.abc import Callable
from types import FrameType
from typing import Any

from autograde.grading.examiner.handle import BINARY, OPERATORS
from autograde.grading.wire.facts import fact_of
from autograde.grading.wire.frames import Frame, Limits, Malformed, NotPlain, Wire, WireFailure
from autograde.grading.wire.link import Link, Raised
from autograde.grading.wire.types import OBJECTS

_LINES = 5
_PROTOCOL: dict[str, Callable[[Any], Any]] = {"len": len, "iter": iter, "next": next, "str": str, "repr": repr}
_MODULE = type(linecache)
_sides: dict[int, "_Side"] = {}
_limits = Limits()


def expect(limits: Limits) -> None:
    """Adopt the examiner's limits, so that what exceeds them is reported here, before it is sent."""
    global _limits
    _limits = limits


def serve(sock: socket.socket, namespace: dict[str, Any], limits: Limits | None = None) -> None:
    """Read one request from ``sock`` and answer it, including callbacks to the test.

    Args:
        sock: the wire's end of the learner's process; call this in the main thread whenever it can
            be read.
        namespace: the learner's variables.
        limits: the examiner's limits.

    Raises:
        WireFailure: the examiner has gone.
    """
    side = _sides.get(sock.fileno())
    if side is None or side.wire.sock is not sock or side.namespace is not namespace:
        side = _sides[sock.fileno()] = _Side(sock, namespace, limits or _limits)
    side.answer(side.wire.receive())


class TestFunction:
    """A function of the test's, as the learner's code sees it: it runs in the examiner."""

    __test__ = False  # not a pytest test

    def __init__(self, side: "_Side", number: int) -> None:
        self._side, self._number = side, number
        self.__name__ = self.__qualname__ = "function_of_the_test"

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._side.call_back(self, args, kwargs)


OBJECTS.add(TestFunction)


class _Side(Link):
    def __init__(self, sock: socket.socket, namespace: dict[str, Any], limits: Limits) -> None:
        super().__init__(Wire(sock, limits), limits)
        self.namespace = namespace
        self.serving = 0
        self._functions: dict[int, TestFunction] = {}

    def call_back(self, function: TestFunction, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Call a function of the test's, from any thread, during one of the test's calls."""
        with self.lock:
            if not self.serving:
                raise RuntimeError("this function belongs to a test that has ended")
            try:
                return self.request("call", function, args, kwargs)
            except NotPlain as error:
                raise TypeError(f"a function of the test cannot be handed {error}") from None
            except WireFailure as error:
                if error.code != "result":
                    raise
                raise TypeError(error.reason) from None

    def number_of_theirs(self, value: Any) -> int | None:
        return value._number if type(value) is TestFunction else None

    def proxy(self, number: int, name: str, is_callable: bool) -> TestFunction:
        return self._functions.setdefault(number, TestFunction(self, number))

    def may_export(self, value: Any) -> str | None:
        return None

    def answer(self, frame: Frame) -> None:
        self.serving += 1
        super().answer(frame)

    def perform(self, op: Any, target: Any, args: Any, kwargs: Any) -> Any:
        if op in ("names", "objects"):
            there = {name: self.namespace[name] for name in args if name in self.namespace}
            return {name: value for name, value in there.items() if type(value) is not _MODULE}
        if op == "call":
            return target(*args, **kwargs)
        if op == "getattr":
            value = getattr(target, args[0])
            if type(value) is _MODULE:
                raise NotPlain("a module")
            return value
        if op == "forget":
            self.namespace.pop(args[0], None)
            return None
        if op == "remember":
            self.namespace[args[0]] = args[1]
            return None
        if op == "fact":
            return fact_of(target, args[0])
        if op == "getitem":
            return target[args[0]]
        if op == "setitem":
            target[args[0]] = args[1]
            return None
        if op == "delitem":
            del target[args[0]]
            return None
        if op in _PROTOCOL:
            return _PROTOCOL[op](target)
        if op == "contains":
            return args[0] in target
        if op in BINARY:
            other, reflected = args
            return OPERATORS[op](other, target) if reflected else OPERATORS[op](target, other)
        if op in OPERATORS:
            return OPERATORS[op](target, *args)
        raise Malformed("an unknown request")

    def describe(self, error: BaseException) -> Raised:
        origin = BaseException.__getattribute__(error, "__dict__").get("_wire_origin")
        reason = str(error) if type(error) is NotPlain else None
        bare = TypeError("does not cross") if reason else error
        return bare, self._lines(error), origin if type(origin) is int else None, reason

    def _send_answer(self, *args: Any) -> None:
        with self.lock:
            self.serving -= 1
            super()._send_answer(*args)

    def rethrow(self, raised: Any) -> BaseException:
        error: BaseException = raised[0]
        error._wire_origin = raised[2]  # type: ignore[attr-defined]
        return error

    def _lines(self, error: BaseException) -> list[str]:
        """The last lines of the learner's own cells in an exception's traceback."""
        lines, trace = [], error.__traceback__
        while trace is not None:
            frame: FrameType = trace.tb_frame
            if frame.f_globals is self.namespace:
                text = linecache.getline(frame.f_code.co_filename, trace.tb_lineno).strip()
                lines.append(f"{frame.f_code.co_name}, line {trace.tb_lineno}: {text}"[:200])
            trace = trace.tb_next
        return lines[-_LINES:]
