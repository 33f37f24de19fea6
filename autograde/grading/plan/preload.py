"""What an assignment's template imports before it forks, and with which environment variables."""

import ast
import importlib.machinery
import os
import re
import sys
from collections.abc import Container, Iterable, Mapping
from pathlib import PurePosixPath
from typing import Any

from autograde.grading.plan.cell_names import UNREADABLE
from autograde.grading.sandbox.environment import KEPT

# Preloaded whichever cell imports them; other modules only if the course's own cells import them.
HEAVY = {"numpy", "scipy", "pandas", "matplotlib", "sklearn", "tensorflow", "keras", "torch", "jax", "seaborn", "sympy", "ipywidgets"}  # fmt: skip
SUFFIXES = sorted(importlib.machinery.all_suffixes(), key=len, reverse=True)
MAGIC = re.compile(r"^\s*[%!?].*$|^.*\?\s*$", re.MULTILINE)


def modules_of(cells: Iterable[Mapping[str, Any]], beside: Container[str] = ()) -> tuple[str, ...]:
    """Return the modules that these cells import and that are found outside the assignment's own
    folder.

    Args:
        cells: notebook cells (nbformat 4). Cells that a learner may edit count for :data:`HEAVY`
            modules only, so that no single answer decides what the shared template imports.
        beside: modules beside the notebook (:func:`modules_in`), which Python would find first.
    """
    modules: set[str] = set()
    for cell in cells:
        if cell.get("cell_type") != "code":
            continue
        names = imports(str(cell.get("source", "")))
        modules |= {name for name in names if _ours(cell) or name.split(".")[0] in HEAVY}
    return tuple(sorted(name for name in modules if name.split(".")[0] not in beside and installed(name)))


def variables_of(cells: Iterable[Mapping[str, Any]]) -> tuple[tuple[str, str, bool], ...]:
    """Return the variables that the course's own cells set: (name, value, whether only as a
    default).

    ``os.environ["KERAS_BACKEND"] = "jax"`` before ``import keras`` would come too late in a kernel
    that has imported Keras already. Only literal values count, of variables in
    :data:`autograde.grading.sandbox.environment.KEPT`.

    Args:
        cells: as for :func:`modules_of`; cells that a learner may edit do not count.
    """
    variables = []
    for cell in cells:
        if cell.get("cell_type") == "code" and _ours(cell):
            for node in ast.walk(_tree(str(cell.get("source", "")))):
                match node:
                    case ast.Assign(
                        targets=[ast.Subscript(value=where, slice=ast.Constant(name))], value=ast.Constant(value)
                    ):
                        only_default = False
                    case ast.Call(
                        func=ast.Attribute(value=where, attr="setdefault"),
                        args=[ast.Constant(name), ast.Constant(value)],
                    ):
                        only_default = True
                    case _:
                        continue
                if ast.unparse(where) in ("os.environ", "environ") and name in KEPT and isinstance(value, str):
                    variables.append((str(name), value, only_default))
    return tuple(variables)


def settled(environment: Mapping[str, str], variables: Iterable[tuple[str, str, bool]]) -> dict[str, str]:
    """Return `environment` after the cells have set `variables`."""
    after = dict(environment)
    for name, value, only_default in variables:
        if not (only_default and (name in after or name in os.environ)):
            after[name] = value
    return after


def modules_in(files: Iterable[str]) -> set[str]:
    """Return the dotted names of the modules among files and of their packages."""
    modules = set()
    for path in files:
        name = module_of(path)
        while name:
            modules.add(name)
            name = name.rpartition(".")[0]
    return modules


def module_of(path: str) -> str | None:
    """Return the dotted name under which Python imports a file from its folder, or None."""
    file = PurePosixPath(path)
    suffix = next((ending for ending in SUFFIXES if file.name.endswith(ending)), None)
    if suffix is None:
        return None
    parts = [*file.parts[:-1], file.name.removesuffix(suffix)]
    if parts[-1] == "__init__":
        parts.pop()
    return ".".join(parts) if parts and all(part.isidentifier() for part in parts) else None


def _ours(cell: Mapping[str, Any]) -> bool:
    mark = cell.get("metadata", {}).get("nbgrader", {})
    return bool(mark.get("locked") or (mark.get("grade") and not mark.get("solution")))


def _tree(source: str) -> ast.AST:
    """The parsed source; empty if it does not parse."""
    try:
        return ast.parse(MAGIC.sub("", source))
    except UNREADABLE:
        return ast.Module([], [])


def imports(source: str) -> set[str]:
    """Return the dotted names of the modules that `source` imports; none if it does not parse."""
    names = set()
    for node in ast.walk(_tree(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module)
    return names


def installed(name: str) -> bool:
    """Whether the top-level package of `name` can be imported, ignoring the notebook's folder."""
    top = name.split(".")[0]
    if top in sys.stdlib_module_names:
        return top not in ("antigravity", "this", "idlelib", "turtle", "tkinter")
    if importlib.machinery.PathFinder.find_spec(top, [entry for entry in sys.path if entry]):
        return True
    # editable installs may have finders of their own
    finders = [finder for finder in sys.meta_path if finder is not importlib.machinery.PathFinder]
    return any(getattr(finder, "find_spec", None) and finder.find_spec(top, None) for finder in finders)
