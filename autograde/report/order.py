"""The order of a chapter's cells, which only the notebooks have, not the gradebook."""

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from autograde.certify.decide.grades import Cell

Order = Mapping[tuple[str, str, str], int]
"""Place of a graded cell in its notebook, by (assignment, notebook, grade id)."""


def read_order(root: Path, assignments: Iterable[str]) -> Order:
    """The order of the cells of `assignments`, from the notebooks in ``source/``, else from those
    in ``release/``.

    What cannot be read has no place; :func:`sorting_key` sorts it last.
    """
    order: dict[tuple[str, str, str], int] = {}
    for assignment in assignments:
        for folder in (root / "source", *sorted((root / "release").glob("*"))):
            for path in sorted((folder / assignment).glob("*.ipynb")):
                for place, grade_id in enumerate(_grade_ids(path)):
                    order.setdefault((assignment, path.stem, grade_id), place)
    return order


def sorting_key(cell: Cell, order: Order) -> tuple[str, float, list[tuple[int, str]]]:
    """Sort key of `cell`: its notebook, its place there, its name with numbers compared as numbers."""
    place = order.get((cell.assignment, cell.notebook, cell.cell), float("inf"))
    parts = re.findall(r"\d+|\D+", cell.cell)
    return cell.notebook, place, [(int(part), "") if part.isdecimal() else (-1, part) for part in parts]


def _grade_ids(path: Path) -> list[str]:
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        return [str(mark["grade_id"]) for cell in cells if (mark := cell["metadata"].get("nbgrader"))]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return []
