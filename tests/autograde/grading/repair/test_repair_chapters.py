"""Do damaged copies of the real chapters pass nbgrader's own checks with the answers of the undamaged ones?"""

import json
import random
import re
from typing import Any

import nbformat
import pytest
from damage import DAMAGES, Damage, text, written
from mini_course import REPOSITORY
from nbgrader.api import Gradebook
from nbgrader.preprocessors import CheckCellMetadata, DeduplicateIds, OverwriteCells
from traitlets.config import Config

from autograde.grading.repair.repair import recognise, repair

pytestmark = pytest.mark.thorough

RELEASES = {path.stem: [path.read_bytes(), (REPOSITORY / "release" / "zh" / path.stem / path.name).read_bytes()]
            for path in sorted((REPOSITORY / "release" / "en").glob("ch*/*.ipynb"))}  # fmt: skip
UNANSWERED = re.compile(r"^( *)(?:# YOUR CODE HERE.*\n *)?raise NotImplementedError\(.*\)$", re.MULTILINE)


def answered(released: bytes) -> bytes:
    """The chapter with something written into each answer."""
    notebook = json.loads(released)
    for number, cell in enumerate(notebook["cells"]):
        if cell["metadata"].get("nbgrader", {}).get("solution"):
            body = rf"\1first_{number} = {number}\n\1# the way of cell {number}\n\1return first_{number}"
            cell["source"] = UNANSWERED.sub(body, text(cell)).splitlines(keepends=True)
            assert "return" in text(cell)
    return written(notebook)


@pytest.fixture(scope="module")
def gradebook(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A gradebook that knows the cells of ch02, as `nbgrader generate_assignment` saves them."""
    name = "ch02"
    url = f"sqlite:///{tmp_path_factory.mktemp('book') / 'gradebook.db'}"
    with Gradebook(url) as book:
        book.add_assignment(name)
        book.add_notebook(name, name)
        for cell in json.loads(RELEASES[name][0])["cells"]:
            marks = cell["metadata"].get("nbgrader")
            if not marks:
                continue
            common = {"cell_type": cell["cell_type"]}
            if marks["grade"]:
                book.update_or_create_grade_cell(marks["grade_id"], name, name, max_score=marks["points"], **common)
            if marks["solution"]:
                book.update_or_create_solution_cell(marks["grade_id"], name, name)
            book.update_or_create_source_cell(
                marks["grade_id"],
                name,
                name,
                source=text(cell),
                checksum=marks["checksum"],
                locked=marks["locked"],
                **common,
            )
    return url


def sanitised(notebook: nbformat.NotebookNode, name: str, url: str) -> list[tuple[Any, ...]]:
    """What nbgrader's autograder would run: its own preprocessors, then the marked cells (blank lines aside)."""
    resources = {"nbgrader": {"notebook": name, "assignment": name, "db_url": url}}
    for preprocessor in (DeduplicateIds, OverwriteCells, CheckCellMetadata):
        notebook, resources = preprocessor(config=Config()).preprocess(notebook, resources)
    return [
        (cell.metadata.nbgrader.grade_id, cell.cell_type, cell.metadata.nbgrader.get("points"), code(cell.source))
        for cell in notebook.cells
        if "nbgrader" in cell.metadata
    ]


def code(source: str) -> str:
    """A text without blank lines, trailing blanks and what latin-1 cannot say."""
    lines = source.encode("ascii", "ignore").decode().split("\n")
    return "\n".join(line.rstrip() for line in lines if line.strip())


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.name)
def test_nbgrader_takes_the_repaired_chapter_for_the_undamaged_one(damage: Damage, gradebook: str) -> None:
    name = "ch02"
    honest = sanitised(repair(answered(RELEASES[name][0]), RELEASES[name]).notebook, name, gradebook)
    repaired = repair(damage.apply(answered(RELEASES[name][0]), random.Random(3)), RELEASES[name])
    nbformat.validate(repaired.notebook)
    made = sanitised(repaired.notebook, name, gradebook)
    assert [cell[:3] for cell in made] == [cell[:3] for cell in honest]
    different = [cell[0] for cell, wanted in zip(made, honest, strict=True) if cell != wanted]
    if damage.points == "kept":
        assert different == [] or (damage.name == "old-answer-kept-above" and len(different) <= 1)
    elif damage.points == "some":
        assert len(different) == 1
    assert {reason.code for reason in repaired.review} == damage.review
    assert {reason.code for reason in repaired.repairs} >= damage.repairs


@pytest.mark.parametrize("lang", [0, 1], ids=["en", "zh"])
@pytest.mark.parametrize("name", list(RELEASES))
def test_every_chapter_of_every_edition_comes_back(name: str, lang: int) -> None:
    raw = answered(RELEASES[name][lang])
    whole = repair(raw, RELEASES[name])
    assert whole.whole and whole.release == lang
    assert whole.notebook == nbformat.reads(raw.decode(), 4)
    assert recognise(raw, RELEASES) == name
    rng = random.Random(name + str(lang))
    for damage in rng.sample([damage for damage in DAMAGES if damage.points == "kept" and damage.name != "latin1"], 8):
        repaired = repair(damage.apply(raw, rng), RELEASES[name])
        assert {reason.code for reason in repaired.review} == damage.review, damage.name
        assert marked(repaired.notebook) == marked(whole.notebook), damage.name


def marked(notebook: nbformat.NotebookNode) -> list[tuple[str, str]]:
    """Name and text of the answer and locked cells."""
    return [
        (cell.metadata.nbgrader.grade_id, code(cell.source)) for cell in notebook.cells if "nbgrader" in cell.metadata
    ]


def test_another_chapter_goes_to_review() -> None:
    for mine in RELEASES:
        for other in RELEASES:
            if mine != other:
                codes = {reason.code for reason in repair(answered(RELEASES[mine][0]), RELEASES[other]).review}
                assert "other-chapter" in codes, (mine, other)


def test_a_file_of_nothing_is_nobodys() -> None:
    assert recognise(b"", RELEASES) is None
    assert recognise(b"print('hello')\n", RELEASES) is None
