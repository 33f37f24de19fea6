"""``gradebook/grading-log.jsonl`` → each submission's repairs, reviews and grading times."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Any, Literal, get_args

from autograde.errors import CourseError

Status = Literal["graded", "repaired", "review", "failed"]


@dataclass(frozen=True)
class Note:
    """A plain sentence about a submission: kind of reason, and its words in both languages."""

    code: str
    en: str
    zh: str


@dataclass(frozen=True)
class Entry:
    """One grading of one submission; `seconds` is wall clock, None if not recorded."""

    assignment: str
    student: str
    status: Status
    notes: tuple[Note, ...]
    seconds: float | None
    graded_at: str


@dataclass(frozen=True)
class GradingLog:
    """The log.

    Attributes:
        exists: whether there is one; nbgrader without the engine writes none.
        entries: every grading, as they were written.
        unreadable: numbers of the lines that are no record, such as one cut short when the machine
            stopped.
    """

    exists: bool
    entries: tuple[Entry, ...] = ()
    unreadable: tuple[int, ...] = ()

    @property
    def latest(self) -> tuple[Entry, ...]:
        """The last grading of each submission, by assignment and student."""
        last = {(entry.assignment, entry.student): entry for entry in self.entries}
        return tuple(last[key] for key in sorted(last))


def read_log(path: Path) -> GradingLog:
    """Read the log; a missing one is empty, a damaged line is counted and passed over.

    Raises:
        CourseError: it cannot be read at all.
    """
    try:
        lines = path.read_bytes().split(b"\n")
    except FileNotFoundError:
        return GradingLog(exists=False)
    except OSError as error:
        raise CourseError(f"cannot read {path} ({error.strerror}); check its permissions") from None
    entries, unreadable = [], []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            entries.append(_entry(json.loads(line)))
        except (ValueError, KeyError, TypeError, RecursionError):  # ValueError: of JSON and of UTF-8 alike
            unreadable.append(number)
    return GradingLog(True, tuple(entries), tuple(unreadable))


def _entry(record: Mapping[str, Any]) -> Entry:
    status = record["status"]
    if status not in get_args(Status):
        raise ValueError(f"no status: {status!r}")
    seconds = record.get("seconds")
    if seconds is not None and not (isinstance(seconds, int | float) and isfinite(seconds) and seconds >= 0):
        raise ValueError(f"no duration: {seconds!r}")
    return Entry(
        assignment=_text(record["assignment"]),
        student=_text(record["student"]),
        status=status,
        notes=tuple(Note(_text(r["code"]), _text(r["en"]), _text(r["zh"])) for r in record["reasons"]),
        seconds=seconds,
        graded_at=_text(record.get("graded_at") or ""),
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"no text: {value!r}")
    return value
