"""Report and names → what waits for a person, the most urgent kind first.

Pure: counts and ids, no words.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from autograde.certify.decide.decision import Decision
from autograde.certify.decide.snapshot import Person
from autograde.certify.decide.tally import State
from autograde.grading.status import Status
from autograde.report.cohort import Review, tallies
from autograde.report.items import Analysis
from autograde.report.near_cut import NearCut

Kind = Literal[
    "failed", "review", "manual", "ungraded", "partly", "not-examined", "left-out", "near", "unnamed", "items", "lines"
]
KIND_OF_STATE: Mapping[State, Kind] = {
    "awaiting-manual": "manual",
    "in-review": "review",
    "not-graded": "ungraded",
    "partly-graded": "partly",
    "not-examined": "not-examined",
}


@dataclass(frozen=True)
class Need:
    """One kind of thing that waits for a person.

    Attributes:
        n: how many submissions, learners, items or lines.
        places: how many in each assignment, in course order; empty if it is not about assignments.
    """

    kind: Kind
    n: int
    places: tuple[tuple[str, int], ...] = ()


def needs(
    assignments: Iterable[str],
    decisions: Iterable[Decision],
    reviews: Iterable[Review],
    near: Iterable[NearCut],
    analyses: Iterable[Analysis],
    n_faults: int,
    people: Mapping[str, Person],
) -> tuple[Need, ...]:
    """What waits for a person; each submission appears once, under what has to be done first.

    Args:
        n_faults: lines of the grading log that are none of the engine's.
    """
    decisions = tuple(decisions)
    submissions: dict[tuple[str, str], Kind] = {}
    for decision in decisions:
        for tally in tallies(decision):
            if tally.state in KIND_OF_STATE:
                submissions[decision.learner, tally.assignment] = KIND_OF_STATE[tally.state]
    for review in reviews:
        if review.entry and (review.is_open or review.entry.status == Status.FAILED):
            submissions[review.learner, review.assignment] = (
                "failed" if review.entry.status == Status.FAILED else "review"
            )
    kinds: dict[Kind, Counter[str]] = {}
    for (_, assignment), kind in submissions.items():
        kinds.setdefault(kind, Counter())[assignment] += 1
    for analysis in analyses:
        if analysis.flagged:
            kinds.setdefault("items", Counter())[analysis.assignment] = len(analysis.flagged)
    alone: Mapping[Kind, int] = {
        "left-out": sum(bool(person.fault) for person in people.values()),
        "near": len({case.learner for case in near if case.is_pass_or_fail}),
        "unnamed": sum(decision.level is not None and not has_name(people, decision.learner) for decision in decisions),
        "lines": n_faults,
    }
    return tuple(_in_order(list(assignments), kinds, alone))


def has_name(people: Mapping[str, Person], learner: str) -> bool:
    """Whether the gradebook has a name for the certificate."""
    person = people.get(learner)
    return person is not None and bool((person.first_name or "").strip() or (person.last_name or "").strip())


def _in_order(assignments: list[str], kinds: Mapping[Kind, Counter[str]], alone: Mapping[Kind, int]) -> Iterator[Need]:
    for kind in Kind.__args__:  # type: ignore[attr-defined]  # typing tells mypy nothing of a Literal's parts
        if kind in kinds:
            counts = kinds[kind]
            names = [*assignments, *sorted(counts.keys() - set(assignments))]
            yield Need(kind, counts.total(), tuple((name, counts[name]) for name in names if counts[name]))
        elif alone.get(kind):
            yield Need(kind, alone[kind])
