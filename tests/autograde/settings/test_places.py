"""The way up to a course directory, from anywhere in it."""

from pathlib import Path

import pytest
from mini_course import write

from autograde.errors import CourseError
from autograde.settings.places import any_course_root, chapter_file, course_root, find_above


def test_the_nearest_folder_that_holds_a_name_is_found(tmp_path: Path) -> None:
    outer, inner = tmp_path / "outer", tmp_path / "outer" / "inner"
    write(outer / "course.toml", "")
    write(inner / "nbgrader_config.py", "")
    (inner / "notebooks").mkdir()
    assert find_above(inner / "notebooks", "course.toml") == course_root(inner) == outer.resolve()
    assert any_course_root(inner / "notebooks") == inner.resolve()
    assert any_course_root(outer) == outer.resolve()
    assert find_above(inner, "no such name") is None


@pytest.mark.parametrize("find", [course_root, any_course_root])
def test_without_a_course_the_error_is_one_line(find, tmp_path: Path) -> None:
    with pytest.raises(CourseError, match=r"^no course\.toml[^\n]*above it[^\n]*$"):
        find(tmp_path)


def test_a_chapter_has_one_file(mini: Path) -> None:
    (file,) = (mini / "notebooks").glob("ch91_*.py")
    assert chapter_file(mini, "ch91") == file
    for problem in ("several files", "no file"):
        if problem == "several files":
            write(mini / "notebooks" / "ch91_more.py", "")
        else:
            for one in (mini / "notebooks").glob("ch91_*.py"):
                one.unlink()
        with pytest.raises(CourseError, match=problem):
            chapter_file(mini, "ch91")
