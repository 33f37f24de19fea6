"""Grades one submission, without database or course folder: bytes in, an :class:`Outcome` out."""

import time
import traceback
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import nbformat
from nbformat import NotebookNode

from autograde.errors import CourseError
from autograde.grading.assignment import Assignment
from autograde.grading.grade_notebook import (
    NotebookGrade,
    ReadNotebook,
    blank_notebook,
    grade_notebook,
    judge_notebook,
    read_notebook,
    restore_notebook,
)
from autograde.grading.intake.timestamp import read_time
from autograde.grading.intake.which_file import handed_in
from autograde.grading.kernels.templates import TemplateFailed
from autograde.grading.reasons.bounds import too_large
from autograde.grading.reasons.faults import engine_fault, not_confined, template_failed, unreadable_file
from autograde.grading.reasons.losses import notebook_missing
from autograde.grading.reasons.reason import Reason
from autograde.grading.reasons.submitted import no_notebook, unreadable_timestamp
from autograde.grading.status import Status
from autograde.grading.submission import GradedNotebook, Outcome, Submission
from autograde.grading.workplace.folders import Workplace


def grade(submission: Submission, assignment: Assignment, template: str = "") -> Outcome:
    """Grade one submission; whatever is wrong with it is in the outcome, nothing is raised.

    Args:
        template: address of a running template; empty: this process starts its own.
    """
    grading = SubmissionGrading(submission, assignment, template)
    try:
        grading.grade_rest()
        return grading.outcome()
    finally:
        grading.close()


@dataclass
class _End:
    """Why grading of a submission stopped."""

    status: Status
    reasons: list[Reason]
    mentions: tuple[str, ...] = ()


class SubmissionGrading:
    """A submission in the pipeline, notebook by notebook in nbgrader's order; later ones see
    earlier ones.

    A notebook is read, restored and graded: by :meth:`grade_rest`, or step by step where another
    program's steps come between. No step raises for what is wrong with a submission; after
    :meth:`outcome`, call :meth:`close`.

    Attributes:
        submission, assignment: see :func:`grade`.
        names: the assignment's notebooks, in order.
        grades: those that are graded, by name.
    """

    def __init__(self, submission: Submission, assignment: Assignment, template: str = "") -> None:
        self._started, self._cpu = time.monotonic(), time.thread_time()
        self.submission, self.assignment = submission, assignment
        self._template = template
        self.names = sorted(assignment.notebooks, key=lambda name: f"{name}.ipynb")
        self.grades: dict[str, NotebookGrade] = {}
        self._read: dict[str, ReadNotebook] = {}
        self._there: dict[str, bytes] = {}
        self._end: _End | None = None
        self._place = Workplace(submission, assignment)
        self.close = self._place.close
        self._notes: list[Reason] = []
        self._reasons = [unreadable_file(name, why) for name, why in sorted(submission.unreadable.items())]
        self._undated = "timestamp.txt" in submission.unreadable
        if submission.timestamp is not None and read_time(submission.timestamp) is None:
            self._undated = True
            self._reasons.append(unreadable_timestamp(submission.timestamp))
        with self._guarded():
            self._begin()

    def grade_rest(self, before: str | None = None, leave: Collection[str] = ()) -> None:
        """Grade the notebooks that were handed in and are not graded yet.

        Args:
            before: only notebooks before this one.
            leave: names of notebooks to skip.
        """
        for name in self.names[: None if before is None else self.names.index(before)]:
            if name in self.grades or name in leave:
                continue
            nb = self.read(name)
            if nb is not None:
                nb = self.restore(name, nb)
            if nb is not None:
                self.grade(name, nb)

    def read(self, name: str) -> NotebookNode | None:
        """Return a notebook as handed in, repaired; None if nothing of it is to be graded."""
        if self._end or name not in self._there:
            return None
        with self._guarded():
            read = read_notebook(self._there[name], self.assignment.notebooks[name])
            self._read[name] = read
            if read.notebook is None:
                self._is_unusable(name)
            return read.notebook
        return None

    def restore(self, name: str, nb: NotebookNode) -> NotebookNode | None:
        """Return a notebook that was read with its locked cells restored.

        None if that is impossible.
        """
        with self._guarded():
            restored = restore_notebook(self._read[name], nb, self.assignment.notebooks[name], self._place)
            if restored is None:
                self._is_unusable(name)
            return restored
        return None

    def grade(self, name: str, nb: NotebookNode) -> None:
        """Grade a notebook, read and restored; it is not usable afterwards."""
        if self._end or name in self.grades or name not in self._read:
            return
        with self._guarded():
            all_reasons = [*self._notes, *self._all_reasons()]
            expected = self.assignment.notebooks[name]
            self.grades[name] = grade_notebook(nb, self._read[name], expected, self._place, all_reasons, self._template)

    def judge_again(self, name: str, nb: NotebookNode) -> None:
        """Judge a graded notebook again after another program's steps have changed its outputs."""
        found = self.grades.get(name)
        if self._end or found is None or found.run is None:
            return
        with self._guarded():
            all_reasons = [*self._notes, *self._all_reasons(but=name)]
            expected = self.assignment.notebooks[name]
            self.grades[name] = judge_notebook(nb, found.run, self._read[name], expected, self._place, all_reasons)

    def graded(self, name: str) -> NotebookNode:
        """Return a graded notebook.

        If nothing of it could be graded, as released, with the reasons.
        """
        found = self.grades.get(name)
        if found and found.graded.content is not None and not self._end:
            nb: NotebookNode = nbformat.reads(found.graded.content.decode("utf-8"), as_version=4)
            return nb
        return self.blank(name)

    def blank(self, name: str) -> NotebookNode:
        """Return a replacement for a notebook of which nothing can be graded."""
        all_reasons = [*self._notes, *self._all_reasons(), *(self._end.reasons if self._end else [])]
        return blank_notebook(self.assignment.notebooks[name], self._place, all_reasons)

    def outcome(self) -> Outcome:
        """Return the outcome of the submission."""
        ids = self.submission.student, self.submission.assignment
        if self._end:
            outcome = Outcome(*ids, self._end.status, reasons=tuple(self._end.reasons), mentions=self._end.mentions)
        else:
            found = [self.grades[name] for name in self.names if name in self.grades]
            statuses = [one.status for one in found] + [Status.REVIEW] * bool(self._reasons)
            outcome = Outcome(
                *ids,
                Status.of_all(statuses),
                tuple(self._graded(name) for name in self.names),
                self._place.files(),
                (*self._notes, *self._all_reasons()),
                isolation=self._place.isolation,
                layers=self._place.layers,
            )
        return replace(
            outcome,
            timestamp=self.submission.timestamp,
            hash=self.submission.hash,
            seconds=time.monotonic() - self._started,
            cpu_seconds=time.thread_time() - self._cpu + self._place.kernel_seconds,
            kernel_seconds=self._place.kernel_seconds,
        )

    def _begin(self) -> None:
        """Find the assignment's notebooks in the submission and write the files beside them."""
        releases = {name: one.releases for name, one in self.assignment.notebooks.items()}
        found = handed_in(dict(self.submission.notebooks()), releases)
        self._there = found.notebooks
        self._notes += found.notes
        self._reasons += found.review
        if not self._there:
            self._end = _End(Status.REVIEW, [*self._reasons, no_notebook(list(self.assignment.notebooks))])
            return
        self._notes += self._place.lay_out()
        too_much = too_large(self._place.given, (self.assignment.confine or {}).get("limits", {}))
        if too_much:
            self._end = _End(Status.REVIEW, [*self._notes, *self._reasons, too_much])
            return
        self._notes += [notebook_missing(name) for name in self.names if name not in self._there]

    def _is_unusable(self, name: str) -> None:
        read = self._read[name]
        self.grades[name] = NotebookGrade(GradedNotebook(name), read.reasons, read.status)

    def _all_reasons(self, but: str = "") -> list[Reason]:
        """The reasons so far, in the order of the notebooks."""
        found = [self.grades[name] for name in self.names if name in self.grades and name != but]
        return [*self._reasons, *(reason for one in found for reason in one.reasons)]

    def _graded(self, name: str) -> GradedNotebook:
        if name not in self.grades:
            return GradedNotebook(name, missing=True)
        graded = self.grades[name].graded
        return (
            replace(graded, review=True) if self._undated else graded
        )  # so that a person who decides on lateness finds it

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        """An error within the block ends this submission's grading, and no other's."""
        try:
            yield
        except TemplateFailed as error:
            self._end = _End(Status.FAILED, [template_failed(error.why)])
        except CourseError as error:  # a process that could not be confined, say
            self._end = _End(Status.FAILED, [not_confined(str(error))])
        except Exception:  # a fault of ours must not cost the rest of the batch its grades
            fault = traceback.format_exc()
            self._end = _End(Status.FAILED, [engine_fault(fault.strip().splitlines()[-1])], (fault,))
