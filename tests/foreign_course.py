"""A foreign nbgrader course: no course.toml, stock settings, two notebooks, hidden tests, manual cells, files beside them.

What the tests of parity grade twice, once with stock nbgrader and once with the engine.
"""

import atexit
import functools
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from sqlalchemy import create_engine, text
from warm_command import NBGRADER, run_warm

CONFIG = """\
c = get_config()
c.CourseDirectory.course_id = "foreign"
c.CourseDirectory.root = {root!r}
{more}
c.ClearSolutions.code_stub = {{"python": "raise NotImplementedError()"}}
"""
DUE = "2026-01-31 12:00:00 UTC"
STAMPS = {"late": "2026-02-02 15:00:00 UTC", "early": "2026-01-30 10:00:00 UTC"}


def mark(name: str, **flags: Any) -> dict[str, Any]:
    """nbgrader's metadata, schema 3."""
    blank = {"grade": False, "solution": False, "locked": False, "task": False, "schema_version": 3, "grade_id": name}
    return {"nbgrader": {**blank, **flags}}


def answer(name: str, source: str, **flags: Any) -> NotebookNode:
    return new_code_cell(source, id=name, metadata=mark(name, solution=True, **flags))


def check(name: str, source: str, points: float = 1) -> NotebookNode:
    return new_code_cell(source, id=name, metadata=mark(name, grade=True, locked=True, points=points))


def source_notebooks() -> dict[str, NotebookNode]:
    """The source notebooks by name: every kind of cell that nbgrader knows."""
    first = new_notebook(
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
        cells=[
            new_markdown_cell("# Part one", id="title"),
            new_code_cell("import math\nimport helper", id="setup", metadata=mark("setup", locked=True)),
            answer("square", "def square(x):\n    ### BEGIN SOLUTION\n    return x * x\n    ### END SOLUTION"),
            check("square-test", "assert square(2) == 4\n### BEGIN HIDDEN TESTS\nassert square(-3) == 9\n### END HIDDEN TESTS", 2),
            answer("area", "def area(r):\n    ### BEGIN SOLUTION\n    return math.pi * r ** 2\n    ### END SOLUTION"),
            check("area-test", "round(3 * sum(abs(area(r) - helper.PI * r * r) < 0.1 for r in (1, 2)) / 2, 1)", 3),
            answer("total", "def total():\n    ### BEGIN SOLUTION\n    return sum(int(v) for v in open('data.csv'))\n    ### END SOLUTION"),
            check("total-test", "assert total() == 6"),
            new_markdown_cell("### BEGIN SOLUTION\nBecause.\n### END SOLUTION", id="why",
                              metadata=mark("why", grade=True, solution=True, points=5)),
            new_code_cell("### BEGIN SOLUTION\nplot = 1\n### END SOLUTION", id="plot",
                          metadata=mark("plot", grade=True, solution=True, points=4)),
            new_markdown_cell("Do this.", id="task", metadata=mark("task", task=True, locked=True, points=2)),
        ],
    )  # fmt: skip
    second = new_notebook(
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
        cells=[
            answer("count", "### BEGIN SOLUTION\ncount = 10\n### END SOLUTION"),
            check("count-test", "assert count == 10"),
            check("noted-test", "print('a note'); count"),
            answer("name", "### BEGIN SOLUTION\nname = 'x'\n### END SOLUTION"),
            check("name-test", "assert name == 'x', 'look at `name`'", 2),
        ],
    )
    second.cells[2].source = "print('a note')\nmin(count, 10) / 10"
    return {"p1": first, "p2": second}


ANSWERS: dict[str, dict[str, str]] = {
    "honest": {
        "square": "def square(x):\n    return x * x",
        "area": "import numpy as np\ndef area(r):\n    return np.pi * r ** 2",
        "total": "def total():\n    return sum(map(int, open('data.csv')))",
        "why": "So that it works.",
        "plot": "import matplotlib.pyplot as plt\nplt.plot([1, 2]);",
        "count": "count = 10",
        "name": "name = 'x'",
    },
    "empty": {},
    "partial": {"square": "square = lambda x: 2 * x", "area": "def area(r):\n    return 3.14 * r * (r > 1) * r", "count": "count = 3"},
    "broken": {"square": "def square(x:\n    return", "count": "raise ValueError('no')", "name": "1 / 0"},
    "noisy": {
        "square": "import sys, warnings\ndef square(x):\n    print('called', x)\n    return x * x",
        "area": "import asyncio, math\nawait asyncio.sleep(0)\nasync def later():\n    return math.pi\nPI = await later()\ndef area(r):\n    return PI * r * r",
        "total": "!echo shell\n%timeit -n1 -r1 pass\nfrom IPython.display import display, clear_output\ndisplay({'a': 1})\nclear_output(wait=True)\ndef total():\n    return 6",
        "count": "import threading\nthread = threading.Thread(target=print, args=('x',))\nthread.start(); thread.join()\ncount = 10",
        "name": "from ipywidgets import IntSlider, Output\nout = Output()\nwith out:\n    print('inside')\ndisplay(IntSlider())\nname = 'x'",
    },
    "asks": {"square": "x = input()\ndef square(x):\n    return x * x", "count": "count = 10", "name": "get_ipython().run_cell('name = \"x\"');"},
    "complains": {"square": "import sys\ndef square(x):\n    print('careful', file=sys.stderr)\n    return x * x"},
    "one": {"count": "count = 10"},
    "files": {"total": "import extra\ndef total():\n    open('made.txt', 'w').write('x')\n    return extra.SIX"},
}  # fmt: skip
LATE = {"late": "honest", "late-and-wrong": "partial"}
AGAIN = {"again": ("partial", "honest"), "worse": ("honest", "empty")}


def build(root: Path, more: str = "") -> Path:
    """Write the course, generate the assignment, set its due date; nbgrader's own commands do it, once for all copies."""
    if "db_url" in more:  # a gradebook that is no file
        return _generate(root, more)
    shutil.copytree(_pristine(), root, dirs_exist_ok=True)
    _configure(root, more)
    return root


@functools.cache
def _pristine() -> Path:
    folder = tempfile.mkdtemp(prefix="foreign-course-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return _generate(Path(folder))


def _configure(root: Path, more: str) -> None:
    (root / "nbgrader_config.py").write_text(CONFIG.format(root=str(root), more=more), encoding="utf-8")


def _generate(root: Path, more: str = "") -> Path:
    source = root / "source" / "ps1"
    source.mkdir(parents=True)
    _configure(root, more)
    for name, notebook in source_notebooks().items():
        nbformat.write(notebook, source / f"{name}.ipynb")
    (source / "data.csv").write_text("1\n2\n3\n")
    (source / "helper.py").write_text("PI = 3.14159265\n")
    nbgrader(root, "generate_assignment", "ps1", "--force")
    nbgrader(root, "db", "assignment", "add", "ps1", f"--duedate={DUE}")
    return root


def submit(root: Path, student: str, kind: str, stamp: str = STAMPS["early"]) -> None:
    """Hand in what ``ANSWERS[kind]`` says."""
    folder = root / "submitted" / student / "ps1"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(root / "release" / "ps1", folder)
    for path in folder.glob("*.ipynb"):
        notebook = nbformat.read(path, as_version=4)
        for cell in notebook.cells:
            name = cell.metadata.get("nbgrader", {}).get("grade_id")
            if name in ANSWERS[kind]:
                cell.source = ANSWERS[kind][name]
        nbformat.write(notebook, path)
    if kind == "one":
        (folder / "p1.ipynb").unlink()
    if kind == "files":
        (folder / "extra.py").write_text("SIX = 6\n")
        (folder / "data.csv").write_text("the course's own data comes back\n")
    (folder / "timestamp.txt").write_text(stamp)


def submit_all(root: Path) -> None:
    """A submission of every kind; those that are handed in again, the first time."""
    for kind in ANSWERS:
        submit(root, kind, kind)
    for student, kind in LATE.items():
        submit(root, student, kind, STAMPS["late"])
    for student, (kind, _) in AGAIN.items():
        submit(root, student, kind)


def submit_again(root: Path) -> None:
    """The second attempts."""
    for student, (_, kind) in AGAIN.items():
        submit(root, student, kind, "2026-01-30 22:00:00 UTC")


def nbgrader(root: Path, *words: str, check: bool = True) -> "subprocess.CompletedProcess[str]":
    """Run stock nbgrader in `root`."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    run = run_warm(NBGRADER, words, root, {"PATH": path}, 600)
    if check:
        run.check_returncode()
    return run


ROWS = {
    "grade": "SELECT st.id, n.name, c.name, g.auto_score, g.manual_score, g.extra_credit, g.needs_manual_grade "
    "FROM grade g JOIN submitted_notebook sn ON g.notebook_id = sn.id JOIN notebook n ON sn.notebook_id = n.id "
    "JOIN submitted_assignment sa ON sn.assignment_id = sa.id JOIN student st ON sa.student_id = st.id "
    "JOIN base_cell c ON g.cell_id = c.id",
    "comment": "SELECT st.id, n.name, c.name, m.auto_comment, m.manual_comment "
    "FROM comment m JOIN submitted_notebook sn ON m.notebook_id = sn.id JOIN notebook n ON sn.notebook_id = n.id "
    "JOIN submitted_assignment sa ON sn.assignment_id = sa.id JOIN student st ON sa.student_id = st.id "
    "JOIN base_cell c ON m.cell_id = c.id",
    "submission": "SELECT st.id, a.name, sa.timestamp, sa.extension FROM submitted_assignment sa "
    "JOIN student st ON sa.student_id = st.id JOIN assignment a ON sa.assignment_id = a.id",
    "penalty": "SELECT st.id, n.name, sn.late_submission_penalty FROM submitted_notebook sn "
    "JOIN notebook n ON sn.notebook_id = n.id JOIN submitted_assignment sa ON sn.assignment_id = sa.id "
    "JOIN student st ON sa.student_id = st.id",
}


def rows(url: str | Path) -> dict[str, list[str]]:
    """All grade, comment, submission and penalty rows of a gradebook, keyed by names, sorted."""
    engine = create_engine(url if "://" in str(url) else f"sqlite:///{url}")
    try:
        with engine.connect() as connection:
            return {
                kind: sorted(json.dumps(list(row), default=str) for row in connection.execute(text(query)))
                for kind, query in ROWS.items()
            }
    finally:
        engine.dispose()
