"""Runs the sandbox's supervisor for a test, as this user or as an ordinary one."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from autograde.grading.sandbox import layers

REPOSITORY = Path(__file__).parents[4]
NOBODY = 65534
PIECES = (
    "__init__.py",
    "errors.py",
    "settings/__init__.py",
    "settings/sandbox.py",
    "grading/__init__.py",
    "grading/sandbox",
)


def python_for_all() -> str | None:
    """Return a Python that every user may run: ours, or the system's when it is new enough; None when there is none."""
    for python in (sys.executable, "/usr/bin/python3"):
        check = "import sys; sys.exit(sys.version_info < (3, 11))"
        if os.geteuid() != 0:
            return sys.executable
        try:
            run = subprocess.run(
                [python, "-c", check], user=NOBODY, group=NOBODY, extra_groups=[], cwd="/", check=False
            )
        except OSError:
            continue
        if run.returncode == 0:
            return python
    return None


@contextmanager
def open_to_all() -> Iterator[Path]:
    """A copy of what the supervisor needs, where every user may read it."""
    folder = Path(tempfile.mkdtemp(prefix="sandbox-"))
    try:
        folder.chmod(0o755)
        for piece in PIECES:
            source, target = REPOSITORY / "autograde" / piece, folder / "autograde" / piece
            target.parent.mkdir(parents=True, exist_ok=True)
            if source.is_dir():
                shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copyfile(source, target)
        shutil.copyfile(Path(__file__).with_name("sandbox_supervisor.py"), folder / "sandbox_supervisor.py")
        (folder / "lairs").mkdir()
        (folder / "lairs").chmod(0o1777)
        yield folder
    finally:
        shutil.rmtree(folder)
        for shared in Path("/dev/shm").glob(f"{folder.name}-*"):
            shared.unlink()


class Supervised:
    """Runs code as a learner's process under a supervisor that is `user`: ``root`` or ``ordinary``."""

    def __init__(self, folder: Path, user: str, python: str) -> None:
        self.folder, self.user, self.python = folder, user, python

    def command(self, code: str, **choices: Any) -> tuple[list[str], str, dict[str, Any]]:
        """Return the command, its input and the options to start it with."""
        request = {
            "code": code,
            "limits": {},
            "readable": [],
            "require": [],
            "loopback": False,
            "without": [],
            "seconds": 60,
            "announce": False,
            "plain": False,
            "ballast": 0,
            "thread": False,
            "keep_folder": False,
            **choices,
        }
        command = [self.python, "-I", "-c", START, str(self.folder), f"token-{uuid.uuid4().hex}"]
        options: dict[str, Any] = {
            "cwd": "/",
            "env": {"PATH": "/usr/bin:/bin", "EARLY_SECRET": "MARK-7d1e", "TMPDIR": str(self.folder / "lairs")},
            "text": True,
        }
        if self.user == "ordinary" and os.geteuid() == 0:
            options |= {"user": NOBODY, "group": NOBODY, "extra_groups": []}
        return command, json.dumps(request), options

    def __call__(self, code: str, **choices: Any) -> dict[str, Any]:
        """Run and return what the supervisor reports."""
        command, request, options = self.command(code, **choices)
        run = subprocess.run(command, input=request, capture_output=True, timeout=300, check=False, **options)
        assert run.returncode == 0, run.stderr
        return json.loads(run.stdout)


def own_python() -> str:
    """Return the Python that runs the tests."""
    return sys.executable


def everyone() -> str | None:
    """Return a Python for the tests that need one outside of folders that are only root's."""
    return python_for_all()


def supervised(root_python: Callable[[], str | None] = own_python) -> Any:
    """Make a fixture of :class:`Supervised`: under a supervisor that is root, and under one that is not.

    Args:
        root_python: which Python root runs.
    """

    @pytest.fixture(scope="module", params=["root", "ordinary"])
    def learner(request: pytest.FixtureRequest) -> Iterator[Supervised]:
        if sys.platform != "linux":
            pytest.skip("the sandbox confines on Linux only")
        if request.param == "root" and os.geteuid() != 0:
            pytest.skip("only root can show that the sandbox holds for root")
        python = root_python() if request.param == "root" else python_for_all()
        if python is None:
            pytest.skip("no Python that another user may run")
        if missing := [name for name, state in layers().items() if state != "on"]:
            pytest.skip(f"this machine lacks {', '.join(missing)}")
        with open_to_all() as folder:
            yield Supervised(folder, request.param, python)

    return learner


START = """
import sys
folder = sys.argv.pop(1)
sys.path.insert(0, folder)
import sandbox_supervisor
sandbox_supervisor.main()
"""
