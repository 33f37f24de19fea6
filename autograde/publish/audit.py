"""Check files for anything that learners must not see; the last check before publishing. Pure."""

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
"""This many hidden lines of one cell, and at least half of them, count as a copy; one or two may be chance."""


def audit(files: Mapping[str, bytes], chapters: Iterable[Chapter]) -> list[str]:
    """Return one line for each finding in ``files`` (path → content) that must not be published.

    A chapter's notebook must pass the release gate's scan, which accepts no hidden line. Other
    files may share a line with an answer (a figure that computes a softmax), but hold no copy of a
    hidden region.
    """
    chapters = list(chapters)
    hidden = {chapter.name: _by_cell(chapter) for chapter in chapters}
    findings = []
    for path, data in files.items():
        text = data.decode("utf-8", errors="replace")
        if FORBIDDEN.search(path):
            findings.append(f"{path}: learners must not get this file")
        if KEY.search(text):
            findings.append(f"{path}: contains a private key")
        if PASSWORD.search(text):
            findings.append(f"{path}: contains the password of a database or a broker")
        lines = {line.strip() for line in _strings(path, text)}
        for chapter in chapters:
            if path.endswith(f"/{chapter.name}/{chapter.name}.ipynb"):
                findings += [f"{path}: {leak}" for leak in leaks(chapter, text)]
            else:
                findings += [f"{path}: {chapter.name}: {copy}" for copy in _copies(hidden[chapter.name], lines)]
    return findings


def _by_cell(chapter: Chapter) -> dict[str, list[str]]:
    cells: dict[str, list[str]] = {}
    for line, cell in secrets(chapter).items():
        cells.setdefault(cell, []).append(line)
    return cells


def _copies(hidden: Mapping[str, list[str]], lines: set[str]) -> Iterator[str]:
    for cell, secret in hidden.items():
        copied = [line for line in secret if line in lines]
        if len(copied) >= ENOUGH and 2 * len(copied) >= len(secret):
            yield f"contains {len(copied)} of {len(secret)} hidden lines of cell {cell!r}: {copied[0][:60]}"


def _strings(path: str, text: str) -> Iterator[str]:
    """The lines of a file, and for JSON the lines of its strings."""
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
