"""A course folder → the instructor's report: what ``course report`` does."""

import tomllib
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from autograde.certify.decide.decision import decide
from autograde.certify.decide.grading_log import read_grading_log
from autograde.certify.decide.snapshot import take_snapshot
from autograde.certify.record.read_attempts import read_attempts
from autograde.errors import CourseError
from autograde.files import replace_files
from autograde.report.gather import gather
from autograde.report.grading_log import read_log
from autograde.report.html import render
from autograde.report.order import read_order
from autograde.report.words import Language
from autograde.settings.course_folder import gradebook_url
from autograde.settings.load import load_policy


def write_report(
    root: Path,
    as_of: date,
    made_at: datetime,
    language: Language,
    out: Path | None = None,
    tell: Callable[[str], None] = lambda line: None,
) -> Path:
    """Write the report; nothing else is written, the gradebook is only read.

    Args:
        root: course folder, which holds course.toml.
        as_of: the day for which decisions are made.
        made_at: now, in UTC.
        out: the file; by default ``gradebook/report/report-YYYYMMDD-HHMMSS-LANG.html`` below `root`.
        tell: called with a line for each learner whose record can be no grade and is left out.

    Returns:
        the file.

    Raises:
        CourseError: course.toml, the gradebook or a log is at fault, or the file cannot be written.
    """
    load_policy(root / "course.toml")  # a fault there is told before one of the gradebook
    snapshot, people = take_snapshot(gradebook_url(root))
    for person in people.values():
        if person.fault:
            tell(person.fault)
    policy = load_policy(root / "course.toml", snapshot.assignments)
    path = root / "gradebook" / "grading-log.jsonl"
    log, attempts = read_log(path), read_grading_log(path)
    lines = {*log.unreadable, *(fault.number for fault in attempts.faults)}
    log = replace(log, unreadable=tuple(sorted(lines)))
    decisions = decide(policy, snapshot, as_of, read_attempts(root, policy, snapshot, attempts.gradings))
    report = gather(policy, snapshot, decisions, log, as_of, made_at, read_order(root, policy.assignments))
    page = render(report, _title(root, language), people, language)
    target = out or root / "gradebook" / "report" / f"report-{made_at:%Y%m%d-%H%M%S}-{language}.html"
    try:
        replace_files({target: page.encode()})
    except OSError as error:
        message = f"cannot write {error.filename or target} ({error.strerror}); free the place or choose another --out"
        raise CourseError(message) from None
    return target


def _title(root: Path, language: Language) -> str:
    """The course's title in `language`, else in any other, else its id."""
    settings = tomllib.loads((root / "course.toml").read_text(encoding="utf-8-sig"))
    titles = settings.get("title", {})
    return str(titles.get(language) or next(iter(titles.values()), settings.get("id", "course")))
