"""An assignment as plain data for workers, read once from the gradebook and the source folder."""

import difflib
import glob
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from nbgrader.api import BaseCell, Gradebook, GradeCell, MissingEntry, SolutionCell, SourceCell, TaskCell
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograde.errors import CourseError
from autograde.exact import sha256_of_parts
from autograde.grading.intake.ignored import files_below
from autograde.grading.plan.course_notebook import plan_notebook
from autograde.grading.plan.preload import modules_in, modules_of, variables_of
from autograde.grading.plan.roles import PlannedCell
from autograde.settings.grading import SHARED

# settings of these classes are sent to workers; all others are the coordinator's
SECTIONS = ("NbGraderPreprocessor", "Preprocessor", "NbConvertBase", "ClearOutput", "ClearOutputPreprocessor",
            "DeduplicateIds", "OverwriteCells", "Execute", "WarmExecute", "ExecutePreprocessor", "NotebookClient",
            "KernelManager", "ConnectionFileMixin", "IgnorePattern", "LimitOutput", "ClearMetadataPreprocessor")  # fmt: skip


@dataclass(frozen=True)
class Cell:
    """A cell in the gradebook; attribute names are nbgrader's."""

    name: str
    cell_type: str
    locked: bool
    source: str
    checksum: str
    max_score: float = 0.0


@dataclass(frozen=True)
class ReleasedNotebook:
    """A notebook of an assignment, with the gradebook interface that nbgrader's preprocessors use.

    Attributes:
        kernelspec: metadata of the kernel that grades it; None if the source names none.
        source_cells: all cells that nbgrader has, in order.
        grade_cells, solution_cells, task_cells: those with a grade, an answer, a task.
        releases: bytes of the released notebook's editions, one per language; may be empty.
        plan: grade_id → what the course says of each code cell, in order
            (:mod:`autograde.grading.plan.course_notebook`); empty where there is no source
            notebook.
    """

    name: str
    kernelspec: dict[str, Any] | None
    source_cells: tuple[Cell, ...]
    grade_cells: tuple[Cell, ...]
    solution_cells: tuple[Cell, ...]
    task_cells: tuple[Cell, ...]
    releases: tuple[bytes, ...] = ()
    plan: Mapping[str, PlannedCell] = field(default_factory=dict)

    @cached_property
    def own_code(self) -> frozenset[str]:
        """Sources of the course's own code cells.

        A submitted cell with one of them is not a learner's work.
        """
        return frozenset(cell["source"] for cell in _as_cells(self) if cell["cell_type"] == "code")

    @cached_property
    def tests(self) -> tuple[Cell, ...]:
        """The cells that are graded by running them."""
        answered = {cell.name for cell in self.solution_cells}
        return tuple(cell for cell in self.grade_cells if cell.cell_type == "code" and cell.name not in answered)

    def find_notebook(self, notebook: str, assignment: str) -> "ReleasedNotebook":
        """As ``nbgrader.api.Gradebook.find_notebook``."""
        return self

    def find_source_cell(self, name: str, notebook: str, assignment: str) -> Cell:
        """As ``nbgrader.api.Gradebook.find_source_cell``."""
        return _find(self.source_cells, name)

    def find_graded_cell(self, name: str, notebook: str, assignment: str) -> Cell:
        """As ``nbgrader.api.Gradebook.find_graded_cell``."""
        return _find((*self.grade_cells, *self.task_cells), name)


def _find(cells: tuple[Cell, ...], name: str) -> Cell:
    for cell in cells:
        if cell.name == name:
            return cell
    raise MissingEntry(f"No such cell: {name}")


@dataclass(frozen=True)
class Assignment:
    """An assignment, ready to be sent to workers.

    Attributes:
        name: nbgrader's assignment id.
        notebooks: by name.
        files: files beside the source notebooks, by path relative to the assignment's folder.
        executable: those of them that may be run.
        keep: those of them that a learner's own version replaces
            (``Autograde.exclude_overwriting``).
        modules: what the template imports.
        variables: what it sets before (:func:`autograde.grading.plan.preload.variables_of`).
        settings: traitlets settings of the steps that workers run.
        isolation: ``examiner`` or ``shared``.
        confine: how the learner's process is confined
            (:func:`autograde.grading.confine.confinement`), or None.
        allow_unconfined: whether a kernel that cannot be confined may still run.
        notebook_seconds: time limit for all cells of a notebook; 0: none.
        start_seconds: how long importing `modules` may take.
        hashes: ``release`` and ``tests``, SHA-256 in hexadecimal.
    """

    name: str
    notebooks: Mapping[str, ReleasedNotebook]
    files: Mapping[str, bytes]
    keep: frozenset[str]
    modules: tuple[str, ...]
    variables: tuple[tuple[str, str, bool], ...]
    settings: Mapping[str, Any]
    isolation: str = SHARED
    confine: Mapping[str, Any] | None = None
    allow_unconfined: bool = False
    notebook_seconds: int = 0
    start_seconds: int = 300
    hashes: Mapping[str, str] = field(default_factory=dict)
    executable: frozenset[str] = frozenset()


def read_assignment(name: str, gradebook: Gradebook, coursedir: CourseDirectory, config: Config) -> Assignment:
    """Read an assignment from the gradebook and the source folder.

    Raises:
        CourseError: the gradebook does not have it.
    """
    try:
        entry = gradebook.find_assignment(name)
    except MissingEntry:
        names = sorted(one.name for one in gradebook.assignments)
        meant = difflib.get_close_matches(name, names, n=1, cutoff=0.75)
        if meant:
            raise CourseError(f"the gradebook has no assignment {name!r}; did you mean {meant[0]}?") from None
        known = ", ".join(names) or "none"
        raise CourseError(
            f"the gradebook has no assignment {name!r} (it has: {known}); run `nbgrader generate_assignment {name}` first"
        ) from None
    notebooks = {one.name: _read_notebook(gradebook, one, name, coursedir) for one in entry.notebooks}
    source = Path(coursedir.format_path(coursedir.source_directory, ".", name))
    beside = files_below(source, [*coursedir.ignore, "*.ipynb"])
    try:
        files = {str(path.relative_to(source)): path.read_bytes() for path in beside}
    except OSError as error:
        raise CourseError(f"{error.filename} cannot be read ({error.strerror}); every submission needs it") from error
    keep = config.get("Autograde", {}).get("exclude_overwriting", {}).get(name, [])
    cells = [cell for one in notebooks.values() for cell in _as_cells(one)]
    tests = [[cell.name, cell.source] for one in notebooks.values() for cell in one.source_cells if cell.locked]
    return Assignment(
        name,
        notebooks,
        files,
        frozenset(str(Path(path)) for path in keep),
        modules_of(cells, modules_in(files)),
        variables_of(cells),
        {section: dict(config[section]) for section in SECTIONS if section in config},
        hashes={
            "release": sha256_of_parts(content for one in notebooks.values() for content in one.releases),
            "tests": sha256_of_parts([json.dumps(sorted(tests)).encode()]),
        },
        executable=frozenset(str(path.relative_to(source)) for path in beside if os.access(path, os.X_OK)),
    )


def _read_notebook(gradebook: Gradebook, entry: Any, assignment: str, coursedir: CourseDirectory) -> ReleasedNotebook:
    cells: dict[type, dict[str, BaseCell]] = {
        kind: {
            cell.name: cell for cell in gradebook.db.query(kind).filter(kind.notebook_id == entry.id).order_by(kind.id)
        }
        for kind in (SourceCell, GradeCell, SolutionCell, TaskCell)
    }
    points = {cell.name: cell.max_score for kind in (GradeCell, TaskCell) for cell in cells[kind].values()}
    plain = {
        name: Cell(
            name, cell.cell_type, bool(cell.locked), cell.source or "", cell.checksum or "", points.get(name, 0.0)
        )
        for name, cell in cells[SourceCell].items()
    }

    def known(kind: type) -> tuple[Cell, ...]:
        return tuple(plain[name] for name in cells[kind] if name in plain)

    source = Path(coursedir.format_path(coursedir.source_directory, ".", assignment)) / f"{entry.name}.ipynb"
    releases = tuple(path.read_bytes() for path in _editions(entry.name, assignment, coursedir))
    planned: tuple[PlannedCell, ...] = ()
    if source.is_file():
        laid_out = json.loads(releases[0]) if releases else None
        planned = plan_notebook(_load(source), laid_out, plain, cells[GradeCell].keys(), cells[SolutionCell].keys())
    return ReleasedNotebook(
        entry.name,
        json.loads(entry.kernelspec) if entry.kernelspec else None,
        tuple(plain.values()),
        known(GradeCell),
        known(SolutionCell),
        known(TaskCell),
        releases,
        {cell.grade_id: cell for cell in planned},
    )


def _editions(notebook: str, assignment: str, coursedir: CourseDirectory) -> list[Path]:
    """The released notebook; if each language has its own folder, all of them."""
    folder = Path(coursedir.format_path(coursedir.release_directory, ".", assignment))
    one = folder / f"{notebook}.ipynb"
    beside = sorted(Path(coursedir.root).glob(f"release/*/{glob.escape(assignment)}/{glob.escape(notebook)}.ipynb"))
    return [one, *(path for path in beside if path != one)] if one.is_file() else beside


def _load(path: Path) -> dict[str, Any]:
    try:
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        for cell in content["cells"]:
            cell["source"] = "".join(cell["source"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CourseError(f"{path} is not a notebook ({error}); generate it again") from error
    return content


def _as_cells(notebook: ReleasedNotebook) -> list[dict[str, Any]]:
    """The released cells for :func:`modules_of`, marked as the course's own."""
    cells = [
        {"cell_type": cell.cell_type, "source": cell.source, "metadata": {"nbgrader": {"locked": True}}}
        for cell in notebook.source_cells
    ]
    for content in notebook.releases[:1]:
        for cell in json.loads(content)["cells"]:
            source = "".join(cell.get("source", ""))
            cells.append({"cell_type": cell["cell_type"], "source": source, "metadata": {"nbgrader": {"locked": True}}})
    return cells
