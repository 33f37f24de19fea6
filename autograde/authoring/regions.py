"""Solution and hidden-test regions of a cell: the lines between ``### BEGIN …`` and ``### END …``. Pure."""

import re
from collections.abc import Iterator

BEGIN_SOLUTION, END_SOLUTION = "### BEGIN SOLUTION", "### END SOLUTION"
BEGIN_HIDDEN, END_HIDDEN = "### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS"

_KINDS = ((BEGIN_SOLUTION, END_SOLUTION, "solution", "solution"), (BEGIN_HIDDEN, END_HIDDEN, "test", "hidden tests"))
_MARKER = re.compile(r"^\s*#+\W*(?P<side>begin|end)[\s_-]*(?P<what>solution|hidden[\s_-]*test)s?\W*$", re.IGNORECASE)


def without_region(source: str, begin: str, end: str) -> str:
    """Return ``source`` without the lines from each ``begin`` to the next ``end``."""
    outer, inside = [], False
    for line in source.split("\n"):
        if begin in line:
            inside = True
        elif end in line:
            inside = False
        elif not inside:
            outer.append(line)
    return "\n".join(outer).rstrip("\n")


def region(source: str, begin: str, end: str) -> list[str]:
    """Return the lines of ``source`` between ``begin`` and ``end`` lines."""
    inner, inside = [], False
    for line in source.split("\n"):
        if begin in line or end in line:
            inside = begin in line
        elif inside:
            inner.append(line)
    return inner


def region_faults(source: str, role: str | None, cell_id: str) -> Iterator[tuple[int | None, str]]:
    """Yield (line of ``source`` from 0, or None for the cell's header; fault) for a cell's regions.

    Args:
        role: the cell's role; None if it is not known, so that any region may belong there.
    """
    misplaced = role == "solution" and any(
        _resembles(line, word) for line in source.split("\n") for word in _KINDS[1][:2]
    )
    for begin, end, home, what in _KINDS:
        inside, matched, present = False, True, False
        for offset, line in enumerate(source.split("\n")):
            exact = begin in line or end in line
            side = next((word for word in (begin, end) if word in line or _resembles(line, word)), None)
            if side is None:
                continue
            present = True
            if role not in (home, None):
                if side == begin or not inside:
                    yield offset, f"a {what} region belongs in a {home} cell"
            elif not exact:
                yield offset, f"write the marker exactly as `{side}`"
            elif (side == begin) == inside:
                yield offset, f"`{begin}` and `{end}` do not match"
                matched = False
            inside = side == begin
        if inside and matched and role in (home, None):
            yield None, f"`{begin}` without `{end}`"
        if role == home == "solution" and not present and not misplaced:
            yield None, f"the solution {cell_id!r} has no `{begin}` … `{end}` lines"


def _resembles(line: str, marker: str) -> bool:
    """Whether a line is meant to be the marker: it has its words, or is a comment with a variant spelling."""
    words = marker.strip("# ")
    match = _MARKER.match(line)
    side_and_what = f"{match['side']} {match['what'][:6]}".upper() if match else ""
    return words in line or (bool(side_and_what) and words.startswith(side_and_what))
