"""The tests of a chapter are tried on right and wrong answers, each in a process that cannot hurt the others."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from mini_course import CUBE, SQUARE, SQUARE_BANK, write

from autograde.authoring.bank import parse_bank
from autograde.authoring.chapter import parse_chapter
from autograde.authoring.trial import Trial, load_banks, run_trials
from autograde.errors import CourseError


def trials(text: str = SQUARE, bank: str = "", limit: float = 20.0) -> dict[str, Trial]:
    chapter = parse_chapter(text, "ch91_mini.py")
    banks = {"square": parse_bank(bank, "square", "square.py")} if bank else {}
    return {trial.name: trial for trial in run_trials(chapter, banks, limit=limit)}


def answer(body: str, verdict: str = "wrong", name: str = "it") -> str:
    return f'# %% {verdict}="{name}"\n# What it does.\nimport os, time\ndef square(x):\n    {body}\n'


def test_wrong_answers_fail_and_right_ones_pass() -> None:
    found = trials(SQUARE, SQUARE_BANK)
    assert {name: (trial.verdict, bool(trial.errors), trial.as_expected) for name, trial in found.items()} == {
        "reference": ("right", False, True),
        "double": ("wrong", True, True),
        "signed": ("wrong", True, True),
        "nothing": ("wrong", True, True),
        "power": ("right", False, True),
        "math-pow": ("right", False, True),
    }


def test_what_the_public_test_alone_would_let_through_is_known() -> None:
    found = trials(SQUARE, SQUARE_BANK)
    assert {name for name, trial in found.items() if not trial.passes_public} == {"double", "nothing"}


def test_a_weak_hidden_test_shows() -> None:
    found = trials(SQUARE.replace("square(-3.5)", "square(3.5)"), SQUARE_BANK)
    assert [name for name, trial in found.items() if not trial.as_expected] == ["signed"]


def test_a_test_that_rejects_a_right_answer_shows() -> None:
    found = trials(SQUARE.replace("== 4 and", "== 4 and isinstance(square(2), int) and"), SQUARE_BANK)
    assert [name for name, trial in found.items() if not trial.as_expected] == ["math-pow"]


SECOND = """\
# %% test="square-of-ten" points=1
assert square(10) > 0, "public"
### BEGIN HIDDEN TESTS
print("this hidden part ran")
assert square(10) == 100, "hidden"
### END HIDDEN TESTS
# %%
print("free play")
"""
TWO_TESTS = SQUARE.replace(" and square(3) == 9", "").replace('# %%\nprint("free play")\n', SECOND)


@pytest.mark.parametrize(
    ("body", "passes_public", "failed", "failed_in_all"),
    [
        ("return 4", True, ["square-of-two"], ["square-of-two", "square-of-ten"]),
        ("return 4 if x < 9 else -1", False, ["square-of-two", "square-of-ten"], ["square-of-two", "square-of-ten"]),
        ("return -1", False, ["square-of-two"], ["square-of-two", "square-of-ten"]),
        ("return x * x if x != 10 else 99", True, ["square-of-ten"], ["square-of-ten"]),
    ],
)
def test_once_an_answer_has_failed_what_cannot_change_its_verdict_is_left_out(
    body: str, passes_public: bool, failed: list[str], failed_in_all: list[str]
) -> None:
    chapter = parse_chapter(TWO_TESTS, "ch91_mini.py")
    banks = {"square": parse_bank(answer(body), "square", "square.py")}
    for whole, tests in ((False, failed), (True, failed_in_all)):
        it = next(trial for trial in run_trials(chapter, banks, whole=whole) if trial.variant)
        assert (list(it.errors), it.passes_public, it.as_expected) == (tests, passes_public, True)
        if not whole and "square-of-two" in it.errors:
            assert it.outputs == {}  # the other hidden part did not run


def test_an_answer_sees_what_stands_above_it_and_the_imports_of_its_bank() -> None:
    text = SQUARE.replace("import math\n", "import math\nhelper = 2\n")
    bank = "# %%\nimport fractions\n" + answer("return fractions.Fraction(x) ** helper", "right")
    assert trials(text, bank)["it"].errors == {}


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("while True: pass", "did not end within 1 s"),
        ("os._exit(0)", "the process died"),
        ("os.kill(os.getpid(), 9)", "the process died"),
        ("raise SystemExit(0)", "SystemExit: 0"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("return square(x)", "RecursionError"),
        ("return unknown", "NameError"),
        ("os.close(1); os.close(2); return 2 * x", "Bad file descriptor"),
    ],
)
def test_an_answer_that_misbehaves_is_a_failed_answer(body: str, words: str) -> None:
    found = trials(SQUARE, answer(body) + answer("return x ** 2", "right", "next"), limit=1.0)
    assert words in found["it"].errors["square-of-two"]
    assert found["next"].as_expected


def test_what_an_answer_started_ends_with_it(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    body = f"open({str(note)!r}, 'w').write(str(os.getpid())) if os.fork() == 0 else None; time.sleep(60)"
    started = time.monotonic()
    assert trials(SQUARE, answer(body), limit=1.5)["it"].errors
    assert time.monotonic() - started < 30
    assert not alive(int(note.read_text()))


def test_who_has_seen_enough_need_not_wait(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    bank = answer(f"open({str(note)!r}, 'w').write(str(os.getpid())); time.sleep(60)")
    chapter = parse_chapter(SQUARE, "ch91_mini.py")
    results = run_trials(chapter, {"square": parse_bank(bank, "square", "square.py")})
    assert next(results).name == "reference"
    deadline = time.monotonic() + 20
    while not note.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(0.1)
    started = time.monotonic()
    results.close()
    assert time.monotonic() - started < 10
    assert not alive(int(note.read_text()))


def alive(pid: int) -> bool:
    """Whether the process runs; one that has ended but was not waited for does not."""
    for _ in range(20):
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return False
        if state in "ZX":
            return False
        time.sleep(0.1)
    return True


@pytest.mark.parametrize(
    ("line", "output"),
    [
        ("print('hello')", "hello\n"),
        ("import sys; print('oh', file=sys.stderr)", "oh\n"),
        ("import os; os.write(2, b'deep')", "deep"),
        ("'all is well'", "ends in a value that the notebook would show, of type str"),
        ("import warnings; warnings.warn('careful')", "careful"),
    ],
)
def test_a_test_that_is_not_silent_shows(line: str, output: str) -> None:
    found = trials(SQUARE.replace("# %%\nprint", f"{line}\n# %%\nprint"))
    assert output in found["reference"].outputs["square-of-two"]


def test_what_other_cells_print_is_no_fault_of_the_test() -> None:
    assert trials(SQUARE.replace("import math", "import math\nprint('setup')"))["reference"].outputs == {}


@pytest.mark.parametrize("value", ["1", "0.5", "True"])
def test_a_test_that_ends_in_a_number_shows(value: str) -> None:
    found = trials(SQUARE.replace("# %%\nprint", f"{value}\n# %%\nprint"))
    assert "partial credit" in found["reference"].errors["square-of-two"]


def test_modules_that_print_while_they_are_imported_disturb_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "noisy.py", "print('{}')\nprint('I am here')\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert trials(SQUARE.replace("import math", "import math, noisy"))["reference"].as_expected


def test_a_module_that_is_missing_is_reported_by_the_cell_that_needs_it() -> None:
    found = trials(SQUARE.replace("import math", "import math\nimport no_such_module"))
    assert "reference" in found
    assert trials(SQUARE.replace("assert square(2)", "import no_such_module\nassert square(2)"))["reference"].errors


def test_a_worker_that_dies_is_an_error_with_the_chapters_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "deadly.py", "import os\nos._exit(3)\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(CourseError, match=r"^ch91_mini\.py: the trial process died before 'square'"):
        trials(SQUARE.replace("import math", "import math, deadly"))


def test_one_exercise_can_be_tried_alone() -> None:
    second = "\n".join(CUBE.split("# %% solution")[1].split("\n"))
    chapter = parse_chapter(SQUARE + "# %% solution" + second, "ch91_mini.py")
    assert [trial.exercise for trial in run_trials(chapter, {}, only="cube")] == ["cube"]


def test_banks_are_found_by_the_name_of_their_exercise(tmp_path: Path) -> None:
    chapter = parse_chapter(SQUARE, "ch91_mini.py")
    assert load_banks(chapter, tmp_path) == {}
    write(tmp_path / "square.py", SQUARE_BANK)
    assert len(load_banks(chapter, tmp_path)["square"].variants) == 5
    (tmp_path / "square.py").write_bytes("# %%\n# 中\n".encode("gb18030"))
    with pytest.raises(CourseError, match=r"square\.py: cannot be read as UTF-8"):
        load_banks(chapter, tmp_path)


@pytest.mark.parametrize(
    ("hidden", "code", "words"), [("square(-3.5)", 0, "0 not as expected"), ("square(3.5)", 1, "BAD square")]
)
def test_authors_can_try_one_chapter_by_hand(tmp_path: Path, hidden: str, code: int, words: str) -> None:
    chapter = write(tmp_path / "ch91_mini.py", SQUARE.replace("square(-3.5)", hidden))
    write(tmp_path / "bank" / "square.py", SQUARE_BANK)
    run = subprocess.run(
        [sys.executable, "-m", "autograde.authoring.trial", str(chapter), "--bank", str(tmp_path / "bank")],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=dict(os.environ),
    )
    assert (run.returncode, run.stderr) == (code, "")
    assert words in run.stdout
    assert "(accepted by the public part alone)" in run.stdout
