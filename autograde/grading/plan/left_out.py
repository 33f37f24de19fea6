"""What answers need of cells that are not run when work is graded. Pure."""

from collections.abc import Callable, Iterator, Sequence

from nbformat import NotebookNode

from autograde.grading.plan.cell_names import names_used
from autograde.grading.plan.marks import is_solution, is_test

Place = tuple[NotebookNode, int]
"""A cell and its index in the notebook."""


def needs_left_out(
    cells: Sequence[NotebookNode], left_out: Callable[[NotebookNode], bool]
) -> Iterator[tuple[Place, str, Place]]:
    """Yield each answer with a name that, above it, only cells that are left out assign, and the last of these cells."""
    code = [(cell, index) for index, cell in enumerate(cells) if cell.cell_type == "code" and not is_test(cell)]
    if not any(left_out(cell) for cell, _ in code):
        return
    there, elsewhere = set[str](), dict[str, Place]()
    for place in code:
        names = names_used(place[0].source)
        if left_out(place[0]):
            elsewhere |= dict.fromkeys(names.assigned, place)
            continue
        there |= names.assigned
        if is_solution(place[0]):
            for name in sorted(names.loaded & elsewhere.keys() - there):
                yield place, name, elsewhere[name]
