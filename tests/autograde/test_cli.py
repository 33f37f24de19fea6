"""The `course` command: bad input is one clear line on standard error, exit code 1 or 2, and nothing has changed."""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from mini_course import COMMAND, Course, files, write

from autograde import cli
from autograde.errors import CourseError
from autograde.version import engine_version

Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """Run the command in this process: ``command(folder, "build", "ch91")`` gives exit code, output and errors."""

    def run(folder: Path, *words: str) -> tuple[int, str, str]:
        monkeypatch.chdir(folder)
        monkeypatch.setattr(sys, "argv", ["course", *words])
        monkeypatch.setenv("PATH", "/usr/bin:/bin")
        capsys.readouterr()
        with pytest.raises(SystemExit) as caught:
            cli.main()
        printed = capsys.readouterr()
        return int(caught.value.code or 0), printed.out, printed.err

    return run


def replaced(path: str, old: str, new: str) -> Callable[[Path], None]:
    def change(root: Path) -> None:
        text = (root / path).read_text(encoding="utf-8")
        assert old in text
        write(root / path, text.replace(old, new, 1))

    return change


CHAPTER = "notebooks/ch91_mini.py"
BAD = [
    (replaced(CHAPTER, 'lang="zh"', 'lang="fr"'), (), 1, f"{CHAPTER}:6: prose cells read"),
    (replaced(CHAPTER, "# %% setup", "# %% setp"), (), 1, f"{CHAPTER}:10: unknown key 'setp'"),
    (replaced(CHAPTER, "# %% setup", "# %% setup points=1"), (), 1, f"{CHAPTER}:10: points belong on a test cell"),
    (
        replaced(CHAPTER, 'test="square-of-two"', 'test="square"'),
        (),
        1,
        f"{CHAPTER}:19: the id 'square' is already used",
    ),
    (
        replaced(CHAPTER, "    ### BEGIN SOLUTION\n", ""),
        (),
        1,
        f"{CHAPTER}:17: `### BEGIN SOLUTION` and `### END SOLUTION` do not",
    ),
    (
        replaced(CHAPTER, "    ### BEGIN SOLUTION\n", "    ### begin solution\n"),
        (),
        1,
        f"{CHAPTER}:15: write the marker exactly",
    ),
    (replaced(CHAPTER, "import math", "import math as"), (), 1, f"{CHAPTER}:11: "),
    (lambda root: write(root / CHAPTER, ""), (), 1, f"{CHAPTER}:1: no cell"),
    (lambda root: (root / CHAPTER).unlink(), (), 1, "no file notebooks/ch91_*.py"),
    (replaced("course.toml", "languages = [", "languages = "), (), 1, "course.toml"),
    (replaced("course.toml", '["en", "zh"]', '["fr"]'), (), 1, "course.toml"),
    (replaced("course.toml", 'assignment = "ch91"', 'assingment = "ch91"'), (), 1, "course.toml"),
    (lambda root: (root / "nbgrader_config.py").unlink(), (), 1, "nbgrader_config.py: "),
    (lambda root: None, ("ch77",), 2, "no chapter 'ch77' in course.toml; it has ch91"),
    (lambda root: None, ("ch9",), 2, "no chapter 'ch9' in course.toml; did you mean ch91?"),
    (lambda root: None, ("ch91", "../ch91"), 2, "no chapter '../ch91'"),
]


@pytest.mark.parametrize("verb", ["build", "check"])
@pytest.mark.parametrize(("spoil", "words", "code", "problem"), BAD)
def test_bad_input_is_one_line_and_changes_nothing(
    mini: Path,
    command: Command,
    verb: str,
    spoil: Callable[[Path], object],
    words: tuple[str, ...],
    code: int,
    problem: str,
) -> None:
    spoil(mini)
    before = files(mini)
    found, printed, errors = command(mini, verb, *words)
    assert (found, printed) == (code, "")
    assert errors.startswith("course: ")
    assert problem in errors
    assert errors.count("\n") == 1
    assert files(mini) == before


@pytest.mark.parametrize("verb", ["build", "check"])
def test_outside_of_a_course_the_error_says_where_to_go(tmp_path: Path, command: Command, verb: str) -> None:
    code, printed, errors = command(tmp_path, verb)
    assert (code, printed) == (1, "")
    assert "run the command in the course's folder" in errors
    assert errors.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "url", ["http://example.org/ai", "example.org", "https://", "https://example.org:x/", "::", "https://a b/"]
)
def test_no_message_speaks_of_python(mini: Path, command: Command, url: str) -> None:
    text = (mini / "course.toml").read_text(encoding="utf-8")
    write(mini / "course.toml", f'{text}\n[issuer]\nname = "x"\nurl = "{url}"\n')
    code, _, errors = command(mini, "issuer")
    assert (code, errors.count("\n")) == (1, 1)
    assert re.match(r"course: course.toml:\d+: \[issuer\] (url|did)", errors)
    assert not re.search(r"[Vv]alue error|ValueError|pydantic|Error\b", errors)


@pytest.mark.parametrize("words", [("bild",), ("build", "--fast"), ("--fast",)])
def test_words_that_are_off_are_one_line_and_exit_2(mini: Path, command: Command, words: tuple[str, ...]) -> None:
    code, printed, errors = command(mini, *words)
    assert (code, printed) == (2, "")
    assert errors.count("\n") == 1
    assert words[-1] in errors


def test_the_installed_command_says_the_same(mini: Path, course: Course) -> None:
    before = files(mini)
    run = course("build", "ch77")
    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr.startswith("course: ")
    assert run.stderr.count("\n") == 1
    assert files(mini) == before


def test_the_module_is_the_command_too(mini: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "autograde.cli", "check", "ch77"],
        cwd=mini,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr == "course: no chapter 'ch77' in course.toml; it has ch91\n"


def test_debug_adds_the_traceback_before_the_line(mini: Path, command: Command) -> None:
    code, _, errors = command(mini, "build", "ch77", "--debug")
    assert code == 2
    assert "UsageProblem" in errors
    assert errors.splitlines()[-1] == "course: no chapter 'ch77' in course.toml; it has ch91"


def test_help_exits_0_and_names_the_commands(mini: Path, command: Command) -> None:
    code, printed, errors = command(mini, "--help")
    assert (code, errors) == (0, "")
    assert "build" in printed
    assert "check" in printed


def test_an_error_of_several_lines_becomes_one(mini: Path, command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise CourseError("first\n  second")

    monkeypatch.setattr("autograde.authoring.release.build", fail)
    assert command(mini, "build") == (1, "", "course: first second\n")


@pytest.mark.parametrize(("module", "code"), [("nbgrader.api", 1), ("jupytext", 1)])
def test_with_the_learners_install_the_error_says_what_to_install(
    mini: Path, command: Command, monkeypatch: pytest.MonkeyPatch, module: str, code: int
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ModuleNotFoundError(f"No module named {module!r}", name=module)

    monkeypatch.setattr("autograde.authoring.release.build", fail)
    found, _, errors = command(mini, "build")
    assert found == code
    assert 'pip install ".[instructor]"' in errors
    assert errors.count("\n") == 1


def test_the_version_is_told(mini: Path) -> None:
    run = subprocess.run([*COMMAND, "--version"], cwd=mini, capture_output=True, text=True, check=True)
    assert run.stdout == f"course {engine_version()}\n"
