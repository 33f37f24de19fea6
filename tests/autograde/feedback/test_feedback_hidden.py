"""What a learner's process learns from a hidden test reaches no page: not by what it prints, raises, returns or writes."""

import json
import shutil
from pathlib import Path

import nbformat
import pytest
from feedback_pages import dangers
from mini_course import COMMAND, write_course

from autograde.feedback.command import write_feedback
from autograde.grading.batch import grade_batch
from autograde.settings.course_folder import CourseFolder

CHAPTER = '''\
"""A chapter whose second test is hidden."""
# %% [markdown] lang="en"
# # Second
# %% [markdown] lang="zh"
# # 第二
# %%
print("before any test")
handle = display("a first display", display_id="early")
# %% solution="square"
def square(x):
    ### BEGIN SOLUTION
    return x * x
    ### END SOLUTION
# %% test="square-public" points=1
value = square(2)
assert value == 4, f"[ch91-OPEN] 公开：{value} / public: square(2) gave {value}"
# %% test="square-hidden" points=2
assert square(0) == 0, "[ch91-ZERO] 零 / wrong at nought"
### BEGIN HIDDEN TESTS
for x in (31337.5, 27182.5):
    got = square(x)
    assert got == x * x, f"[ch91-MANY] 平方不对：{got} / wrong for many numbers: it gave {got}"
### END HIDDEN TESTS
# %% solution="cube"
def cube(x):
    ### BEGIN SOLUTION
    return x * x * x
    ### END SOLUTION
# %% test="cube-public" points=1
assert cube(2) == 8, "[ch91-CUBE] 立方 / look again at `cube`"
# %%
print("free play")
'''
NUMBERS = ("31337", "27182")
RIGHT = "def cube(x):\n    return x * x * x"
KEEP = "seen = []\ndef square(x):\n    seen.append(x)\n    return x * x\n"
SHOW = "' '.join(map(str, globals().get('seen', [])))"
DUMPS = {  # of `square`, `cube` and the last free cell
    "prints": ("def square(x):\n    print(x)\n    return x * x", RIGHT, "pass"),
    "prints-later": (KEEP, RIGHT, f"print({SHOW})"),
    "answers-later": (KEEP, RIGHT + f"\nprint({SHOW})", "pass"),
    "warns-later": (KEEP, RIGHT, f"import sys, warnings, logging\nwarnings.warn({SHOW})\nlogging.error({SHOW})\nprint({SHOW}, file=sys.stderr)"),
    "displays-later": (KEEP, RIGHT, f"from IPython.display import HTML, Markdown\ndisplay(HTML({SHOW}), Markdown({SHOW}), {SHOW})\n{SHOW}"),
    "updates-an-early-display": (KEEP, RIGHT, f"handle.update({SHOW})\nfrom IPython.display import update_display\nupdate_display({SHOW}, display_id='early')"),
    "raises-later": (KEEP, RIGHT, f"raise ValueError({SHOW})"),
    "raises": ("def square(x):\n    if x > 4: raise ValueError(f'no {x}')\n    return x * x", RIGHT, "pass"),
    "raises-a-class": ("def square(x):\n    if x > 4: raise type(f'E{x}'.replace('.', '_'), (Exception,), {})()\n    return x * x", RIGHT, "pass"),
    "raises-a-chain": ("def square(x):\n    error = ValueError(f'{x}')\n    error.add_note(f'{x}')\n    if x > 4: raise KeyError(repr(x)) from error\n    return x * x", RIGHT, "pass"),
    "raises-in-the-next-public-test": (KEEP, f"def cube(x):\n    raise ValueError({SHOW})", "pass"),
    "forges-its-lines": ("import linecache\ndef square(x):\n    if x > 4:\n        for name in list(linecache.cache): linecache.cache[name] = (1, None, [f'{x}'] * 40, name)\n        raise ValueError\n    return x * x", RIGHT, "pass"),
    "names-its-function": ("def square(x):\n    if x > 4:\n        inner = lambda: 1 / 0\n        inner.__code__ = inner.__code__.replace(co_name=f'at{x}'.replace('.', '_'))\n        inner()\n    return x * x", RIGHT, "pass"),
    "returns": ("def square(x):\n    return f'it was {x}' if x > 4 else x * x", RIGHT, "pass"),
    "writes-a-page": (KEEP + "def keep(): open('dump.html', 'w').write(' '.join(map(str, seen)))\n", RIGHT, "keep()"),
    "breaks-the-kernel": (KEEP, RIGHT, f"import os, json, glob\ntold = json.dumps({{'msg_type': 'crash', 'content': {{'text': {SHOW}}}}})\nfor number in range(3, 40):\n    try: os.write(number, told.encode() + b'\\n')\n    except OSError: pass"),
}  # fmt: skip


def hand_in(root: Path, student: str, square: str, cube: str, last: str, name: str = "ch91") -> None:
    folder = root / "gradebook" / "submitted" / student / "ch91"
    folder.mkdir(parents=True, exist_ok=True)
    notebook = nbformat.read(root / "release" / "en" / "ch91" / "ch91.ipynb", as_version=4)
    for cell in notebook.cells:
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
        cell.source = {"square": square, "cube": cube}.get(grade_id, cell.source)
    notebook.cells[-1].source = last
    notebook.cells[-1].outputs = [nbformat.v4.new_output("stream", name="stdout", text="as seen at home")]
    nbformat.write(notebook, folder / "ch91.ipynb")


def page(root: Path, student: str) -> str:
    return (root / "gradebook" / "feedback" / student / "ch91" / "ch91.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory, programs_of_this_environment: None) -> Path:
    import subprocess

    root = write_course(tmp_path_factory.mktemp("hidden") / "course", ch91=CHAPTER)
    subprocess.run([*COMMAND, "build"], cwd=root, capture_output=True, timeout=120, check=True)
    for student, cells in DUMPS.items():
        hand_in(root, student, *cells)
    hand_in(root, "honest", "def square(x):\n    return x * x", RIGHT, "pass")
    hand_in(root, "wrong", "def square(x):\n    return x + 2", RIGHT, "pass")
    hand_in(
        root, "fails", "def helper(x):\n    return {2: 4, 0: 0}[x]\ndef square(x):\n    return helper(x)", RIGHT, "pass"
    )
    hand_in(root, "open", "def square(x):\n    raise KeyError('my own words')", RIGHT, "pass")
    grade_batch(CourseFolder.of(root), "ch91", jobs=2, isolation="examiner")
    write_feedback(CourseFolder.of(root), "ch91")
    return root


@pytest.mark.parametrize("student", DUMPS)
def test_nothing_of_a_hidden_test_is_on_the_page(graded: Path, student: str) -> None:
    shown = page(graded, student)
    assert [number for number in NUMBERS if number in shown] == []
    assert dangers(shown) == []
    assert "before any test" in shown  # nothing was known then
    folder = graded / "gradebook" / "feedback" / student
    assert {path.name for path in folder.rglob("*") if path.is_file()} <= {"ch91.html", "timestamp.txt"}


def test_the_attacks_know_the_inputs(graded: Path) -> None:
    """What shows that the pages above could have told something."""
    for student in (
        "prints-later",
        "answers-later",
        "warns-later",
        "displays-later",
        "raises-later",
        "raises",
        "returns",
    ):
        folder = graded / "gradebook" / "autograded" / student / "ch91"
        text = (folder / "ch91.ipynb").read_text(encoding="utf-8")
        record = json.loads(text)
        outputs = json.dumps([cell.get("outputs") for cell in record["cells"]]) + json.dumps(record["metadata"])
        assert NUMBERS[0] in outputs, student
    assert NUMBERS[0] in (graded / "gradebook/autograded/writes-a-page/ch91/dump.html").read_text()


def test_the_honest_still_read_what_helps_them(graded: Path) -> None:
    assert "Everything passed" in page(graded, "honest")
    assert "as seen at home" in page(graded, "honest")
    assert "public: square(2) gave 4" not in page(graded, "wrong")
    assert "wrong at nought" in page(graded, "wrong")
    assert "my own words" in page(graded, "open")
    fails = page(graded, "fails")
    assert "KeyError" in fails and "helper, line 2: return {2: 4, 0: 0}[x]" in fails
    assert "wrong for many numbers: it gave …" in page(graded, "returns")


def test_nbgraders_own_command_passes_on_no_file_that_cells_wrote(graded: Path, tmp_path: Path) -> None:
    import foreign_course

    root = shutil.copytree(graded, tmp_path / "course")
    shutil.rmtree(root / "gradebook" / "feedback")
    foreign_course.nbgrader(root, "generate_feedback", "ch91")
    folder = root / "gradebook" / "feedback" / "writes-a-page" / "ch91"
    assert [path.name for path in folder.rglob("*")] == ["ch91.html"]
