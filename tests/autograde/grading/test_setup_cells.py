"""A setup cell runs on both sides; where it fails on the learner's only, a person looks."""

from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograde.grading.examined import ExaminedExecute
from autograde.grading.kernels.templates import Template
from autograde.grading.plan.roles import PlannedCell

SETUP, TEST = "import math\nhalf = math.floor(3.5)", "assert one() == 1"


@pytest.fixture(scope="module")
def template() -> Any:
    with Template() as one:
        yield one


def run(template: Template, folder: Any, answer: str, setup: str = SETUP) -> ExaminedExecute:
    mark = {"schema_version": 3, "locked": True, "solution": False}
    cells = [
        new_code_cell(answer, metadata={"nbgrader": {"grade_id": "answer", "solution": True}}),
        new_code_cell(setup, metadata={"nbgrader": {**mark, "grade_id": "setup", "grade": False}}),
        new_code_cell(TEST, metadata={"nbgrader": {**mark, "grade_id": "test", "grade": True, "points": 1}}),
    ]
    plan = {
        "answer": PlannedCell("answer", "solution", "def one(): return 1"),
        "setup": PlannedCell("setup", "setup", setup),
        "test": PlannedCell("test", "test", TEST, 1.0, frozenset({"one"})),
    }
    step = ExaminedExecute(template=template.address, allow_errors=True, plan=plan)
    nb: nbformat.NotebookNode = new_notebook(cells=cells)
    nb.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    step.preprocess(nb, {"metadata": {"path": str(folder)}})
    return step


def test_a_setup_cell_that_works_is_no_reason(template: Template, tmp_path: Any) -> None:
    step = run(template, tmp_path, "def one(): return 1")
    assert (step.faults, step.reasons, step.verdicts["test"]["score"]) == ([], [], 1.0)


def test_one_that_fails_on_the_learners_side_only_asks_for_a_person(template: Template, tmp_path: Any) -> None:
    step = run(template, tmp_path, "import math\ndef one(): return 1\ndel math.floor")
    (fault,) = step.faults
    assert fault.code == "setup-failed"
    assert "AttributeError" in fault.en
    assert "setup" in fault.zh
    assert step.verdicts["test"]["score"] == 1.0


def test_one_that_fails_on_both_sides_is_the_courses_fault_alone(template: Template, tmp_path: Any) -> None:
    step = run(template, tmp_path, "def one(): return 1", setup="import nowhere_to_be_found")
    assert [fault.code for fault in step.faults] == ["setup-fault"]


def test_a_kernel_that_died_is_its_own_reason(template: Template, tmp_path: Any) -> None:
    step = run(template, tmp_path, "import os; os._exit(3)")
    assert (step.faults, [reason.code for reason in step.reasons]) == ([], ["kernel-died", "not-examined"])
