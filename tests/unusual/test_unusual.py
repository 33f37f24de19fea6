"""Does an honest answer get full points and no flag, however it is written?"""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from mini_course import COMMAND, write_course

from unusual import CHAPTER, MAXIMUM, WAYS

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform != "linux", reason="the examiner runs on Linux only")]
TIMEOUT = 10  # seconds for a cell


@pytest.fixture(scope="module")
def rows(
    tmp_path_factory: pytest.TempPathFactory, programs_of_this_environment: None
) -> Iterator[dict[str, dict[str, Any]]]:
    """The rows of one batch of all ways."""
    folder = tmp_path_factory.mktemp("unusual")
    root = write_course(folder / "course", ch91=CHAPTER)
    with (root / "nbgrader_config.py").open("a", encoding="utf-8") as config:
        config.write(f"\nc.Execute.timeout = {TIMEOUT}\n")
    subprocess.run([*COMMAND, "build"], cwd=root, capture_output=True, timeout=120, check=True)
    for student, (square, mean) in WAYS.items():
        hand_in(root, student, {"square": square, "mean": mean})
    words = ["grade", "ch91", "--jobs", "2", "--isolation", "examiner", "--json", str(folder / "out.json")]
    run = subprocess.run([*COMMAND, *words], cwd=root, capture_output=True, text=True, timeout=600, check=False)
    assert run.stderr == ""
    yield {row["student"]: row for row in json.loads((folder / "out.json").read_text(encoding="utf-8"))}
    shutil.rmtree(folder, ignore_errors=True)


def hand_in(root: Path, student: str, answers: dict[str, str]) -> None:
    folder = root / "gradebook" / "submitted" / student / "ch91"
    folder.mkdir(parents=True)
    notebook = nbformat.read(root / "release" / "en" / "ch91" / "ch91.ipynb", as_version=4)
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        cell.source = answers.get(name, cell.source)
    nbformat.write(notebook, folder / "ch91.ipynb")


@pytest.mark.parametrize("student", WAYS)
def test_an_unusual_honest_answer_gets_full_points_and_no_flag(rows: dict[str, dict[str, Any]], student: str) -> None:
    if student == "windows-and-tabs":  # line ends are mended, and that is said
        assert {reason["code"] for reason in rows[student]["reasons"]} <= {"whitespace-mended"}
    else:
        assert (rows[student]["status"], rows[student]["reasons"]) == ("graded", [])
    scores = {cell["grade_id"]: cell["score"] for one in rows[student]["notebooks"] for cell in one["cells"]}
    assert scores == MAXIMUM
