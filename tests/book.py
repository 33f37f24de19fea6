"""Real nbgrader gradebooks, made through nbgrader.api in a few lines."""

import hashlib
import json
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook

COURSE_TOML = Path(__file__).parent / "four_chapters.toml"


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
        **log: object,
    ) -> None:
        """Submit; cells in `scores` are graded automatically, the others wait as nbgrader leaves them.

        The log beside the gradebook says so too, as ``course grade`` leaves it; `log` changes what it says.
        """
        with self.open() as gradebook:
            gradebook.update_or_create_student(learner)
            gradebook.add_submission(assignment, learner, timestamp=timestamp)
            for cell, score in (scores or {}).items():
                grade = gradebook.find_grade(cell, assignment, assignment, learner)
                grade.auto_score, grade.needs_manual_grade = score, False
                grade.extra_credit, extra = extra, None
            entry = gradebook.find_submission_notebook(assignment, assignment, learner)
            entry.late_submission_penalty = penalty
            cells = [
                {"grade_id": grade.name, "score": grade.auto_score, "maximum": grade.max_score}
                for grade in entry.grades
            ]
            gradebook.db.commit()
        self.log(learner, assignment, cells, penalty, timestamp, log)

    def log(
        self,
        learner: str,
        assignment: str,
        cells: list[dict[str, Any]],
        penalty: float | None = None,
        timestamp: str = "2026-01-05 10:00:00 UTC",
        changes: Mapping[str, object] | None = None,
    ) -> None:
        """Write the line that ``course grade`` writes."""
        at = timestamp.removesuffix(" UTC").replace(" ", "T") + "Z"
        score, maximum = sum(cell["score"] or 0 for cell in cells), sum(cell["maximum"] for cell in cells)
        line = {
            "assignment": assignment, "student": learner, "status": "graded", "score": score, "maximum": maximum,
            "late_penalty": penalty or 0.0, "reasons": [], "submitted_at": at, "graded_at": at, "seconds": 1.0,
            "cpu_seconds": 1.0, "isolation": "examiner", "engine": "e 1",
            "hashes": {"submission": hashlib.sha256(at.encode()).hexdigest(), "release": "b" * 64, "tests": "c" * 64},
            "notebooks": [{"name": assignment, "score": score, "maximum": maximum, "cells": cells}],
        }  # fmt: skip
        with (self.path.parent / "grading-log.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps({**line, **(changes or {})}) + "\n")
