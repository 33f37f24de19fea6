"""The ``course`` command in a process of its own that has its imports behind it.

A command spends most of a second test on importing nbgrader once more. Here a server imports it once, and each command
is a fork of that: it has its own working folder, environment, output and exit code, and its worker processes are forks
of the same server. ``test_cli.py`` and the suites of attacks run the installed program itself.
"""

import atexit
import multiprocessing
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

PRELOAD = ["autograde.cli", "autograde.grading.batch", "autograde.authoring.check", "autograde.certify.issuing"]


def run_warm(
    words: Sequence[str], cwd: Path, environment: Mapping[str, str], timeout: float
) -> "subprocess.CompletedProcess[str]":
    """Run ``course WORDS`` as :func:`subprocess.run` would.

    Raises:
        subprocess.TimeoutExpired: it took longer than ``timeout`` seconds.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOAD)
    with tempfile.TemporaryDirectory() as folder:
        said = [Path(folder, name) for name in ("stdout", "stderr")]
        process = context.Process(target=_be_command, args=(list(words), str(cwd), dict(environment), said))
        process.start()
        process.join(timeout)
        if process.exitcode is None:
            process.kill()
            process.join()
            raise subprocess.TimeoutExpired(list(words), timeout)
        assert process.exitcode is not None
        out, err = (path.read_text(encoding="utf-8") if path.exists() else "" for path in said)
    return subprocess.CompletedProcess(list(words), process.exitcode, out, err)


def _be_command(words: list[str], cwd: str, environment: dict[str, str], said: list[Path]) -> None:
    from autograde import cli

    for descriptor, path in zip((1, 2), said, strict=True):
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(file, descriptor)
        os.close(file)
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["course", *words]
    try:
        cli.main()
    finally:
        atexit._run_exitfuncs()  # what multiprocessing leaves out
