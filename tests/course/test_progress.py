"""Does the progress say what is so: done, wrong, not attempted, not run since?"""

import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from course.progress import progress_below, read_progress
from course.progress_panel import Panel, picture

REPOSITORY = Path(__file__).parents[2]


def cell(name: str, count: int | None = None, error: str = "", points: float | None = None) -> dict[str, Any]:
    """A code cell as nbgrader marks it: a test where it has points, else a solution."""
    test = points is not None
    metadata: dict[str, Any] = {"grade_id": name, "grade": test, "solution": not test, "locked": test}
    if test:
        metadata["points"] = points
    outputs = [{"output_type": "error", "ename": error, "evalue": "", "traceback": []}] if error else []
    return {
        "cell_type": "code", "id": name, "execution_count": count, "outputs": outputs,
        "metadata": {"nbgrader": metadata}, "source": f"# {name}",
    }  # fmt: skip


def notebook(*cells: dict[str, Any]) -> dict[str, Any]:
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": list(cells)}


def states(found: dict[str, Any], **keywords: Any) -> list[str]:
    return [check.state for check in read_progress(found, **keywords).checks]


def test_a_test_that_ran_in_silence_passes_and_its_points_are_possible() -> None:
    progress = read_progress(notebook(cell("f", 1), cell("t1", 2, points=2), cell("t2", 3, "AssertionError", 1.5)))
    assert [check.state for check in progress.checks] == ["passed", "failed"]
    assert (progress.done, progress.passing, progress.possible, progress.points) == (0, 1, 2.0, 3.5)
    assert progress.exercises[0].state == "failed"


def test_not_attempted_is_not_wrong() -> None:
    found = notebook(cell("f", 1), cell("t", 2, "NotImplementedError", 1), cell("g"), cell("u", points=1))
    assert states(found) == ["open", "open"]
    assert [exercise.state for exercise in read_progress(found).exercises] == ["open", "open"]


def test_a_test_that_has_not_seen_the_newest_answer_counts_for_nothing() -> None:
    assert states(notebook(cell("f", 9), cell("t", 4, points=1))) == ["open"]
    assert states(notebook(cell("f", 9), cell("t", 10, points=1))) == ["passed"]


def test_the_kernel_knows_better_than_the_saved_outputs() -> None:
    found = notebook(cell("f", 1), cell("t", 2, points=1))
    assert states(found, ran={"t": "failed"}) == ["failed"]


@pytest.mark.parametrize(
    "damage",
    [
        {"metadata": None},
        {"metadata": {"nbgrader": "x"}},
        {"outputs": None},
        {"metadata": {"nbgrader": {"grade": True}}},
    ],
)
def test_a_damaged_cell_breaks_nothing(damage: dict[str, Any]) -> None:
    found = notebook({**cell("x", 1, points=1), **damage}, cell("f", 1), cell("t", 2, points=1))
    assert "passed" in states(found)


@pytest.mark.parametrize("chapter", ["ch01", "ch02", "ch03", "ch04", "ch05", "ch06", "ch08", "ch09"])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_released_chapter_starts_with_twenty_points_to_win(chapter: str, lang: str) -> None:
    text = (REPOSITORY / "release" / lang / chapter / f"{chapter}.ipynb").read_text(encoding="utf-8")
    progress = read_progress(json.loads(text))
    assert (progress.done, progress.passing, progress.possible) == (0, 0, 0)
    assert progress.points == 20


def test_a_folder_of_chapters_as_json_with_a_damaged_one_left_out(tmp_path: Path) -> None:
    for name, text in (("ch01", json.dumps(notebook(cell("f", 1), cell("t", 2, points=1)))), ("ch02", "{")):
        (tmp_path / name).mkdir()
        (tmp_path / name / f"{name}.ipynb").write_text(text, encoding="utf-8")
    assert list(progress_below(tmp_path)) == ["ch01/ch01.ipynb"]
    run = subprocess.run(
        [sys.executable, "-P", "-m", "course.progress", str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert json.loads(run.stdout) == progress_below(tmp_path)


def result(source: str, error: BaseException | None = None, cell_id: str | None = None) -> Any:
    """What IPython hands over after a cell."""
    info = SimpleNamespace(raw_cell=source, cell_id=cell_id)
    return SimpleNamespace(info=info, error_in_exec=error, error_before_exec=None)


def test_the_panel_follows_the_kernel_and_is_redrawn_only_when_something_changed() -> None:
    panel = Panel(notebook(cell("f"), cell("t", points=1)))
    drawn: list[str] = []
    panel.redraw = drawn.append
    panel.after_cell(result("1 + 1"))
    assert drawn == []
    panel.after_cell(result("# t\n", NotImplementedError()))
    assert panel.ran == {"t": "open"}
    panel.after_cell(result("# t", AssertionError()))
    assert panel.ran == {"t": "failed"}
    panel.after_cell(result("# t"))
    assert panel.ran == {"t": "passed"}
    assert "1 of 1 exercises done" in drawn[-1]
    panel.after_cell(result("# a new answer", cell_id="f"))
    assert panel.ran == {"t": "open"}
    assert "0 of 1 exercises done" in drawn[-1]


def test_the_picture_shows_names_as_text_and_never_as_markup() -> None:
    shown = picture(read_progress(notebook(cell("<script>alert(1)</script>", 1), cell("t", 2, points=1))))
    assert "<script>" not in shown
    assert "&lt;script&gt;" in shown


def test_a_notebook_of_nothing_shows_nought_of_nought() -> None:
    assert "0 of 0 points" in picture(read_progress(notebook()))


def test_in_a_real_kernel_the_saved_panel_says_what_ran_after_it(tmp_path: Path) -> None:
    source = "from course.progress_panel import show_progress\nshow_progress()"
    found = notebook(
        {"cell_type": "code", "id": "p", "metadata": {}, "outputs": [], "execution_count": None, "source": source},
        {**cell("f"), "source": "def f(): return 1"},
        {**cell("t", points=2), "source": "assert f() == 1"},
        {**cell("g"), "source": "def g(): raise NotImplementedError"},
        {**cell("u", points=2), "source": "g()"},
    )
    path = tmp_path / "ch01.ipynb"
    path.write_text(json.dumps(found), encoding="utf-8")
    ran = nbformat.read(path, as_version=4)
    NotebookClient(ran, timeout=120, allow_errors=True, resources={"metadata": {"path": str(tmp_path)}}).execute()
    shown = ran.cells[0].outputs[0]["data"]["text/html"]
    assert "1 of 2 exercises done" in shown
    assert "2 of 4 points possible" in shown


def test_while_nbgrader_grades_and_outside_a_notebook_nothing_is_shown() -> None:
    code = "from course.progress_panel import show_progress; show_progress()"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (run.stdout, run.stderr) == ("", "")
