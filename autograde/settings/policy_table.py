"""Tables of course.toml → :class:`Policy`, each fault with its line. Pure.

The format, key by key, stands in the comments of ``course.toml``. Every number that bears on a pass is a decimal string
there, so that nothing passes through a binary float.
"""

from collections.abc import Collection
from decimal import Decimal

from autograde.errors import raise_all
from autograde.settings.course_keys import check_top, plan
from autograde.settings.policy import (
    EXAMINED,
    SKILL_PARTS,
    Attempts,
    Chapter,
    Exam,
    Late,
    Level,
    Policy,
    Skill,
    Validity,
)
from autograde.settings.toml_tables import SettingsError, Table, listed, quoted

MOST_SKILLS, LONGEST_SKILL = 24, 48
ISOLATIONS = (*EXAMINED, "shared", "unrecorded")
_SKILLS = 'skills = [{ en = "Loss functions", zh = "损失函数" }]'


def parse_policy(top: Table, assignments: Collection[str] | None = None) -> Policy:
    """Read and check the policy.

    Args:
        top: the whole file, with the keys that are not part of the policy.
        assignments: the assignments that exist; None to skip that check. The exam may still be to come.

    Raises:
        SettingsError: with the line that holds the fault.
        SeveralErrors: several [[chapter]] have one each.
    """
    check_top(top)
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
    faults: list[SettingsError] = []
    taken = {exam.assignment: "the exam"} if exam else {}
    for table in top.tables("chapter"):
        try:
            chapters.append(_chapter(table, taken, assignments, chapters))
        except SettingsError as error:
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
            f"{quoted(text)} is not a skill; write at most {LONGEST_SKILL} characters, single spaces and no middle dot"
        )
        raise item.error(message, key)
    return text


def _chapter(
    table: Table, taken: dict[str, str], assignments: Collection[str] | None, before: Collection[Chapter]
) -> Chapter:
    plan(table)
    assignment = table.text("assignment")
    if assignment in taken:
        message = f"assignment {quoted(assignment)} is {taken[assignment]} already; name each once"
        raise table.error(message, "assignment")
    if assignments is not None and assignment not in assignments:
        message = f"assignment {quoted(assignment)} is not among those that exist: {listed(assignments)}"
        raise table.error(message, "assignment")
    taken[assignment] = "a chapter"
    weight, minimum = table.decimal("weight", 1_000_000), table.decimal("min", 1)
    return Chapter(assignment, weight, minimum, table.flag("required"), _skills(table, before))


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
