"""Which types are plain, and which of them may be keys."""

from collections.abc import Iterator
from types import FunctionType
from typing import Any

import numpy as np

INLINE = 4096
"""Largest array, in bytes, that is part of the body; larger ones follow it uncopied."""

RESTORED: tuple[type, ...] = (list, dict, set, np.ndarray, np.random.Generator)
"""Types whose in-place changes by a function reach the caller."""

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
"""Types that always stay on their side: functions, and proxies for the other side's objects."""

PLAIN = (bool, int, float, complex, str, bytes, list, tuple, dict, set, frozenset, np.ndarray, np.generic)
"""Types whose subclasses are refused; of containers, only subclasses not defined in a cell."""

CONTAINERS = (list, tuple, dict, set, frozenset)
"""Bases a class may have and still make objects.

Numbers, texts and arrays are values, whatever their class.
"""

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
