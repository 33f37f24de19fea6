"""The course directory: where things lie, and what course.toml says of them."""

import difflib
import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from autograde.errors import CourseError, UsageProblem, raise_all
from autograde.settings.load import load_policy, read_course_toml
from autograde.settings.toml_tables import Table, read_tables


@dataclass(frozen=True)
class CourseFolder:
    """A course directory, its root holding ``course.toml`` and ``nbgrader_config.py``.

    Attributes:
        root: absolute path.
        id: nbgrader's course id.
        languages: editions to release, the first being nbgrader's default.
        assignments: the chapters' assignments in order, ``("ch01", …)``.
    """

    root: Path
    id: str
    languages: tuple[str, ...]
    assignments: tuple[str, ...]

    @classmethod
    def find(cls, start: Path) -> "CourseFolder":
        """Return the course directory at ``start`` or above it.

        Raises:
            CourseError: no course.toml there or above, or one that cannot be read.
        """
        return cls.open(course_root(start))

    @classmethod
    def open(cls, root: Path, begun: bool = True) -> "CourseFolder":
        """Return the course directory ``root``.

        Args:
            begun: whether it must have a chapter, and a policy that fits its chapters.

        Raises:
            CourseError: its course.toml cannot be read or lacks chapters.
            SeveralErrors: several of its chapters are no chapters.
        """
        settings = read_tables(read_course_toml(root / "course.toml"))
        begun = begun or settings.has("chapter")
        if begun and settings.has("policy"):
            load_policy(root / "course.toml")  # names the line of any fault, before anything is done
        languages = settings.values.get("languages", ["en", "zh"])
        if languages not in (["en"], ["zh"], ["en", "zh"], ["zh", "en"]):
            raise settings.error('languages must be a list out of "en" and "zh"', "languages")
        return cls(
            root.resolve(),
            str(settings.values.get("id", "course")),
            tuple(languages),
            _assignments(settings) if begun else (),
        )

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


def _assignments(settings: Table) -> tuple[str, ...]:
    chapters = settings.values.get("chapter", [])
    if not isinstance(chapters, list) or not all(isinstance(chapter, dict) for chapter in chapters):
        raise settings.error('every [[chapter]] needs assignment = "chNN"', "chapter")
    found: list[str] = []
    faults = []
    for at, chapter in enumerate(chapters):
        name = chapter.get("assignment")
        if name is None:
            faults.append(settings.error('every [[chapter]] needs assignment = "chNN"', "chapter", at))
        elif not re.fullmatch("[a-z]+[0-9]*", str(name)):
            problem = f'the assignment {name!r} is no name such as "ch02"'
            faults.append(settings.error(problem, "chapter", at, "assignment"))
        elif name in found:
            faults.append(settings.error(f"the assignment {name!r} stands twice", "chapter", at, "assignment"))
        else:
            found.append(name)
    raise_all(faults)
    if not found:
        raise settings.error('no chapter; add [[chapter]] with assignment = "chNN"')
    return tuple(found)


def course_root(start: Path) -> Path:
    """Return the folder at ``start`` or above it that holds a course.toml.

    Raises:
        CourseError: there is none.
    """
    start = start.resolve()
    for folder in (start, *start.parents):
        if (folder / "course.toml").is_file():
            return folder
    raise CourseError(f"no course.toml in {start} or above it; run the command in the course's folder")


def chapter_file(root: Path, name: str) -> Path:
    """Return the text file of a chapter.

    Raises:
        CourseError: there is none, or several.
    """
    files = sorted((root / "notebooks").glob(f"{name}_*.py"))
    if len(files) != 1:
        problem = "no file" if not files else "several files"
        raise CourseError(f"{problem} notebooks/{name}_*.py for the chapter {name!r} of course.toml")
    return files[0]


def gradebook_url(root: Path, environ: Mapping[str, str] = os.environ) -> str:
    """Return the SQLAlchemy URL of the course's gradebook.

    ``COURSE_DB_URL`` in `environ` comes first, then ``db_url`` of course.toml (which need not exist), then the SQLite
    file ``gradebook/gradebook.db``. A relative path in a ``sqlite:`` URL starts at `root`, not where the command runs.

    Raises:
        CourseError: the address is no URL, or course.toml, which is no place for secrets, holds a password.
    """
    root = root.resolve()
    url, place = environ.get("COURSE_DB_URL", "").strip(), "COURSE_DB_URL"
    if not url and (root / "course.toml").is_file():
        try:
            settings = tomllib.loads((root / "course.toml").read_text(encoding="utf-8-sig"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise CourseError(f"course.toml: {error}") from error
        url, place = settings.get("db_url", ""), "course.toml: db_url"
        if not isinstance(url, str):
            raise CourseError('course.toml: db_url must be a text such as "postgresql+psycopg://user@host/gradebook"')
        if url and _holds_password(url):
            raise CourseError(
                "course.toml: db_url holds a password, and this file is shared; "
                "remove it there and set the environment variable COURSE_DB_URL instead"
            )
    if not url:
        return f"sqlite:///{(root / 'gradebook' / 'gradebook.db').as_posix()}"
    if not re.match(r"[a-z][a-z0-9_+]*://", url):
        raise CourseError(
            f"{place} is no database address; write sqlite:///FILE or postgresql+psycopg://user@host/NAME"
        )
    return absolute_url(url, root)


def absolute_url(url: str, root: Path) -> str:
    """Return the address of a database, a relative path of an SQLite file in it taken from `root`."""
    scheme, _, path = url.partition(":///")
    if scheme.split("+")[0] == "sqlite" and path and not path.startswith((":memory:", "file:")):
        return f"{scheme}:///{(root / path).as_posix()}"
    return url


def database_file(url: str) -> Path | None:
    """Return the file of an SQLite database; None for any other, and for one that is no plain file's path."""
    scheme, _, path = url.partition(":///")
    if scheme.split("+")[0] != "sqlite" or not path or path.startswith((":memory:", "file:")):
        return None
    return Path(path.partition("?")[0])


def _holds_password(url: str) -> bool:
    try:
        parts = urlsplit(url)
        keys = {key.lower() for key, _ in parse_qsl(parts.query, keep_blank_values=True)}
        return parts.password is not None or "password" in keys
    except ValueError:  # a mangled address: better a false alarm than a secret in a shared file
        return "@" in url


def make_folders(root: Path) -> None:
    """Make the folders that nbgrader expects to find in a course directory, where they are missing and may be made.

    nbgrader needs an exchange that everybody can write to; the sticky bit keeps users from removing each other's files.
    """
    if not os.access(root, os.W_OK):
        return
    (root / "gradebook").mkdir(exist_ok=True)
    exchange = root / "exchange"
    if not exchange.exists():
        exchange.mkdir()
        exchange.chmod(0o1777)
