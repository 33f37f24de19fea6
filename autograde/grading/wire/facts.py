"""What a function says of itself, ``__doc__``, ``__name__``, ``__annotations__``, its signature: the learner's own values.

They cross as plain data. Types in annotations cross by name; one that has no name here is told as such and refuses to be
compared. What is no plain data, such as ``__code__``, is a fault of the test that asks for it.
"""

import builtins
import inspect
import types
from collections.abc import Callable
from typing import Any, NoReturn

import numpy as np

from autograde.grading.wire.frames import Malformed

FACTS = ("__doc__", "__name__", "__qualname__", "__module__", "__defaults__", "__kwdefaults__", "__annotations__",
         "__signature__")  # fmt: skip
UNTOLD = frozenset({"__code__", "__globals__", "__closure__", "__builtins__", "__bases__", "__mro__", "__subclasses__"})
"""Attributes that a test may ask for and no plain data can answer."""
KINDS: dict[str, type] = {
    "function": types.FunctionType,
    "builtin_function_or_method": types.BuiltinFunctionType,
    "type": type,
}
"""Name of the type of a callable of the learner's → what ``isinstance`` takes it for."""

_NAMED = ("bool", "int", "float", "complex", "str", "bytes", "bytearray", "list", "tuple", "dict", "set", "frozenset",
          "range", "slice", "object", "type")  # fmt: skip
_TYPES: dict[str, type] = {**{name: getattr(builtins, name) for name in _NAMED}, "ndarray": np.ndarray}
_NAMES = {kind: name for name, kind in _TYPES.items()}


class UntoldType:
    """A type in an annotation that has no name on the wire."""

    __slots__ = ("_refuse", "_text")

    def __init__(self, text: str, refuse: Callable[[str], NoReturn]) -> None:
        self._text, self._refuse = text, refuse

    def __repr__(self) -> str:
        return self._text

    def __eq__(self, other: object) -> bool:
        self._refuse(f"compares the annotation {self._text}")

    def __hash__(self) -> int:
        self._refuse(f"looks for the annotation {self._text}")


def fact_of(thing: Any, name: str) -> Any:
    """Return the plain data that tells a fact; in the learner's process.

    Raises:
        AttributeError: it has none.
    """
    if name == "__annotations__":
        return {str(key): _told(value) for key, value in thing.__annotations__.items()}
    if name == "__signature__":
        try:
            found = inspect.signature(thing)
        except (TypeError, ValueError) as error:
            raise AttributeError(str(error)) from None
        empty = inspect.Parameter.empty
        each = found.parameters.values()
        defaults = {one.name: one.default for one in each if one.default is not empty}
        hints = {one.name: _told(one.annotation) for one in each if one.annotation is not empty}
        result = () if found.return_annotation is empty else (_told(found.return_annotation),)
        return [(one.name, int(one.kind)) for one in each], defaults, hints, result
    return getattr(thing, name)


def fact_from(name: str, told: Any, refuse: Callable[[str], NoReturn]) -> Any:
    """Return the fact that :func:`fact_of` told; in the examiner.

    Args:
        refuse: called with what the test does, where it asks for more than is told.

    Raises:
        Malformed: it is no such fact.
    """
    if name not in ("__annotations__", "__signature__"):
        return told
    try:
        if name == "__annotations__":
            return {key: _type(value, refuse) for key, value in told.items()}
        parameters, defaults, hints, result = told
        empty = inspect.Parameter.empty
        hint = {key: _type(value, refuse) for key, value in hints.items()}
        return inspect.Signature(
            [
                inspect.Parameter(one, kind, default=defaults.get(one, empty), annotation=hint.get(one, empty))
                for one, kind in parameters
            ],
            return_annotation=_type(result[0], refuse) if result else empty,
        )
    except (TypeError, ValueError, AttributeError, KeyError, IndexError, RecursionError) as error:
        raise Malformed(f"no {name.strip('_')} of a function") from error


def _told(value: Any) -> Any:
    """A type as plain data: ("type", name), ("of", outer, inner …), ("text", value), ("none",), ("other", how it looks)."""
    if value is None or value is type(None):
        return ("none",)
    if type(value) is str:
        return ("text", value)
    if type(value) is types.GenericAlias:
        return ("of", _told(value.__origin__), *(_told(one) for one in value.__args__))
    name = _NAMES.get(value) if isinstance(value, type) else None
    return ("type", name) if name else ("other", str(value)[:200])


def _type(told: Any, refuse: Callable[[str], NoReturn]) -> Any:
    kind, *rest = told
    if kind == "none":
        return None
    if kind == "text":
        return str(rest[0])
    if kind == "type":
        return _TYPES[rest[0]]
    if kind == "of":
        outer, *inner = (_type(one, refuse) for one in rest)
        return types.GenericAlias(outer, tuple(inner))
    return UntoldType(str(rest[0])[:200], refuse)
