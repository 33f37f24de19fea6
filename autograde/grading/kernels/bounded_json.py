"""JSON of a process that runs a learner's code: its values are counted and its depth is measured before any is made.

Bytes alone bound nothing: 36 MB of ``{},{},…`` become gigabytes of dictionaries.
"""

import json
import re
from itertools import accumulate
from typing import Any

from autograde.grading.kernels.messages import readable

DEPTH = 200  # brackets within brackets; what walks through a notebook later is recursive
SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")
_ALL_BUT_BRACKETS = bytes(set(range(256)).difference(b"[]{}"))
_STEP = {**dict.fromkeys(b"[{", 1), **dict.fromkeys(b"]}", -1)}


class TooMany(ValueError):
    """More values, or deeper ones, than are read."""


def weigh(raw: bytes, most: int, deepest: int = DEPTH) -> int:
    """Return how many values `raw` can hold at most; where it can be made certain that there are few, no more than that.

    Args:
        raw: JSON in UTF-8, or anything.
        most: values that are allowed.
        deepest: levels of brackets that are allowed.

    Raises:
        TooMany: there are more than `most`, or they lie deeper than `deepest`.
    """
    brackets = raw.count(b"[") + raw.count(b"{")
    values = raw.count(b",") + brackets + 1
    if values <= most and brackets <= deepest:
        return values
    # without escapes a quotation mark begins or ends a text; outside of texts json refuses a backslash itself
    plain = raw.replace(b"\\\\", b"").replace(b'\\"', b"")
    if plain.count(b'"') > 4 * most:
        raise TooMany(f"more than {most} values")
    outside = b"".join(plain.split(b'"')[::2])
    nested = outside.translate(None, _ALL_BUT_BRACKETS)
    values = outside.count(b",") + len(nested) // 2 + 1
    if values > most:
        raise TooMany(f"more than {most} values")
    if max(accumulate(_STEP[one] for one in nested), default=0) > deepest:
        raise TooMany(f"values more than {deepest} deep")
    return values


def loads(raw: bytes) -> Any:
    """Return the value of `raw`, weighed before: what is no UTF-8 replaced, text that no file takes too, no nan.

    Raises:
        ValueError, RecursionError: it is no JSON.
    """
    value = json.loads(raw.decode("utf-8", "replace"), parse_constant=str)
    return readable(value) if SURROGATE.search(raw) else value
