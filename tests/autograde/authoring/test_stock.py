"""Stock nbgrader gives the blank release nothing and the solved one everything."""

from pathlib import Path

import pytest
from mini_course import REPOSITORY, write

from autograde.authoring.chapter import Chapter
from autograde.authoring.release import read_chapters
from autograde.authoring.stock import copy_course, grade_blank_and_solved, solved
from autograde.errors import CourseError
from autograde.settings.course_folder import CourseFolder


@pytest.fixture
def chapter(built: Path) -> Chapter:
    return read_chapters(CourseFolder.open(built))[0]


def test_blank_scores_nothing_and_solved_everything(built: Path, chapter: Chapter) -> None:
    graded = grade_blank_and_solved(built, chapter, ("zh",))
    assert {learner: (result.score, result.max_score) for learner, result in graded.items()} == {
        "blank-zh": (0, 2),
        "solved-zh": (2, 2),
    }
    for learner, result in graded.items():
        assert result.noise == []
        if learner.startswith("solved"):
            assert result.errors == []
        else:
            ((cell, error),) = result.errors
            assert cell == "square-of-two"
            assert error.startswith("NotImplementedError: Not answered yet")


def test_what_nbgrader_did_not_grade_is_an_error_that_names_the_learner(built: Path, chapter: Chapter) -> None:
    write(
        built / "nbgrader_config.py",
        (built / "nbgrader_config.py").read_text(encoding="utf-8") + "raise ValueError('no')\n",
    )
    with pytest.raises(CourseError, match=r"nbgrader autograde ch91 gave no grade to blank-en: "):
        grade_blank_and_solved(built, chapter, ("en",))


def test_the_solved_notebook_holds_the_answers_without_their_markers(built: Path, chapter: Chapter) -> None:
    notebook = solved(built / "release/zh/ch91/ch91.ipynb", chapter)
    sources = {cell.id: cell.source for cell in notebook.cells}
    assert sources["square"] == 'def square(x):\n    """Return x squared."""\n    answer = x * x\n    return answer'
    assert "math.isclose" not in sources["square-of-two"]
    assert sources["ch91-prose-1"].startswith("# 平方")


def test_a_copy_of_a_course_holds_what_defines_it(built: Path, tmp_path: Path) -> None:
    copy_course(built, tmp_path / "copy")
    there = sorted(
        path.relative_to(tmp_path / "copy").as_posix() for path in (tmp_path / "copy").rglob("*") if path.is_file()
    )
    assert there == ["course.toml", "nbgrader_config.py", "notebooks/ch91_mini.py"]


def test_a_course_without_settings_cannot_be_copied(built: Path, tmp_path: Path) -> None:
    (built / "nbgrader_config.py").unlink()
    with pytest.raises(CourseError, match=r"^nbgrader_config\.py: No such file"):
        copy_course(built, tmp_path / "copy")


def test_the_repository_itself_can_be_copied(tmp_path: Path) -> None:
    copy_course(REPOSITORY, tmp_path / "copy")
    assert CourseFolder.open(tmp_path / "copy").assignments == CourseFolder.open(REPOSITORY).assignments
