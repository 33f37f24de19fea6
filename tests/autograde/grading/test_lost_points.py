"""Whatever costs points for another cause than the answer says so, in the log and in the feedback, in both languages."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import foreign_course
import nbformat
import pytest
from exercises import RIGHT, Ran, run
from mini_course import COMMAND

from autograde.grading.confine import confinement
from autograde.grading.kernels.templates import Template
from autograde.grading.sandbox import layers

BOTH = pytest.mark.parametrize("isolation", ["examiner", "shared"])
confined = pytest.mark.skipif(
    sys.platform != "linux" or layers().get("pid-namespace") != "on", reason="needs a PID namespace"
)
Run = Callable[..., Ran]


@pytest.fixture(scope="module")
def template() -> Any:
    with Template() as one:
        yield one


@pytest.fixture
def execute(template: Template, tmp_path: Path) -> Run:
    def go(isolation: str, *answers: str, **settings: Any) -> Ran:
        return run(isolation, template, tmp_path, answers, **settings)

    return go


@confined
@BOTH
@pytest.mark.parametrize(
    "end",
    ["os.kill(os.getpid(), signal.SIGKILL)", "os.kill(os.getpid(), signal.SIGSTOP)", "os.killpg(0, signal.SIGKILL)",
     "signal.raise_signal(signal.SIGSTOP)", "os.kill(os.getpid(), signal.SIGTERM)",
     "os.abort()"],
)  # fmt: skip
def test_a_process_that_signals_to_itself_ends_and_says_so(execute: Run, isolation: str, end: str) -> None:
    killer = f"import os, signal\ndef f2(x):\n    {end}\n    return x + 2"
    ran = execute(isolation, RIGHT, killer, RIGHT, confine=confinement(()), timeout=10, test_timeout=20)
    assert list(ran.scores.values()) == [1, 0, 1]
    (died,) = [reason for reason in ran.reasons if reason.code == "kernel-died"]
    assert "t2" in died.en and "f2" in died.zh


@confined
def test_a_handler_of_the_learners_own_still_handles(execute: Run) -> None:
    handles = (
        "import os, signal\ndef f1(x):\n    heard = []\n    signal.signal(signal.SIGTERM, lambda *_: heard.append(1))\n"
        "    os.kill(os.getpid(), signal.SIGTERM)\n    return x + len(heard)"
    )
    ran = execute("examiner", handles, confine=confinement(()))
    assert (ran.scores, ran.codes) == ({"t1": 1}, [])


@confined
@BOTH
def test_a_limit_that_a_learners_code_meets_is_named(execute: Run, isolation: str) -> None:
    full = "def f1(x):\n    held = []\n    while True: held.append(bytearray(50_000_000))"
    files = "for number in range(100_000): open(f'{number}', 'w').close()\ndef f2(x): return x + 2"
    limits = {"memory_bytes": 300 << 20, "scratch_files": 50}
    ran = execute(isolation, full, files, RIGHT, confine=confinement((), limits=limits), timeout=30, test_timeout=60)
    assert list(ran.scores.values()) == [0, 0, 1]
    said = " ".join(reason.en for reason in ran.reasons)
    assert "`memory_mb`" in said
    assert "`folder_files`" in said


@BOTH
def test_an_answer_that_is_tagged_not_to_run_says_so(template: Template, tmp_path: Path, isolation: str) -> None:
    ran = run(isolation, template, tmp_path, [RIGHT, RIGHT], tags={"f2": ["skip-execution"]})
    assert list(ran.scores.values()) == [1, 0]
    assert ran.codes[0] == "cell-skipped"


@BOTH
def test_an_answer_that_needs_what_only_a_demo_assigns_says_so(execute: Run, isolation: str) -> None:
    ran = execute(
        isolation, "one = 1\ndef f1(x):\n    return x + one", "def f2(x):\n    return x + one + 1", demo="one = 1"
    )
    assert list(ran.scores.values()) == [1, 1]
    assert ran.codes == []
    ran = execute(isolation, "def f1(x):\n    return x + one", RIGHT, demo="one, two = 1, 2")
    assert list(ran.scores.values()) == [0, 1]
    assert "needs-skipped" in ran.codes
    assert all("`one`" in text and "#1" in text for text in (ran.reasons[0].en, ran.reasons[0].zh))


@BOTH
@pytest.mark.parametrize("deep", ["[" * 500 + "]" * 500, "+".join(["1"] * 20_000), "a" + ".b" * 5000])
def test_code_that_python_cannot_read_for_its_depth_costs_only_its_own_points(
    execute: Run, isolation: str, deep: str
) -> None:
    ran = execute(isolation, f"f1 = {deep}", RIGHT, demo="one = 1")
    assert list(ran.scores.values()) == [0, 1]


@BOTH
def test_the_time_of_tests_counts_and_its_end_is_said(execute: Run, isolation: str) -> None:
    slow = "import time\ndef f1(x):\n    time.sleep(1.5)\n    return x + 1"
    ran = execute(isolation, slow, RIGHT, RIGHT, timeout=10, test_timeout=20, notebook_timeout=1)
    assert list(ran.scores.values()) == [0, 0, 0]
    assert "notebook-timeout" in ran.codes
    if isolation == "examiner":
        assert [one["wire_code"] for one in ran.step.verdicts.values()] == ["timeout", "time", "time"]


def test_a_missing_notebook_and_a_missing_cell_are_named(tmp_path: Path) -> None:
    root = foreign_course.build(tmp_path / "course")
    foreign_course.submit(root, "ada", "honest")
    foreign_course.submit(root, "bob", "honest")
    (root / "submitted" / "ada" / "ps1" / "p1.ipynb").unlink()
    path = root / "submitted" / "bob" / "ps1" / "p2.ipynb"
    nb = nbformat.read(path, as_version=4)
    nb.cells = [cell for cell in nb.cells if cell.id != "name-test"]
    nbformat.write(nb, path)
    shutil.rmtree(root / "release")  # without it nothing is repaired
    words = [*COMMAND, "grade", "ps1", "--course-dir", str(root), "--jobs", "1", "--json", str(tmp_path / "out.json")]
    run = subprocess.run(words, capture_output=True, text=True, timeout=200, check=False)
    assert run.returncode == 0, run.stderr
    rows = {one["student"]: one for one in json.loads((tmp_path / "out.json").read_text())}
    assert [one["code"] for one in rows["ada"]["reasons"]] == ["notebook-missing"]
    assert "p1.ipynb" in rows["ada"]["reasons"][0]["zh"]
    assert [one["code"] for one in rows["bob"]["reasons"]] == ["cell-missing"]
    assert "`name-test`" in rows["bob"]["reasons"][0]["zh"]


@pytest.mark.parametrize(
    ("writes", "kept"),
    [
        ("big = open('big.bin', 'wb').write(bytes(21_000_000))", ["z.txt"]),
        ("for i in range(1001): open(f'a{i:04}', 'w').close()", [f"a{i:04}" for i in range(1000)]),
        ("open('.hidden', 'w').close(); import os; os.mkdir('d'); open('d/y.txt', 'w').close()", ["d/y.txt", "z.txt"]),
    ],
)
def test_files_that_are_not_kept_are_said_and_take_no_other_with_them(
    execute: Run, writes: str, kept: list[str]
) -> None:
    ran = execute("shared", RIGHT, f"{writes}\nopen('z.txt', 'w').write('z')\n{RIGHT}", RIGHT, timeout=30)
    assert sorted(ran.step.files) == kept
    assert [reason.code for reason in ran.reasons] == ([] if "y.txt" in writes else ["files-left-out"])
