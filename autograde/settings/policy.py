"""The rules of certification: frozen values, their canonical JSON and its hash. Pure.

Every number that bears on a pass is a :class:`~decimal.Decimal`; nothing passes through a binary float.
"""

import json
from dataclasses import dataclass, fields
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeVar

from autograde.exact import canonical, plain, sha256

T = TypeVar("T")

EXAMINED = ("examiner",)
SKILL_PARTS = " · "  # between the English and the Chinese name of a skill, in a credential's `tag`


@dataclass(frozen=True)
class Skill:
    """What a holder has shown to be able to do, in English and in Chinese."""

    en: str
    zh: str


@dataclass(frozen=True)
class Chapter:
    """An assignment that counts; `min` is the share of its points, 0 to 1, that a required chapter needs.

    `skills` are what it teaches; a credential names those of required chapters only, which its holder has shown.
    """

    assignment: str
    weight: Decimal
    min: Decimal
    required: bool
    skills: tuple[Skill, ...] = ()


@dataclass(frozen=True)
class Level:
    """What a level asks for, as shares 0 to 1; `exam` is None where the exam's own minimum is enough."""

    name: str
    overall: Decimal
    exam: Decimal | None


@dataclass(frozen=True)
class Exam:
    """The exam's assignment, its minimum share, and the review band in standard errors of measurement."""

    assignment: str
    min: Decimal
    review_band_sem: Decimal

    def share(self, level: "Level") -> Decimal:
        """The share of the exam's points that `level` needs."""
        return max(self.min, level.exam or self.min)


@dataclass(frozen=True)
class Attempts:
    """How many attempts may count, how far apart they must be, and which of them counts: best or last."""

    chapter: int
    exam: int
    wait_days: int
    counts: str


@dataclass(frozen=True)
class Late:
    """Late submissions: the share of the score that each started day costs; after `max_days`, all of it."""

    accept: bool
    penalty_per_day: Decimal
    max_days: int


@dataclass(frozen=True)
class Validity:
    """How long a certificate holds, in months, and what renews it."""

    months: int
    renewal: str


@dataclass(frozen=True)
class Policy:
    """The rules of certification.

    The overall share is Σ weight · score / Σ weight · maximum over all chapters, unattempted ones included:
    with equal weights, the share of all chapter points. The exam is not part of it. `levels` ascend. Attempts count
    whose tests ran in one of the `isolation` named.
    """

    id: str
    version: str
    assurance: str
    overall_min: Decimal
    extra_credit: str
    chapters: tuple[Chapter, ...]
    levels: tuple[Level, ...]
    exam: Exam | None = None
    attempts: Attempts | None = None
    late: Late | None = None
    validity: Validity | None = None
    isolation: tuple[str, ...] = EXAMINED

    @property
    def assignments(self) -> tuple[str, ...]:
        """Assignments that the policy looks at: chapters, then the exam."""
        return tuple(c.assignment for c in self.chapters) + ((self.exam.assignment,) if self.exam else ())

    @property
    def skills(self) -> tuple[Skill, ...]:
        """What everybody has shown who passes, in the order of the chapters."""
        return tuple(skill for chapter in self.chapters if chapter.required for skill in chapter.skills)

    @property
    def json(self) -> bytes:
        """The rules alone, canonical JSON: comments, order of keys, titles and "0.7" for "0.70" do not change it."""
        document = _document(self)
        if self.isolation == EXAMINED:  # a rule that policies of before this key have too
            del document["isolation"]
        for chapter in document["chapters"]:
            if not chapter["skills"]:  # as in policies of before this key
                del chapter["skills"]
        return canonical(document)

    @property
    def sha256(self) -> str:
        return sha256(self.json)

    def attempts_allowed(self, assignment: str) -> int | None:
        """How many attempts at this assignment may count; None for any number."""
        if self.attempts is None:
            return None
        return self.attempts.exam if self.exam and self.exam.assignment == assignment else self.attempts.chapter


def policy_from_json(data: bytes) -> Policy:
    """The policy whose ``json`` is `data`.

    Raises:
        ValueError: it is something else.
    """

    def optional(kind: type[T], values: dict[str, Any] | None) -> T | None:
        return None if values is None else _from_document(kind, values)

    try:
        found = json.loads(data)
        parts = {
            "chapters": tuple(_chapter_from(values) for values in found["chapters"]),
            "levels": tuple(_from_document(Level, values) for values in found["levels"]),
            "exam": optional(Exam, found["exam"]),
            "attempts": optional(Attempts, found["attempts"]),
            "late": optional(Late, found["late"]),
            "validity": optional(Validity, found["validity"]),
            "isolation": tuple(found.get("isolation", EXAMINED)),
        }
        return _from_document(Policy, {**found, **parts})
    except (KeyError, TypeError, AttributeError, ArithmeticError) as error:
        raise ValueError(f"no policy: {error}") from None


def _chapter_from(values: dict[str, Any]) -> Chapter:
    skills = tuple(_from_document(Skill, skill) for skill in values.get("skills", ()))
    return _from_document(Chapter, {**values, "skills": skills})


def _from_document(kind: type[T], values: dict[str, Any]) -> T:
    decimals = {field.name for field in fields(kind) if "Decimal" in str(field.type)}  # type: ignore[arg-type]
    return kind(
        **{name: Decimal(value) if name in decimals and value is not None else value for name, value in values.items()}
    )


def _document(value: Any) -> Any:
    if isinstance(value, Decimal):
        return plain(Fraction(value))
    if isinstance(value, tuple):
        return [_document(item) for item in value]
    if hasattr(value, "__dataclass_fields__"):
        return {name: _document(getattr(value, name)) for name in value.__dataclass_fields__}
    return value
