"""Does a folder hold anything that learners must not see? Pure; the last word before it is published."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping

from autograde.authoring.chapter import Chapter
from autograde.authoring.gate.leaks import leaks, secrets

FORBIDDEN = re.compile(r"(^|/)(notebooks|source|tests|gradebook|exchange|certificates|\.git)/|\.(db|pem|key|p12)$")
"""Paths that hold answers, grades or keys in a course directory."""
KEY = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----\n\s*[A-Za-z0-9+/=]{16}")
PASSWORD = re.compile(r"\b(?:postgres\w*|mysql\w*|amqps?|rediss?)(?:\+\w+)?://[^\s/:@\"']+:[^\s/@\"']+@(?!HOST|host\b)")
ENOUGH = 3
"""So many hidden lines of one cell, and half of them, are a copy; one or two are what any programmer writes."""


def audit(files: Mapping[str, bytes], chapters: Iterable[Chapter]) -> list[str]:
    """Return one line for each thing in ``files`` (path → content) that must not be published.

    A chapter's notebook is held to the release gate's own scan, where one hidden line is one too many. Anything else may
    share a line with an answer (a figure that computes a softmax) or with another chapter; it may hold no copy of a
    hidden region.
    """
    chapters = list(chapters)
    hidden = {chapter.name: _by_cell(chapter) for chapter in chapters}
    found = []
    for path, data in files.items():
        text = data.decode("utf-8", errors="replace")
        if FORBIDDEN.search(path):
            found.append(f"{path}: is no part of what learners get")
        if KEY.search(text):
            found.append(f"{path}: holds a private key")
        if PASSWORD.search(text):
            found.append(f"{path}: holds the password of a database or a broker")
        lines = {line.strip() for line in _strings(path, text)}
        for chapter in chapters:
            if path.endswith(f"/{chapter.name}/{chapter.name}.ipynb"):
                found += [f"{path}: {leak}" for leak in leaks(chapter, text)]
            else:
                found += [f"{path}: {chapter.name}: {copy}" for copy in _copies(hidden[chapter.name], lines)]
    return found


def _by_cell(chapter: Chapter) -> dict[str, list[str]]:
    cells: dict[str, list[str]] = {}
    for line, cell in secrets(chapter).items():
        cells.setdefault(cell, []).append(line)
    return cells


def _copies(hidden: Mapping[str, list[str]], lines: set[str]) -> Iterator[str]:
    for cell, secret in hidden.items():
        there = [line for line in secret if line in lines]
        if len(there) >= ENOUGH and 2 * len(there) >= len(secret):
            yield f"holds {len(there)} of {len(secret)} hidden lines of cell {cell!r}: {there[0][:60]}"


def _strings(path: str, text: str) -> Iterator[str]:
    """The lines of a file; those of a JSON file are the lines of its strings."""
    if path.endswith((".ipynb", ".json")):
        try:
            stack = [json.loads(text)]
        except ValueError:
            stack = []
        while stack:
            value = stack.pop()
            if isinstance(value, str):
                yield from value.splitlines()
            elif isinstance(value, dict | list):
                stack += [*value, *value.values()] if isinstance(value, dict) else value
    yield from text.splitlines()
