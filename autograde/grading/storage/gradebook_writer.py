"""The one writer of a gradebook: puts outcomes where ``nbgrader autograde`` would have put them."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from nbgrader.api import (
    Comment,
    Grade,
    Gradebook,
    MissingEntry,
    SubmittedAssignment,
    SubmittedNotebook,
    TaskCell,
    new_uuid,
)
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import AssignLatePenalties
from sqlalchemy import insert
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.orm import joinedload
from traitlets.config import LoggingConfigurable

from autograde.errors import CourseError
from autograde.grading.intake.timestamp import read_time
from autograde.grading.storage.gradebook_version import check_version
from autograde.grading.submission import GradedNotebook
from autograde.patience import patiently
from autograde.settings.gradebook_address import database_file
from autograde.shown import one_line


@dataclass(frozen=True)
class Points:
    """What the gradebook says of a submission afterwards.

    Attributes:
        score, maximum: points over all notebooks, manual ones included, before the late penalty.
        late_penalty: points off.
    """

    score: float
    maximum: float
    late_penalty: float


class Refused(CourseError):
    """The gradebook takes no grades of this learner; it takes others."""


class _Notebook(NamedTuple):
    """A notebook of an assignment: (cell, name, whether a task) of its graded cells, (cell, name) of its comments."""

    id: str
    name: str
    graded: tuple[tuple[str, str, bool], ...]
    commented: tuple[tuple[str, str], ...]


class _Layout(NamedTuple):
    """An assignment as the gradebook has it."""

    id: str
    duedate: datetime | None
    maximum: float
    notebooks: tuple[_Notebook, ...]


class GradebookWriter:
    """An open gradebook; a context manager.

    Args:
        coursedir: nbgrader's settings of the course: database and course id.
        parent: the application, for the settings of the late penalty's plugin.

    Raises:
        CourseError: the database is missing, damaged or from another version of nbgrader.
    """

    def __init__(self, coursedir: CourseDirectory, parent: LoggingConfigurable) -> None:
        self._create_student = bool(parent.config.get("Autograde", {}).get("create_student", True))
        self._late = AssignLatePenalties(parent=parent)
        self._late.init_plugin()
        self._layouts: dict[str, _Layout] = {}
        self.gradebook, self.place = open_gradebook(coursedir), place_of(coursedir)

    def __enter__(self) -> "GradebookWriter":
        return self

    def __exit__(self, *error: object) -> None:
        self.gradebook.close()

    def write(
        self, student: str, assignment: str, timestamp: str | None, notebooks: Iterable[GradedNotebook]
    ) -> Points:
        """Write what a submission earned; writing the same again changes nothing.

        Every cell of the assignment gets its score anew: what an earlier attempt earned does not stay. A notebook that
        was not handed in scores 0. One that could not be graded (no scores) waits for a person.

        Raises:
            Refused: the database has no place for this learner or these grades.
            CourseError: the database takes nothing now.
        """
        gradebook = self.gradebook
        by_name = {notebook.name: notebook for notebook in notebooks}
        when = read_time(timestamp)
        write = lambda: self._write(student, assignment, when, timestamp is not None, by_name)  # noqa: E731
        try:
            return patiently(write, self.place, again=gradebook.db.rollback)
        except MissingEntry as error:
            raise Refused(f"the gradebook refused the grades of {one_line(student)}: {_first_line(error)}") from error
        except SQLAlchemyError as error:
            gradebook.db.rollback()
            kind = CourseError if isinstance(error, OperationalError) else Refused
            raise kind(f"the gradebook refused the grades of {one_line(student)}: {_first_line(error)}") from error
        finally:
            gradebook.db.remove()  # forgets all rows: the next submission starts from nothing, memory stays flat

    def _write(
        self,
        student: str,
        assignment: str,
        when: datetime | None,
        is_stamped: bool,
        by_name: Mapping[str, GradedNotebook],
    ) -> Points:
        gradebook = self.gradebook
        self._student(student)
        try:
            submission = gradebook.find_submission(assignment, student)
        except MissingEntry:
            points = self._add(student, assignment, when, by_name)
            if points:
                return points
            submission = gradebook.find_submission(assignment, student)
        else:
            if when or is_stamped:  # without a time, the earlier one stays, as nbgrader has it
                submission.timestamp = when
            self._replace(submission, by_name)
        self._penalties(student, submission)
        gradebook.db.commit()
        return Points(submission.score, submission.max_score, submission.late_submission_penalty)

    def _add(
        self, student: str, assignment: str, when: datetime | None, by_name: Mapping[str, GradedNotebook]
    ) -> Points | None:
        """Write a first submission, its rows as :meth:`Gradebook.add_submission` makes them, with the grades in them.

        Returns:
            what it earned; None where it came late and penalties are still to be written.
        """
        layout = self._layout(assignment)
        rows: dict[Any, list[dict[str, Any]]] = {SubmittedAssignment: [], SubmittedNotebook: [], Grade: [], Comment: []}
        entry = new_uuid()
        rows[SubmittedAssignment].append(
            {"id": entry, "assignment_id": layout.id, "student_id": student, "timestamp": when}
        )
        for notebook in layout.notebooks:
            graded = by_name.get(notebook.name, GradedNotebook(notebook.name))
            below = new_uuid()
            rows[SubmittedNotebook].append({"id": below, "notebook_id": notebook.id, "assignment_id": entry})
            scores = {score.grade_id: score.score for score in graded.scores}
            for cell, name, is_task in notebook.graded:
                auto, unsure = _grade(name, is_task, graded, scores) or (None, True)
                row = {"notebook_id": below, "cell_id": cell, "auto_score": auto, "needs_manual_grade": unsure}
                rows[Grade].append(row)
            for cell, name in notebook.commented:
                rows[Comment].append({"notebook_id": below, "cell_id": cell, "auto_comment": graded.comments.get(name)})
        for kind, values in rows.items():
            if values:
                self.gradebook.db.execute(insert(kind.__table__), values)
        self.gradebook.db.commit()
        if when and layout.duedate and when > layout.duedate:
            return None
        return Points(sum(row["auto_score"] or 0.0 for row in rows[Grade]), layout.maximum, 0.0)

    def _layout(self, assignment: str) -> "_Layout":
        """What every submission of an assignment consists of; it does not change while one batch is graded."""
        if assignment not in self._layouts:
            entry = self.gradebook.find_assignment(assignment)
            notebooks = tuple(
                _Notebook(
                    one.id,
                    one.name,
                    (
                        *((c.id, c.name, False) for c in one.grade_cells),
                        *((c.id, c.name, True) for c in one.task_cells),
                    ),
                    tuple((c.id, c.name) for c in (*one.solution_cells, *one.task_cells)),
                )
                for one in entry.notebooks
            )
            self._layouts[assignment] = _Layout(entry.id, entry.duedate, entry.max_score, notebooks)
        return self._layouts[assignment]

    def _replace(self, submission: Any, by_name: Mapping[str, GradedNotebook]) -> None:
        """Write the grades of a submission that the gradebook has already over those of the earlier attempt."""
        for entry in submission.notebooks:
            graded = by_name.get(entry.name, GradedNotebook(entry.name))
            self._grades(entry, graded)
            self._comments(entry, graded)
        self.gradebook.db.commit()

    def _student(self, student: str) -> None:
        if self._create_student:
            self.gradebook.update_or_create_student(student)
        else:
            self.gradebook.find_student(student)

    def _grades(self, entry: SubmittedNotebook, graded: GradedNotebook) -> None:
        scores = {score.grade_id: score.score for score in graded.scores}
        grades = self.gradebook.db.query(Grade).options(joinedload(Grade.cell)).filter(Grade.notebook_id == entry.id)
        for grade in grades:
            found = _grade(grade.cell.name, isinstance(grade.cell, TaskCell), graded, scores)
            if found:
                grade.auto_score, unsure = found
                grade.needs_manual_grade = unsure or (grade.manual_score is not None and not graded.missing)
            elif grade.auto_score is not None:  # a task of a notebook that was missing in an earlier attempt
                grade.auto_score, grade.needs_manual_grade = None, True

    def _comments(self, entry: SubmittedNotebook, graded: GradedNotebook) -> None:
        comments = self.gradebook.db.query(Comment).options(joinedload(Comment.cell))
        for comment in comments.filter(Comment.notebook_id == entry.id):
            if comment.cell.name in graded.comments:
                comment.auto_comment = graded.comments[comment.cell.name]

    def _penalties(self, student: str, submission: Any) -> None:
        """As ``nbgrader.preprocessors.AssignLatePenalties``, for the notebooks of one submission."""
        late = submission.total_seconds_late
        for entry in submission.notebooks:
            entry.late_submission_penalty = None
            if late > 0:
                penalty = self._late.plugin_inst.late_submission_penalty(student, entry.score, late)
                if penalty is not None:
                    entry.late_submission_penalty = self._late._check_late_penalty(entry, penalty)


def _grade(
    cell: str, is_task: bool, graded: GradedNotebook, scores: Mapping[str, float | None]
) -> tuple[float | None, bool] | None:
    """Return (score, whether a person has to look); None for a task, which is always a person's."""
    if graded.missing:
        return 0.0, False
    if is_task:
        return None
    score = scores.get(cell, None if graded.content is None else 0.0)
    return score, graded.review or cell in graded.unsure or score is None


def place_of(coursedir: CourseDirectory) -> str:
    """The gradebook's address, for people: without a password."""
    return re.sub(r"://[^@/]*@", "://…@", coursedir.db_url)


def open_gradebook(coursedir: CourseDirectory) -> Gradebook:
    """Return the course's gradebook; it is waited for while another program holds it.

    Raises:
        CourseError: the database is missing, damaged or from another version of nbgrader.
    """
    place, path = place_of(coursedir), database_file(coursedir.db_url)
    if path and not path.is_file():
        raise CourseError(f"there is no gradebook at {path}; run `nbgrader generate_assignment` first")

    def opened() -> Gradebook:
        gradebook = Gradebook(coursedir.db_url, coursedir.course_id)
        check_version(gradebook, place)
        return gradebook

    try:
        return patiently(opened, place)
    except SQLAlchemyError as error:
        raise CourseError(f"{place} cannot be read as a gradebook: {_first_line(error)}") from error


def scores_of(path: Path) -> dict[tuple[str, str], float | None]:
    """Return the automatic score of every graded cell in an SQLite gradebook, by learner and cell."""
    with Gradebook(f"sqlite:///{path}") as gradebook:
        return {
            (submission.student.id, grade.name): grade.auto_score
            for assignment in gradebook.assignments
            for submission in assignment.submissions
            for notebook in submission.notebooks
            for grade in notebook.grades
        }


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0]
