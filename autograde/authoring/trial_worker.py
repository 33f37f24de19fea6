"""Run answers against test cells, each in a fork of one process with the heavy imports loaded.

A separate program, started by :mod:`autograde.authoring.trial`: a JSON job list on standard input,
one JSON result per line on standard output. It runs only the course's own banks, never learners'
code.
"""

import ast
import contextlib
import gc
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

SABOTAGE, WATCHED = "autograde.authoring.sabotage", "watched"


def main() -> None:
    """Read ``{"imports", "limit", "parallel", "jobs"}`` and write the result of each job as it ends."""
    order = json.load(sys.stdin)
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # an import must not print into the results
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    for module in order["imports"]:
        with contextlib.suppress(ImportError):  # reported by the cell that needs it
            importlib.import_module(module)
    gc.collect()
    gc.freeze()  # garbage collection in a fork can skip TensorFlow's objects
    queue = _Queue(order["jobs"])
    running: dict[tuple[int, int], tuple[dict[str, Any], float, bytes]] = {}
    try:
        while queue.jobs or running:
            while len(running) < order["parallel"] and (job := queue.next()):
                if queue.needless(job):
                    print(json.dumps({"name": job["name"], "results": []}), file=answers, flush=True)
                else:
                    running[_start(job)] = (job, time.monotonic() + order["limit"], b"")
            if not running:
                continue
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
                _kill(pid)
                os.waitpid(pid, 0)
                os.close(reader)
                del running[child]
                result = _results(job, data, order["limit"])
                queue.ended(job, result["results"])
                print(json.dumps(result), file=answers, flush=True)
    finally:
        for pid, _ in running:
            _kill(pid)


class _Queue:
    """The jobs to run. Sabotage of an exercise waits until it is known which kinds have something to spoil."""

    def __init__(self, jobs: list[dict[str, Any]]) -> None:
        self.jobs = list(jobs)
        self._watching = {job["exercise"] for job in jobs if job["kind"] == WATCHED}
        self._kinds: dict[str, set[str]] = {}

    def next(self) -> dict[str, Any] | None:
        """Take the first job that can start, if any."""
        for at, job in enumerate(self.jobs):
            if job["kind"] in ("", WATCHED) or job["exercise"] not in self._watching:
                return self.jobs.pop(at)
        return None

    def needless(self, job: dict[str, Any]) -> bool:
        """Whether a job would spoil nothing, so that its tests would see the plain reference."""
        return job["kind"] not in ("", WATCHED) and job["kind"] not in self._kinds.get(job["exercise"], {job["kind"]})

    def ended(self, job: dict[str, Any], results: list[dict[str, Any]]) -> None:
        """Record what a watched answer showed; if it did not complete, every kind is tried."""
        if job["kind"] == WATCHED:
            self._watching.discard(job["exercise"])
            if all("kinds" in result for result in results):
                self._kinds[job["exercise"]] = {kind for result in results for kind in result["kinds"]}


def _kill(pid: int) -> None:
    """Kill an answer's process group, and with it whatever it started."""
    for kill in (os.killpg, os.kill):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            kill(pid, signal.SIGKILL)


def _results(job: dict[str, Any], data: bytes, limit: float) -> dict[str, Any]:
    done = [json.loads(line) for line in data.decode().split("\n")[:-1]]  # the last line may be cut short
    seen = {result["id"] for result in done}
    for cell in job["cells"]:
        if cell["test"] and cell["id"] not in seen:
            done.append(
                {
                    "id": cell["id"],
                    "error": f"did not end within {limit:g} s, or the process died",
                    "public": False,
                    "output": "",
                    "spoiled": False,
                }
            )
    return {"name": job["name"], "results": done}


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
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        with tempfile.TemporaryFile() as scratch:
            os.dup2(scratch.fileno(), 1)
            os.dup2(scratch.fileno(), 2)
            with os.fdopen(writer, "w") as results:
                _run(job, scratch, results)
        code = 0
    finally:
        os._exit(code)


def _run(job: dict[str, Any], scratch: Any, results: Any) -> None:
    namespace: dict[str, Any] = {"__name__": "__main__"}
    broken, failed, decided, whole = None, False, False, job["whole"]
    for cell in job["cells"]:
        if decided:
            if cell["test"]:
                results.write(
                    json.dumps({"id": cell["id"], "error": None, "public": True, "output": "", "spoiled": False}) + "\n"
                )
            continue
        sys.stdout.flush()
        before, before_it = scratch.seek(0, os.SEEK_END), _spoiled()
        error, line, value = _execute(cell, namespace, without_hidden=failed and not whole)
        if not cell["test"]:
            broken = broken or (error and f"{cell['id']}: {error}")
            continue
        sys.stdout.flush()
        sys.stderr.flush()
        scratch.seek(before)
        output = scratch.read().decode(errors="replace")
        if error is None and isinstance(value, (int, float)):
            error = f"ends in the value {value!r}, which would be taken as partial credit"
        elif error is None and value is not None:
            output += f"ends in a value that the notebook would show, of type {type(value).__name__}"
        if error and broken:
            error = f"{error} [{broken}]"
        public = error is None or line in cell["hidden_lines"]
        failed, spoiled = failed or error is not None, _spoiled() > before_it
        # decided by a failure in a public part, or by the first refusal of a sabotaged answer where one is enough
        decided = decided or (not public and not whole) or bool(job["refused"] and error and spoiled)
        result = {"id": cell["id"], "error": error, "public": public, "output": output[:2000], "spoiled": spoiled}
        results.write(json.dumps({**result, **_watched(job)}) + "\n")
        results.flush()


def _spoiled() -> int:
    """Number of values spoiled in this process so far."""
    module = sys.modules.get(SABOTAGE)
    return module.effects if module else 0


def _watched(job: dict[str, Any]) -> dict[str, list[str]]:
    """The kinds that have something to spoil in a watched answer."""
    return (
        {"kinds": sorted(sys.modules[SABOTAGE].applicable)}
        if job["kind"] == WATCHED and SABOTAGE in sys.modules
        else {}
    )


def _execute(cell: dict[str, Any], namespace: dict[str, Any], without_hidden: bool) -> tuple[str | None, int, Any]:
    """Run one cell; return its error, the line of the cell where it was raised, and the cell's last value."""
    file = f"<{cell['id']}>"
    source: str = cell["source"]
    if without_hidden and cell["hidden_lines"]:
        lines = source.split("\n")
        source = "\n".join("" if at in cell["hidden_lines"] else line for at, line in enumerate(lines, start=1))
    tree = ast.parse(source)
    last = tree.body[-1] if tree.body else None
    value = None
    try:
        if isinstance(last, ast.Expr):
            tree.body.pop()
        exec(compile(tree, file, "exec"), namespace)
        if isinstance(last, ast.Expr):
            value = eval(compile(ast.Expression(last.value), file, "eval"), namespace)
    except BaseException as error:  # an answer may raise anything, even SystemExit
        places = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == file]
        return f"{type(error).__name__}: {error}".splitlines()[0][:500], (places or [0])[0] or 0, None
    return None, 0, value


if __name__ == "__main__":
    main()
