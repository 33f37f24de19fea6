"""What every test finds: the environment's own programs on PATH, and course directories of a chapter or two."""

import math
import os
import shutil
import subprocess
import sys
from pathlib import Path

import mini_course
import pytest
from hypothesis import settings
from mini_course import COMMAND, Course
from warm_command import COURSE, run_warm

settings.register_profile("course", deadline=None)  # machines are shared; a slow example is no fault
settings.load_profile("course")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the files of few but long tests first, by their mark: a worker that got one of them last would work on alone."""
    items.sort(key=lambda item: mark.args[0] if (mark := item.get_closest_marker("long")) else math.inf)


@pytest.fixture(scope="session", autouse=True)
def programs_of_this_environment() -> None:
    """nbgrader starts alembic by name; `course` sees to that itself, calls in process need it here."""
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])


@pytest.fixture(scope="session")
def built_once(tmp_path_factory: pytest.TempPathFactory, programs_of_this_environment: None) -> Path:
    """The course directory of ch91, built by the real command; only to be copied."""
    root = mini_course.write_mini_course(tmp_path_factory.mktemp("built") / "mini")
    subprocess.run([*COMMAND, "build"], cwd=root, capture_output=True, timeout=120, check=True)
    return root


@pytest.fixture
def built(built_once: Path, tmp_path: Path) -> Path:
    """A copy of the built course directory of ch91, to do anything with."""
    return shutil.copytree(built_once, tmp_path / "built")


@pytest.fixture
def mini(tmp_path: Path) -> Path:
    """A course directory of one chapter, ch91, not built."""
    return mini_course.write_mini_course(tmp_path / "mini")


@pytest.fixture
def course(mini: Path) -> Course:
    """Run the command in a process of its own: ``course("build", "ch91", cwd=folder)``."""

    def run(
        *words: str, cwd: Path = mini, timeout: float = 120, **environment: str
    ) -> "subprocess.CompletedProcess[str]":
        return run_warm(COURSE, words, cwd, environment, timeout)

    return run
