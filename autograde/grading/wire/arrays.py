"""Arrays and random generators on the wire: which ones cross, and checks on received ones.

An array arrives as shape, dtype and raw bytes. NumPy trusts raw bytes too much (a bool that is 2,
text beyond Unicode, a generator that points past its own table), so they are checked before use.
"""

import math
import re
import struct
from functools import lru_cache
from typing import Any

import numpy as np

from autograde.grading.wire.frames import Malformed, NotPlain

_DTYPE = re.compile(
    r"[<>|](?:b1|[iu][1248]|f(?:2|4|8|12|16)|c(?:8|16|24|32)|[SU][1-9]\d{0,8}"
    r"|[mM]8(?:\[\d{0,5}(?:Y|M|W|D|h|m|s|ms|us|ns|ps|fs|as)\])?)"
)
_MAX_AXES = 64
AXES = [struct.Struct(f"<{axes}q") for axes in range(_MAX_AXES + 1)]
"""The struct of an array's axis lengths, by number of axes, up to NumPy's maximum."""
_MAX_COUNT = 1 << 60

GENERATORS: dict[str, type] = {
    name: getattr(np.random, name) for name in ("PCG64", "PCG64DXSM", "MT19937", "Philox", "SFC64")
}
"""Bit generators that cross, by name."""


@lru_cache(maxsize=256)
def dtype_code(dtype: np.dtype) -> bytes:
    """Return the code of a dtype that crosses, with byte order, such as ``<f8``.

    Raises:
        NotPlain: an object, record or custom dtype.
    """
    if _DTYPE.fullmatch(dtype.str):
        return dtype.str.encode()
    raise NotPlain(
        f"a NumPy array of dtype {str(dtype)[:40]}; give it a numeric, bool, date or fixed-length text dtype"
    )


@lru_cache(maxsize=256)
def read_dtype(code: bytes) -> np.dtype:
    """Return the dtype of a received code."""
    try:
        text = code.decode("ascii")
        if not _DTYPE.fullmatch(text):
            raise Malformed("an unknown dtype")
        return np.dtype(text)
    except (TypeError, ValueError) as error:  # such as float96 on a machine without it
        raise Malformed("an unknown dtype") from error


def room(shape: tuple[int, ...], itemsize: int) -> int:
    """Return the bytes that an array counts for: an axis of length 0 counts as length 1.

    A sum over the empty axis of a (1 << 27, 0) array would take a gigabyte, though the array has no
    bytes.
    """
    return itemsize * math.prod(max(length, 1) for length in shape)


def empty_array(dtype: np.dtype, shape: tuple[int, ...]) -> np.ndarray:
    """Return an array to receive bytes into; the caller has checked their number."""
    if math.prod(max(n, 1) for n in shape) * max(dtype.itemsize, 1) >= _MAX_COUNT:
        raise Malformed("an array with impossible axes")
    return np.empty(shape, dtype)


def small_array(dtype: np.dtype, shape: tuple[int, ...], data: bytearray) -> np.ndarray:
    """Return an array with a copy of received bytes; the caller has checked their number."""
    return np.ndarray(shape, dtype, data).copy()


def flat_bytes(array: np.ndarray) -> memoryview:
    """Return the bytes of an array in C order, without a copy if it is stored that way."""
    if array.nbytes == 0:
        return memoryview(b"")
    return np.ascontiguousarray(array).reshape(-1).view(np.uint8).data


def check_content(array: np.ndarray) -> None:
    """Reject raw bytes that no honest array of this dtype holds."""
    if array.dtype.kind not in "bU" or array.nbytes == 0:
        return
    flat = array.reshape(-1)
    if array.dtype.kind == "b" and flat.view(np.uint8).max() > 1:
        raise Malformed("a bool that is neither true nor false")
    if array.dtype.kind == "U" and flat.view(np.dtype("u4").newbyteorder(array.dtype.byteorder)).max() > 0x10FFFF:
        raise Malformed("text beyond Unicode")


def same_bytes(array: np.ndarray, before: np.ndarray) -> bool:
    """Whether two C-contiguous arrays are equal bit for bit (nan equals nan)."""
    left, right = flat_bytes(array), flat_bytes(before)
    if len(left) < 1 << 16:
        return bytes(left) == bytes(right)
    step = 1 << 20
    return all(
        np.array_equal(np.frombuffer(left[at : at + step], np.uint8), np.frombuffer(right[at : at + step], np.uint8))
        for at in range(0, len(left), step)
    )


def generator_parts(generator: np.random.Generator) -> tuple[str, Any, tuple[Any, ...]]:
    """Return (name, state, seed) of a generator; the seed is what ``spawn`` needs.

    Raises:
        NotPlain: its bit generator is not one of NumPy's own.
    """
    bits = generator.bit_generator
    name = type(bits).__name__
    if GENERATORS.get(name) is not type(bits):
        raise NotPlain("a Generator with a bit generator that is not NumPy's; use numpy.random.default_rng(seed)")
    seeds = bits.seed_seq
    if type(seeds) is not np.random.SeedSequence:
        return name, bits.state, (0, (), 4, 0)
    entropy = seeds.entropy
    words = entropy if entropy is None or isinstance(entropy, int) else [int(word) for word in entropy]
    spawned = (tuple(int(key) for key in seeds.spawn_key), int(seeds.pool_size), int(seeds.n_children_spawned))
    return name, bits.state, (words, *spawned)


def build_generator(name: Any, state: Any, seed: Any) -> np.random.Generator:
    """Return the generator of received parts."""
    if type(name) is not str or name not in GENERATORS or type(seed) is not tuple or len(seed) != 4:
        raise Malformed("an unknown random generator")
    entropy, key, pool, spawned = seed
    if entropy is not None and type(entropy) not in (int, list):
        raise Malformed("an impossible seed")
    words = entropy if type(entropy) is list else [entropy or 0]
    if type(key) is not tuple or len(words) > 64 or len(key) > 64:
        raise Malformed("an impossible seed")
    if not all(type(n) is int and 0 <= n < 1 << 4096 for n in (*words, *key)):
        raise Malformed("an impossible seed")
    if type(pool) is not int or type(spawned) is not int or not 4 <= pool <= 64 or not 0 <= spawned < 1 << 31:
        raise Malformed("an impossible seed")
    seeds = np.random.SeedSequence(
        entropy if type(entropy) is list else entropy or 0, spawn_key=key, pool_size=pool, n_children_spawned=spawned
    )
    generator = np.random.Generator(GENERATORS[name](seeds))
    set_state(generator, state)
    return generator


def set_state(generator: np.random.Generator, state: Any) -> None:
    """Set a generator to a received state after checking that it is valid for its kind."""
    bits = generator.bit_generator
    if not _fits(state, bits.state) or _is_stuck(state):
        raise Malformed("an impossible state of a random generator")
    try:
        bits.state = state
    except (TypeError, ValueError, KeyError, OverflowError) as error:
        raise Malformed("an impossible state of a random generator") from error


def _is_stuck(state: Any) -> bool:
    """Whether a generator in this state repeats one number, so that ``integers`` never returns."""
    inner = state["state"]
    if state["bit_generator"].startswith("PCG64"):
        return bool(inner["inc"] % 2 == 0)
    if state["bit_generator"] == "MT19937":
        return not inner["key"][1:].any() and inner["key"][0] < 1 << 31  # its other bits are not used
    return False


_RANGES = {"pos": 625, "buffer_pos": 5, "has_uint32": 2, "uinteger": 1 << 32, "state": 1 << 128, "inc": 1 << 128}


def _fits(state: Any, model: Any, key: str = "") -> bool:
    """Whether ``state`` has the keys, types, shapes and ranges of ``model``, a fresh generator's."""
    if type(model) is dict:
        return type(state) is dict and state.keys() == model.keys() and all(_fits(state[k], model[k], k) for k in model)
    if type(model) is np.ndarray:
        return type(state) is np.ndarray and state.dtype == model.dtype and state.shape == model.shape
    if type(model) is str:
        return type(state) is str and state == model
    return type(state) is int and 0 <= state < _RANGES.get(key, 0)
