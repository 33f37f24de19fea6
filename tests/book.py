"""Real nbgrader gradebooks, made through nbgrader.api in a few lines."""

import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from nbgrader.api import Gradebook

COURSE_TOML = Path(__file__).parents[1] / "course.toml"


class Book:
    """A gradebook file that a test fills; every assignment has one notebook of its own name."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @contextmanager
    def open(self) -> Iterator[Gradebook]:
        with warnings.catch_warnings():
            # nbgrader 0.9.6 under SQLAlchemy 2 says this for every new submission
            warnings.filterwarnings("ignore", message="Object of type <Submitted")
            with Gradebook(f"sqlite:///{self.path}") as gradebook:
                yield gradebook

    def assignment(self, name: str, points: Mapping[str, float], cell_type: str = "code") -> None:
        with self.open() as gradebook:
            gradebook.add_assignment(name)
            gradebook.add_notebook(name, name)
            for cell, maximum in points.items():
                gradebook.add_grade_cell(cell, name, name, max_score=maximum, cell_type=cell_type)

    def learner(self, learner: str, **who: str) -> None:
        with self.open() as gradebook:
            gradebook.add_student(learner, **who)

    def submit(
        self,
        learner: str,
        assignment: str,
        scores: Mapping[str, float] | None = None,
        *,
        penalty: float | None = None,
        extra: float | None = None,
        timestamp: str = "2026-01-05 10:00:00 UTC",
    ) -> None:
        """Submit; cells in `scores` are graded automatically, the others wait as nbgrader leaves them."""
        with self.open() as gradebook:
            gradebook.update_or_create_student(learner)
            gradebook.add_submission(assignment, learner, timestamp=timestamp)
            for cell, score in (scores or {}).items():
                grade = gradebook.find_grade(cell, assignment, assignment, learner)
                grade.auto_score, grade.needs_manual_grade = score, False
                grade.extra_credit, extra = extra, None
            gradebook.find_submission_notebook(assignment, assignment, learner).late_submission_penalty = penalty
            gradebook.db.commit()
