"""nbgrader's own fixtures and user guide: examiner, shared and stock nbgrader give the same scores."""

import shutil
from pathlib import Path

import foreign_course
import nbformat
import nbgrader
import pytest
from foreign_course import check
from mini_course import Course
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook
from test_examiner_foreign import KERNEL, cells_of, graded, solution, write_course

NBGRADER = Path(nbgrader.__file__).parent
FILES, GUIDE = NBGRADER / "tests" / "apps" / "files", NBGRADER / "docs" / "source" / "user_guide"
FIXTURES = ("test", "test-hidden-tests", "test-with-output", "submitted-unchanged", "autotest-simple", "autotest-multi",
            "autotest-hashed", "autotest-hidden", "open_relative_file", "validating-environment-variable", "validation-zero-points")  # fmt: skip

STEP = """
from nbgrader.preprocessors import NbGraderPreprocessor
class Templates(NbGraderPreprocessor):
    def preprocess_cell(self, cell, resources, index):
        if cell.source.startswith("# expect "):
            cell.source = f"assert answer == {cell.source.split()[-1]}"
        return cell, resources
"""
CONFIG = """
import sys; sys.path.insert(0, {root!r})
import steps
from nbgrader.converters import GenerateAssignment
found = GenerateAssignment.class_traits()["preprocessors"].default()
c.GenerateAssignment.preprocessors = [found[0], steps.Templates, *found[1:]]
c.IncludeHeaderFooter.header = {root!r} + "/header.ipynb"
"""


def by_source(root: Path, student: str, name: str, source: Path) -> None:
    """Hand in the release with the reference answers."""
    answers = {
        cell.metadata.nbgrader.grade_id: cell.source for cell in read(source).cells if "nbgrader" in cell.metadata
    }
    hand_in(root, student, name, answers)


def hand_in(root: Path, student: str, name: str, answers: dict[str, str], stub: bool = False) -> None:
    folder = root / "submitted" / student / "ps1"
    folder.mkdir(parents=True, exist_ok=True)
    released = root / "release" / "ps1"
    for path in released.iterdir():
        if path.suffix != ".ipynb":
            shutil.copyfile(path, folder / path.name)
    notebook = read(released / f"{name}.ipynb")
    for cell in notebook.cells:
        settings = cell.metadata.get("nbgrader", {})
        if settings.get("solution") and settings["grade_id"] in answers:
            cell.source = answers[settings["grade_id"]]
    nbformat.write(notebook, folder / f"{name}.ipynb")


def read(path: Path) -> NotebookNode:
    return nbformat.read(path, as_version=4)


def compare(root: Path, course: Course) -> None:
    """Grade three times and compare the scores."""
    shared, engine = (shutil.copytree(root, root.with_name(name)) for name in ("shared", "engine"))
    foreign_course.nbgrader(root, "autograde", "ps1", check=False)
    expected = cells_of(root)
    assert len(expected) > 2
    for copy, isolation in ((engine, "examiner"), (shared, "shared")):
        rows = graded(copy, course, "--isolation", isolation)
        found = cells_of(copy)
        assert {key: (one, found.get(key)) for key, one in expected.items() if found.get(key) != one} == {}, rows


@pytest.mark.slow
def test_the_tests_are_those_that_generate_assignment_made(
    tmp_path: Path, course: Course, programs_of_this_environment: None
) -> None:
    root = tmp_path / "stock"
    own = new_notebook(
        metadata=KERNEL,
        cells=[
            solution("own", "answer = 3"),
            check("own-t", "# expect 3"),
            check("header-t", "assert st.mean([answer, answer]) == 3"),
        ],
    )
    notebooks = {"multi": read(FILES / "autotest-multi.ipynb"), "own": own}
    write_course(root, notebooks, CONFIG.format(root=str(root)))
    nbformat.write(new_notebook(cells=[new_code_cell("import statistics as st")]), root / "header.ipynb")
    (root / "steps.py").write_text(STEP, encoding="utf-8")
    shutil.copyfile(FILES / "autotests.yml", root / "source" / "ps1" / "autotests.yml")
    foreign_course.nbgrader(root, "generate_assignment", "ps1")
    changed = {"soln": read(FILES / "autotest-multi-changed.ipynb").cells[0].source}
    for name in notebooks:
        by_source(root, "right", name, root / "source" / "ps1" / f"{name}.ipynb")
        hand_in(root, "blank", name, {})
        hand_in(root, "changed", name, {**changed, "own": "answer = 4"})
    compare(root, course)
    points = {
        student: sum(auto or 0 for (who, _), (auto, _) in cells_of(root).items() if who == student)
        for student in ("right", "blank")
    }
    assert points["right"] == 6 and points["blank"] == 0


@pytest.mark.thorough
@pytest.mark.parametrize("source", ["ps1", "ps1_autotest"])
def test_the_user_guide_scores_as_with_stock(
    tmp_path: Path, course: Course, programs_of_this_environment: None, source: str
) -> None:
    root = tmp_path / "stock"
    shutil.copytree(GUIDE / "source" / source, root / "source" / "ps1")
    (root / "nbgrader_config.py").write_text("c = get_config()\n", encoding="utf-8")
    shutil.copyfile(GUIDE / "autotests.yml", root / "source" / "ps1" / "autotests.yml")
    foreign_course.nbgrader(root, "generate_assignment", "ps1")
    for name in ("problem1", "problem2"):
        by_source(root, "right", name, root / "source" / "ps1" / f"{name}.ipynb")
        hand_in(root, "blank", name, {})
        hand_in(root, "copied", name, {
            "squares": "def squares(n):\n    if n < 1:\n        raise ValueError\n    return [i * i for i in range(1, n + 1)]",
            "sum_of_squares": "def sum_of_squares(n):\n    return sum(i * i for i in range(1, n + 1))",
        })  # fmt: skip
    if source == "ps1":
        for student in ("bitdiddle", "hacker"):
            shutil.copytree(GUIDE / "submitted" / student, root / "submitted" / student)
    compare(root, course)
    uses = {
        student: auto for (student, cell), (auto, _) in cells_of(root).items() if cell == "sum_of_squares_uses_squares"
    }
    assert uses["right"] == 0.5 and uses["copied"] == uses["blank"] == 0


@pytest.mark.thorough
def test_the_fixtures_score_as_with_stock(tmp_path: Path, course: Course, programs_of_this_environment: None) -> None:
    root = tmp_path / "stock"
    write_course(root, {name: read(FILES / f"{name}.ipynb") for name in FIXTURES})
    for name in ("autotests.yml", "data.txt"):
        shutil.copyfile(FILES / name, root / "source" / "ps1" / name)
    foreign_course.nbgrader(root, "generate_assignment", "ps1")
    for name in FIXTURES:
        by_source(root, "right", name, root / "source" / "ps1" / f"{name}.ipynb")
        hand_in(root, "blank", name, {})
        changed = FILES / f"{name.replace('unchanged', '')}-changed.ipynb".replace("--", "-")
        if changed.is_file():
            by_source(root, "changed", name, changed)
    compare(root, course)
