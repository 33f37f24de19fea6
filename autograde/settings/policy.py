"""course.toml → :class:`Policy`. Pure: text in, frozen values out; no file, clock or network.

The format, key by key, stands in the comments of ``course.toml``. Every number that bears on a pass is a
decimal string there and a :class:`~decimal.Decimal` here; nothing passes through a binary float.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass, fields
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeVar

from autograde.errors import raise_all
from autograde.exact import canonical, plain, sha256
from autograde.settings.toml_tables import PolicyError, Table, listed, quoted, read_tables

__all__ = ["Chapter", "Exam", "Late", "Level", "Policy", "PolicyError", "parse_policy", "policy_from_json"]

T = TypeVar("T")

LANGUAGES = ("en", "zh")
EXAMINED = ("examiner",)
MOST_SKILLS, LONGEST_SKILL = 24, 48
_SKILLS = 'skills = [{ en = "Loss functions", zh = "损失函数" }]'
SKILL_PARTS = " · "  # between the English and the Chinese name of a skill, in a credential's `tag`
ISOLATIONS = (*EXAMINED, "shared", "unrecorded")


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


def parse_policy(text: str, assignments: Collection[str] | None = None) -> Policy:
    """Read and check the text of course.toml.

    Args:
        text: the whole file, the keys that are no policy included.
        assignments: the assignments that exist; None to skip that check. The exam may still be to come.

    Raises:
        PolicyError: with the line that holds the fault.
        SeveralErrors: several [[chapter]] have one each.
    """
    top = read_tables(text)
    top.allow("title", "languages", "id", "publication", "db_url", "policy", "chapter", "level", "issuer", "grading")
    _check_course(top)
    rules = top.table("policy", "[policy]")
    rules.allow(
        "id", "version", "assurance", "arithmetic", "validity", "overall", "exam", "attempts", "late", "isolation"
    )
    _check_arithmetic(rules.table("arithmetic", "[policy] arithmetic"))
    overall = rules.table("overall", "[policy] overall")
    overall.allow("min", "extra_credit")
    exam = _exam(rules)
    return Policy(
        id=rules.text("id"),
        version=rules.text("version"),
        assurance=rules.text("assurance"),
        overall_min=overall.decimal("min", 1),
        extra_credit=overall.choice("extra_credit", "cap_at_max"),
        chapters=_chapters(top, exam, assignments),
        levels=_levels(top, overall.decimal("min", 1), exam),
        exam=exam,
        attempts=_attempts(rules),
        late=_late(rules),
        validity=_validity(rules),
        isolation=_isolation(rules),
    )


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


def _check_course(top: Table) -> None:
    for key in ("id", "publication", "db_url"):
        if top.has(key) and top.values[key] != "":
            top.text(key)
    languages = top.texts("languages") if top.has("languages") else list(LANGUAGES)
    for i, language in enumerate(languages):
        if language not in LANGUAGES:
            raise top.error(f"language {quoted(language)}: known are {listed(LANGUAGES)}", "languages", i)
    if top.has("title"):
        title = top.table("title", "title")
        title.allow(*languages)
        for language in languages:
            title.text(language)


def _check_arithmetic(table: Table) -> None:
    table.allow("type", "round_up_to_pass")
    table.choice("type", "decimal")
    if table.flag("round_up_to_pass"):
        raise table.error("nothing is rounded up; write round_up_to_pass = false", "round_up_to_pass")


def _exam(rules: Table) -> Exam | None:
    if not rules.has("exam"):
        return None
    table = rules.table("exam", "[policy] exam")
    table.allow("assignment", "min", "review_band_sem")
    return Exam(table.text("assignment"), table.decimal("min", 1), table.decimal("review_band_sem", 10))


def _attempts(rules: Table) -> Attempts | None:
    if not rules.has("attempts"):
        return None
    table = rules.table("attempts", "[policy] attempts")
    table.allow("chapter", "exam", "wait_days", "counts")
    return Attempts(
        chapter=table.integer("chapter", 1, 1000),
        exam=table.integer("exam", 1, 1000),
        wait_days=table.integer("wait_days", 0, 3660),
        counts=table.choice("counts", "best", "last"),
    )


def _late(rules: Table) -> Late | None:
    if not rules.has("late"):
        return None
    table = rules.table("late", "[policy] late")
    table.allow("accept", "penalty_per_day", "max_days")
    return Late(table.flag("accept"), table.decimal("penalty_per_day", 1), table.integer("max_days", 0, 3660))


def _validity(rules: Table) -> Validity | None:
    if not rules.has("validity"):
        return None
    table = rules.table("validity", "[policy] validity")
    table.allow("months", "renewal")
    return Validity(table.integer("months", 1, 1200), table.choice("renewal", "exam", "none"))


def _isolation(rules: Table) -> tuple[str, ...]:
    if not rules.has("isolation"):
        return EXAMINED
    for i, name in enumerate(named := rules.texts("isolation")):
        if name not in ISOLATIONS:
            raise rules.error(f"isolation {quoted(name)}: known are {listed(ISOLATIONS)}", "isolation", i)
    return tuple(name for name in ISOLATIONS if name in named)


def _chapters(top: Table, exam: Exam | None, assignments: Collection[str] | None) -> tuple[Chapter, ...]:
    chapters: list[Chapter] = []
    faults: list[PolicyError] = []
    taken = {exam.assignment: "the exam"} if exam else {}
    for table in top.tables("chapter"):
        try:
            chapters.append(_chapter(table, taken, assignments, chapters))
        except PolicyError as error:
            faults.append(error)
    raise_all(faults)
    if not any(chapter.weight for chapter in chapters):
        raise top.error("every weight is 0; give at least one chapter a weight", "chapter", 0, "weight")
    return tuple(chapters)


def _skills(table: Table, before: Collection[Chapter]) -> tuple[Skill, ...]:
    """A chapter's skills; a certificate has room for :data:`MOST_SKILLS`, each said once."""
    if not table.has("skills"):
        return ()
    found = [skill for chapter in before for skill in chapter.skills]
    start = len(found)
    for i, item in enumerate(table.tables("skills", _SKILLS)):
        item.allow("en", "zh")
        skill = Skill(_skill(item, "en"), _skill(item, "zh"))
        if any(skill.en == other.en or skill.zh == other.zh for other in found):
            raise table.error(f"the skill {quoted(skill.en)} stands twice; name each once", "skills", i)
        if len(found) == MOST_SKILLS:
            message = f"more than {MOST_SKILLS} skills have no room on a certificate; name the weightiest"
            raise table.error(message, "skills", i)
        found.append(skill)
    return tuple(found[start:])


def _skill(item: Table, key: str) -> str:
    text = item.text(key)
    if len(text) > LONGEST_SKILL or text != " ".join(text.split()) or SKILL_PARTS.strip() in text:
        message = (
            f"{quoted(text)} is no skill; write at most {LONGEST_SKILL} characters, single spaces and no middle dot"
        )
        raise item.error(message, key)
    return text


def _chapter(
    table: Table, taken: dict[str, str], assignments: Collection[str] | None, before: Collection[Chapter]
) -> Chapter:
    table.allow("assignment", "weight", "min", "required", "skills", "minutes", "due")
    assignment = table.text("assignment")
    if assignment in taken:
        message = f"assignment {quoted(assignment)} is {taken[assignment]} already; name each once"
        raise table.error(message, "assignment")
    if assignments is not None and assignment not in assignments:
        message = f"assignment {quoted(assignment)} is not among those that exist: {listed(assignments)}"
        raise table.error(message, "assignment")
    taken[assignment] = "a chapter"
    _check_plan(table)
    weight, minimum = table.decimal("weight", 1_000_000), table.decimal("min", 1)
    return Chapter(assignment, weight, minimum, table.flag("required"), _skills(table, before))


def _check_plan(table: Table) -> None:
    """What learners are told of a chapter and no decision reads: it is no part of the policy."""
    if table.has("minutes"):
        table.integer("minutes", 1, 10_000)
    if table.has("due"):
        table.moment("due")


def _levels(top: Table, overall_min: Decimal, exam: Exam | None) -> tuple[Level, ...]:
    levels: list[Level] = []
    for table in top.tables("level"):
        table.allow("name", "overall", "exam")
        if table.has("exam") and exam is None:
            raise table.error("there is no exam; add exam to [policy] or remove this", "exam")
        level = Level(
            table.text("name"),
            table.decimal("overall", 1),
            table.decimal("exam", 1) if table.has("exam") else None,
        )
        if level.name in ("none", "pending"):
            raise table.error(f"a level cannot be called {quoted(level.name)}; that is an outcome", "name")
        if level.name in (other.name for other in levels):
            raise table.error(f"level {quoted(level.name)} stands twice; name each once", "name")
        if level.overall < overall_min:
            raise table.error(f"overall is below {overall_min}, [policy] overall min; raise it", "overall")
        if exam and level.exam is not None and level.exam < exam.min:
            raise table.error(f"exam is below {exam.min}, [policy] exam min; raise it", "exam")
        if levels and level.overall <= levels[-1].overall:
            message = f"levels ascend: overall must exceed {levels[-1].overall}, that of {quoted(levels[-1].name)}"
            raise table.error(message, "overall")
        if exam and levels and exam.share(level) < exam.share(levels[-1]):
            message = f"levels ascend: exam is below that of {quoted(levels[-1].name)}; raise it"
            raise table.error(message, "exam" if table.has("exam") else "name")
        levels.append(level)
    return tuple(levels)


def _document(value: Any) -> Any:
    if isinstance(value, Decimal):
        return plain(Fraction(value))
    if isinstance(value, tuple):
        return [_document(item) for item in value]
    if hasattr(value, "__dataclass_fields__"):
        return {name: _document(getattr(value, name)) for name in value.__dataclass_fields__}
    return value
