"""A learner's function's metadata: ``__doc__``, ``__name__``, ``__annotations__``, its signature.

They cross as plain data. Types in annotations cross by name; a type without a name here crosses as
its text and refuses to be compared. A test that asks for what is not plain data, such as
``__code__``, is at fault.
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
"""Attributes that a test may ask for and that are not plain data."""
KINDS: dict[str, type] = {
    "function": types.FunctionType,
    "builtin_function_or_method": types.BuiltinFunctionType,
    "type": type,
}
"""Type name of a learner's callable → the type that ``isinstance`` takes it for."""

_NAMED = ("bool", "int", "float", "complex", "str", "bytes", "bytearray", "list", "tuple", "dict", "set", "frozenset",
          "range", "slice", "object", "type")  # fmt: skip
_TYPES: dict[str, type] = {**{name: getattr(builtins, name) for name in _NAMED}, "ndarray": np.ndarray}
_NAMES = {kind: name for name, kind in _TYPES.items()}


class UnknownType:
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
    """Return a fact as plain data; runs in the learner's process.

    Raises:
        AttributeError: `thing` does not have it.
    """
    if name == "__annotations__":
        return {str(key): _encode_type(value) for key, value in thing.__annotations__.items()}
    if name == "__signature__":
        try:
            signature = inspect.signature(thing)
        except (TypeError, ValueError) as error:
            raise AttributeError(str(error)) from None
        empty = inspect.Parameter.empty
        parameters = signature.parameters.values()
        defaults = {p.name: p.default for p in parameters if p.default is not empty}
        hints = {p.name: _encode_type(p.annotation) for p in parameters if p.annotation is not empty}
        result = () if signature.return_annotation is empty else (_encode_type(signature.return_annotation),)
        return [(p.name, int(p.kind)) for p in parameters], defaults, hints, result
    return getattr(thing, name)


def fact_from(name: str, encoded: Any, refuse: Callable[[str], NoReturn]) -> Any:
    """Return the fact that :func:`fact_of` encoded; runs in the examiner.

    Args:
        refuse: called with what the test does if it asks for more than was encoded.

    Raises:
        Malformed: it is not such a fact.
    """
    if name not in ("__annotations__", "__signature__"):
        return encoded
    try:
        if name == "__annotations__":
            return {key: _decode_type(value, refuse) for key, value in encoded.items()}
        parameters, defaults, hints, result = encoded
        empty = inspect.Parameter.empty
        hint = {key: _decode_type(value, refuse) for key, value in hints.items()}
        return inspect.Signature(
            [
                inspect.Parameter(key, kind, default=defaults.get(key, empty), annotation=hint.get(key, empty))
                for key, kind in parameters
            ],
            return_annotation=_decode_type(result[0], refuse) if result else empty,
        )
    except (TypeError, ValueError, AttributeError, KeyError, IndexError, RecursionError) as error:
        raise Malformed(f"invalid {name.strip('_')} of a function") from error


def _encode_type(value: Any) -> Any:
    """A type as ("type", name), ("of", outer, inner …), ("text", value), ("none",) or ("other", repr)."""
    if value is None or value is type(None):
        return ("none",)
    if type(value) is str:
        return ("text", value)
    if type(value) is types.GenericAlias:
        return ("of", _encode_type(value.__origin__), *(_encode_type(argument) for argument in value.__args__))
    name = _NAMES.get(value) if isinstance(value, type) else None
    return ("type", name) if name else ("other", str(value)[:200])


def _decode_type(encoded: Any, refuse: Callable[[str], NoReturn]) -> Any:
    kind, *rest = encoded
    if kind == "none":
        return None
    if kind == "text":
        return str(rest[0])
    if kind == "type":
        return _TYPES[rest[0]]
    if kind == "of":
        outer, *inner = (_decode_type(part, refuse) for part in rest)
        return types.GenericAlias(outer, tuple(inner))
    return UnknownType(str(rest[0])[:200], refuse)
