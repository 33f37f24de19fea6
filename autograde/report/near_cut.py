"""Decisions that measurement error could have changed: scores close to a cut. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from autograde.certify.decide.decision import Decision
from autograde.settings.policy import Level, Policy

DEFAULT_BAND = Decimal(1)
"""Half width of the band in standard errors, if there is no exam and so no ``review_band_sem``."""
BAND_WITHOUT_ERROR = Fraction(1, 20)
"""Half width as a share of the maximum, if no standard error is known: closeness, not doubt."""

Rule = Literal["chapter", "overall", "exam"]
Condition = tuple[Rule, str, Fraction]  # rule, assignment ("" for the overall score), share needed


@dataclass(frozen=True)
class NearCut:
    """A rule that a learner meets or misses by so little that it may be chance.

    Attributes:
        subject: the assignment; empty for the overall score.
        score, cut, maximum: points; weighted ones for the overall score.
        error: standard error of measurement in the same points, None if unknown.
        level: the level reached, or None; `level_if`: the level if this rule alone had the other
            outcome.
    """

    learner: str
    rule: Rule
    subject: str
    score: Fraction
    cut: Fraction
    maximum: Fraction
    error: float | None
    level: str | None
    level_if: str | None

    @property
    def distance(self) -> Fraction:
        """Points from the cut; negative below it."""
        return self.score - self.cut

    @property
    def errors(self) -> float | None:
        """Distance in standard errors of measurement."""
        return float(self.distance) / self.error if self.error else None

    @property
    def is_pass_or_fail(self) -> bool:
        """Whether it decides on a certificate, not only on its level."""
        return self.level is None or self.level_if is None


def band(policy: Policy) -> Decimal:
    """Half width of the review band, in standard errors of measurement."""
    return policy.exam.review_band_sem if policy.exam else DEFAULT_BAND


def near_cuts(decisions: Sequence[Decision], errors: Mapping[str, float | None]) -> tuple[NearCut, ...]:
    """Rules of decided learners near a cut whose other outcome would change the level.

    Those that decide on a certificate come first; among equals, the nearest.

    Args:
        errors: standard error of measurement as a share of the maximum, by assignment, and under
            ``""`` of the overall score; shares, since an attempt that counts may have had another
            maximum than the gradebook now has.
    """
    cases = [near for decision in decisions if decision.status != "pending" for near in _near(decision, errors)]
    return tuple(sorted(cases, key=_urgency))


def _urgency(near: NearCut) -> tuple[bool, float, str]:
    far = abs(near.distance / near.maximum) * 10 if near.errors is None else abs(near.errors)
    return not near.is_pass_or_fail, float(far), near.learner


def _near(decision: Decision, errors: Mapping[str, float | None]) -> Iterator[NearCut]:
    conditions = {level: _conditions(decision.policy, level) for level in decision.policy.levels}
    for condition in dict.fromkeys(condition for needed in conditions.values() for condition in needed):
        rule, subject, share = condition
        score, maximum, was_taken = _score(decision, rule, subject)
        cut, known = share * maximum, errors.get(subject)
        error = None if known is None else known * float(maximum)
        width = BAND_WITHOUT_ERROR * maximum if error is None else Fraction(band(decision.policy)) * Fraction(error)
        if not was_taken or maximum == 0 or abs(score - cut) > width:
            continue
        level_if = _level(decision, conditions, turned=condition)
        if level_if != decision.level:
            yield NearCut(decision.learner, rule, subject, score, cut, maximum, error, decision.level, level_if)


def _conditions(policy: Policy, level: Level) -> list[Condition]:
    """What `level` needs, as in decision.py."""
    needed: list[Condition] = [("chapter", c.assignment, Fraction(c.min)) for c in policy.chapters if c.required]
    needed.append(("overall", "", Fraction(max(policy.overall_min, level.overall))))
    if policy.exam:
        needed.append(("exam", policy.exam.assignment, Fraction(policy.exam.share(level))))
    return needed


def _level(decision: Decision, conditions: Mapping[Level, list[Condition]], turned: Condition) -> str | None:
    """The highest level whose conditions hold if one of them had the other outcome.

    Failing a cut also fails every higher cut on the same score, and vice versa.
    """
    was_met = _is_met(decision, turned)

    def holds(condition: Condition) -> bool:
        if condition[:2] == turned[:2] and (condition[2] >= turned[2] if was_met else condition[2] <= turned[2]):
            return not was_met
        return _is_met(decision, condition)

    reached = [level.name for level, needed in conditions.items() if all(map(holds, needed))]
    return reached[-1] if reached else None


def _is_met(decision: Decision, condition: Condition) -> bool:
    rule, subject, share = condition
    score, maximum, was_taken = _score(decision, rule, subject)
    if rule == "exam" and not was_taken:
        return False
    return (share == 0 and rule != "overall") or (maximum > 0 and score >= share * maximum)


def _score(decision: Decision, rule: Rule, subject: str) -> tuple[Fraction, Fraction, bool]:
    """Score, maximum, and whether anything was handed in."""
    if rule == "overall":
        taken = any(tally.state != "not-submitted" for tally in decision.chapters)
        return decision.overall, decision.overall_maximum, taken
    tallies = (*decision.chapters, *([decision.exam] if decision.exam else []))
    tally = next(tally for tally in tallies if tally.assignment == subject)
    return tally.score, tally.maximum, tally.state != "not-submitted"
