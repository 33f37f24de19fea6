"""The course's own notebook as the examiner follows it: layout of the release, tests of the gradebook, answers of `source/`.

What ``nbgrader generate_assignment`` made of a cell (AUTOTEST, a header, a course's own preprocessors) stands in the
gradebook and in the release. `source/` alone has the reference answers, which say what names a learner is to define.
"""

from collections.abc import Collection, Mapping
from typing import Any, Protocol

from autograde.grading.plan.roles import PlannedCell, plan_cells


class KnownCell(Protocol):
    """A cell as the gradebook has it: its type, its text (hidden tests included, answers taken out), its points."""

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
        release: the released one; without one, the source says where the cells stand.
        known: the gradebook's cells by grade_id.
        graded, answered: those of them that have points, and those that a learner fills in.
    """
    references = {name: "".join(cell["source"]) for cell in source["cells"] if (name := _name(cell))}
    cells: list[dict[str, Any]] = []
    waiting = dict(known)
    for cell in (release or source)["cells"]:
        kept = waiting.pop(_name(cell), None)
        cells.append(_as_known(cell, kept, references, graded, answered) if kept else cell)
    left_over = ({"metadata": {"nbgrader": {"grade_id": name}}} for name in waiting)  # of a release that is older
    cells += (_as_known(cell, waiting[_name(cell)], references, graded, answered) for cell in left_over)
    return plan_cells({"cells": cells})


def _name(cell: Mapping[str, Any]) -> str:
    return str(cell["metadata"].get("nbgrader", {}).get("grade_id", ""))


def _as_known(
    cell: Mapping[str, Any],
    kept: KnownCell,
    references: Mapping[str, str],
    graded: Collection[str],
    answered: Collection[str],
) -> dict[str, Any]:
    """A cell with the gradebook's word on it; an answer as the source has it."""
    name = _name(cell)
    flags = {"grade_id": name, "grade": name in graded, "solution": name in answered, "points": kept.max_score}
    text = references.get(name, kept.source) if name in answered else kept.source
    return {
        "cell_type": kept.cell_type,
        "source": text,
        "metadata": {**cell["metadata"], "nbgrader": flags, "no_reference": text.strip() == kept.source.strip()},
    }
