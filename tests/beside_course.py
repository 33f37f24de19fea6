"""A foreign nbgrader course whose cells use what lies beside them: modules, a package, data, scripts, other notebooks.

Six learners hand in the same answers, right or wrong, and do something to the course's files.
"""

import json
import shutil
from pathlib import Path

import foreign_course
import nbformat
from foreign_course import answer, check, mark
from mini_course import write
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

CONFIG = """\
c = get_config()
c.CourseDirectory.course_id = "beside"
c.ClearSolutions.code_stub = {"python": "raise NotImplementedError()"}
"""
FILES = {
    "helper.py": "PI = 3\nfrom tools.text import shout\ndef near(a, b):\n    return abs(a - b) < 1e-9\n",
    "constants.py": "LIMIT = 7\n",
    "tools/__init__.py": "",
    "tools/text.py": "def shout(word):\n    return word.upper() + '!'\n",
    "data/values.csv": "1\n2\n3\n",
    "queue_of_words.txt": "one two three",
}
BASE = [
    new_code_cell("RATE = 3\ndef scaled(x):\n    return RATE * x", id="base", metadata=mark("base", locked=True)),
    answer("offset", "### BEGIN SOLUTION\noffset = 5\n### END SOLUTION"),
    check("offset-test", "assert offset\n### BEGIN HIDDEN TESTS\nassert offset == 5  # 'hidden-in-base'\n### END HIDDEN TESTS"),
]  # fmt: skip
MAIN = [
    new_code_cell("import math\nimport json", id="unmarked-imports"),
    new_code_cell("import helper\nfrom tools.text import shout", id="setup", metadata=mark("setup", locked=True)),
    new_code_cell("%run 00-base.ipynb", id="run-base"),
    new_code_cell("%run constants.py", id="run-constants"),
    answer("area", "def area(r):\n    ### BEGIN SOLUTION\n    return helper.PI * r * r\n    ### END SOLUTION"),
    check("area-test", "assert helper.near(area(1), helper.PI)\n### BEGIN HIDDEN TESTS\nassert helper.near(area(2), 4 * helper.PI)  # 'hidden-in-main'\n### END HIDDEN TESTS", 2),
    answer("total", "def total():\n    ### BEGIN SOLUTION\n    return sum(map(int, open('data/values.csv')))\n    ### END SOLUTION"),
    check("total-test", "with open('data/values.csv') as lines:\n    assert total() == sum(map(int, lines))"),
    answer("greet", "def greet(name):\n    ### BEGIN SOLUTION\n    return shout(name)\n    ### END SOLUTION"),
    check("greet-test", "import tools.text\nassert greet('ada') == tools.text.shout('ada')"),
    answer("y", "### BEGIN SOLUTION\ny = scaled(2) + LIMIT\n### END SOLUTION"),
    check("y-test", "assert y == 6 + LIMIT"),
    answer("n", "### BEGIN SOLUTION\nn = len(json.load(open('01-main.ipynb'))['cells'])\n### END SOLUTION"),
    check("n-test", "assert n >= 14"),
    new_markdown_cell("### BEGIN SOLUTION\nBecause.\n### END SOLUTION", id="why", metadata=mark("why", grade=True, solution=True, points=3)),
]  # fmt: skip
RIGHT = {
    "offset": "offset = 5",
    "area": "def area(r):\n    return helper.PI * r * r",
    "total": "def total():\n    return sum(map(int, open('data/values.csv')))",
    "greet": "def greet(name):\n    return shout(name)",
    "y": "y = scaled(2) + LIMIT",
    "n": "n = len(json.load(open('01-main.ipynb'))['cells'])",
    "why": "So that it works.",
}
WRONG = {
    "offset": "offset = 4",
    "area": "def area(r):\n    return 0",
    "total": "def total():\n    return 0",
    "greet": "def greet(name):\n    return name",
    "y": "y = 0",
    "n": "n = 0",
    "why": "No.",
}
LIAR = "PI = 0\nshout = str\ndef near(a, b):\n    return True\n"
LYING: dict[str, dict[str, str]] = {
    "untouched": {},
    "changed": {"helper.py": LIAR, "tools/text.py": "shout = str\n", "data/values.csv": "0\n", "constants.py": "LIMIT = -6\n"},
    "shadowed": {
        "helper/__init__.py": LIAR,
        "helper.so": "no library",
        "tools/text/__init__.py": "shout = str\n",
        "tools.py": "raise SystemExit",
        "json.py": "raise SystemExit",
        "math/__init__.py": "raise SystemExit",
        "__pycache__/helper.cpython-311.pyc": "no code",
        "00-base/x.txt": "",
        "data/values.csv/x.txt": "",
    },
    "deleted": {},
}  # fmt: skip


def notebooks() -> dict[str, NotebookNode]:
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    return {name: new_notebook(metadata=kernel, cells=cells) for name, cells in (("00-base", BASE), ("01-main", MAIN))}


def build(root: Path) -> Path:
    """Write the course and generate the assignment."""
    source = root / "source" / "ps1"
    for path, text in FILES.items():
        write(source / path, text)
    write(root / "nbgrader_config.py", CONFIG)
    for name, notebook in notebooks().items():
        nbformat.write(notebook, source / f"{name}.ipynb")
    foreign_course.nbgrader(root, "generate_assignment", "ps1")
    for kind in LYING:
        submit(root, f"right-{kind}", RIGHT, kind)
        submit(root, f"wrong-{kind}", WRONG, kind)
    return root


def submit(root: Path, student: str, answers: dict[str, str], kind: str) -> Path:
    """Hand in `answers`, with what :data:`LYING` does to the files beside them."""
    folder = shutil.copytree(root / "release" / "ps1", root / "submitted" / student / "ps1")
    for path in folder.glob("*.ipynb"):
        notebook = nbformat.read(path, as_version=4)
        for cell in notebook.cells:
            name = cell.metadata.get("nbgrader", {}).get("grade_id")
            cell.source = answers.get(name, cell.source)
        nbformat.write(notebook, path)
    if kind in ("deleted", "shadowed"):
        for path in FILES:
            (folder / path).unlink()
    for path, text in LYING[kind].items():
        if path.startswith("tools/text/") or not (folder / path).is_dir():
            write(folder / path, text)
    return folder


def scores(root: Path) -> dict[str, dict[str, float | None]]:
    """Automatic points by learner and cell."""
    found: dict[str, dict[str, float | None]] = {}
    for row in foreign_course.rows(root / "gradebook.db")["grade"]:
        student, _, cell, score, *_ = json.loads(row)
        found.setdefault(student, {})[cell] = score
    return found
