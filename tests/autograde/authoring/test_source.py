"""The source notebook is what nbgrader expects: valid, schema 3, cell id equal to grade_id."""

from pathlib import Path

import nbformat
import pytest
from mini_course import SQUARE
from nbgrader.nbgraderformat import MetadataValidator

from autograde.authoring.chapter import parse_chapter
from autograde.authoring.source import release_text, source_notebook

ADDED = ("ch91-language", "ch91-language-zh", "ch91-start")
CHAPTER = parse_chapter(SQUARE, "ch91_mini.py")


def test_the_source_notebook_is_valid_for_nbformat_and_nbgrader() -> None:
    notebook = source_notebook(CHAPTER)
    nbformat.validate(notebook)
    MetadataValidator().validate_nb(notebook)


def test_the_cell_id_equals_the_grade_id() -> None:
    cells = source_notebook(CHAPTER).cells
    graded = [cell for cell in cells if "nbgrader" in cell.metadata]
    assert [cell.id for cell in graded] == ["ch91-start", "ch91-setup-1", "square", "square-of-two"]
    assert all(cell.metadata.nbgrader.grade_id == cell.id for cell in graded)
    assert len({cell.id for cell in cells}) == len(cells)


def test_roles_become_locks_and_grades() -> None:
    by_id = {cell.id: cell for cell in source_notebook(CHAPTER).cells}

    def flags(name: str) -> tuple[bool, bool, bool]:
        settings = by_id[name].metadata.nbgrader
        return settings.locked, settings.solution, settings.grade

    assert flags("ch91-setup-1") == (True, False, False)
    assert flags("square") == (False, True, False)
    assert flags("square-of-two") == (True, False, True)
    assert by_id["square-of-two"].metadata.nbgrader.points == 2
    assert by_id["square-of-two"].metadata.editable is False
    assert "editable" not in by_id["square"].metadata
    for unlocked in ("ch91-prose-1", "ch91-prose-1-zh", "ch91-free-1"):
        assert "nbgrader" not in by_id[unlocked].metadata


def test_the_source_holds_the_complete_text() -> None:
    written = [cell for cell in source_notebook(CHAPTER).cells if cell.id not in ADDED]
    for cell, made in zip(CHAPTER.cells, written, strict=True):
        first = f"# Test {cell.id} (2 points)\n" if cell.role == "test" else ""
        assert made.source == first + cell.source


def test_the_first_code_cells_name_the_language_and_let_tests_answer_in_one_line() -> None:
    code = [cell for cell in source_notebook(CHAPTER).cells if cell.cell_type == "code"]
    assert tuple(cell.id for cell in code[:3]) == ADDED
    for cell, lang in zip(code, ("en", "zh"), strict=False):
        assert cell.metadata == {
            "course": {"lang": lang, "role": "free"}, "jupyter": {"source_hidden": True}, "cellView": "form",
        }  # fmt: skip
    assert code[2].metadata.nbgrader.locked
    assert "answer_in_one_line()" in code[2].source and "import say" in code[2].source


def test_equal_chapters_give_equal_bytes() -> None:
    texts = [release_text(source_notebook(parse_chapter(SQUARE, "ch91_mini.py"))) for _ in range(2)]
    assert texts[0] == texts[1]
    assert texts[0].endswith("}\n")


@pytest.mark.parametrize(
    ("old", "new", "name", "folded"),
    [
        ("", "", "ch91-setup-1", False),  # imports are worth seeing
        ("# %% setup\n", "# %% setup\ndef helper():\n    return 1\n\n\n", "ch91-setup-1", True),
        ("# %% setup\n", "# %% setup\nclass Helper:\n    pass\n\n\n", "ch91-setup-1", True),
        ("", "", "square", False),
        ("", "", "square-of-two", False),
    ],
)
def test_helpers_are_folded_and_what_a_learner_reads_is_not(old: str, new: str, name: str, folded: bool) -> None:
    assert old in SQUARE
    notebook = source_notebook(parse_chapter(SQUARE.replace(old, new, 1), "ch91_mini.py"))
    metadata = {cell.id: cell.metadata for cell in notebook.cells}[name]
    assert metadata.get("jupyter", {}).get("source_hidden", False) is folded
    assert ("cellView" in metadata) is folded


@pytest.mark.parametrize(
    "chapter", sorted((Path(__file__).parents[3] / "notebooks").glob("ch*.py")), ids=lambda p: p.stem
)
def test_no_chapter_begins_with_code_that_nobody_has_to_read(chapter: Path) -> None:
    notebook = source_notebook(parse_chapter(chapter.read_text(encoding="utf-8"), chapter.name))
    exercise = next(
        index for index, cell in enumerate(notebook.cells) if cell.metadata.get("nbgrader", {}).get("solution")
    )
    for cell in notebook.cells[:exercise]:
        if cell.cell_type == "code" and not cell.metadata.get("jupyter", {}).get("source_hidden"):
            assert len(cell.source.splitlines()) <= 20, cell.id


def test_a_demo_carries_the_tag_that_graders_leave_out() -> None:
    text = SQUARE + "# %% demo\nprint(square(3))\n"
    *others, demo = source_notebook(parse_chapter(text, "ch91_mini.py")).cells
    assert demo.metadata.tags == ["skip-execution"]
    assert not any("tags" in cell.metadata for cell in others)
