"""Kinds of damage that submissions arrive with, as functions of bytes, each with what must come of it.

``for damage in DAMAGES: damage.apply(raw, random.Random(7))`` works on any released or answered notebook with an
answer cell that is followed by its test cell. The kinds stand in ``file``, ``marks`` and ``cells``; ``mixtures`` puts
several on top of each other; ``small`` is a course notebook of a dozen cells, and tells what a notebook earns.
"""

import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

Notebook = dict[str, Any]
Points = Literal["kept", "some", "review"]


@dataclass(frozen=True)
class Damage:
    """One kind of damage.

    Attributes:
        name: kebab-case.
        apply: (bytes of a valid nbformat 4.5 notebook, rng) → damaged bytes; the same rng state gives the same bytes.
        repairs: codes of the reasons that repair must give; it may give more.
        review: codes of the reasons for which the submission goes to a person; exactly these.
        points: `kept`, all points of the undamaged notebook; `some`, an answer itself is gone, and the points of all
            others are kept; `review`, nothing can be read.
        mixes: whether it leaves a file that other kinds can be applied to.
    """

    name: str
    apply: Callable[[bytes, random.Random], bytes]
    repairs: frozenset[str]
    review: frozenset[str]
    points: Points
    mixes: bool


DAMAGES: list[Damage] = []


def damage(
    *repairs: str, review: tuple[str, ...] = (), points: Points = "kept"
) -> Callable[[Callable[[bytes, random.Random], bytes]], Callable[[bytes, random.Random], bytes]]:
    """Register a function of bytes as a kind of damage, under its name."""

    def register(apply: Callable[[bytes, random.Random], bytes]) -> Callable[[bytes, random.Random], bytes]:
        name = apply.__name__.replace("_", "-")
        DAMAGES.append(Damage(name, apply, frozenset(repairs), frozenset(review), points, False))
        return apply

    return register


def edit(
    *repairs: str, review: tuple[str, ...] = (), points: Points = "kept"
) -> Callable[[Callable[[Notebook, random.Random], None]], Callable[[Notebook, random.Random], None]]:
    """Register a function that changes a parsed notebook in place as a kind of damage, under its name."""

    def register(change: Callable[[Notebook, random.Random], None]) -> Callable[[Notebook, random.Random], None]:
        def apply(raw: bytes, rng: random.Random) -> bytes:
            notebook = json.loads(raw)
            change(notebook, rng)
            return written(notebook)

        name = change.__name__.replace("_", "-")
        DAMAGES.append(Damage(name, apply, frozenset(repairs), frozenset(review), points, True))
        return change

    return register


def written(notebook: Notebook) -> bytes:
    """A notebook's bytes, as Jupyter writes them."""
    return (json.dumps(notebook, indent=1, ensure_ascii=False) + "\n").encode()


def text(cell: Notebook) -> str:
    """A cell's text; of lines without line feeds too, so that kinds of damage can follow each other."""
    lines = cell["source"]
    if isinstance(lines, str):
        return lines
    return "".join(lines) if any("\n" in line for line in lines) else "\n".join(lines)


def marks(cell: Notebook) -> Notebook:
    """A cell's grading marks; empty where there are none."""
    found = cell.get("metadata", {}).get("nbgrader", {})
    return found if isinstance(found, dict) else {}


def is_answer(cell: Notebook) -> bool:
    """Whether a cell is a code answer that defines something."""
    return bool(marks(cell).get("solution")) and cell["cell_type"] == "code" and "def " in text(cell)


def is_test(cell: Notebook) -> bool:
    """Whether a cell is a test cell."""
    return bool(marks(cell).get("grade")) and not marks(cell).get("solution")


def pick(notebook: Notebook, rng: random.Random, kind: Callable[[Notebook], bool] = is_answer) -> int:
    """Place of a cell of the kind; IndexError where there is none left."""
    return rng.choice([place for place, cell in enumerate(notebook["cells"]) if kind(cell)])


from damage import cells, file, marks_of_cells  # noqa: E402, F401 - each registers its kinds
