"""Whether a function changed a list, dict, set, array or generator argument in place."""

import operator
import sys
from typing import Any

import numpy as np

from autograde.grading.wire.arrays import same_bytes
from autograde.grading.wire.frames import NotPlain

_SMALL = 1 << 16  # bytes of an array compared at once


def snapshot(value: Any) -> Any:
    """Return what :func:`has_changed` needs to tell whether a container was changed in place."""
    kind = type(value)
    if kind is np.ndarray:
        if not value.flags.writeable:
            return None
        return value.shape, value.dtype, value.tobytes() if value.nbytes < _SMALL else value.copy(order="C")
    if kind is np.random.Generator:
        return _state(value)
    if kind is dict:
        return tuple(value.items())
    return tuple(value) if kind in (list, set) else None


def has_changed(value: Any, before: Any) -> bool:
    """Whether a container has changed since its :func:`snapshot`; elements are compared by
    identity.

    Raises:
        NotPlain: an array's shape or dtype has changed.
    """
    kind = type(value)
    if before is None:
        return False
    if kind is np.ndarray:
        shape, dtype, held = before
        if value.shape != shape or value.dtype != dtype:
            raise NotPlain("an argument whose shape or dtype was changed in place; make a new array instead")
        return value.tobytes() != held if type(held) is bytes else not same_bytes(value, held)
    if kind is np.random.Generator:
        return bool(_state(value) != before)
    if kind is dict:
        items = list(value.items())
        return len(items) != len(before) or any(
            a is not c or b is not d for (a, b), (c, d) in zip(items, before, strict=True)
        )
    if kind is set:
        return {id(item) for item in value} != {id(item) for item in before}
    return kind is list and (len(value) != len(before) or any(map(operator.is_not, value, before)))


def _state(generator: np.random.Generator) -> str:
    with np.printoptions(threshold=sys.maxsize):
        return repr(generator.bit_generator.state)
