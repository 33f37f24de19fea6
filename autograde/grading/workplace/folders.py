"""Where one submission runs: a folder for the learner's cells, another for the tests, and what notebooks leave in them."""

import tempfile
from collections.abc import Mapping
from pathlib import Path
from weakref import finalize

from traitlets.config import Config

from autograde.grading.assignment import Assignment
from autograde.grading.kernels.execute import WarmExecute
from autograde.grading.kernels.made_files import fitting
from autograde.grading.reasons.reason import Reason
from autograde.grading.submission import Submission
from autograde.grading.workplace.beside import emptied, examiners_files, learners_files, remove, write_files
from autograde.settings.grading import EXAMINER, UNCONFINED


class Workplace:
    """The working folders of one submission. They go with :meth:`close`, or with the process.

    Attributes:
        submission, assignment: what is graded, and as what.
        config: the settings of nbgrader's steps.
        folder: where the learner's cells run.
        apart: where the tests run, if an examiner runs them.
        given: files beside the notebooks before the first cell, bytes by path.
        made: what cells wrote there.
        isolation, layers: what held the processes so far (see :class:`.submission.Outcome`); None before the first one.
        kernel_seconds: their CPU time.
    """

    def __init__(self, submission: Submission, assignment: Assignment) -> None:
        self.submission, self.assignment = submission, assignment
        self.config = Config({name: dict(values) for name, values in assignment.settings.items()})
        self.folder, self.apart = (
            Path(tempfile.mkdtemp(prefix=prefix)).resolve() for prefix in ("submission-", "course-")
        )
        self.close = finalize(self, _remove, self.folder, self.apart)
        self.given: dict[str, bytes] = {}
        self.made: dict[str, bytes] = {}
        self._seen: dict[str, bytes] = {}
        self.isolation: str | None = None
        self.layers: frozenset[str] | None = None
        self.kernel_seconds = 0.0

    def lay_out(self) -> list[Reason]:
        """Write the files that the cells find beside them, and those that the tests do; return what there is to say."""
        self.given, notes = learners_files(self.submission.files, self.assignment)
        self._write(self.given)
        if self.assignment.isolation == EXAMINER:
            write_files(self.apart, examiners_files(self.assignment), self.assignment.executable)
        return notes

    def lay_out_again(self) -> None:
        """Make the folder what it was before the cells of the notebook that runs wrote to it."""
        emptied(self.folder)
        self._write({**self.given, **self.made, **self._seen})

    def add_notebook(self, file: str, content: bytes) -> None:
        """Put a notebook there, as its learner knows it."""
        self._seen[file] = content
        self._write({file: content})

    def ran(self, execution: WarmExecute) -> None:
        """Take note of a run: what its cells wrote, what held them, what it took."""
        if not execution.confined and self.assignment.confine is not None:
            self.isolation = UNCONFINED
        elif self.isolation is None:
            self.isolation = self.assignment.isolation
        self.layers = execution.layers if self.layers is None else self.layers & execution.layers
        self.made |= execution.files
        self._write(execution.files)
        self.kernel_seconds += execution.other_seconds
        self.kernel_seconds += execution.ended.cpu_seconds if execution.ended else 0.0

    def files(self) -> dict[str, bytes]:
        """What lies beside the notebooks by now, for the graded folder."""
        return fitting({**self.given, **self.made}, self.assignment.notebooks)

    def _write(self, files: Mapping[str, bytes]) -> None:
        write_files(self.folder, files, {*self.submission.executable, *self.assignment.executable})


def _remove(*folders: Path) -> None:
    for folder in folders:
        remove(folder)
