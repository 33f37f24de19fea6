"""Convert a chapter to an nbgrader source notebook with answers and both languages. Pure."""

import ast
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograde.authoring.cell import EXPLORE, LANGUAGES, Cell
from autograde.authoring.chapter import Chapter

METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python", "file_extension": ".py", "mimetype": "text/x-python"},
}

SPEAK = """\
# The language of this notebook
from course.language import speak

speak("{lang}")"""
"""The first code cell of every edition, and the only one that differs between them."""

LEFT_OUT = "skip-execution"
"""The tag of cells that nbclient, and so nbgrader, does not execute; JupyterLab and Colab do."""

START = """\
# Run this cell first: from here on each test answers in one line.
from course.checks import answer_in_one_line
from course.language import say

answer_in_one_line()"""
"""The next one. Cells below call ``say``, also where the tests run."""


def source_notebook(chapter: Chapter) -> nbformat.NotebookNode:
    """Return the chapter as an nbgrader source notebook (nbformat 4.5, nbgrader metadata schema 3).

    The cell id equals the grade_id. The language of prose, and of the cells that name it, is in
    ``metadata.course.lang``; :class:`autograde.authoring.release.SelectLanguage` keeps one language
    in each edition.
    """
    cells = [_cell(cell) for cell in chapter.cells]
    first = next((index for index, cell in enumerate(cells) if cell.cell_type == "code"), len(cells))
    start = _cell(Cell(f"{chapter.name}-start", "setup", START, line=1))
    cells[first:first] = [*(_language(chapter.name, lang) for lang in LANGUAGES), start]
    notebook: nbformat.NotebookNode = new_notebook(cells=cells, metadata=METADATA)
    return notebook


def release_text(notebook: nbformat.NotebookNode) -> str:
    """Return a notebook's JSON text, the same bytes for the same notebook."""
    return str(nbformat.writes(notebook, version=nbformat.NO_CONVERT)) + "\n"


def _language(chapter: str, lang: str) -> nbformat.NotebookNode:
    """The collapsed cell that names the language; without nbgrader's metadata, so grading takes it for a free cell."""
    metadata = {"course": {"lang": lang, "role": "free"}, "jupyter": {"source_hidden": True}, "cellView": "form"}
    cell_id = _twin_id(f"{chapter}-language", lang)
    code: nbformat.NotebookNode = new_code_cell(SPEAK.format(lang=lang), id=cell_id, metadata=metadata)
    return code


def _twin_id(cell_id: str, lang: str | None) -> str:
    """An id for one of two twins: nbformat requires unique ids, and a source notebook has both."""
    return cell_id if lang == LANGUAGES[0] else f"{cell_id}-{lang}"


def _cell(cell: Cell) -> nbformat.NotebookNode:
    if cell.role == "prose":
        prose: nbformat.NotebookNode = new_markdown_cell(
            cell.source, id=_twin_id(cell.id, cell.lang), metadata={"course": {"lang": cell.lang}}
        )
        return prose
    source = cell.source
    metadata: dict[str, Any] = {"course": {"role": cell.role}}
    if cell.role != "free":
        metadata["nbgrader"] = _nbgrader(cell)
    if cell.demo:
        metadata["tags"] = [LEFT_OUT]
    if cell.role == "test":
        # course.checks recognises a test by this line, and learners see its points
        source = f"# Test {cell.id} ({cell.points:g} point{'' if cell.points == 1 else 's'})\n{source}"
    if cell.role in ("setup", "given", "test"):
        metadata |= {"deletable": False, "editable": False}
    if (cell.role == "free" and _is_figure(cell.source)) or (cell.role == "setup" and _defines(cell.source)):
        # JupyterLab and Colab show the figure and collapse its code, which gives away the prediction. Helpers are
        # collapsed too, since learners need not read them.
        metadata |= {"jupyter": {"source_hidden": True}, "cellView": "form"}
    code: nbformat.NotebookNode = new_code_cell(source, id=cell.id, metadata=metadata)
    return code


def _is_figure(source: str) -> bool:
    """Whether the cell only shows interactive figures, apart from imports and names for their texts."""
    statements = [node for node in ast.parse(source).body if not isinstance(node, ast.Import | ast.ImportFrom)]
    shown = [node for node in statements if isinstance(node, ast.Expr) and _calls(node.value, *EXPLORE)]
    texts = [node for node in statements if isinstance(node, ast.Assign) and _is_text(node.value)]
    return bool(shown) and len(shown) + len(texts) == len(statements)


def _is_text(value: ast.expr) -> bool:
    """Whether an expression is made of calls of ``say`` and literals alone."""
    parts = list(ast.walk(value))
    calls = [part for part in parts if isinstance(part, ast.Call)]
    names = [part for part in parts if isinstance(part, ast.Name)]
    return bool(calls) and all(_calls(call, "say") for call in calls) and all(name.id == "say" for name in names)


def _calls(node: ast.expr, *names: str) -> bool:
    return isinstance(node, ast.Call) and getattr(node.func, "id", "") in names


def _defines(source: str) -> bool:
    """Whether the cell defines functions or classes, which the tests and cells below use."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return any(isinstance(node, kinds) for node in ast.parse(source).body)


def _nbgrader(cell: Cell) -> dict[str, Any]:
    settings: dict[str, Any] = {
        "schema_version": 3,
        "grade_id": cell.id,
        "grade": cell.role == "test",
        "solution": cell.role == "solution",
        "locked": cell.role != "solution",
        "task": False,
    }
    if cell.role == "test":
        settings["points"] = cell.points
    return settings
