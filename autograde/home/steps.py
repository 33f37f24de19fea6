"""Read from a course directory the state of each chapter and the instructor's next step; write nothing."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from nbgrader.api import Assignment, Grade, SubmittedAssignment, SubmittedNotebook
from sqlalchemy import create_engine, distinct, func, inspect
from sqlalchemy.orm import Session

from autograde.grading.intake.timestamp import read_time, text_of
from autograde.settings.course_folder import CourseFolder
from autograde.settings.gradebook_address import database_file, gradebook_url

Next = Literal["build", "release", "collect", "grade", "look", "feedback", "wait"]


@dataclass(frozen=True)
class Steps:
    """The state of one chapter.

    Attributes:
        due: naive, in UTC; None without a due date.
        released: languages in which learners can fetch it from the exchange.
        new: learners whose newest hand-in is in the exchange and not collected.
        collected: learners whose work was collected; `graded`: those of them whose newest work is
            graded.
        waiting: submissions with cells to be graded by hand.
        feedback: learners whose feedback page is as new as their grades.
    """

    assignment: str
    due: datetime | None
    is_built: bool
    released: tuple[str, ...]
    new: int
    collected: int
    graded: int
    waiting: int
    feedback: int

    @property
    def next(self) -> Next:
        """The instructor's next step."""
        if not self.is_built:
            return "build"
        if not (self.released or self.new or self.collected):
            return "release"
        if self.new:
            return "collect"
        if self.graded < self.collected:
            return "grade"
        if self.waiting:
            return "look"
        return "feedback" if self.feedback < self.graded else "wait"


def steps(course: CourseFolder) -> tuple[Steps, ...]:
    """Return the state of each chapter of course.toml.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: the gradebook cannot be read.
    """
    due, waiting = _gradebook(gradebook_url(course))
    book = course.root / "gradebook"
    states = []
    for name in course.assignments:
        handed_in = _inbound(course, name)
        collected = {path.parent.name: path for path in (book / "submitted").glob(f"*/{name}") if path.is_dir()}
        graded = {who: book / "autograded" / who / name for who in collected if _is_graded(book, who, name)}
        states.append(
            Steps(
                assignment=name,
                due=due.get(name),
                is_built=any((course.root / "release" / lang / name).is_dir() for lang in course.languages),
                released=tuple(
                    lang
                    for lang in course.languages
                    if (course.root / "exchange" / course.exchange_id(lang) / "outbound" / name).is_dir()
                ),
                new=sum(_is_newer(time, collected.get(who)) for who, time in handed_in.items()),
                collected=len(collected),
                graded=len(graded),
                waiting=waiting.get(name, 0),
                feedback=sum(_has_feedback(book / "feedback" / who / name, path) for who, path in graded.items()),
            )
        )
    return tuple(states)


def _gradebook(url: str) -> tuple[Mapping[str, datetime], Mapping[str, int]]:
    """Due dates and numbers of submissions to grade by hand, by assignment."""
    file = database_file(url)
    if file is not None and not file.is_file():
        return {}, {}
    engine = create_engine(url)
    try:
        if not inspect(engine).has_table("grade"):
            return {}, {}
        with Session(engine) as session:
            due = {name: day for name, day in session.query(Assignment.name, Assignment.duedate) if day}
            waiting = (
                session.query(Assignment.name, func.count(distinct(SubmittedAssignment.id)))
                .join(SubmittedAssignment, SubmittedAssignment.assignment_id == Assignment.id)
                .join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
                .join(Grade, Grade.notebook_id == SubmittedNotebook.id)
                .filter(Grade.needs_manual_grade)
                .group_by(Assignment.name)
            )
            return due, {name: int(n) for name, n in waiting}
    finally:
        engine.dispose()


def _inbound(course: CourseFolder, assignment: str) -> Mapping[str, datetime]:
    """The newest hand-in of each learner in the exchange, in any language."""
    newest: dict[str, datetime] = {}
    for lang in course.languages:
        for path in (course.root / "exchange" / course.exchange_id(lang) / "inbound").glob(f"*+{assignment}+*"):
            parts = re.fullmatch(rf"([^+]+)\+{re.escape(assignment)}\+([^+]+)(?:\+.*)?", path.name)
            time = read_time(parts[2]) if parts else None
            if parts and time:
                newest[parts[1]] = max(time, newest.get(parts[1], time))
    return newest


def _is_newer(time: datetime, collected: Path | None) -> bool:
    before = _time(collected) if collected else None
    return before is None or time > before


def _is_graded(book: Path, learner: str, assignment: str) -> bool:
    """Whether the newest collected submission is the one that was graded."""
    graded = book / "autograded" / learner / assignment
    return graded.is_dir() and _time(graded) == _time(book / "submitted" / learner / assignment)


def _has_feedback(pages: Path, graded: Path) -> bool:
    times = [max((path.stat().st_mtime for path in folder.glob(form)), default=0.0) for folder, form in (
        (pages, "*.html"), (graded, "*.ipynb"))]  # fmt: skip
    return pages.is_dir() and times[0] >= times[1]


def _time(folder: Path) -> datetime | None:
    path = folder / "timestamp.txt"
    return read_time(text_of(path.read_bytes())) if path.is_file() and not path.is_symlink() else None
