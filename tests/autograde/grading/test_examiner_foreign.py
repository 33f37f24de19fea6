"""Other people's courses under the examiner: what stands between their marked cells, and the scores of stock nbgrader."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import foreign_course
import nbformat
import pytest
from foreign_course import answer, check, mark
from mini_course import Course
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
STUB = "# YOUR CODE HERE\nraise NotImplementedError()"


def solution(name: str, source: str) -> NotebookNode:
    return answer(name, f"### BEGIN SOLUTION\n{source}\n### END SOLUTION")


def between() -> NotebookNode:
    """What real courses have between their marked cells, most of it without nbgrader's marks."""
    return new_notebook(
        metadata=KERNEL,
        cells=[
            new_code_cell("%matplotlib inline\n# imports\nimport math\nfrom os import path"),
            new_code_cell("import numpy as np\nimport warnings\nwarnings.filterwarnings('ignore')\nnp.set_printoptions(precision=3)\nN = 10"),
            new_code_cell("try:\n    import nowhere_at_all\nexcept ImportError:\n    import json as nowhere_at_all"),
            new_code_cell("def close(a, b):\n    return abs(a - b) < 1e-9\nNAMES = ['ann', 'bob']"),
            solution("hyp", "import cmath\ndef hyp(a, b):\n    return math.sqrt(a * a + b * b)"),
            check("hyp-t", "assert math.isclose(hyp(3, 4), 5.0)\nassert np.allclose(hyp(N, 0), N)\nassert path.join('a', 'b')"),
            check("close-t", "assert close(hyp(0, 1), 1)\nassert NAMES[0] == 'ann' and cmath.pi > 3"),
            new_code_cell("%%time\nfrom fractions import Fraction\nhalf = Fraction(1, 2)\n!echo done"),
            check("half-t", "%matplotlib inline\nfor _ in range(2):\n    assert nowhere_at_all.dumps([1]) == '[1]'\nassert Fraction(1, 2) + 0 == 0.5"),
            check("fixture-t", "def expected(n):\n    return [hyp(i, 0) for i in range(n)]\ncases = [(1, [0.0]), (2, [0.0, 1.0])]\n"
                               "for n, wanted in cases:\n    assert expected(n) == wanted"),
            check("fixture-again-t", "display(cases)\nassert expected(3)[-1] == 2.0"),
            check("named-t", "assert 'hyp' in globals() and 'nothing' not in globals()\nassert eval('hyp(3, 4)') == 5"),
            solution("total", "total = sum(range(N))"),
            check("total-t", "assert total == 45"),
            answer("open", STUB),
            check("open-t", "assert a == 1"),
            check("open-two-t", "assert twice(a) == 2"),
        ],
    )  # fmt: skip


def prose() -> NotebookNode:
    return new_notebook(cells=[new_markdown_cell("Why?", metadata=mark("why", grade=True, solution=True, points=2))])


def by_hand() -> NotebookNode:
    return new_notebook(
        metadata=KERNEL, cells=[new_code_cell("plot = 1", metadata=mark("plot", grade=True, solution=True, points=2))]
    )


def hand_in(
    root: Path, student: str, answers: dict[str, str], change: Callable[[NotebookNode], None] = lambda nb: None
) -> None:
    """Hand in every notebook with these answers by grade_id."""
    folder = shutil.copytree(root / "release" / "ps1", root / "submitted" / student / "ps1")
    for path in folder.glob("*.ipynb"):
        notebook = nbformat.read(path, as_version=4)
        for cell in notebook.cells:
            cell.source = answers.get(cell.metadata.get("nbgrader", {}).get("grade_id"), cell.source)
        change(notebook)
        path.write_text(json.dumps(notebook), encoding="utf-8")


def without_ids(notebook: NotebookNode) -> None:
    """As an editor before nbformat 4.5 saves it."""
    notebook.nbformat_minor = 4
    for cell in notebook.cells:
        cell.pop("id", None)


def new_ids(notebook: NotebookNode) -> None:
    for number, cell in enumerate(notebook.cells):
        cell.id = f"other-{number}"


SOLVED = {
    "hyp": "import cmath\ndef hyp(a, b):\n    return (a * a + b * b) ** 0.5",
    "total": "total = 45",
    "open": "a = 1\ndef twice(x):\n    return 2 * x",
    "why": "Because.",
    "plot": "plot = 2",
}


def write_course(root: Path, notebooks: dict[str, NotebookNode], more: str = "") -> Path:
    source = root / "source" / "ps1"
    source.mkdir(parents=True)
    (root / "nbgrader_config.py").write_text(f"c = get_config()\n{more}\n", encoding="utf-8")
    for name, notebook in notebooks.items():
        nbformat.write(notebook, source / f"{name}.ipynb")
    return root


def cells_of(root: Path) -> dict[tuple[str, str], tuple[float | None, bool]]:
    """(learner, cell) → (points given by the tests, whether it waits for a person)."""
    rows = map(json.loads, foreign_course.rows(root / "gradebook.db")["grade"])
    return {(student, cell): (auto, bool(waits)) for student, _, cell, auto, _, _, waits in rows}


def graded(root: Path, course: Course, *words: str) -> dict[str, dict[str, Any]]:
    run = course("grade", "ps1", "--course-dir", str(root), "--isolation", "examiner", "--json", str(root / "log.json"), *words, timeout=300)  # fmt: skip
    assert (root / "log.json").is_file(), run.stderr + run.stdout
    return {row["student"]: row for row in json.loads((root / "log.json").read_text(encoding="utf-8"))}


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory, programs_of_this_environment: None) -> tuple[Path, Path]:
    """The course, graded by stock nbgrader; and a copy."""
    root = write_course(tmp_path_factory.mktemp("foreign") / "stock", {"between": between()})
    foreign_course.nbgrader(root, "generate_assignment", "ps1")
    hand_in(root, "right", SOLVED)
    hand_in(root, "blank", {})
    engine = shutil.copytree(root, root.with_name("engine"))
    hand_in(engine, "old", SOLVED, without_ids)
    hand_in(engine, "other-ids", {**SOLVED, "total": "total = 44"}, new_ids)
    foreign_course.nbgrader(root, "autograde", "ps1")
    return root, engine


@pytest.mark.slow
def test_what_stands_between_marked_cells_is_there_for_the_tests(twice: tuple[Path, Path], course: Course) -> None:
    stock, engine = twice
    rows = graded(engine, course)
    expected, found = cells_of(stock), cells_of(engine)
    for name in ("old", "other-ids"):
        expected |= {(name, cell): one for (student, cell), one in expected.items() if student == "right"}
    expected["other-ids", "total-t"] = 0.0, False
    assert {key: (expected[key], one) for key, one in found.items() if one != expected[key]} == {}
    assert {row["status"] for row in rows.values()} == {"graded", "repaired"}, rows  # an old format is repaired
    told = {reason["code"] for name in ("right", "old", "other-ids") for reason in rows[name]["reasons"]}
    assert told <= {"ids-restored", "format-converted"}, rows
    said = {reason["en"]: reason["zh"] for reason in rows["blank"]["reasons"]}
    assert said["The test total-t gives no points: the notebook does not define total."].startswith(
        "测试 total-t 不计分"
    )
    assert "The test open-t gives no points: the notebook does not define a." in said


def test_notebooks_without_a_test_are_graded_and_wait_for_a_person(
    tmp_path: Path, course: Course, programs_of_this_environment: None
) -> None:
    write_course(
        tmp_path, {"prose": prose(), "hand": by_hand(), "empty": new_notebook(metadata=KERNEL), "sums": sums()}
    )
    foreign_course.nbgrader(tmp_path, "generate_assignment", "ps1")
    hand_in(tmp_path, "ann", SOLVED)
    row = graded(tmp_path, course)["ann"]
    assert (row["status"], row["reasons"]) == ("graded", [])
    assert cells_of(tmp_path) == {
        ("ann", "why"): (None, True),
        ("ann", "plot"): (None, True),
        ("ann", "total-t"): (1.0, False),
    }


def sums() -> NotebookNode:
    return new_notebook(
        metadata=KERNEL, cells=[solution("total", "total = 45"), check("total-t", "assert total == 45")]
    )
