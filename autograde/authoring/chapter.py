"""Parse the text of a chapter into a :class:`Chapter`: cells, exercises and points. Pure."""

import ast
import re
from dataclasses import dataclass, field

from autograde.authoring.cell import Cell, read_cell
from autograde.authoring.order import order_faults
from autograde.authoring.percent import PercentError, raise_in_order, read_cells

_NAME = re.compile(r"^(?P<name>[a-z]+[0-9]*)(?:_[a-z0-9_]+)?\.py$")


class ChapterError(PercentError):
    """A fault in a chapter's text, with its file and line."""


@dataclass(frozen=True)
class Exercise:
    """A solution cell and the test cells below it, up to the next solution cell."""

    id: str
    solution: Cell
    tests: tuple[Cell, ...]

    @property
    def points(self) -> float:
        """The sum of the points of its tests."""
        return sum(test.points for test in self.tests)

    @property
    def defines(self) -> list[str]:
        """The functions and classes that its answer defines."""
        kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
        return [node.name for node in ast.parse(self.solution.source).body if isinstance(node, kinds)]

    @property
    def name(self) -> str:
        """The function or class that gives the exercise its id; what the id suggests if there is none."""
        return next((name for name in self.defines if exercise_id(name) == self.id), self.id.replace("-", "_"))


@dataclass(frozen=True)
class Chapter:
    """A parsed chapter: ``name`` is the nbgrader assignment (``ch02``), ``file`` its file name."""

    name: str
    file: str
    cells: tuple[Cell, ...]
    exercises: tuple[Exercise, ...] = field(default=())

    @property
    def points(self) -> float:
        """The sum of the points of all exercises."""
        return sum(exercise.points for exercise in self.exercises)

    def edition(self, lang: str) -> tuple[Cell, ...]:
        """The cells of one language's notebook: prose in that language and everything else."""
        return tuple(cell for cell in self.cells if cell.lang in (None, lang))

    def twins(self) -> list[tuple[Cell, Cell]]:
        """The prose cells as pairs (English, Chinese), in order."""
        prose = [cell for cell in self.cells if cell.role == "prose"]
        return list(zip(prose[::2], prose[1::2], strict=True))


def assignment_name(file: str) -> str:
    """Return the assignment of a chapter file: ``ch02_losses.py`` → ``ch02``.

    Raises:
        ChapterError: the name is not of the form ``chNN_topic.py``.
    """
    match = _NAME.match(file.rsplit("/", 1)[-1])
    if match is None:
        raise ChapterError(file, 1, "a chapter's file is named chNN_topic.py, in lower case")
    return match["name"]


def exercise_id(name: str) -> str:
    """Return an exercise's id: ``cross_entropy_grad`` → ``cross-entropy-grad``, ``EarlyStopping`` → ``early-stopping``."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", name).replace("_", "-").lower()


def parse_chapter(text: str, file: str) -> Chapter:
    """Read a chapter's text.

    Args:
        text: the file's content, percent format (``docs/author.md``).
        file: its name, used for the assignment's name and in errors.

    Raises:
        ChapterError: the chapter is malformed; names file and line.
        SeveralErrors: several such faults, in line order. Faults that only follow from others are
            left out.
    """
    faults: list[ChapterError] = []
    try:
        name = assignment_name(file)
    except ChapterError as error:
        faults.append(error)
        name = file.rsplit("/", 1)[-1].split("_")[0]
    raw_cells, unreadable = read_cells(text, file)
    faults += [ChapterError(fault.file, fault.line, fault.message) for fault in unreadable]
    if not raw_cells and not unreadable:
        faults.append(ChapterError(file, 1, "no cell; a chapter's cells start with `# %%` lines"))

    def say(line: int, message: str) -> None:
        faults.append(ChapterError(file, line, message))

    counters = {"prose": 0, "setup": 0, "given": 0, "free": 0}
    drafts = [read_cell(raw, name, counters, say) for raw in raw_cells]
    order_faults(drafts, say)
    raise_in_order(faults)
    cells = tuple(draft.cell for draft in drafts)
    return Chapter(name, file, cells, _exercises(cells))


def _exercises(cells: tuple[Cell, ...]) -> tuple[Exercise, ...]:
    groups: list[tuple[Cell, list[Cell]]] = []
    for cell in cells:
        if cell.role == "solution":
            groups.append((cell, []))
        elif cell.role == "test":
            groups[-1][1].append(cell)
    return tuple(Exercise(solution.id, solution, tuple(tests)) for solution, tests in groups)
