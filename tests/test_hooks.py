"""The hooks of .pre-commit-config.yaml and the settings of mypy find what they are there for, offline."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[1]
PLANTED = {
    "autograde/unused.py": "import os\n",
    "course/unformatted.py": "X = {  'a':1 }\n",
    "docs/misspelt.md": "It is \x74eh same.\n",
    "docs/long.md": "No newline",
    "docs/blank.md": "A line. \n",
    "release/en/ch01/ch01.ipynb": "{} ",
}


def test_each_hook_finds_its_fault(tmp_path: Path) -> None:
    for name in (".pre-commit-config.yaml", "pyproject.toml"):
        shutil.copy(REPOSITORY / name, tmp_path)
    for name, text in PLANTED.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    programs = Path(sys.executable).parent
    environment = {
        "PATH": os.pathsep.join([str(programs), os.environ["PATH"]]),
        "HOME": str(tmp_path / "home"),
        "PRE_COMMIT_HOME": str(tmp_path / "home" / "pre-commit"),
        "PIP_NO_INDEX": "1",
    }
    for command in (["git", "init", "--quiet"], ["git", "add", "."]):
        subprocess.run(command, cwd=tmp_path, env=environment, check=True)
    run = subprocess.run(
        [programs / "pre-commit", "run", "--all-files", "--color=never"],
        cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    results = [line for line in run.stdout.splitlines() if line.endswith(("Passed", "Failed", "Skipped"))]
    assert run.returncode == 1
    assert len(results) == 5
    assert all(line.endswith("Failed") for line in results), run.stdout
    assert (tmp_path / "release/en/ch01/ch01.ipynb").read_text(encoding="utf-8") == "{} "  # generated: left alone


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("def f(x: int) -> int:\n    return x\n", ""),
        ("def f(x):\n    return x\n", "no-untyped-def"),
        ("def f(x: list) -> None: ...\n", "type-arg"),
        ("import a_library_without_types\n", "import-not-found"),
    ],
)
def test_types_are_strict(text: str, fault: str, tmp_path: Path) -> None:
    (tmp_path / "planted.py").write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "mypy", "--config-file", str(REPOSITORY / "pyproject.toml"), "planted.py"]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    assert (run.returncode, fault in run.stdout) == (1 if fault else 0, True), run.stdout
