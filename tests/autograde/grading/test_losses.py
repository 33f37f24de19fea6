"""Whatever costs points for another cause than the answer says so, in the log and in the feedback, in both languages."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from exercises import RIGHT, Ran, run

from autograde.grading.confine import confinement
from autograde.grading.sandbox import layers
from autograde.grading.warm import Template

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
     "signal.raise_signal(signal.SIGSTOP)", "os.kill(os.getpid(), signal.SIGTERM)", "signal.alarm(1); time.sleep(5)",
     "os.abort()"],
)  # fmt: skip
def test_a_process_that_signals_to_itself_ends_and_says_so(execute: Run, isolation: str, end: str) -> None:
    killer = f"import os, signal, time\ndef f2(x):\n    {end}\n    return x + 2"
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
