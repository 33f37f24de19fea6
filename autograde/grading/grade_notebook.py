"""The pipeline of a notebook, shared by ``course grade``, ``nbgrader autograde`` and the
formgrader.

A notebook is read (:func:`read_notebook`), its locked cells are restored (:func:`restore_notebook`,
or nbgrader's own steps), and then it is graded: :func:`grade_notebook`. No database, no course
folder.
"""

import copy
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import nbformat
from jupyter_client.kernelspec import NoSuchKernel
from nbconvert.preprocessors import ClearMetadataPreprocessor
from nbformat import NotebookNode
from nbgrader.preprocessors import ClearOutput, DeduplicateIds, IgnorePattern, LimitOutput

from autograde.grading.assignment import ReleasedNotebook
from autograde.grading.examined import ExaminedExecute
from autograde.grading.graded.feedback_record import checks_of, secret_of, write_record
from autograde.grading.graded.notebook_bytes import notebook_bytes
from autograde.grading.graded.review import review_of
from autograde.grading.kernels.execute import WarmExecute
from autograde.grading.kernels.messages import shorten
from autograde.grading.kernels.specs import kernel_name
from autograde.grading.reasons.faults import damaged_metadata, no_kernel, unreadable_notebook
from autograde.grading.reasons.losses import cells_missing
from autograde.grading.reasons.reason import Reason
from autograde.grading.repair.repair import repair
from autograde.grading.status import Status
from autograde.grading.steps import CollectGrades, RestoreCells, check_metadata
from autograde.grading.submission import GradedNotebook
from autograde.grading.workplace.beside import notebook_as_seen, sources_by_name
from autograde.grading.workplace.folders import Workplace
from autograde.settings.grading import EXAMINER


@dataclass
class ReadNotebook:
    """A notebook as it was handed in, repaired.

    Attributes:
        notebook: None if nothing of it can be graded.
        status: the submission's status by these reasons.
        reasons: what was repaired, and what could not be.
        doubts: the reasons that a person has to check.
        notes: remarks that change nothing.
    """

    notebook: NotebookNode | None
    status: Status = Status.GRADED
    reasons: list[Reason] = field(default_factory=list)
    doubts: list[Reason] = field(default_factory=list)
    notes: list[Reason] = field(default_factory=list)


@dataclass
class NotebookGrade:
    """The result of grading a notebook.

    Attributes:
        reasons, status: as in :class:`ReadNotebook`, including its own.
        run: how it ran, for :func:`judge_notebook`; None if nothing ran.
    """

    graded: GradedNotebook
    reasons: list[Reason]
    status: Status
    run: "NotebookRun | None" = None


@dataclass
class NotebookRun:
    """A run of a notebook's cells.

    Attributes:
        carried: whether files beside it were written by an earlier notebook's cells.
    """

    execution: WarmExecute
    carried: bool

    @property
    def verdicts(self) -> dict[str, Any]:
        """An examiner's, by grade_id; empty without one."""
        return getattr(self.execution, "verdicts", {})


def read_notebook(raw: bytes, expected: ReleasedNotebook) -> ReadNotebook:
    """Read a submitted notebook, however damaged."""
    if expected.releases:
        repaired = repair(raw, expected.releases)
        found = [*repaired.repairs, *repaired.review]
        if not repaired.readable:
            return ReadNotebook(None, Status.REVIEW, found)
        status = Status.REVIEW if repaired.review else Status.REPAIRED if repaired.repairs else Status.GRADED
        return ReadNotebook(repaired.notebook, status, found, [*repaired.review], [*repaired.notes])
    try:  # the course does not keep its releases
        return ReadNotebook(nbformat.reads(raw.decode("utf-8"), as_version=4))
    except Exception as error:  # nbformat raises all kinds of errors on damaged files
        why = str(error).splitlines()[0] if str(error) else type(error).__name__
        return ReadNotebook(None, Status.REVIEW, [unreadable_notebook(f"{expected.name}.ipynb", why)])


def restore_notebook(
    read: ReadNotebook, nb: NotebookNode, expected: ReleasedNotebook, place: Workplace
) -> NotebookNode | None:
    """Return `nb` with locked cells, points and kernel as released, and write it to its folder.

    Args:
        read: what was read, of which `nb` is the notebook or a copy; gets the reason if None is
            returned.

    Returns:
        None if its grading metadata is unusable.
    """
    config, file = place.config, f"{expected.name}.ipynb"
    resources: Any = {"nbgrader": {"assignment": place.assignment.name}}
    for step in (ClearOutput(config=config), DeduplicateIds(config=config)):
        nb, resources = step(nb, resources)
    before = sources_by_name(nb)
    try:
        nb, resources = RestoreCells(expected, config=config)(nb, resources)
        check_metadata(nb)
    except Exception as error:  # nbgrader's steps raise all kinds of errors on forged metadata
        why = str(error).splitlines()[0] if str(error) else type(error).__name__
        read.status, read.reasons = Status.REVIEW, [*read.reasons, damaged_metadata(file, why)]
        return None
    place.add_notebook(file, notebook_as_seen(nb, before, expected))
    return nb


def grade_notebook(
    nb: NotebookNode,
    read: ReadNotebook,
    expected: ReleasedNotebook,
    place: Workplace,
    said: Sequence[Reason] = (),
    template: str = "",
) -> NotebookGrade:
    """Run a notebook's cells and judge them.

    Args:
        nb: the notebook, read and restored; not usable afterwards.
        read: the result of reading it.
        expected: the course's version of it.
        place: where it runs.
        said: further reasons that the learner is told.
        template: see :func:`autograde.grading.grade_one.grade`.

    Raises:
        CourseError: its process could not be confined as the course requires.
    """
    resources: Any = {
        "nbgrader": {"assignment": place.assignment.name, "notebook": expected.name, "db_url": ""},
        "metadata": {"path": str(place.folder)},
        "unique_key": expected.name,
    }
    execution = _execution(expected, place, template)
    try:
        nb, resources = execution(nb, resources)
    except NoSuchKernel:
        name, file = execution.kernel_name or kernel_name(nb), f"{expected.name}.ipynb"
        reasons = [*read.reasons, no_kernel(file, str(name))]
        return NotebookGrade(GradedNotebook(expected.name), reasons, Status.FAILED)
    run = NotebookRun(execution, carried=bool(place.made))
    place.ran(execution)
    config = place.config
    for after in (IgnorePattern, ClearMetadataPreprocessor, LimitOutput):
        nb, resources = after(config=config)(nb, resources)
    shorten(nb.cells)
    return judge_notebook(nb, run, read, expected, place, said)


def judge_notebook(
    nb: NotebookNode,
    run: NotebookRun,
    read: ReadNotebook,
    expected: ReleasedNotebook,
    place: Workplace,
    said: Sequence[Reason] = (),
) -> NotebookGrade:
    """Score a notebook that has run and write its feedback record; see :func:`grade_notebook`."""
    resources: Any = {"nbgrader": {"assignment": place.assignment.name, "notebook": expected.name}}
    collect = CollectGrades(run.verdicts, config=place.config)
    nb, resources = collect(nb, resources)
    faults = [*run.execution.faults, *collect.faults]
    there = {score.grade_id for score in collect.scores}
    gone = [cell.name for cell in expected.grade_cells if cell.name not in there]
    found = [*read.reasons, *([cells_missing(f"{expected.name}.ipynb", gone)] if gone else [])]
    status = Status.REVIEW if faults else read.status
    tell = [*said, *found, *run.execution.reasons, *faults]
    secret = secret_of((cell.name, cell.source) for cell in expected.source_cells)
    isolation = place.isolation or place.assignment.isolation
    write_record(nb, isolation, status, tell, checks_of(run.verdicts, expected.plan), secret, run.carried)
    review = review_of(nb, [*read.doubts, *faults])
    graded = GradedNotebook(
        expected.name,
        notebook_bytes(nb),
        tuple(collect.scores),
        {**collect.comments, **review.comments},
        review=review.cells is None,
        unsure=tuple(sorted(review.cells or ())),
    )
    return NotebookGrade(graded, [*read.notes, *found, *run.execution.reasons, *faults], status, run)


def blank_notebook(expected: ReleasedNotebook, place: Workplace, said: Sequence[Reason]) -> NotebookNode:
    """Return the notebook as released, with the reasons, for one of which nothing can be graded."""
    if expected.releases:
        nb: NotebookNode = nbformat.reads(expected.releases[0].decode("utf-8"), as_version=4)
    else:
        nb = nbformat.v4.new_notebook(metadata={"kernelspec": copy.deepcopy(expected.kernelspec or {})})
    secret = secret_of((cell.name, cell.source) for cell in expected.source_cells)
    write_record(nb, place.isolation or place.assignment.isolation, Status.REVIEW, list(said), {}, secret, False)
    return nb


def _execution(expected: ReleasedNotebook, place: Workplace, template: str) -> WarmExecute:
    """The step that runs the cells."""
    assignment = place.assignment
    kind, more = WarmExecute, {}
    if assignment.isolation == EXAMINER:
        kind, more = ExaminedExecute, {"plan": expected.plan, "beside": str(place.apart)}
    return kind(
        config=place.config,
        modules=list(assignment.modules),
        variables=list(assignment.variables),
        template=template,
        start_seconds=assignment.start_seconds,
        state="autograde",
        allow_unconfined=assignment.allow_unconfined,
        confine=dict(assignment.confine) if assignment.confine is not None else None,
        notebook_timeout=assignment.notebook_seconds,
        own_code=expected.own_code,
        fresh_folder=place.lay_out_again,
        **more,
    )
