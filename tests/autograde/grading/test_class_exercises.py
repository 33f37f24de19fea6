"""A foreign course whose exercises are a class, a generator and a number, graded by `course grade` under the examiner."""

import json
import subprocess
import sys

import nbformat
import pytest
from mini_course import COMMAND
from nbformat.v4 import new_code_cell, new_notebook

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="submissions are confined on Linux only")

VECTOR = """\
class Vector:
    def __init__(self, x, y):
        self.x, self.y = x, y
    def __add__(self, other):
        return Vector(self.x + other.x, self.y + other.y)
    def __sub__(self, other):
        return Vector(self.x - other.x, self.y - other.y)
    def __abs__(self):
        return self.norm()
    def __len__(self):
        return 2
    def __getitem__(self, i):
        return (self.x, self.y)[i]
    def norm(self):
        return (self.x**2 + self.y**2) ** 0.5
"""
FIB = "def fib(n):\n    a, b = 0, 1\n    for _ in range(n):\n        yield a\n        a, b = b, a + b\n"
MEAN = "def mean(values):\n    return sum(values) / len(values)\n"
TESTS = {
    "vector": "v = Vector(3, 4) + Vector(0, 0)\nassert v.x == 3 and v[1] == 4 and len(v) == 2\n"
    "assert abs(v) == 5 and abs((v - v).norm()) < 1e-9\nassert abs(v.norm() - 5) < 1e-9",
    "fib": "assert list(fib(6)) == [0, 1, 1, 2, 3, 5] and sum(fib(4)) == 4\nassert next(fib(3)) == 0",
    "mean": "assert abs(mean([1, 2, 6]) - 3) < 1e-9",
}
ANY = """\
class Any:
    def __sub__(self, other): return 0.0
    def __abs__(self): return 0.0
    def __lt__(self, other): return True
    def __eq__(self, other): return True
    def __iter__(self): return iter([0, 1, 1, 2, 3, 5])
    def __next__(self): return 0
    __hash__ = None
"""


def cell(name: str, source: str, **settings: object) -> nbformat.NotebookNode:
    plain = {"grade": False, "solution": False, "locked": True, "schema_version": 3, "task": False, "cell_type": "code"}
    return new_code_cell(source, id=name, metadata={"nbgrader": {**plain, "grade_id": name, **settings}})


def in_region(source: str) -> str:
    head, body = source.split("\n", 1)
    return f"{head}\n    ### BEGIN SOLUTION\n{body}    ### END SOLUTION\n"


@pytest.fixture(scope="module")
def graded(
    tmp_path_factory: pytest.TempPathFactory, programs_of_this_environment: None
) -> dict[str, dict[str, object]]:
    root = tmp_path_factory.mktemp("foreign")
    (root / "source" / "ps1").mkdir(parents=True)
    cells = []
    for name, answer in (("vector", VECTOR), ("fib", FIB), ("mean", MEAN)):
        cells.append(cell(name, in_region(answer), solution=True, locked=False))
        cells.append(cell(f"{name}-test", TESTS[name], grade=True, points=1))
    notebook = new_notebook(cells=cells, metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}})
    nbformat.write(notebook, root / "source" / "ps1" / "p1.ipynb")
    (root / "nbgrader_config.py").write_text("c = get_config()\nc.CourseDirectory.course_id = 'x'\n")
    subprocess.run(
        [sys.executable, "-m", "nbgrader", "generate_assignment", "ps1"], cwd=root, check=True, capture_output=True
    )
    any_norm = VECTOR.replace("return (self.x**2 + self.y**2) ** 0.5", "return Any()")
    for student, answers in {
        "honest": (VECTOR, FIB, MEAN),
        "objects": (ANY + any_norm, "def fib(n): return Any()", "def mean(values): return Any()"),
        "itself": (VECTOR.replace("return (self.x**2 + self.y**2) ** 0.5", "return self"), FIB, ANY + "mean = Any()"),
    }.items():
        written = nbformat.read(root / "release" / "ps1" / "p1.ipynb", 4)
        for found in written.cells:
            found.source = dict(zip(("vector", "fib", "mean"), answers, strict=True)).get(found.id, found.source)
        (root / "submitted" / student / "ps1").mkdir(parents=True)
        nbformat.write(written, root / "submitted" / student / "ps1" / "p1.ipynb")
    command = [
        *COMMAND,
        "grade",
        "ps1",
        "--course-dir",
        str(root),
        "--isolation",
        "examiner",
        "--json",
        str(root / "o"),
    ]
    subprocess.run(command, check=False, capture_output=True, timeout=300)
    return {row["student"]: row for row in json.loads((root / "o").read_text())}


def scores(row: dict) -> dict[str, float]:
    return {one["grade_id"]: one["score"] for notebook in row["notebooks"] for one in notebook["cells"]}


def test_an_honest_answer_earns_all_points(graded: dict[str, dict]) -> None:
    assert scores(graded["honest"]) == {"vector-test": 1, "fib-test": 1, "mean-test": 1}
    assert (graded["honest"]["status"], graded["honest"]["reasons"]) == ("graded", [])


def test_objects_in_place_of_numbers_earn_nothing_and_accuse_no_test(graded: dict[str, dict]) -> None:
    assert scores(graded["objects"]) | {"fib-test": 0} == {"vector-test": 0, "fib-test": 0, "mean-test": 0}
    assert scores(graded["itself"]) == {"vector-test": 0, "fib-test": 1, "mean-test": 0}
    for student in ("objects", "itself"):
        assert graded[student]["status"] == "graded", graded[student]["reasons"]
        assert "test-fault" not in {reason["code"] for reason in graded[student]["reasons"]}
