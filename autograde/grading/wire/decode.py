"""Bytes → plain data; anything that an honest process would not send is Malformed."""

import struct
from collections.abc import Callable
from typing import Any

import numpy as np

from autograde.grading.wire import models
from autograde.grading.wire.arrays import build_generator, set_state
from autograde.grading.wire.errors import build_exception
from autograde.grading.wire.frames import Malformed, NotPlain
from autograde.grading.wire.read import Reader
from autograde.grading.wire.types import is_key

_MARGIN = 8
"""Levels of depth for values that are not containers, such as the parts of a generator's state."""

_I64, _F64, _C128 = struct.Struct("<q"), struct.Struct("<d"), struct.Struct("<dd")


class Decoder(Reader):
    """Reads values."""

    def get(self) -> Any:
        """Read a value.

        Raises:
            Malformed: an honest process would not send it.
        """
        self._items += 1
        if self._items > self._limits.items:
            raise Malformed("too many values")
        self._depth += 1
        if self._depth > self._limits.depth + _MARGIN:
            raise Malformed("values too deep")
        try:
            read = _READERS[self._body[self._at]]
        except LookupError:
            raise Malformed("a value cut short, or of an unknown type") from None
        self._at += 1
        value = read(self)
        self._depth -= 1
        return value

    def get_count(self) -> int:
        """Read the number of values that follow."""
        count = self.get()
        if type(count) is not int or not 0 <= count <= self._limits.items:
            raise Malformed("an impossible number of values")
        return count

    def get_content(self, target: Any) -> Callable[[], None]:
        """Read a container's new content; return a function that updates ``target`` with it."""
        kind = type(target)
        if kind is np.ndarray:
            if self._take(1) != b"c":
                raise Malformed("a change that is not an array")
            array = self._array()
            if array.dtype != target.dtype or array.shape != target.shape:
                raise Malformed("an array argument that changed its dtype or shape")
            return lambda: _write_array(target, array)
        if kind is np.random.Generator:
            state = self.get()
            return lambda: set_state(target, state)
        count = self.get_count()
        if kind is dict:
            items = {}
            for _ in range(count):
                key = self._key()
                items[key] = self.get()
            return lambda: (target.clear(), target.update(items))[1]
        if kind is set:
            members = {self._key() for _ in range(count)}
            return lambda: (target.clear(), target.update(members))[1]
        if kind is not list:
            raise Malformed("a change of an immutable value")
        values = [self.get() for _ in range(count)]
        return lambda: target.__setitem__(slice(None), values)

    def _key(self) -> Any:
        key = self.get()
        if not is_key(key):
            raise Malformed("a mutable key")
        return key

    def _int(self) -> int:
        at, self._at = self._at, self._at + 8
        try:
            value: int = _I64.unpack_from(self._body, at)[0]
        except struct.error:
            raise Malformed("a value cut short") from None
        return value

    def _big_int(self) -> int:
        data = self._take(self._length())
        if len(data) > 1 << 16:
            raise Malformed("an integer above the limit")
        return int.from_bytes(data, "little", signed=True)

    def _text(self) -> str:
        try:
            return self._take(self._length()).decode("utf-8", "surrogatepass")
        except UnicodeDecodeError as error:
            raise Malformed("invalid text") from error

    def _range(self) -> range:
        parts = [self.get() for _ in range(3)]
        if not all(type(part) is int for part in parts) or parts[2] == 0:
            raise Malformed("an impossible range")
        return range(*parts)

    def _slice(self) -> slice:
        parts = [self.get() for _ in range(3)]
        if not all(part is None or type(part) is int or isinstance(part, np.generic) for part in parts):
            raise Malformed("an impossible slice")
        return slice(*parts)

    def _tuple(self) -> tuple[Any, ...]:
        return tuple([self.get() for _ in range(self._length())])

    def _list(self) -> list[Any]:
        count = self._length()
        value: list[Any] = []
        number = self._meet(value)
        before = self._begin(number)
        for _ in range(count):
            value.append(self.get())
        self._end(number, before)
        return value

    def _set(self) -> set[Any]:
        value: set[Any] = set()
        number = self._meet(value)
        before = self._begin(number)
        value |= self._members()
        self._end(number, before)
        return value

    def _frozenset(self) -> frozenset[Any]:
        return frozenset(self._members())

    def _members(self) -> set[Any]:
        members = set()
        for _ in range(self._length()):  # a loop that an alarm can interrupt: keys may collide on purpose
            members.add(self._key())
        return members

    def _dict(self) -> dict[Any, Any]:
        count = self._length()
        value: dict[Any, Any] = {}
        number = self._meet(value)
        before = self._begin(number)
        for _ in range(count):
            key = self._key()
            value[key] = self.get()
        self._end(number, before)
        return value

    def _ndarray(self) -> np.ndarray:
        number = self._meet(None)
        before = self._items, self._bytes
        self.met[number] = array = self._array()
        self._sizes[number] = self._items - before[0], self._bytes - before[1]
        return array

    def _scalar(self) -> Any:
        array = self._array()
        if array.shape != ():
            raise Malformed("a scalar with axes")
        return array[()]

    def _generator(self) -> np.random.Generator:
        number = self._meet(None)
        before = self._begin(number)
        value = build_generator(self.get(), self.get(), self.get())
        self._end(number, before)
        self.met[number] = value
        return value

    def _model(self) -> Any:
        number = self._meet(None)
        before = self._begin(number)
        config, weights = self.get(), self.get()
        self._end(number, before)
        try:
            self.met[number] = models.build_model(config, weights)
        except NotPlain as error:
            self.problem = str(error)
        return self.met[number]

    def _exception(self) -> BaseException:
        return build_exception(self.get(), self.get())

    def _object(self, theirs: bool) -> Any:
        number, name, is_callable = self.get(), self.get(), self.get()
        if type(number) is not int or type(name) is not str or type(is_callable) is not bool:
            raise Malformed("an impossible handle")
        try:
            return self._resolve(theirs, number, name, is_callable)
        except NotPlain as error:  # the rest is still read, so that the connection stays usable
            self.problem = str(error)
        return None


def _write_array(target: np.ndarray, array: np.ndarray) -> None:
    if not target.flags.writeable:
        raise Malformed("a change of a read-only array")
    target[...] = array


_READERS: dict[int, Callable[[Decoder], Any]] = {
    ord("0"): lambda d: None,
    ord("T"): lambda d: True,
    ord("F"): lambda d: False,
    ord("e"): lambda d: ...,
    ord("i"): Decoder._int,
    ord("I"): Decoder._big_int,
    ord("f"): lambda d: d._unpack(_F64)[0],
    ord("z"): lambda d: complex(*d._unpack(_C128)),
    ord("s"): Decoder._text,
    ord("b"): lambda d: bytes(d._take(d._length())),
    ord("R"): Decoder._range,
    ord("S"): Decoder._slice,
    ord("t"): Decoder._tuple,
    ord("l"): Decoder._list,
    ord("u"): Decoder._set,
    ord("U"): Decoder._frozenset,
    ord("d"): Decoder._dict,
    ord("a"): Decoder._ndarray,
    ord("p"): Decoder._scalar,
    ord("g"): Decoder._generator,
    ord("k"): Decoder._model,
    ord("x"): Decoder._exception,
    ord("h"): lambda d: d._object(True),
    ord("y"): lambda d: d._object(False),
    ord("r"): Decoder._again,
}
