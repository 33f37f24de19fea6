"""Programs in a process of their own that has the imports behind it.

Half of what a command does in a test is to import nbgrader once more. Here a server imports it once, and each program is
a fork of that: it has its own working folder, environment, output and exit code, and its worker processes are forks of
the same server. ``test_cli.py`` and the suites of attacks run the installed command itself.
"""

import atexit
import multiprocessing
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from multiprocessing.connection import Connection, wait
from pathlib import Path

PRELOAD = ["autograde.cli", "autograde.grading.batch", "autograde.authoring.gate.check", "autograde.certify.command"]
COURSE = "from autograde.cli import main; main()"
NBGRADER = "from nbgrader.apps.nbgraderapp import main; main()"


def run_warm(
    code: str,
    words: Sequence[str],
    cwd: Path | None = None,
    environment: Mapping[str, str] | None = None,
    timeout: float = 300,
) -> "subprocess.CompletedProcess[str]":
    """Run ``python -c CODE WORDS`` as :func:`subprocess.run` would; :data:`COURSE` and :data:`NBGRADER` are commands.

    Raises:
        subprocess.TimeoutExpired: it took longer than ``timeout`` seconds.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOAD)
    pipes = [context.Pipe(duplex=False) for _ in range(2)]
    said = {reader: b"" for reader, _ in pipes}
    words = [str(word) for word in words]
    more = str(cwd or Path.cwd()), {**os.environ, **(environment or {})}, [writer for _, writer in pipes]
    process = context.Process(target=_be, args=(code, words, *more))
    process.start()
    for _, writer in pipes:
        writer.close()
    until, waiting = time.monotonic() + timeout, list(said)
    while waiting:
        ready = wait(waiting, max(0.0, until - time.monotonic()))
        if not ready:
            process.kill()
            raise subprocess.TimeoutExpired(words, timeout)
        for reader in ready:
            data = os.read(reader.fileno(), 1 << 16)
            said[reader] += data
            if not data:
                waiting.remove(reader)
                reader.close()
    process.join()
    assert process.exitcode is not None
    out, err = (data.decode() for data in said.values())
    return subprocess.CompletedProcess(words, process.exitcode, out, err)


def _be(code: str, words: list[str], cwd: str, environment: dict[str, str], streams: list[Connection]) -> None:
    for descriptor, stream in zip((1, 2), streams, strict=True):
        os.dup2(stream.fileno(), descriptor)
        stream.close()
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["course", *words]
    try:
        exec(code, {"__name__": "__main__"})
    finally:
        atexit._run_exitfuncs()  # what multiprocessing leaves out
