"""Grade one cohort with stock nbgrader and this engine, and run its cells alone: in turn, in one run."""

import os
import platform
import resource
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

import psutil

from autograde.bench.workloads import Workload
from autograde.errors import CourseError
from autograde.grading.batch import Grading
from autograde.grading.kernels.client import ended_after
from autograde.grading.pool import LocalPool
from autograde.grading.status import Status
from autograde.grading.storage.gradebook_writer import scores_of
from autograde.nbgrader_ext.commands import Nbgrader
from autograde.settings.course_folder import CourseFolder

FLOOR_SECONDS = 600
GRADEBOOK = Path("gradebook", "gradebook.db")


@dataclass(frozen=True)
class Round:
    """The total cost of the submissions of one round, without start-up.

    Attributes:
        wall, cpu: seconds.
    """

    submissions: int
    wall: float
    cpu: float

    @property
    def per_minute(self) -> float:
        """Submissions per minute of wall time."""
        return 60 * self.submissions / self.wall

    @property
    def each(self) -> float:
        """CPU seconds per submission."""
        return self.cpu / self.submissions


@dataclass
class Result:
    """One workload's figures: medians over the rounds, with comparisons made within a round.

    The speed of a shared machine changes from minute to minute. Within a round both sides meet the
    same load, and the median is not affected by a single slow round.

    Attributes:
        stock, engine, floor: costs by round; the floor is the same cells run alone in forks of the
            same template.
        start_up: seconds until the engine's workers and template were ready, once per batch.
        equal: whether all scores agree.
    """

    workload: str
    isolation: str
    jobs: int
    stock: list[Round] = field(default_factory=list)
    engine: list[Round] = field(default_factory=list)
    floor: list[Round] = field(default_factory=list)
    start_up: float = 0.0
    equal: bool = False

    @property
    def times_stock(self) -> float:
        """The engine's throughput divided by stock nbgrader's."""
        pairs = zip(self.engine, self.stock, strict=True)
        return median(engine.per_minute / stock.per_minute for engine, stock in pairs)

    @property
    def over_floor(self) -> float:
        """CPU seconds per submission beyond the floor."""
        return median(engine.each - floor.each for engine, floor in zip(self.engine, self.floor, strict=True))

    @property
    def times_floor(self) -> float:
        """CPU time of a submission divided by the floor."""
        return median(engine.each / floor.each for engine, floor in zip(self.engine, self.floor, strict=True))

    def as_json(self) -> dict[str, Any]:
        """All figures, including the derived ones."""
        costs = {
            name: {
                "rounds": [asdict(round_) for round_ in rounds],
                "per_minute": per_minute(rounds),
                "cpu_each": cpu_each(rounds),
            }
            for name, rounds in (("stock", self.stock), ("engine", self.engine), ("floor", self.floor))
        }
        derived = {"times_stock": self.times_stock, "over_floor": self.over_floor, "times_floor": self.times_floor}
        plain = {name: getattr(self, name) for name in ("workload", "isolation", "jobs", "start_up", "equal")}
        return {**plain, **costs, **derived}


def per_minute(rounds: Sequence[Round]) -> float:
    """Submissions per minute of wall time."""
    return median(round_.per_minute for round_ in rounds)


def cpu_each(rounds: Sequence[Round]) -> float:
    """CPU seconds per submission."""
    return median(round_.each for round_ in rounds)


def measure(workload: Workload, jobs: int, progress: Callable[[str], None]) -> list[Result]:
    """Grade a workload in turn with each side; return a result for each isolation.

    Raises:
        CourseError: stock nbgrader or the engine did not grade a submission.
    """
    results = []
    idle = _stock(workload, ())[1]
    with ExitStack() as stack:
        engines = []
        for isolation, course in workload.engines.items():
            progress(f"{workload.name}: starting the engine ({isolation})")
            started = time.monotonic()
            grading = stack.enter_context(
                Grading(CourseFolder.of(course), workload.assignment, jobs=jobs, isolation=isolation)
            )
            pool = grading.start(jobs)
            assert isinstance(pool, LocalPool)
            _engine(grading, pool, workload.students[0][:jobs])  # imports at first use count as start-up
            engines.append((grading, pool))
            results.append(Result(workload.name, isolation, jobs, start_up=time.monotonic() - started))
        for number, students in enumerate(workload.students):
            progress(f"{workload.name}: round {number + 1} of {len(workload.students)}")
            wall, cpu = _stock(workload, students)
            for result, (grading, pool) in zip(results, engines, strict=True):
                result.stock.append(Round(len(students), wall, cpu - idle))
                result.engine.append(Round(len(students), *_engine(grading, pool, students)))
                result.floor.append(Round(len(students), *_floor(workload, pool, len(students), jobs)))
    expected = scores_of(workload.stock / GRADEBOOK)
    lost = [name for name, score in expected.items() if score != workload.points[name[1]]]
    if lost:  # a submission that fails early is cheap, so the figures would be wrong
        raise CourseError(
            f"{workload.name}: stock nbgrader does not give the solved {lost[0][1]} full points; nothing is measured"
        )
    for result in results:
        result.equal = scores_of(workload.engines[result.isolation] / GRADEBOOK) == expected
    return results


def _stock(workload: Workload, students: tuple[str, ...]) -> tuple[float, float]:
    """Grade with ``nbgrader autograde``; return wall and CPU seconds, imports included."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    wall = 0.0
    with Nbgrader(workload.stock / "nbgrader.log") as nbgrader:
        nbgrader("--version", folder=workload.stock)
        if students:
            started = time.monotonic()
            pattern = f"--student={students[0].split('-')[0]}-*"
            nbgrader("autograde", workload.assignment, pattern, folder=workload.stock)
            wall = time.monotonic() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _engine(grading: Grading, pool: LocalPool, students: tuple[str, ...]) -> tuple[float, float]:
    assert pool.template is not None
    processes = [psutil.Process(pid) for pid in (pool.template.pid, *pool.pids())]
    before = time.process_time() + sum(sum(process.cpu_times()[:2]) for process in processes)
    started = time.monotonic()
    batch = grading.run(students, force=True)
    wall = time.monotonic() - started
    after = time.process_time() + sum(sum(process.cpu_times()[:2]) for process in processes)
    cpu = after - before + batch.kernel_seconds
    if not batch.ok():
        bad = next(row for row in batch.rows.values() if not Status(row["status"]).is_settled)
        raise CourseError(f"{bad['student']} was not graded: {bad['reasons']}")
    return wall, cpu


def _floor(workload: Workload, pool: LocalPool, submissions: int, jobs: int) -> tuple[float, float]:
    """Run the cells alone, as many forks at a time as the engine grades, so that both meet the same load."""
    assert pool.template is not None
    cpu = 0.0
    started = time.monotonic()
    for first in range(0, submissions, jobs):
        with ExitStack() as stack:
            forks = [
                stack.enter_context(ended_after(pool.template.fork("bare", workload.stock)))
                for _ in range(min(jobs, submissions - first))
            ]
            for fork in forks:
                fork.send({"cells": workload.cells})
            for fork in forks:
                fork.receive(time.monotonic() + FLOOR_SECONDS)
        cpu += sum(fork.ended.cpu_seconds for fork in forks if fork.ended)
    return time.monotonic() - started, cpu


def machine() -> dict[str, Any]:
    """Return the date and the size of this machine."""
    return {
        "date": datetime.now(UTC).strftime("%Y-%m-%d"),
        "processors": os.cpu_count(),
        "memory_gib": round(psutil.virtual_memory().total / 2**30),
        "python": platform.python_version(),
        "system": platform.system(),
    }
