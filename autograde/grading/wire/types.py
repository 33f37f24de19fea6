"""Which types are plain, and which of them may be keys."""

from collections.abc import Iterator
from types import FunctionType
from typing import Any

import numpy as np

INLINE = 4096
"""Bytes up to which an array travels in the body; bigger ones follow it, uncopied."""

RESTORED: tuple[type, ...] = (list, dict, set, np.ndarray, np.random.Generator)
"""What a function may change in place so that its caller sees the change."""

SCALARS = {
    getattr(np, name)
    for name in [
        "bool_",
        "int8",
        "int16",
        "int32",
        "int64",
        "uint8",
        "uint16",
        "uint32",
        "uint64",
        "longlong",
        "ulonglong",
        "intc",
        "uintc",
        "float16",
        "float32",
        "float64",
        "longdouble",
        "complex64",
        "complex128",
        "clongdouble",
        "str_",
        "bytes_",
        "datetime64",
        "timedelta64",
    ]
}
"""NumPy's scalar types that cross."""

OBJECTS: set[type] = {FunctionType}
"""Types of what surely stays on its side: functions, and what stands on one side for an object of the other."""

PLAIN = (bool, int, float, complex, str, bytes, list, tuple, dict, set, frozenset, np.ndarray, np.generic)
"""Types whose subclasses are refused; those of containers only where no cell defines them."""

CONTAINERS = (list, tuple, dict, set, frozenset)
"""What a class may derive from and still make objects: numbers, texts and arrays are values, whatever their class."""

_KEYS = (type(None), bool, int, float, complex, str, bytes, range)


def is_key(value: Any) -> bool:
    """Whether a value may be a key or a member of a set: immutable plain data throughout."""
    if type(value) in _KEYS:
        return True
    return all(type(leaf) in _KEYS or type(leaf) in SCALARS for leaf in _leaves(value, 8))


def _leaves(value: Any, depth: int) -> Iterator[Any]:
    if type(value) in (tuple, frozenset) and depth:
        for item in value:
            yield from _leaves(item, depth - 1)
    else:
        yield value
