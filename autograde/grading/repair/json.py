"""JSON damaged by hand edits, merges and interrupted downloads."""

import json
import re
import sys
from itertools import islice, pairwise
from typing import Any, Literal

from autograde.grading.kernels.bounded_json import weigh

DEEPEST = 60
"""Levels of nesting that are kept; a notebook needs about ten."""

MOST_VALUES = 2_000_000
"""Values of a file; a notebook full of figures with data has some hundred thousand."""

Cut = Literal["", "outside", "inside"]
"""Where a file is cut off: nowhere, after or between its cells, inside a cell."""

_TOKEN = re.compile(
    r"""(?P<string>"(?:[^"\\]|\\.)*+(?P<end>"?))|(?P<open>[\[{])|(?P<close>[\]}])|(?P<colon>:)"""
    r"""|(?P<word>[^\s,:\[\]{}"]+)""",
    re.DOTALL,
)
_WORDS = {"true": True, "false": False, "null": None, "True": True, "False": False, "None": None}
_ESCAPE = re.compile(r"\\(?:u[dD][89abAB]..\\u[dD][c-fC-F]..|u....|.)", re.DOTALL)


def parse(text: str) -> tuple[Any, bool]:
    """Return (value, whether `text` was valid JSON with finite numbers only).

    Raises:
        TooMany: it is valid but holds more values than any real notebook.
        ValueError: it is not valid; :func:`salvage` reads what it can.
    """
    odd: list[str] = []
    if "\\ud" in text or "\\uD" in text:
        mended = _ESCAPE.sub(_whole_surrogates, text)
        odd += [text] if mended != text else []
        text = mended
    try:
        if text.count(",") + text.count("{") + text.count("[") > MOST_VALUES:
            weigh(text.encode("utf-8", "surrogatepass"), MOST_VALUES, sys.maxsize)
        value = json.loads(text, strict=False, parse_constant=odd.append)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    return value, not odd


def salvage(text: str) -> tuple[Any, Cut]:
    """Return (what can be read of `text`, where it is cut off). Takes any text; ignores commas.

    Uses its own stack, so that nesting cannot exhaust Python's; levels below :data:`DEEPEST` are
    dropped.
    """
    root: list[Any] = []
    stack: list[Any] = [root]
    keys: list[str | None] = [None]
    too_deep = 0
    text = _ESCAPE.sub(_whole_surrogates, text)
    cut = False
    for token in islice(_TOKEN.finditer(text), 4 * MOST_VALUES):
        kind = token.lastgroup if token.lastgroup != "end" else "string"
        if kind == "open":
            if len(stack) > DEEPEST:
                too_deep += 1
                continue
            value: Any = {} if token[0] == "{" else []
            _put(stack[-1], keys, value)
            stack.append(value)
            keys.append(None)
        elif kind == "close":
            if too_deep:
                too_deep -= 1
            elif len(stack) > 1:
                stack.pop()
                keys.pop()
        elif too_deep or kind == "colon":
            continue
        else:
            if kind == "string":
                cut = not token["end"]
                value = _string(token[0])
            else:
                value = _word(token[0])
            if isinstance(stack[-1], dict) and keys[-1] is None:
                keys[-1] = str(value)
            else:
                _put(stack[-1], keys, value)
    return (root[0] if root else None), _where(stack, cut)


def _where(stack: list[Any], cut: bool) -> Cut:
    """Whether the text ended inside an object of a list, a cell, or elsewhere."""
    if any(isinstance(outer, list) and isinstance(inner, dict) for outer, inner in pairwise(stack[1:])):
        return "inside"
    return "outside" if cut or len(stack) > 1 else ""


def conflict_sides(text: str) -> tuple[str, str] | None:
    """Return both sides of a text with Git's conflict markers; None without them."""
    if "<<<<<<<" not in text:
        return None
    sides: tuple[list[str], list[str]] = ([], [])
    takers: tuple[int, ...] = (0, 1)
    marks = 0
    for line in text.splitlines(keepends=True):
        mark = line[:7] if line[7:8] in (" ", "\n", "\r", "") else ""
        if mark == "<<<<<<<":
            takers, marks = (0,), marks + 1
        elif mark == "|||||||" and marks:
            takers = ()
        elif mark == "=======" and marks:
            takers = (1,)
        elif mark == ">>>>>>>" and marks:
            takers = (0, 1)
        else:
            for side in takers:
                sides[side].append(line)
    return ("".join(sides[0]), "".join(sides[1])) if marks else None


def _put(container: Any, keys: list[str | None], value: Any) -> None:
    if isinstance(container, list):
        container.append(value)
    elif (key := keys[-1]) is not None:
        container[key] = value
        keys[-1] = None


def _string(token: str) -> str:
    body = token[1:-1] if len(token) > 1 and token.endswith('"') else token[1:].rstrip("\\")
    try:
        return str(json.loads(f'"{body}"', strict=False))
    except ValueError:  # an escape that JSON does not define
        return body


def _word(token: str) -> Any:
    if token in _WORDS:
        return _WORDS[token]
    try:
        number = int(token) if len(token) < 20 and token.lstrip("-").isdecimal() else float(token)
    except ValueError:
        return None
    return number if abs(number) < float("inf") else None


def _whole_surrogates(escape: "re.Match[str]") -> str:
    """Half of a surrogate pair cannot be written as UTF-8; U+FFFD stands for it."""
    text = escape[0]
    return "\\ufffd" if len(text) == 6 and text[1] == "u" and text[2] in "dD" and text[3] in "89abcdefABCDEF" else text
