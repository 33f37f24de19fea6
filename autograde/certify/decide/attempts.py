"""A learner's attempts at an assignment, and which of them count under the policy. Pure.

An attempt is one hand-in that was graded; the same notebook graded again is the same attempt. In
the order of first grading, the first counts; a later one counts if it came at least ``wait_days``
days (of 24 hours) after the last one that counts, and while fewer than the allowed number count.
One that does not count has no effect: it uses up no attempt and starts no new wait. A learner's
timestamp is only the learner's claim: it orders what was graded at the same moment.

``counts = "best"`` takes the highest share of points among those that count, the earliest of
equals; ``"last"`` the latest. The gradebook decides what the newest attempt is worth (including
manual scores, extra credit and late penalties); an earlier one is worth what it was when last seen:
in the grading log, or later in the gradebook by ``course certify``. Each is compared after its own
late penalty, not below 0 and not above its maximum.

What grading found out about an attempt stays with it when the next one replaces it in the
gradebook: one sent to review counts once a person has decided on it, one whose cells wait for a
person never, and only one whose tests ran in an isolation that the policy accepts.
"""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Literal

from autograde.exact import canonical, moment
from autograde.grading.status import Status
from autograde.settings.policy import Attempts

Standing = Literal["counts", "too-early", "beyond-limit", "in-review", "not-examined", "waiting"]
UNRECORDED = "unrecorded"
"""Isolation of what the engine's log does not have: graded by another program, or only by hand."""
_FACTS = ("status", "isolation", "is_decided")


@dataclass(frozen=True)
class Attempt:
    """One graded hand-in.

    Attributes:
        submitted_at: when it was handed in, UTC, ISO 8601, ``Z``; empty if not recorded.
        graded_at: when it was graded first; empty if not recorded.
        score: points before the late penalty, decimal string; so are the next two.
        late_penalty: points subtracted.
        open_cells: cells that had no score.
        submission: SHA-256 of the notebooks handed in; empty if not recorded; so are the next
            three.
        release: SHA-256 of the released notebooks.
        tests: SHA-256 of the tests that graded it.
        engine: name and version of the grading engine.
        is_current: whether it is the one in the gradebook.
        status: ``graded``, ``repaired`` or ``review``, as the engine left it; None in evidence of
            before these three fields, which is judged without them.
        isolation: where its tests ran: ``examiner``, ``shared`` or ``unrecorded``; None as for
            `status`.
        is_decided: whether a person has decided on its review.
    """

    assignment: str
    submitted_at: str
    graded_at: str
    score: str
    maximum: str
    late_penalty: str
    open_cells: int
    submission: str
    release: str
    tests: str
    engine: str
    is_current: bool
    status: str | None = None
    isolation: str | None = None
    is_decided: bool = False

    @property
    def points(self) -> Fraction:
        """Points that count: after the late penalty, not below 0, not above the maximum."""
        points = Fraction(self.score) - Fraction(self.late_penalty)
        return min(max(points, Fraction(0)), Fraction(self.maximum))

    @property
    def share(self) -> Fraction:
        return self.points / Fraction(self.maximum) if Fraction(self.maximum) else Fraction(0)


@dataclass(frozen=True)
class Judged:
    """An attempt, its number from 1 in the order of hand-in, and whether it counts.

    Attributes:
        days: whole days after the last attempt that counts; 0 for the first, or if times are not
            recorded.
    """

    number: int
    attempt: Attempt
    standing: Standing
    days: int


def judge(
    attempts: Iterable[Attempt], rule: Attempts | None, limit: int | None, isolations: Collection[str] = ()
) -> tuple[Judged, ...]:
    """Which of one learner's `attempts` at one assignment count, in the order of hand-in.

    Args:
        rule: the policy's rule on attempts; without one, all count.
        limit: how many may count; None for any number.
        isolations: the accepted ones.
    """
    judged: list[Judged] = []
    counting, last = 0, None
    for number, attempt in enumerate(sorted(attempts, key=_order), start=1):
        standing: Standing = "counts"
        wait = _wait(last, attempt) if last else None
        if limit is not None and counting >= limit:
            standing = "beyond-limit"
        elif rule and wait is not None and wait < timedelta(days=rule.wait_days):
            standing = "too-early"
        else:
            standing = _objection(attempt, isolations) or "counts"
        judged.append(Judged(number, attempt, standing, max(wait.days, 0) if wait is not None else 0))
        if standing == "counts":
            counting, last = counting + 1, attempt if handed_in(attempt) else last
    return tuple(judged)


def _wait(last: Attempt, attempt: Attempt) -> timedelta | None:
    """Time between two attempts; None if it is not recorded."""
    before, at = handed_in(last), handed_in(attempt)
    if before == at and attempt.status is not None:  # seen at the same moment: ordered by timestamp
        before, at = moment(last.submitted_at) or before, moment(attempt.submitted_at) or at
    return at - before if before and at else None


def _objection(attempt: Attempt, isolations: Collection[str]) -> Standing | None:
    """What grading found that bars an attempt from counting."""
    if attempt.status is None:
        return None
    if attempt.isolation not in isolations:
        return "not-examined"
    if attempt.status == Status.REVIEW and not attempt.is_decided:
        return "in-review"
    return "waiting" if attempt.open_cells and not attempt.is_current else None


def choose(judged: Sequence[Judged], counts: str) -> Judged | None:
    """The attempt that decides: the ``best`` or the ``last`` of those that count; None without any."""
    counting = [item for item in judged if item.standing == "counts"]
    if not counting:
        return None
    return counting[-1] if counts == "last" else max(counting, key=lambda item: (item.attempt.share, -item.number))


def handed_in(attempt: Attempt) -> datetime | None:
    """When the hand-in was seen: its first grading, or the learner's timestamp if only that is
    recorded.

    In evidence that predates attempt facts the timestamp takes precedence.
    """
    seen, stamped = moment(attempt.graded_at), moment(attempt.submitted_at)
    return stamped or seen if attempt.status is None else seen or stamped


def to_json(learner: str, attempts: Iterable[Attempt]) -> bytes:
    """A learner's attempts as canonical JSON, whatever their order."""
    ordered = sorted(attempts, key=lambda attempt: (attempt.assignment, *_order(attempt)))
    documents = [asdict(attempt) for attempt in ordered]
    if all(attempt.status is None for attempt in ordered):  # evidence of before these facts keeps its bytes
        documents = [{name: value for name, value in item.items() if name not in _FACTS} for item in documents]
        return canonical({"schema": 1, "learner": learner, "attempts": documents})
    return canonical({"schema": 2, "learner": learner, "attempts": documents})


def from_json(data: bytes) -> tuple[Attempt, ...]:
    """What :func:`to_json` wrote.

    Raises:
        ValueError: it is something else.
    """
    try:
        names = {field.name for field in fields(Attempt)}
        document = json.loads(data)
        found = document["attempts"]
        if document["schema"] == 1:
            names -= set(_FACTS)
        if any(set(item) != names for item in found):
            raise ValueError("an attempt has other fields")
        return tuple(Attempt(**item) for item in found)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"no attempts: {error}") from None


def _order(attempt: Attempt) -> tuple[bool, datetime, str, str]:
    """By hand-in.

    Without any time, oldest, except that the gradebook's attempt is never before another.
    """
    at = handed_in(attempt)
    within = attempt.graded_at
    if attempt.status is not None:
        stamp = moment(attempt.submitted_at)
        within = stamp.isoformat(timespec="microseconds") if stamp else ""
    return attempt.is_current and at is None, at or datetime.min.replace(tzinfo=UTC), within, attempt.submission
