"""A test that asks for what the wire cannot carry is named before grading, and loses nobody a point in silence."""

from pathlib import Path

import foreign_course
import pytest
from foreign_course import check
from mini_course import REPOSITORY, Course
from nbformat.v4 import new_code_cell, new_notebook
from test_examiner_foreign import KERNEL, cells_of, graded, hand_in, solution, write_course

from autograde.authoring.chapter import parse_chapter
from autograde.authoring.source import source_notebook
from autograde.grading.plan.beyond import asking_beyond, with_beyond
from autograde.grading.plan.roles import plan_cells

ANSWER = """\
import random, pathlib
import matplotlib.pyplot as plt
rate = 2
def f(x): return rate * x
def hello(): print("hello")
def ask(): return input("name? ")
def roll(): return random.randint(1, 6)
def plot(): plt.plot([1, 2])
def lines(path): return len(pathlib.Path(path).read_text().splitlines())
class Point: pass
def save(): pathlib.Path("out.csv").write_text("1")
"""


def beyond(test: str, answer: str = ANSWER, files: tuple[str, ...] = ("data.csv",)) -> str:
    notebook = new_notebook(cells=[solution("answer", answer), check("t", test)])
    return dict(asking_beyond(with_beyond({one.grade_id: one for one in plan_cells(notebook)}, files))).get("t", "")


@pytest.mark.parametrize(
    ("test", "said"),
    [
        ("import io, contextlib\nout = io.StringIO()\nwith contextlib.redirect_stdout(out):\n    hello()\nassert out.getvalue() == 'hello\\n'", "line 3 catches"),
        ("import sys, io\nsys.stdin = io.StringIO('ann')\nassert ask() == 'ann'", "line 2 replaces sys.stdin"),
        ("from unittest.mock import patch\nwith patch('builtins.input', lambda q: 'ann'):\n    assert ask() == 'ann'", "line 2 replaces something by a mock"),
        ("from unittest import mock\nwith mock.patch.object(f, 'x'):\n    f(1)", "line 2 replaces something by a mock"),
        ("import random\nrandom.seed(0)\nassert roll() == 4", "line 2 sets the seed"),
        ("import matplotlib.pyplot as plt\nplot()\nassert plt.gca().lines", "line 3 looks at the figure"),
        ("import inspect\nassert 'for' not in inspect.getsource(f)", "line 2 reads the text"),
        ("assert f.__code__.co_argcount == 1", "line 1 reads f.__code__"),
        ("assert type(f).__name__ == 'function'", "line 1 asks for type(f)"),
        ("p = Point()\nassert isinstance(p, Point)", "line 2 asks isinstance"),
        ("rate = 3\nassert f(1) == 3", "line 1 assigns rate, which f reads"),
        ("before = f\nbefore = f(1)\nrate = before\nassert f(1) == 4", "line 3 assigns rate, which f reads"),
        ("before = rate\nbefore = 3\nrate = before\nassert f(1) == 3", "line 3 assigns rate, which f reads"),
        ("with open('t.txt', 'w') as file:\n    file.write('a')\nassert lines('t.txt') == 1", "line 1 writes a file"),
        ("import pathlib\npathlib.Path('t').write_text('a')\nassert lines('t') == 1", "line 2 writes a file"),
        ("save()\nassert open('out.csv').read() == '1'", "line 2 names the file 'out.csv'"),
        ("assert f(1) == 2\n!ls", "line 2 is IPython's: !ls"),
        ("x = %pwd\nassert x", "line 1 is IPython's"),
        ("%%capture said\nhello()", "line 1 is IPython's"),
        ("import asyncio\nawait asyncio.sleep(0)", "line 2 waits"),
        ("assert 'def' in In[-2]", "line 1 uses In"),
        ("get_ipython().run_line_magic('ls', '')", "line 1 uses get_ipython"),
        ("import no_such_module_here\nassert f(1) == 2", "line 1 imports no_such_module_here"),
    ],
)  # fmt: skip
def test_what_cannot_cross_is_named_by_its_line(test: str, said: str) -> None:
    assert beyond(test).startswith(said)


@pytest.mark.parametrize(
    "test",
    [
        "import numpy as np\nnp.random.seed(0)\nx = np.random.rand()\nassert f(x) == 2 * x",
        "%matplotlib inline\nassert f(1) == 2",
        "before = rate\ndel rate\ntry:\n    f(1)\nexcept NameError:\n    pass\nfinally:\n    rate = before",
        "for _ in range(3):\n    assert f(_) == 2 * _",
        "value = f(1)\nassert isinstance(value, int) and type(value) is int and value == 2",
        "async def later():\n    await other()\nassert callable(f) and f.__doc__ is None",
        "assert open('data.csv').read()",
        "try:\n    import no_such_module_here\nexcept ImportError:\n    pass",
        "import contextlib, io\nwith contextlib.redirect_stdout(io.StringIO()):\n    print('own')",
        "not python",
    ],
)
def test_what_crosses_is_no_matter(test: str) -> None:
    answer = ANSWER.replace("import random, pathlib", "import pathlib").replace("random.randint(1, 6)", "4")
    assert beyond(test, answer) == ""


@pytest.mark.parametrize("path", sorted((REPOSITORY / "notebooks").glob("ch*.py")), ids=lambda path: path.stem)
def test_no_chapter_of_ours_asks_for_it(path: Path) -> None:
    plan = plan_cells(source_notebook(parse_chapter(path.read_text(encoding="utf-8"), str(path))))
    assert dict(asking_beyond(with_beyond({one.grade_id: one for one in plan}, ()))) == {}
    assert all(one.remote == one.owed for one in plan)


@pytest.mark.slow
def test_such_tests_are_told_before_grading_and_wait_for_a_person(
    tmp_path: Path, course: Course, programs_of_this_environment: None
) -> None:
    root = write_course(tmp_path, {"p1": new_notebook(metadata=KERNEL, cells=[
        new_code_cell("from fractions import Fraction\nimport contextlib, io"),
        solution("half", "def half(x):\n    return Fraction(x, 2)\ndef hello():\n    print('hello')\ndef two():\n    return 2"),
        check("half-t", "assert half(1) == Fraction(1, 2)"),
        check("hello-t", "out = io.StringIO()\nwith contextlib.redirect_stdout(out):\n    hello()\nassert out.getvalue() == 'hello\\n'"),
        check("two-t", "assert two() == 2"),
        check("file-t", "assert open('never-written.txt')"),
    ])})  # fmt: skip
    foreign_course.nbgrader(root, "generate_assignment", "ps1")
    hand_in(
        root,
        "right",
        {
            "half": "def half(x):\n    return Fraction(x) / 2\ndef hello():\n    print('hello')\ndef two():\n    return 2"
        },
    )
    hand_in(
        root,
        "wrong",
        {"half": "def half(x):\n    return x / 2\ndef hello():\n    print('hi')\ndef two():\n    return 3"},
    )
    hand_in(root, "blank", {})
    run = course("grade", "ps1", "--course-dir", str(root), "--isolation", "examiner", timeout=300)
    told = [line for line in run.stderr.splitlines() if "--isolation shared" in line]
    assert len(told) == 2, run.stderr
    assert told[0].startswith(
        "p1: the test half-t needs what the examiner cannot carry (the course's own answer earns 0 of 1"
    )
    assert told[1].startswith("p1: the test hello-t needs what the examiner cannot carry (line 2 catches")
    rows, found = graded(root, course), cells_of(root)
    points = {key: auto for key, (auto, _) in found.items()}
    assert [points["right", f"{name}-t"] for name in ("half", "hello", "two", "file")] == [None, None, 1.0, None]
    assert points["wrong", "hello-t"] is None and points["wrong", "two-t"] == 0.0
    assert {points["blank", f"{name}-t"] for name in ("half", "hello", "two")} == {0.0}
    assert found["right", "half-t"][1] and found["wrong", "hello-t"][1] and rows["right"]["status"] == "review"
    said = {reason["en"]: reason["zh"] for reason in rows["right"]["reasons"]}
    assert any("half-t" in en and "cannot carry" in en for en in said)
    assert all(zh.endswith("需人工评分。") for zh in said.values())
    shared = graded(root, course, "--isolation", "shared", "--force")
    assert shared["right"]["score"] == 3
