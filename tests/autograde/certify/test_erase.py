"""What is left of a learner who was erased: nothing in what is ours, and a list of the rest."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from book import Book
from nbgrader.api import Gradebook
from typer.testing import CliRunner

from autograde.certify import published
from autograde.certify.command import certify_course
from autograde.certify.credential.keys import load
from autograde.certify.erase import remains
from autograde.certify.issue.status_register import ERASED, StatusRegister
from autograde.certify.revoke import revoke_credential
from autograde.cli import app
from autograde.report.command import write_report
from autograde.settings.course_folder import CourseFolder
from autograde.settings.gradebook_address import gradebook_url

NOW = datetime(2026, 1, 31, 10, tzinfo=UTC)
CHAPTERS = ("ch01", "ch02", "ch03", "ch04")


@pytest.fixture
def course(tmp_path: Path, book: Book, course_toml: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(
        published,
        "documents",
        lambda credential, *_: dict.fromkeys(published.CARRIERS, b"x") | {"credential.json": credential.json},
    )
    (tmp_path / "course.toml").write_text(course_toml, encoding="utf-8")
    for learner, first in (("ada", "Ada"), ("adam", "Adam")):
        book.learner(learner, first_name=first, last_name="Byron", email=f"{learner}@example.org")
    for chapter in CHAPTERS:
        book.assignment(chapter, {"easy": 8, "hard": 12})
        for learner in ("ada", "adam"):
            book.submit(learner, chapter, {"easy": 8, "hard": 12})
    certify_course(CourseFolder.read(tmp_path), tmp_path / "certificates", NOW.date(), now=NOW)
    return tmp_path


def forget(root: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    with Gradebook(gradebook_url(CourseFolder.read(root))) as gradebook:
        gradebook.remove_student("ada")
    monkeypatch.chdir(root)
    done = CliRunner().invoke(app, ["erase", "ada"])
    assert done.exit_code == 0, done.output
    return done.output


def test_the_register_and_the_reports_name_nobody_who_was_erased(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    credential = json.loads((course / "certificates" / "learners" / "ada" / "credential.json").read_bytes())["id"]
    why = "Ada Byron (ada@example.org) asked for another name"
    revoke_credential(CourseFolder.read(course), course / "certificates", credential, "revoked", why, NOW)
    report = write_report(CourseFolder.read(course), NOW.date(), NOW, "en")
    forget(course, monkeypatch)
    register = StatusRegister(load(CourseFolder.read(course)).folder)
    assert "Ada" not in register.path.read_text()
    assert register.path.stat().st_mode & 0o777 == 0o600
    assert (register.state(credential), register.entry(credential).reason) == ("revoked", ERASED)
    assert not report.exists()
    assert certify_course(CourseFolder.read(course), course / "certificates", NOW.date(), now=NOW).issued == {}


def test_what_is_not_ours_is_named_and_left(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (course / "gradebook" / "submitted" / "ada" / "ch01").mkdir(parents=True)
    (course / "gradebook" / "submitted" / "adam" / "ch01").mkdir(parents=True)
    (course / "grades.csv").write_text("assignment,student_id\nch01,ada\n")
    (course / "others.csv").write_text("assignment,student_id\nch01,adam\n")
    (course / "nbgrader.log").write_text("INFO | Autograding ch01 of Ada Byron\n")
    said = forget(course, monkeypatch)
    for place in ("gradebook/submitted/ada", "grades.csv", "nbgrader.log"):
        assert f"still names ada, delete it or the line: {place}\n" in said
        assert (course / place).exists()
    assert "adam" not in said
    assert "others.csv" not in said
    assert "not searched: backups" in said
    named = [path for path in remains(course, {"ada", "Ada Byron"}) if "gradebook.db" not in path]
    assert named == ["gradebook/submitted/ada", "grades.csv", "nbgrader.log"]


def test_a_line_of_the_grading_log_that_nobody_can_read_goes_too(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = course / "gradebook" / "grading-log.jsonl"
    with log.open("a", encoding="utf-8") as file:
        file.write('{"student": "ada", "assignment"\n{"student": "adam", \n[]\n')
    forget(course, monkeypatch)
    text = log.read_text(encoding="utf-8")
    assert '"ada"' not in text
    assert text.endswith('{"student": "adam", \n[]\n')


def test_names_reach_the_terminal_without_what_it_would_obey(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (course / "gradebook" / "submitted" / "ada" / "x").mkdir(parents=True)
    (course / "a\x1b[2Jb.csv").write_text("ada")
    assert "\x1b" not in forget(course, monkeypatch)
