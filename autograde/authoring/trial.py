"""Prove a chapter's tests: every wrong solution of the bank fails, every right one passes.

``python -m autograde.authoring.trial notebooks/ch02_losses.py [--exercise ID]`` prints the table
for one chapter.
"""

import argparse
import ast
import json
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograde.authoring.bank import Bank, Variant, bank_file, parse_bank
from autograde.authoring.chapter import Chapter, Exercise, parse_chapter
from autograde.authoring.regions import BEGIN_HIDDEN, END_HIDDEN
from autograde.authoring.sabotage import KINDS, WATCHED
from autograde.errors import CourseError, raise_all

SABOTAGE = "autograde.authoring.sabotage"
_CLOCK = re.compile(r"\b(perf_counter|monotonic|process_time|time\.time)\b")
LIMIT = 120.0
"""Seconds of wall time that one answer may take for all of its test cells."""

ONE_THREAD = dict.fromkeys(
    ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"),
    "1",
)
"""One answer runs per processor, so further threads would only compete, and would make the order in which sums are
computed depend on the machine."""


@dataclass(frozen=True)
class Trial:
    """The result of one answer in the tests of its exercise.

    Attributes:
        chapter, exercise: their ids.
        variant: the answer, or None for the chapter's own solution.
        errors: test id → error message, for the tests that were run and failed.
        passes_public: whether every test would pass without its hidden part.
        outputs: test id → what the test printed, if anything.
    """

    chapter: str
    exercise: str
    variant: Variant | None
    errors: dict[str, str]
    passes_public: bool
    outputs: dict[str, str]

    @property
    def name(self) -> str:
        """The answer's name."""
        return self.variant.name if self.variant else "reference"

    @property
    def verdict(self) -> str:
        """The expected verdict, ``wrong`` or ``right``."""
        return self.variant.verdict if self.variant else "right"

    @property
    def as_expected(self) -> bool:
        """Whether a wrong answer failed a test, or a right one passed them all."""
        return bool(self.errors) == (self.verdict == "wrong")


def load_banks(chapter: Chapter, folder: Path) -> dict[str, Bank]:
    """Read the banks of a chapter's exercises from ``folder``; exercises without a bank are left out.

    Raises:
        CourseError: a bank is malformed or cannot be read.
    """
    banks: dict[str, Bank] = {}
    faults: list[CourseError] = []
    for exercise in chapter.exercises:
        path = folder / bank_file(exercise.id)
        if path.is_file():
            try:
                banks[exercise.id] = read_bank(path, exercise.id, str(path))
            except CourseError as error:
                faults.append(error)
    raise_all(faults)
    return banks


def read_bank(path: Path, exercise: str, file: str) -> Bank:
    """Read the bank of an exercise; error messages call it `file`.

    Raises:
        CourseError: it is malformed or cannot be read.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise CourseError(f"{file}: cannot be read as UTF-8 text ({error})") from error
    return parse_bank(text, exercise, file)


def run_trials(
    chapter: Chapter, banks: dict[str, Bank], only: str | None = None, limit: float = LIMIT, whole: bool = False
) -> Iterator[Trial]:
    """Run the reference and every answer of the banks, each in a fresh process.

    Args:
        only: the exercise to run; all by default.
        limit: seconds, see :data:`LIMIT`.
        whole: run every test of an answer, even once its verdict is known. Otherwise hidden parts
            after the first failure are skipped, and so are all tests after a failure in a public
            part. The verdict and ``passes_public`` are the same either way; ``errors`` may hold
            fewer entries.

    Raises:
        CourseError: the worker process died.
    """
    jobs = list(_bank_jobs(chapter, banks, only, whole))
    for job, results in _answers(chapter, banks, jobs, limit):
        yield _trial(chapter, job, results)


def run_all(chapter: Chapter, banks: dict[str, Bank], limit: float = LIMIT) -> "Iterator[Trial | Sabotaged]":
    """Run what :func:`run_trials` and :func:`run_sabotage` run, with only one worker process.

    Raises:
        CourseError: the worker process died.
    """
    jobs = [*_bank_jobs(chapter, banks, None, whole=False), *_sabotage_jobs(chapter, None)]
    for job, results in _answers(chapter, banks, jobs, limit):
        if not job.kind:
            yield _trial(chapter, job, results)
        elif job.kind != WATCHED:
            yield _sabotaged(job, results)


@dataclass(frozen=True)
class Sabotaged:
    """The result of a sabotaged reference (:mod:`.sabotage`) in the tests of its exercise.

    Attributes:
        kind: how it was spoiled.
        met: ids of the tests that met a spoiled value.
        accepted: those of them that passed nevertheless.
    """

    exercise: str
    kind: str
    met: frozenset[str]
    accepted: frozenset[str]


def run_sabotage(chapter: Chapter, only: str | None = None, limit: float = LIMIT) -> Iterator[Sabotaged]:
    """Run the reference of every exercise under each kind of sabotage; yield results as they complete.

    Raises:
        CourseError: the worker process died.
    """
    for job, results in _answers(chapter, {}, list(_sabotage_jobs(chapter, only)), limit):
        if job.kind != WATCHED:
            yield _sabotaged(job, results)


def reads_a_clock(source: str) -> bool:
    """Whether a test measures time."""
    return bool(_CLOCK.search(source))


def _defined(source: str) -> tuple[str, ...]:
    kinds = (ast.FunctionDef, ast.ClassDef)
    return tuple(node.name for node in ast.parse(source).body if isinstance(node, kinds))


@dataclass(frozen=True)
class _Job:
    """An answer to run: a `variant` of the bank, or the reference, sabotaged or watched by `kind`."""

    exercise: Exercise
    cells: list[dict[str, Any]]
    whole: bool
    variant: Variant | None = None
    kind: str = ""


def _bank_jobs(chapter: Chapter, banks: dict[str, Bank], only: str | None, whole: bool) -> Iterator[_Job]:
    for exercise in chapter.exercises:
        if only not in (None, exercise.id):
            continue
        bank = banks.get(exercise.id)
        for variant in (None, *(bank.variants if bank else ())):
            yield _Job(exercise, _cells(chapter, exercise, bank, variant), whole, variant)


def _sabotage_jobs(chapter: Chapter, only: str | None) -> Iterator[_Job]:
    for exercise in chapter.exercises:
        if only not in (None, exercise.id):
            continue
        names = _defined(exercise.solution.source)
        for kind in (WATCHED, *KINDS):
            if kind == "remembered" and not any(_CLOCK.search(test.source) for test in exercise.tests):
                continue
            cells = _cells(chapter, exercise, None, None)
            for cell in cells:
                if cell["id"] == exercise.solution.id:
                    cell["source"] += f"\n\nimport {SABOTAGE}\n{SABOTAGE}.spoil(globals(), {kind!r}, {names!r})"
            yield _Job(exercise, cells, True, kind=kind)


def _answers(
    chapter: Chapter, banks: dict[str, Bank], jobs: list[_Job], limit: float
) -> Iterator[tuple[_Job, list[dict[str, Any]]]]:
    """Run the jobs in a worker process; yield each with the results of its tests as it completes."""
    waiting = dict(enumerate(jobs))
    last_line = ""
    with tempfile.TemporaryDirectory() as scratch, tempfile.TemporaryFile("w+") as noise:
        order = {
            "imports": _imports((cell["source"] for job in jobs if not job.variant for cell in job.cells), banks),
            "limit": limit,
            "parallel": os.cpu_count() or 1,
            "jobs": [
                {
                    "name": name,
                    "exercise": job.exercise.id,
                    "cells": job.cells,
                    "whole": job.whole,
                    "kind": job.kind,
                    "refused": job.kind in KINDS and not KINDS[job.kind].each,
                }
                for name, job in waiting.items()
            ],
        }
        environment = {**os.environ, **ONE_THREAD, "TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONHASHSEED": "0"}
        with subprocess.Popen(
            [sys.executable, "-m", "autograde.authoring.trial_worker"],
            cwd=scratch,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=noise,  # TensorFlow logs when imported; shown only if the worker dies
            text=True,
        ) as worker:
            assert worker.stdin is not None and worker.stdout is not None
            worker.stdin.write(json.dumps(order))
            worker.stdin.close()
            try:
                for line in worker.stdout:
                    answer = json.loads(line)
                    yield waiting.pop(answer["name"]), answer["results"]
            except BaseException:  # interrupted, or the generator was closed
                worker.terminate()
                raise
        if waiting:
            noise.seek(0)
            last_line = (noise.read().strip().splitlines() or ["no output"])[-1]
    if waiting:
        unfinished = next(iter(waiting.values()))
        raise CourseError(f"{chapter.file}: the trial process died before {unfinished.exercise.id!r}: {last_line}")


def _trial(chapter: Chapter, job: _Job, results: list[dict[str, Any]]) -> Trial:
    return Trial(
        chapter.name,
        job.exercise.id,
        job.variant,
        {result["id"]: result["error"] for result in results if result["error"]},
        all(result["public"] for result in results),
        {result["id"]: result["output"] for result in results if result["output"]},
    )


def _sabotaged(job: _Job, results: list[dict[str, Any]]) -> Sabotaged:
    met = frozenset(result["id"] for result in results if result["spoiled"])
    failed = {result["id"] for result in results if result["error"]}
    return Sabotaged(job.exercise.id, job.kind, met, met - failed)


def _cells(chapter: Chapter, exercise: Exercise, bank: Bank | None, variant: Variant | None) -> list[dict[str, Any]]:
    """The cells needed to judge one answer: those above it, the answer in its place, and its tests."""
    cells = []
    for cell in chapter.cells:
        if cell.role in ("prose", "free") or (cell.role == "test" and cell not in exercise.tests):
            continue
        source = cell.source
        if variant is not None and cell is exercise.solution:
            source = f"{bank.preamble if bank else ''}\n\n{variant.source}"
        test = cell.role == "test"
        cells.append(
            {"id": cell.id, "source": source, "test": test, "hidden_lines": _hidden_lines(source) if test else []}
        )
        if cell is exercise.tests[-1]:
            break
    return cells


def _hidden_lines(source: str) -> list[int]:
    numbers, inside = [], False
    for number, line in enumerate(source.split("\n"), start=1):
        inside = (inside or BEGIN_HIDDEN in line) and END_HIDDEN not in line
        if inside:
            numbers.append(number)
    return numbers


def _imports(sources: Iterable[str], banks: dict[str, Bank]) -> list[str]:
    """The modules that the chapter and the preambles of its banks import, to be loaded before forking."""
    names = set()
    for source in {*sources, *(bank.preamble for bank in banks.values())}:
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Import):
                names |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names.add(node.module)
    return sorted(names)


def main() -> int:
    """Print one line per answer; exit 1 if the tests and the bank disagree."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("chapter", type=Path)
    parser.add_argument("--exercise")
    parser.add_argument("--bank", type=Path, help="folder of the banks; default tests/chapters/chNN")
    arguments = parser.parse_args()
    chapter = parse_chapter(arguments.chapter.read_text(encoding="utf-8-sig"), str(arguments.chapter))
    banks = load_banks(chapter, arguments.bank or Path("tests/chapters") / chapter.name)
    bad = 0
    wrong, missed = Counter[str](), Counter[str]()
    for trial in run_trials(chapter, banks, arguments.exercise, whole=True):
        wrong[trial.exercise] += trial.verdict == "wrong"
        missed[trial.exercise] += trial.verdict == "wrong" and trial.passes_public
        bad += not trial.as_expected or bool(trial.outputs)
        print(
            f"{'ok ' if trial.as_expected else 'BAD'} {trial.exercise:28} {trial.verdict:5} {trial.name:44}"
            f"{' (accepted by the public part alone)' if trial.verdict == 'wrong' and trial.passes_public else ''}"
        )
        for test, error in trial.errors.items():
            print(f"      {test}: {error}")
        for test, output in trial.outputs.items():
            print(f"      {test} prints: {output!r}")
    for exercise, count in wrong.items():
        print(f"{exercise}: the public part alone accepts {missed[exercise]} of {count} wrong answers")
    print(f"{bad} not as expected")
    return 1 if bad else 0


if __name__ == "__main__":
    try:
        raise SystemExit(main())
    except CourseError as error:
        raise SystemExit(str(error)) from None
