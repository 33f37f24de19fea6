"""``course report``: a course folder → the instructor's report."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

from autograde.certify.decide.decision import decide
from autograde.certify.decide.snapshot import take_snapshot
from autograde.certify.record.read_attempts import read_attempts
from autograde.errors import CourseError
from autograde.files import replace_files
from autograde.grading.storage.grading_log import log_path, read_grading_log
from autograde.report.gather import gather
from autograde.report.html import render
from autograde.report.order import read_order
from autograde.report.words import Language
from autograde.settings.course_folder import CourseFolder
from autograde.settings.gradebook_address import gradebook_url


def write_report(
    course: CourseFolder,
    as_of: date,
    made_at: datetime,
    language: Language,
    out: Path | None = None,
    tell: Callable[[str], None] = lambda line: None,
) -> Path:
    """Write the report and nothing else; the gradebook is only read.

    Args:
        as_of: the date of the decisions.
        made_at: now, in UTC.
        out: the file; by default ``gradebook/report/report-YYYYMMDD-HHMMSS-LANG.html`` below the
            course's root.
        tell: called with a line for each learner who is left out because a record is not a grade.

    Returns:
        the file.

    Raises:
        CourseError: course.toml, the gradebook or a log is invalid, or the file cannot be written.
    """
    _ = course.policy  # so that its errors are reported before the gradebook's
    root = course.root
    snapshot, people = take_snapshot(gradebook_url(course))
    for person in people.values():
        if person.fault:
            tell(person.fault)
    policy = course.policy_for(snapshot.assignments)
    log = read_grading_log(log_path(root))
    decisions = decide(policy, snapshot, as_of, read_attempts(root, policy, snapshot, log.gradings))
    report = gather(policy, snapshot, decisions, log, as_of, made_at, read_order(root, policy.assignments))
    page = render(report, course.title(language), people, language)
    target = out or root / "gradebook" / "report" / f"report-{made_at:%Y%m%d-%H%M%S}-{language}.html"
    try:
        replace_files({target: page.encode()})
    except OSError as error:
        message = f"cannot write {error.filename or target} ({error.strerror}); free the place or choose another --out"
        raise CourseError(message) from None
    return target
