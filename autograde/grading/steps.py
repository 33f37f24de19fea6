"""nbgrader's own preprocessors on an :class:`Assignment`, so that workers need no database."""

import json
from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader import utils
from nbgrader.nbgraderformat import MetadataValidator
from nbgrader.preprocessors import OverwriteCells, SaveAutoGrades
from nbgrader.preprocessors.base import NbGraderPreprocessor

from autograde.grading.assignment import ReleasedNotebook
from autograde.grading.kernels.specs import named
from autograde.grading.reasons.faults import test_fault
from autograde.grading.reasons.reason import Reason
from autograde.grading.submission import CellScore


class RestoreCells(OverwriteCells):  # type: ignore[misc]  # nbgrader has no types
    """``OverwriteCells`` and ``OverwriteKernelspec``: restore released locked cells, points and kernel."""

    def __init__(self, expected: ReleasedNotebook, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.gradebook = expected

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        """See ``nbgrader.preprocessors.OverwriteCells``."""
        nb.metadata["kernelspec"] = NotebookNode(named(self.gradebook.kernelspec))
        self.notebook_id, self.assignment_id = self.gradebook.name, resources["nbgrader"]["assignment"]
        nb, resources = NbGraderPreprocessor.preprocess(self, nb, resources)
        if self.add_missing_cells:
            nb, resources = self.add_missing_grade_cells(nb, resources)
            nb, resources = self.add_missing_task_cells(nb, resources)
        return nb, resources


_valid: set[str] = set()


def check_metadata(nb: NotebookNode) -> None:
    """As ``nbgrader.preprocessors.CheckCellMetadata``, but valid metadata is checked only once.

    Raises:
        jsonschema.ValidationError, nbgrader.nbgraderformat.SchemaTooOldError,
            ``SchemaTooNewError``: it is invalid.
    """
    validator = MetadataValidator()
    seen: set[str] = set()
    for cell in nb.cells:
        mark = cell.metadata.get("nbgrader")
        if mark is None:
            continue
        key = json.dumps([cell.cell_type, mark], sort_keys=True, default=str)
        if key not in _valid:
            validator.validate_cell(cell)
            _valid.add(key)
        name = mark.get("grade_id")
        if name is not None and (mark.get("grade") or mark.get("solution") or mark.get("locked")):
            if name in seen:
                validator.validate_nb(nb)  # raises nbgrader's own error
            seen.add(name)


class CollectGrades(SaveAutoGrades):  # type: ignore[misc]  # nbgrader has no types
    """``SaveAutoGrades`` that collects grades instead of saving them.

    Args:
        verdicts: an examiner's, by grade_id; cells without one are judged by their outputs, as
            nbgrader does.

    Attributes:
        scores, comments: see :class:`autograde.grading.submission.GradedNotebook`.
        faults: cells whose test returned an invalid partial credit.
    """

    def __init__(self, verdicts: Mapping[str, Mapping[str, Any]] | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._verdicts = verdicts or {}

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        """See ``nbgrader.preprocessors.SaveAutoGrades``."""
        self.scores: list[CellScore] = []
        self.comments: dict[str, str | None] = {}
        self.faults: list[Reason] = []
        self.notebook_id, self.assignment_id, self.student_id = "", "", ""
        graded: tuple[NotebookNode, ResourcesDict] = NbGraderPreprocessor.preprocess(self, nb, resources)
        return graded

    def _add_score(self, cell: NotebookNode, resources: ResourcesDict) -> None:
        name = cell.metadata["nbgrader"]["grade_id"]
        verdict = self._verdicts.get(name)
        if verdict is not None:
            score = None if verdict["author_error"] else verdict["score"]
            self.scores.append(CellScore(name, score, verdict["maximum"]))
            return
        try:
            score, maximum = utils.determine_grade(cell, self.log)
        except ValueError as error:
            score, maximum = None, float(cell.metadata["nbgrader"]["points"])
            self.faults.append(test_fault(name, str(error)))
        self.scores.append(CellScore(name, score, maximum))

    def _add_comment(self, cell: NotebookNode, resources: ResourcesDict) -> None:
        taken: Callable[..., Any] = lambda *names: comment  # noqa: E731
        comment = SimpleNamespace(auto_comment=None)
        self.gradebook = SimpleNamespace(find_comment=taken, db=SimpleNamespace(commit=lambda: None))
        super()._add_comment(cell, resources)
        self.comments[cell.metadata["nbgrader"]["grade_id"]] = comment.auto_comment
