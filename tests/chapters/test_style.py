"""The chapters keep the house style. One alone: ``pytest tests/chapters/test_style.py -k ch02``."""

from pathlib import Path

import pytest

from autograde.authoring.release import read_chapter
from autograde.authoring.style.house import style_faults
from autograde.settings.course_folder import CourseFolder

REPOSITORY = Path(__file__).parents[2]
COURSE = CourseFolder.open(REPOSITORY)

TO_BE_REWRITTEN = ("ch01", "ch02", "ch03", "ch04")
"""Chapters that are not held to it yet; the last of them brings ``house_style = true`` to course.toml."""


@pytest.mark.parametrize("name", COURSE.assignments)
def test_a_chapter_keeps_the_house_style(name: str) -> None:
    chapter = read_chapter(REPOSITORY, name)
    found = [f"{chapter.file}:{line}: {fault}" for line, fault in style_faults(chapter)]
    if found and name in TO_BE_REWRITTEN:
        pytest.xfail(f"{len(found)} faults: python -m autograde.authoring.style.house {chapter.file}")
    assert found == []


def test_the_gate_asks_for_it_once_all_chapters_keep_it() -> None:
    assert COURSE.house_style is (TO_BE_REWRITTEN == ())
