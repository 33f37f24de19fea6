"""Handles on the learner's objects, which only the learner's process can look into.

An operation on a handle goes over the wire only if the course's own answer makes it an object and
defines that operation (:mod:`autograde.grading.plan.contract`). Comparison, truth and hashing,
which decide verdicts, never do.
"""

import operator
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, NoReturn, TypeVar

import numpy as np

from autograde.grading.wire.facts import FACTS, KINDS, UNTOLD
from autograde.grading.wire.frames import WireFailure
from autograde.grading.wire.types import OBJECTS

T = TypeVar("T")

CLOSED, READ, FULL = 0, 1, 2
"""What may be done with a handle: pass it back and call it; also read attributes, items and length;
also everything its class defines in the course's source."""

_SAFE = frozenset({"__getitem__", "__len__", "__iter__", "__next__", "__str__", "__repr__"})


@dataclass(frozen=True)
class Standing:
    """A handle's rights by contract.

    Attributes:
        may: CLOSED, READ or FULL.
        inner: the right of objects in its attributes and items; CLOSED: it should hold none.
        gives: the right of objects that calling it returns; CLOSED: it should return none.
        known: whether it is an object whatever the learner wrote, so that misuse is the test's
            fault.
        makes: whether it is a class of the contract.
    """

    may: int = CLOSED
    inner: int = CLOSED
    gives: int = CLOSED
    known: bool = False
    makes: bool = False


_REFUSED = {
    "__eq__": "compares it", "__ne__": "compares it", "__lt__": "orders it", "__le__": "orders it", "__gt__": "orders it",
    "__ge__": "orders it", "__bool__": "asks for its truth", "__hash__": "hashes it or puts it into a set or dict",
    "__instancecheck__": "asks isinstance(…) of it", "__subclasscheck__": "asks issubclass(…) of it",
    "__reduce_ex__": "copies it", "__setattr__": "sets its attribute", "__delattr__": "deletes its attribute",
    "__int__": "makes an int of it", "__float__": "makes a float of it", "__complex__": "makes a number of it",
    "__index__": "uses it as an index", "__round__": "rounds it", "__trunc__": "rounds it", "__floor__": "rounds it",
    "__ceil__": "rounds it", "__divmod__": "divides it", "__rdivmod__": "divides by it", "__reversed__": "reverses it",
    "__bytes__": "makes bytes of it", "__fspath__": "uses it as a path", "__enter__": "enters it", "__exit__": "leaves it",
    "__array__": "makes an array of it",
}  # fmt: skip

BINARY = ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul", "and", "or", "xor", "lshift", "rshift")
UNARY = ("neg", "pos", "abs", "invert")
_UFUNCS = {
    np.add: "add", np.subtract: "sub", np.multiply: "mul", np.true_divide: "truediv", np.floor_divide: "floordiv",
    np.remainder: "mod", np.power: "pow", np.matmul: "matmul", np.bitwise_and: "and", np.bitwise_or: "or",
    np.bitwise_xor: "xor", np.left_shift: "lshift", np.right_shift: "rshift",
}  # fmt: skip
OPERATORS: dict[str, Callable[..., Any]] = {
    **{name: getattr(operator, f"__{name}__") for name in (*BINARY, *UNARY)},
    **{f"i{name}": getattr(operator, f"__i{name}__") for name in BINARY},
}
"""Arithmetic that a handle forwards if the source's class defines it, by name."""


class Handle:
    """A proxy for an object in the learner's process. Made by the examiner only.

    Attributes reach the learner's object; the examiner's own data is in ``_wire_…`` slots.
    """

    __slots__ = ("__weakref__", "_wire_link", "_wire_name", "_wire_number", "_wire_standing")

    def __init__(self, link: Any, number: int, name: str, standing: Standing) -> None:
        object.__setattr__(self, "_wire_link", link)
        object.__setattr__(self, "_wire_number", number)
        object.__setattr__(self, "_wire_name", name)
        object.__setattr__(self, "_wire_standing", standing)

    def __del__(self) -> None:
        self._wire_link.drop(self._wire_number)

    def __repr__(self) -> str:
        if not _admits(self, "__repr__"):
            return "<an object of the learner's>"
        return self._expect(str, "repr")

    def __str__(self) -> str:
        return self._expect(str, "str") if _admits(self, "__str__") else repr(self)

    def __format__(self, spec: str) -> str:
        if spec:
            _refuse(self, "formats it as a number")
        return str(self)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            return self._fact(name)
        if self._wire_standing.may == CLOSED:
            _refuse(self, "reads its attribute")
        return self._wire_link.ask("getattr", self, (name,))

    def __getitem__(self, key: Any) -> Any:
        return self._forward("__getitem__", "takes its item", "getitem", key)

    def __setitem__(self, key: Any, value: Any) -> None:
        self._forward("__setitem__", "sets its item", "setitem", key, value)

    def __delitem__(self, key: Any) -> None:
        self._forward("__delitem__", "deletes its item", "delitem", key)

    def __contains__(self, value: Any) -> bool:
        if not _admits(self, "__contains__"):
            _refuse(self, "looks for something in it")
        return self._expect(bool, "contains", value)

    def __len__(self) -> int:
        if not _admits(self, "__len__"):
            if _admits(self, "__iter__"):
                raise TypeError("an iterator has no length")  # list(…) asks, and continues
            _refuse(self, "asks for its length")
        return self._expect(int, "len")

    def __iter__(self) -> Any:
        return self._forward("__iter__", "iterates over it", "iter")

    def __next__(self) -> Any:
        return self._forward("__next__", "iterates over it", "next")

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **options: Any) -> Any:
        """Arithmetic with an array or NumPy number, if the contract has it."""
        name = _UFUNCS.get(ufunc)
        if name is None or method != "__call__" or options or len(inputs) != 2:
            _refuse(self, "computes with it")
        special = f"__{name}__" if inputs[0] is self else f"__r{name}__"
        return getattr(Handle, special)(self, inputs[1] if inputs[0] is self else inputs[0])

    def _forward(self, special: str, what: str, op: str, *args: Any) -> Any:
        if not _admits(self, special):
            _refuse(self, what)
        return self._wire_link.ask(op, self, args)

    def _fact(self, name: str) -> Any:
        raise AttributeError(name)

    def _expect(self, kind: type[T], op: str, *args: Any) -> T:
        value: T = self._wire_link.ask(op, self, args)
        if type(value) is not kind:
            raise TypeError(f"{op} of the learner's {self._wire_name} gave no {kind.__name__}")
        return value


class CallableHandle(Handle):
    # A function, method or class of the learner's; no docstring, since ``__doc__`` is the learner's

    __slots__ = ()

    @property  # type: ignore[misc]
    def __class__(self) -> type:
        """The type that ``isinstance`` takes it for."""
        return KINDS.get(self._wire_name, CallableHandle)

    def _fact(self, name: str) -> Any:
        """See :mod:`autograde.grading.wire.facts`."""

        def refuse(what: str) -> NoReturn:
            raise self._wire_link.failed(
                WireFailure("test", f"the test {what} of the learner's {self._wire_name}, which is not plain data")
            )

        if name in UNTOLD:
            refuse(f"reads {name}")
        if name not in FACTS:
            raise AttributeError(name)
        return self._wire_link.fact(self, name, refuse)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._wire_link.ask("call", self, args, kwargs)


def _admits(handle: Handle, special: str) -> bool:
    """Whether the contract allows a test to use a special method of the object behind a handle."""
    may = handle._wire_standing.may
    return special in handle._wire_link.contract.operators and (may == FULL or (may == READ and special in _SAFE))


def _refuse(handle: Handle, what: str) -> NoReturn:
    if handle._wire_standing.known:
        failure = WireFailure(
            "test",
            f"the test holds an object of the learner's ({handle._wire_name}) and {what}; check that a function returned"
            " plain data (isinstance), or call a method that returns plain data, then compare that",
        )
    else:
        failure = WireFailure("result", f"there is an object ({handle._wire_name}) where plain data belongs")
    raise handle._wire_link.failed(failure)


def _refusal(what: str) -> Any:
    def refuse(self: Handle, *_: Any, **__: Any) -> NoReturn:
        _refuse(self, what)

    return refuse


def _arithmetic(special: str, op: str, *reflected: bool) -> Any:
    def forward(self: Handle, *others: Any) -> Any:
        return self._forward(special, "computes with it", op, *others[:1], *reflected)

    return forward


def _in_place(name: str) -> Any:
    def forward(self: Handle, other: Any) -> Any:
        if f"__i{name}__" in self._wire_link.contract.operators:
            return self._forward(f"__i{name}__", "computes with it", f"i{name}", other)
        return self._forward(f"__{name}__", "computes with it", name, other, False)

    return forward


for _name, _what in _REFUSED.items():
    setattr(Handle, _name, _refusal(_what))
for _name in BINARY:
    setattr(Handle, f"__{_name}__", _arithmetic(f"__{_name}__", _name, False))
    setattr(Handle, f"__r{_name}__", _arithmetic(f"__r{_name}__", _name, True))
    setattr(Handle, f"__i{_name}__", _in_place(_name))
for _name in UNARY:
    setattr(Handle, f"__{_name}__", _arithmetic(f"__{_name}__", _name))
for _name in ("__doc__", "__module__"):  # every class has its own
    setattr(CallableHandle, _name, property(partial(CallableHandle._fact, name=_name)))
OBJECTS.update((Handle, CallableHandle))
