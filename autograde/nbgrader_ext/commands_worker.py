"""Runs many nbgrader commands without its start-up time: imports it once and forks for each.

A program of its own, without threads, so that forking is safe. It reads JSON lines from standard
input ``{"words": […], "folder": …, "environment": {…}, "log": …}`` and writes each exit status to
standard output.
"""

import json
import os
import sys
from typing import Any

from nbgrader.apps.nbgraderapp import NbGraderApp


def main() -> None:
    """Run the commands one after another until standard input ends."""
    for line in sys.stdin:
        request = json.loads(line)
        pid = os.fork()
        if pid == 0:
            _run(request)
        _, status = os.waitpid(pid, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _run(request: dict[str, Any]) -> None:
    status = 1
    try:
        log = os.open(request["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        for descriptor in (1, 2):
            os.dup2(log, descriptor)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.environ.update(request["environment"])
        os.chdir(request["folder"])
        sys.argv = ["nbgrader", *request["words"]]
        NbGraderApp.launch_instance(argv=request["words"])
        status = 0
    except SystemExit as leave:
        status = leave.code if isinstance(leave.code, int) else int(leave.code is not None)
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


if __name__ == "__main__":
    main()
