"""Tests answer in one line in a live notebook, a notebook runs to its end, and grading is not touched."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

from course.checks import MARKS, state_of
from course.progress import read_progress

START = "from course.checks import answer_in_one_line\nanswer_in_one_line()"
TEST = "# Test square-is-right (2 points)\nassert square(3) == 9, 'square: multiply x by itself'"


def ran(*sources: str, errors: bool = False) -> list[dict[str, Any]]:
    """The outputs of the last cell, after all of them ran in a real kernel from top to bottom."""
    notebook = new_notebook(cells=[new_code_cell(source) for source in sources])
    NotebookClient(notebook, timeout=60, kernel_name="python3", allow_errors=errors).execute()
    outputs: list[dict[str, Any]] = notebook.cells[-1].outputs
    return outputs


@pytest.mark.parametrize(
    ("answer", "state", "line"),
    [
        ("return x * x", "passed", "✓ passed"),
        ("raise NotImplementedError('Not answered yet')", "open", "○ not answered yet"),
        ("return x", "failed", "✗ square: multiply x by itself"),
        ("return x + None", "failed", "✗ TypeError: unsupported operand"),
    ],
)
def test_a_test_says_in_one_line_how_it_ended(answer: str, state: str, line: str) -> None:
    (output,) = ran(START, f"def square(x):\n    {answer}", TEST)
    assert output["data"]["text/plain"].splitlines()[0].startswith(line)
    assert state_of(output) == state
    assert MARKS[state][0] in output["data"]["text/html"]  # type: ignore[index]


def test_the_traceback_of_the_learners_own_code_is_folded_away() -> None:
    (output,) = ran(START, "def square(x):\n    return helper(x)\n\ndef helper(x):\n    return x + '<1>'", TEST)
    page = output["data"]["text/html"]
    assert page.startswith("<details><summary")
    assert "in helper" in page
    assert "&lt;1&gt;" in page
    assert "course/checks" not in page


def test_a_test_that_is_interrupted_or_a_cell_that_is_no_test_raises_as_ever() -> None:
    (output,) = ran(START, "def square(x):\n    raise KeyboardInterrupt", TEST, errors=True)
    assert output["ename"] == "KeyboardInterrupt"
    (output,) = ran(START, "def square(x):\n    return x", TEST.split("\n")[1], errors=True)
    assert output["ename"] == "AssertionError"


@pytest.mark.parametrize("state", ["autograde", "validate"])
def test_while_nbgrader_executes_a_notebook_tests_raise(state: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NBGRADER_EXECUTION", state)
    (output,) = ran(START, "def square(x):\n    return x", TEST, errors=True)
    assert output["ename"] == "AssertionError"
    line = ["✗ square: multiply x by itself"]
    assert (output["traceback"] == line) is (state == "validate")


def test_names_of_a_test_stay_in_the_notebook_and_a_second_start_changes_nothing() -> None:
    (output,) = ran(
        START, START, "square = lambda x: x * x", "# Test a-b (1 point)\nseen = square(2)\nassert seen", "seen"
    )
    assert output["data"]["text/plain"] == "4"


def test_a_cell_that_builds_on_a_wrong_answer_lets_the_notebook_go_on() -> None:
    use = "from course.unfinished import when_solved\nwith when_solved('square'):\n    square(1) + None"
    (output,) = ran(START, "def square(x):\n    return x", use)
    assert output["data"]["text/plain"].startswith("✗ Look at `square` again")


def test_saved_lines_count_as_progress() -> None:
    def cell(grade_id: str, source: str, count: int, **marks: Any) -> Any:
        return new_code_cell(source, execution_count=count, metadata={"nbgrader": {"grade_id": grade_id, **marks}})

    notebook = new_notebook(
        cells=[cell("square", "", 1, solution=True), cell("square-is-right", "", 2, grade=True, points=2)]
    )
    for state in MARKS:
        notebook.cells[1].outputs = [
            nbformat.v4.new_output("display_data", {"text/plain": "line"}, metadata={"course": {"state": state}})
        ]
        (exercise,) = read_progress(notebook).exercises
        assert exercise.state == state


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("name", ["ch01", "ch02", "ch03", "ch04", "ch05", "ch06", "ch08", "ch09"])
def test_an_untouched_release_runs_to_its_end(
    name: str, lang: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    path = Path(__file__).parents[2] / "release" / lang / name / f"{name}.ipynb"
    run = subprocess.run(
        [sys.executable, "-m", "nbconvert", "--execute", "--to", "notebook", "--output-dir", str(tmp_path), str(path)],
        cwd=tmp_path, capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    notebook = nbformat.read(tmp_path / path.name, as_version=4)
    said = [state_of(output) for cell in notebook.cells for output in cell.get("outputs", [])]
    tests = sum(bool(cell.metadata.get("nbgrader", {}).get("grade")) for cell in notebook.cells)
    assert [state for state in said if state] == ["open"] * tests
