"""Coverage is taken of every Python that the tests start, and of none that runs learners' code."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from measure.by_package import table

REPOSITORY = Path(__file__).parents[1]
PROGRAMS = {
    "a command": (["-c", "import autograde.exact"], True),
    "the template of kernels": (["-m", "autograde.grading.kernels.forkserver.template", "FOLDER"], False),
    "a stock kernel": (["-m", "ipykernel_launcher", "--version"], False),
}


@pytest.mark.parametrize("program", PROGRAMS)
def test_only_what_runs_no_learners_code_is_measured(program: str, tmp_path: Path) -> None:
    arguments, is_measured = PROGRAMS[program]
    (tmp_path / "template").mkdir()
    environment = {
        **os.environ,
        "PYTHONPATH": str(REPOSITORY / "tests" / "measure"),
        "MEASURED_BY": str(REPOSITORY / "pyproject.toml"),
        "COVERAGE_FILE": str(tmp_path / ".coverage"),
    }
    command = [sys.executable, *(str(tmp_path / "template") if word == "FOLDER" else word for word in arguments)]
    subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=True)
    assert bool(list(tmp_path.glob(".coverage*"))) == is_measured


def test_modules_are_summed_by_package() -> None:
    counts = {
        "autograde/cli.py": (10, 5),
        "autograde/grading/batch.py": (30, 30),
        "autograde/grading/wire/link.py": (10, 0),
        "course/data.py": (50, 50),
    }
    files = {
        file: {"summary": {"num_statements": statements, "covered_lines": covered}}
        for file, (statements, covered) in counts.items()
    }
    assert [line.split() for line in table(files)[1:]] == [
        ["autograde", "10", "50.0%"],
        ["autograde.grading", "40", "75.0%"],
        ["course", "50", "100.0%"],
        ["total", "100", "85.0%"],
    ]
