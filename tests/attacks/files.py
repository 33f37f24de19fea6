"""Attacks by what is handed in: marks, points and cells of the notebook, file names, links, the time stamp."""

import copy
import os
from pathlib import Path
from typing import Any

from attacks import HONEST, WRONG, attack

Notebook = dict[str, Any]


def cell_of(notebook: Notebook, grade_id: str) -> dict[str, Any]:
    return next(cell for cell in notebook["cells"] if cell["metadata"].get("nbgrader", {}).get("grade_id") == grade_id)


def points_of_a_hundred(folder: Path, notebook: Notebook) -> None:
    for cell in notebook["cells"]:
        if "nbgrader" in cell["metadata"]:
            cell["metadata"]["nbgrader"].update(points=100, grade=True)


def tests_made_harmless(folder: Path, notebook: Notebook) -> None:
    for name in ("square-of-two", "square-of-many"):
        cell_of(notebook, name).update(source="4.0")
        cell_of(notebook, name)["metadata"]["nbgrader"].update(locked=False, checksum="0" * 32)


def tests_answered(folder: Path, notebook: Notebook) -> None:
    for name in ("square-of-two", "square-of-many"):
        cell_of(notebook, name)["metadata"]["nbgrader"].update(solution=True, locked=False)
        cell_of(notebook, name)["outputs"] = [
            {"output_type": "execute_result", "data": {"text/plain": "4.0"}, "metadata": {}, "execution_count": 1}
        ]


def names_swapped(folder: Path, notebook: Notebook) -> None:
    one, other = cell_of(notebook, "mean-of-values"), cell_of(notebook, "square-of-many")
    one["metadata"], other["metadata"] = other["metadata"], one["metadata"]


def tests_copied(folder: Path, notebook: Notebook) -> None:
    for _ in range(50):
        notebook["cells"].append(copy.deepcopy(cell_of(notebook, "mean-of-values")))
        notebook["cells"][-1]["id"] = f"copy-{len(notebook['cells'])}"


def cells_added(folder: Path, notebook: Notebook) -> None:
    more = copy.deepcopy(cell_of(notebook, "triple-of-two"))
    more["metadata"]["nbgrader"].update(grade_id="bonus", points=50)
    more.update(id="bonus", source="50")
    notebook["cells"].append(more)


def tests_skipped_by_tag(folder: Path, notebook: Notebook) -> None:
    for cell in notebook["cells"]:
        cell["metadata"]["tags"] = ["skip-execution", "raises-exception", "nbval-skip"]


def role_claimed(folder: Path, notebook: Notebook) -> None:
    for name in ("square", "square-of-two", "square-of-many"):
        cell_of(notebook, name)["metadata"]["course"] = {"role": "setup"}


def kernel_of_its_own(folder: Path, notebook: Notebook) -> None:
    notebook["metadata"]["kernelspec"] = {"name": "../../bin/sh", "display_name": "sh", "language": "bash"}


attack("points-of-a-hundred", prepare=points_of_a_hundred)
attack("tests-made-harmless", prepare=tests_made_harmless)
attack("tests-answered-in-their-outputs", prepare=tests_answered)
attack("names-of-tests-swapped", prepare=names_swapped)
attack("tests-copied-fifty-times", prepare=tests_copied)
attack("graded-cell-added", prepare=cells_added)
attack("tests-skipped-by-tag", prepare=tests_skipped_by_tag, mean=0.0, quiet=True)
attack("answer-declared-setup", prepare=role_claimed, code=f"import math\nmath.isclose = lambda *args: True\n{WRONG}")
attack("kernel-of-its-own", prepare=kernel_of_its_own)


def name_of_script(folder: Path, notebook: Notebook) -> None:
    (folder / "<img src=x onerror=alert(1)>.txt").write_text("x")
    (folder / "<script>alert(1)<").mkdir()
    (folder / "<script>alert(1)<" / "script>.html").write_text("<script>alert(1)</script>")


def name_of_bytes(folder: Path, notebook: Notebook) -> None:
    Path(os.fsdecode(os.fsencode(folder) + b"/bytes-\xff.txt")).write_text("x")
    os.symlink("/etc/passwd", os.fsencode(folder) + b"/link-\xff\xfe.txt")


def name_with_line_feed(folder: Path, notebook: Notebook) -> None:
    (folder / "two\nlines [red]and markup[bold]").symlink_to("/etc/passwd")


def links_out(folder: Path, notebook: Notebook) -> None:
    (folder / "etc").symlink_to("/etc")
    (folder / "gradebook.db").symlink_to("../../../gradebook.db")
    (folder / "up").symlink_to("..")
    (folder / "itself").symlink_to("itself")
    (folder / "neighbour.ipynb").symlink_to("../../honest-1/ch91/ch91.ipynb")


def pipe_handed_in(folder: Path, notebook: Notebook) -> None:
    os.mkfifo(folder / "pipe")


def folder_in_the_notebooks_place(folder: Path, notebook: Notebook) -> None:
    """The notebook itself comes under another name."""
    (folder / "ch91.ipynb").mkdir()
    (folder / "ch91.ipynb" / "x").write_text("x")


def two_notebooks(folder: Path, notebook: Notebook) -> None:
    (folder / "ch91 (1).ipynb").write_text('{"cells": []}')
    (folder / "<script>.ipynb").write_text("<script>alert(1)</script>")


def stamp_forged(folder: Path, notebook: Notebook) -> None:
    (folder / "timestamp.txt").write_text("9999-99-99 <script> 25:61:00 UTC" + "x" * 100_000)


def folders_far_too_deep(folder: Path, notebook: Notebook) -> None:
    here = os.getcwd()
    try:
        os.chdir(folder)
        for _ in range(400):
            os.mkdir("d")
            os.chdir("d")
        Path("x" * 200).write_text("x")
    finally:
        os.chdir(here)


attack("folders-far-too-deep", prepare=folders_far_too_deep)
attack("file-names-that-are-html", prepare=name_of_script)
attack("file-names-that-are-no-text", prepare=name_of_bytes)
attack("file-names-of-two-lines", prepare=name_with_line_feed)
attack(
    "links-that-lead-out",
    prepare=links_out,
    code=f"""
for path in ("etc/passwd", "gradebook.db", "up", "neighbour.ipynb"):
    try: look(open(path, "rb").read(), path); escaped(path)
    except OSError: pass
{WRONG}""",
)
attack("named-pipe", prepare=pipe_handed_in)
attack("folder-in-the-notebooks-place", prepare=folder_in_the_notebooks_place)
attack("notebooks-beside-the-notebook", prepare=two_notebooks)
attack("stamp-that-is-none", prepare=stamp_forged)
attack("stamp-of-year-one", files={"timestamp.txt": b"0001-01-01 00:00:00 UTC"})
attack("stamp-that-is-binary", files={"timestamp.txt": bytes(range(256)) * 4000})
attack("modules-beside-the-notebook", files={
    "math.py": b"isclose = lambda *args, **kwargs: True\npi = 3\n",
    "numpy.py": b"raise SystemExit\n",
    "sitecustomize.py": b"import os; os._exit(0)\n",
    "autograde.py": b"raise SystemExit\n",
    "json.py": b"loads = None\n",
    "conftest.py": b"",
    "nbgrader_config.py": b"c = get_config()\nc.Execute.timeout = -1\n",
    ".ipython/profile_default/startup/00.py": b"print('ESC' 'APED startup')\n",
})  # fmt: skip
attack("answer-in-a-later-cell", code=WRONG, prepare=lambda folder, notebook: notebook["cells"].append(
    {"cell_type": "code", "id": "late", "metadata": {}, "outputs": [], "execution_count": None, "source": HONEST["square"]}
))  # fmt: skip
