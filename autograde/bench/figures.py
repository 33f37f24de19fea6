"""Measure how long the figures of the chapters take to draw: the first picture, and each one after a move."""

import ast
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from autograde.authoring.cell import EXPLORE
from autograde.authoring.chapter import Chapter
from autograde.errors import CourseError

FIRST, FURTHER = 0.3, 0.1
"""CPU seconds that the first picture and each further one may take on an idle core of the reference machine."""

REFERENCE = 0.065
"""CPU seconds that the worker's reference drawing takes there."""


@dataclass(frozen=True)
class Drawn:
    """What one figure took.

    Attributes:
        chapter, figure: where it stands, and the name of its function.
        control: the parameter that was moved; "" if the figure has none.
        first: CPU seconds until the first picture is there.
        further: CPU seconds of each picture after a move.
        slow: slowdown of this machine beside it, relative to the reference machine; at least 1.
    """

    chapter: str
    figure: str
    control: str
    first: float
    further: tuple[float, ...]
    slow: float

    @property
    def median(self) -> float:
        """The median of the further pictures; 0 if there is none."""
        return median(self.further) if self.further else 0.0

    @property
    def worst(self) -> float:
        """The slowest of the further pictures; 0 if there is none."""
        return max(self.further, default=0.0)

    @property
    def late(self) -> bool:
        """Whether a picture takes longer than it may."""
        return self.first > FIRST * self.slow or self.worst > FURTHER * self.slow


def drawn(chapter: Chapter, root: Path) -> list[Drawn]:
    """Draw every interactive figure of a chapter in a process of its own, in the folder ``root``.

    Raises:
        CourseError: the code that the figures need does not run.
    """
    order = {"program": figure_program(chapter), "file": chapter.file, "reference": REFERENCE}
    run = subprocess.run(
        [sys.executable, "-m", "autograde.bench.figures_worker"],
        input=json.dumps(order),
        cwd=root,
        env={**os.environ, **{f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL")}},
        capture_output=True,
        text=True,
        check=False,
    )
    if run.returncode:
        raise CourseError(
            f"{chapter.file}: {run.stderr.strip().splitlines()[-1] if run.stderr.strip() else 'no figures'}"
        )
    return [Drawn(chapter.name, **{**row, "further": tuple(row["further"])}) for row in json.loads(run.stdout)]


def figure_program(chapter: Chapter) -> str:
    """Return the part of a chapter's code, answers included, that its calls of ``explore`` need.

    A statement belongs to it if it holds such a call, or binds a name that a later statement of it uses.
    """
    kept: list[ast.stmt] = []
    needed: set[str] = set()
    for cell in reversed(chapter.cells):
        if cell.role in ("prose", "test"):
            continue
        for statement in reversed(ast.parse(cell.source).body):
            nodes = list(ast.walk(statement))
            if _binds(nodes) & needed or any(_explores(node) for node in nodes):
                kept.insert(0, statement)
                needed |= {node.id for node in nodes if isinstance(node, ast.Name)}
    return ast.unparse(ast.Module(kept, []))


def _binds(nodes: list[ast.AST]) -> set[str]:
    bound = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    bound |= {node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    return bound | {(node.asname or node.name).partition(".")[0] for node in nodes if isinstance(node, ast.alias)}


def _explores(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and any(getattr(node.func, kind, "") in EXPLORE for kind in ("id", "attr"))
