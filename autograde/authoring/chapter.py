"""Chapter text → :class:`Chapter`: its cells, exercises and points. Pure: no file, clock or network."""

import re
from dataclasses import dataclass, field
from typing import Literal, NoReturn

from autograde.authoring.percent import PercentError, RawCell, python_fault, split_cells

Role = Literal["prose", "setup", "given", "free", "solution", "test"]

LANGUAGES = ("en", "zh")
BEGIN_SOLUTION, END_SOLUTION = "### BEGIN SOLUTION", "### END SOLUTION"
BEGIN_HIDDEN, END_HIDDEN = "### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS"

_KEYS = {"lang", "setup", "given", "solution", "test", "points"}
_ID = re.compile(r"^[a-z0-9]+(?:-[a-z0-9]+)*$")
_MARKER = re.compile(r"^\s*#+\W*(?P<side>begin|end)[\s_-]*(?P<what>solution|hidden[\s_-]*test)s?\W*$", re.IGNORECASE)
_NAME = re.compile(r"^(?P<name>[a-z]+[0-9]*)(?:_[a-z0-9_]+)?\.py$")


class ChapterError(PercentError):
    """A fault in a chapter's text, with its file and line."""


@dataclass(frozen=True)
class Cell:
    """One cell of a chapter.

    Attributes:
        id: notebook cell id, equal to nbgrader's grade_id where there is one; unique in the chapter
            (the two twins of a prose cell share theirs, since no edition holds both).
        role: what the cell is for; see ``docs/author.md``.
        source: the complete text, with solution and hidden tests.
        line: line of its header in the chapter file, from 1.
        lang: language of a prose cell, else None.
        points: points of a test cell, else 0.
    """

    id: str
    role: Role
    source: str
    line: int
    lang: str | None = None
    points: float = 0

    @property
    def public(self) -> str:
        """The text without its hidden tests."""
        return without_region(self.source, BEGIN_HIDDEN, END_HIDDEN)


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


@dataclass(frozen=True)
class Chapter:
    """A parsed chapter: ``name`` is the nbgrader assignment (``ch02``), ``file`` the file name it came from."""

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


def parse_chapter(text: str, file: str) -> Chapter:
    """Read a chapter's text.

    Args:
        text: the file's content, percent format (``docs/author.md``).
        file: its name, used for the assignment's name and in errors.

    Raises:
        ChapterError: anything that is not a well-formed chapter, with file and line.
    """
    name = assignment_name(file)
    try:
        raw_cells = split_cells(text, file)
    except PercentError as error:
        raise ChapterError(error.file, error.line, error.message) from None
    if not raw_cells:
        raise ChapterError(file, 1, "no cell; a chapter's cells start with `# %%` lines")
    counters = {"prose": 0, "setup": 0, "given": 0, "free": 0}
    cells = [_cell(raw, name, file, counters) for raw in raw_cells]
    _check_twins(cells, file)
    _check_ids(cells, file)
    return Chapter(name, file, tuple(cells), _exercises(cells, file))


def without_region(source: str, begin: str, end: str) -> str:
    """Return ``source`` without the lines from each ``begin`` to the next ``end``."""
    kept, inside = [], False
    for line in source.split("\n"):
        if begin in line:
            inside = True
        elif end in line:
            inside = False
        elif not inside:
            kept.append(line)
    return "\n".join(kept).rstrip("\n")


def region(source: str, begin: str, end: str) -> list[str]:
    """Return the lines of ``source`` that stand between ``begin`` and ``end`` lines."""
    inner, inside = [], False
    for line in source.split("\n"):
        if begin in line or end in line:
            inside = begin in line
        elif inside:
            inner.append(line)
    return inner


def _cell(raw: RawCell, chapter: str, file: str, counters: dict[str, int]) -> Cell:
    options = raw.options
    for key in options:
        if key not in _KEYS:
            _fail(file, raw.line, f"unknown key {key!r}; known keys are {', '.join(sorted(_KEYS))}")
    if raw.markdown or "lang" in options:
        return _prose(raw, chapter, file, counters)
    roles = [key for key in ("setup", "given", "solution", "test") if key in options]
    if len(roles) > 1:
        _fail(file, raw.line, f"a cell has one role, not {' and '.join(roles)}")
    role: Role = roles[0] if roles else "free"  # type: ignore[assignment]
    if "points" in options and role != "test":
        _fail(file, raw.line, "points belong on a test cell; this cell is no test")
    if role in ("solution", "test"):
        cell_id = options[role]
        if not cell_id or not _ID.match(cell_id):
            _fail(file, raw.line, f'{role}="…" needs an id in kebab-case, such as {role}="softmax-sums-to-one"')
        if len(cell_id) > 64:
            _fail(file, raw.line, f"the id {cell_id!r} is too long; a notebook's cell ids have at most 64 characters")
        if cell_id.startswith(f"{chapter}-prose-"):
            _fail(file, raw.line, f"ids that start with {chapter}-prose- are those of prose cells; choose another")
    elif role != "free" and options[role] is not None:
        _fail(file, raw.line, f"{role} takes no value")
    else:
        counters[role] += 1
        cell_id = f"{chapter}-{role}-{counters[role]}"
    points = _points(raw, file) if role == "test" else 0
    cell = Cell(cell_id, role, raw.source, raw.line, points=points)
    _check_markers(cell, raw.start, file)
    fault = python_fault(raw)
    if fault:
        _fail(file, fault[0], f"{fault[1]}; chapters are plain Python, without magics or shell commands")
    return cell


def _prose(raw: RawCell, chapter: str, file: str, counters: dict[str, int]) -> Cell:
    lang = raw.options.get("lang")
    if not raw.markdown or set(raw.options) != {"lang"} or lang not in LANGUAGES:
        _fail(file, raw.line, 'prose cells read `# %% [markdown] lang="en"` or `lang="zh"`')
    if not raw.source:
        _fail(file, raw.line, "empty prose cell; write something or delete it with its twin")
    counters["prose"] += lang == LANGUAGES[0]
    cell = Cell(f"{chapter}-prose-{counters['prose']}", "prose", raw.source, raw.line, lang=lang)
    _check_markers(cell, raw.start, file)
    return cell


def _points(raw: RawCell, file: str) -> float:
    value = raw.options.get("points")
    try:
        points = float(value or "")
    except ValueError:
        points = 0
    if not 0 < points < 1000:
        _fail(file, raw.line, f"a test cell needs points=N with N above 0, not {value!r}")
    return int(points) if points == int(points) else points


def _check_markers(cell: Cell, start: int, file: str) -> None:
    for begin, end, role, what in (
        (BEGIN_SOLUTION, END_SOLUTION, "solution", "solution"),
        (BEGIN_HIDDEN, END_HIDDEN, "test", "hidden tests"),
    ):
        inside = found = False
        for offset, line in enumerate(cell.source.split("\n")):
            loose = next((word for word in (begin, end) if word not in line and _resembles(line, word)), None)
            if loose and cell.role != "prose":
                _fail(file, start + offset, f"write the marker exactly as `{loose}`")
            if begin not in line and end not in line and not loose:
                continue
            if cell.role != role:
                _fail(file, start + offset, f"a {what} region belongs in a {role} cell")
            if (begin in line) == inside:
                _fail(file, start + offset, f"`{begin}` and `{end}` do not match")
            inside, found = begin in line, True
        if inside:
            _fail(file, cell.line, f"`{begin}` without `{end}`")
        if role == "solution" and cell.role == "solution" and not found:
            _fail(file, cell.line, f"the solution {cell.id!r} has no `{begin}` … `{end}` lines")


def _resembles(line: str, marker: str) -> bool:
    """Whether a line is meant to be the marker: its words, or a comment that spells them otherwise."""
    words = marker.strip("# ")
    match = _MARKER.match(line)
    side_and_what = f"{match['side']} {match['what'][:6]}".upper() if match else ""
    return words in line or (bool(side_and_what) and words.startswith(side_and_what))


def _check_twins(cells: list[Cell], file: str) -> None:
    waiting: Cell | None = None
    for cell in [*cells, None]:
        if waiting is not None:
            if cell is None or cell.lang != "zh":
                _fail(file, waiting.line, 'this English cell has no Chinese twin; a lang="zh" cell follows it directly')
            waiting = None
        elif cell is not None and cell.lang == "zh":
            _fail(file, cell.line, 'this Chinese cell has no English twin; a lang="en" cell stands directly above it')
        elif cell is not None and cell.lang == "en":
            waiting = cell


def _check_ids(cells: list[Cell], file: str) -> None:
    seen: dict[str, Cell] = {}
    for cell in cells:
        if cell.role == "prose":
            continue
        if cell.id in seen:
            _fail(file, cell.line, f"the id {cell.id!r} is taken, by the cell at line {seen[cell.id].line}")
        seen[cell.id] = cell


def _exercises(cells: list[Cell], file: str) -> tuple[Exercise, ...]:
    found: list[tuple[Cell, list[Cell]]] = []
    for cell in cells:
        if cell.role == "solution":
            found.append((cell, []))
        elif cell.role == "test":
            if not found:
                _fail(file, cell.line, f"the test {cell.id!r} has no solution cell above it")
            found[-1][1].append(cell)
    for solution, tests in found:
        if not tests:
            _fail(file, solution.line, f"the exercise {solution.id!r} has no test cell, so nothing grades it")
    return tuple(Exercise(solution.id, solution, tuple(tests)) for solution, tests in found)


def _fail(file: str, line: int, message: str) -> NoReturn:
    raise ChapterError(file, line, message)
