"""Worker processes on this machine: submissions in, outcomes out, in order of completion."""

import contextlib
import multiprocessing
import os
from collections import deque
from collections.abc import Iterable, Iterator
from multiprocessing.connection import Connection, wait
from typing import TYPE_CHECKING, Any

from autograde.grading.kernels.templates import Template, TemplateFailed
from autograde.grading.plan.preload import settled
from autograde.grading.reasons.faults import template_failed, worker_lost
from autograde.grading.reasons.reason import Reason
from autograde.grading.status import Status

# the command imports this before nbgrader, which takes long: see begin_imports
if TYPE_CHECKING:
    from autograde.grading.assignment import Assignment
    from autograde.grading.submission import Outcome, Submission

TRIES = 2  # a worker that dies, for example from lack of memory, is replaced and its submission retried


def begin_imports() -> None:
    """Have the workers' server import what they need, which takes as long as the imports of the command itself."""
    _context()
    if os.name == "posix":
        from multiprocessing import forkserver

        forkserver.ensure_running()


def _context() -> Any:
    """Workers are forked from a server with their imports, never from this process and its threads."""
    context: Any = multiprocessing.get_context("forkserver" if os.name == "posix" else "spawn")
    if os.name == "posix":
        context.set_forkserver_preload(["autograde.grading.grade_one"])
    return context


class LocalPool:
    """Grades submissions in processes of its own; a context manager.

    Args:
        assignment: what is graded; workers get it with :meth:`brief`.
        jobs: number of processes.
        environment: variables of the template and its kernels; None: the notebooks' kernels cannot
            be warm.
    """

    def __init__(self, assignment: "Assignment", jobs: int, environment: dict[str, str] | None) -> None:
        self._assignment = assignment
        self._jobs = jobs
        self._environment = environment
        self._template: Template | None = None
        self._failed: Reason | None = None  # why the template could not be started
        self._workers: dict[Connection, Any] = {}
        self._context = _context()

    def __enter__(self) -> "LocalPool":
        if self._environment is not None:
            variables = {**thread_shares(self._jobs), **self._environment}
            self._environment = settled(variables, self._assignment.variables)
            self._start_template()
        for _ in range(self._jobs):
            self._start()  # they import while the template does
        self._until_ready()
        return self

    def __exit__(self, *error: object) -> None:
        for connection, process in self._workers.items():
            connection.close()
            if error[0] is not None:
                process.terminate()
            process.join()
        if self._template:
            self._template.close()

    @property
    def template(self) -> Template | None:
        """This machine's template; None if the kernels cannot be warm."""
        return self._template

    @property
    def address(self) -> str:
        """Where the template listens; empty without one."""
        return self._template.address if self._template else ""

    def brief(self, assignment: "Assignment") -> None:
        """Tell the workers what is graded from now on, in the same template."""
        self._assignment = assignment
        for connection in self._workers:
            with contextlib.suppress(OSError):  # it has died; noticed when it does not answer
                self._brief(connection)

    def pids(self) -> list[int]:
        """Process ids of the workers."""
        return [process.pid for process in self._workers.values()]

    def run(self, submissions: "Iterable[Submission]") -> "Iterator[Outcome]":
        """Yield outcomes as they complete; read no further ahead than the workers can take."""
        coming = iter(submissions)
        again: deque[tuple[Submission, int]] = deque()
        idle = list(self._workers)
        working: dict[Connection, tuple[Submission, int]] = {}
        while True:
            if self._failed:
                begun = [one for one, _ in (*working.values(), *again)]
                yield from (_not_graded(one, self._failed) for one in (*begun, *coming))
                return
            while idle:
                task = again.popleft() if again else next(((one, 1) for one in coming), None)
                if task is None:
                    break
                connection = idle.pop()
                working[connection] = task
                with contextlib.suppress(OSError):  # it has died; noticed below, when it does not answer
                    connection.send(task[0])
            if not working:
                return
            for connection in _ready(working):
                submission, tries = working.pop(connection)
                try:
                    outcome = connection.recv()
                except (EOFError, OSError):
                    idle.append(self._replace(connection))
                    if tries < TRIES:
                        again.append((submission, tries + 1))
                        continue
                    outcome = _not_graded(submission, worker_lost(TRIES, submission.student))
                else:
                    idle.append(connection)
                yield outcome

    def _start_template(self) -> None:
        """Start it, unless it cannot be."""
        assert self._environment is not None
        try:
            self._template = Template(
                self._assignment.modules, self._environment, self._assignment.start_seconds, wait=False
            )
        except TemplateFailed as error:
            self._template, self._failed = None, template_failed(error.why)

    def _until_ready(self) -> None:
        """Wait until it has started, if it has been."""
        try:
            if self._template:
                self._template.until_ready()
        except TemplateFailed as error:
            self._template, self._failed = None, template_failed(error.why)

    def _start(self) -> Connection:
        ours: Connection
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=_work, args=(theirs,), daemon=False)
        process.start()
        theirs.close()
        self._workers[ours] = process
        return ours

    def _brief(self, connection: Connection) -> None:
        connection.send((self._assignment, self.address))

    def _replace(self, connection: Connection) -> Connection:
        process = self._workers.pop(connection)
        connection.close()
        process.kill()
        process.join()
        if self._template and not self._template.alive():
            self._template.close()
            self._start_template()
            self._until_ready()
        fresh = self._start()
        self._brief(fresh)
        return fresh


def thread_shares(jobs: int) -> dict[str, str]:
    """Variables that give each of `jobs` kernels its share of the processors for numerical
    libraries.

    A number that the machine's own environment sets is kept.
    """
    share = str(max(1, (os.cpu_count() or 1) // jobs))
    names = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "TF_NUM_INTRAOP_THREADS")
    return {name: share for name in names if name not in os.environ}


def _ready(working: Iterable[Connection]) -> list[Connection]:
    """Wait until at least one of them is readable; return those."""
    return [one for one in wait(list(working)) if isinstance(one, Connection)]


def _work(connection: Connection) -> None:
    """Grade until the other side closes the connection."""
    import signal

    from autograde.grading.grade_one import grade
    from autograde.grading.submission import Submission

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the coordinator, which closes the connection
    brief: tuple[Assignment, str] | None = None
    try:
        while True:
            order = connection.recv()
            if isinstance(order, Submission):
                assert brief is not None
                connection.send(grade(order, *brief))
            else:
                brief = order
    except (EOFError, OSError):
        return


def _not_graded(submission: "Submission", reason: Reason) -> "Outcome":
    from autograde.grading.submission import Outcome

    return Outcome(
        submission.student,
        submission.assignment,
        Status.FAILED,
        (),
        {},
        (reason,),
        submission.timestamp,
        submission.hash,
    )
