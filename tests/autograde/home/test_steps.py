"""Does an instructor read where each chapter stands, and what comes next?"""

import os
from pathlib import Path

import pytest

from autograde.home.page import render
from autograde.home.steps import Steps, steps
from autograde.settings.course_folder import CourseFolder


def hand_in(folder: Path, time: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "timestamp.txt").write_text(time)


@pytest.fixture
def course(tmp_path, book, course_toml) -> CourseFolder:
    (tmp_path / "course.toml").write_text(course_toml, encoding="utf-8")
    for chapter in ("ch01", "ch02", "ch03", "ch04"):
        book.assignment(chapter, {"easy": 8})
    return CourseFolder.open(tmp_path)


def test_a_chapter_goes_from_build_to_feedback(course, book):
    def now() -> Steps:
        return steps(course)[0]

    root, exchange = course.root, course.root / "exchange" / "ai-practitioner"
    assert now().next == "build"
    (root / "release" / "en" / "ch01").mkdir(parents=True)
    assert now().next == "release"
    (exchange / "outbound" / "ch01").mkdir(parents=True)
    assert (now().next, now().released) == ("wait", ("en",))
    (exchange / "inbound" / "ada+ch01+2030-01-01 10:00:00 UTC+x1").mkdir(parents=True)
    (exchange / "inbound" / "ada+ch010+2030-01-01 10:00:00 UTC").mkdir()
    assert (now().next, now().new) == ("collect", 1)
    hand_in(root / "gradebook" / "submitted" / "ada" / "ch01", "2030-01-01 10:00:00 UTC")
    assert (now().next, now().new, now().collected) == ("grade", 0, 1)
    (exchange / "inbound" / "ada+ch01+2030-01-02 10:00:00 UTC").mkdir()
    assert (now().next, now().new) == ("collect", 1)  # handed in again
    for kind in ("submitted", "autograded"):
        hand_in(root / "gradebook" / kind / "ada" / "ch01", "2030-01-02 10:00:00 UTC")
    book.submit("ada", "ch01")
    assert (now().next, now().graded, now().waiting) == ("look", 1, 1)
    with book.open() as gradebook:
        grade = gradebook.find_grade("easy", "ch01", "ch01", "ada")
        grade.manual_score, grade.needs_manual_grade = 8, False
        gradebook.db.commit()
    assert (now().next, now().waiting) == ("feedback", 0)
    page, graded = (root / "gradebook" / kind / "ada" / "ch01" for kind in ("feedback", "autograded"))
    page.mkdir(parents=True)
    (page / "ch01.html").write_text("")
    assert (now().next, now().feedback) == ("wait", 1)
    (graded / "ch01.ipynb").write_text("")
    os.utime(graded / "ch01.ipynb", (4e9, 4e9))  # graded again since
    assert now().next == "feedback"


def test_a_course_without_a_gradebook_or_with_an_empty_one_has_its_steps_too(course):
    (course.root / "gradebook" / "gradebook.db").unlink()
    assert [row.assignment for row in steps(course)] == ["ch01", "ch02", "ch03", "ch04"]
    (course.root / "gradebook" / "gradebook.db").touch()
    assert [row.next for row in steps(course)] == ["build"] * 4
    assert not list((course.root / "gradebook").glob("*.db-*"))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_commands_are_those_of_each_language(language):
    row = Steps("ch01", None, True, ("en",), new=2, collected=0, graded=0, waiting=0, feedback=0)
    page = render("<b>", [row], language, "/hub/user/", ("en", "zh"), fault="it is <locked>")
    assert (
        "<code>nbgrader collect ch01 --update</code><code>COURSE_LANG=zh nbgrader collect ch01 --update</code>" in page
    )
    assert "&lt;b&gt;" in page and "it is &lt;locked&gt;" in page
    assert 'href="/hub/user/formgrader"' in page
