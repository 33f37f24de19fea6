"""gradebook.db → frozen, hashed :class:`Snapshot`; the only part of certification that knows
nbgrader.

Reads through ``nbgrader.api`` in one read-only transaction, so that the snapshot is consistent
during a grading run and nothing is created or changed: no database, no table, no course entry.
"""

import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote

from nbgrader.api import Assignment, Base, Gradebook, Student
from sqlalchemy import URL, create_engine, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from autograde.certify.decide.grades import Snapshot
from autograde.certify.decide.snapshot_records import GradebookError, Recorded, read_records
from autograde.patience import Unanswered, patiently

_BACKUP = "restore it from a backup, or build and grade again"


@dataclass(frozen=True)
class Person:
    """A learner's name and e-mail, kept apart from the grades: they are not part of decisions.

    Attributes:
        fault: why the snapshot leaves this learner out, and what to do; empty otherwise.
    """

    first_name: str | None
    last_name: str | None
    email: str | None
    fault: str = ""


def take_snapshot(gradebook: Path | str) -> tuple[Snapshot, Mapping[str, Person]]:
    """The grades in `gradebook`, and who the learners are, by learner id.

    A learner with an invalid record is not in the snapshot; the person's ``fault`` says why.

    Args:
        gradebook: path of an nbgrader database, or its SQLAlchemy URL.

    Raises:
        GradebookError: it is missing, damaged, locked, unreadable or not a gradebook.
    """
    place = str(gradebook)
    try:
        url = make_url(place) if "://" in place else None
    except ArgumentError:
        raise GradebookError(f"{place!r} is not a database address; write a path or postgresql://…") from None
    if url is None or url.get_backend_name() == "sqlite":
        database = place if url is None else url.database
        if not database or database == ":memory:":
            raise GradebookError(f"{place!r} names no file; write the path of gradebook.db")
        return _read(_read_only(Path(database)), database)
    return _read(url, url.render_as_string())  # the rendering hides the password


def _read_only(path: Path) -> URL:
    """URL under which SQLite opens an existing file for reading only."""
    try:
        with path.open("rb") as file:
            file.read(1)
    except FileNotFoundError:
        raise GradebookError(f"there is no gradebook at {path}; build and grade first, or correct the path") from None
    except IsADirectoryError:
        raise GradebookError(f"{path} is a folder; name the gradebook file in it (gradebook.db)") from None
    except OSError as error:
        raise GradebookError(f"cannot read {path} ({error.strerror}); check its permissions") from None
    location = "file:" + quote(str(path.absolute()))
    return URL.create("sqlite", database=location, query={"mode": "ro", "uri": "true"})


def _read(url: URL, place: str) -> tuple[Snapshot, Mapping[str, Person]]:
    def read() -> tuple[Snapshot, Mapping[str, Person]]:
        _check(url, place)
        # without a course id nbgrader adds no course, and with all tables present it creates none
        address = url.render_as_string(hide_password=False)
        with Gradebook(address, course_id="") as gradebook, _one_moment(gradebook):
            recorded = read_records(gradebook.db)
            people = _people(gradebook)
            people |= {who: replace(people[who], fault=fault) for who, fault in recorded.faults.items()}
            return _snapshot(gradebook, recorded), people

    try:
        return patiently(read, place)
    except Unanswered as error:
        raise _explained(error.__cause__ or error, place) from error
    except (SQLAlchemyError, sqlite3.Error) as error:
        raise _explained(error, place) from error
    except ModuleNotFoundError as error:
        raise GradebookError(f"{place} needs the Python package {error.name}; install it") from None


def _check(url: URL, place: str) -> None:
    """Raise unless nbgrader's tables all exist and, for SQLite, the file is intact."""
    engine = create_engine(url)
    try:
        missing = set(Base.metadata.tables) - set(inspect(engine).get_table_names())
        if missing:
            raise GradebookError(
                f"{place} is not an nbgrader gradebook (it has no table {min(missing)}); correct the path"
            )
        if url.get_backend_name() == "sqlite":
            with engine.connect() as connection:
                verdict = connection.execute(text("PRAGMA integrity_check(1)")).scalar()
            if verdict != "ok":
                raise GradebookError(f"{place} is damaged; {_BACKUP}")
    finally:
        engine.dispose()


@contextmanager
def _one_moment(gradebook: Gradebook) -> Iterator[None]:
    """A transaction in which every query sees the same state."""
    if gradebook.engine.dialect.name == "sqlite":
        gradebook.db.execute(text("BEGIN"))
    else:
        gradebook.db.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))
    yield
    gradebook.db.rollback()


_DAMAGE = ("not a database", "malformed", "decode", "disk I/O", "isoformat")
_OLD = re.compile(r"no such column|column \S+ does not exist")


def _explained(error: BaseException, place: str) -> GradebookError:
    cause = (str(getattr(error, "orig", None) or error).strip() or type(error).__name__).splitlines()[0]
    if "locked" in cause:
        return GradebookError(f"{place} is being written; try again when grading has ended")
    if _OLD.search(cause):
        return GradebookError(f"{place} is of another nbgrader ({cause}); back it up, run nbgrader db upgrade")
    if any(sign in cause for sign in _DAMAGE):
        return GradebookError(f"{place} is damaged or no database ({cause}); {_BACKUP}")
    return GradebookError(f"cannot read the gradebook {place} ({cause}); check address and permissions")


def _snapshot(gradebook: Gradebook, recorded: Recorded) -> Snapshot:
    learners = tuple(learner for (learner,) in gradebook.db.query(Student.id) if learner not in recorded.faults)
    assignments = tuple(name for (name,) in gradebook.db.query(Assignment.name))
    cells, submissions = tuple(recorded.cells), tuple(recorded.submissions)
    return Snapshot(learners, assignments, cells, submissions, tuple(recorded.rows))


def _people(gradebook: Gradebook) -> dict[str, Person]:
    columns = gradebook.db.query(Student.id, Student.first_name, Student.last_name, Student.email)
    return {learner: Person(*person) for learner, *person in columns}
