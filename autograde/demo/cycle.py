"""Run the whole cycle in a folder of its own, from build and release to certificates and the report."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from autograde.grading.status import Status
from autograde.authoring.release import build, read_chapters
from autograde.authoring.trial import load_banks
from autograde.certify.command import certify_course
from autograde.certify.decide.decision import Decision
from autograde.demo.cohort import read_cohort
from autograde.demo.folder import apart, make_folder
from autograde.demo.learners import Classroom
from autograde.demo.proof import prove
from autograde.errors import CourseError
from autograde.feedback.command import write_feedback
from autograde.grading.batch import grade_batch
from autograde.nbgrader_ext.commands import Nbgrader
from autograde.report.command import write_report
from autograde.report.words import Language
from autograde.settings.course_folder import CourseFolder

LANGUAGES: tuple[Language, ...] = ("en", "zh")


@dataclass
class Demo(Classroom):
    """One run of the cycle.

    Attributes:
        decisions: by learner id.
        verdicts: certificate file → the line that ``course verify`` prints for it.
    """

    decisions: tuple[Decision, ...] = ()
    verdicts: dict[str, str] = field(default_factory=dict)

    def surprises(self) -> list[str]:
        """One line for each learner whose decision differs from the cohort file's expectation."""
        outcome = {decision.learner: decision.level or decision.status for decision in self.decisions}
        return [
            f"{learner.id}: decided {outcome.get(learner.id, 'nothing')!r}, expected {learner.expect!r}"
            for learner in self.learners
            if outcome.get(learner.id) != learner.expect
        ]


def run_demo(course: CourseFolder, into: Path, progress: Callable[[str], None] = lambda step: None) -> Demo:
    """Run the whole cycle with the cohort of ``tests/cohort/cohort.toml``.

    Args:
        course: the course directory; it is only read, and so are its gradebook and keys.
        into: folder for the run, a complete course directory afterwards; emptied first if a demo
            made it.
        progress: called with one line per step.

    Raises:
        CourseError: a step failed; the message names the step.
    """
    demo = Demo(into.resolve(), read_cohort(course.root / "tests" / "cohort" / "cohort.toml"))
    with apart():
        with _step("prepare", progress):
            make_folder(course.root, demo.root)
            demo.chapters = read_chapters(course)
            banks = course.root / "tests" / "chapters"
            demo.banks = {chapter.name: load_banks(chapter, banks / chapter.name) for chapter in demo.chapters}
        with _step("build source/ and release/", progress):
            build(CourseFolder.open(demo.root))
        with Nbgrader(demo.root / "nbgrader.log") as nbgrader:
            _release_and_work(demo, nbgrader, progress)
            _collect(demo, nbgrader, progress)
            _grade(demo, progress)
            _feedback(demo, nbgrader, progress)
            with _step("export the grades", progress):
                nbgrader("export", f"--to={demo.root / 'grades.csv'}", folder=demo.root)
        _certify(demo, progress)
    return demo


def _release_and_work(demo: Demo, nbgrader: Nbgrader, progress: Callable[[str], None]) -> None:
    with _step("release to the exchange, in both languages", progress):
        for lang in CourseFolder.open(demo.root).languages:
            for chapter in demo.chapters:
                nbgrader("release_assignment", chapter.name, folder=demo.root, environment={"COURSE_LANG": lang})
        for learner in demo.learners:
            given, _, family = learner.name.partition(" ")
            who = (f"--first-name={given}", f"--last-name={family}", f"--email={learner.id}@example.org")
            nbgrader("db", "student", "add", learner.id, *who, folder=demo.root)
    with _step("learners fetch, work and submit", progress):
        demo.work_on_time(nbgrader)
    with _step("the deadline passes; late and second hand-ins", progress):
        time.sleep(1)  # nbgrader stores due dates in whole seconds: separate on-time from late work
        deadline = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
        for chapter in demo.chapters:
            nbgrader("db", "assignment", "add", chapter.name, f"--duedate={deadline}", folder=demo.root)
        time.sleep(1)
        demo.work_late(nbgrader)


def _collect(demo: Demo, nbgrader: Nbgrader, progress: Callable[[str], None]) -> None:
    with _step("collect", progress):
        for chapter in demo.chapters:
            for lang in CourseFolder.open(demo.root).languages:
                # all learners of the demo run as the same system user, so a file's owner says nothing
                arguments = ("collect", chapter.name, "--ExchangeCollect.check_owner=False")
                nbgrader(*arguments, folder=demo.root, environment={"COURSE_LANG": lang})
            if (demo.root / "gradebook" / "downloaded" / chapter.name).is_dir():
                nbgrader("zip_collect", chapter.name, folder=demo.root)


def _grade(demo: Demo, progress: Callable[[str], None]) -> None:
    """Grade both editions of a chapter together: they share a gradebook."""
    count = len(list((demo.root / "gradebook" / "submitted").glob("*/*")))
    with _step(f"grade {count} submissions", progress):
        for chapter in demo.chapters:
            started = time.monotonic()
            batch = grade_batch(CourseFolder.open(demo.root), chapter.name)
            for row in batch.rows.values():
                if not Status(row["status"]).is_settled:
                    why = " ".join(reason["en"] for reason in row["reasons"])
                    raise CourseError(f"{chapter.name} of {row['student']} is {row['status']}: {why}")
            repaired = sum(row["status"] == Status.REPAIRED for row in batch.rows.values())
            progress(
                f"  {chapter.name}: {len(batch.rows)} in {time.monotonic() - started:.0f} s"
                + (f", {repaired} of them repaired first" if repaired else "")
            )


def _feedback(demo: Demo, nbgrader: Nbgrader, progress: Callable[[str], None]) -> None:
    with _step("write feedback", progress):
        for chapter in demo.chapters:
            written = write_feedback(CourseFolder.open(demo.root), chapter.name)
            if written.ungraded:
                raise CourseError(f"{chapter.name} of {', '.join(written.ungraded)} has no grade")
    with _step("release feedback; learners fetch it", progress):
        for chapter in demo.chapters:
            for lang in CourseFolder.open(demo.root).languages:
                nbgrader("release_feedback", chapter.name, folder=demo.root, environment={"COURSE_LANG": lang})
        demo.fetch_feedback(nbgrader)


def _certify(demo: Demo, progress: Callable[[str], None]) -> None:
    certificates = demo.root / "certificates"
    with _step("decide; certificates for those who pass", progress):
        now = datetime.now(UTC)
        certified = certify_course(CourseFolder.open(demo.root), certificates, as_of=now.date())
        demo.decisions = certified.decisions
        surprises = demo.surprises()
        if surprises:
            raise CourseError("; ".join(surprises))
        progress(f"  {len(certified.issued)} certificates for {len(certified.decisions)} learners")
    with _step("verify every form of every certificate, offline", progress):
        demo.verdicts = prove(certificates, demo.decisions, datetime.now(UTC))
        progress(f"  {len(demo.verdicts)} files, all valid")
    with _step("write the report", progress):
        for lang in LANGUAGES:
            write_report(CourseFolder.open(demo.root), now.date(), now, lang, demo.root / f"report.{lang}.html")


@contextmanager
def _step(name: str, progress: Callable[[str], None]) -> Iterator[None]:
    """Announce a step, and name it in the error message if it fails."""
    progress(name)
    try:
        yield
    except CourseError as error:
        raise CourseError(f'the step "{name}" failed: {error}') from error
