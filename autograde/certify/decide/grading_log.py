"""``gradebook/grading-log.jsonl`` → what the grading engine did, line by line; the engine alone writes it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from pathlib import Path
from typing import Any

from autograde.certify.decide.attempts import moment
from autograde.errors import CourseError
from autograde.exact import plain, sha256
from autograde.shown import one_line

GRADED = ("graded", "repaired", "review", "failed")


@dataclass(frozen=True)
class Grading:
    """One line of the log: a hand-in that was graded, or could not be (``failed``).

    Attributes:
        line: SHA-256 of the line.
        score: Σ of the cells' scores before the late penalty, decimal string; so are the next two.
        cells: score (None without one) by notebook and grade_id.
        engine: name and version of the grading engine; empty in lines of before it was recorded.
        hashes: ``submission``, ``release``, ``tests``.
    """

    line: str
    student: str
    assignment: str
    status: str
    score: str
    maximum: str
    late_penalty: str
    submitted_at: str
    graded_at: str
    engine: str
    isolation: str
    hashes: Mapping[str, str]
    cells: Mapping[tuple[str, str], str | None]


@dataclass(frozen=True)
class Fault:
    """A line of the log that is no grading: it is left out, and the others are read."""

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
    """The gradings in the log, in its order, and the lines that are none."""

    gradings: tuple[Grading, ...] = ()
    faults: tuple[Fault, ...] = ()


def read_grading_log(path: Path) -> GradingLog:
    """Read the log; empty where there is none. A last line still being written is left out.

    Raises:
        CourseError: it cannot be read at all.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return GradingLog()
    except OSError as error:
        raise CourseError(f"cannot read {path} ({error.strerror}); check its permissions") from None
    found, faults = [], []
    for number, line in enumerate(data.split(b"\n")[:-1], start=1):
        if not line.strip():
            continue
        try:
            found.append(_grading(line))
        except (ValueError, KeyError, TypeError, AttributeError, InvalidOperation, RecursionError) as error:
            problem = one_line(f"{type(error).__name__}: {error}", 200)
            faults.append(Fault(path, number, problem, *_whose(line)))
    return GradingLog(tuple(found), tuple(faults))


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
    if values["status"] not in GRADED:
        raise ValueError(f"unknown status {values['status']!r}")
    scored = [Fraction(score) for score in cells.values() if score is not None]
    submitted_at, graded_at = values["submitted_at"] or "", values["graded_at"]
    moment(submitted_at), moment(graded_at)  # raises where one is no time
    return Grading(
        line=sha256(line),
        student=_text(values["student"]),
        assignment=_text(values["assignment"]),
        status=values["status"],
        score=plain(sum(scored, Fraction(0))) if cells else _points(values["score"] or 0),
        maximum=_points(values["maximum"] or 0),
        late_penalty=_points(values["late_penalty"] or 0),
        submitted_at=submitted_at,
        graded_at=_text(graded_at),
        engine=_text(values.get("engine") or ""),
        isolation=str(values["isolation"]),
        hashes={name: _hash(values["hashes"][name]) for name in ("submission", "release", "tests")},
        cells=cells,
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{value!r} is no text")
    return value


def _hash(value: object) -> str:
    if value is None:
        return ""
    text = _text(value)
    if text and (len(text) != 64 or set(text) - set("0123456789abcdef")):
        raise ValueError(f"{text[:70]!r} is no SHA-256")
    return text


def _points(value: object) -> str:
    """A number of points as a decimal string: the shortest one, as the snapshot writes it."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise ValueError(f"{value!r} is no number of points")
    number = Decimal(value)
    if not -330 < number.adjusted() <= 18:  # any float that is no more than a course has points
        raise ValueError(f"{value} is no number of points")
    return plain(Fraction(number))


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no number of points")
