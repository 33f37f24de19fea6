"""Does a learner hand in without leaving the browser: write the answer, validate, submit in the assignment list?"""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from lab_page import PATIENCE, Notebook, course_lab

from autograde.authoring.release import read_chapters
from autograde.course_folder import CourseFolder
from autograde.grading.stock import solved

pytestmark = pytest.mark.slow
ANSWER = "def square(x):\n    return x * x"


@pytest.fixture
def released(built: Path) -> Path:
    """A course directory whose one chapter stands in the exchange."""
    words = [sys.executable, "-m", "nbgrader", "release_assignment", "ch91"]
    subprocess.run(words, cwd=built, capture_output=True, check=True, timeout=300)
    return built


def test_a_learner_answers_validates_and_submits(
    page: Any, keep: Callable[[str], None], released: Path, tmp_path: Path
) -> None:
    with course_lab(released, tmp_path, "--lang", "en") as address:
        page.goto(address.replace("welcome.md", "ch91/ch91.ipynb"))
        notebook = Notebook(page)
        validate(page, notebook, "failed")
        keep("validate-blank")
        page.locator(".jp-Dialog button").last.click()
        notebook.write("def square(", ANSWER)
        validate(page, notebook, "passes all the tests")
        keep("validate-solved")
        page.locator(".jp-Dialog button").last.click()
        notebook.menu("Nbgrader", "nbgrader:open-assignment-list")
        row = page.locator("#fetched_assignments_list .list_item", has_text="ch91")
        row.first.wait_for(timeout=PATIENCE)
        keep("assignment-list")
        row.locator("button", has_text="Submit").first.click()
        page.locator("#submitted_assignments_list .list_item", has_text="ch91").first.wait_for(timeout=PATIENCE)
        keep("submitted")
    (submission,) = (released / "exchange" / "ai-practitioner" / "inbound").iterdir()
    cells = json.loads((submission / "ch91.ipynb").read_text(encoding="utf-8"))["cells"]
    source = next("".join(cell["source"]) for cell in cells if cell["id"] == "square")
    assert source == ANSWER


def validate(page: Any, notebook: Notebook, says: str) -> None:
    """Press *Validate* above the notebook and wait for its verdict."""
    notebook.panel.locator("button, jp-button", has_text="Validate").first.click()
    page.locator(".jp-Dialog", has_text=says).wait_for(timeout=PATIENCE)


def test_the_solved_chapter_two_passes_the_validate_button(
    page: Any, keep: Callable[[str], None], learners_course: Path, tmp_path: Path
) -> None:
    """The real ch02, all answered but ``mse``, which is typed in the browser."""
    repository = Path(__file__).parents[2]
    chapter = read_chapters(CourseFolder.open(repository), ["ch02"])[0]
    source = repository / "release/zh/ch02/ch02.ipynb"
    work = solved(source, chapter)
    blank = {cell.id: cell.source for cell in nbformat.read(source, as_version=4).cells}
    typed = next(cell for cell in work.cells if cell.id == "mse")
    answer, typed.source = typed.source, blank["mse"]
    target = learners_course / "work/zh/ch02/ch02.ipynb"
    target.parent.mkdir(parents=True)
    nbformat.write(work, target)
    with course_lab(learners_course, tmp_path, "--lang", "zh") as address:
        page.goto(address.replace("welcome.md", "ch02/ch02.ipynb"))
        notebook = Notebook(page)
        notebook.write("def mse(", answer)
        validate(page, notebook, "passes all the tests")
        keep("validate-ch02-zh")
