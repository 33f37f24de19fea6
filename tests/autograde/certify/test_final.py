"""What was decided stays: a revocation until it is lifted, a policy under its version, a credential that a log names."""

import hashlib
import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from book import Book
from typer.testing import CliRunner

from autograde.certify import published
from autograde.certify.command import certify_course
from autograde.certify.credential.keys import load, rotate
from autograde.certify.issue.status_register import WITHDRAWN, StatusRegister
from autograde.certify.record.audit import open_log
from autograde.certify.revoke import revoke_credential
from autograde.cli import app
from autograde.errors import CourseError
from autograde.settings.course_folder import CourseFolder

NOW = datetime(2026, 1, 31, 10, tzinfo=UTC)
CHAPTERS = ("ch01", "ch02", "ch03", "ch04")


@pytest.fixture
def course(tmp_path: Path, book: Book, course_toml: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Ann has passed with distinction and holds a credential."""
    monkeypatch.setattr(
        published,
        "documents",
        lambda credential, *_: dict.fromkeys(published.CARRIERS, b"x") | {"credential.json": credential.json},
    )
    issuer = '\n[issuer]\nname = "Example Academy"\nurl = "https://academy.example/ai"\n'
    (tmp_path / "course.toml").write_text(course_toml + issuer, encoding="utf-8")
    book.learner("ann", first_name="Ann", last_name="Example")
    for chapter in CHAPTERS:
        book.assignment(chapter, {"easy": 8, "hard": 12})
        book.submit("ann", chapter, {"easy": 8, "hard": 12})
    assert list(run(tmp_path).issued) == ["ann"]
    return tmp_path


def run(root: Path, days: int = 0):
    now = NOW + timedelta(days=days)
    return certify_course(CourseFolder.read(root), root / "certificates", now.date(), now=now)


def held(root: Path) -> list[str]:
    with open_log(root) as log:
        return [entry["credential"] for entry in log.of_kind("issue")]


def set_state(root: Path, credential: str, state: str, days: int = 1) -> None:
    when = NOW + timedelta(days=days)
    revoke_credential(CourseFolder.read(root), root / "certificates", credential, state, "a reason", when)


def rewrite(root: Path, old: str, new: str) -> None:
    path = root / "course.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def stricter(root: Path) -> None:
    rewrite(root, 'overall = "0.90"', 'overall = "0.95"')


def raised(root: Path, version: str = "1.2.0") -> None:
    rewrite(root, 'version = "1.1.0"', f'version = "{version}"')


def new_name(root: Path) -> None:
    with Book(root / "gradebook" / "gradebook.db").open() as gradebook:
        gradebook.find_student("ann").first_name = "Anna"
        gradebook.db.commit()


def new_grade(root: Path) -> None:
    with Book(root / "gradebook" / "gradebook.db").open() as gradebook:
        gradebook.find_grade("hard", "ch01", "ch01", "ann").manual_score = 11
        gradebook.db.commit()


def new_key(root: Path) -> None:
    rotate(CourseFolder.read(root), NOW + timedelta(days=1))


def lost_documents(root: Path) -> None:
    shutil.rmtree(root / "certificates")


CHANGES = {
    "policy": (stricter, raised),
    "version": (raised,),
    "name": (new_name,),
    "grade": (new_grade,),
    "key": (new_key,),
    "documents": (lost_documents,),
    "all": (stricter, raised, new_name, new_grade, new_key),
}


@pytest.mark.parametrize(("change", "state"), [*((change, "revoked") for change in CHANGES), ("all", "suspended")])
def test_a_revocation_holds_in_whatever_run_follows_until_it_is_lifted(course: Path, change: str, state: str) -> None:
    (first,) = held(course)
    set_state(course, first, state)
    for act in CHANGES[change]:
        act(course)
    blocked = run(course, 2)
    assert blocked.issued == {}
    assert f"ann passes, but nothing is issued: {first} is {state}; course revoke {first} --lift" in blocked.notes[0]
    assert held(course) == [first]
    set_state(course, first, "lifted", 3)
    second = run(course, 4).issued["ann"]
    assert second != first
    assert (
        StatusRegister(load(CourseFolder.read(course)).folder).entry(first).index
        in StatusRegister(load(CourseFolder.read(course)).folder).set_indexes()
    )
    assert run(course, 5).issued == {}


def test_an_earlier_credential_that_was_revoked_blocks_too(course: Path) -> None:
    (first,) = held(course)
    new_grade(course)
    second = run(course, 1).issued["ann"]
    set_state(course, first, "revoked", 2)
    with Book(course / "gradebook" / "gradebook.db").open() as gradebook:
        gradebook.find_grade("hard", "ch01", "ch01", "ann").manual_score = 12
        gradebook.db.commit()
    assert run(course, 3).issued == {}
    set_state(course, first, "lifted", 4)
    assert run(course, 5).issued["ann"] not in (first, second)


def test_the_commands_say_it(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(course)
    (first,) = held(course)
    revoked = CliRunner().invoke(app, ["revoke", first, "--reason", "a mistake"])
    assert revoked.exit_code == 0, revoked.output
    assert f"nothing is issued to its learner until: course revoke {first} --lift" in revoked.output
    certified = CliRunner().invoke(app, ["certify", "--as-of", "2026-02-02"])
    assert "0 new credentials" in certified.output
    lifted = CliRunner().invoke(app, ["revoke", first, "--lift", "--reason", "cleared"])
    assert lifted.exit_code == 0, lifted.output
    assert "1 new credential;" in CliRunner().invoke(app, ["certify", "--as-of", "2026-02-03"]).output


POLICY_CHANGES = {
    "a level": ('overall = "0.90"', 'overall = "0.95"'),
    "a chapter's minimum": ('min = "0.60"', 'min = "0.50"'),
    "the wait": ("wait_days = 14", "wait_days = 1"),
    "the isolation": ('isolation = ["examiner"]', 'isolation = ["examiner", "shared"]'),
    "the assurance": ('assurance = "unproctored"', 'assurance = "proctored"'),
    "a skill": ('en = "Loss functions"', 'en = "Everything"'),
    "the lateness": ("max_days = 7", "max_days = 8"),
}


@pytest.mark.parametrize("what", POLICY_CHANGES)
def test_a_policy_that_changed_under_its_version_is_refused(course: Path, what: str) -> None:
    rewrite(course, *POLICY_CHANGES[what])
    log = (course / "gradebook" / "audit.jsonl").read_bytes()
    with pytest.raises(CourseError, match=r'the policy changed \(.+\), but its version is "1.1.0" as before: raise'):
        run(course, 1)
    assert (course / "gradebook" / "audit.jsonl").read_bytes() == log
    raised(course)
    run(course, 1)
    raised_again = (course / "course.toml").read_text(encoding="utf-8").replace("1.2.0", "1.1.0")
    (course / "course.toml").write_text(raised_again, encoding="utf-8")
    with pytest.raises(CourseError, match="raise `version`"):
        run(course, 2)


def test_what_is_no_rule_may_change_under_a_version(course: Path) -> None:
    rewrite(course, 'overall = "0.90"', 'overall = "0.9"    # a comment')
    rewrite(course, 'title = { en = "AI Practitioner"', 'title = { en = "Practitioner of AI"')
    assert run(course, 1).issued == {}


def cut(root: Path, kind: str) -> None:
    """Cut the audit log before its first line of this kind, and make the head fit."""
    path = root / "gradebook" / "audit.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    place = next(number for number, line in enumerate(lines) if json.loads(line)["kind"] == kind)
    path.write_bytes(b"".join(lines[:place]))
    last = hashlib.sha256(lines[place - 1].rstrip(b"\n")).hexdigest()
    (root / "gradebook" / "audit.head").write_text(f"{place} {last}\n")


@pytest.mark.parametrize("kind", ["issue", "decision", "snapshot"])
def test_a_log_cut_with_its_head_brings_no_second_credential(course: Path, kind: str) -> None:
    (first,) = held(course)
    cut(course, kind)
    shutil.rmtree(course / "certificates")
    with pytest.raises(CourseError, match=f"knows {first}, and the audit log does not name it any more") as caught:
        run(course, 1)
    assert "\n" not in str(caught.value)


def test_a_log_cut_before_a_second_credential_or_a_revocation_is_seen_or_made_good(course: Path) -> None:
    new_grade(course)
    run(course, 1)
    first, second = held(course)
    set_state(course, second, "revoked", 2)
    cut(course, "revocation")
    run(course, 3)
    with open_log(course) as log:
        assert [(entry["credential"], entry["state"]) for entry in log.of_kind("revocation")] == [(second, "revoked")]
    assert held(course) == [first, second]


def test_a_register_that_forgot_a_revocation_is_told(course: Path) -> None:
    (first,) = held(course)
    path = load(CourseFolder.read(course)).folder / "status.jsonl"
    before = path.read_bytes()
    set_state(course, first, "revoked")
    path.write_bytes(before)
    with pytest.raises(CourseError, match=f"says that {first} is revoked, and .* does not know of it"):
        run(course, 2)


def test_what_a_stopped_run_made_is_withdrawn(course: Path) -> None:
    """Its number was taken, and it may have been signed; nothing says that it was never copied."""
    register = StatusRegister(load(CourseFolder.read(course)).folder)
    index = register.allocate("urn:uuid:stopped", NOW)
    assert run(course, 1).issued == {}
    again = StatusRegister(load(CourseFolder.read(course)).folder)
    assert again.entry("urn:uuid:stopped").reason == WITHDRAWN
    assert index in again.set_indexes()
    size = again.path.stat().st_size
    run(course, 2)
    assert again.path.stat().st_size == size
