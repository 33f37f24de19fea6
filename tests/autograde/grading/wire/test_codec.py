"""Plain data crosses unchanged, exact types only, within bounds."""

import contextlib
import math
import struct
from collections import OrderedDict
from decimal import Decimal
from enum import IntEnum
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from wire_peers import cross, decode

from autograde.grading.wire.arrays import GENERATORS
from autograde.grading.wire.encode import Encoder
from autograde.grading.wire.frames import Limits, Malformed, NotPlain

DTYPES = (
    npst.boolean_dtypes() | npst.integer_dtypes(endianness="?") | npst.floating_dtypes(endianness="?")
    | npst.complex_number_dtypes(endianness="?") | npst.datetime64_dtypes() | npst.timedelta64_dtypes()
    | npst.unicode_string_dtypes(max_len=5) | npst.byte_string_dtypes(max_len=5)
)  # fmt: skip
ARRAYS = npst.arrays(DTYPES, npst.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=5))
SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.complex_numbers() | st.binary()
    | st.text(st.characters())
)  # fmt: skip
KEYS = st.recursive(SCALARS, lambda inner: st.tuples(inner, inner) | st.frozensets(inner, max_size=3), max_leaves=4)
PLAIN = st.recursive(
    SCALARS
    | ARRAYS
    | KEYS
    | st.builds(range, st.integers(), st.integers(), st.integers(1, 9))
    | st.sets(KEYS, max_size=4),
    lambda inner: st.lists(inner, max_size=4) | st.tuples(inner, inner) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=20,
)


def same(a: Any, b: Any) -> bool:
    """Whether two values are of one type and hold the same, bit for bit."""
    if type(a) is not type(b):
        return False
    if isinstance(a, np.ndarray):
        return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()
    if isinstance(a, np.generic):
        return a.dtype == b.dtype and a.tobytes() == b.tobytes()
    if isinstance(a, float):
        return struct.pack("d", a) == struct.pack("d", b)
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return len(a) == len(b) and all(map(same, a.keys(), b.keys())) and all(map(same, a.values(), b.values()))
    if isinstance(a, (set, frozenset)):
        return sorted(map(ordered, a)) == sorted(map(ordered, b))
    return repr(a) == repr(b)


def ordered(key: Any) -> str:
    """The text of a key, whatever the order in which its sets keep their members."""
    if isinstance(key, frozenset):
        return f"frozenset{sorted(map(ordered, key))}"
    return f"tuple{[ordered(item) for item in key]}" if isinstance(key, tuple) else repr(key)


@given(PLAIN)
def test_plain_data_arrives_as_it_was(value: Any) -> None:
    assert same(cross(value), value)


@given(PLAIN, st.integers(0, 30), st.integers(0, 200), st.integers(1, 4))
def test_what_the_sender_lets_through_the_receiver_takes(value: Any, items: int, size: int, depth: int) -> None:
    limits = Limits(items=items, frame_bytes=size, body_bytes=2000, depth=depth)
    shared = [value, [value, value], value]
    try:
        arrived = cross(shared, limits)
    except NotPlain:
        return
    assert same(arrived, shared)


@given(st.binary(max_size=200), st.binary(max_size=50))
def test_any_bytes_are_read_or_refused(body: bytes, payload: bytes) -> None:
    with contextlib.suppress(Malformed, NotPlain):
        decode(body, payload)


@given(PLAIN, st.data())
def test_a_message_with_a_flipped_byte_is_read_or_refused(value: Any, data: st.DataObject) -> None:
    message = Encoder(Limits(), lambda thing: ("mine", 1, "x", False))
    message.put([value, np.random.default_rng(1), ValueError("x")])
    body = bytearray(message.body)
    at = data.draw(st.integers(0, len(body) - 1))
    body[at] = data.draw(st.integers(0, 255))
    with contextlib.suppress(Malformed, NotPlain):
        decode(bytes(body), b"".join(map(bytes, message.buffers)))


@pytest.mark.parametrize("name", GENERATORS)
def test_a_generator_continues_where_it_stood(name: str) -> None:
    here = np.random.Generator(GENERATORS[name](7))
    here.integers(0, 9, size=5, dtype=np.int32)
    there = cross(here)
    assert np.array_equal(there.random(9), here.random(9))
    assert np.array_equal(there.spawn(1)[0].random(3), here.spawn(1)[0].random(3))


@pytest.mark.parametrize("scalar", [np.float32(1.5), np.bool_(True), np.int8(-3), np.str_("a"), np.datetime64("2026-01-01"),
                                    np.longdouble(1) / 3, np.timedelta64(3, "s"), np.complex64(1j)])  # fmt: skip
def test_numpy_scalars_keep_their_type(scalar: Any) -> None:
    assert same(cross(scalar), scalar)


def test_big_arrays_keep_order_of_bytes_and_values_whatever_their_layout() -> None:
    table = np.arange(40_000, dtype=">i4").reshape(200, 200)
    for array in (table, table.T, table[::-3, 1::2], np.asfortranarray(table)):
        arrived = cross([array, 1])[0]
        assert arrived.dtype == array.dtype and np.array_equal(arrived, array)


def test_a_read_only_array_arrives_read_only() -> None:
    array = np.zeros(3)
    array.flags.writeable = False
    assert not cross(array).flags.writeable and cross(np.zeros(3)).flags.writeable


def test_one_container_that_stands_twice_arrives_as_one() -> None:
    inner, array = [1], np.zeros(2)
    arrived = cross([inner, inner, (array, {"a": array})])
    assert arrived[0] is arrived[1] and arrived[2][0] is arrived[2][1]["a"]
    rng = np.random.default_rng(1)
    arrived = cross([rng, ValueError("x"), inner, rng, inner])
    assert arrived[0] is arrived[3] and arrived[2] is arrived[4] and arrived[2] == [1]


class Level(IntEnum):
    LOW = 1


class Sly(int):
    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = int.__hash__


class Liar:
    """Says it is a float, and fails at everything else."""

    __class__ = float  # type: ignore[assignment]

    def __getattr__(self, name: str) -> Any:
        raise SystemExit(name)

    __reduce_ex__ = __array__ = __iter__ = __len__ = __eq__ = __repr__ = __getattr__  # type: ignore[assignment]
    __hash__ = None  # type: ignore[assignment]


@pytest.mark.parametrize(
    "value",
    [Level.LOW, Sly(3), OrderedDict(a=1), type("S", (str,), {})("x"), np.ma.array([1]), np.zeros(2).view(np.recarray),
     np.array([1, None]), np.zeros(2, dtype="i4,f4"), {type("S", (str,), {})("x"): 1}, {Sly(1)}, {(1, Liar): 2}, math],
)  # fmt: skip
def test_what_only_derives_from_a_plain_type_does_not_cross(value: Any) -> None:
    with pytest.raises(NotPlain):
        cross(value)


def test_what_is_no_data_stays_where_it_is_and_nothing_of_it_runs() -> None:
    for value in (Liar(), Decimal(1), memoryview(b"a"), (i for i in "ab"), len, object()):
        assert cross(value)[:3] == ("object", True, 1)


def test_a_container_that_contains_itself_does_not_cross() -> None:
    loop: list[Any] = []
    loop.append({"again": loop})
    with pytest.raises(NotPlain, match="contains itself"):
        cross(loop)


@pytest.mark.parametrize(
    ("limits", "value"),
    [(Limits(items=5), [1] * 6), (Limits(depth=3), [[[[1]]]]), (Limits(frame_bytes=100), np.zeros(20)),
     (Limits(body_bytes=100), "x" * 101), (Limits(), 1 << 600_000), (Limits(frame_bytes=100), [np.zeros(9)] * 2 + [[]])],
    ids=["items", "depth", "bytes", "text", "integer", "bytes of an array that stands twice"],
)  # fmt: skip
def test_bounds_are_kept_by_the_sender(limits: Limits, value: Any) -> None:
    with pytest.raises(NotPlain):
        cross(value, limits)


def test_a_container_that_stands_often_counts_each_time() -> None:
    bomb: list[Any] = [1]
    for _ in range(40):
        bomb = [bomb, bomb]
    with pytest.raises(NotPlain, match="more than"):
        cross(bomb)
    # the same by hand: forty lists of two, the second a reference to the first
    body = b"l\x02\x00\x00\x00" * 40 + b"00" + b"".join(b"r" + struct.pack("<I", n) for n in range(39, 0, -1))
    with pytest.raises(Malformed, match="too many values"):
        decode(body)


def array_bytes(code: bytes, shape: tuple[int, ...], data: bytes = b"") -> bytes:
    return (
        b"a" + bytes([len(code)]) + code + bytes([1, len(shape)]) + b"".join(struct.pack("<q", n) for n in shape) + data
    )


@pytest.mark.parametrize(
    "body",
    [
        b"", b"?", b"i", b"s\xff\xff\xff\xff", b"s\x01\x00\x00\x00\xff", b"l\xff\xff\xff\x7f", b"r\x00\x00\x00\x00",
        b"l\x01\x00\x00\x00r\x00\x00\x00\x00", b"00", b"x" * 5000, b"t\x01\x00\x00\x00" * 5000, b"R000", b"k00", b"g000",
        b"u\x01\x00\x00\x00l\x00\x00\x00\x00", b"d\x01\x00\x00\x00l\x00\x00\x00\x000",
        b"S" + b"l\x00\x00\x00\x00" * 3, b"R" + (b"i" + bytes(8)) * 3, b"hTTT", b"I\x00\x00\x00",
        array_bytes(b"|O", (1,), bytes(8)), array_bytes(b"<V8", (1,), bytes(8)), array_bytes(b"<f8", (-1,)),
        array_bytes(b"<f8", (1 << 62, 1 << 62)), array_bytes(b"<f8", (1 << 39, 0, 1 << 39)), array_bytes(b"|b1", (2,), b"\x01\x02"),
        array_bytes(b"<U1", (1,), b"\xff\xff\xff\x7f"), array_bytes(b"<f8", (1,) * 65, bytes(8)), array_bytes(b"<f8", (1,) * 255, bytes(8)), array_bytes(b"<f8", (2,), bytes(8)),
        array_bytes(b"<f8", (1 << 20,)), array_bytes(b"\xff\xff", (1,)), array_bytes(b"f8,O", (1,)), array_bytes(b"<U0", (3,)),
        b"p" + array_bytes(b"<f8", (1,), bytes(8))[1:],
    ],
)  # fmt: skip
def test_a_malformed_value_is_refused(body: bytes) -> None:
    with pytest.raises(Malformed):
        decode(body)


@pytest.mark.parametrize(
    "state",
    [None, {}, {"bit_generator": "MT19937", "state": {"key": np.zeros(624, "u4"), "pos": 1 << 40}},
     {"bit_generator": "MT19937", "state": {"key": np.zeros(3, "u4"), "pos": 0}},
     {"bit_generator": "MT19937", "state": {"key": np.zeros(624, "u4"), "pos": -1}},
     {"bit_generator": "PCG64", "state": {"key": np.zeros(624, "u4"), "pos": 1}},
     {"bit_generator": "MT19937", "state": {"key": np.zeros(624, "u4"), "pos": 1}}],
)  # fmt: skip
def test_a_generator_that_points_outside_of_its_table_is_refused(state: Any) -> None:
    message = Encoder(Limits(), lambda thing: ("mine", 1, "x", False))
    for part in ("MT19937", state, (0, (), 4, 0)):
        message.put(part)
    with pytest.raises(Malformed):
        decode(b"g" + bytes(message.body))


def test_a_generator_that_is_stuck_is_refused() -> None:
    """Found by fuzzing: ``integers`` of such a generator never returns, and no alarm reaches it there."""
    message = Encoder(Limits(), lambda thing: ("mine", 1, "x", False))
    state = np.random.PCG64(1).state
    state["state"] = {"state": 0, "inc": 0}
    for part in ("PCG64", state, (0, (), 4, 0)):
        message.put(part)
    with pytest.raises(Malformed, match="impossible state"):
        decode(b"g" + bytes(message.body))


@pytest.mark.parametrize("entropy", [np.zeros(0, "U3"), np.zeros(2), "1", 1.0, (1,)])
def test_a_seed_that_is_no_number_is_refused(entropy: Any) -> None:
    """Found by fuzzing: an empty array is neither true nor false."""
    message = Encoder(Limits(), lambda thing: ("mine", 1, "x", False))
    for part in ("PCG64", np.random.PCG64(1).state, (entropy, (), 4, 0)):
        message.put(part)
    with pytest.raises(Malformed, match="impossible seed"):
        decode(b"g" + bytes(message.body))


@pytest.mark.parametrize("name", ["Generator", "RandomState", "seed", "__class__", "PCG64 "])
def test_no_class_is_found_by_a_received_name(name: str) -> None:
    message = Encoder(Limits(), lambda thing: ("mine", 1, "x", False))
    for part in (name, {}, (0, (), 4, 0)):
        message.put(part)
    with pytest.raises(Malformed):
        decode(b"g" + bytes(message.body))


def test_exceptions_arrive_as_the_nearest_built_in_class() -> None:
    class Odd(ValueError):
        pass

    for error, kind in ((Odd("a"), ValueError), (np.linalg.LinAlgError("a"), ValueError), (KeyError("a"), KeyError)):
        arrived = cross(error)
        assert type(arrived) is kind and arrived.args == ("a",)
    assert not isinstance(cross(SystemExit(3)), (Exception, SystemExit))
    assert type(cross(UnicodeDecodeError("utf-8", b"x", 0, 1, "no"))) is UnicodeError
