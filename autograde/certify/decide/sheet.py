"""One learner's totals under a policy → rules with outcomes, reasons, what is missing. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from autograde.certify.decide import reasons as say
from autograde.certify.decide.reasons import Reason
from autograde.certify.decide.tally import Tally
from autograde.exact import plain
from autograde.settings.policy import Level, Policy

Outcome = Literal["met", "not-met", "pending"]


@dataclass(frozen=True)
class Rule:
    """One rule, what went into it and what came out.

    Attributes:
        rule: ``chapter-minimum``, ``overall-minimum``, ``exam-minimum`` or ``level``.
        subject: the assignment or level that it is about; ``overall`` for the overall minimum.
        binding: whether it bars every level if not met; ``min`` of a chapter that is not required
            is advice.
        inputs: decimal strings and states.
    """

    rule: str
    subject: str
    binding: bool
    inputs: Mapping[str, str]
    outcome: Outcome


@dataclass(frozen=True)
class Missing:
    """What one rule still needs for the lowest level; `points` is None if it is not about points."""

    subject: str
    points: str | None
    text: Reason


class Sheet:
    """One learner's totals under a policy, with the questions that a decision asks of them."""

    def __init__(self, policy: Policy, chapters: tuple[Tally, ...], exam: Tally | None) -> None:
        self.policy = policy
        self.chapters = tuple(zip(policy.chapters, chapters, strict=True))
        self.exam = exam
        self.open = [t for t in (*chapters, *([exam] if exam else [])) if not t.is_final]
        weighted = [(Fraction(c.weight) * t.score, Fraction(c.weight) * t.maximum) for c, t in self.chapters]
        self.overall = sum((score for score, _ in weighted), Fraction(0))
        self.maximum = sum((maximum for _, maximum in weighted), Fraction(0))

    def reaches(self, level: Level) -> bool:
        return not self.open and all(
            (
                all(t.reaches(Fraction(c.min)) for c, t in self.chapters if c.required),
                self._overall_reaches(Fraction(self.policy.overall_min)),
                self._overall_reaches(Fraction(level.overall)),
                self._exam_reaches(self._exam_share(level)),
            )
        )

    def rules(self) -> list[Rule]:
        overall = {"score": plain(self.overall), "maximum": plain(self.maximum)}
        found = [
            Rule(
                "chapter-minimum",
                chapter.assignment,
                chapter.required,
                {**_inputs(tally), "minimum": plain(Fraction(chapter.min))},
                _outcome(tally.reaches(Fraction(chapter.min)), not tally.is_final),
            )
            for chapter, tally in self.chapters
        ]
        minimum = Fraction(self.policy.overall_min)
        found.append(
            Rule(
                "overall-minimum",
                "overall",
                True,
                {**overall, "minimum": plain(minimum)},
                _outcome(self._overall_reaches(minimum), self._open_chapters()),
            )
        )
        if self.policy.exam and self.exam:
            minimum = Fraction(self.policy.exam.min)
            found.append(
                Rule(
                    "exam-minimum",
                    self.exam.assignment,
                    True,
                    {**_inputs(self.exam), "minimum": plain(minimum)},
                    _outcome(self._exam_reaches(minimum), not self.exam.is_final),
                )
            )
        for level in self.policy.levels:
            inputs = {**overall, "overall_minimum": plain(Fraction(level.overall))}
            if self.exam:
                inputs["exam_minimum"] = plain(self._exam_share(level))
            found.append(Rule("level", level.name, False, inputs, _outcome(self.reaches(level), bool(self.open))))
        return found

    def reasons(self, level: Level | None) -> list[Reason]:
        """The reasons for the outcome, the weightiest first; then what became of attempts."""
        return [*self._outcome_reasons(level), *self._attempt_reasons()]

    def _attempt_reasons(self) -> list[Reason]:
        rule, found = self.policy.attempts, []
        for tally in (*(t for _, t in self.chapters), *([self.exam] if self.exam else [])):
            for item in tally.attempts:
                if item.standing == "too-early" and rule:
                    found.append(say.attempt_too_early(tally.assignment, item, rule.wait_days))
                elif item.standing == "beyond-limit":
                    allowed = self.policy.attempts_allowed(tally.assignment)
                    found.append(say.attempt_beyond(tally.assignment, item, allowed or 0))
                elif item.standing in ("in-review", "not-examined", "waiting") and not item.attempt.is_current:
                    found.append(say.attempt_barred(tally.assignment, item))
            if tally.attempts and tally.attempt != len(tally.attempts):
                found.append(say.attempt_chosen(tally))
        return found

    def _outcome_reasons(self, level: Level | None) -> list[Reason]:
        if self.open:
            return [say.open_grading(tally) for tally in self.open]
        if level is None:
            return self._shortfalls(self.policy.levels[0])
        reached = say.level_reached(level.name, self.overall, self.maximum, Fraction(level.overall))
        higher = self.policy.levels[self.policy.levels.index(level) + 1 :]
        return [reached, *(self._shortfalls(higher[0]) if higher else [])]

    def missing(self) -> list[Missing]:
        """What separates the learner from the lowest level."""
        found = [Missing(t.assignment, None, say.grading_missing(t.assignment)) for t in self.open]
        for chapter, tally in self.chapters:
            minimum = Fraction(chapter.min)
            if chapter.required and tally.is_final and not tally.reaches(minimum):
                found.append(_points_missing(tally, minimum))
        lowest = self.policy.levels[0]
        needed = max(Fraction(self.policy.overall_min), Fraction(lowest.overall))
        if not self._open_chapters() and self.maximum > 0 and not self._overall_reaches(needed):
            points = needed * self.maximum - self.overall
            found.append(Missing("overall", plain(points), say.overall_missing(points)))
        if self.exam and self.exam.is_final and not self._exam_reaches(self._exam_share(lowest)):
            found.append(_points_missing(self.exam, self._exam_share(lowest)))
        return found

    def _shortfalls(self, level: Level) -> list[Reason]:
        """Why this level is not reached; the grading is final."""
        found = []
        for chapter, tally in self.chapters:
            if chapter.required and not tally.reaches(Fraction(chapter.min)):
                found.append(say.below_minimum(tally, Fraction(chapter.min)))
        if self.exam and not self._exam_reaches(self._exam_share(level)):
            if self.exam.state == "not-submitted":
                found.append(say.exam_not_taken(self.exam.assignment))
            else:
                found.append(say.exam_below(self.exam, self._exam_share(level), level.name))
        needed = max(Fraction(self.policy.overall_min), Fraction(level.overall))
        if not self._overall_reaches(needed):
            found.append(say.overall_below(self.overall, self.maximum, needed, level.name))
        return found

    def _open_chapters(self) -> bool:
        return any(not tally.is_final for _, tally in self.chapters)

    def _overall_reaches(self, share: Fraction) -> bool:
        return self.maximum > 0 and self.overall >= share * self.maximum

    def _exam_share(self, level: Level) -> Fraction:
        return Fraction(self.policy.exam.share(level)) if self.policy.exam else Fraction(0)

    def _exam_reaches(self, share: Fraction) -> bool:
        """Whether the exam, if the policy has one, was taken and reached the share."""
        return self.exam is None or (self.exam.state != "not-submitted" and self.exam.reaches(share))


def _points_missing(tally: Tally, minimum: Fraction) -> Missing:
    if tally.maximum == 0:
        return Missing(tally.assignment, None, say.below_minimum(tally, minimum))
    points = minimum * tally.maximum - tally.score
    return Missing(tally.assignment, plain(points), say.points_missing(tally.assignment, points))


def _outcome(is_met: bool, is_open: bool) -> Outcome:
    return "pending" if is_open else "met" if is_met else "not-met"


def _inputs(tally: Tally) -> dict[str, str]:
    return {"state": tally.state, "score": plain(tally.score), "maximum": plain(tally.maximum)}
