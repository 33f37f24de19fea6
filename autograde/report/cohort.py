"""Decisions and log → a cohort's figures for its instructor. Pure: counts and shares, no words."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

import numpy as np

from autograde.certify.decide.decision import Decision
from autograde.certify.decide.tally import Tally
from autograde.grading.status import Status
from autograde.grading.storage.grading_log import Grading
from autograde.settings.policy import Policy

BINS = 10

Standing = Literal["reached", "below", "waiting", "absent"]


@dataclass(frozen=True)
class Column:
    """An assignment of the policy.

    `minimum` is the share of points it asks for, binding if `required`.
    """

    assignment: str
    minimum: Fraction
    required: bool


@dataclass(frozen=True)
class Review:
    """A submission that a person should look at.

    Attributes:
        tally: the current state of its grading; None if the gradebook does not have the submission.
        entry: the engine's log entry; None if there is none to review.
    """

    learner: str
    assignment: str
    tally: Tally | None
    entry: Grading | None

    @property
    def is_open(self) -> bool:
        """Whether the gradebook still waits for a grader."""
        return self.tally is None or not self.tally.is_final


@dataclass(frozen=True)
class Times:
    """Grading times of `n` submissions in seconds: minimum, 10th percentile, median, 90th, maximum."""

    assignment: str
    n: int
    seconds: tuple[float, float, float, float, float]
    total: float


def columns(policy: Policy) -> tuple[Column, ...]:
    """The assignments that count, chapters first, then the exam."""
    columns = [Column(c.assignment, Fraction(c.min), c.required) for c in policy.chapters]
    if policy.exam:
        columns.append(Column(policy.exam.assignment, Fraction(policy.exam.min), True))
    return tuple(columns)


def tallies(decision: Decision) -> tuple[Tally, ...]:
    """A learner's tally in each of the :func:`columns`."""
    return (*decision.chapters, *([decision.exam] if decision.exam else []))


def standing(tally: Tally, column: Column) -> Standing:
    """A learner's standing in one assignment against its minimum."""
    if tally.state == "not-submitted":
        return "absent"
    if not tally.is_final:
        return "waiting"
    return "reached" if tally.reaches(column.minimum) else "below"


def progress(decisions: Sequence[Decision], policy: Policy) -> tuple[Counter[Standing], ...]:
    """The number of learners in each standing, for each of the :func:`columns`."""
    return tuple(
        Counter(standing(tallies(decision)[i], column) for decision in decisions)
        for i, column in enumerate(columns(policy))
    )


def outcomes(decisions: Sequence[Decision], policy: Policy) -> Mapping[str, int]:
    """The number of learners by outcome: levels from the highest, then ``none`` and ``pending``."""
    counts = Counter(decision.level or decision.status for decision in decisions)
    return {name: counts[name] for name in (*(level.name for level in reversed(policy.levels)), "none", "pending")}


def shares(tallies: Sequence[Tally]) -> tuple[Fraction, ...]:
    """Shares of the maximum, for submissions that are finally graded."""
    return tuple(tally.score / tally.maximum for tally in tallies if tally.state == "graded" and tally.maximum > 0)


def overall_shares(decisions: Sequence[Decision]) -> tuple[Fraction, ...]:
    """Overall shares of decided learners who handed in anything."""
    return tuple(
        decision.overall / decision.overall_maximum
        for decision in decisions
        if decision.status != "pending"
        and decision.overall_maximum > 0
        and any(tally.state != "not-submitted" for tally in decision.chapters)
    )


def histogram(shares: Sequence[Fraction]) -> tuple[int, ...]:
    """The number of shares in each tenth; one on an edge counts in the upper tenth, 1 in the last.

    Exact.
    """
    counts = Counter(min(int(share * BINS), BINS - 1) for share in shares)
    return tuple(counts[i] for i in range(BINS))


def reviews(latest: Sequence[Grading], known: Mapping[tuple[str, str], Tally]) -> tuple[Review, ...]:
    """Submissions to look at: open in the gradebook, or marked for review by the engine.

    Those that could not be graded come first, then the open ones.

    Args:
        latest: the last grading of each submission.
        known: tallies by (learner, assignment).
    """
    flagged = {(entry.student, entry.assignment): entry for entry in latest if not entry.status.is_settled}
    waiting = {key for key, tally in known.items() if not tally.is_final}
    reviews = [Review(*key, known.get(key), flagged.get(key)) for key in waiting | flagged.keys()]
    return tuple(sorted(reviews, key=_urgency))


def _urgency(review: Review) -> tuple[bool, bool, str, str]:
    has_failed = review.entry is not None and review.entry.status == Status.FAILED
    return not has_failed, not review.is_open, review.assignment, review.learner


def times(entries: Sequence[Grading]) -> tuple[Times, ...]:
    """Grading times by assignment, counting every grading, also repeated ones."""
    seconds: dict[str, list[float]] = {}
    for entry in entries:
        if entry.seconds is not None:
            seconds.setdefault(entry.assignment, []).append(entry.seconds)
    result = []
    for assignment, values in sorted(seconds.items()):
        low, tenth, median, ninetieth, high = map(float, np.quantile(values, (0, 0.1, 0.5, 0.9, 1)))
        result.append(Times(assignment, len(values), (low, tenth, median, ninetieth, high), sum(values)))
    return tuple(result)
