"""The course's notebook for the examiner: the release's layout, the gradebook's tests, `source/`'s
answers.

The gradebook and the release have what ``nbgrader generate_assignment`` made of a cell (AUTOTEST, a
header, a course's own preprocessors). Only `source/` has the reference answers, which tell what
names a learner has to define.
"""

from collections.abc import Collection, Mapping
from typing import Any, Protocol

from autograde.grading.plan.roles import PlannedCell, plan_cells


class KnownCell(Protocol):
    """A cell in the gradebook: its type, source (with hidden tests, without answers) and points."""

    @property
    def cell_type(self) -> str: ...
    @property
    def source(self) -> str: ...
    @property
    def max_score(self) -> float: ...


def plan_notebook(
    source: Mapping[str, Any],
    release: Mapping[str, Any] | None,
    known: Mapping[str, KnownCell],
    graded: Collection[str],
    answered: Collection[str],
) -> tuple[PlannedCell, ...]:
    """Return the plan of one notebook (:func:`autograde.grading.plan.roles.plan_cells`).

    Args:
        source: the source notebook.
        release: the released one; without one, the source gives the order of cells.
        known: the gradebook's cells by grade_id.
        graded, answered: the cells that have points, and those that a learner fills in.
    """
    references = {name: "".join(cell["source"]) for cell in source["cells"] if (name := _name(cell))}
    cells: list[dict[str, Any]] = []
    waiting = dict(known)
    for cell in (release or source)["cells"]:
        gradebook_cell = waiting.pop(_name(cell), None)
        cells.append(_as_known(cell, gradebook_cell, references, graded, answered) if gradebook_cell else cell)
    left_over = ({"metadata": {"nbgrader": {"grade_id": name}}} for name in waiting)  # from an older release
    cells += (_as_known(cell, waiting[_name(cell)], references, graded, answered) for cell in left_over)
    return plan_cells({"cells": cells})


def _name(cell: Mapping[str, Any]) -> str:
    return str(cell["metadata"].get("nbgrader", {}).get("grade_id", ""))


def _as_known(
    cell: Mapping[str, Any],
    gradebook_cell: KnownCell,
    references: Mapping[str, str],
    graded: Collection[str],
    answered: Collection[str],
) -> dict[str, Any]:
    """A cell with the gradebook's content; an answer with the source's."""
    name = _name(cell)
    flags = {
        "grade_id": name,
        "grade": name in graded,
        "solution": name in answered,
        "points": gradebook_cell.max_score,
    }
    text = references.get(name, gradebook_cell.source) if name in answered else gradebook_cell.source
    return {
        "cell_type": gradebook_cell.cell_type,
        "source": text,
        "metadata": {
            **cell["metadata"],
            "nbgrader": flags,
            "no_reference": text.strip() == gradebook_cell.source.strip(),
        },
    }
