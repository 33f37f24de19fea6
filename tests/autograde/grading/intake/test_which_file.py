"""Copies of a notebook in one submission: the one with answers counts, and where nobody can know, a person says."""

import shutil
from pathlib import Path

import foreign_course
import nbformat
import pytest
from test_beside import ENGINE

from autograde.grading.batch import grade_batch
from autograde.settings.course_folder import CourseFolder

RIGHT, WRONG = "def square(x):\n    return x * x", "def square(x):\n    return x + 2"


def hand_in(root: Path, student: str, **files: str) -> None:
    """Hand in copies of ch91 by name (``__`` for a hyphen), each with one answer; "" leaves it as released."""
    folder = root / "gradebook" / "submitted" / student / "ch91"
    folder.mkdir(parents=True)
    for name, source in files.items():
        notebook = nbformat.read(root / "release" / "en" / "ch91" / "ch91.ipynb", as_version=4)
        for cell in notebook.cells:
            if source and cell.metadata.get("nbgrader", {}).get("grade_id") == "square":
                cell.source = source
        nbformat.write(notebook, folder / f"{name.replace('__', '-')}.ipynb")


@pytest.fixture
def copies(built: Path) -> Path:
    hand_in(built, "worked-in-the-copy", ch91="", ch91__Copy1=RIGHT)
    hand_in(built, "keeps-a-backup", ch91=RIGHT, ch91__Copy1=WRONG)
    hand_in(built, "keeps-the-same", ch91=RIGHT, ch91__Copy1=RIGHT, ch91__Copy2="")
    hand_in(built, "two-differ", ch91="", ch91__Copy1=RIGHT, ch91__Copy2=WRONG)
    hand_in(built, "two-agree", ch91="", ch91__Copy1=RIGHT, ch91__Copy2=RIGHT)
    hand_in(built, "blank-copy-first", a__copy="", mine=RIGHT)
    hand_in(built, "all-blank", ch91="", ch91__Copy1="")
    return built


EXPECTED = {
    "worked-in-the-copy": ("graded", 2.0, {"copy-taken"}),
    "keeps-a-backup": ("graded", 2.0, {"copy-left-aside"}),
    "keeps-the-same": ("graded", 2.0, set()),
    "two-differ": ("review", None, {"several-copies"}),
    "two-agree": ("graded", 2.0, {"copy-taken"}),
    "blank-copy-first": ("graded", 2.0, {"file-renamed"}),
    "all-blank": ("graded", 0.0, set()),
}


def test_the_copy_with_answers_counts_or_a_person_says(copies: Path) -> None:
    rows = grade_batch(CourseFolder.of(copies), "ch91", jobs=2, isolation="examiner").rows
    for student, (status, score, codes) in EXPECTED.items():
        row = rows[student]
        assert row["status"] == status, student
        assert {reason["code"] for reason in row["reasons"]} == codes, student
        assert score is None or row["score"] == score, student


def test_nbgraders_own_command_takes_the_same_copy(copies: Path) -> None:
    for student in EXPECTED.keys() - {"worked-in-the-copy", "two-differ"}:
        shutil.rmtree(copies / "gradebook" / "submitted" / student)
    with (copies / "nbgrader_config.py").open("a", encoding="utf-8") as config:
        config.write(ENGINE)
    foreign_course.nbgrader(copies, "autograde", "ch91")
    rows = foreign_course.rows(copies / "gradebook" / "gradebook.db")["grade"]
    assert [row for row in rows if '"worked-in-the-copy"' in row and ", 2.0," in row] != []
