"""Does every solved release run from top to bottom in a fresh kernel, figures and widgets included?

The gate grades the same notebooks with nbgrader, where figures are left out; here they are drawn.
"""

from pathlib import Path

import pytest
from nbclient import NotebookClient

from autograde.authoring.release import read_chapters
from autograde.authoring.stock import solved
from autograde.settings.course_folder import CourseFolder
from course.checks import state_of

pytestmark = pytest.mark.thorough

REPOSITORY = Path(__file__).parents[2]
COURSE = CourseFolder.open(REPOSITORY)


@pytest.mark.slow
@pytest.mark.parametrize("name", COURSE.assignments)
def test_a_solved_release_runs_without_error_or_warning(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)  # while nbgrader executes, no figure is drawn
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))  # no MNIST there, so chapter 4 waits for no download
    (chapter,) = read_chapters(COURSE, [name])
    notebook = solved(REPOSITORY / "release" / "en" / name / f"{name}.ipynb", chapter)
    for cell in notebook.cells:  # a learner runs the demos, too, which graders leave out
        cell.metadata.tags = [tag for tag in cell.metadata.get("tags", []) if tag != "skip-execution"]
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(tmp_path)}}).execute()
    outputs = [(cell, output) for cell in notebook.cells for output in cell.get("outputs", [])]
    assert [(cell.id, output.text) for cell, output in outputs if output.get("name") == "stderr"] == []
    said = {
        cell.id: state for cell, output in outputs if (state := state_of(output))
    }  # outside nbgrader no test raises
    assert said == {test.id: "passed" for exercise in chapter.exercises for test in exercise.tests}
    drawn = {
        cell.id for cell, output in outputs if "application/vnd.jupyter.widget-view+json" in output.get("data", {})
    }
    figures = {cell.id for cell in notebook.cells if cell.cell_type == "code" and "explore(\n" in cell.source}
    assert figures
    assert figures <= drawn
