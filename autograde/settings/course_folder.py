"""A course directory and what its course.toml says: read once, each section checked when it is first asked for."""

import difflib
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from autograde.errors import CourseError, UsageProblem
from autograde.settings.course_keys import (
    Plan,
    assignments,
    check_top,
    house_style,
    languages,
    plans,
    text_or_none,
    titles,
)
from autograde.settings.grading import FOREIGN, GradingSettings, parse_grading
from autograde.settings.issuer import IssuerSettings, parse_issuer
from autograde.settings.places import COURSE_TOML, course_root
from autograde.settings.policy import Policy
from autograde.settings.policy_table import parse_policy
from autograde.settings.toml_tables import SettingsError, Table, read_tables

_lent: ContextVar["CourseFolder | None"] = ContextVar("lent", default=None)


@dataclass(frozen=True)
class CourseFolder:
    """A course directory, its root holding ``course.toml``; a command makes one and hands it down.

    Every property raises :class:`SettingsError`, which names the line, where its part of course.toml is at fault.

    Attributes:
        root: absolute path.
        text: course.toml as it was read; empty in a foreign course.
        top: the same as a table that knows its lines.
        is_foreign: an nbgrader course without course.toml.
    """

    root: Path
    text: str = field(repr=False)
    top: Table = field(repr=False, compare=False)
    is_foreign: bool = False

    @classmethod
    def find(cls, start: Path) -> "CourseFolder":
        """Return the course directory at ``start`` or above it, checked as by :meth:`open`.

        Raises:
            CourseError: no course.toml there or above, or one that cannot be read.
        """
        return cls.open(course_root(start))

    @classmethod
    def open(cls, root: Path, begun: bool = True) -> "CourseFolder":
        """Return the course directory ``root``, its chapters, languages and policy checked.

        Args:
            begun: whether it must have a chapter, and a policy that fits its chapters.

        Raises:
            CourseError: its course.toml cannot be read or lacks chapters.
            SeveralErrors: several of its chapters are malformed.
        """
        course = cls.of(root)
        if course.is_foreign:
            raise CourseError(f"there is no {root / COURSE_TOML}; work in a course folder or write one")
        has_chapters = course.top.has("chapter")
        if course.has_policy and (begun or has_chapters):
            _ = course.policy  # names the line of any fault, before anything is done
        check_top(course.top)
        _ = course.plans
        if not course.assignments and begun:
            raise course.top.error('no chapter; add [[chapter]] with assignment = "chNN"')
        return course

    @classmethod
    def of(cls, root: Path) -> "CourseFolder":
        """Return any course directory, a foreign one too: what is lent of this `root`, otherwise what is read now.

        Raises:
            CourseError: its course.toml cannot be read.
        """
        root, lent = root.resolve(), _lent.get()
        if lent and lent.root == root:
            return lent
        return cls.read(root) if (root / COURSE_TOML).is_file() else cls(root, "", read_tables(""), is_foreign=True)

    @classmethod
    def read(cls, root: Path) -> "CourseFolder":
        """Return the course directory ``root``, nothing of its course.toml checked but that it is TOML.

        Raises:
            CourseError: course.toml is missing or cannot be read.
        """
        text = _text(root / COURSE_TOML)
        return cls(root.resolve(), text, read_tables(text))

    @contextmanager
    def lent(self) -> Iterator[None]:
        """Lend this to what nbgrader loads: its configuration file and its plugins cannot be handed anything."""
        token = _lent.set(self)
        try:
            yield
        finally:
            _lent.reset(token)

    @cached_property
    def id(self) -> str:
        """nbgrader's course id."""
        return text_or_none(self.top, "id") or "course"

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """Editions to release, the first being nbgrader's default."""
        return languages(self.top)

    @cached_property
    def assignments(self) -> tuple[str, ...]:
        """The chapters' assignments in order, ``("ch01", …)``."""
        return assignments(self.top)

    @cached_property
    def titles(self) -> dict[str, str]:
        """The course's title by language; empty where it has none."""
        return titles(self.top)

    def title(self, language: str) -> str:
        """Return the course's title in `language`, else in any other, else its id."""
        return self.titles.get(language) or next(iter(self.titles.values()), self.id)

    @cached_property
    def publication(self) -> str:
        """Address of the learners' repository; empty where it is not published."""
        return text_or_none(self.top, "publication") or ""

    @cached_property
    def house_style(self) -> bool:
        """Whether the gate holds the prose to the house style, and the terms to the glossary."""
        return house_style(self.top)

    @cached_property
    def plans(self) -> dict[str, Plan]:
        """What learners are told of each chapter, by assignment."""
        return plans(self.top)

    @property
    def has_policy(self) -> bool:
        return self.top.has("policy")

    @cached_property
    def policy(self) -> Policy:
        """The rules of certification."""
        return parse_policy(self.top)

    def policy_for(self, existing: Collection[str]) -> Policy:
        """Return the policy, its chapters being among the `existing` assignments; the exam may still be to come."""
        return parse_policy(self.top, existing)

    @cached_property
    def grading(self) -> GradingSettings:
        """How submissions are graded; those of a foreign course as nbgrader does."""
        return FOREIGN if self.is_foreign else parse_grading(self.top)

    @cached_property
    def issuer(self) -> IssuerSettings:
        """Who issues certificates."""
        return parse_issuer(self.top)

    def error(self, message: str, *path: str | int) -> SettingsError:
        """Return an error about the key at `path` of course.toml, with its line."""
        return self.top.error(message, *path)

    def exchange_id(self, lang: str) -> str:
        """Return the course id of one language's edition in the exchange, where each is a course of its own."""
        return self.id if lang == self.languages[0] else f"{self.id}-{lang}"

    def chosen(self, names: list[str] | None = None) -> list[str]:
        """Return the chapters ``names`` (all by default), in the order of course.toml.

        Raises:
            UsageProblem: an unknown name.
        """
        for name in names or ():
            if name not in self.assignments:
                written = sorted((self.root / "notebooks").glob(f"{name}_*.py"))
                meant = difflib.get_close_matches(name, () if written else self.assignments, n=1, cutoff=0.75)
                has = f"did you mean {meant[0]}?" if meant else f"it has {', '.join(self.assignments) or 'none'}"
                hint = f'; for {written[0].name} add [[chapter]] with assignment = "{name}"' if written else ""
                raise UsageProblem(f"no chapter {name!r} in course.toml; {has}{hint}")
        return [name for name in self.assignments if name in (names or self.assignments)]


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise CourseError(f"there is no {path}; work in a course folder or write one") from None
    except OSError as error:
        raise CourseError(f"cannot read {path} ({error.strerror}); check the path and its permissions") from None
    try:
        return data.decode("utf-8-sig")  # editors on Windows put a byte order mark in front
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise SettingsError("this is not UTF-8; save the file as UTF-8", line) from None
