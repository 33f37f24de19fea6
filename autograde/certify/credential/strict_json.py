"""JSON from a stranger → an object, or a clear no: bounded before it is parsed, and read in one way only. Pure.

What ``json.loads`` lets pass and other parsers read otherwise is refused: duplicate keys, NaN, fractions (binary
floats differ between canonicalisers), lone surrogates, a byte order mark.
"""

import json
import re
from typing import Any, NoReturn

MAX_BYTES = 256 * 1024
"""Most that a credential or a status list of ours could be."""
MAX_DEPTH = 24
_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)


class ParseProblem(Exception):
    """Bytes that are no well-formed document; the text is one line."""


def parse_object(data: bytes, max_bytes: int = MAX_BYTES) -> dict[str, Any]:
    """The JSON object in `data`.

    Raises:
        ParseProblem: larger than `max_bytes`, nested deeper than MAX_DEPTH, no JSON object, or JSON that two readers
            could read differently.
    """
    if len(data) > max_bytes:
        raise ParseProblem(f"it is larger than {max_bytes // 1024} KiB, which no credential of ours is")
    if _depth(data) > MAX_DEPTH:
        raise ParseProblem("it is nested too deeply")
    try:
        text = data.decode("utf-8")
        value = json.loads(
            text, object_pairs_hook=_once, parse_float=_no_number, parse_int=_integer, parse_constant=_no_number
        )
        json.dumps(value, ensure_ascii=False).encode()  # a lone surrogate
    except UnicodeError:
        raise ParseProblem("it is no UTF-8 text") from None
    except json.JSONDecodeError as error:
        raise ParseProblem(f"it is no JSON ({error.msg}, line {error.lineno})") from None
    if not isinstance(value, dict):
        raise ParseProblem("it is no JSON object")
    return value


def _depth(data: bytes) -> int:
    """How deeply brackets nest outside of strings; what ends in an open string is no JSON and fails later."""
    depth = deepest = 0
    for symbol in _STRING.sub(b"", data):
        if symbol in b"{[":
            depth += 1
            deepest = max(deepest, depth)
        elif symbol in b"}]":
            depth -= 1
    return deepest


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ParseProblem(f"the key {twice[:40]!a} stands twice in one object")
    return found


def _integer(text: str) -> int:
    if len(text) > 15:
        raise ParseProblem("a number has too many digits")
    return int(text)


def _no_number(text: str) -> NoReturn:
    raise ParseProblem(f"the number {text[:20]} is no whole number; a credential of ours holds none such")
