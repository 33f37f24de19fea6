"""Untrusted JSON → an object or an error: its size is bounded before it is parsed. Pure.

What ``json.loads`` accepts and other parsers read differently is rejected: duplicate keys, NaN,
fractions (binary floats differ between canonicalisers), lone surrogates, a byte order mark.
"""

import json
import re
from typing import Any, NoReturn

MAX_BYTES = 256 * 1024
"""No credential or status list of ours is larger."""
MAX_DEPTH = 24
_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)


class ParseProblem(Exception):
    """Bytes are not a well-formed document; the message is one line."""


def parse_object(data: bytes, max_bytes: int = MAX_BYTES) -> dict[str, Any]:
    """The JSON object in `data`.

    Raises:
        ParseProblem: larger than `max_bytes`, nested deeper than MAX_DEPTH, not a JSON object, or
            JSON that two readers could read differently.
    """
    if len(data) > max_bytes:
        raise ParseProblem(f"it is larger than {max_bytes // 1024} KiB, more than any credential of ours")
    if _depth(data) > MAX_DEPTH:
        raise ParseProblem("it is nested too deeply")
    try:
        text = data.decode("utf-8")
        value = json.loads(
            text,
            object_pairs_hook=_unique_keys,
            parse_float=_reject_number,
            parse_int=_integer,
            parse_constant=_reject_number,
        )
        json.dumps(value, ensure_ascii=False).encode()  # a lone surrogate
    except UnicodeError:
        raise ParseProblem("it is not UTF-8 text") from None
    except json.JSONDecodeError as error:
        raise ParseProblem(f"it is not JSON ({error.msg}, line {error.lineno})") from None
    if not isinstance(value, dict):
        raise ParseProblem("it is not a JSON object")
    return value


def _depth(data: bytes) -> int:
    """How deeply brackets nest outside strings.

    Text with an unclosed string fails to parse later.
    """
    depth = deepest = 0
    for symbol in _STRING.sub(b"", data):
        if symbol in b"{[":
            depth += 1
            deepest = max(deepest, depth)
        elif symbol in b"}]":
            depth -= 1
    return deepest


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    items = dict(pairs)
    if len(items) < len(pairs):
        names = [name for name, _ in pairs]
        repeated = next(name for name in names if names.count(name) > 1)
        raise ParseProblem(f"the key {repeated[:40]!a} appears twice in one object")
    return items


def _integer(text: str) -> int:
    if len(text) > 15:
        raise ParseProblem("a number has too many digits")
    return int(text)


def _reject_number(text: str) -> NoReturn:
    raise ParseProblem(f"the number {text[:20]} is not a whole number; our credentials hold no others")
