"""Can `course --help` be read: by role, at 80 columns, with examples to copy; and does Tab complete?"""

import os
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
import typer
from rich.cells import cell_len
from typer.testing import CliRunner

from autograde.cli import app
from autograde.commands import ROLES, Commands

ROOT = typer.main.get_command(app)
COURSE = Path(sys.executable).with_name("course")


def commands() -> dict[str, object]:
    """Every command by its words, those of groups too."""
    found: dict[str, object] = {}
    for name, command in ROOT.commands.items():  # type: ignore[attr-defined]
        found[name] = command
        found |= {f"{name} {inner}": one for inner, one in getattr(command, "commands", {}).items()}
    return found


def help_of(words: str) -> str:
    shown = CliRunner(env={"COLUMNS": "80", "TERMINAL_WIDTH": "80"}).invoke(app, [*words.split(), "--help"])
    assert shown.exit_code == 0
    return shown.output


def test_each_command_stands_below_the_role_that_needs_it() -> None:
    names = [name for names in ROLES.values() for name in names]
    assert sorted(names) == sorted(ROOT.commands)  # type: ignore[attr-defined]
    assert isinstance(ROOT, Commands)
    said = help_of("")
    places = [said.index(f" {heading} ") for heading in ROLES]
    assert places == sorted(places)
    at = [re.search(rf"^│ {name} ", said, re.MULTILINE).start() for name in names]  # type: ignore[union-attr]
    assert at == sorted(at)


@pytest.mark.parametrize("words", ["", *commands()])
def test_help_is_whole_at_80_columns(words: str) -> None:
    said = help_of(words)
    lines = said.splitlines()
    assert max(map(cell_len, lines)) <= 80
    assert "…]" not in said and "[[" not in said
    assert not re.search(r"│[^│]*…\s*│", said.replace("urn:uuid:…", ""))  # nothing is cut off
    for paragraph in re.split(r"\n\s*\n", said.split("╭")[0]):
        for row, below in pairwise(row for row in paragraph.splitlines() if row.strip()):
            assert cell_len(row.rstrip()) + 1 + cell_len(below.split()[0]) >= 79, row  # no line ends early


@pytest.mark.parametrize(("words", "command"), [(w, c) for w, c in commands().items() if not hasattr(c, "commands")])
def test_examples_are_whole_lines_that_the_command_understands(words: str, command: object) -> None:
    examples = re.findall(r"\[b\](.*?)\[/b\]", command.epilog)  # type: ignore[attr-defined]
    assert examples and any(one.startswith(f"course {words}") for one in examples)
    shown = [line.strip() for line in help_of(words).splitlines()]
    for example in examples:
        assert example in shown
        for option in re.findall(r"(?<= )--[a-z-]+", example if example.startswith("course") else ""):
            known = {name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts)}  # type: ignore[attr-defined]
            assert option in known


def test_tab_completes_commands_options_and_chapters(mini: Path) -> None:
    def offered(*words: str) -> list[str]:
        script = (
            f'eval "$({COURSE} --show-completion)"; COMP_WORDS=(course {" ".join(words)}); COMP_CWORD={len(words)}; '
            '_course_completion course; printf "%s\\n" "${COMPREPLY[@]}"'
        )
        environment = {**os.environ, "PATH": f"{COURSE.parent}:{os.environ['PATH']}"}
        run = subprocess.run(
            ["bash", "-c", script], cwd=mini, env=environment, capture_output=True, text=True, timeout=120, check=True
        )
        return run.stdout.split()

    assert offered("gr") == ["grade"]
    assert "--student" in offered("grade", "--stu")
    assert offered("grade", "ch") == ["ch91"]
    assert offered("build", "''") == ["ch91"]
