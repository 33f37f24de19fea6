"""What every test finds: the environment's own programs on PATH, and course directories of a chapter or two."""

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

# Suites that take many minutes together: `make thorough` runs them, `make test` leaves them out.
THOROUGH = (
    "sandbox/test_sandbox_attacks.py", "sandbox/test_sandbox_limits.py",
    "repair/test_repair_damage.py", "repair/test_repair_chapters.py", "examiner/test_examiner_chapters.py",
    "report/test_page_in_browser.py", "damage/test_damage_engine.py", "chapters/test_fresh_kernel.py",
    "grading/test_grading_postgres.py", "grading/test_cluster.py", "grading/test_same_verdicts.py",
)  # fmt: skip

# Files of few but long tests, the longest first: a worker that got one of them last would work on alone.
LONGEST = (
    "browser/test_widgets.py", "grading/test_grading_parity.py", "attacks/test_attacks.py", "grading/test_batch.py", "grading/test_one_pipeline.py",
    "browser/test_hand_in.py", "attacks/test_cycle.py", "browser/test_learner.py", "demo/test_demo.py", "feedback/test_feedback.py",
    "deploy/test_jupyterhub.py", "gate/test_check.py", "test_lab.py", "course/test_colab.py",
    "browser/test_verification_site.py", "issue/test_issuing.py",
)  # fmt: skip

settings.register_profile("course", deadline=None)  # machines are shared; a slow example is no fault
settings.load_profile("course")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the long suites, and put the longest files first."""
    for item in items:
        if any(part in item.path.as_posix() for part in THOROUGH):
            item.add_marker(pytest.mark.thorough)
    places = {part: place for place, part in enumerate(LONGEST)}
    items.sort(
        key=lambda item: next((at for part, at in places.items() if item.path.as_posix().endswith(f"/{part}")), 99)
    )


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
