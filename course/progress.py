"""A learner's progress in a chapter, read from the notebook itself; nothing is sent anywhere.

``python -m course.progress FOLDER`` prints the progress of every chapter in a folder as JSON, which
``course lab`` shows on its welcome page; :mod:`course.progress_panel` shows it inside a notebook.
"""

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from course.checks import UNANSWERED, State, state_of


@dataclass(frozen=True)
class Check:
    """A public test of an exercise: its grade id, its points and its latest state."""

    id: str
    points: float
    state: State


@dataclass(frozen=True)
class Exercise:
    """A solution cell with the tests that follow it."""

    id: str
    checks: tuple[Check, ...]

    @property
    def state(self) -> State:
        """``passed`` when every check passes, ``failed`` when one fails, else ``open``."""
        states = {check.state for check in self.checks}
        if states == {"passed"}:
            return "passed"
        return "failed" if "failed" in states else "open"


@dataclass(frozen=True)
class Progress:
    """The exercises of one notebook, in order.

    Points are *possible*, not earned: hidden tests decide after handing in.
    """

    exercises: tuple[Exercise, ...]

    @property
    def checks(self) -> tuple[Check, ...]:
        """Every public check of the notebook."""
        return tuple(check for exercise in self.exercises for check in exercise.checks)

    @property
    def done(self) -> int:
        """Number of exercises whose checks all pass."""
        return sum(exercise.state == "passed" for exercise in self.exercises)

    @property
    def passing(self) -> int:
        """Number of checks that pass."""
        return sum(check.state == "passed" for check in self.checks)

    @property
    def possible(self) -> float:
        """Points of the checks that pass."""
        return sum(check.points for check in self.checks if check.state == "passed")

    @property
    def points(self) -> float:
        """Points of all checks."""
        return sum(check.points for check in self.checks)

    def numbers(self) -> dict[str, float]:
        """The numbers of the summary, for JSON."""
        return {
            "done": self.done,
            "exercises": len(self.exercises),
            "passing": self.passing,
            "checks": len(self.checks),
            "possible": self.possible,
            "points": self.points,
        }


def read_progress(notebook: Mapping[str, Any], ran: Mapping[str, State] | None = None) -> Progress:
    """Return the progress that a notebook shows.

    Args:
        notebook: the notebook's JSON, any nbformat 4, with nbgrader's metadata; other content is
            ignored.
        ran: grade id of a test → its state in the running kernel; it takes precedence over saved
            outputs.
    """
    exercises: list[tuple[str, list[Check]]] = []
    answered: int | None = None  # when the last solution cell ran
    for cell in notebook.get("cells", []):
        known = nbgrader_of(cell)
        if known.get("solution") and not known.get("grade"):
            exercises.append((str(known.get("grade_id", "")), []))
            answered = cell.get("execution_count")
        elif known.get("grade") and not known.get("solution") and exercises:
            name = str(known.get("grade_id", ""))
            state = (ran or {}).get(name) or _saved_state(cell, answered)
            exercises[-1][1].append(Check(name, _number(known.get("points")), state))
    return Progress(tuple(Exercise(name, tuple(checks)) for name, checks in exercises if checks))


def nbgrader_of(cell: Mapping[str, Any]) -> Mapping[str, Any]:
    """The cell's nbgrader metadata; empty if missing or damaged."""
    metadata = cell.get("metadata")
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, Mapping) else None
    return nbgrader if isinstance(nbgrader, Mapping) else {}


def _saved_state(cell: Mapping[str, Any], answered: int | None) -> State:
    ran = cell.get("execution_count")
    if ran is None or (answered is not None and answered > ran):
        return "open"
    for output in cell.get("outputs") or ():
        if output.get("output_type") == "error":
            return "open" if output.get("ename") == UNANSWERED else "failed"
        if state := state_of(output):
            return state
    return "passed"


def _number(points: Any) -> float:
    return float(points) if isinstance(points, int | float) and not isinstance(points, bool) else 0.0


def progress_below(folder: Path) -> dict[str, dict[str, float]]:
    """Return ``{"ch01/ch01.ipynb": {"done": 2, …}}`` for every notebook in a subfolder of ``folder``.

    A notebook that is damaged, or is just being written, is left out.
    """
    numbers = {}
    for path in sorted(folder.glob("*/*.ipynb")):
        try:
            progress = read_progress(json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, AttributeError, TypeError):
            continue
        if progress.exercises:
            numbers[path.relative_to(folder).as_posix()] = progress.numbers()
    return numbers


if __name__ == "__main__":
    json.dump(progress_below(Path(sys.argv[1])), sys.stdout)
