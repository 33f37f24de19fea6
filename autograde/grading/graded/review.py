"""Which cells a person has to look at, and what stands beside them in the formgrader."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from nbformat import NotebookNode

from autograde.grading.reasons.reason import Reason

# what learners may read of reasons that hold details for a course's authors; a comment reaches learners too
_PLAIN = {
    "test-fault": ("The check {cells} did not work as meant.", "检查 {cells} 本身有问题。"),
    "setup-fault": (
        "The course's cell {cells} failed where the checks run.",
        "课程单元 {cells} 在运行检查的进程中出错。",
    ),
}


@dataclass(frozen=True)
class Review:
    """What waits for a person in one notebook.

    Attributes:
        cells: grade_ids of graded cells; None for all of them.
        comments: by grade_id of an answer or a task, why.
    """

    cells: frozenset[str] | None = frozenset()
    comments: Mapping[str, str] = field(default_factory=dict)

    def asks_for(self, cell: str) -> bool:
        """Whether a person has to look at a graded cell."""
        return self.cells is None or cell in self.cells


def review_of(nb: NotebookNode, reasons: Iterable[Reason]) -> Review:
    """Return which graded cells some reasons put in doubt.

    A reason names cells. Of an answer, its tests are in doubt: those between it and the next answer. Of a cell that is
    neither graded nor an answer, all after it. A reason that names none, or none that leads to a graded cell, is about
    the whole notebook.
    """
    doubted: set[str] | None = set()
    comments: dict[str, list[str]] = {}
    answers = [name for cell in nb.cells if (name := _name(cell)) and _is(cell, "solution", "task")]
    for reason in reasons:
        found = {one for name in reason.cells for one in _in_doubt(nb, name)}
        doubted = None if doubted is None or not found else doubted | found
        for place in _places(nb, found) or answers[:1]:
            en, zh = _PLAIN.get(reason.code, (reason.en, reason.zh))
            said = f"{en} / {zh}".format(cells=", ".join(reason.cells)) if reason.code in _PLAIN else f"{en} / {zh}"
            comments.setdefault(place, []).append(said)
    return Review(
        None if doubted is None else frozenset(doubted),
        {name: "\n".join(dict.fromkeys(said)) for name, said in comments.items()},
    )


def _in_doubt(nb: NotebookNode, name: str) -> list[str]:
    """The graded cells that a cell decides about."""
    place = next((at for at, cell in enumerate(nb.cells) if _name(cell) == name), None)
    if place is None:
        return []
    cell, after = nb.cells[place], nb.cells[place + 1 :]
    if _is(cell, "grade", "task"):
        return [name]
    if _is(cell, "solution"):
        end = next((at for at, one in enumerate(after) if _is(one, "solution")), len(after))
        after = after[:end]
    return [_name(one) for one in after if _is(one, "grade", "task")]


def _places(nb: NotebookNode, graded: set[str]) -> list[str]:
    """The answers and tasks to which some graded cells belong; a comment stands there."""
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
