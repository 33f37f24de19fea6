"""What a test holds of the learner's objects: handles, which the learner's process alone can look into.

A handle is an instance of nothing but itself. It carries methods, attributes, items, length, iteration and arithmetic
over the wire; it refuses comparison, truth and hashing, on which a verdict must not rest.
"""

import operator
from typing import Any, NoReturn

import numpy as np

from autograde.grading.wire import WireFailure
from autograde.grading.wire_types import OBJECTS

_REFUSED = {
    "__eq__": "compares it", "__ne__": "compares it", "__lt__": "orders it", "__le__": "orders it", "__gt__": "orders it",
    "__ge__": "orders it", "__bool__": "asks for its truth", "__hash__": "hashes it or puts it into a set or dict",
    "__instancecheck__": "asks isinstance(…) of it", "__subclasscheck__": "asks issubclass(…) of it",
    "__reduce_ex__": "copies it", "__setattr__": "sets its attribute", "__delattr__": "deletes its attribute",
    "__delitem__": "deletes its item", "__int__": "makes an int of it", "__float__": "makes a float of it",
    "__complex__": "makes a number of it", "__index__": "uses it as an index",
}  # fmt: skip

BINARY = ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul")
UNARY = ("neg", "pos", "abs")
OPERATORS = {name: getattr(operator, name) for name in (*BINARY, *UNARY)}
"""Arithmetic that a handle carries over the wire, by name."""


class Handle:
    """An object of the learner's that stays with the learner. Made by the examiner only.

    Attributes reach the learner's object; what the examiner keeps lies in slots with names of its own.
    """

    __slots__ = ("__weakref__", "_wire_link", "_wire_name", "_wire_number")
    __array_ufunc__ = None  # array + handle is the handle's to do

    def __init__(self, link: Any, number: int, name: str) -> None:
        object.__setattr__(self, "_wire_link", link)
        object.__setattr__(self, "_wire_number", number)
        object.__setattr__(self, "_wire_name", name)

    def __del__(self) -> None:
        self._wire_link.drop(self._wire_number)

    def __repr__(self) -> str:
        return f"<the learner's {self._wire_name}>"

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self._wire_link.ask("getattr", self, (name,))

    def __getitem__(self, key: Any) -> Any:
        return self._wire_link.ask("getitem", self, (key,))

    def __setitem__(self, key: Any, value: Any) -> None:
        self._wire_link.ask("setitem", self, (key, value))

    def __contains__(self, value: Any) -> bool:
        return self._expect(bool, "contains", value)

    def __len__(self) -> int:
        return self._expect(int, "len")

    def __iter__(self) -> Any:
        return self._wire_link.ask("iter", self)

    def __next__(self) -> Any:
        return self._wire_link.ask("next", self)

    def __array__(self, dtype: Any = None, copy: Any = None) -> np.ndarray:
        """As NumPy sees any object that is no data: a 0-d array of objects, which fails every check of a dtype."""
        if dtype is not None and np.dtype(dtype) != object:
            _refuse(self, "makes an array of it")
        array = np.empty((), dtype=object)
        array[()] = self
        return array

    def _expect(self, kind: type, op: str, *args: Any) -> Any:
        value = self._wire_link.ask(op, self, args)
        if type(value) is not kind:
            raise TypeError(f"{op} of the learner's {self._wire_name} gave no {kind.__name__}")
        return value


class CallableHandle(Handle):
    """A function, method or class of the learner's."""

    __slots__ = ()

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._wire_link.ask("call", self, args, kwargs)


def _refuse(handle: Handle, what: str) -> NoReturn:
    raise handle._wire_link.failed(
        WireFailure(
            "test",
            f"the test holds an object of the learner's ({handle._wire_name}) and {what}; check that a function returned"
            " plain data (isinstance), or call a method that returns plain data, then compare that",
        )
    )


def _refusal(what: str) -> Any:
    def refuse(self: Handle, *_: Any) -> NoReturn:
        _refuse(self, what)

    return refuse


def _arithmetic(name: str, reflected: bool) -> Any:
    def forward(self: Handle, *others: Any) -> Any:
        return self._wire_link.ask(name, self, (*others, reflected) if others else ())

    return forward


for _name, _what in _REFUSED.items():
    setattr(Handle, _name, _refusal(_what))
for _name in BINARY:
    setattr(Handle, f"__{_name}__", _arithmetic(_name, False))
    setattr(Handle, f"__r{_name}__", _arithmetic(_name, True))
for _name in UNARY:
    setattr(Handle, f"__{_name}__", _arithmetic(_name, False))
OBJECTS.update((Handle, CallableHandle))
