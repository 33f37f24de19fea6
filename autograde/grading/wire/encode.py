"""Plain data → bytes. Types are exact: an instance of a subclass of a plain type does not cross.

Containers are numbered in the order they are met, so that one that appears twice in a message
arrives as one object. A reply continues the numbers of its call, so that a returned argument is the
caller's own object and in-place changes of arguments reach the caller.
"""

import struct
import sys
from collections.abc import Callable
from typing import Any

import numpy as np

from autograde.grading.wire import models
from autograde.grading.wire.arrays import generator_parts
from autograde.grading.wire.errors import exception_parts
from autograde.grading.wire.frames import NotPlain
from autograde.grading.wire.types import CONTAINERS, OBJECTS, PLAIN, SCALARS, is_key
from autograde.grading.wire.write import Writer

_I64, _F64, _C128 = struct.Struct("<q"), struct.Struct("<d"), struct.Struct("<dd")
_MODULE = type(sys)


class Encoder(Writer):
    """Writes values."""

    def put(self, value: Any) -> None:
        """Append a value.

        Raises:
            NotPlain: it does not cross.
        """
        self._items += 1
        if self._items > self._limits.items:
            raise NotPlain(f"data of more than {self._limits.items} values")
        kind = type(value)
        write = _WRITERS.get(kind)
        if write is not None:
            write(self, value)
        elif kind in SCALARS:
            self._array(b"p", np.asarray(value))
        else:
            self._other(kind, value)

    def put_content(self, value: Any) -> None:
        """Append a container's current content, so that the other side can update its own."""
        kind = type(value)
        if kind is np.ndarray:
            self._array(b"c", value)
        elif kind is np.random.Generator:
            self.put(generator_parts(value)[1])
        elif kind is dict:
            self.put(len(value))
            for key, item in list(value.items()):
                self._key(key)
                self.put(item)
        else:
            self.put(len(value))
            for item in list(value):
                (self._key if kind is set else self.put)(item)

    def _other(self, kind: type, value: Any) -> None:
        if kind in OBJECTS:
            self._object(value)
        elif issubclass(kind, BaseException):
            self.body += b"x"
            names, message = exception_parts(value)
            self.put(names)
            self.put(message)
        elif models.is_tensor(value):
            self.put(np.asarray(value.numpy()))
        elif models.is_model(value):
            if not self._meet(value):
                config, weights = models.model_parts(value)
                self.body += b"k"
                before = self._begin(value)
                self.put(config)
                self.put(weights)
                self._end(before, value)
        elif issubclass(kind, CONTAINERS) and kind.__module__ == "__main__":  # a cell's class makes objects
            self._object(value)
        elif issubclass(kind, PLAIN):
            base = next(base for base in kind.__mro__ if base in PLAIN or base in SCALARS)
            raise NotPlain(f"{_named(kind)}, which derives from {base.__name__}; write a {base.__name__} itself")
        elif kind is _MODULE:
            raise NotPlain("a module; write the function or the data that is meant")
        else:
            self._object(value)

    def _object(self, value: Any) -> None:
        owner, number, name, is_callable = self._export(value)
        self._items += 3
        self.body += (b"hi" if owner == "mine" else b"yi") + _I64.pack(number)
        self._str(name[:100])
        self._bool(is_callable)

    def _key(self, value: Any) -> None:
        if not is_key(value):
            raise NotPlain(f"{_named(type(value))} as a key or in a set; use numbers and text there")
        self.put(value)

    def _none(self, value: None) -> None:
        self.body += b"0"

    def _bool(self, value: bool) -> None:
        self.body += b"T" if value else b"F"

    def _ellipsis(self, value: Any) -> None:
        self.body += b"e"

    def _int(self, value: int) -> None:
        if -(1 << 63) <= value < 1 << 63:
            self.body += b"i" + _I64.pack(value)
        else:
            size = value.bit_length() // 8 + 1
            if size > 1 << 16:
                raise NotPlain("an integer of more than 500,000 bits")
            self._length(b"I", size)
            self.body += value.to_bytes(size, "little", signed=True)

    def _float(self, value: float) -> None:
        self.body += b"f" + _F64.pack(value)

    def _complex(self, value: complex) -> None:
        self.body += b"z" + _C128.pack(value.real, value.imag)

    def _str(self, value: str) -> None:
        data = value.encode("utf-8", "surrogatepass")
        self._length(b"s", len(data))
        self.body += data

    def _bytes_(self, value: bytes) -> None:
        self._length(b"b", len(value))
        self.body += value

    def _range(self, value: range) -> None:
        self.body += b"R"
        for part in (value.start, value.stop, value.step):
            self.put(part)

    def _slice(self, value: slice) -> None:
        self.body += b"S"
        for part in (value.start, value.stop, value.step):
            if type(part) not in (type(None), int) and type(part) not in SCALARS:
                raise NotPlain("a slice of anything but numbers")
            self.put(part)

    def _tuple(self, value: tuple[Any, ...]) -> None:
        self._length(b"t", len(value))
        before = self._begin()
        for item in value:
            self.put(item)
        self._end(before)

    def _list(self, value: list[Any]) -> None:
        if not self._meet(value):
            items = list(value)  # another thread may be changing it
            self._length(b"l", len(items))
            before = self._begin(value)
            for item in items:
                self.put(item)
            self._end(before, value)

    def _set(self, value: set[Any]) -> None:
        if not self._meet(value):
            before = self._begin(value)
            self._keys(b"u", list(value))
            self._end(before, value)

    def _frozenset(self, value: frozenset[Any]) -> None:
        self._keys(b"U", list(value))

    def _keys(self, tag: bytes, items: list[Any]) -> None:
        self._length(tag, len(items))
        for item in items:
            self._key(item)

    def _dict(self, value: dict[Any, Any]) -> None:
        if not self._meet(value):
            items = list(value.items())
            self._length(b"d", len(items))
            before = self._begin(value)
            for key, item in items:
                self._key(key)
                self.put(item)
            self._end(before, value)

    def _ndarray(self, value: np.ndarray) -> None:
        if not self._meet(value):
            before = self._items, self._bytes
            self._array(b"a", value)
            self._sizes[id(value)] = self._items - before[0], self._bytes - before[1]

    def _generator(self, value: np.random.Generator) -> None:
        if not self._meet(value):
            parts = generator_parts(value)
            self.body += b"g"
            before = self._begin(value)
            for part in parts:
                self.put(part)
            self._end(before, value)


_WRITERS: dict[type, Callable[[Encoder, Any], None]] = {
    type(None): Encoder._none,
    bool: Encoder._bool,
    int: Encoder._int,
    float: Encoder._float,
    complex: Encoder._complex,
    str: Encoder._str,
    bytes: Encoder._bytes_,
    type(...): Encoder._ellipsis,
    range: Encoder._range,
    slice: Encoder._slice,
    tuple: Encoder._tuple,
    list: Encoder._list,
    set: Encoder._set,
    frozenset: Encoder._frozenset,
    dict: Encoder._dict,
    np.ndarray: Encoder._ndarray,
    np.random.Generator: Encoder._generator,
}


def _named(kind: type) -> str:
    return f"a value of type {kind.__module__}.{kind.__qualname__}"[:120].replace(" of type builtins.", " of type ")
