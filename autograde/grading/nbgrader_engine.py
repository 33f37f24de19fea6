"""The engine inside ``nbgrader autograde`` and behind the formgrader's button, through nbgrader's own settings::

    c.Autograde.exporter_class = "autograde.grading.nbgrader_engine.RepairingExporter"
    c.Autograde.autograde_preprocessors = ["autograde.grading.nbgrader_engine.EngineExecute", …,
                                           "autograde.grading.nbgrader_engine.SaveVerdicts", …]

One submission after the other, with the verdicts of ``course grade``: repaired first, its tests run by the examiner.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from nbconvert.exporters import NotebookExporter
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import SaveAutoGrades
from traitlets.config import LoggingConfigurable

from autograde.grading.assignment import Assignment, read_assignment
from autograde.grading.beside import emptied, examiners_files, learners_files, seen_of, write_files
from autograde.grading.confine import confined
from autograde.grading.examined import ExaminedExecute
from autograde.grading.execute import WarmExecute
from autograde.grading.feedback_record import checks_of, secret_of, write_record
from autograde.grading.kernels import named
from autograde.grading.reason import Reason
from autograde.grading.repair import repair
from autograde.grading.review import Review, review_of
from autograde.grading.settings import EXAMINER, UNCONFINED, grading_settings
from autograde.grading.submission import read_submission
from autograde.grading.which_file import handed_in
from autograde.shown import one_line

_read: dict[tuple[str, str, int], Assignment] = {}


class RepairingExporter(NotebookExporter):  # type: ignore[misc]  # nbconvert has no types
    """Reads a submitted notebook whatever happened to it; any other as nbconvert does.

    nbgrader reads a submission twice, as handed in and as sanitised. What repair found the first time goes with the
    second reading in ``resources["nbgrader"]["repaired"]``: (repairs, reasons for a review, whether it was readable).
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._repaired: dict[tuple[str, str, str], tuple[list[Reason], list[Reason], bool]] = {}

    def from_filename(  # type: ignore[override]  # a text, as in NotebookExporter
        self, filename: str, resources: dict[str, Any] | None = None, **kwargs: Any
    ) -> tuple[Any, dict[str, Any]]:
        """See nbconvert's ``Exporter``."""
        coursedir = course_of(self)
        submitted = coursedir.format_path(coursedir.submitted_directory, ".", ".")
        names = (resources or {}).get("nbgrader", {})
        if "notebook" not in names:
            return super().from_filename(filename, resources=resources, **kwargs)
        which = names["assignment"], names["student"], names["notebook"]
        if not Path(filename).resolve().is_relative_to(Path(submitted).resolve()):
            names["repaired"] = self._repaired.pop(which, ([], [], True))
            return super().from_filename(filename, resources=resources, **kwargs)
        assignment = assignment_of(coursedir, names["assignment"], self.config)
        released = assignment.notebooks[names["notebook"]]
        if not released.releases:
            return super().from_filename(filename, resources=resources, **kwargs)
        files = {Path(filename).stem: Path(filename).read_bytes()}
        for path in Path(filename).parent.glob("*.ipynb"):
            if path.stem not in assignment.notebooks and path.is_file() and not path.is_symlink():
                files[path.stem] = path.read_bytes()
        found = handed_in(files, {names["notebook"]: released.releases})
        repaired = repair(found.notebooks[names["notebook"]], released.releases)
        repairs, review = [*found.notes, *repaired.repairs], [*found.review, *repaired.review]
        tell(self, names["student"], [*repaired.notes, *repairs, *review])
        self._repaired[which] = repairs, review, repaired.readable
        resources = self._init_resources(resources)
        resources["metadata"]["name"] = Path(filename).stem
        resources["metadata"]["path"] = str(Path(filename).parent)
        return self.from_notebook_node(repaired.notebook, resources, **kwargs)


class EngineExecute(WarmExecute):
    """Executes as the course says: tests by the examiner, or all cells in one process, confined.

    nbgrader's own folder holds hidden tests, in the notebooks graded before and in the one that runs: the cells run
    beside what :mod:`autograde.grading.beside` lays out.
    """

    def preprocess(
        self, nb: NotebookNode, resources: ResourcesDict, km: Any = None
    ) -> tuple[NotebookNode, ResourcesDict]:
        """See :class:`WarmExecute`; the verdicts go on in ``resources["nbgrader"]["verdicts"]``."""
        coursedir = course_of(self)
        names = resources["nbgrader"]
        assignment = assignment_of(coursedir, names["assignment"], self.config)
        settings = grading_settings(Path(coursedir.root))
        assignment = confined(assignment, settings, settings.isolation)
        released = assignment.notebooks[names["notebook"]]
        self.modules, self.variables = list(assignment.modules), list(assignment.variables)
        assert assignment.confine is not None
        self.confine = dict(assignment.confine)
        self.allow_unconfined = assignment.allow_unconfined
        self.notebook_timeout = assignment.notebook_seconds
        self.start_seconds = assignment.start_seconds
        self.own_code = released.own_code
        nb.metadata["kernelspec"] = NotebookNode(named(released.kernelspec))
        run: WarmExecute = self
        graded = Path(resources["metadata"]["path"])
        with _folders() as (folder, apart):
            said, carried = self._lay_out(folder, apart, graded, assignment, names)
            resources["metadata"]["path"] = str(folder)
            self.fresh_folder = lambda: self._lay_out(emptied(folder), apart, graded, assignment, names)
            if assignment.isolation == EXAMINER:
                more = {
                    "modules": self.modules,
                    "variables": self.variables,
                    "confine": self.confine,
                    "own_code": self.own_code,
                    "notebook_timeout": assignment.notebook_seconds,
                    "start_seconds": assignment.start_seconds,
                    "beside": str(apart),
                    "fresh_folder": self.fresh_folder,
                }
                run = ExaminedExecute(parent=self.parent, config=self.config, plan=released.plan, **more)
                nb, resources = run.preprocess(nb, resources)
                resources["nbgrader"]["verdicts"] = run.verdicts
            else:
                nb, resources = super().preprocess(nb, resources, km)
        resources["metadata"]["path"] = str(graded)
        write_files(graded.resolve(), run.files)
        tell(self, names["student"], [*said, *run.reasons, *run.faults])
        repairs, review, readable = names.get("repaired", ([], [], True))
        verdicts = getattr(run, "verdicts", {})
        resources["nbgrader"].update(review=review_of(nb, [*review, *run.faults]), readable=readable)
        status = "review" if review or run.faults else "repaired" if repairs else "graded"
        said = [*said, *repairs, *review, *run.reasons, *run.faults]
        secret = secret_of((cell.name, cell.source) for cell in released.source_cells)
        isolation = assignment.isolation if run.confined else UNCONFINED
        write_record(nb, isolation, status, said, checks_of(verdicts, released.plan), secret, carried)
        return nb, resources

    def _lay_out(
        self, folder: Path, apart: Path, graded: Path, assignment: Assignment, names: dict[str, str]
    ) -> tuple[list[Reason], bool]:
        """Write what lies beside the notebook into `folder`, and into `apart` for an examiner.

        Returns:
            what there is to say, and whether the cells of an earlier notebook wrote any of it.
        """
        there = read_submission(graded, names["student"], assignment.name, ())
        files, said = learners_files(there.files, assignment)
        coursedir = course_of(self)
        handed_in = Path(coursedir.format_path(coursedir.submitted_directory, names["student"], assignment.name))
        for name, expected in sorted(assignment.notebooks.items()):
            path = handed_in / f"{name}.ipynb"
            if name <= names["notebook"] and path.is_file() and not path.is_symlink():
                seen = seen_of(path.read_bytes(), expected, assignment.name, self.config)
                files |= {path.name: seen} if seen is not None else {}
        write_files(folder, files, {*there.executable, *assignment.executable})
        write_files(apart, examiners_files(assignment), assignment.executable)
        given = dict(read_submission(handed_in, "", "", ()).files)
        given |= {path: content for path, content in assignment.files.items() if path not in assignment.keep}
        made = (path for path, content in there.files.items() if given.get(path) != content)
        return said, any(not path.endswith(".ipynb") for path in made)


class SaveVerdicts(SaveAutoGrades):  # type: ignore[misc]  # nbgrader has no types
    """``SaveAutoGrades`` that takes an examiner's word where there is one, and asks for a person where repair did."""

    def _add_score(self, cell: NotebookNode, resources: ResourcesDict) -> None:
        name = cell.metadata["nbgrader"]["grade_id"]
        verdict = resources["nbgrader"].get("verdicts", {}).get(name)
        if verdict is None:
            super()._add_score(cell, resources)
        grade = self.gradebook.find_grade(name, self.notebook_id, self.assignment_id, self.student_id)
        if verdict is not None:
            grade.auto_score = None if verdict["author_error"] else verdict["score"]
            grade.needs_manual_grade = grade.manual_score is not None or grade.auto_score is None
        if not resources["nbgrader"].get("readable", True):
            grade.auto_score = None  # nobody knows
        if resources["nbgrader"].get("review", Review()).asks_for(name):
            grade.needs_manual_grade = True
        self.gradebook.db.commit()

    def _add_comment(self, cell: NotebookNode, resources: ResourcesDict) -> None:
        if resources["nbgrader"].get("readable", True):  # else the answers are not the learner's
            super()._add_comment(cell, resources)
        name = cell.metadata["nbgrader"]["grade_id"]
        why = resources["nbgrader"].get("review", Review()).comments.get(name)
        if why:
            comment = self.gradebook.find_comment(name, self.notebook_id, self.assignment_id, self.student_id)
            comment.auto_comment = why
            self.gradebook.db.commit()


@contextmanager
def _folders() -> Iterator[tuple[Path, Path]]:
    """Two folders that end with the block: for the learner's cells, and for the tests."""
    with (
        TemporaryDirectory(prefix="submission-", ignore_cleanup_errors=True) as folder,
        TemporaryDirectory(prefix="course-") as apart,
    ):
        yield Path(folder).resolve(), Path(apart).resolve()


def course_of(part: LoggingConfigurable) -> CourseDirectory:
    """Return the course directory of the application that `part` belongs to."""
    owner: Any = part
    while owner is not None:
        found = getattr(owner, "coursedir", None)
        if isinstance(found, CourseDirectory):
            return found
        owner = getattr(owner, "parent", None)
    return CourseDirectory(parent=part)


def assignment_of(coursedir: CourseDirectory, name: str, config: Any) -> Assignment:
    """Return an assignment as the gradebook and the source have it now; read again when the source has changed."""
    source = Path(coursedir.format_path(coursedir.source_directory, ".", name))
    changed = max((path.stat().st_mtime_ns for path in source.glob("*.ipynb")), default=0)
    key = coursedir.db_url, name, changed
    if key not in _read:
        with Gradebook(coursedir.db_url, coursedir.course_id) as gradebook:
            _read[key] = read_assignment(name, gradebook, coursedir, config)
    return _read[key]


def tell(part: LoggingConfigurable, student: str, reasons: list[Reason]) -> None:
    """Say in nbgrader's log what was done to a submission."""
    for reason in reasons:
        part.log.warning("%s: %s", one_line(student, 60), reason.en)
