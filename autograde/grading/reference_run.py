"""Grades the course's own answer first: a test that it passes only in one process cannot cross the
wire.

For other people's courses; our chapters prove their tests with their banks (``course check``).
"""

import json
from dataclasses import replace

from autograde.grading.assignment import Assignment, ReleasedNotebook
from autograde.grading.grade_one import grade
from autograde.grading.submission import Outcome, Submission
from autograde.settings.grading import EXAMINER, SHARED


def tried(assignment: Assignment, template: str = "") -> Assignment:
    """Return the assignment with the findings of a reference run
    (:attr:`.roles.PlannedCell.beyond`).

    Args:
        template: see :func:`autograde.grading.grade_one.grade`.
    """
    answers = {name: text for name, one in assignment.notebooks.items() if (text := _reference(one))}
    if assignment.isolation != EXAMINER or not answers:
        return assignment
    submission = Submission("", assignment.name, {f"{name}.ipynb": text for name, text in answers.items()})
    here = _tests(grade(submission, assignment, template), assignment)
    plans = {name: dict(one.plan) for name, one in assignment.notebooks.items()}
    short = {key: score for key, score in here.items() if score is None or score < plans[key[0]][key[1]].points}
    if not short:
        return assignment
    there = _tests(grade(submission, replace(assignment, isolation=SHARED), template), assignment)
    for (name, test), score in short.items():
        cell = plans[name][test]
        if there.get((name, test)) == cell.points and not cell.beyond:
            finding = f"the course's own answer earns {score or 0:g} of {cell.points:g} points here and all of them with shared"
            plans[name][test] = replace(cell, beyond=finding)
    notebooks = {name: replace(one, plan=plans[name]) for name, one in assignment.notebooks.items()}
    return replace(assignment, notebooks=notebooks)


def _reference(notebook: ReleasedNotebook) -> bytes | None:
    """The released notebook with the course's answers.

    None for one of ours, or if it would tell nothing.
    """
    if not notebook.releases or not notebook.tests:
        return None
    content = json.loads(notebook.releases[0])
    for cell in content["cells"]:
        if "course" in cell["metadata"]:
            return None
        planned = notebook.plan.get(cell["metadata"].get("nbgrader", {}).get("grade_id", ""))
        if planned and planned.role == "solution":
            cell["source"] = planned.source
    return json.dumps(content).encode()


def _tests(outcome: Outcome, assignment: Assignment) -> dict[tuple[str, str], float | None]:
    """(notebook, test) → its points."""
    return {
        (graded.name, score.grade_id): score.score
        for graded in outcome.notebooks
        for score in graded.scores
        if (planned := assignment.notebooks[graded.name].plan.get(score.grade_id)) and planned.role == "test"
    }
