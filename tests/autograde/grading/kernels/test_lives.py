"""A process that dies or hangs costs the exercise that did it; the others keep their points, and each loss has a reason."""

import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from exercises import EXITS, EXITS_AT_ONCE, HOLDS_ON, LOOPS, RIGHT, Ran, run

from autograde.grading.confine import confinement
from autograde.grading.kernels.templates import Template
from autograde.grading.sandbox import layers

BOTH = pytest.mark.parametrize("isolation", ["examiner", "shared"])
Run = Callable[..., Ran]


@pytest.fixture(scope="module")
def template() -> Any:
    with Template() as one:
        yield one


@pytest.fixture
def execute(template: Template, tmp_path: Path) -> Run:
    def go(isolation: str, answers: list[str], tests: list[str] | tuple[str, ...] = (), **settings: Any) -> Ran:
        return run(isolation, template, tmp_path, answers, tests, **settings)

    return go


def points(ran: Ran) -> list[float | None]:
    return list(ran.scores.values())


@BOTH
@pytest.mark.parametrize("killer", [EXITS, EXITS_AT_ONCE, HOLDS_ON], ids=["when asked", "at once", "holds on"])
def test_an_end_costs_the_exercise_that_caused_it(execute: Run, isolation: str, killer: str) -> None:
    ran = execute(isolation, [RIGHT, killer, RIGHT])
    assert points(ran) == [1, 0, 1]
    assert "kernel-died" in ran.codes
    died = next(reason for reason in ran.reasons if reason.code == "kernel-died")
    assert "f2 is left out" in died.en
    assert "f2" in died.zh
    assert len(ran.step.lives.before) == 1


@BOTH
def test_a_function_that_can_be_interrupted_costs_no_process(execute: Run, isolation: str) -> None:
    ran = execute(isolation, [RIGHT, LOOPS, RIGHT])
    assert points(ran) == [1, 0, 1]
    assert ran.step.lives.before == []
    assert ran.codes == (["not-examined"] if isolation == "examiner" else ["cell-timeout"])


@BOTH
def test_cells_that_run_again_print_once(execute: Run, isolation: str) -> None:
    ran = execute(isolation, [RIGHT, EXITS, RIGHT, EXITS_AT_ONCE, RIGHT])
    assert points(ran) == [1, 0, 1, 0, 1]
    assert [ran.outputs[name] for name in ("f1", "f3", "f5")] == [["here\n"]] * 3
    assert ran.outputs["f4"] == ["DeadKernelError"]
    assert len(ran.step.lives.before) == 2


@BOTH
def test_replacements_are_bounded_and_the_end_is_said(execute: Run, isolation: str) -> None:
    ran = execute(isolation, [RIGHT, EXITS, EXITS, EXITS, RIGHT], replacements=2)
    assert points(ran) == [1, 0, 0, 0, 0]
    assert ran.codes.count("kernel-died") == 3
    assert ran.codes.count("kernel-gone") == 1
    assert len(ran.step.lives.before) == 2
    if isolation == "examiner":
        assert "no process is left" in ran.reasons[-1].en


@BOTH
def test_a_test_has_no_second_chance(execute: Run, isolation: str) -> None:
    later = "import os\nagain = os.path.exists('seen')\nopen('seen', 'w').close()\ndef f1(x):\n    return x + again"
    ran = execute(isolation, [later, EXITS, RIGHT])
    assert points(ran) == [0, 0, 1]


@BOTH
def test_a_cell_that_ends_the_process_only_when_it_runs_again(execute: Run, isolation: str) -> None:
    later = "import os\nif os.path.exists('seen'): os._exit(1)\nopen('seen', 'w').close()\n" + RIGHT
    ran = execute(isolation, [later, RIGHT, EXITS_AT_ONCE, RIGHT])
    assert points(ran) == [1, 1, 0, 1]
    assert "ran again" in ran.reasons[-1].en or "ran again" in ran.reasons[-2].en


@BOTH
def test_a_timer_that_ends_every_process_ends_the_run_too(execute: Run, isolation: str) -> None:
    timer = "import os, threading\nthreading.Timer(0.3, os._exit, (0,)).start()\n" + RIGHT
    wait = "import time\ntime.sleep(0.5)\n" + RIGHT
    began = time.monotonic()
    ran = execute(isolation, [RIGHT, timer, *[wait] * 4], replacements=2)
    assert time.monotonic() - began < 20
    assert points(ran)[:2] == [1, 1]
    assert points(ran)[-1] == 0
    assert ran.codes.count("kernel-died") == 3


@BOTH
def test_an_end_between_two_cells_is_that_of_the_cell_before(execute: Run, isolation: str) -> None:
    leaves = (
        "import os, threading, time\ndef f2(x):\n    threading.Timer(0.05, os._exit, (0,)).start()\n    return x + 2"
    )
    answers = [RIGHT, leaves, RIGHT]
    ran = execute(isolation, answers, ["", "assert f2(2) == 4\nimport time\ntime.sleep(0.4)"])
    assert points(ran)[2] == 1
    assert "f2 is left out" in next(reason for reason in ran.reasons if reason.code == "kernel-died").en


@BOTH
def test_what_only_imports_runs_again_whoever_ended_the_process(
    template: Template, tmp_path: Path, isolation: str
) -> None:
    ran = run(
        isolation, template, tmp_path, ["import math\n" + RIGHT, EXITS, "def f3(x):\n    return math.floor(x) + 3"]
    )
    assert points(ran) == [1, 0, 1]


@pytest.mark.skipif(
    sys.platform != "linux" or layers().get("mount-namespace") != "on", reason="needs a mount namespace"
)
@BOTH
def test_a_fresh_process_finds_its_folder_as_the_first_did(execute: Run, tmp_path: Path, isolation: str) -> None:
    (tmp_path / "data.txt").write_text("7")
    writes = (
        "assert open('data.txt').read() == '7'\nopen('data.txt', 'w').write('8')\nopen('once', 'x').close()\n" + RIGHT
    )
    asks = "import os\ndef f3(x):\n    return x + 3 if open('data.txt').read() == '8' and os.path.exists('once') else 0"
    ran = execute(isolation, [writes, EXITS, asks], confine=confinement(()))
    assert points(ran) == [1, 0, 1]
    assert (tmp_path / "data.txt").read_text() == "7"


@BOTH
def test_where_the_folder_itself_is_written_it_is_made_anew(execute: Run, tmp_path: Path, isolation: str) -> None:
    def fresh() -> None:
        shutil.rmtree(tmp_path / "made", ignore_errors=True)

    writes = "import os\nos.mkdir('made')\n" + RIGHT.replace("print('here')\n", "")
    ran = execute(isolation, [writes, EXITS, RIGHT, EXITS, "def f5(x): return f1(x) + 4"], fresh_folder=fresh)
    assert points(ran) == [1, 0, 1, 0, 1]


def test_an_object_of_an_ended_process_is_lost_and_the_new_process_is_not(execute: Run) -> None:
    makes = "class f1:\n    def __init__(self, x):\n        self.x = x\n    def get(self):\n        return self.x"
    tests = ["held = f1(3)\nassert held.get() == 3", "", "assert held.get() == 3", "assert f4(held) == 4", ""]
    ran = execute("examiner", [makes, EXITS, RIGHT, RIGHT, RIGHT], tests, reference=makes)
    assert points(ran) == [1, 0, 0, 0, 1]
    assert [v["wire_code"] for v in ran.step.verdicts.values()] == [None, "died", "lost", "lost", None]
    assert len(ran.step.lives.before) == 1


@pytest.mark.parametrize(
    "end",
    ["os.closerange(3, 1024)", "import ctypes; ctypes.string_at(0)", "sys.exit(0)",
     "[os.write(n, b'x' * 100) for n in range(3, 40) if stat.S_ISSOCK(os.fstat(n).st_mode)]"],
    ids=["closes all", "segfault", "exits", "writes on every line"],
)  # fmt: skip
@BOTH
def test_whatever_way_it_ends(execute: Run, isolation: str, end: str) -> None:
    killer = f"import os, stat, sys\ndef f2(x):\n    {end}"
    ran = execute(isolation, [RIGHT, killer, RIGHT], confine=confinement(()))
    assert points(ran) == [1, 0, 1]
