"""What lies beside a notebook while it runs: in the learner's working folder, and in the examiner's.

The learner's process finds what stock nbgrader lays out: the files that the learner handed in, the course's own over
them, and of the assignment's notebooks those that ran before and the one that runs. nbgrader's copies of notebooks hold
hidden tests; these do not. The examiner has the course's own files, in a folder that no learner's process can reach.
"""

import ast
import json
import os
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

from nbformat import NotebookNode

from autograde.grading.assignment import Assignment, ReleasedNotebook
from autograde.grading.kernels.made_files import fitting
from autograde.grading.plan.cell_names import UNREADABLE, without_magics
from autograde.grading.plan.preload import imports, module_of, modules_in
from autograde.grading.reasons.reason import Reason
from autograde.grading.reasons.submitted import file_left_out, file_replaced


def learners_files(handed_in: Mapping[str, bytes], assignment: Assignment) -> tuple[dict[str, bytes], list[Reason]]:
    """Return the files that a learner's cells find beside the notebook, notebooks aside, and what there is to say of it.

    A course's file stands in place of the learner's of that name, but for those that ``Autograde.exclude_overwriting``
    names. Left out is what Python would import instead of a module that is the course's or that the course imports.

    Args:
        handed_in: the submission's files, by path.
    """
    own = {path: content for path, content in assignment.files.items() if not _kept(path, handed_in, assignment)}
    modules = modules_in(own) | {name.split(".")[0] for name in assignment.modules}
    files, notes = dict(own), []
    for path, content in handed_in.items():
        module = module_of(path)
        if path.endswith(".ipynb") or "__pycache__" in PurePosixPath(path).parts:
            continue
        if path in own:
            if _text(own[path]) != _text(content):
                notes.append(file_replaced(path))
        elif module in modules:
            notes.append(file_left_out(path, module))
        else:
            files[path] = content
    return fitting(files, assignment.notebooks), notes


def examiners_files(assignment: Assignment) -> dict[str, bytes]:
    """Return the files that the tests find beside the notebook: the course's, but for those that are the learner's to change."""
    return fitting({path: content for path, content in assignment.files.items() if path not in assignment.keep})


def out_of_reach(assignment: Assignment) -> dict[str, str]:
    """Return the cells that ask for a file which an examiner cannot have, each with that file: it is the learner's.

    Such files are notebooks, which hold the learner's code, and those of the course that a learner's version replaces.
    """
    theirs = {name: path for path in assignment.keep if path in assignment.files and (name := module_of(path))}
    found = {}
    for notebook in assignment.notebooks.values():
        for cell in notebook.plan.values():
            tree = _tree(cell.source if cell.role in ("setup", "test") else cell.imports)
            texts = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
            wanted = [theirs[name] for name in imports(ast.unparse(tree)) if name in theirs]
            if cell.role == "test":
                wanted += [text for text in texts if text in assignment.keep]
                wanted += [text for text in texts if isinstance(text, str) and text.endswith(".ipynb")]
            if wanted:
                found[f"{notebook.name}/{cell.grade_id}"] = min(wanted)
    return found


def notebook_as_seen(nb: NotebookNode, before: Mapping[str, str], expected: ReleasedNotebook) -> bytes:
    """Return a notebook as it lies in the learner's working folder: without what no learner has seen.

    Args:
        nb: the notebook that is to run, its locked cells restored from the gradebook.
        before: source by grade_id before they were; where there is a release, its own.
    """
    cells = []
    for cell in nb.cells:
        mark = cell.metadata.get("nbgrader", {})
        name = mark.get("grade_id")
        is_open = not mark.get("locked") or not (mark.get("grade") or mark.get("task") or expected.releases)
        cells.append(cell if name is None or is_open else {**cell, "source": before.get(name, "")})
    return json.dumps({**nb, "cells": cells}, ensure_ascii=False).encode("utf-8", "replace")


def sources_by_name(nb: NotebookNode) -> dict[str, str]:
    """Return the source of each cell that nbgrader knows, by grade_id."""
    marks = ((cell.metadata.get("nbgrader", {}), cell.source) for cell in nb.cells)
    return {mark["grade_id"]: source for mark, source in marks if "grade_id" in mark}


def write_files(folder: Path, files: Mapping[str, bytes], executable: Iterable[str] = ()) -> None:
    """Write files below a folder; what would lead out of it, or stands in the way of another, is left out."""
    programs = frozenset(executable)
    for path, content in files.items():
        target = folder / path
        if not target.resolve().is_relative_to(folder) or target.is_dir():
            continue
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        except (FileExistsError, NotADirectoryError):  # a file of another notebook's stands in the way
            continue
        if path in programs:
            target.chmod(0o755)


def emptied(folder: Path) -> Path:
    """Take everything out of a folder, also where the cells took its rights away; return it."""
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            remove(path)
        else:
            path.unlink()
    return folder


def remove(folder: Path) -> None:
    """Remove a working folder, also where the cells took its rights away."""

    def again(function: object, path: str, error: object) -> None:
        os.chmod(os.path.dirname(path), 0o700)
        if os.path.isdir(path) and not os.path.islink(path):
            os.chmod(path, 0o700)
            shutil.rmtree(path, ignore_errors=True)
        elif os.path.lexists(path):
            os.unlink(path)

    shutil.rmtree(folder, onerror=again)


def _tree(source: str) -> ast.AST:
    try:
        return ast.parse(without_magics(source))
    except UNREADABLE:
        return ast.Module([], [])


def _kept(path: str, handed_in: Mapping[str, bytes], assignment: Assignment) -> bool:
    """Whether the learner's version of a course's file stays."""
    return path in assignment.keep and path in handed_in


def _text(content: bytes) -> bytes:
    """A file's content, whatever an editor made of its line ends."""
    return content.replace(b"\r\n", b"\n")
