"""Does the welcome page lead on from where the learner is, and does it follow the files?"""

import json
import threading
import time
from decimal import Decimal
from pathlib import Path

import pytest

from autograde.authoring.release import build
from autograde.lab import copy_chapters
from autograde.settings.course_folder import CourseFolder
from autograde.welcome.page import PAGE, WORDS, Plan, Row, keep_fresh, page, plans, write_page

FRESH = {"done": 0, "exercises": 2, "passing": 0, "checks": 3, "possible": 0.0, "points": 20.0}
HALF = {**FRESH, "done": 1, "passing": 2, "possible": 12.5}
FULL = {**FRESH, "done": 2, "passing": 3, "possible": 20.0}


def rows(*numbers: dict[str, float] | None) -> list[Row]:
    return [
        Row(f"ch0{place}/ch0{place}.ipynb", f"Chapter {place}", found) for place, found in enumerate(numbers, start=1)
    ]


def test_a_newcomer_starts_with_the_first_chapter() -> None:
    shown = page("Course", rows(FRESH, FRESH), "en", exchange=True)
    assert "**Start here: [Chapter 1](ch01/ch01.ipynb)**" in shown
    assert "Assignment List" in shown


def test_whoever_has_begun_goes_on_with_the_first_unfinished_chapter() -> None:
    shown = page("Course", rows(FULL, HALF, FRESH), "en", exchange=False)
    assert "**Continue with: [Chapter 2](ch02/ch02.ipynb)**" in shown
    assert "| 1 / 2 | 12.5 / 20 |  | ▰▰▰▰▰▰▱▱▱▱ |" in shown
    assert "Assignment List" not in shown


def test_with_everything_passing_it_says_so() -> None:
    assert "**All public checks pass.**" in page("Course", rows(FULL), "en", exchange=True)


def test_a_notebook_that_cannot_be_read_keeps_its_link_and_shows_no_numbers() -> None:
    assert "| [Chapter 1](ch01/ch01.ipynb) |  |  |  |  |  |  |" in page("Course", rows(None), "zh", exchange=True)


def test_a_heading_cannot_break_the_table() -> None:
    shown = page("Course", [Row("a.ipynb", "P(a|b)", FRESH)], "en", exchange=True)
    assert "| [P(a·b)](a.ipynb) |" in shown


@pytest.mark.parametrize(
    ("lang", "line", "need"),
    [
        ("en", "| 2.5 h | 31 Jan | 1 / 2 | 12.5 / 20 | 12 |", "at least **70 %** of all points, and in each chapter"),
        ("zh", "| 2.5 小时 | 31 Jan | 1 / 2 | 12.5 / 20 | 12 |", "总分至少达到 **70 %**，而且每章"),
    ],
)
def test_it_says_how_long_until_when_and_what_is_needed(lang: str, line: str, need: str) -> None:
    row = Row("ch01/ch01.ipynb", "Chapter 1", HALF, Plan(150, "31 Jan", Decimal("0.60")))
    shown = page("Course", [row], lang, exchange=True, overall=Decimal("0.70"))
    assert line in shown
    assert need in shown


def test_what_a_chapter_asks_is_read_from_course_toml(mini: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "UTC-8")
    time.tzset()
    path = mini / "course.toml"
    text = path.read_text(encoding="utf-8")
    due = "minutes = 90\ndue = 2030-01-31T16:00:00Z\n"
    path.write_text(text.replace("[[chapter]]\n", f"[[chapter]]\n{due}", 1), encoding="utf-8")
    found, overall = plans(CourseFolder.open(mini), "en")
    assert found["ch91"].minutes == 90
    assert found["ch91"].due == "01 Feb 2030, 00:00"  # in the learner's own time
    assert (overall is None) == ("[policy]" not in text)


def test_both_languages_say_the_same_things() -> None:
    assert WORDS["en"].keys() == WORDS["zh"].keys()


def test_the_page_is_written_anew_when_a_chapter_is_saved(mini: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    course = CourseFolder.open(mini)
    build(course)
    folder = copy_chapters(course, "en")
    write_page(course, folder, "en")
    assert "| 0 / 1 | 0 / 2 |" in (folder / PAGE).read_text(encoding="utf-8")
    assert "[Squares](ch91/ch91.ipynb)" in (folder / PAGE).read_text(encoding="utf-8")
    monkeypatch.setattr("autograde.welcome.page.EVERY", 0.05)
    stopped = threading.Event()
    follower = threading.Thread(target=keep_fresh, args=(course, folder, "en", stopped))
    follower.start()
    try:
        time.sleep(0.2)  # the follower has had its first look
        path = folder / "ch91" / "ch91.ipynb"
        notebook = json.loads(path.read_text(encoding="utf-8"))
        for count, cell in enumerate(notebook["cells"]):
            if cell["cell_type"] == "code":
                cell["execution_count"] = count
        path.write_text(json.dumps(notebook), encoding="utf-8")
        for _ in range(600):
            if "| 1 / 1 | 2 / 2 |" in (folder / PAGE).read_text(encoding="utf-8"):
                break
            time.sleep(0.1)
    finally:
        stopped.set()
        follower.join(60)
    assert "| 1 / 1 | 2 / 2 |" in (folder / PAGE).read_text(encoding="utf-8")
