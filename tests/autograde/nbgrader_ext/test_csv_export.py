"""Is the CSV that `nbgrader export` writes harmless in a spreadsheet, and otherwise nbgrader's own?"""

import csv
import os
import shutil
import sqlite3
import subprocess
import sys
import warnings
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbgrader.api import Gradebook
from nbgrader.plugins import CsvExportPlugin

from autograde.errors import CourseError
from autograde.nbgrader_ext.csv_export import COLUMNS, SafeCsvExport, cell

HOSTILE = {
    "ann": ("Ann", 'O\'Neil, "Annie"', "ann@example.org"),
    "=1+1": ('=HYPERLINK("http://x","y")', "+1", "@SUM(A1)"),
    "-2": ("-2+3", "\t=1", "\r=1"),
    "full": ("＝1+1", "＋1", "＠x"),  # full-width, as some spreadsheets take them
    "sneaky": (" =1", "\ufeff=1", "\u200b－1"),
    "lines": ("two\nlines", "=a\n=b", None),
    "安娜": ("安娜", "王", "安娜@例子.中国"),
}
STARTS = tuple("=+-@\t\r\n＝＋－＠\u2212")


@pytest.fixture(scope="module")
def filled(tmp_path_factory) -> Path:
    """A gradebook of learners whose names are formulas, two assignments, some submissions."""
    path = tmp_path_factory.mktemp("export") / "gradebook.db"
    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        patch.setenv("PATH", str(Path(sys.executable).parent), prepend=":")
        warnings.filterwarnings("ignore", message="Object of type <Submitted")
        with Gradebook(f"sqlite:///{path}") as gradebook:
            for name, due in [("ch01", "2026-01-05 12:00:00 UTC"), ("=ch02", None)]:
                gradebook.add_assignment(name, **({"duedate": due} if due else {}))
                gradebook.add_notebook("nb", name)
                gradebook.add_grade_cell("a", "nb", name, max_score=20, cell_type="code")
            for learner, (first, last, email) in HOSTILE.items():
                gradebook.add_student(learner, first_name=first, last_name=last, email=email)
                gradebook.add_submission("ch01", learner, timestamp="2026-01-06 10:00:00 UTC")
                grade = gradebook.find_grade("a", "nb", "ch01", learner)
                grade.auto_score, grade.needs_manual_grade = 12.5, False
                gradebook.find_submission_notebook("nb", "ch01", learner).late_submission_penalty = 0.5
            gradebook.db.commit()
    return path


@pytest.fixture
def gradebook(filled, tmp_path) -> Path:
    return Path(shutil.copy(filled, tmp_path / "gradebook.db"))


def nbgrader_export(gradebook: Path, *words: str, exporter: str = "autograde.nbgrader_ext.csv_export.SafeCsvExport"):
    environment = os.environ | {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "PYTHONPATH": str(Path(__file__).parents[3]),
        "HOME": str(gradebook.parent),
    }
    return subprocess.run(
        [sys.executable, "-m", "nbgrader", "export", f"--exporter={exporter}", f"--db=sqlite:///{gradebook}", *words],
        cwd=gradebook.parent,
        env=environment,
        capture_output=True,
        timeout=120,
        check=False,
    )


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def test_nbgrader_export_writes_no_cell_that_a_spreadsheet_runs(gradebook):
    done = nbgrader_export(gradebook)
    assert done.returncode == 0, done.stderr
    path = gradebook.parent / "grades.csv"
    assert path.read_bytes().startswith(b"\xef\xbb\xbf" + ",".join(COLUMNS).encode())
    rows = read(path)
    assert len(rows) == 2 * len(HOSTILE)
    for row in rows:
        assert set(row) == set(COLUMNS)
        for name, value in row.items():
            assert not value.lstrip(" \ufeff\u200b").startswith(STARTS), (name, value)
        for name in ("raw_score", "late_submission_penalty", "score", "max_score"):
            assert is_number(row[name])
    by_learner = {row["student_id"].lstrip("'"): row for row in rows if row["assignment"] == "ch01"}
    assert by_learner["ann"]["last_name"] == 'O\'Neil, "Annie"'
    assert by_learner["安娜"]["first_name"] == "安娜"
    assert by_learner["=1+1"]["first_name"] == '\'=HYPERLINK("http://x","y")'
    assert by_learner["ann"]["score"] == "12.0"


def test_harmless_grades_are_those_of_nbgraders_own_exporter(gradebook):
    folder = gradebook.parent
    with Gradebook(f"sqlite:///{gradebook}") as book:
        book.update_or_create_student("ann", last_name="Neil")  # nbgrader's own does not quote a comma
        SafeCsvExport(to=str(folder / "ours.csv"), student=["ann"]).export(book)
        CsvExportPlugin(to=str(folder / "stock.csv"), student=["ann"]).export(book)
    ours, theirs = (read(gradebook.parent / name) for name in ("ours.csv", "stock.csv"))
    assert [row["assignment"] for row in ours] == ["'=ch02", "ch01"]
    harmless = [name for name in COLUMNS if name not in ("assignment", "last_name")]
    assert [[row[name] for name in harmless] for row in ours] == [[row[name] for name in harmless] for row in theirs]


@pytest.mark.parametrize("value", ["9e999", "'a lot'", "-1"])
def test_a_score_that_is_none_leaves_one_learner_out_by_name(gradebook, value):
    with sqlite3.connect(gradebook) as connection:
        connection.execute(
            f"UPDATE grade SET auto_score = {value} WHERE id IN (SELECT g.id FROM grade g JOIN submitted_notebook n "
            "ON g.notebook_id = n.id JOIN submitted_assignment s ON n.assignment_id = s.id WHERE s.student_id = 'ann')"
        )
    connection.close()
    done = nbgrader_export(gradebook, "--to=grades.csv")
    assert done.returncode == 0, done.stderr
    rows = [row for row in read(gradebook.parent / "grades.csv") if row["assignment"] == "ch01"]
    assert len(rows) == len(HOSTILE) - 1
    assert "ann" not in {row["student_id"] for row in rows}
    assert b"ann is set aside: the gradebook has" in done.stderr


def test_a_gradebook_that_cannot_be_opened_is_one_line(gradebook):
    gradebook.write_bytes(b"no database" * 1000)
    done = nbgrader_export(gradebook, "--to=grades.csv")
    assert done.returncode == 1
    assert b"cannot be read as a gradebook" in done.stderr
    assert b"Traceback" not in done.stderr


def test_students_and_assignments_can_be_chosen(gradebook):
    done = nbgrader_export(gradebook, "--student=['ann','full']", "--assignment=['ch01']", "--to=some.csv")
    assert done.returncode == 0, done.stderr
    assert {(row["student_id"], row["assignment"]) for row in read(gradebook.parent / "some.csv")} == {
        ("ann", "ch01"),
        ("full", "ch01"),
    }


def test_an_old_export_is_replaced_whole_and_nothing_is_left_beside(gradebook):
    path = gradebook.parent / "grades.csv"
    path.write_text("old " * 100_000)
    before = set(gradebook.parent.iterdir())
    exporter = SafeCsvExport(to=str(path))
    with Gradebook(f"sqlite:///{gradebook}") as book:
        exporter.export(book)
    assert len(read(path)) == 2 * len(HOSTILE)
    assert set(gradebook.parent.iterdir()) == before


def test_a_pipe_is_written_to_and_not_replaced(gradebook):
    done = nbgrader_export(gradebook, "--to=/dev/stdout")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(b"\xef\xbb\xbfassignment,")


def test_a_place_that_cannot_be_written_is_told(gradebook):
    with Gradebook(f"sqlite:///{gradebook}") as book, pytest.raises(CourseError, match=r"choose another --to"):
        SafeCsvExport(to=str(gradebook / "below" / "grades.csv")).export(book)


@pytest.mark.parametrize(
    "text", ["=1", "+1", "-1", "@a", "\t1", "\r1", "\n1", "＝1", "＋1", "－1", "＠a", "  =1", "\u20601", " \u00ad@"]
)
def test_a_text_that_runs_gets_an_apostrophe(text):
    assert cell(text) == ("'" + text if text != "\u20601" else text)


@given(st.text())
def test_no_text_begins_with_what_a_spreadsheet_runs(text):
    written = cell(text)
    assert not written.startswith(STARTS)
    assert written in (text, "'" + text)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_stay_numbers(number):
    assert float(cell(number)) == number


def test_times_and_nothing_stay_as_nbgrader_writes_them():
    assert cell(datetime(2026, 1, 5, 12)) == "2026-01-05 12:00:00"
    assert cell(None) == ""
