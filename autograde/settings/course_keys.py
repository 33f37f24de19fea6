"""The top level of course.toml: the course's id, title, languages, addresses and chapters. Pure."""

import re
from dataclasses import dataclass
from datetime import datetime

from autograde.errors import raise_all
from autograde.settings.toml_tables import SettingsError, Table

LANGUAGES = ("en", "zh")
_KNOWN = (
    "title", "languages", "id", "publication", "house_style", "db_url", "policy", "chapter", "level", "issuer", "grading",
)  # fmt: skip
_CHAPTER = ("assignment", "weight", "min", "required", "skills", "minutes", "due", "needs")
_NO_CHAPTER = 'every [[chapter]] needs assignment = "chNN"'


@dataclass(frozen=True)
class Plan:
    """What learners are told about a chapter; it is not part of the policy, and no decision reads it.

    Attributes:
        minutes: how long it takes.
        due: until when it is to be handed in.
        needs: the assignments of the chapters that it builds on.
    """

    minutes: int | None = None
    due: datetime | None = None
    needs: tuple[str, ...] = ()


def check_top(top: Table) -> None:
    """Check the keys of the top level, and all its values that are not sections.

    Raises:
        SettingsError: with the line that holds the fault.
    """
    top.allow(*_KNOWN)
    for key in ("id", "publication", "db_url"):
        text_or_none(top, key)
    house_style(top)
    languages(top)
    titles(top)


def text_or_none(top: Table, key: str) -> str | None:
    """Return a text that may be left out or empty."""
    return top.text(key) if top.has(key) and top.values[key] != "" else None


def house_style(top: Table) -> bool:
    """Return whether the chapters keep this repository's style of prose; they need not."""
    return top.has("house_style") and top.flag("house_style")


def languages(top: Table) -> tuple[str, ...]:
    """Return the languages of the course, the first being its main one."""
    wanted = 'languages must be a list out of "en" and "zh", each once'
    found = top.values.get("languages", list(LANGUAGES))
    if not isinstance(found, list) or not found:
        raise top.error(wanted, "languages")
    for at, language in enumerate(found):
        if language not in LANGUAGES or language in found[:at]:
            raise top.error(wanted, "languages", at)
    return tuple(found)


def titles(top: Table) -> dict[str, str]:
    """Return the course's title by language; nothing where there is none."""
    if not top.has("title"):
        return {}
    known = languages(top)
    if isinstance(top.values["title"], str):
        return dict.fromkeys(known, top.text("title"))
    title = top.table("title", 'title = { en = "…", zh = "…" }')
    title = Table(title.values, title.path, "title", title.lines)
    title.allow(*known)
    texts = {language: title.text(language) for language in known}
    return {language: texts[language] for language in title.values}


def assignments(top: Table) -> tuple[str, ...]:
    """Return the chapters' assignments in order, none where there is no ``[[chapter]]``.

    Raises:
        SeveralErrors: several chapters lack a good name.
    """
    found: list[str] = []
    faults: list[SettingsError] = []
    for table in _chapters(top):
        name = table.values.get("assignment")
        if name is None:
            faults.append(table.error(_NO_CHAPTER))
        elif not re.fullmatch("[a-z]+[0-9]*", str(name)):
            faults.append(table.error(f'the assignment {name!r} is not a name such as "ch02"', "assignment"))
        elif name in found:
            faults.append(table.error(f"the assignment {name!r} stands twice", "assignment"))
        else:
            found.append(str(name))
    raise_all(faults)
    return tuple(found)


def plans(top: Table) -> dict[str, Plan]:
    """Return each chapter's plan, by assignment.

    Raises:
        SettingsError: a chapter needs one that does not stand above it.
    """
    found: dict[str, Plan] = {}
    for name, table in zip(assignments(top), _chapters(top), strict=True):
        found[name] = plan(table)
        for at, need in enumerate(found[name].needs):
            if need not in found or need == name:
                raise table.error(f'the chapter "{name}" needs "{need}", which is no chapter above it', "needs", at)
    return found


def plan(table: Table) -> Plan:
    """Return the plan of one ``[[chapter]]``, whose keys are checked."""
    table.allow(*_CHAPTER)
    return Plan(
        table.integer("minutes", 1, 10_000) if table.has("minutes") else None,
        table.moment("due") if table.has("due") else None,
        tuple(table.texts("needs")) if table.has("needs") else (),
    )


def _chapters(top: Table) -> list[Table]:
    chapters = top.values.get("chapter", [])
    if not isinstance(chapters, list) or not all(isinstance(chapter, dict) for chapter in chapters):
        raise top.error(_NO_CHAPTER, "chapter")
    return [Table(chapter, (*top.path, "chapter", at), "[[chapter]]", top.lines) for at, chapter in enumerate(chapters)]
