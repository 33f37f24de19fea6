"""Run many nbgrader commands without paying its start-up each time: imported once, every command a fork.

A program of its own, one process without threads, so that forking is safe. JSON lines on standard input
``{"words": […], "folder": …, "environment": {…}, "log": …}``, the exit status of each on standard output.
"""

import json
import os
import sys
from typing import Any

from nbgrader.apps.nbgraderapp import NbGraderApp


def main() -> None:
    """Run the commands one after the other until standard input ends."""
    for line in sys.stdin:
        order = json.loads(line)
        pid = os.fork()
        if pid == 0:
            _run(order)
        _, status = os.waitpid(pid, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _run(order: dict[str, Any]) -> None:
    status = 1
    try:
        log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        for descriptor in (1, 2):
            os.dup2(log, descriptor)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.environ.update(order["environment"])
        os.chdir(order["folder"])
        sys.argv = ["nbgrader", *order["words"]]
        NbGraderApp.launch_instance(argv=order["words"])
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
