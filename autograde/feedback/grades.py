"""The gradebook's side of feedback: points, and what graders wrote."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import ceil

from nbgrader.api import Gradebook, MissingEntry


@dataclass(frozen=True)
class CellGrade:
    """One graded cell.

    Attributes:
        score: points; None until a person has graded it.
        by_hand: whether a person gave them.
        extra: points on top.
    """

    score: float | None
    maximum: float
    by_hand: bool = False
    extra: float = 0.0


@dataclass(frozen=True)
class NotebookGrades:
    """The gradebook's data on one notebook of a submission.

    Attributes:
        learner: name, or id if there is none.
        score, maximum, late_penalty: points; the penalty is not yet subtracted.
        cells: by grade_id.
        comments: what graders wrote, by grade_id.
        days_late: started days after the due date, including a learner's extension.
    """

    learner: str
    score: float = 0.0
    maximum: float = 0.0
    late_penalty: float = 0.0
    cells: Mapping[str, CellGrade] = field(default_factory=dict)
    comments: Mapping[str, str] = field(default_factory=dict)
    days_late: int = 0


def read_grades(gradebook: Gradebook, assignment: str, student: str, notebook: str) -> NotebookGrades:
    """Read one notebook's grades; a notebook that the gradebook does not have has none."""
    try:
        entry = gradebook.find_submission_notebook(notebook, assignment, student)
    except MissingEntry:
        return NotebookGrades(_name(gradebook, student))
    cells = {}
    for grade in entry.grades:
        by_hand = grade.manual_score is not None
        extra = grade.extra_credit or 0.0
        score = None if grade.needs_manual_grade else grade.score - extra
        cells[grade.name] = CellGrade(score, grade.max_score, by_hand, extra)
    comments = {c.name: c.manual_comment for c in entry.comments if (c.manual_comment or "").strip()}
    penalty = entry.late_submission_penalty or 0.0
    days = ceil(max(entry.assignment.total_seconds_late, 0.0) / 86_400)
    name = _name(gradebook, student)
    return NotebookGrades(name, entry.score, entry.max_score, penalty, cells, comments, days)


def _name(gradebook: Gradebook, student: str) -> str:
    """A learner's name; the id if the gradebook has none."""
    try:
        person = gradebook.find_student(student)
    except MissingEntry:
        return student
    parts = ((part or "").strip() for part in (person.first_name, person.last_name))
    return " ".join(part for part in parts if part) or student
