"""Search a released file for text that learners must not see. Pure."""

import json
from collections.abc import Iterator
from typing import Any

from autograde.authoring.chapter import Chapter
from autograde.authoring.regions import BEGIN_HIDDEN, BEGIN_SOLUTION, END_HIDDEN, END_SOLUTION, region, without_region

MARKERS = ("HIDDEN TESTS", "BEGIN SOLUTION", "END SOLUTION")
MIN_LENGTH = 8
"""Shorter lines (``else:``, ``return``) give nothing away."""


def secrets(chapter: Chapter) -> dict[str, str]:
    """Return the lines that must not be in a release, each with the cell it comes from.

    These are the lines of solutions and hidden tests whose text is not also in a public part of the
    chapter.
    """
    public = "\n".join(without_region(cell.public, BEGIN_SOLUTION, END_SOLUTION) for cell in chapter.cells)
    lines: dict[str, str] = {}
    for cell in chapter.cells:
        hidden = region(cell.source, BEGIN_HIDDEN, END_HIDDEN) + region(cell.source, BEGIN_SOLUTION, END_SOLUTION)
        for line in map(str.strip, hidden):
            if len(line) >= MIN_LENGTH and any(map(str.isalnum, line)) and line not in public:
                lines.setdefault(line, cell.id)
    return lines


def leaks(chapter: Chapter, released: str) -> list[str]:
    """Return one line for each marker or secret line in a released file, metadata included.

    Args:
        chapter: the chapter from which the file was made.
        released: the file's text; if it is JSON, all its strings and keys are searched.
    """
    try:
        text = "\n".join(_strings(json.loads(released)))
    except ValueError:
        text = released
    findings = [f"contains the marker {marker!r}" for marker in MARKERS if marker in released or marker in text]
    findings += [
        f"contains a hidden line of cell {cell_id!r}: {line[:60]}"
        for line, cell_id in secrets(chapter).items()
        if line in text
    ]
    return findings


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield str(key)
            yield from _strings(item)
    elif isinstance(value, list):
        if value and all(isinstance(item, str) for item in value):
            yield "".join(value)  # multi-line strings are stored as lists of lines
        for item in value:
            yield from _strings(item)
