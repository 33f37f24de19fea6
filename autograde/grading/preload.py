"""Which modules an assignment's template imports before it forks: read from the assignment itself."""

import ast
import importlib.machinery
import re
import sys
from collections.abc import Iterable, Mapping
from typing import Any

# Worth importing beforehand, wherever a cell imports them; others only where the course's own cells do.
HEAVY = {"numpy", "scipy", "pandas", "matplotlib", "sklearn", "tensorflow", "keras", "torch", "jax", "seaborn", "sympy", "ipywidgets"}  # fmt: skip
MAGIC = re.compile(r"^\s*[%!?].*$|^.*\?\s*$", re.MULTILINE)


def modules_of(cells: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """Return the modules that these notebook cells import and that can be found outside the assignment's own folder.

    Args:
        cells: notebook cells (nbformat 4). Cells that a learner may edit count for :data:`HEAVY` modules only, so that
            nobody's answer decides what everybody's template imports.
    """
    found: set[str] = set()
    for cell in cells:
        if cell.get("cell_type") != "code":
            continue
        names = imports(str(cell.get("source", "")))
        mark = cell.get("metadata", {}).get("nbgrader", {})
        ours = mark.get("locked") or (mark.get("grade") and not mark.get("solution"))
        found |= {name for name in names if ours or name.split(".")[0] in HEAVY}
    return tuple(sorted(name for name in found if installed(name)))


def imports(source: str) -> set[str]:
    """Return the dotted names of the modules that `source` imports anywhere; of code that does not parse, none."""
    try:
        tree = ast.parse(MAGIC.sub("", source))
    except (SyntaxError, ValueError, RecursionError):
        return set()
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module)
    return names


def installed(name: str) -> bool:
    """Whether the top-level package of `name` can be imported here, without the folder that a notebook lies in."""
    top = name.split(".")[0]
    if top in sys.stdlib_module_names:
        return top not in ("antigravity", "this", "idlelib", "turtle", "tkinter")
    if importlib.machinery.PathFinder.find_spec(top, [entry for entry in sys.path if entry]):
        return True
    # editable installs may have finders of their own
    finders = [finder for finder in sys.meta_path if finder is not importlib.machinery.PathFinder]
    return any(getattr(finder, "find_spec", None) and finder.find_spec(top, None) for finder in finders)
