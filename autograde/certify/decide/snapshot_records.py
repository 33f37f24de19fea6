"""Learners' records in a gradebook: points and times, each checked; invalid ones are reported.

A database keeps whatever was written into it. If a score is infinite, negative, a text or above its
cell's maximum, its learner is set aside with a reason, and everybody else's grades are read.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from math import isfinite
from typing import Any

from nbgrader.api import (
    Assignment,
    BaseCell,
    Grade,
    GradeCell,
    Notebook,
    SubmittedAssignment,
    SubmittedNotebook,
    TaskCell,
)
from sqlalchemy import String, type_coerce

from autograde.certify.decide.grades import Cell, Row, Submission
from autograde.errors import CourseError
from autograde.shown import one_line, word

_BY_HAND = {"manual": "score given by hand", "extra_credit": "extra credit"}
_BY_GRADING = {"auto": "automatic score", "late_penalty": "late penalty", "needs_manual": "mark for manual grading"}


class GradebookError(CourseError):
    """A gradebook that cannot be read, and what to do about it."""


@dataclass
class Recorded:
    """The records of all learners.

    Attributes:
        faults: by learner, a line on the first value that can be no grade and what to do; every
            other record of this learner is left out too.
    """

    cells: list[Cell]
    submissions: list[Submission] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    faults: dict[str, str] = field(default_factory=dict)

    def set_aside(self, learner: str, assignment: str, what: str, value: Any, is_by_hand: bool) -> None:
        mend = (
            "enter it again in the formgrader, or set it to NULL in the gradebook's table `grade`"
            if is_by_hand
            else f"run `course grade {word(assignment)} --student={word(learner)} --force`"
        )
        self.faults.setdefault(
            learner,
            f"{one_line(learner, 100)} is set aside: the gradebook has {one_line(repr(value), 60)} as the {what}; {mend}",
        )


def read_records(db: Any, assignment: str | None = None) -> Recorded:
    """Read the records of every learner.

    Args:
        db: SQLAlchemy session of an nbgrader gradebook.
        assignment: of this assignment only; None: of all.

    Raises:
        GradebookError: a cell's maximum is not a number of points, so no grade is meaningful.
    """
    found = Recorded(_cells(db, assignment))
    maxima = {(cell.assignment, cell.notebook, cell.cell): cell.maximum for cell in found.cells}
    _submissions(db, assignment, found)
    _rows(db, assignment, maxima, found)
    found.submissions = [one for one in found.submissions if one.learner not in found.faults]
    found.rows = [one for one in found.rows if one.learner not in found.faults]
    return found


def points(value: object) -> str | None:
    """The shortest decimal that is this float (its ``repr``), no exponent; the same from any
    database.

    Raises:
        ValueError: it is not a number of points: no number, not finite, or below 0.
    """
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value) or value < 0:
        raise ValueError(f"no points: {value!r}")
    number = format(Decimal(repr(float(value))).normalize(), "f")
    return "0" if number == "-0" else number


def _cells(db: Any, only: str | None) -> list[Cell]:
    cells = []
    for kind in (GradeCell, TaskCell):
        query = (
            db.query(Assignment.name, Notebook.name, kind.name, _raw(kind.max_score))
            .select_from(kind)
            .join(Notebook, Notebook.id == kind.notebook_id)
            .join(Assignment, Assignment.id == Notebook.assignment_id)
        )
        for assignment, notebook, cell, value in query:
            if only not in (None, assignment):
                continue
            try:
                maximum = points(value)
            except (ValueError, OverflowError):
                maximum = None
            if maximum is None:
                where = one_line(f"{assignment}/{notebook} {cell}", 200)
                raise GradebookError(
                    f"the gradebook has {one_line(repr(value), 60)} as the maximum of the cell {where}; "
                    f"correct its points in the source and run `nbgrader generate_assignment {word(assignment)} --force`"
                )
            cells.append(Cell(assignment, notebook, cell, maximum))
    return cells


def _submissions(db: Any, only: str | None, found: Recorded) -> None:
    query = db.query(SubmittedAssignment.student_id, Assignment.name, _raw(SubmittedAssignment.timestamp)).join(
        Assignment, Assignment.id == SubmittedAssignment.assignment_id
    )
    for learner, assignment, timestamp in query:
        if only not in (None, assignment):
            continue
        try:
            found.submissions.append(Submission(learner, assignment, _utc(timestamp)))
        except ValueError:
            found.set_aside(learner, assignment, f"time of {one_line(assignment, 100)}", timestamp, False)


def _rows(db: Any, only: str | None, maxima: Mapping[tuple[str, str, str], str], found: Recorded) -> None:
    times = {(one.learner, one.assignment): one.timestamp for one in found.submissions}
    query = (
        db.query(
            SubmittedAssignment.student_id.label("learner"),
            Assignment.name.label("assignment"),
            Notebook.name.label("notebook"),
            BaseCell.name.label("cell"),
            _raw(Grade.auto_score).label("auto"),
            _raw(Grade.manual_score).label("manual"),
            _raw(Grade.extra_credit).label("extra_credit"),
            _raw(SubmittedNotebook.late_submission_penalty).label("late_penalty"),
            _raw(Grade.needs_manual_grade).label("needs_manual"),
        )
        .select_from(Grade)
        .join(BaseCell, BaseCell.id == Grade.cell_id)
        .join(SubmittedNotebook, SubmittedNotebook.id == Grade.notebook_id)
        .join(Notebook, Notebook.id == SubmittedNotebook.notebook_id)
        .join(SubmittedAssignment, SubmittedAssignment.id == SubmittedNotebook.assignment_id)
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
    )
    for grade in query:
        if only not in (None, grade.assignment):
            continue
        maximum = maxima.get((grade.assignment, grade.notebook, grade.cell), "0")
        values: dict[str, Any] = {}
        for name, what in (_BY_HAND | _BY_GRADING).items():
            value = getattr(grade, name)
            try:
                values[name] = _is_set(value) if name == "needs_manual" else points(value)
                if name in ("auto", "manual") and Fraction(values[name] or 0) > Fraction(maximum):
                    raise ValueError("above the maximum")
            except (ValueError, OverflowError):
                where = one_line(f"{what} (at most {maximum}) of {grade.assignment}/{grade.notebook} {grade.cell}", 200)
                where = where if name in ("auto", "manual") else where.replace(f" (at most {maximum})", "", 1)
                found.set_aside(grade.learner, grade.assignment, where, value, name in _BY_HAND)
        if grade.learner not in found.faults:
            place = (grade.learner, grade.assignment, grade.notebook, grade.cell)
            found.rows.append(Row(*place, maximum=maximum, timestamp=times[place[:2]], **values))


def _raw(column: Any) -> Any:
    """A column as the driver returns it: a value that SQLAlchemy cannot convert would stop the query."""
    return type_coerce(column, String())


def _is_set(value: object) -> bool:
    if value not in (0, 1):
        raise ValueError(f"neither true nor false: {value!r}")
    return bool(value)


def _utc(timestamp: object) -> str:
    """The time as ISO 8601 with ``Z``; nbgrader stores UTC without a zone, SQLite as text."""
    if timestamp is None:
        return ""
    at = datetime.fromisoformat(timestamp) if isinstance(timestamp, str) else timestamp
    if not isinstance(at, datetime) or at.tzinfo:
        raise ValueError(f"no time: {timestamp!r}")
    return at.isoformat() + "Z"
