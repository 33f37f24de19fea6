"""The engine inside ``nbgrader autograde`` and behind the formgrader's button, through nbgrader's
own settings::

    c.Autograde.exporter_class = "autograde.nbgrader_ext.engine.RepairingExporter"
    c.Autograde.autograde_preprocessors = ["autograde.nbgrader_ext.engine.EngineExecute", …,
                                           "autograde.nbgrader_ext.engine.SaveVerdicts", …]

One submission after another goes through the pipeline of ``course grade``
(:class:`.grade_one.SubmissionGrading`): the exporter reads a notebook, nbgrader's steps restore it,
``EngineExecute`` grades it, and with the last notebook ``SaveVerdicts`` writes the gradebook and
the row of the grading log. A course's own steps may run in between.
"""

import copy
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from nbconvert.exporters import NotebookExporter
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.converters.base import BaseConverter
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors.base import NbGraderPreprocessor
from traitlets.config import LoggingConfigurable

from autograde.errors import CourseError
from autograde.grading.current_assignment import current_assignment
from autograde.grading.grade_one import SubmissionGrading
from autograde.grading.own_steps import own_steps
from autograde.grading.status import Status
from autograde.grading.storage.gradebook_writer import GradebookWriter
from autograde.grading.storage.journal import append_outcome
from autograde.grading.submission import Outcome, read_submission
from autograde.grading.workplace.beside import write_files
from autograde.shown import one_line

_gradings: WeakKeyDictionary[object, SubmissionGrading] = WeakKeyDictionary()
"""Each exporter's current submission; nbgrader creates an exporter for each run."""


class RepairingExporter(NotebookExporter):
    """Reads a submitted notebook, however damaged; any other as nbconvert does.

    nbgrader reads a submission twice, as handed in and as sanitised.
    """

    def from_filename(
        self, filename: str, resources: dict[str, Any] | None = None, **kwargs: Any
    ) -> tuple[Any, dict[str, Any]]:
        """See nbconvert's ``Exporter``."""
        coursedir = course_of(self)
        names = (resources or {}).get("nbgrader", {})
        submitted = coursedir.format_path(coursedir.submitted_directory, ".", ".")
        if "notebook" not in names or not Path(filename).resolve().is_relative_to(Path(submitted).resolve()):
            return super().from_filename(filename, resources=resources, **kwargs)
        grading = self._grading(coursedir, names["student"], names["assignment"])
        name, offered = names["notebook"], _offered(self)
        grading.grade_rest(before=name, leave=offered)  # notebooks under other names, which nbgrader does not see
        nb = grading.read(name)
        if nb is not None and grading.restore(name, copy.deepcopy(nb)) is None:
            nb = None
        resources = self._init_resources(resources)
        resources["metadata"]["name"] = Path(filename).stem
        resources["metadata"]["path"] = str(Path(filename).parent)
        exported: tuple[Any, dict[str, Any]] = self.from_notebook_node(
            grading.blank(name) if nb is None else nb, resources, **kwargs
        )
        return exported

    def _grading(self, coursedir: CourseDirectory, student: str, assignment: str) -> SubmissionGrading:
        """The submission's grading, started with its first notebook."""
        grading = _gradings.get(self)
        if grading and (grading.submission.student, grading.submission.assignment) == (student, assignment):
            return grading
        if grading:  # another step raised in the middle of it
            grading.close()
        what = current_assignment(coursedir, assignment, self.config)
        folder = Path(coursedir.format_path(coursedir.submitted_directory, student, assignment))
        submission = read_submission(folder, student, assignment, coursedir.ignore)
        _gradings[self] = SubmissionGrading(submission, what)
        return _gradings[self]


class EngineExecute(NbGraderPreprocessor):  # type: ignore[misc]  # nbgrader has no types
    """Grades a notebook as ``course grade`` does (:func:`.grade_notebook.grade_notebook`)."""

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        """See nbconvert's ``Preprocessor``.

        Raises:
            CourseError: the exporter is not the engine's.
        """
        name, grading = resources["nbgrader"]["notebook"], _of(self)
        grading.grade(name, nb)
        return grading.graded(name), resources


class SaveVerdicts(NbGraderPreprocessor):  # type: ignore[misc]  # nbgrader has no types
    """``SaveAutoGrades`` for the engine: saves everything with a submission's last notebook."""

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        """See nbconvert's ``Preprocessor``.

        Raises:
            CourseError: the exporter is not the engine's, or the gradebook cannot be written.
        """
        name, grading = resources["nbgrader"]["notebook"], _of(self)
        if own_steps(self.config):  # they may have changed the cells' outputs
            grading.judge_again(name, nb)
            nb = grading.graded(name)
        offered = _offered(self.parent)
        if name == offered[-1]:
            grading.grade_rest(leave=offered)
            try:
                self._save(grading, resources["nbgrader"]["student"], offered)
            finally:
                grading.close()
                del _gradings[self.parent]
        return nb, resources

    def _save(self, grading: SubmissionGrading, student: str, offered: list[str]) -> None:
        """Write the gradebook, the files that nbgrader does not write, and the row of the log."""
        coursedir, outcome = course_of(self), grading.outcome()
        with GradebookWriter(coursedir, self.parent) as writer:
            points = writer.write(student, outcome.assignment, outcome.timestamp, outcome.notebooks)
        graded = Path(coursedir.format_path(coursedir.autograded_directory, student, outcome.assignment)).resolve()
        files = dict(outcome.files) | {
            f"{notebook.name}.ipynb": notebook.content
            for notebook in outcome.notebooks
            if notebook.content is not None and notebook.name not in offered
        }
        for path in files:  # nbgrader's copies may be read-only
            if (graded / path).is_file() and (graded / path).parent.resolve().is_relative_to(graded):
                (graded / path).unlink()
        write_files(graded, files)
        append_outcome(Path(coursedir.root), outcome, grading.assignment, points)
        self._log(outcome)

    def _log(self, outcome: Outcome) -> None:
        """Log in nbgrader's log what was done."""
        for reason in outcome.reasons:
            level = self.log.error if outcome.status == Status.FAILED else self.log.warning
            level("%s: %s", one_line(outcome.student, 60), reason.en)
        for mention in outcome.mentions:
            self.log.error("%s", mention)


def course_of(part: LoggingConfigurable) -> CourseDirectory:
    """Return the course directory of the application that `part` belongs to."""
    owner: Any = part
    while owner is not None:
        coursedir = getattr(owner, "coursedir", None)
        if isinstance(coursedir, CourseDirectory):
            return coursedir
        owner = getattr(owner, "parent", None)
    return CourseDirectory(parent=part)


def _offered(exporter: LoggingConfigurable) -> list[str]:
    """The notebooks of a submission that nbgrader itself processes, in order."""
    converter = exporter.parent
    assert isinstance(converter, BaseConverter)
    return [Path(path).stem for path in converter.notebooks]


def _of(step: NbGraderPreprocessor) -> SubmissionGrading:
    """The grading that a step belongs to.

    Raises:
        CourseError: there is none.
    """
    grading = _gradings.get(step.parent)
    if grading is None:
        raise CourseError(
            f'{type(step).__name__} needs c.Autograde.exporter_class = "{__name__}.{RepairingExporter.__name__}" '
            "in nbgrader_config.py"
        )
    return grading
