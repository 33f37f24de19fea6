"""A chapter's budget: a second look, and a machine that is slower than the one it is meant for."""

from pathlib import Path

import pytest

from autograde.authoring.proof import script
from autograde.authoring.proof.script import Script, run_script, run_within, slowness

SLOW = "sum(range(30_000_000))"  # some tenths of a second that are CPU time
BUDGET = 0.2


@pytest.fixture
def chapter(tmp_path: Path) -> Path:
    """A script that notes each of its runs in the file beside it; ``RUN`` counts them from 1."""
    notes = tmp_path / "runs"
    path = tmp_path / "chapter.py"
    path.write_text(f"""with open({str(notes)!r}, "a") as notes:
    notes.write("x")
RUN = len(open({str(notes)!r}).read())
""")
    return path


def runs(chapter: Path) -> int:
    return len((chapter.parent / "runs").read_text())


def add(chapter: Path, line: str) -> None:
    chapter.write_text(chapter.read_text() + line + "\n")


def test_within_its_budget_a_script_runs_once(chapter: Path) -> None:
    assert run_within(chapter, 60).fault is None
    assert run_within(chapter, None).fault is None
    assert runs(chapter) == 2


def test_a_first_run_over_budget_gets_a_second_one_that_counts(chapter: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(script, "slowness", lambda: 1.0)
    add(chapter, f"for _ in range(10 if RUN == 1 else 0): {SLOW}")
    assert run_within(chapter, 1.5).fault is None
    assert runs(chapter) == 2


@pytest.mark.parametrize(("slow", "found"), [(1.0, True), (1000.0, False)])
def test_over_budget_twice_is_a_fault_unless_the_machine_is_slow(
    chapter: Path, monkeypatch: pytest.MonkeyPatch, slow: float, found: bool
) -> None:
    monkeypatch.setattr(script, "slowness", lambda: slow)
    add(chapter, SLOW)
    run = run_within(chapter, BUDGET)
    assert (run.fault is not None) is found
    assert not found or run.fault == f"takes {run.seconds:.0f} s, its budget is 0.2 s"
    assert run.slow == slow
    assert runs(chapter) == 2


def test_a_second_run_that_fails_is_a_fault(chapter: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(script, "slowness", lambda: 1000.0)
    add(chapter, f"{SLOW}\nassert RUN == 1, 'once only'")
    assert run_within(chapter, BUDGET).fault == "does not run as a script: AssertionError: once only"


@pytest.mark.parametrize(("seconds", "slow"), [(11.0, 2.0), (3.0, 1.0)])
def test_slowness_is_the_import_of_tensorflow_beside_the_budgets_machine(
    monkeypatch: pytest.MonkeyPatch, seconds: float, slow: float
) -> None:
    asked = []
    monkeypatch.setattr(script, "run_script", lambda *words: asked.append(words) or Script(seconds))
    assert slowness() == slow
    assert asked == [("-W", "ignore", "-c", "import tensorflow")]


def test_warnings_about_an_import_do_not_stop_the_yardstick() -> None:
    assert run_script("-W", "ignore", "-c", "import warnings; warnings.warn('old')").fault is None
    assert run_script("-c", "import warnings; warnings.warn('old')").fault is not None


def test_what_is_written_to_standard_error_twice_is_a_fault_once_is_none(chapter: Path) -> None:
    add(chapter, "import warnings\nif RUN == 1: warnings.warn('of a library', RuntimeWarning)")
    assert run_within(chapter, 60).fault is None
    add(chapter, "warnings.warn('of the chapter', RuntimeWarning)")
    fault = run_within(chapter, 60).fault
    assert fault is not None
    assert fault.startswith("run as a script, it writes to standard error: ")
    assert fault.endswith("RuntimeWarning: of the chapter")


def test_a_first_run_that_fails_is_not_tried_again(chapter: Path) -> None:
    add(chapter, "assert RUN == 2, 'not at first'")
    assert run_within(chapter, 60).fault == "does not run as a script: AssertionError: not at first"
