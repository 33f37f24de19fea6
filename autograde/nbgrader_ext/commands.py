"""nbgrader's own commands, run from Python."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

from autograde.errors import CourseError


class Nbgrader:
    """Runs nbgrader commands quickly, each in its own process; a context manager.

    Args:
        log: file that collects what the commands print.

    Example:
        ``with Nbgrader(Path("nbgrader.log")) as nbgrader: nbgrader("autograde", "ch02", folder=course)``
    """

    def __init__(self, log: Path) -> None:
        self.log = log.resolve()
        self._worker = subprocess.Popen(
            [sys.executable, "-m", "autograde.nbgrader_ext.commands_worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> "Nbgrader":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._worker.stdin is not None and self._worker.stdout is not None
        self._worker.stdin.close()
        self._worker.wait()
        self._worker.stdout.close()

    def __call__(self, *words: str, folder: Path, environment: Mapping[str, str] | None = None) -> None:
        """Run ``nbgrader WORDS`` in ``folder``.

        Raises:
            CourseError: the command failed; the message has its last line and the log.
        """
        before = self.log.stat().st_size if self.log.exists() else 0
        order = {"words": words, "folder": str(folder), "environment": dict(environment or {}), "log": str(self.log)}
        assert self._worker.stdin is not None and self._worker.stdout is not None
        self._worker.stdin.write(json.dumps(order) + "\n")
        self._worker.stdin.flush()
        status = self._worker.stdout.readline().strip()
        if status != "0":
            with self.log.open("rb") as log:
                log.seek(before, os.SEEK_SET)
                lines = log.read().decode(errors="replace").strip().splitlines()
            last = lines[-1] if lines else "no output"
            raise CourseError(f"`nbgrader {' '.join(words)}` failed: {last} (see {self.log})")
