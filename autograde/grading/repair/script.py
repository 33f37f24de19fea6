"""The cells of a notebook that was handed in as a script.

Programs write a notebook as Python in several ways: cells with a mark in front (``# %%`` of VS
Code, Spyder and jupytext, ``# In[3]:`` of nbconvert, ``# COMMAND ----------`` of Databricks,
``# +`` of jupytext's light format), or paragraphs alone, with prose as comments or as strings
(jupytext light and sphinx, Colab). A script that somebody wrote by hand is paragraphs, too.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from autograde.grading.repair.cells import Cell
from autograde.grading.repair.release import Release, ReleasedCell
from autograde.grading.repair.text import cut_block, parsed

_MARK = re.compile(
    r"^#[ \t]*(?:%%+(?P<words>.*)|(?P<nbconvert>In[ \t]?\[[\d ]*\]:)|(?P<databricks>COMMAND[ \t]-{5,})"
    r"|<(?P<old>code|markdown)cell>|(?P<light>[+-](?:[ \t]*(?:\{.*\}|tags=.*|\[.*\].*|\w+=.*)?)?))[ \t]*$",
    re.MULTILINE,
)
_HEADER = re.compile(r"\A(?:#!.*\n|#.*coding[:=].*\n|# Databricks notebook source\n|\s*\n|# ---\n(?:#.*\n)*?# ---\n)+")
_MAGIC = re.compile(r"^# MAGIC ?", re.MULTILINE)


def has_marks(text: str) -> bool:
    """Whether a script marks where its cells begin."""
    return any(match["light"] is None for match in _MARK.finditer(text))


def marked_cells(text: str) -> Iterator[Cell]:
    """The cells of a script that marks where they begin."""
    text = _HEADER.sub("", text, count=1)
    marks = [match for match in _MARK.finditer(text) if match["light"] is None]
    head = text[: marks[0].start()].strip() if marks else text
    if head and not all(line.startswith("#") or not line.strip() for line in head.split("\n")):
        yield Cell("code", head)
    for mark, following in pairwise([*marks, None]):
        assert mark is not None
        body = text[mark.end() : following.start() if following else len(text)].strip("\n").rstrip()
        words = (mark["words"] or "").strip()
        kind = "markdown" if words.startswith(("[markdown]", "[md]")) or mark["old"] == "markdown" else "code"
        kind = "raw" if words.startswith("[raw]") else kind
        if _MAGIC.match(body):
            body = _MAGIC.sub("", body)
            kind = "markdown" if body.startswith("%md") else "code"
            body = body.removeprefix("%md").strip() if kind == "markdown" else body
        elif kind != "code":
            body = _uncommented(body)
        if body:
            yield Cell(kind, body)


def paragraphs(text: str) -> list[Cell]:
    """The cells of a script without marks: top-level paragraphs.

    Lone comments and strings are prose.
    """
    text = _HEADER.sub("", text, count=1)
    light = [match for match in _MARK.finditer(text) if match["light"]]
    if not any(match["light"].startswith("+") for match in light):
        return list(_paragraphs(text))
    cells: list[Cell] = []
    start, inside = 0, False
    for mark in [*light, None]:
        part = text[start : mark.start() if mark else len(text)]
        cells += [Cell("code", part.strip("\n").rstrip())] if inside and part.strip() else _paragraphs(part)
        if mark:
            start, inside = mark.end(), mark["light"].startswith("+")
    return cells


def cells_by_release(text: str, release: Release) -> list[Cell]:
    """The cells of a script without marks, cut where the release's own cells are found in it.

    The text between two of them is one answer if the release has one there, whatever its
    paragraphs.
    """
    parts: list[str | tuple[Cell, ReleasedCell]] = [text]
    own = [cell for cell in release.cells if cell.kind != "answer" and cell.cell_type == "code" and cell.source.strip()]
    for released in sorted(own, key=lambda cell: -len(cell.source)):
        for place, part in enumerate(parts):
            cut = cut_block(part, released.source) if isinstance(part, str) else None
            if cut is not None:
                locked = Cell("code", released.source.strip("\n")), released
                parts[place : place + 1] = [cut[0], locked, cut[1]]
                break
    cells: list[Cell] = []
    for place, part in enumerate(parts):
        if not isinstance(part, str):
            cells.append(part[0])
            continue
        before = _neighbour(reversed(parts[:place]), -1)
        after = _neighbour(parts[place + 1 :], len(release.cells))
        answers = [cell for cell in release.special if cell.kind == "answer" and before < cell.index < after]
        part_cells = paragraphs(part)
        code = [cell for cell in part_cells if cell.cell_type == "code"]
        if len(answers) == 1 and answers[0].cell_type == "code" and len(code) > 1 and before >= 0:
            joined = "\n\n".join(cell.source for cell in code)
            part_cells = [*(cell for cell in part_cells if cell.cell_type != "code"), Cell("code", joined)]
        cells += part_cells
    return cells


def _neighbour(parts: Iterable["str | tuple[Cell, ReleasedCell]"], none: int) -> int:
    return next((part[1].index for part in parts if not isinstance(part, str)), none)


def _paragraphs(text: str) -> Iterator[Cell]:
    """Groups of top-level statements without empty lines between, each with the comments above it."""
    lines = text.split("\n")
    tree = parsed(text)
    if tree is None:
        if text.strip():
            yield Cell("code", text.strip("\n").rstrip())
        return
    ends = 0
    group: list[str] = []
    for statement in tree.body:
        first = min([statement.lineno, *(node.lineno for node in getattr(statement, "decorator_list", []))]) - 1
        last = statement.end_lineno or statement.lineno
        if first < ends:  # two on one line
            group += lines[ends:last]
            ends = max(ends, last)
            continue
        between = lines[ends:first]
        blank = max((number for number, line in enumerate(between) if not line.strip()), default=-1)
        prose = (
            isinstance(statement, ast.Expr)
            and isinstance(statement.value, ast.Constant)
            and isinstance(statement.value.value, str)
        )
        if blank >= 0 or prose:
            yield from _group(group)
            yield from _comments(between[: blank + 1])
            group = []
        above = between[blank + 1 :]
        if prose and isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
            yield Cell("markdown", str(statement.value.value).strip())
        else:
            group += [*above, *lines[first:last]]
        ends = last
    yield from _group(group)
    yield from _comments(lines[ends:])


def _group(lines: list[str]) -> Iterator[Cell]:
    if any(line.strip() for line in lines):
        yield Cell("code", "\n".join(lines).strip("\n").rstrip())


def _comments(lines: list[str]) -> Iterator[Cell]:
    """Comments between empty lines are prose."""
    for block in re.split(r"\n\s*\n", "\n".join(lines)):
        if block.strip():
            yield Cell("markdown", _uncommented(block.strip("\n")))


def _uncommented(text: str) -> str:
    return "\n".join(line[1:].removeprefix(" ") if line.startswith("#") else line for line in text.split("\n"))
