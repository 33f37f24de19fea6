"""Grades of one learner in one assignment → its total. Pure; every number is an exact rational."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

from autograde.certify.decide.attempts import Attempt, Judged, choose, judge
from autograde.certify.decide.grades import Row, Snapshot
from autograde.exact import plain
from autograde.settings.policy import Policy

State = Literal[
    "not-submitted", "not-graded", "partly-graded", "awaiting-manual", "in-review", "not-examined", "graded"
]


@dataclass(frozen=True)
class Tally:
    """One learner's total in one assignment.

    Attributes:
        state: ``not-graded`` no cell has a score; ``partly-graded`` cells lack a score or their row
            in the gradebook; ``awaiting-manual`` cells wait for a person; ``in-review`` no cell
            does, and yet no person has decided; ``not-examined`` graded in an isolation that the
            policy does not accept. Only ``graded`` and ``not-submitted`` are final.
        open_cells: how many cells keep the state from being final; 0 if it is final.
        score: points that count: Σ (manual, else auto, plus extra credit) less the late penalties,
            not below 0 and not above `maximum`.
        maximum: points of all cells of the assignment as it is now.
        late_penalty: points subtracted, as nbgrader recorded them.
        extra_credit: points of extra credit in the sum, before the cap.
        earned: Σ before late penalty and cap.
        attempts: the known hand-ins, and which count; empty if nothing was submitted.
        attempt: number of the one that `score` belongs to; 0 without any.
    """

    assignment: str
    state: State
    open_cells: int
    score: Fraction
    maximum: Fraction
    late_penalty: Fraction
    extra_credit: Fraction
    timestamp: str
    earned: Fraction
    attempts: tuple[Judged, ...] = ()
    attempt: int = 0

    @property
    def is_final(self) -> bool:
        return self.state in ("graded", "not-submitted")

    def reaches(self, share: Fraction) -> bool:
        """Whether the score is at least `share` of the maximum; without points, only a share of 0."""
        return share == 0 or (self.maximum > 0 and self.score >= share * self.maximum)


def tally_all(snapshot: Snapshot, assignments: Iterable[str]) -> Mapping[tuple[str, str], Tally]:
    """The tally of each learner in each of the `assignments`, by (learner, assignment)."""
    cells: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    maximum: dict[str, Fraction] = defaultdict(Fraction)
    for cell in snapshot.cells:
        cells[cell.assignment][cell.notebook, cell.cell] += 1
        maximum[cell.assignment] += Fraction(cell.maximum)
    rows: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in snapshot.rows:
        rows[row.learner, row.assignment].append(row)
    submitted = {(s.learner, s.assignment): s.timestamp for s in snapshot.submissions}
    return {
        key: _tally(key[1], submitted.get(key), rows[key], cells[key[1]], maximum[key[1]])
        for assignment in assignments
        for learner in snapshot.learners
        for key in [(learner, assignment)]
    }


def _tally(
    assignment: str,
    timestamp: str | None,
    rows: list[Row],
    cells: Counter[tuple[str, str]],
    maximum: Fraction,
) -> Tally:
    extra = sum((_points(row.extra_credit) for row in rows), Fraction(0))
    penalty = sum(_penalties(rows).values(), Fraction(0))
    earned = sum((_points(row.auto if row.manual is None else row.manual) for row in rows), Fraction(0))
    state, open_cells = _state(timestamp is not None, rows, cells)
    return Tally(
        assignment=assignment,
        state=state,
        open_cells=open_cells,
        score=min(max(earned + extra - penalty, Fraction(0)), maximum),
        maximum=maximum,
        late_penalty=penalty,
        extra_credit=extra,
        timestamp=timestamp or "",
        earned=earned + extra,
    )


def counted(tally: Tally, attempts: Iterable[Attempt], policy: Policy) -> Tally:
    """The tally of the attempt that counts: the gradebook's own `tally`, or an earlier hand-in's.

    The gradebook decides: without a submission there, no attempt counts. While the newest attempt
    may count and its grading is open, the whole is open.
    """
    if tally.state == "not-submitted":
        return tally
    here = attempt_of(tally)
    worth = {name: getattr(here, name) for name in ("score", "maximum", "late_penalty", "open_cells")}
    known = [replace(attempt, **worth) if attempt.is_current else attempt for attempt in attempts]
    if not any(attempt.is_current for attempt in known):
        known.append(here)
    judged = judge(known, policy.attempts, policy.attempts_allowed(tally.assignment), policy.isolation)
    chosen = choose(judged, policy.attempts.counts if policy.attempts else "last")
    current = next(item for item in judged if item.attempt.is_current)
    if tally.is_final and current.standing in ("in-review", "not-examined"):
        tally = replace(tally, state=current.standing)
    could_count = current.standing not in ("too-early", "beyond-limit")
    if chosen is None or chosen is current or (could_count and not tally.is_final):
        return replace(tally, attempts=judged, attempt=current.number)
    return Tally(
        assignment=tally.assignment,
        state="graded",
        open_cells=0,
        score=chosen.attempt.points,
        maximum=Fraction(chosen.attempt.maximum),
        late_penalty=Fraction(chosen.attempt.late_penalty),
        extra_credit=Fraction(0),
        timestamp=chosen.attempt.submitted_at,
        earned=Fraction(chosen.attempt.score),
        attempts=judged,
        attempt=chosen.number,
    )


def attempt_of(tally: Tally) -> Attempt:
    """The attempt in the gradebook, with only what the gradebook knows."""
    return Attempt(
        assignment=tally.assignment,
        submitted_at=tally.timestamp,
        graded_at="",
        score=plain(tally.earned),
        maximum=plain(tally.maximum),
        late_penalty=plain(tally.late_penalty),
        open_cells=tally.open_cells,
        submission="",
        release="",
        tests="",
        engine="",
        is_current=True,
    )


def _state(is_submitted: bool, rows: list[Row], cells: Counter[tuple[str, str]]) -> tuple[State, int]:
    if not is_submitted:
        return "not-submitted", 0
    absent = (cells - Counter((row.notebook, row.cell) for row in rows)).total()
    unscored = [row for row in rows if row.auto is None and row.manual is None]
    if cells and len(unscored) == len(rows):
        return "not-graded", absent + len(rows)
    lost = absent + sum(not row.needs_manual for row in unscored)
    if lost:
        return "partly-graded", lost
    waiting = sum(row.needs_manual for row in rows)
    return ("awaiting-manual", waiting) if waiting else ("graded", 0)


def _penalties(rows: list[Row]) -> dict[str, Fraction]:
    """Late penalty of each notebook, which all its rows repeat."""
    return {row.notebook: _points(row.late_penalty) for row in rows}


def _points(score: str | None) -> Fraction:
    return Fraction(score or 0)
