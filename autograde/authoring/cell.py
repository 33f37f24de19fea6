"""Read one cell of a chapter: its header and its regions. Pure."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from autograde.authoring.percent import RawCell, python_faults
from autograde.authoring.regions import BEGIN_HIDDEN, END_HIDDEN, region_faults, without_region

Role = Literal["prose", "setup", "given", "free", "solution", "test"]

LANGUAGES = ("en", "zh")

EXPLORE = ("explore", "explore_in_turn")
"""The calls that show an interactive figure."""

_KEYS = {"lang", "setup", "given", "solution", "test", "points", "demo"}
_ROLES: tuple[Role, ...] = ("solution", "test", "given", "setup")
_ID = re.compile(r"^[a-z0-9]+(?:-[a-z0-9]+)*$")


@dataclass(frozen=True)
class Cell:
    """One cell of a chapter.

    Attributes:
        id: notebook cell id, equal to nbgrader's grade_id if there is one; unique in the chapter
            (the twins of a prose cell share theirs, since no edition holds both).
        role: what the cell is for; see ``docs/author.md``.
        source: the complete text, including solution and hidden tests.
        line: line of its header in the chapter file, from 1.
        lang: language of a prose cell, else None.
        points: points of a test cell, else 0.
        demo: whether a free cell only shows something, so that grading leaves it out.
    """

    id: str
    role: Role
    source: str
    line: int
    lang: str | None = None
    points: float = 0
    demo: bool = False

    @property
    def public(self) -> str:
        """The text without hidden tests."""
        return without_region(self.source, BEGIN_HIDDEN, END_HIDDEN)


Say = Callable[[int, str], None]
"""Reports a fault: its line and a message."""


@dataclass(frozen=True)
class Draft:
    """A cell as read, valid or not.

    Attributes:
        cell: its role, language and id as far as they could be read; an invalid id is "".
        clear: whether its header could be read; if not, faults that follow from it are not
            reported.
        known: whether its role could be read; otherwise it is "free".
    """

    cell: Cell
    clear: bool = True
    known: bool = True


def read_cell(raw: RawCell, chapter: str, counters: dict[str, int], say: Say) -> Draft:
    """Read one cell and report what is wrong with it.

    Args:
        raw: the cell as it is in the file.
        chapter: the assignment's name.
        counters: number of cells read so far, for each role whose ids are numbered; updated.
        say: called for each fault.
    """
    draft = _header(raw, chapter, counters, say)
    cell = draft.cell
    role = cell.role if draft.clear else None
    for offset, message in region_faults(cell.source, role, cell.id):
        say(cell.line if offset is None else raw.start + offset, message)
    if cell.role != "prose" and draft.known:
        for line, reason in python_faults(raw):
            say(line, f"{reason}; chapters are plain Python, without magics or shell commands")
    return draft


def _header(raw: RawCell, chapter: str, counters: dict[str, int], say: Say) -> Draft:
    """Read the header of a cell; report what is wrong with it, once."""
    options, clear = raw.options, not raw.doubtful
    unknown = [key for key in options if key not in _KEYS] if clear else []
    for key in unknown:
        say(raw.line, f"unknown key {key!r}; known keys are {', '.join(sorted(_KEYS))}")
    if raw.markdown or "lang" in options:
        return _prose(raw, chapter, counters, say, clear and not unknown)
    roles = [key for key in _ROLES if key in options]
    role = roles[0] if roles else "free"
    if not clear or (unknown and not roles):
        return Draft(Cell("", role, raw.source, raw.line), clear=False, known=bool(roles))
    if len(roles) > 1:
        say(raw.line, f"a cell has one role, not {' and '.join(roles)}")
        return Draft(Cell("", role, raw.source, raw.line), clear=False)
    if "points" in options and role != "test":
        say(raw.line, "points belong on a test cell; this cell is not a test")
        if role == "free":  # it was meant to be one
            return Draft(Cell("", "test", raw.source, raw.line), clear=False)
    demo = "demo" in options
    if demo and role != "free":
        say(raw.line, f"a {role} cell cannot be a demo; grading leaves demos out")
    elif demo and options["demo"] is not None:
        say(raw.line, "demo takes no value")
    cell_id = ""
    if role in ("solution", "test"):
        fault = _id_fault(options[role], role, chapter)
        cell_id = "" if fault else str(options[role])
        if fault:
            say(raw.line, fault)
    elif role != "free" and options[role] is not None:
        say(raw.line, f"{role} takes no value")
    else:
        counters[role] += 1
        cell_id = f"{chapter}-{role}-{counters[role]}"
    points = _points(raw, say) if role == "test" else 0
    return Draft(Cell(cell_id, role, raw.source, raw.line, points=points, demo=demo))


def _id_fault(cell_id: str | None, role: str, chapter: str) -> str | None:
    if not cell_id or not _ID.match(cell_id):
        return f'{role}="…" needs an id in kebab-case, such as {role}="softmax-sums-to-one"'
    if len(cell_id) > 64:
        return f"the id {cell_id!r} is too long; a notebook's cell ids have at most 64 characters"
    if cell_id.startswith(f"{chapter}-prose-"):
        return f"ids that start with {chapter}-prose- are reserved for prose cells; choose another"
    return None


def _prose(raw: RawCell, chapter: str, counters: dict[str, int], say: Say, clear: bool) -> Draft:
    lang = raw.options.get("lang")
    if clear and (not raw.markdown or set(raw.options) != {"lang"} or lang not in LANGUAGES):
        say(raw.line, 'prose cells read `# %% [markdown] lang="en"` or `lang="zh"`')
        clear = False
    if clear and not raw.source:
        say(raw.line, "empty prose cell; write something or delete it with its twin")
    counters["prose"] += lang == LANGUAGES[0]
    lang = lang if lang in LANGUAGES else None
    cell = Cell(f"{chapter}-prose-{counters['prose']}", "prose", raw.source, raw.line, lang=lang)
    return Draft(cell, clear)


def _points(raw: RawCell, say: Say) -> float:
    value = raw.options.get("points")
    try:
        points = float(value or "")
    except ValueError:
        points = 0
    if not 0 < points < 1000:
        say(raw.line, f"a test cell needs points=N with N above 0, not {value!r}")
        return 0
    return int(points) if points == int(points) else points
