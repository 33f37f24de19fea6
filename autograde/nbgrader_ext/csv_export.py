"""Grades as CSV, safe to open in a spreadsheet, as an nbgrader export plugin.

::

    nbgrader export --exporter=autograde.nbgrader_ext.csv_export.SafeCsvExport --to grades.csv

Same columns and options as nbgrader's own CsvExportPlugin. Differences: a text that a spreadsheet
would run as a formula gets a leading apostrophe (OWASP, "CSV Injection"), commas and quotes in
names are quoted, the file is UTF-8 with a byte order mark so that Excel shows Chinese, and it is
written atomically.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from nbgrader.api import Assignment, Gradebook, MissingEntry, Student
from nbgrader.coursedir import CourseDirectory
from nbgrader.plugins import ExportPlugin

from autograde.certify.decide.snapshot_records import read_records
from autograde.errors import CourseError
from autograde.files import replace_files
from autograde.grading.storage.gradebook_writer import open_gradebook
from autograde.patience import patiently

COLUMNS = (
    "assignment",
    "duedate",
    "timestamp",
    "student_id",
    "last_name",
    "first_name",
    "email",
    "raw_score",
    "late_submission_penalty",
    "score",
    "max_score",
)
_STARTS = frozenset("=+-@\N{MINUS SIGN}\t\r\n")

Value = str | float | datetime | None


class SafeCsvExport(ExportPlugin):  # type: ignore[misc]  # nbgrader has no types
    """CSV that a spreadsheet can open without running what learners wrote.

    nbgrader creates the plugin just before it opens the gradebook, and ends with a traceback if
    that fails. So the plugin opens the gradebook first, waits for it if it is locked, and reports a
    failure in one line, with exit code 1.
    """

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        coursedir = getattr(self.parent, "coursedir", None)
        if isinstance(coursedir, CourseDirectory):
            try:
                open_gradebook(coursedir).close()
            except CourseError as error:
                self.log.error("%s", error)
                raise SystemExit(1) from None

    def export(self, gradebook: Gradebook) -> None:
        """Write the grades to ``--to`` (default grades.csv).

        ``--student`` and ``--assignment`` choose.
        """
        destination = Path(self.to or "grades.csv")
        students = {str(student) for student in self.student}
        assignments = {str(assignment) for assignment in self.assignment}
        self.log.info("Exporting grades to %s", destination)
        if assignments:
            self.log.info("Exporting only assignments: %s", sorted(assignments))
        if students:
            self.log.info("Exporting only students: %s", sorted(students))
        place = re.sub(r"://[^@/]*@", "://…@", str(gradebook.engine.url))
        text, faults = patiently(lambda: self._table(gradebook, students, assignments), place, gradebook.db.rollback)
        _write(destination, text.encode("utf-8-sig"))
        for fault in faults:
            self.log.warning("%s", fault)

    def _table(self, gradebook: Gradebook, students: set[str], assignments: set[str]) -> tuple[str, list[str]]:
        """The file, and a line for each learner left out because a record is not a grade."""
        aside: dict[str, str] = {}
        text = io.StringIO(newline="")
        # RFC 4180 line ends; with "\n" alone, Python before 3.13 does not quote a lone "\r" in a name
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow(COLUMNS)
        for assignment in gradebook.assignments:
            if assignments and assignment.name not in assignments:
                continue
            faults = read_records(gradebook.db, assignment.name).faults
            for student in gradebook.students:
                if students and student.id not in students:
                    continue
                if student.id in faults:
                    aside.setdefault(student.id, faults[student.id])
                    continue
                writer.writerow(cell(value) for value in _row(gradebook, assignment, student))
        return text.getvalue(), [*aside.values()]


def cell(value: Value) -> str:
    """A value as written to the file; numbers and times unchanged, texts made harmless."""
    if value is None:
        return ""
    if not isinstance(value, str):
        return str(value)
    return "'" + value if _runs(value) else value


def _runs(text: str) -> bool:
    """Whether a spreadsheet could read `text` as a formula, leading invisible characters ignored."""
    if text[:1] in ("\t", "\r", "\n"):
        return True
    visible = (c for c in text if not c.isspace() and unicodedata.category(c) not in ("Cc", "Cf"))
    first = next(visible, "")
    return bool(first) and not _STARTS.isdisjoint(unicodedata.normalize("NFKC", first)[0])


def _row(gradebook: Gradebook, assignment: Assignment, student: Student) -> Iterator[Value]:
    timestamp: Value = None
    raw, penalty = 0.0, 0.0
    try:
        submission = gradebook.find_submission(assignment.name, student.id)
    except MissingEntry:
        pass  # nothing submitted: score 0, as in nbgrader
    else:
        timestamp = submission.timestamp
        raw, penalty = submission.score, submission.late_submission_penalty
    yield from (assignment.name, assignment.duedate, timestamp, student.id)
    yield from (student.last_name, student.first_name, student.email)
    yield from (raw, penalty, max(0.0, raw - penalty), assignment.max_score)


def _write(destination: Path, data: bytes) -> None:
    try:
        if destination.exists() and not destination.is_file():  # a terminal or a pipe cannot be replaced
            destination.write_bytes(data)
        else:
            replace_files({destination: data})
    except OSError as error:
        raise CourseError(f"cannot write {destination} ({error.strerror}); choose another --to") from None
