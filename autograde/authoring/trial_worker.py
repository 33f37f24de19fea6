"""Run answers against test cells, each in a fork of one process that has the heavy imports behind it.

A program of its own, started by :mod:`autograde.authoring.trial`: a JSON job list on standard input, one JSON result
per line on standard output. It runs the course's own bank only; learners' code is graded elsewhere.
"""

import ast
import contextlib
import importlib
import json
import os
import select
import signal
import sys
import tempfile
import time
import traceback
from typing import Any


def main() -> None:
    """Read ``{"imports", "limit", "parallel", "jobs"}`` and answer each job as it ends."""
    order = json.load(sys.stdin)
    for module in order["imports"]:
        with contextlib.suppress(ImportError):  # the cell that needs it reports it
            importlib.import_module(module)
    waiting, running = list(order["jobs"]), {}
    while waiting or running:
        while waiting and len(running) < order["parallel"]:
            job = waiting.pop(0)
            running[_start(job)] = (job, time.monotonic() + order["limit"], b"")
        ready, _, _ = select.select([reader for _, reader in running], [], [], 0.5)
        for child in list(running):
            pid, reader = child
            job, deadline, data = running[child]
            if reader in ready:
                chunk = os.read(reader, 1 << 16)
                if chunk:
                    running[child] = (job, deadline, data + chunk)
                    continue
            elif time.monotonic() < deadline:
                continue
            else:
                os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            os.close(reader)
            del running[child]
            _report(job, data, order["limit"])


def _report(job: dict[str, Any], data: bytes, limit: float) -> None:
    done = [json.loads(line) for line in data.decode().splitlines()]
    seen = {result["id"] for result in done}
    for cell in job["cells"]:
        if cell["test"] and cell["id"] not in seen:
            done.append(
                {
                    "id": cell["id"],
                    "error": f"did not end within {limit:g} s, or the process died",
                    "public": False,
                    "output": "",
                }
            )
    print(json.dumps({"name": job["name"], "results": done}), flush=True)


def _start(job: dict[str, Any]) -> tuple[int, int]:
    reader, writer = os.pipe()
    pid = os.fork()
    if pid:
        os.close(writer)
        return pid, reader
    code = 1
    try:
        os.close(reader)
        os.setpgid(0, 0)
        with tempfile.TemporaryFile() as scratch:
            os.dup2(scratch.fileno(), 1)
            os.dup2(scratch.fileno(), 2)
            with os.fdopen(writer, "w") as results:
                _run(job["cells"], scratch, results)
        code = 0
    finally:
        os._exit(code)


def _run(cells: list[dict[str, Any]], scratch: Any, results: Any) -> None:
    namespace: dict[str, Any] = {"__name__": "__main__"}
    broken = None
    for cell in cells:
        sys.stdout.flush()
        before = scratch.seek(0, os.SEEK_END)
        error, line, value = _execute(cell, namespace)
        if not cell["test"]:
            broken = broken or (error and f"{cell['id']}: {error}")
            continue
        sys.stdout.flush()
        sys.stderr.flush()
        scratch.seek(before)
        output = scratch.read().decode(errors="replace")
        if error is None and value is not None:
            error = f"ends in the value {value!r}, which would be taken as partial credit"
        if error and broken:
            error = f"{error} [{broken}]"
        public = error is None or line in cell["hidden_lines"]
        results.write(json.dumps({"id": cell["id"], "error": error, "public": public, "output": output[:2000]}) + "\n")
        results.flush()


def _execute(cell: dict[str, Any], namespace: dict[str, Any]) -> tuple[str | None, int, Any]:
    """Run one cell; return its error, the line of the cell at which it arose, and a number it ends in."""
    file = f"<{cell['id']}>"
    tree = ast.parse(cell["source"])
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    value = None
    try:
        exec(compile(tree, file, "exec"), namespace)
        if last is not None:
            value = eval(compile(ast.Expression(last.value), file, "eval"), namespace)
    except BaseException as error:  # an answer may raise anything, SystemExit included: that is its result
        lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == file]
        return f"{type(error).__name__}: {error}".splitlines()[0][:500], (lines or [0])[0] or 0, None
    return None, 0, value if isinstance(value, (int, float)) else None


if __name__ == "__main__":
    main()
