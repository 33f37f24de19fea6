"""Writes a message: its bytes, the containers it has numbered, and how much of its limits is used."""

import struct
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograde.grading.wire.arrays import AXES, dtype_code, flat_bytes, room
from autograde.grading.wire.frames import Limits, NotPlain
from autograde.grading.wire.types import INLINE, RESTORED

Export = Callable[[Any], tuple[str, int, str, bool]]
"""Object → (owner ``mine`` or ``yours``, number, type name, whether it is callable); or NotPlain."""

_U32 = struct.Struct("<I")


class Writer:
    """The message written so far.

    Args:
        limits: what exceeds them is NotPlain.
        export: numbers an object that stays on this side.
        known: containers that the other side already has, numbered from 0.
    """

    def __init__(self, limits: Limits, export: Export, known: Sequence[Any] = ()) -> None:
        self.body = bytearray()
        self.buffers: list[memoryview] = []
        self.met: list[Any] = list(known)
        self._limits, self._export = limits, export
        self._numbers = {id(value): number for number, value in enumerate(known) if type(value) in RESTORED}
        self._open: set[int] = set()
        self._sizes: dict[int, tuple[int, int]] = {}
        self._items = self._bytes = self._depth = 0

    def _meet(self, value: Any) -> bool:
        """Whether the other side knows this container; if not, it is now numbered."""
        number = self._numbers.get(id(value))
        if number is None:
            self._numbers[id(value)] = len(self.met)
            self.met.append(value)
            return False
        if id(value) in self._open:
            raise NotPlain(f"a {type(value).__name__} that contains itself")
        items, size = self._sizes.get(id(value), (0, 0))
        self._items, self._bytes = self._items + items, self._bytes + size
        if self._bytes > self._limits.frame_bytes or self._items > self._limits.items:
            raise NotPlain(f"data of more than {self._limits.items} values or {self._limits.frame_bytes >> 20} MiB")
        self.body += b"r" + _U32.pack(number)
        return True

    def _begin(self, value: Any = None) -> tuple[int, int]:
        """Begin a level of depth, for `value` if it is a numbered container."""
        self._depth += 1
        if self._depth > self._limits.depth:
            raise NotPlain(f"containers more than {self._limits.depth} deep")
        if value is not None:
            self._open.add(id(value))
        return self._items, self._bytes

    def _end(self, before: tuple[int, int], value: Any = None) -> None:
        """End the level; remember a container's size for when it is met again."""
        self._depth -= 1
        if value is not None:
            self._open.discard(id(value))
            self._sizes[id(value)] = self._items - before[0], self._bytes - before[1]

    def finish(self) -> None:
        """Check the size of the whole message."""
        if len(self.body) > self._limits.body_bytes:
            raise NotPlain(f"data of more than {self._limits.body_bytes >> 20} MiB")

    def _length(self, tag: bytes, count: int) -> None:
        if count > self._limits.body_bytes or len(self.body) > self._limits.body_bytes:
            raise NotPlain(f"data of more than {self._limits.body_bytes >> 20} MiB")
        self.body += tag + _U32.pack(count)

    def _array(self, tag: bytes, value: np.ndarray) -> None:
        code = dtype_code(value.dtype)
        self._bytes += value.nbytes or room(value.shape, value.itemsize)
        if self._bytes > self._limits.frame_bytes:
            raise NotPlain(f"arrays of more than {self._limits.frame_bytes >> 20} MiB")
        shape = value.shape
        self.body += tag + bytes((len(code),)) + code + bytes((value.flags.writeable, len(shape)))
        self.body += AXES[len(shape)].pack(*shape)
        if value.nbytes <= INLINE:
            self.body += value.tobytes()
        else:
            self.buffers.append(flat_bytes(value))
