"""Grades frozen at one moment: plain rows, sorted, with canonical bytes and their SHA-256. Pure."""

import json
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property

from autograde.exact import canonical, sha256


@dataclass(frozen=True, order=True)
class Cell:
    """A graded cell of an assignment and its points, a decimal string."""

    assignment: str
    notebook: str
    cell: str
    maximum: str


@dataclass(frozen=True, order=True)
class Submission:
    """A learner's hand-in of an assignment, and when: UTC, ISO 8601, ``Z``; empty if not recorded."""

    learner: str
    assignment: str
    timestamp: str


@dataclass(frozen=True)
class Row:
    """One grade as nbgrader stores it; scores are decimal strings, None if nbgrader has none.

    Attributes:
        late_penalty: points subtracted from the whole notebook; each of its rows repeats it.
        timestamp: of the submission, as in :class:`Submission`.
    """

    learner: str
    assignment: str
    notebook: str
    cell: str
    auto: str | None
    manual: str | None
    extra_credit: str | None
    maximum: str
    late_penalty: str | None
    timestamp: str
    needs_manual: bool


@dataclass(frozen=True)
class Snapshot:
    """All grades of a course; the order of its parts does not matter.

    Attributes:
        learners: everyone in the gradebook, with or without submissions.
        assignments: every assignment, with or without graded cells.
        cells: all graded cells, submitted or not.
    """

    learners: tuple[str, ...]
    assignments: tuple[str, ...]
    cells: tuple[Cell, ...]
    submissions: tuple[Submission, ...]
    rows: tuple[Row, ...]

    def __post_init__(self) -> None:
        for name in ("learners", "assignments", "cells", "submissions"):
            object.__setattr__(self, name, tuple(sorted(getattr(self, name))))
        object.__setattr__(self, "rows", tuple(sorted(self.rows, key=_row_order)))

    @cached_property
    def json(self) -> bytes:
        """Canonical JSON (RFC 8785) of everything here."""
        return canonical(
            {
                "schema": 1,
                "learners": self.learners,
                "assignments": self.assignments,
                "cells": [vars(cell) for cell in self.cells],
                "submissions": [vars(submission) for submission in self.submissions],
                "rows": [vars(row) for row in self.rows],
            }
        )

    @cached_property
    def sha256(self) -> str:
        return sha256(self.json)

    def parts(self, assignments: Collection[str]) -> Mapping[str, "Snapshot"]:
        """Each learner's own snapshot, with these `assignments` only: the evidence of the learner's
        decision.

        Its bytes do not depend on other learners or other assignments.
        """
        wanted = set(assignments)
        rows: dict[str, list[Row]] = defaultdict(list)
        for row in self.rows:
            if row.assignment in wanted:
                rows[row.learner].append(row)
        submissions: dict[str, list[Submission]] = defaultdict(list)
        for submission in self.submissions:
            if submission.assignment in wanted:
                submissions[submission.learner].append(submission)
        names = tuple(name for name in self.assignments if name in wanted)
        cells = tuple(cell for cell in self.cells if cell.assignment in wanted)
        return {
            learner: Snapshot((learner,), names, cells, tuple(submissions[learner]), tuple(rows[learner]))
            for learner in self.learners
        }


def snapshot_from_json(data: bytes) -> Snapshot:
    """The snapshot whose ``json`` is `data`.

    Raises:
        ValueError: it is something else.
    """
    try:
        found = json.loads(data)
        snapshot = Snapshot(
            learners=tuple(found["learners"]),
            assignments=tuple(found["assignments"]),
            cells=tuple(Cell(**cell) for cell in found["cells"]),
            submissions=tuple(Submission(**submission) for submission in found["submissions"]),
            rows=tuple(Row(**row) for row in found["rows"]),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"no snapshot: {error}") from None
    return snapshot


def _row_order(row: Row) -> tuple[tuple[bool, str], ...]:
    return tuple((value is not None, str(value)) for value in vars(row).values())
