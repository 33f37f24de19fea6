"""Grade everything that was collected of an assignment, in any nbgrader course directory."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import NoSuchKernel
from nbgrader.apps import AutogradeApp
from nbgrader.coursedir import CourseDirectory

from autograde.errors import CourseError, UsageProblem
from autograde.grading.assignment import Assignment, read_assignment
from autograde.grading.cluster import ClusterPool
from autograde.grading.confine import confined
from autograde.grading.intake.collected import collected
from autograde.grading.intake.timestamp import ENOUGH, iso, read_time, text_of
from autograde.grading.kernels.specs import named, warm_environment
from autograde.grading.kernels.templates import close_templates
from autograde.grading.own_steps import refuse_own_steps
from autograde.grading.pool import LocalPool
from autograde.grading.reference_run import tried
from autograde.grading.sandbox.layers import required
from autograde.grading.status import Status
from autograde.grading.storage.gradebook_writer import GradebookWriter, Refused
from autograde.grading.storage.journal import Journal, only_one
from autograde.grading.submission import Submission, read_submission
from autograde.patience import patiently
from autograde.settings.course_folder import CourseFolder
from autograde.settings.gradebook_address import absolute_url
from autograde.settings.grading import SHARED
from autograde.settings.places import NBGRADER_CONFIG
from autograde.shown import one_line


@dataclass
class Batch:
    """The result of a run.

    Attributes:
        rows: the log row of each submission by learner, including those graded before.
        graded: how many were graded in this run.
        recovered: how many an interrupted run had left unfinished.
        mentions: tracebacks of errors of the engine itself.
        notes: what a person should know about the run, a line each.
        skipped: a line for each submission that no gradebook can store.
        kernel_seconds: CPU time of the kernels of this run.
    """

    rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    graded: int = 0
    recovered: int = 0
    mentions: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    kernel_seconds: float = 0.0

    def ok(self) -> bool:
        """Whether every submission has a grade that needs no review."""
        return not self.skipped and all(Status(row["status"]).is_settled for row in self.rows.values())


Progress = Callable[[int, int, dict[str, Any] | None], None]
"""Called with (done, total, row of the last one)."""


def grade_batch(
    course: CourseFolder,
    assignment: str,
    *,
    jobs: int = 0,
    students: Sequence[str] = (),
    force: bool = False,
    scheduler: str = "",
    isolation: str = "",
    allow_unconfined: bool = False,
    ready: Callable[[Assignment], None] = lambda assignment: None,
    progress: Progress = lambda done, total, row: None,
) -> Batch:
    """Grade what was collected of `assignment`.

    Workers import the calling program's main module, as in :mod:`multiprocessing`: a script needs
    ``if __name__ == "__main__":``.

    Args:
        course: any nbgrader course directory.
        jobs: worker processes; 0: one for each processor.
        students: only these; all by default.
        force: also grade what was graded before.
        scheduler: address of a Dask scheduler; empty: this machine.
        isolation: ``examiner`` or ``shared``; empty: the course's setting
            (:class:`GradingSettings`).
        allow_unconfined: let kernels that cannot be confined still run; only with ``shared``.
        ready: called before the first submission with what is graded, and how.

    Raises:
        CourseError: nothing could be graded; the message says why.
    """
    with Grading(
        course, assignment, jobs=jobs, scheduler=scheduler, isolation=isolation, allow_unconfined=allow_unconfined
    ) as grading:
        grading.try_reference(students, force)
        ready(grading.assignment)
        return grading.run(students, force, progress)


class Grading:
    """The grading of an assignment: an open gradebook and workers started on demand. A context
    manager.

    Args:
        course, assignment, jobs, scheduler, isolation, allow_unconfined: see :func:`grade_batch`.

    Attributes:
        assignment: what is graded.
        pool: the workers; None until the first run that needs them.
    """

    def __init__(
        self,
        course: CourseFolder,
        assignment: str,
        *,
        jobs: int = 0,
        scheduler: str = "",
        isolation: str = "",
        allow_unconfined: bool = False,
    ) -> None:
        self._course, self._settings = course, course.grading
        self.isolation = isolation or self._settings.isolation
        if allow_unconfined:
            if self.isolation != SHARED or self._settings.require:
                raise UsageProblem("--allow-unconfined goes with --isolation shared, where no layer is required")
            self._settings = replace(self._settings, allow_unconfined=True)
        self.layers = required(frozenset(self._settings.require))
        self._app = open_course(course, assignment)
        refuse_own_steps(self._app.config, assignment)
        self._name = assignment
        self._jobs = jobs
        self._scheduler = scheduler
        self._stack = ExitStack()
        self.pool: LocalPool | ClusterPool | None = None

    def __enter__(self) -> "Grading":
        app, coursedir = self._app, self._app.coursedir
        root = Path(coursedir.root)
        with ExitStack() as stack:
            stack.enter_context(self._course.lent())
            stack.enter_context(only_one(root))
            writer = stack.enter_context(GradebookWriter(coursedir, app))
            read = lambda: read_assignment(self._name, writer.gradebook, coursedir, app.config)  # noqa: E731
            what = patiently(read, writer.place, again=writer.gradebook.db.rollback)
            self.assignment = confined(what, self._settings, self.isolation)
            writer.gradebook.db.remove()
            place = lambda name, student: _graded_folder(coursedir, name, student)  # noqa: E731
            self._journal = Journal(root, writer, place, _mode(app))
            self._recovered, self._refused = self._journal.recover()
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *error: Any) -> None:
        self._stack.__exit__(*error)

    def start(self, wanted: int) -> "LocalPool | ClusterPool":
        """Return the workers, started if necessary; at most `wanted` on this machine."""
        if self.pool is None:
            if self._scheduler:
                self.pool = self._stack.enter_context(ClusterPool(self.assignment, self._scheduler))
            else:
                jobs = min(self._jobs or os.cpu_count() or 1, wanted)
                self.pool = self._stack.enter_context(LocalPool(self.assignment, jobs, _environment(self.assignment)))
                self.pool.brief(self.assignment)
        return self.pool

    def try_reference(self, students: Sequence[str] = (), force: bool = False) -> None:
        """Grade the course's own answer, if anything is to be graded (:mod:`autograde.grading.reference_run`)."""
        coursedir = self._app.coursedir
        folders = collected(coursedir, self._name, students).folders
        wanted = sum(force or _due(coursedir, self._name, student) for student in folders)
        if not wanted:
            return
        if self._scheduler:  # the workers elsewhere have their own templates
            self.assignment = tried(self.assignment)
            close_templates()
            return
        pool = self.start(wanted)
        assert isinstance(pool, LocalPool)
        tested = tried(self.assignment, pool.address)
        if tested is not self.assignment:
            self.assignment = tested
            pool.brief(tested)

    def run(
        self, students: Sequence[str] = (), force: bool = False, progress: Progress = lambda done, total, row: None
    ) -> Batch:
        """Grade; see :func:`grade_batch`."""
        coursedir = self._app.coursedir
        batch = Batch(recovered=self._recovered, skipped=[*self._refused])
        there = collected(coursedir, self._name, students)
        folders = there.folders
        batch.skipped += there.skipped
        batch.notes += there.notes
        todo = {student: path for student, path in folders.items() if force or _due(coursedir, self._name, student)}
        log = self._journal.read_log()
        last = {grading.student: grading for grading in log.gradings if grading.assignment == self._name}
        batch.notes += map(str, log.faults)
        batch.rows = {student: last[student].row for student in folders if student not in todo and student in last}
        batch.notes += _of_older_tests(batch.rows.values(), self.assignment.hashes["tests"])
        batch.notes += _without_a_later_time(coursedir, self._name, batch.rows, folders)
        progress(0, len(todo), None)
        if not todo:
            return batch
        for outcome in self.start(len(todo)).run(_read(coursedir, self._name, todo)):
            try:
                row = self._journal.take(outcome, self.assignment)
            except Refused as refusal:  # one submission must not cost the others their grades
                batch.skipped.append(str(refusal))
                continue
            batch.rows[outcome.student] = row
            batch.mentions += outcome.mentions
            batch.kernel_seconds += outcome.kernel_seconds
            batch.graded += 1
            progress(batch.graded, len(todo), row)
        return batch


def _of_older_tests(rows: Iterable[Mapping[str, Any]], tests: str) -> list[str]:
    """A note if submissions were graded before the course changed its tests."""
    count = sum(isinstance(row.get("hashes"), dict) and row["hashes"].get("tests") != tests for row in rows)
    if not count:
        return []
    return [f"{count} {'was' if count == 1 else 'were'} graded with older tests; add --force to grade them again"]


def _without_a_later_time(
    coursedir: CourseDirectory, assignment: str, rows: Mapping[str, Mapping[str, Any]], folders: Mapping[str, Path]
) -> list[str]:
    """A note if files differ from the graded ones without a later timestamp for a new hand-in."""
    found = []
    for student, row in rows.items():
        graded = iso(_stamp(_graded_folder(coursedir, assignment, student)))
        if graded != row.get("submitted_at"):  # graded since by a program without the engine, which keeps no log
            continue
        submission = read_submission(folders[student], student, assignment, coursedir.ignore)
        if isinstance(row.get("hashes"), dict) and row["hashes"].get("submission") != submission.hash:
            found.append(one_line(student, 60))
    if not found:
        return []
    who = ", ".join(found[:10]) + (f" and {len(found) - 10} more" if len(found) > 10 else "")
    return [f"other files than were graded, and no later time: {who}; add --force to grade them"]


def open_course(course: CourseFolder, assignment: str) -> AutogradeApp:
    """Return nbgrader's autograde application, configured by the course directory.

    Raises:
        CourseError: the folder is not a course directory or its configuration is invalid.
    """
    root = course.root
    if not (root / NBGRADER_CONFIG).is_file() and not (root / "source").is_dir():
        raise CourseError(f"{root} is not an nbgrader course directory: it has neither nbgrader_config.py nor source/")
    before = Path.cwd()
    os.chdir(root)  # where nbgrader looks for its configuration
    try:
        app = AutogradeApp()
        try:
            with course.lent():
                app.initialize([assignment, "--log-level=ERROR"])
        except SystemExit as leave:
            if isinstance(leave.__cause__, CourseError):  # of course.toml, as nbgrader_config.py reads it
                raise leave.__cause__ from None
            raise CourseError(f"nbgrader's configuration in {root} is at fault: {leave.code}") from leave
        app.coursedir.root = str(root)
        app.coursedir.assignment_id = assignment
        app.coursedir.db_url = absolute_url(app.coursedir.db_url, root)  # the command runs anywhere
        return app
    finally:
        os.chdir(before)


def _read(coursedir: CourseDirectory, assignment: str, todo: dict[str, Path]) -> Iterator[Submission]:
    for student, folder in todo.items():
        yield read_submission(folder, student, assignment, coursedir.ignore)


def _due(coursedir: CourseDirectory, assignment: str, student: str) -> bool:
    """Whether a submission is to be graded, as in nbgrader: new, or later than the graded one.

    A time that cannot be read is neither earlier nor later; what changed is graded.
    """
    target = _graded_folder(coursedir, assignment, student)
    if not target.is_dir():
        return True
    new, old = (
        _stamp(Path(coursedir.format_path(folder, student, assignment)))
        for folder in (coursedir.submitted_directory, coursedir.autograded_directory)
    )
    if new is None or old is None:
        return False
    at, before = read_time(new), read_time(old)
    return at > before if at and before else new != old


def _stamp(folder: Path) -> str | None:
    """The text of a ``timestamp.txt``; a symbolic link is not followed."""
    path = folder / "timestamp.txt"
    if not path.is_file() or path.is_symlink():
        return None
    with path.open("rb") as file:
        return text_of(file.read(ENOUGH + 1))


def _graded_folder(coursedir: CourseDirectory, assignment: str, student: str) -> Path:
    return Path(coursedir.format_path(coursedir.autograded_directory, student, assignment))


def _mode(app: AutogradeApp) -> int:
    permissions = app.config.get("BaseConverter", {}).get("permissions") or app.config.get("Autograde", {}).get(
        "permissions"
    )
    return int(str(permissions or (664 if app.coursedir.groupshared else 444)), 8)


def _environment(assignment: Assignment) -> dict[str, str] | None:
    """The template's environment, if all notebooks' kernels can be forks of it; else None."""
    found = []
    for notebook in assignment.notebooks.values():
        try:
            found.append(warm_environment(str(named(notebook.kernelspec)["name"])))
        except NoSuchKernel:
            found.append(None)
    first = found[0] if found else None
    if first is None or any(one != first for one in found):
        return None
    return {**first, "NBGRADER_EXECUTION": "autograde"}
