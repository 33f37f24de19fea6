"""Grade a chapter's answers as the examiner does, each in two forks of one process; one JSON line per answer.

``python examiner_worker.py notebooks/ch02_losses.py [few]``: every answer of the banks in tests/chapters, or a few of
each exercise. Slow and heavy, so a process of its own; :mod:`test_examiner_chapters` reads what it prints.
"""

import json
import os
import signal
import socket
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from autograde.authoring.bank import Bank, Variant
from autograde.authoring.chapter import Chapter, Exercise, parse_chapter
from autograde.authoring.source import source_notebook
from autograde.authoring.trial import load_banks
from autograde.grading.examiner.learner_side import serve
from autograde.grading.examiner.run import Examiner
from autograde.grading.plan.roles import PlannedCell, plan_cells
from autograde.grading.wire.frames import Limits, WireFailure

REPOSITORY = Path(__file__).parents[4]


def main() -> None:
    """Print ``{"exercise", "variant", "verdict", "tests": {id: [score, maximum, error, author_error]}, "seconds"}``."""
    path, few = Path(sys.argv[1]), "few" in sys.argv[2:]
    only = [word for word in sys.argv[2:] if word != "few"]
    chapter = parse_chapter(path.read_text(encoding="utf-8"), str(path))
    banks = load_banks(chapter, REPOSITORY / "tests" / "chapters" / chapter.name)
    plan = {cell.grade_id: cell for cell in plan_cells(source_notebook(chapter))}
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    for cell in plan.values():  # the template: imports only
        if cell.role == "setup":
            lines = [line for line in cell.source.split("\n") if line.startswith(("import ", "from ", "    import "))]
            for line in lines:
                exec(line.strip(), {})
    for exercise in chapter.exercises:
        bank = banks.get(exercise.id)
        variants: list[Variant | None] = [None, *(bank.variants if bank else ())]
        if few:
            variants = [next((v for v in variants if v and v.verdict == kind), None) for kind in ("right", "wrong")]
        for variant in variants:
            if only and (variant.name if variant else "reference") not in only and exercise.id not in only:
                continue
            start = time.monotonic()
            tests = grade(chapter, exercise, bank, variant, plan)
            verdict, name = (variant.verdict, variant.name) if variant else ("right", "reference")
            record = {"exercise": exercise.id, "variant": name, "verdict": verdict, "tests": tests}
            print(json.dumps(record | {"seconds": time.monotonic() - start}), file=answers, flush=True)


def grade(
    chapter: Chapter, exercise: Exercise, bank: Bank | None, variant: Variant | None, plan: dict[str, PlannedCell]
) -> dict[str, Any]:
    """Run one answer in a learner's process and its tests in an examiner's; return what each test said."""
    cells = []
    for cell in chapter.cells:
        if cell.role in ("setup", "given", "solution", "test"):
            source = cell.source
            if variant is not None and cell is exercise.solution:
                source = f"{bank.preamble if bank else ''}\n\n{variant.source}"
            cells.append((plan[cell.id], source, cell in exercise.tests))
        if cell is exercise.tests[-1]:
            break
    ours, theirs = socket.socketpair()
    learner = fork(lambda: learn([source for cell, source, _ in cells if cell.role != "test"], theirs), ours)
    theirs.close()
    reader, writer = os.pipe()
    examiner = fork(lambda: examine(cells, ours, writer))
    ours.close()
    os.close(writer)
    with os.fdopen(reader) as results:
        told = results.read()
    for pid in (examiner, learner):
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    return (
        json.loads(told)
        if told
        else {test.id: [0.0, test.points, "the examiner died", None] for test in exercise.tests}
    )


def learn(sources: list[str], sock: socket.socket) -> None:
    """What the learner's kernel does: run its cells, then serve."""
    namespace: dict[str, Any] = {"__name__": "__main__"}
    for number, source in enumerate(sources):
        try:
            exec(compile(source, f"<learner's cell {number}>", "exec"), namespace)
        except Exception as error:  # the tests will tell
            print(error, file=sys.stderr)
    while True:
        serve(sock, namespace)


def examine(cells: list[tuple[PlannedCell, str, bool]], sock: socket.socket, writer: int) -> None:
    """What the examiner does: run setup and tests, and say what they are worth."""
    examiner = Examiner(sock, Limits(call_seconds=120, cell_seconds=240))
    found = {}
    for cell, _, asked in cells:
        if cell.role == "setup":
            examiner.run_setup(cell.source)
        elif cell.imports:
            examiner.run_setup(cell.imports)
        elif asked:
            verdict = examiner.run_test(cell.source, cell.points, cell.remote, cell.contract)
            found[cell.grade_id] = [verdict.score, verdict.maximum, verdict.error, verdict.author_error]
    with os.fdopen(writer, "w") as results:
        results.write(json.dumps(found))


def fork(run: Any, *closed: socket.socket) -> int:
    """Run something in a fork, quietly."""
    pid = os.fork()
    if pid:
        return pid
    try:
        for sock in closed:
            sock.close()
        if "WIRE_NOISE" not in os.environ:
            silence = os.open(os.devnull, os.O_WRONLY)
            os.dup2(silence, 2)
        with tempfile.TemporaryDirectory() as scratch:
            os.chdir(scratch)
            run()
    except WireFailure:
        pass
    finally:
        os._exit(0)


if __name__ == "__main__":
    main()
