"""When the course mends a test after handing it out: who is graded anew, and is nobody blamed for it?"""

import json
import subprocess
from pathlib import Path

import nbformat
import pytest
from mini_course import COMMAND, SQUARE, Course
from nbgrader.utils import compute_checksum
from test_batch import hand_in

from autograde.grading.repair.cells import Cell, as_released
from autograde.grading.repair.repair import repair

OLD = next(line for line in SQUARE.splitlines(keepends=True) if line.startswith("assert square(2) == 4"))
MENDED = {
    "changed": OLD.replace("square(3) == 9", "square(4) == 16") + OLD,
    "points": OLD,
}


@pytest.mark.parametrize("how", MENDED)
def test_a_mended_test_blames_nobody(built: Path, course: Course, how: str) -> None:
    for student in ("ada", "bob"):
        hand_in(built, student)
    vandal = built / "gradebook" / "submitted" / "vandal" / "ch91" / "ch91.ipynb"
    hand_in(built, "vandal")
    vandal.write_text(vandal.read_text().replace("square(2) == 4", "True"))
    assert course("grade", "ch91", cwd=built).returncode == 0
    text = built / "notebooks" / "ch91_mini.py"
    mended = SQUARE.replace(OLD, MENDED[how])
    text.write_text(mended.replace("points=2", "points=3") if how == "points" else mended, encoding="utf-8")
    subprocess.run([*COMMAND, "build"], cwd=built, capture_output=True, timeout=120, check=True)
    again = course("grade", "ch91", cwd=built)
    assert again.returncode == 0
    if how != "points":
        assert "3 were graded with older tests; add --force to grade them again" in again.stderr
    run = course("grade", "ch91", "--force", "--json", "out.json", cwd=built)
    assert run.returncode == 0, run.stderr
    assert "older tests" not in run.stderr + course("grade", "ch91", cwd=built).stderr
    rows = {row["student"]: row for row in json.loads((built / "out.json").read_text())}
    for student in ("ada", "bob"):
        codes = {reason["code"] for reason in rows[student]["reasons"]}
        assert rows[student]["score"] == rows[student]["maximum"]
        assert (rows[student]["status"], codes) == ("graded", {"earlier-release"})
    assert rows["vandal"]["status"] == "repaired"
    if how == "changed":
        assert course("feedback", "ch91", cwd=built).returncode == 0
        page = (built / "gradebook" / "feedback" / "ada" / "ch91" / "ch91.html").read_text(encoding="utf-8")
        assert "earlier release" not in page
        assert "not quite as" not in page


def test_a_cell_as_released_is_known_by_nbgraders_checksum(built: Path) -> None:
    nb = nbformat.read(built / "release" / "en" / "ch91" / "ch91.ipynb", as_version=4)
    for cell in nb.cells:
        marks = cell.metadata.get("nbgrader")
        if marks:
            assert marks["checksum"] == compute_checksum(cell)
            assert as_released(Cell(cell.cell_type, cell.source, dict(cell.metadata))) is not marks["solution"]
            assert not as_released(Cell(cell.cell_type, cell.source + " ", dict(cell.metadata)))


def test_cells_that_the_course_took_out_added_and_changed_are_told_neutrally() -> None:
    def locked(name: str, source: str) -> nbformat.NotebookNode:
        marks = {"grade_id": name, "grade": True, "locked": True, "solution": False, "points": 1, "schema_version": 3}
        cell = nbformat.v4.new_code_cell(source, id=name, metadata={"nbgrader": {**marks, "task": False}})
        cell.metadata["nbgrader"]["checksum"] = compute_checksum(cell)
        return cell

    def answer(stub: str) -> nbformat.NotebookNode:
        marks = {"grade_id": "a", "grade": False, "locked": False, "solution": True, "schema_version": 3, "task": False}
        cell = nbformat.v4.new_code_cell(stub, id="a", metadata={"nbgrader": marks})
        cell.metadata["nbgrader"]["checksum"] = compute_checksum(cell)
        return cell

    old = nbformat.v4.new_notebook(
        cells=[answer("x = None"), locked("b", "assert x == 1"), locked("c", "assert x > 0")]
    )
    new = nbformat.v4.new_notebook(
        cells=[answer("x = ...  # here"), locked("b", "assert x == 1.0"), locked("d", "assert x < 2")]
    )
    old.cells[0].source = "x = 1"
    found = repair(nbformat.writes(old).encode(), [nbformat.writes(new).encode()])
    assert (found.repairs, found.review) == ((), ())
    (note,) = found.notes
    assert set(note.cells) == {"b", "c", "d"}
    assert [cell.source for cell in found.notebook.cells][:2] == ["x = 1", "assert x == 1.0"]
