"""Which cells a person has to check, and the comments beside them in the formgrader."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from nbformat import NotebookNode

from autograde.grading.reasons.faults import PLAIN
from autograde.grading.reasons.reason import Reason


@dataclass(frozen=True)
class Review:
    """What waits for a person in one notebook.

    Attributes:
        cells: grade_ids of graded cells; None for all of them.
        comments: why, by grade_id of an answer or a task.
    """

    cells: frozenset[str] | None = frozenset()
    comments: Mapping[str, str] = field(default_factory=dict)

    def asks_for(self, cell: str) -> bool:
        """Whether a person has to check a graded cell."""
        return self.cells is None or cell in self.cells


def review_of(nb: NotebookNode, reasons: Iterable[Reason]) -> Review:
    """Return which graded cells the reasons put in doubt.

    A reason names cells. An answer puts its tests in doubt: those before the next answer. A cell
    that is neither graded nor an answer puts all graded cells after it in doubt. A reason that
    names no cell, or none that leads to a graded one, concerns the whole notebook.
    """
    doubted: set[str] | None = set()
    comments: dict[str, list[str]] = {}
    answers = [name for cell in nb.cells if (name := _name(cell)) and _is(cell, "solution", "task")]
    for reason in reasons:
        graded = {cell for name in reason.cells for cell in _in_doubt(nb, name)}
        doubted = None if doubted is None or not graded else doubted | graded
        for place in _places(nb, graded) or answers[:1]:
            en, zh = PLAIN.get(reason.code, (reason.en, reason.zh))
            text = f"{en} / {zh}".format(cells=", ".join(reason.cells)) if reason.code in PLAIN else f"{en} / {zh}"
            comments.setdefault(place, []).append(text)
    return Review(
        None if doubted is None else frozenset(doubted),
        {name: "\n".join(dict.fromkeys(texts)) for name, texts in comments.items()},
    )


def _in_doubt(nb: NotebookNode, name: str) -> list[str]:
    """The graded cells that depend on a cell."""
    place = next((at for at, cell in enumerate(nb.cells) if _name(cell) == name), None)
    if place is None:
        return []
    cell, after = nb.cells[place], nb.cells[place + 1 :]
    if _is(cell, "grade", "task"):
        return [name]
    if _is(cell, "solution"):
        end = next((at for at, other in enumerate(after) if _is(other, "solution")), len(after))
        after = after[:end]
    return [_name(other) for other in after if _is(other, "grade", "task")]


def _places(nb: NotebookNode, graded: set[str]) -> list[str]:
    """The answers and tasks that the graded cells belong to, where comments go."""
    places, last = {}, ""
    for cell in nb.cells:
        if _is(cell, "solution", "task"):
            last = _name(cell)
        if last and _name(cell) in graded:
            places[last] = True
    return list(places)


def _name(cell: NotebookNode) -> str:
    return str(cell.metadata.get("nbgrader", {}).get("grade_id", ""))


def _is(cell: NotebookNode, *marks: str) -> bool:
    return any(cell.metadata.get("nbgrader", {}).get(mark) for mark in marks)
