"""Does the engine leave the gradebook that stock nbgrader would have left? Both grade the same course, every kind of it."""

import json
import shutil
from pathlib import Path

import foreign_course
import nbformat
import pytest
from mini_course import Course

pytestmark = pytest.mark.long(2)

LATE_PLUGIN = """
import sys; sys.path.insert(0, {root!r})
c.AssignLatePenalties.plugin_class = "penalty.HalfOff"
"""
PENALTY = """\
from nbgrader.plugins import BasePlugin
class HalfOff(BasePlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return score / 2 + (9 if student_id == "late-and-wrong" else 0)
"""


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory, programs_of_this_environment: None) -> tuple[Path, Path]:
    """Two copies of a foreign course with a submission of every kind."""
    roots = []
    for name in ("stock", "engine"):
        root = tmp_path_factory.mktemp(name)
        (root / "penalty.py").write_text(PENALTY)
        foreign_course.build(root, LATE_PLUGIN.format(root=str(root)))
        foreign_course.submit_all(root)
        roots.append(root)
    return roots[0], roots[1]


@pytest.mark.slow
def test_all_rows_of_the_gradebook_are_those_of_stock_nbgrader(twice: tuple[Path, Path], course: Course) -> None:
    stock, engine = twice
    for attempt in (1, 2):
        foreign_course.nbgrader(stock, "autograde", "ps1")
        run = course("grade", "ps1", "--course-dir", str(engine), "--jobs", "2", timeout=600)
        assert run.returncode == 0, run.stderr + run.stdout
        expected, found = (foreign_course.rows(root / "gradebook.db") for root in (stock, engine))
        for kind in expected:
            assert found[kind] == expected[kind], f"attempt {attempt}: {kind}"
        for root in (stock, engine):
            foreign_course.submit_again(root)
    graded = {path.relative_to(stock) for path in (stock / "autograded").rglob("*") if path.is_file()}
    assert {path.relative_to(engine) for path in (engine / "autograded").rglob("*") if path.is_file()} == graded


@pytest.mark.thorough
def test_nbgraders_own_fixture_notebooks_score_as_with_stock(tmp_path: Path, course: Course) -> None:
    """nbgrader's test files, graded by both; a submission that stock gives up on must not be lost here."""
    files = Path(pytest.importorskip("nbgrader").__file__).parent / "tests" / "apps" / "files"
    if not files.is_dir():
        pytest.skip("nbgrader is installed without its tests")
    sources = {
        "submitted-changed.ipynb": ["submitted-unchanged.ipynb", "submitted-changed.ipynb", "submitted-cheat-attempt.ipynb",
                                    "submitted-cheat-attempt-alternative.ipynb", "submitted-grade-cell-changed.ipynb",
                                    "submitted-locked-cell-changed.ipynb"],
        "test-with-output.ipynb": ["test-with-output.ipynb"],
        "open_relative_file.ipynb": ["open_relative_file.ipynb"],
        "side-effects.ipynb": ["side-effects.ipynb"],
        "test-hidden-tests.ipynb": ["test-hidden-tests.ipynb"],
    }  # fmt: skip
    stock = tmp_path / "stock"
    for number, (source, submissions) in enumerate(sources.items()):
        folder = stock / "source" / f"ps{number}"
        folder.mkdir(parents=True)
        shutil.copyfile(files / source, folder / "p1.ipynb")
        shutil.copyfile(files / "data.txt", folder / "data.txt")
        for submission in submissions:
            target = stock / "submitted" / Path(submission).stem / f"ps{number}"
            target.mkdir(parents=True)
            shutil.copyfile(files / submission, target / "p1.ipynb")
    (stock / "nbgrader_config.py").write_text("c = get_config()\n")
    for number in range(len(sources)):
        foreign_course.nbgrader(stock, "generate_assignment", f"ps{number}")
    engine = shutil.copytree(stock, tmp_path / "engine")
    for number in range(len(sources)):
        foreign_course.nbgrader(stock, "autograde", f"ps{number}", check=False)
        run = course("grade", f"ps{number}", "--course-dir", str(engine), timeout=300)
        assert "Traceback" not in run.stderr
    expected, found = (foreign_course.rows(root / "gradebook.db") for root in (stock, engine))
    # of those that cheat, the scores alone: what they leave changed is seen here, and asks for a person
    cheats = '["submitted-cheat'
    honest, others = (
        [[row for row in rows["grade"] if row.startswith(cheats) is cheating] for rows in (found, expected)]
        for cheating in (False, True)
    )
    assert honest[0] == honest[1]
    assert [json.loads(row)[:-1] for row in others[0]] == [json.loads(row)[:-1] for row in others[1]]
    assert len(others[0]) > 0
    comments = [[row for row in rows["comment"] if not row.startswith(cheats)] for rows in (found, expected)]
    assert comments[0] == comments[1]
    said = [json.loads(row)[3] for row in found["comment"] if row.startswith(cheats)]
    assert any("a person has to look" in str(comment) for comment in said)  # the formgrader says why


@pytest.mark.thorough
def test_nbgraders_quickstart_course_scores_as_with_stock(tmp_path: Path, course: Course) -> None:
    foreign_course.nbgrader(tmp_path, "quickstart", "stock")
    stock = tmp_path / "stock"
    foreign_course.nbgrader(stock, "generate_assignment", "ps1", "--create")
    for student, changed in (("bitdiddle", True), ("hacker", False)):
        folder = shutil.copytree(stock / "release" / "ps1", stock / "submitted" / student / "ps1")
        if changed:
            for path in folder.glob("*.ipynb"):
                notebook = nbformat.read(path, as_version=4)
                for cell in notebook.cells:
                    mark = cell.metadata.get("nbgrader", {})
                    if mark.get("solution") and cell.cell_type == "code" and "def squares" in cell.source:
                        cell.source = "def squares(n):\n    if n < 1:\n        raise ValueError\n    return [i * i for i in range(1, n + 1)]"
                    elif mark.get("solution") and cell.cell_type == "markdown":
                        cell.source = "An answer."
                nbformat.write(notebook, path)
    engine = shutil.copytree(stock, tmp_path / "engine")
    config = (engine / "nbgrader_config.py").read_text()
    (engine / "nbgrader_config.py").write_text(config.replace(str(stock), str(engine)))
    foreign_course.nbgrader(stock, "autograde", "ps1")
    run = course("grade", "ps1", "--course-dir", str(engine), timeout=300)
    assert run.returncode == 0, run.stderr
    expected, found = (foreign_course.rows(root / "gradebook.db") for root in (stock, engine))
    assert found == expected
    assert any(", 0.0," not in row for row in found["grade"])
