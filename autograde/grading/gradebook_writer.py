"""The one writer of a gradebook: puts outcomes where ``nbgrader autograde`` would have put them."""

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbgrader
from nbgrader.api import Comment, Grade, Gradebook, SubmittedNotebook, TaskCell
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import AssignLatePenalties
from nbgrader.utils import parse_utc
from sqlalchemy import inspect, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import joinedload
from traitlets.config import LoggingConfigurable

from autograde.errors import CourseError
from autograde.grading.submission import GradedNotebook


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
        place = re.sub(r"://[^@/]*@", "://…@", coursedir.db_url)
        try:
            if coursedir.db_url.startswith("sqlite:///"):
                path = Path(coursedir.db_url.removeprefix("sqlite:///"))
                if not path.is_file():
                    raise CourseError(f"there is no gradebook at {path}; run `nbgrader generate_assignment` first")
            self.gradebook = Gradebook(coursedir.db_url, coursedir.course_id)
            check_version(self.gradebook, place)
        except SQLAlchemyError as error:
            raise CourseError(f"{place} cannot be read as a gradebook: {_first_line(error)}") from error

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
            CourseError: the database refuses.
        """
        gradebook = self.gradebook
        try:
            self._student(student)
            when = {"timestamp": timestamp} if readable(timestamp) else {}
            submission = gradebook.update_or_create_submission(assignment, student, **when)
            by_name = {notebook.name: notebook for notebook in notebooks}
            for entry in submission.notebooks:
                graded = by_name.get(entry.name, GradedNotebook(entry.name))
                self._grades(entry, graded)
                self._comments(entry, graded)
            gradebook.db.commit()
            self._penalties(student, submission)
            gradebook.db.commit()
            return Points(submission.score, submission.max_score, submission.late_submission_penalty)
        except SQLAlchemyError as error:
            gradebook.db.rollback()
            raise CourseError(f"the gradebook refused the grades of {student}: {_first_line(error)}") from error
        finally:
            gradebook.db.remove()  # forgets all rows: the next submission starts from nothing, memory stays flat

    def _student(self, student: str) -> None:
        if self._create_student:
            self.gradebook.update_or_create_student(student)
        else:
            self.gradebook.find_student(student)

    def _grades(self, entry: SubmittedNotebook, graded: GradedNotebook) -> None:
        scores = {score.grade_id: score.score for score in graded.scores}
        grades = self.gradebook.db.query(Grade).options(joinedload(Grade.cell)).filter(Grade.notebook_id == entry.id)
        for grade in grades:
            if graded.missing:
                grade.auto_score, grade.needs_manual_grade = 0, False
                continue
            if isinstance(grade.cell, TaskCell):  # always a person's
                continue
            ungraded = graded.content is None
            grade.auto_score = scores.get(grade.cell.name, None if ungraded else 0.0)
            unsure = graded.review or grade.manual_score is not None or grade.auto_score is None
            grade.needs_manual_grade = unsure

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


def readable(timestamp: str | None) -> bool:
    """Whether nbgrader can read the text of a ``timestamp.txt``."""
    try:
        return bool(timestamp) and parse_utc(timestamp) is not None
    except (ValueError, OverflowError):
        return False


def check_version(gradebook: Gradebook, place: str) -> None:
    """See that the tables are those of the installed nbgrader.

    Raises:
        CourseError: they are older, newer or none.
    """
    if "alembic_version" not in inspect(gradebook.engine).get_table_names():
        raise CourseError(f"{place} is no nbgrader gradebook; name another one")
    with gradebook.engine.connect() as connection:
        found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    folder = Path(os.path.dirname(nbgrader.__file__)) / "alembic" / "versions"
    revisions: Mapping[str, str | None] = dict(filter(None, map(_revision, folder.glob("*.py"))))
    newest = set(revisions) - set(revisions.values())
    if found in newest:
        return
    if found in revisions:
        raise CourseError(f"{place} is from an older nbgrader; back it up, then run `nbgrader db upgrade`")
    raise CourseError(
        f"{place} is from a newer nbgrader than the installed {nbgrader.__version__} (revision {found}); upgrade nbgrader"
    )


def _revision(path: Path) -> tuple[str, str | None] | None:
    script = path.read_text(encoding="utf-8")
    here = re.search(r"^revision\s*=\s*['\"](\w+)['\"]", script, re.MULTILINE)
    below = re.search(r"^down_revision\s*=\s*['\"](\w+)['\"]", script, re.MULTILINE)
    return (here[1], below[1] if below else None) if here else None


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0]
