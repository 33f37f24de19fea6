"""The same batch on a Dask cluster: workers hold their own templates, submissions travel as bytes."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from autograde.errors import CourseError
from autograde.grading.assignment import Assignment
from autograde.grading.grade_one import grade
from autograde.grading.submission import Outcome, Submission
from autograde.version import engine_version

CONNECT_SECONDS = 20
AHEAD = 2  # submissions in flight per thread of the cluster: no worker waits, nothing piles up


class ClusterPool:
    """Grades submissions on a running cluster; a context manager. Lost workers' submissions go to
    others.

    Args:
        assignment: what is graded.
        address: of the scheduler, ``tcp://HOST:8786``.

    Raises:
        CourseError: no scheduler answers there, or it has no workers.
    """

    def __init__(self, assignment: Assignment, address: str) -> None:
        try:
            from distributed import Client
        except ModuleNotFoundError as error:
            raise CourseError('--scheduler needs Dask: pip install ".[cluster]"') from error
        try:
            self._client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
        except (OSError, ValueError, ImportError, TypeError) as error:
            raise CourseError(
                f"no Dask scheduler answers at {address!r}; start one with `dask scheduler` and give its tcp:// address"
            ) from error
        self._assignment = assignment

    def __enter__(self) -> "ClusterPool":
        threads = sum(worker["nthreads"] for worker in self._client.scheduler_info(n_workers=-1)["workers"].values())
        if not threads:
            self._client.close()
            raise CourseError("the Dask cluster has no worker; start some with `dask worker ADDRESS`")
        self._ahead = AHEAD * threads
        self._shared = self._client.scatter(self._assignment, broadcast=True, hash=False)
        return self

    def __exit__(self, *error: object) -> None:
        self._client.close()

    def run(self, submissions: Iterable[Submission]) -> Iterator[Outcome]:
        """Yield the outcome of each submission as it comes."""
        from distributed import as_completed

        coming = iter(submissions)
        done: Any = as_completed(loop=self._client.loop)
        under_way = 0
        for submission in coming:
            done.add(self._submit(submission))
            under_way += 1
            if under_way >= self._ahead:
                break
        while under_way:
            outcome: Outcome = next(done).result()
            under_way -= 1
            following = next(coming, None)
            if following is not None:
                done.add(self._submit(following))
                under_way += 1
            yield outcome

    def _submit(self, submission: Submission) -> Any:
        return self._client.submit(grade_here, submission, self._shared, pure=False, retries=2)


def grade_here(submission: Submission, assignment: Assignment) -> Outcome:
    """Grade on a worker of the cluster, whose engine may be another than that of the machine with the gradebook."""
    return replace(grade(submission, assignment), engine=engine_version())
