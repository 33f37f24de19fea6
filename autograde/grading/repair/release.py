"""A released notebook, as repair sees it."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, Literal

from autograde.grading.repair.text import assigned, squeeze

Kind = Literal["answer", "locked", "plain"]


@dataclass(frozen=True, eq=False)
class ReleasedCell:
    """A cell as the learner got it.

    Attributes:
        index: place in the released notebook, from 0.
        id: nbformat cell id; None before nbformat 4.5.
        cell_type: code, markdown or raw.
        kind: `answer` belongs to the learner, `locked` to the course, `plain` to neither.
        grade_id: nbgrader's name of an answer or locked cell; None for a plain one.
        names: what the cell assigns at its top level.
    """

    index: int
    id: str | None
    cell_type: str
    kind: Kind
    grade_id: str | None
    source: str
    metadata: Mapping[str, Any]
    names: frozenset[str]

    @property
    def name(self) -> str:
        """Its name in reasons."""
        return self.grade_id or self.id or f"cell {self.index + 1}"

    @property
    def graded(self) -> bool:
        """Whether it is a test cell or a manually graded one."""
        return bool(self.metadata.get("nbgrader", {}).get("grade"))


@dataclass(frozen=True, eq=False)
class Release:
    """A released notebook: its cells, metadata and nbformat_minor."""

    cells: tuple[ReleasedCell, ...]
    metadata: Mapping[str, Any]
    minor: int = 5

    @classmethod
    def read(cls, notebook: "bytes | Mapping[str, Any] | Release") -> "Release":
        """Return the release in a file's bytes or in a parsed notebook (format 4).

        Raises:
            ValueError: it is not a notebook of format 4.
        """
        if isinstance(notebook, Release):
            return notebook
        return _from_bytes(notebook) if isinstance(notebook, bytes) else _from_notebook(notebook)

    @cached_property
    def special(self) -> tuple[ReleasedCell, ...]:
        """The answer and locked cells, in order."""
        return tuple(cell for cell in self.cells if cell.kind != "plain")

    @cached_property
    def by_grade_id(self) -> dict[str, ReleasedCell]:
        """The answer and locked cells by grade_id."""
        return {cell.grade_id: cell for cell in self.special if cell.grade_id}

    @cached_property
    def by_id(self) -> dict[str, ReleasedCell]:
        """The cells by cell id."""
        return {cell.id: cell for cell in self.cells if cell.id}

    @cached_property
    def texts(self) -> frozenset[str]:
        """The texts of all cells."""
        return frozenset(cell.source for cell in self.cells)

    @cached_property
    def by_source(self) -> dict[str, ReleasedCell]:
        """The cells by text, white space ignored; only unique texts."""
        return _unique((squeeze(cell.source), cell) for cell in self.cells if cell.source.strip())

    @cached_property
    def by_name(self) -> dict[str, ReleasedCell]:
        """The answer cells by the names that their stubs assign; only unique names."""
        return _unique((name, cell) for cell in self.special if cell.kind == "answer" for name in cell.names)

    @cached_property
    def by_line(self) -> dict[str, ReleasedCell]:
        """The locked cells by their distinctive lines: eight characters or more, in no other cell."""
        lines = [
            (line, cell)
            for cell in self.cells
            for line in {part.strip() for part in cell.source.split("\n")}
            if len(line) >= 8
        ]
        return {line: cell for line, cell in _unique(lines).items() if cell.kind == "locked"}

    @cached_property
    def telling(self) -> Counter[int]:
        """How many distinctive lines a locked cell has, by its index."""
        return Counter(cell.index for cell in self.by_line.values())

    @cached_property
    def alphabet(self) -> frozenset[str]:
        """The non-ASCII characters of the release."""
        return frozenset(sign for cell in self.cells for sign in cell.source if sign > "\x7f")


def _unique(pairs: Any) -> dict[str, ReleasedCell]:
    unique: dict[str, ReleasedCell] = {}
    shared = set()
    for key, cell in pairs:
        if unique.setdefault(key, cell) is not cell:
            shared.add(key)
    return {key: cell for key, cell in unique.items() if key not in shared}


@lru_cache(maxsize=32)
def _from_bytes(raw: bytes) -> Release:
    return _from_notebook(json.loads(raw.decode("utf-8-sig")))


def _from_notebook(notebook: Mapping[str, Any]) -> Release:
    if not isinstance(notebook, Mapping) or not isinstance(notebook.get("cells"), list):
        raise ValueError("a released notebook has nbformat 4 and a list of cells")
    try:
        cells = tuple(_cell(index, cell) for index, cell in enumerate(notebook["cells"]))
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"a cell of the released notebook is incomplete: {error}") from error
    return Release(cells, notebook.get("metadata", {}), notebook.get("nbformat_minor", 5))


def _cell(index: int, cell: Mapping[str, Any]) -> ReleasedCell:
    metadata = cell.get("metadata", {})
    marks = metadata.get("nbgrader") or {}
    source = cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])
    kind = _kind(marks)
    names = assigned(source) if cell["cell_type"] == "code" else frozenset()
    grade_id = marks.get("grade_id") if kind != "plain" else None
    return ReleasedCell(index, cell.get("id"), cell["cell_type"], kind, grade_id, source, metadata, names)


def _kind(marks: Mapping[str, Any]) -> Kind:
    """As nbgrader.utils.is_locked; a task cell, which learners edit, is an answer too."""
    if marks.get("solution"):
        return "answer"
    if marks.get("grade") or marks.get("locked"):
        return "locked"
    return "answer" if marks.get("task") else "plain"
