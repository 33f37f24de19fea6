"""Templates, seen from the process that uses them: start one, with a deadline; share it; end it."""

import atexit
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

from autograde.errors import CourseError
from autograde.grading.kernels.client import CHUNK, ENDING_SECONDS, Fork, fork_of, let_go
from autograde.grading.reasons.ends import Why, import_ends, import_hangs

START_SECONDS = 300


class TemplateFailed(CourseError):
    """A template did not get as far as its first fork.

    Attributes:
        why: what it imported, and what came of it.
    """

    def __init__(self, why: Why) -> None:
        super().__init__(why.en)
        self.why = why


@dataclass
class Template:
    """A running template process; a context manager.

    Args:
        modules: what it imports, besides what every kernel needs.
        environment: variables set before it imports anything, and in every fork.
        start_seconds: how long its start may take.
        wait: whether to return when it has started; otherwise :meth:`until_ready` is called before the first fork.

    Attributes:
        address: the Unix socket where it listens, for :func:`.client.fork_of` in other processes of this machine.
        failed: module → why it could not be imported.
        seconds: how long its start took.

    Raises:
        TemplateFailed: it did not start, now or when this process last tried to import the same modules.
    """

    modules: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    start_seconds: float = START_SECONDS
    wait: bool = True
    failed: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0

    def __post_init__(self) -> None:
        if why := _never_started.get(frozenset(self.modules)):
            raise TemplateFailed(why)
        self._started = time.monotonic()
        # Unix socket paths are short; a folder of ours, whatever TMPDIR is
        self._folder = Path(tempfile.mkdtemp(prefix="warm-", dir="/tmp" if os.path.isdir("/tmp") else None))
        self.address = str(self._folder / "template")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "autograde.grading.kernels.forkserver.template", str(self._folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=self._folder,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), **self.environment},
            start_new_session=True,
        )
        assert self._process.stdin is not None
        order = {"modules": list(self.modules), "environment": dict(self.environment), "address": self.address}
        try:
            self._process.stdin.write(json.dumps(order).encode() + b"\n")
            self._process.stdin.flush()
        except OSError:
            pass  # it is gone, as whoever waits for it will find
        if self.wait:
            self.until_ready()

    def until_ready(self) -> None:
        """Wait until it has imported everything.

        Raises:
            TemplateFailed: it does not start.
        """
        assert self._process.stdout is not None
        self.failed = self._imported(self._process.stdout.fileno(), self._started + self.start_seconds)
        self.seconds = time.monotonic() - self._started

    def _imported(self, line: int, until: float) -> dict[str, str]:
        """Wait until it has imported everything; return what it could not import."""
        pending, importing = b"", ""
        while True:
            if not select.select([line], [], [], max(0.0, until - time.monotonic()))[0]:
                os.killpg(self._process.pid, signal.SIGKILL)
                self._give_up(import_hangs(importing, self.start_seconds))
            data = os.read(line, CHUNK)
            if not data:
                self._give_up(import_ends(importing, self._process.wait()))
            *lines, pending = (pending + data).split(b"\n")
            for said in map(json.loads, lines):
                if "failed" in said:
                    failed: dict[str, str] = said["failed"]
                    return failed
                importing = said["importing"]

    def _give_up(self, why: Why) -> NoReturn:
        self.close()
        _never_started[frozenset(self.modules)] = why
        raise TemplateFailed(why)

    def fork(self, kind: str, cwd: Path | str, environment: Mapping[str, str] | None = None, **more: Any) -> Fork:
        """Fork it.

        Args:
            kind: see :data:`autograde.grading.kernels.forkserver.supervisor.KINDS`.
            cwd: working folder of the fork.
            environment: variables that it gets besides the template's.
            more: what the kind needs.

        Raises:
            KernelDied: it did not start.
        """
        return fork_of(self.address, kind, cwd, environment, **more)

    @property
    def pid(self) -> int:
        """Process id."""
        return self._process.pid

    def close(self) -> None:
        """End it; forks that still run end with whoever uses them."""
        let_go(self.address)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                pipe.close()
        try:
            self._process.wait(ENDING_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)

    def __enter__(self) -> "Template":
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def alive(self) -> bool:
        """Whether the process still runs."""
        return self._process.poll() is None


_never_started: dict[frozenset[str], Why] = {}
_pool: dict[tuple[tuple[str, ...], tuple[tuple[str, str], ...]], Template] = {}
_pool_lock = threading.Lock()


def template_for(
    modules: Sequence[str], environment: Mapping[str, str], start_seconds: float = START_SECONDS
) -> Template:
    """Return this process's template for a set of modules and an environment, started on first use.

    Raises:
        TemplateFailed: it does not start.
    """
    key = tuple(sorted(modules)), tuple(sorted(environment.items()))
    with _pool_lock:
        template = _pool.get(key)
        if template is None or not template.alive():
            template = _pool[key] = Template(key[0], environment, start_seconds)
        return template


@atexit.register
def close_templates() -> None:
    """End all templates of this process."""
    with _pool_lock:
        while _pool:
            _pool.popitem()[1].close()
