"""The grading log, ``gradebook/grading-log.jsonl``: a line for each grading, written by the engine alone.

One rule for its lines. A line counts whole or not at all: one that lacks a field, or holds something that is none of
the engine's, is left out of everything that reads the log (decisions, report, feedback, ``course grade``) and is named.
So no decision rests on half a line, and no damage keeps a report from being written. What stands behind the last
newline does not count yet: it is being written, or a crash cut it short and the next append removes it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from autograde.append_only import append_lines, read_lines
from autograde.errors import CourseError
from autograde.exact import moment, plain, sha256
from autograde.files import replace_files
from autograde.grading.reasons.reason import Reason
from autograde.grading.status import Status
from autograde.lock import locked
from autograde.shown import one_line


@dataclass(frozen=True)
class Grading:
    """One line of the log: a hand-in that was graded, or could not be (``failed``).

    Attributes:
        score: Σ of the cells' scores before the late penalty, decimal string; so are the next two.
        cells: score (None without one) by notebook and grade_id.
        engine: name and version of the grading engine; empty in lines of before it was recorded.
        hashes: ``submission``, ``release``, ``tests``.
        seconds: wall clock; None if not recorded.
        raw: the line's bytes, without its newline.
    """

    student: str
    assignment: str
    status: Status
    score: str
    maximum: str
    late_penalty: str
    submitted_at: str
    graded_at: str
    engine: str
    isolation: str
    hashes: Mapping[str, str]
    cells: Mapping[tuple[str, str], str | None]
    reasons: tuple[Reason, ...]
    seconds: float | None
    raw: bytes = field(repr=False)

    @property
    def line(self) -> str:
        """SHA-256 of the line: its name in the audit log."""
        return sha256(self.raw)

    @property
    def row(self) -> dict[str, Any]:
        """The line as it was written: :func:`.journal.row_of`, an ``id`` and the gradebook's points."""
        row: dict[str, Any] = json.loads(self.raw)
        return row


@dataclass(frozen=True)
class Fault:
    """A line of the log that does not describe a grading; learner and assignment where it names them, else empty."""

    path: Path
    number: int
    problem: str
    student: str
    assignment: str

    def __str__(self) -> str:
        whose = f", a grading of {self.student}'s {self.assignment}," if self.student else ""
        return (
            f"{self.path}:{self.number}: this line{whose} is none of the grading engine's ({self.problem}) and was "
            f"left out; restore it from a backup, or grade again with --force"
        )


@dataclass(frozen=True)
class GradingLog:
    """The gradings in the log, in its order, and the lines that are none.

    Attributes:
        exists: whether there is one; nbgrader without the engine writes none.
    """

    exists: bool
    gradings: tuple[Grading, ...] = ()
    faults: tuple[Fault, ...] = ()

    @property
    def latest(self) -> tuple[Grading, ...]:
        """The last grading of each submission, by assignment and student."""
        last = {(grading.assignment, grading.student): grading for grading in self.gradings}
        return tuple(last[key] for key in sorted(last))


def log_path(root: Path) -> Path:
    """The grading log of the course directory `root`."""
    return root / "gradebook" / "grading-log.jsonl"


def read_grading_log(path: Path) -> GradingLog:
    """Read the log; empty where there is none.

    Raises:
        CourseError: it cannot be read at all.
    """
    if not path.exists():
        return GradingLog(exists=False)
    try:
        lines, _ = read_lines(path)
    except OSError as error:
        raise CourseError(f"cannot read {path} ({error.strerror}); check its permissions") from None
    found, faults = [], []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            found.append(_grading(line))
        except (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError) as error:
            problem = one_line(f"{type(error).__name__}: {error}", 200)
            faults.append(Fault(path, number, problem, *_whose(line)))
    return GradingLog(True, tuple(found), tuple(faults))


def append_row(path: Path, row: Mapping[str, Any]) -> None:
    """Append a row to the log; it is on the disk afterwards. Programs that do so at once wait for each other."""
    line = json.dumps(row, ensure_ascii=False, allow_nan=False).encode()
    with locked(path.with_suffix(".lock")):
        append_lines(path, [line])


def forget_gradings(path: Path, student: str) -> None:
    """Take a learner's lines out of the log; no line of it depends on another.

    A line that nobody can read is the learner's when it has the id in quotes.
    """
    if not path.exists():
        return
    with locked(path.with_suffix(".lock")):
        lines = path.read_bytes().splitlines(keepends=True)
        remaining = [line for line in lines if not _is_of(line, student)]
        if len(remaining) < len(lines):
            replace_files({path: b"".join(remaining)})


def _is_of(line: bytes, student: str) -> bool:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return json.dumps(student).encode() in line or json.dumps(student, ensure_ascii=False).encode() in line
    return isinstance(found, dict) and found.get("student") == student


def _whose(line: bytes) -> tuple[str, str]:
    """The learner and the assignment that a damaged line names; empty where it names none."""
    try:
        values = json.loads(line)
        student, assignment = _text(values["student"]), _text(values["assignment"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return "", ""
    return one_line(student, 100), one_line(assignment, 100)


def _grading(line: bytes) -> Grading:
    values: dict[str, Any] = json.loads(line, parse_float=Decimal, parse_constant=_no_constant)
    cells = {
        (str(notebook["name"]), str(cell["grade_id"])): None if cell["score"] is None else _points(cell["score"])
        for notebook in values["notebooks"]
        for cell in notebook["cells"]
    }
    scored = [Fraction(score) for score in cells.values() if score is not None]
    submitted_at, graded_at = values["submitted_at"] or "", values["graded_at"]
    moment(submitted_at), moment(graded_at)  # raises if one is not a time
    seconds = values.get("seconds")
    return Grading(
        student=_text(values["student"]),
        assignment=_text(values["assignment"]),
        status=Status(values["status"]),
        score=plain(sum(scored, Fraction(0))) if cells else _points(values["score"] or 0),
        maximum=_points(values["maximum"] or 0),
        late_penalty=_points(values["late_penalty"] or 0),
        submitted_at=submitted_at,
        graded_at=_text(graded_at),
        engine=_text(values.get("engine") or ""),
        isolation=str(values["isolation"]),
        hashes={name: _hash(values["hashes"][name]) for name in ("submission", "release", "tests")},
        cells=cells,
        reasons=tuple(Reason(_text(r["code"]), _text(r["en"]), _text(r["zh"])) for r in values["reasons"]),
        seconds=None if seconds is None else _seconds(seconds),
        raw=line,
    )


def _text(value: object) -> str:
    """A text that UTF-8 can write; the engine writes no other."""
    if not isinstance(value, str):
        raise ValueError(f"{value!r} is not a string")
    value.encode()
    return value


def _hash(value: object) -> str:
    if value is None:
        return ""
    text = _text(value)
    if text and (len(text) != 64 or set(text) - set("0123456789abcdef")):
        raise ValueError(f"{text[:70]!r} is not a SHA-256 digest")
    return text


def _points(value: object) -> str:
    """A number of points as a decimal string: the shortest one, as the snapshot writes it."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise ValueError(f"{value!r} is not a number of points")
    number = Decimal(value)
    if not -330 < number.adjusted() <= 18:  # any float that a course could have as points
        raise ValueError(f"{value} is not a number of points")
    return plain(Fraction(number))


def _seconds(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or not 0 <= value < 10**9:
        raise ValueError(f"{one_line(str(value), 40)!r} is not a duration")
    return float(value)


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not a number")
