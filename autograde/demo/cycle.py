"""Run the cycle in a folder of its own: build, release, fetch, work, submit, collect, grade, feedback, export, decide."""

import json
import shutil
import time
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from autograde.authoring.bank import Bank
from autograde.authoring.chapter import Chapter
from autograde.authoring.release import build, read_chapters
from autograde.authoring.trial import load_banks
from autograde.certify.command import certify
from autograde.certify.decision import Decision
from autograde.course_folder import CourseFolder
from autograde.demo.cohort import Answer, Learner, answered, as_colab_saves, read_cohort
from autograde.errors import CourseError
from autograde.grading.nbgrader_commands import Nbgrader
from autograde.grading.stock import copy_course

MARK = ".course-demo"
SIDE_BY_SIDE = 2


@dataclass
class Demo:
    """One run of the cycle.

    Attributes:
        root: the course directory that the run made.
        decisions: by learner id.
        learners: the cohort.
    """

    root: Path
    learners: list[Learner]
    decisions: tuple[Decision, ...] = ()
    chapters: list[Chapter] = field(default_factory=list)
    banks: dict[str, dict[str, Bank]] = field(default_factory=dict)

    def released(self, lang: str, chapter: str) -> Path:
        """The released notebook of one edition."""
        return self.root / "release" / lang / chapter / f"{chapter}.ipynb"

    def surprises(self) -> list[str]:
        """One line for each learner whose decision is not the one that the cohort file expects."""
        outcome = {decision.learner: decision.level or decision.status for decision in self.decisions}
        return [
            f"{learner.id}: decided {outcome.get(learner.id, 'nothing')!r}, expected {learner.expect!r}"
            for learner in self.learners
            if outcome.get(learner.id) != learner.expect
        ]


def run_demo(course: CourseFolder, into: Path, progress: Callable[[str], None] = lambda step: None) -> Demo:
    """Run the whole cycle with the cohort of ``tests/cohort/cohort.toml``.

    Args:
        course: the course directory; only read.
        into: folder for the run, itself a complete course directory afterwards; emptied first if a demo made it.
        progress: called with a line for each step.

    Raises:
        CourseError: a step failed; the message names the step.
    """
    demo = Demo(into.resolve(), read_cohort(course.root / "tests" / "cohort" / "cohort.toml"))
    with _step("prepare", progress):
        _empty(demo.root)
        copy_course(course.root, demo.root)
        demo.chapters = read_chapters(course)
        demo.banks = {c.name: load_banks(c, course.root / "tests" / "chapters" / c.name) for c in demo.chapters}
    with _step("build source/ and release/", progress):
        build(CourseFolder.open(demo.root))
    with Nbgrader(demo.root / "nbgrader.log") as nbgrader:
        _release_and_work(demo, nbgrader, progress)
        _grade(demo, nbgrader, progress)
    with _step("decide", progress):
        demo.decisions = certify(demo.root, demo.root / "certificates", as_of=datetime.now(UTC).date())
        surprises = demo.surprises()
        if surprises:
            raise CourseError("; ".join(surprises))
    return demo


def _release_and_work(demo: Demo, nbgrader: Nbgrader, progress: Callable[[str], None]) -> None:
    with _step("release to the exchange, in both languages", progress):
        for lang in CourseFolder.open(demo.root).languages:
            for chapter in demo.chapters:
                nbgrader("release_assignment", chapter.name, folder=demo.root, environment={"COURSE_LANG": lang})
        for learner in demo.learners:
            given, _, family = learner.name.partition(" ")
            nbgrader("db", "student", "add", learner.id, f"--first-name={given}", f"--last-name={family}", folder=demo.root)
    with _step("learners fetch, work and submit", progress):
        for learner in demo.learners:
            _enrol(demo, learner)
            for chapter, answer in _handed_in(demo, learner):
                if learner.way != "zip":
                    _in_learners_folder(nbgrader, demo, learner, "fetch_assignment", chapter.name)
                if learner.way == "again":
                    _submit(demo, nbgrader, learner, chapter, learner.first)
                elif learner.way == "exchange":
                    _submit(demo, nbgrader, learner, chapter, answer)
    with _step("the deadline passes; late and second hand-ins", progress):
        time.sleep(1)  # nbgrader keeps due dates in whole seconds: on-time work lies before it, late work after it
        deadline = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
        for chapter in demo.chapters:
            nbgrader("db", "assignment", "add", chapter.name, f"--duedate={deadline}", folder=demo.root)
        time.sleep(1)
        for learner in demo.learners:
            for chapter, answer in _handed_in(demo, learner):
                if learner.way in ("late", "again"):
                    _submit(demo, nbgrader, learner, chapter, answer)
                elif learner.way == "zip":
                    _zip(demo, learner, chapter, answer)


def _grade(demo: Demo, nbgrader: Nbgrader, progress: Callable[[str], None]) -> None:
    names = [chapter.name for chapter in demo.chapters]
    with _step("collect", progress):
        for name in names:
            for lang in CourseFolder.open(demo.root).languages:
                # all learners of the demo are one user of this machine, so no file's owner says who handed it in
                words = ("collect", name, "--ExchangeCollect.check_owner=False")
                nbgrader(*words, folder=demo.root, environment={"COURSE_LANG": lang})
            if (demo.root / "gradebook" / "downloaded" / name).is_dir():
                nbgrader("zip_collect", name, folder=demo.root)
    count = len(list((demo.root / "gradebook" / "submitted").glob("*/*")))
    with _step(f"grade {count} submissions and write feedback, {SIDE_BY_SIDE} chapters at a time", progress):
        with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
            # the last chapters first: they train networks and take longest
            grading = [pool.submit(_grade_chapter, demo, name) for name in reversed(names)]
            for done in as_completed(grading):
                progress(f"  {done.result()}")
    with _step("release feedback; learners fetch it", progress):
        for name in names:
            for lang in CourseFolder.open(demo.root).languages:
                nbgrader("release_feedback", name, folder=demo.root, environment={"COURSE_LANG": lang})
        for learner in demo.learners:
            for chapter, _ in _handed_in(demo, learner):
                if learner.way != "zip":
                    _in_learners_folder(nbgrader, demo, learner, "fetch_feedback", chapter.name)
    with _step("export the grades", progress):
        nbgrader("export", f"--to={demo.root / 'grades.csv'}", folder=demo.root)


def _grade_chapter(demo: Demo, name: str) -> str:
    started = time.monotonic()
    with Nbgrader(demo.root / f"nbgrader-{name}.log") as nbgrader:
        nbgrader("autograde", name, folder=demo.root)
        nbgrader("generate_feedback", name, folder=demo.root)
    return f"{name} graded, feedback written, in {time.monotonic() - started:.0f} s"


@contextmanager
def _step(name: str, progress: Callable[[str], None]) -> Iterator[None]:
    """Announce a step, and name it in the error if it fails."""
    progress(name)
    try:
        yield
    except CourseError as error:
        raise CourseError(f"the step \"{name}\" failed: {error}") from error


def _empty(root: Path) -> None:
    if root.exists() and any(root.iterdir()):
        if not (root / MARK).is_file():
            raise CourseError(f"{root} is not empty and no demo made it; choose another folder with --out")
        shutil.rmtree(root)
    root.mkdir(parents=True, exist_ok=True)
    (root / MARK).write_text("made by `course demo`, which empties this folder before each run\n", encoding="utf-8")


def _handed_in(demo: Demo, learner: Learner) -> list[tuple[Chapter, Answer]]:
    return [(chapter, learner.answers[chapter.name]) for chapter in demo.chapters if chapter.name in learner.answers]


def _home(demo: Demo, learner: Learner) -> Path:
    return demo.root / "learners" / learner.id


def _enrol(demo: Demo, learner: Learner) -> None:
    """Give a learner a home with what an instructor tells: where the exchange is and which course is theirs."""
    home = _home(demo, learner)
    home.mkdir(parents=True)
    course = CourseFolder.open(demo.root)
    (home / "nbgrader_config.py").write_text(
        "c = get_config()\n"
        f"c.Exchange.root = {str(demo.root / 'exchange')!r}\n"
        f"c.Exchange.cache = {str(home / '.cache')!r}\n"
        f"c.CourseDirectory.course_id = {course.exchange_id(learner.lang)!r}\n"
        f"c.CourseDirectory.student_id = {learner.id!r}\n",
        encoding="utf-8",
    )


def _in_learners_folder(nbgrader: Nbgrader, demo: Demo, learner: Learner, command: str, chapter: str) -> None:
    nbgrader(command, chapter, folder=_home(demo, learner))


def _submit(demo: Demo, nbgrader: Nbgrader, learner: Learner, chapter: Chapter, answer: Answer) -> None:
    fetched = _home(demo, learner) / chapter.name / f"{chapter.name}.ipynb"
    text = demo.released(learner.lang, chapter.name).read_text(encoding="utf-8")
    if not fetched.is_file():
        raise CourseError(f"{learner.id} fetched no {fetched.name}")
    fetched.write_text(answered(text, chapter, demo.banks[chapter.name], answer), encoding="utf-8")
    _in_learners_folder(nbgrader, demo, learner, "submit", chapter.name)


def _zip(demo: Demo, learner: Learner, chapter: Chapter, answer: Answer) -> None:
    """Put the learner's Colab notebook where an instructor puts a download of the LMS."""
    text = demo.released(learner.lang, chapter.name).read_text(encoding="utf-8")
    notebook = as_colab_saves(answered(text, chapter, demo.banks[chapter.name], answer))
    folder = demo.root / "gradebook" / "downloaded" / chapter.name / "archive"
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(folder / "submissions.zip", "a") as archive:
        archive.writestr(f"{learner.id}_{chapter.name} (1).ipynb", json.dumps(json.loads(notebook)))
