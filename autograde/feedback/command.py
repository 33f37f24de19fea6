"""``course feedback``: a feedback page for each notebook of an assignment's graded submissions."""

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from nbgrader.api import MissingEntry

from autograde.certify.decide.snapshot_records import read_records
from autograde.errors import CourseError
from autograde.feedback.gather import notes_of
from autograde.feedback.source import FeedbackSource
from autograde.feedback.words import FeedbackWords
from autograde.files import replace_files
from autograde.grading.batch import open_course
from autograde.grading.intake.collected import collected
from autograde.grading.storage.gradebook_writer import open_gradebook, place_of
from autograde.grading.storage.grading_log import log_path, read_grading_log
from autograde.patience import patiently
from autograde.settings.course_folder import CourseFolder

FOR_THE_EXCHANGE = ("timestamp.txt", "submission_secret.txt")


@dataclass
class Written:
    """The result of a run.

    Attributes:
        pages: files written.
        kept: pages that were up to date.
        ungraded: learners whose submission is not graded yet.
        skipped: a line for each folder whose name is not an id, and each record that is not a
            grade.
    """

    pages: list[Path] = field(default_factory=list)
    kept: int = 0
    ungraded: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)


def write_feedback(
    course: CourseFolder,
    assignment: str,
    students: Sequence[str] = (),
    force: bool = False,
    language: str = "",
    progress: Callable[[str], None] = lambda student: None,
) -> Written:
    """Write ``feedback/STUDENT/ASSIGNMENT/NAME.html``, ready for ``nbgrader release_feedback``.

    A page is rewritten if anything that it shows has changed: the notebook, points, a grader's
    comment.

    Args:
        course: any nbgrader course directory.
        students: only these; all by default.
        force: rewrite every page.
        language: of the pages; empty: each notebook's.

    Raises:
        CourseError: nothing was collected, or the gradebook does not have the assignment.
        UsageProblem: a learner of `students` handed in nothing.
    """
    app = open_course(course, assignment)
    coursedir = app.coursedir
    handed = collected(coursedir, assignment, students)
    source = FeedbackSource(coursedir, app.config, assignment, course.titles, language)
    log = read_grading_log(log_path(Path(coursedir.root)))
    notes = {entry.student: entry.reasons for entry in log.latest if entry.assignment == assignment}
    done = Written(skipped=[*handed.skipped])
    place = place_of(coursedir)
    with open_gradebook(coursedir) as gradebook:
        again = gradebook.db.rollback
        try:
            names = patiently(
                lambda: [notebook.name for notebook in gradebook.find_assignment(assignment).notebooks], place, again
            )
        except MissingEntry:
            raise CourseError(
                f"the gradebook has no assignment {assignment!r}; run `nbgrader generate_assignment {assignment}` first"
            ) from None
        faults = patiently(lambda: read_records(gradebook.db, assignment).faults, place, again)
        for student, handed_in in handed.folders.items():
            progress(student)
            if student in faults:
                done.skipped.append(faults[student])
                continue
            graded = Path(coursedir.format_path(coursedir.autograded_directory, student, assignment))
            if not graded.is_dir():
                done.ungraded.append(student)
                continue
            target = Path(coursedir.format_path(coursedir.feedback_directory, student, assignment))
            files: dict[Path, bytes] = {}
            for name in names:
                there = target / f"{name}.html"
                made_of = "" if force else _made_of(there)
                if (graded / f"{name}.ipynb").is_file():
                    content = (graded / f"{name}.ipynb").read_bytes()
                    render: Callable[[], str | None] = partial(source.page, gradebook, student, name, content, made_of)
                else:
                    lang = source.handed_in_language(student, name)
                    t = FeedbackWords(lang)
                    is_there = (handed_in / f"{name}.ipynb").is_file()
                    first = t("no-page") if is_there else t("missing", name=name)
                    reasons = [reason.as_json() for reason in notes.get(student, ())]
                    words = (first, *notes_of(reasons, lang))
                    render = partial(source.page_without, gradebook, student, name, words, lang)
                page = patiently(render, place, again)
                data = None if page is None else page.encode("utf-8", "replace")
                if data is None or (there.is_file() and there.read_bytes() == data):
                    done.kept += 1
                else:
                    files[there] = data
            files |= _for_the_exchange(graded, handed_in, target)
            _write(files)
            done.pages += [path for path in files if path.suffix == ".html"]
            gradebook.db.expire_all()  # keeps memory constant
    return done


def _made_of(page: Path) -> str:
    """The hash in an existing page; "" if there is no page, or nbgrader made it."""
    try:
        with page.open(encoding="utf-8") as file:
            match = re.search(r'<meta name="made-of" content="([0-9a-f]{64})">', file.read(4096))
    except (OSError, UnicodeDecodeError):
        return ""
    return match[1] if match else ""


def _for_the_exchange(graded: Path, handed_in: Path, target: Path) -> dict[Path, bytes]:
    """Files that ``nbgrader release_feedback`` needs beside the pages; links are not followed."""
    files = {}
    for name in FOR_THE_EXCHANGE:
        for folder in (graded, handed_in):
            path = folder / name
            if path.is_file() and not path.is_symlink():
                content = path.read_bytes()
                if not (target / name).is_file() or (target / name).read_bytes() != content:
                    files[target / name] = content
                break
    return files


def _write(files: dict[Path, bytes]) -> None:
    for path in files:
        with suppress(OSError):  # nbgrader leaves read-only files, which can still be replaced
            path.parent.mkdir(parents=True, exist_ok=True)
    replace_files(files)
