"""Which names are the learner's follows from the course's own source."""

from typing import Any

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograde.grading.plan.cell_names import holds_only_imports, names_used
from autograde.grading.plan.roles import plan_cells


def cell(role: str, source: str, name: str = "c", points: float = 0) -> Any:
    settings = {"grade_id": name, "grade": role == "test", "solution": role == "solution", "points": points}
    return new_code_cell(source, metadata={"course": {"role": role}, "nbgrader": settings})


def foreign(source: str, **settings: Any) -> Any:
    return new_code_cell(source, metadata={"nbgrader": {"grade_id": "c", **settings}} if settings else {})


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("def f(a):\n    b = 1", "f"), ("class C:\n    x = 1", "C"), ("x = y = 1\nx.a = x[0] = 2", "x y"),
        ("(a, [b, *c]), d = z", "a b c d"), ("x += 1\ny: int = 2", "x y"), ("for i, j in z:\n    k = 1", "i j k"),
        ("with f() as (g, h):\n    pass", "g h"), ("import a.b, c as d\nfrom e import f as g", "a d g"),
        ("if (n := 3):\n    pass", "n"), ("[m := q for q in z]", "m"), ("def f():\n    global g\n    g = 1", "f g"),
        ("try:\n    x = 1\nexcept E as e:\n    y = 2", "x y"), ("lambda v: (w := v)", ""), ("async def f(): pass", "f"),
        ("match z:\n    case {'a': a, **r}:\n        pass\n    case [b, *c]:\n        pass\n    case k:\n        pass", "a r b c k"),
        ("%magic\nx = 1", "x"), ("not python", ""),
    ],
)  # fmt: skip
def test_names_that_a_cell_assigns(source: str, names: str) -> None:
    assert names_used(source).assigned == set(names.split())


def test_names_that_a_helper_reads_are_known_by_its_name() -> None:
    used = names_used("def helper(x):\n    return softmax(x) + inner()\nassert helper(1)")
    assert used.defined == {"helper": {"softmax", "inner"}} and "softmax" in used.loaded


def test_the_names_of_solutions_and_given_cells_are_remote_until_a_test_takes_them() -> None:
    plan = plan_cells(new_notebook(cells=[
        cell("setup", "import numpy as np\ntable = 1"),
        new_markdown_cell("prose"),
        cell("solution", "import math\ndef f(): pass"),
        cell("free", "noise = 1"),
        cell("test", "value = f()", "t1", 2),
        cell("given", "value = f()\nnetwork = 1"),
        cell("test", "network = f()", "t2", 1),
        cell("test", "pass", "t3", 0.5),
    ]))  # fmt: skip
    tests = {planned.grade_id: planned for planned in plan if planned.role == "test"}
    assert tests["t1"].remote == {"f", "value", "network"} and tests["t1"].points == 2
    assert tests["t2"].remote == {"f", "value", "network"}
    assert tests["t3"].remote == {"f", "value"}
    assert [planned.imports for planned in plan if planned.imports] == ["import math"]


def test_in_a_foreign_course_cells_of_imports_are_setup_and_all_others_the_learners() -> None:
    plan = plan_cells(new_notebook(cells=[
        foreign('"""Imports"""\n%matplotlib inline\nimport os\nfrom a import b'),
        foreign("x = 1"),
        foreign("def f(): pass", grade=False, solution=True, locked=False),
        foreign("assert f()", grade=True, solution=False, locked=True, points=2),
        foreign("essay = 1", grade=True, solution=True, locked=False, points=2),
    ]))  # fmt: skip
    assert [planned.role for planned in plan] == ["setup", "given", "solution", "test", "solution"]
    assert plan[3].remote == {"x", "f", "essay"}


@pytest.mark.parametrize(("source", "yes"), [("import a", True), ("", False), ("# only\n", False), ("import a\nx = 1", False),
                                             ("from a import *", True), ("%run x", False), ("def", False)])  # fmt: skip
def test_imports_only(source: str, yes: bool) -> None:
    assert holds_only_imports(source) is yes
