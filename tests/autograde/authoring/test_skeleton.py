"""`course new` starts a chapter that runs, builds and passes the gate; what exists is never written over."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from autograde.authoring.chapter import parse_chapter
from autograde.authoring.gate.hints import hint_faults
from autograde.authoring.skeleton import new_chapter
from autograde.authoring.style.house import style_faults
from autograde.errors import UsageProblem
from autograde.settings.course_folder import CourseFolder
from tests.mini_course import REPOSITORY, Course, files, write, write_mini_course


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_mini_course(tmp_path / "mini")


def test_a_new_chapter_runs_as_a_script(root: Path, course: Course) -> None:
    """That it passes the gate: tests/test_author_walk.py."""
    made = course("new", "ch05", "Back-propagation", "--zh", "反向传播", cwd=root)
    assert (made.returncode, made.stderr) == (0, "")
    assert made.stdout.splitlines()[:2] == ["notebooks/ch05_back_propagation.py", "tests/chapters/ch05/double_all.py"]
    text = root / "notebooks" / "ch05_back_propagation.py"
    assert "# # Chapter 5 · Back-propagation\n" in text.read_text(encoding="utf-8")
    assert "# # 第 5 章 · 反向传播\n" in text.read_text(encoding="utf-8")
    script = subprocess.run([sys.executable, str(text)], capture_output=True, text=True, check=False)
    assert (script.returncode, script.stdout, script.stderr) == (0, "", "")


def test_the_first_chapter_of_a_course_has_an_entry_like_any_other(tmp_path: Path, course: Course) -> None:
    write(tmp_path / "course.toml", 'id = "mine"\n')
    assert course("new", "ch01", "Begin", cwd=tmp_path).returncode == 0
    assert CourseFolder.open(tmp_path).assignments == ("ch01",)
    again = course("new", "ch01", "Begin", cwd=tmp_path)
    assert (again.returncode, again.stderr) == (2, "course: course.toml already has the chapter 'ch01'\n")


def test_the_entry_stands_behind_the_other_chapters_and_comments_stay(root: Path) -> None:
    before = (REPOSITORY / "tests" / "four_chapters.toml").read_text(encoding="utf-8")
    write(root / "course.toml", before)
    new_chapter(CourseFolder.open(root), "ch05", "A title")
    after = (root / "course.toml").read_text(encoding="utf-8")
    assert [chapter["assignment"] for chapter in tomllib.loads(after)["chapter"]] == [
        "ch01",
        "ch02",
        "ch03",
        "ch04",
        "ch05",
    ]
    entry = '[[chapter]]\nassignment = "ch05"\nweight = "1"\nmin = "0.60"\nrequired = false\n\n'
    assert after.replace(entry, "") == before


def test_the_skeleton_keeps_the_rules_of_hints_and_of_style_and_budgets_grow(root: Path) -> None:
    write(root / "tests/chapters/budgets.toml", "# seconds\nch91 = 5\n")
    text, *_ = new_chapter(CourseFolder.open(root), "ch07", "Initialisation: why, how", topic="start")
    assert text.name == "ch07_start.py"
    chapter = parse_chapter(text.read_text(encoding="utf-8"), text.name)
    assert (list(hint_faults(chapter)), style_faults(chapter)) == ([], [])
    assert (root / "tests/chapters/budgets.toml").read_text(encoding="utf-8") == "# seconds\nch91 = 5\nch07 = 10\n"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("ch91", "Again"), "already has the chapter 'ch91'"),
        (("Ch05", "Capital"), "cannot make a file name"),
        (("ch05", "？"), "cannot make a file name"),
        (("ch05", "Words", "", "../up"), "cannot make a file name"),
        (("ch06", "Taken"), "ch06_taken.py already exists"),
    ],
)
def test_what_is_there_or_makes_no_file_is_refused_and_nothing_is_written(
    root: Path, words: tuple[str, ...], message: str
) -> None:
    write(root / "notebooks/ch06_taken.py", "# mine\n")
    before = files(root)
    with pytest.raises(UsageProblem, match=message):
        new_chapter(CourseFolder.open(root), *words)
    assert files(root) == before
