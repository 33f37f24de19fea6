"""What a notebook's cell is, by the marks that nbgrader puts into its metadata."""

from nbformat import NotebookNode


def is_automatic_test(cell: NotebookNode) -> bool:
    """Whether points depend on the cell's run."""
    mark = cell.metadata.get("nbgrader", {})
    return bool(cell.cell_type == "code" and mark.get("grade") and not mark.get("solution"))


def is_test(cell: NotebookNode) -> bool:
    """Whether points depend on the cell's run: a learner's tag must not spare it."""
    mark = cell.metadata.get("nbgrader", {})
    return bool(mark.get("grade") and mark.get("locked"))


def is_given(cell: NotebookNode) -> bool:
    """Whether the cell is the course's own and no test."""
    mark = cell.metadata.get("nbgrader", {})
    return bool(mark.get("locked") and not mark.get("grade"))


def is_solution(cell: NotebookNode) -> bool:
    """Whether the cell is a learner's answer."""
    return bool(cell.metadata.get("nbgrader", {}).get("solution"))
