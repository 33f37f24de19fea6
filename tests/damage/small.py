"""A released notebook of a dozen cells in two editions, a learner's answers to it, and what a notebook earns."""

import contextlib
import io
import json
from typing import Any

from damage import Notebook, marks, text, written

STUB = "# YOUR CODE HERE\nraise NotImplementedError()"
ESSAY = "A square grows faster than its side, because\n\n- both factors grow\n- and so their product does twice over."
ANSWERS = {
    "square": 'def square(x):\n    """Return x squared."""\n    answer = x * x\n    return answer',
    "essay": ESSAY,
    "total": "import math\n\nweights = [1, 2, 3]\ntotal = math.fsum(weights)",
    "cube": 'FACTOR = 1\n\n\ndef cube(x):\n    """Return x cubed."""\n    return helper(x) * x * FACTOR\n\n\ndef helper(x):\n    return x * x',
    "mean": "def mean(values):\n    # the empty list has no mean\n    return sum(values) / len(values)",
}


def marked(grade_id: str, **flags: Any) -> Notebook:
    """Metadata of schema 3, as nbgrader releases them."""
    base = {
        "grade": False,
        "solution": False,
        "locked": False,
        "task": False,
        "schema_version": 3,
        "grade_id": grade_id,
    }
    return {"nbgrader": {**base, "checksum": "0" * 32, **flags}}


def released(lang: str = "en") -> Notebook:
    """The released notebook, parsed."""
    prose = {
        "en": ["# Squares and cubes\n\nRead this first.", "## Words\n\nSay in words what a square does.", "## Sums\n\nAdd up.", "## Cubes\n\nOne more factor."],
        "zh": ["# 平方与立方\n\n请先阅读。", "## 文字\n\n用文字说明平方的作用。", "## 求和\n\n请相加。", "## 立方\n\n再乘一次。"],
    }[lang]  # fmt: skip
    test = {"grade": True, "locked": True}
    rows: list[tuple[str, str, str, Notebook]] = [
        ("markdown", "prose-1", prose[0], {}),
        ("code", "setup", "import math\n\n\ndef close(a, b):\n    return math.isclose(a, b, abs_tol=1e-9)", marked("setup", locked=True)),
        ("code", "square", 'def square(x):\n    """Return x squared."""\n    # YOUR CODE HERE\n    raise NotImplementedError()', marked("square", solution=True)),
        ("code", "square-of-two", 'assert close(square(2), 4), "look at what `square` returns"\nassert close(square(3), 9), "and at three"', marked("square-of-two", points=2, **test)),
        ("code", "square-of-less", 'assert close(square(-1.5), 2.25), "negative numbers have squares too"', marked("square-of-less", points=1, **test)),
        ("code", "free-1", "print([square(n) for n in range(3)])", {}),
        ("markdown", "prose-2", prose[1], {}),
        ("markdown", "essay", "YOUR ANSWER HERE", marked("essay", points=3, grade=True, solution=True)),
        ("markdown", "prose-3", prose[2], {}),
        ("code", "total", STUB, marked("total", solution=True)),
        ("code", "total-is-six", 'assert close(total, 6), "`total` adds up the weights"', marked("total-is-six", points=1, **test)),
        ("markdown", "prose-4", prose[3], {}),
        ("code", "cube", 'def cube(x):\n    """Return x cubed."""\n    # YOUR CODE HERE\n    raise NotImplementedError()', marked("cube", solution=True)),
        ("code", "given-table", "table = {n: cube(n) for n in range(4)} if True else {}", marked("given-table", locked=True)),
        ("code", "cube-of-two", 'assert close(cube(2), 8), "look at what `cube` returns"\nassert table[3] == 27, "the table uses your `cube`"', marked("cube-of-two", points=2, **test)),
        ("code", "mean", "def mean(values):\n    # YOUR CODE HERE\n    raise NotImplementedError()", marked("mean", solution=True)),
        ("code", "mean-of-three", 'assert close(mean([1, 2, 6]), 3), "`mean` divides by the number of values"', marked("mean-of-three", points=2, **test)),
    ]  # fmt: skip
    cells = []
    for kind, name, source, metadata in rows:
        cell: Notebook = {
            "cell_type": kind,
            "id": name,
            "metadata": metadata,
            "source": source.splitlines(keepends=True),
        }
        if "nbgrader" in metadata:
            metadata["nbgrader"]["cell_type"] = kind
        if kind == "code":
            cell.update(execution_count=None, outputs=[])
        cells.append(cell)
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return {
        "cells": cells,
        "metadata": {"kernelspec": kernel, "language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


RELEASES = (written(released("en")), written(released("zh")))
"""Both editions."""


def answered(lang: str = "en", **answers: str) -> bytes:
    """A learner's file: all right but for `answers`; with outputs and a cell of the learner's own."""
    notebook = released(lang)
    for cell in notebook["cells"]:
        name = cell["id"]
        if name in ANSWERS:
            cell["source"] = {**ANSWERS, **answers}.get(name, "").splitlines(keepends=True)
        if cell["cell_type"] == "code":
            cell["execution_count"] = 1
    notebook["cells"][5]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": ["[0, 1, 4]\n"]}]
    own = {
        "cell_type": "code",
        "id": "mine",
        "metadata": {},
        "source": ["scratch = 1 + 1"],
        "outputs": [],
        "execution_count": 2,
    }
    notebook["cells"].insert(6, own)
    return written(notebook)


def points(notebook: Notebook) -> dict[str, float]:
    """Points of each graded cell when the code cells run in order in one namespace; the essay counts when intact.

    Answers are this module's own, never a stranger's: they run in the test's process.
    """
    space: dict[str, Any] = {"__name__": "__main__"}
    earned = {}
    for cell in notebook["cells"]:
        failed = False
        if cell["cell_type"] == "code":
            with contextlib.redirect_stdout(io.StringIO()):
                try:
                    exec(compile(text(cell), str(cell.get("id")), "exec"), space)
                except Exception:
                    failed = True
        flags = marks(cell)
        if flags.get("grade"):
            right = (
                [line.rstrip() for line in text(cell).strip().split("\n")] == ESSAY.split("\n")
                if flags.get("solution")
                else not failed
            )
            earned[flags["grade_id"]] = float(flags["points"]) if right else 0.0
    return earned


FULL = points(json.loads(answered()))
"""What the undamaged file earns."""
