"""Names and addresses of learners, from a CSV file into the gradebook: work that came by zip brings an id alone."""

import csv
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from nbgrader.api import Gradebook, Student
from sqlalchemy.exc import SQLAlchemyError

from autograde.errors import CourseError
from autograde.settings.course_folder import CourseFolder
from autograde.settings.gradebook_address import gradebook_url
from autograde.shown import one_line

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "student_id", "learner", "username"),
    "first_name": ("first_name", "first", "given_name", "firstname"),
    "last_name": ("last_name", "last", "family_name", "surname", "lastname"),
    "email": ("email", "e_mail", "email_address", "mail"),
}
"""Each column with the headings that it may have; case, blanks and hyphens do not matter."""

MOST, LONGEST = 100_000, 255


@dataclass(frozen=True)
class Learner:
    """A line of a roster; what is empty is not known."""

    id: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""


@dataclass(frozen=True)
class Changes:
    """What an import does: ids in the order of the roster.

    Attributes:
        added: not in the gradebook before.
        changed: there, with another name or address.
        unchanged: there as the roster has them.
        absent: in the gradebook and not in the roster; they stay as they are.
    """

    added: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: tuple[str, ...]
    absent: tuple[str, ...]


def read_roster(data: bytes, place: str) -> list[Learner]:
    """Read a roster.

    Args:
        data: CSV with a line of headings; commas, semicolons or tabs; UTF-8 or UTF-16, with or without a mark.
        place: the file's name, for errors.

    Raises:
        CourseError: with every line that is wrong, joined by semicolons.
    """
    lines = _text(data, place).splitlines(keepends=True)
    while lines and not lines[0].strip():
        lines.pop(0)
    if not lines:
        raise CourseError(f"{place} is empty; it needs a line of headings such as id,first_name,last_name,email")
    separator = max(",;\t", key=lines[0].count)
    rows = csv.reader(lines, delimiter=separator, strict=True)
    try:
        where = _columns(next(rows), place)
        learners, faults, seen = [], [], dict[str, int]()
        for row in rows:
            if not any(field.strip() for field in row):
                continue
            learner, fault = _learner(row, where)
            same = unicodedata.normalize("NFC", learner.id).casefold()
            if not fault and same in seen:
                fault = f"the id {one_line(learner.id, 60)} stands on line {seen[same]} too"
            seen.setdefault(same, rows.line_num)
            learners.append(learner)
            if fault:
                faults.append(f"line {rows.line_num}: {fault}")
            if len(learners) > MOST:
                raise CourseError(f"{place} has more than {MOST} learners")
    except csv.Error as error:
        raise CourseError(f"{place}, line {rows.line_num}: {error}; save it as CSV again") from error
    if faults:
        more = f"; and {len(faults) - 10} more" if len(faults) > 10 else ""
        raise CourseError(f"{place}: {'; '.join(faults[:10])}{more}; nothing was imported")
    if not learners:
        raise CourseError(f"{place} has headings and no learner")
    return learners


def import_roster(course: CourseFolder, learners: list[Learner], dry_run: bool = False) -> Changes:
    """Put names and addresses into the gradebook of a course directory, all or none.

    A field that the roster leaves empty keeps what the gradebook has; nobody is removed.

    Raises:
        CourseError: the gradebook cannot be read or written.
    """
    url = gradebook_url(course)
    try:
        with Gradebook(url) as gradebook:
            known = {student.id: student for student in gradebook.db.query(Student)}
            added, changed, unchanged = list[str](), list[str](), list[str]()
            for learner in learners:
                student = known.get(learner.id)
                report = {
                    name: value
                    for name in ("first_name", "last_name", "email")
                    if (value := getattr(learner, name)) and value != (getattr(student, name) if student else None)
                }
                (added if student is None else changed if report else unchanged).append(learner.id)
                if dry_run:
                    continue
                if student is None:
                    gradebook.db.add(Student(id=learner.id, **report))
                for name, value in report.items() if student is not None else ():
                    setattr(student, name, value)
            if not dry_run:
                gradebook.db.commit()
            ids = {learner.id for learner in learners}
            return Changes(tuple(added), tuple(changed), tuple(unchanged), tuple(sorted(known.keys() - ids)))
    except SQLAlchemyError as error:
        first = one_line(str(error).splitlines()[0])
        raise CourseError(f"the gradebook takes no roster now ({first}); nothing was imported, run it again") from error


def _text(data: bytes, place: str) -> str:
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise CourseError(f'{place} is not UTF-8 (byte {error.start}); save it as "CSV UTF-8"') from error


def _columns(headings: list[str], place: str) -> dict[str, int]:
    """Return column → its position."""
    plain = [re.sub(r"[\s\-]+", "_", heading.strip().lower()) for heading in headings]
    where: dict[str, int] = {}
    for column, names in COLUMNS.items():
        found = [position for position, heading in enumerate(plain) if heading in names]
        if len(found) > 1:
            raise CourseError(f"{place}: two columns mean {column}: {headings[found[0]]!r} and {headings[found[1]]!r}")
        if found:
            where[column] = found[0]
    if "id" not in where or len(where) == 1:
        shown = ", ".join(one_line(heading, 40) for heading in headings[:8])
        raise CourseError(
            f"{place}: the first line must name the columns, id and some of first_name, last_name, email; it has {shown}"
        )
    return where


def _learner(row: list[str], where: dict[str, int]) -> tuple[Learner, str]:
    """Return a line as a learner, and what is wrong with it, empty if nothing."""
    fields = {
        column: unicodedata.normalize("NFC", row[position]).strip() if position < len(row) else ""
        for column, position in where.items()
    }
    learner = Learner(**fields)
    if not learner.id:
        return learner, "no id"
    if re.search(r"[/\\+]|^\.", learner.id):
        return learner, f"the id {one_line(learner.id, 60)} cannot name a folder"
    for column, value in fields.items():
        if not value.isprintable() or len(value) > LONGEST:
            return learner, f"{column} holds line feeds or control characters, or is longer than {LONGEST}"
    if learner.email and not re.fullmatch(r"[^@\s]+@[^@\s]+", learner.email):
        return learner, f"{one_line(learner.email, 60)} is not an e-mail address"
    return learner, ""
