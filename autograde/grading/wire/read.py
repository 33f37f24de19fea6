"""Reads an untrusted message: lengths, numbers and totals are checked before they are used."""

import struct
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograde.grading.wire.arrays import AXES, check_content, empty_array, read_dtype, room, small_array
from autograde.grading.wire.frames import Limits, Malformed, NotPlain
from autograde.grading.wire.types import INLINE

Resolve = Callable[[bool, int, str, bool], Any]
"""(whether the object lives on the other side, number, type name, whether it is callable) → object."""

_U32 = struct.Struct("<I")


class Reader:
    """The unread part of a message.

    Args:
        body: the frame's body.
        payload: number of array bytes that follow it.
        fill: reads the next of them into a view.
        limits: what exceeds them is Malformed, since an honest sender keeps them too.
        resolve: returns a handle for an object of the other side, or this side's object for its
            number.
        known: containers that the other side already has, numbered from 0.
    """

    def __init__(
        self,
        body: bytearray,
        payload: int,
        fill: Callable[[memoryview], None],
        limits: Limits,
        resolve: Resolve,
        known: Sequence[Any] = (),
    ) -> None:
        self.met: list[Any] = list(known)
        self._body, self._size, self._at = body, len(body), 0
        self._payload, self._fill = payload, fill
        self._limits, self._resolve = limits, resolve
        self._sizes: dict[int, tuple[int, int]] = {}
        self._open: set[int] = set()
        self._items = self._bytes = self._depth = 0
        self.problem: str | None = None

    def finish(self) -> None:
        """Check that the message was read to its end.

        Raises:
            NotPlain: the message is whole, but a model in it cannot be rebuilt here.
        """
        if self._at != self._size or self._payload:
            raise Malformed("bytes left over")
        if self.problem is not None:
            raise NotPlain(self.problem)

    def _take(self, count: int) -> bytearray:
        data = self._body[self._at : self._at + count]
        if len(data) != count:
            raise Malformed("a value cut short")
        self._at += count
        return data

    def _unpack(self, form: struct.Struct) -> tuple[Any, ...]:
        at, self._at = self._at, self._at + form.size
        try:
            return form.unpack_from(self._body, at)
        except struct.error:
            raise Malformed("a value cut short") from None

    def _length(self) -> int:
        try:
            length: int = _U32.unpack_from(self._body, self._at)[0]
        except struct.error:
            raise Malformed("a value cut short") from None
        self._at += 4
        if length > self._size - self._at:  # each value takes at least a byte
            raise Malformed("a length beyond the end")
        return length

    def _meet(self, value: Any) -> int:
        self.met.append(value)
        return len(self.met) - 1

    def _begin(self, number: int) -> tuple[int, int]:
        self._open.add(number)
        return self._items, self._bytes

    def _end(self, number: int, before: tuple[int, int]) -> None:
        self._open.discard(number)
        self._sizes[number] = self._items - before[0], self._bytes - before[1]

    def _again(self) -> Any:
        number = self._unpack(_U32)[0]
        if number >= len(self.met) or number in self._open:
            raise Malformed("a reference to nothing")
        items, size = self._sizes.get(number, (0, 0))
        self._items, self._bytes = self._items + items, self._bytes + size
        if self._items > self._limits.items or self._bytes > self._limits.frame_bytes:
            raise Malformed("too many values")
        return self.met[number]

    def _array(self) -> np.ndarray:
        body, at = self._body, self._at + 1
        try:
            end = at + body[at - 1]
            writeable, axes = body[end], body[end + 1]
            shape = AXES[axes].unpack_from(body, end + 2)
        except (IndexError, struct.error):
            raise Malformed("an array cut short, or with impossible axes") from None
        dtype = read_dtype(bytes(body[at:end]))
        self._at = end + 2 + 8 * axes
        size = dtype.itemsize
        for length in shape:
            if not 0 <= length < 1 << 40:
                raise Malformed("an array with impossible axes")
            size *= length
        self._bytes += size or room(shape, dtype.itemsize)
        if size > (self._size - self._at if size <= INLINE else self._payload):
            raise Malformed("an array with more values than bytes")
        if self._bytes > self._limits.frame_bytes:
            raise Malformed("too many bytes")
        if size > INLINE:
            array = empty_array(dtype, shape)
            self._payload -= size
            self._fill(array.reshape(-1).view(np.uint8).data)
        elif size:
            array = small_array(dtype, shape, self._take(size))
        else:
            array = empty_array(dtype, shape)
        check_content(array)
        if not writeable:
            array.flags.writeable = False
        return array
