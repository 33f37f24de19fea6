"""Are credentials issued to those who pass and to no one else, once, and never by half?"""

import json
import os
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from book import Book
from nbgrader.api import Gradebook
from warm_command import run_warm

from autograde.certify import published
from autograde.certify.command import certify_course
from autograde.certify.credential.keys import load
from autograde.certify.decide.snapshot import Person
from autograde.certify.documents.verification_site import PAGES
from autograde.certify.erase import erase
from autograde.certify.issue import issuing
from autograde.certify.issue.status_register import StatusRegister
from autograde.certify.record.audit import AuditError, open_log
from autograde.certify.record.rederive import rederive
from autograde.certify.revoke import revoke_credential
from autograde.errors import CourseError
from autograde.settings.course_folder import CourseFolder
from autograde.settings.gradebook_address import gradebook_url

pytestmark = pytest.mark.long(16)

NOW = datetime(2026, 1, 31, 10, tzinfo=UTC)
CHAPTERS = ("ch01", "ch02", "ch03", "ch04")
CARRIERS = [
    "badge.png", "badge.svg", "certificate-en.svg", "certificate-zh.svg", "certificate.pdf", "credential.json",
    "credential.jwt", "index.html",
]  # fmt: skip


def run(root: Path, days: int = 0, out: str = "certificates"):
    now = NOW + timedelta(days=days)
    return certify_course(CourseFolder.read(root), root / out, now.date(), now=now)


def below(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def issues(root: Path) -> list[str]:
    with open_log(root) as log:
        return [entry["credential"] for entry in log.of_kind("issue")]


@pytest.fixture(scope="module")
def cohort_once(tmp_path_factory, empty_gradebook) -> Path:
    """Ann passes, Bob fails, Cy waits for a person, Di passes and has no name; nothing certified yet."""
    root = tmp_path_factory.mktemp("cohort")
    (root / "gradebook").mkdir()
    shutil.copy(empty_gradebook, root / "gradebook" / "gradebook.db")
    shutil.copy(Path(__file__).parents[3] / "four_chapters.toml", root / "course.toml")
    book = Book(root / "gradebook" / "gradebook.db")
    for learner, name in (("ann", "Ann"), ("bob", "Bob"), ("cy", "Cy")):
        book.learner(learner, first_name=name, last_name="Example", email=f"{learner}@example.org")
    for chapter in CHAPTERS:
        book.assignment(chapter, {"easy": 8, "hard": 12})
        book.submit("ann", chapter, {"easy": 8, "hard": 12})
        book.submit("bob", chapter, {"easy": 8})
        book.submit("cy", chapter, {"easy": 8, "hard": 12} if chapter != "ch04" else {"easy": 8})
        book.submit("di", chapter, {"easy": 8, "hard": 12})
    with book.open() as gradebook:
        for chapter in CHAPTERS:
            grade = gradebook.find_grade("hard", chapter, chapter, "bob")
            grade.auto_score, grade.needs_manual_grade = 0, False
        gradebook.db.commit()
    return root


@pytest.fixture
def cohort(cohort_once, tmp_path, monkeypatch) -> Path:
    """The cohort before its first certify; documents are stand-ins, since drawing them takes seconds."""
    monkeypatch.setattr(published, "documents", stand_ins)
    return Path(shutil.copytree(cohort_once, tmp_path / "course"))


@pytest.fixture(scope="module")
def certified_once(cohort_once, tmp_path_factory) -> Path:
    root = Path(shutil.copytree(cohort_once, tmp_path_factory.mktemp("certified") / "course"))
    run(root)
    return root


@pytest.fixture
def certified(certified_once, tmp_path, monkeypatch) -> Path:
    """The cohort after its first certify, with real documents; new ones are stand-ins."""
    monkeypatch.setattr(published, "documents", stand_ins)
    return Path(shutil.copytree(certified_once, tmp_path / "certified"))


def stand_ins(credential, *_) -> dict[str, bytes]:
    return dict.fromkeys(CARRIERS, b"x") | {"credential.json": credential.json}


def set_score(root: Path, learner: str, score: float) -> None:
    with Book(root / "gradebook" / "gradebook.db").open() as gradebook:
        gradebook.find_grade("hard", "ch02", "ch02", learner).manual_score = score
        gradebook.db.commit()


def test_who_passes_gets_five_carriers_and_no_one_else_gets_anything(certified):
    out = certified / "certificates"
    assert [path.name for path in (out / "learners").iterdir()] == ["ann"]
    assert sorted(path.name for path in (out / "learners" / "ann").iterdir()) == CARRIERS
    assert {"did.json", "trusted.txt", "status/1.jwt", "status/1.json", "site/index.html"} <= set(below(out))
    document = json.loads((out / "learners" / "ann" / "credential.json").read_bytes())
    assert issues(certified) == [document["id"]]
    assert not [name for name in below(out) if ".staged" in name or name.endswith(".part")]


def test_a_learner_without_a_name_is_told_and_keeps_nobody_waiting(cohort):
    certified = run(cohort)
    assert list(certified.issued) == ["ann"]
    assert any(note.startswith("di passes, but nothing is issued") for note in certified.notes)


def test_the_next_day_nothing_is_issued_and_every_decision_stands(certified):
    before, log = below(certified / "certificates"), (certified / "gradebook" / "audit.jsonl").read_bytes()
    again = run(certified, days=1)
    assert again.issued == {}
    assert (certified / "gradebook" / "audit.jsonl").read_bytes() == log
    after = below(certified / "certificates")
    assert set(after) == set(before)
    changed = {name for name in after if after[name] != before[name]}
    pages = {f"site/{name}" for name in PAGES}  # copied from the package anew each time
    assert changed - pages == {"status/1.json", "status/1.jwt", "site/data.js"}  # signed anew: their time is short


def test_lost_certificates_come_back_as_they_were(certified):
    before = below(certified / "certificates")
    shutil.rmtree(certified / "certificates")
    assert run(certified).issued == {}
    after = below(certified / "certificates")
    assert after["learners/ann/credential.json"] == before["learners/ann/credential.json"]
    assert set(after) == set(before)


def test_another_place_gets_the_same_credentials_not_new_ones(certified):
    assert run(certified, out="elsewhere").issued == {}
    name = "learners/ann/credential.json"
    assert (certified / "elsewhere" / name).read_bytes() == (certified / "certificates" / name).read_bytes()


def test_a_better_decision_brings_a_new_credential(certified):
    set_score(certified, "ann", 11)
    again = run(certified, days=1)
    assert list(again.issued) == ["ann"]
    assert len(set(issues(certified))) == 2


def test_a_credential_that_says_too_much_is_told_and_left_to_a_person(certified):
    (held,) = issues(certified)
    set_score(certified, "ann", 0)
    again = run(certified, days=1)
    assert again.issued == {}
    assert f"ann holds {held} (distinction) but is now decided none: course revoke {held}" in " ".join(again.notes)
    assert (certified / "certificates" / "learners" / "ann" / "credential.json").exists()


def test_a_revoked_credential_is_not_issued_again_and_a_lifted_one_is(certified):
    (held,) = issues(certified)
    register = StatusRegister(load(CourseFolder.read(certified)).folder)
    register.revoke(held, "a mistake", NOW, suspend=True)
    assert run(certified, days=1).issued == {}
    with open_log(certified) as log:
        assert [(e["credential"], e["state"]) for e in log.of_kind("revocation")] == [(held, "suspended")]
    StatusRegister(load(CourseFolder.read(certified)).folder).lift(held, "cleared", NOW)
    fresh = run(certified, days=2).issued["ann"]
    assert fresh != held
    assert run(certified, days=3).issued == {}
    StatusRegister(load(CourseFolder.read(certified)).folder).revoke(fresh, "after all", NOW)
    assert run(certified, days=4).issued == {}


KILL = """
import os, sys
from datetime import UTC, datetime
from pathlib import Path
from autograde.certify.record import audit, evidence, pseudonyms
from autograde.certify import command, published
from autograde.settings.course_folder import CourseFolder
root, point = Path(sys.argv[1]), sys.argv[2]
published.documents = lambda credential, *rest: {name: b"x" for name in published.CARRIERS} | {"credential.json": credential.json}
def kill(*_, **__): os._exit(9)
def after(count, real):
    def counted(*words):
        nonlocal count
        count -= 1
        return real(*words) if count >= 0 else kill()
    return counted
if point == "pseudonyms": pseudonyms.Pseudonyms.save = kill
elif point == "evidence": evidence.Evidence.put = kill
elif point == "log": audit.append_lines = kill
elif point == "torn":
    def torn(path, lines, mode):
        with path.open("ab") as file: file.write(bytes([10]).join(lines)[:-39])
        kill()
    audit.append_lines = torn
elif point == "head":
    real = os.replace
    os.replace = lambda part, place: kill() if str(place).endswith("audit.head") else real(part, place)
elif point == "move": command.move_in = kill
elif point == "moving":
    real = command.move_in
    def moving(*words, **more):
        os.replace = after(4, os.replace)
        real(*words, **more)
    command.move_in = moving
now = datetime(2026, 1, 31, 10, tzinfo=UTC)
command.certify_course(CourseFolder.read(root), root / "certificates", now.date(), now=now)
"""


@pytest.mark.parametrize("point", ["pseudonyms", "evidence", "log", "torn", "head", "move", "moving"])
def test_a_run_that_is_killed_anywhere_is_completed_by_the_next(cohort, point, monkeypatch):
    killed = run_warm(KILL, [cohort, point])
    assert killed.returncode == 9, killed.stderr
    run(cohort)
    assert len(issues(cohort)) == 1
    document = json.loads((cohort / "certificates" / "learners" / "ann" / "credential.json").read_bytes())
    assert issues(cohort) == [document["id"]]
    assert len(list((cohort / "certificates" / "decisions").iterdir())) == 4
    assert not list((cohort / "certificates").glob(".staged*"))
    for record in (cohort / "certificates" / "decisions").iterdir():
        assert rederive(record, cohort, gradebook_url(CourseFolder.read(cohort))).findings == ()


FULL = """
import resource, sys
sys.argv[1:], limit = ["certify"], int(sys.argv[1])
from autograde.certify import command, published
from autograde.cli import main
published.documents = lambda credential, *rest: dict.fromkeys(published.CARRIERS, b"x")
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
main()
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs RLIMIT_FSIZE")
@pytest.mark.parametrize("limit", [0, 300, 2000, 60_000])
def test_a_full_disk_is_one_line_and_nothing_is_issued(cohort, limit):
    full = run_warm(FULL, [str(limit)], cohort)
    assert full.returncode == 1
    assert full.stderr.count("\n") == 1
    assert "cannot write" in full.stderr or "disk is full" in full.stderr or "mend that" in full.stderr, full.stderr
    assert [name for name in below(cohort) if name.startswith("certificates")] == []
    assert issues(cohort) == []
    assert list(run(cohort).issued) == ["ann"]


def test_a_lost_key_is_told_and_no_other_is_made(certified):
    (certified / "gradebook" / "issuer" / "keys.json").unlink()
    before = below(certified)
    with pytest.raises(CourseError, match=r"keys\.json is missing, and credentials were issued: restore it"):
        run(certified, days=1)
    assert below(certified) == before


@pytest.mark.parametrize(
    ("lost", "words"),
    [
        ("pseudonyms.json", "who is who stands there"),
        ("audit.jsonl", "the log ends before this line"),
        ("issuer/status.jsonl", "which the audit log says was issued"),
        ("gradebook.db", "there is no gradebook"),
    ],
)
def test_what_is_lost_is_told_and_nothing_is_done(certified, lost, words):
    (certified / "gradebook" / lost).unlink()
    before = below(certified)
    with pytest.raises(CourseError, match=words) as caught:
        run(certified, days=1)
    assert "\n" not in str(caught.value)
    assert below(certified) == before


def test_a_log_lost_with_its_head_issues_nothing_twice(certified):
    for name in ("audit.jsonl", "audit.head"):
        (certified / "gradebook" / name).unlink()
    with pytest.raises(CourseError, match="has no line on credentials"):
        run(certified, days=1)


@pytest.mark.parametrize("line", [2, 9, 17])
def test_an_edited_or_cut_line_of_the_log_stops_certify_and_is_named(certified, line):
    path = certified / "gradebook" / "audit.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    for broken in (
        [*lines[: line - 1], *lines[line:]],
        [*lines[: line - 1], b"{}\n", *lines[line:]],
        lines[: line - 1],
    ):
        path.write_bytes(b"".join(broken))
        before = below(certified / "certificates")
        with pytest.raises(AuditError, match=rf"audit\.jsonl:{line}: "):
            run(certified, days=1)
        assert below(certified / "certificates") == before


def test_the_log_names_nobody(certified):
    text = (certified / "gradebook" / "audit.jsonl").read_text()
    for word in ("ann", "bob", "Example", "example.org"):
        assert f'"{word}' not in text


def test_a_learner_is_forgotten_and_the_chain_stays_whole(certified):
    (held,) = issues(certified)
    url = gradebook_url(CourseFolder.read(certified))
    with pytest.raises(CourseError, match="still in the gradebook"):
        erase(CourseFolder.read(certified), certified / "certificates", "ann", url, NOW)
    with Gradebook(url) as gradebook:
        gradebook.remove_student("ann")
    assert erase(CourseFolder.read(certified), certified / "certificates", "ann", url, NOW).held == (held,)
    named = [name for name, data in below(certified).items() if b'"ann"' in data or b"Ann Example" in data]
    assert [name for name in named if not name.endswith("gradebook.db")] == []
    again = run(certified, days=1)
    assert [decision.learner for decision in again.decisions] == ["bob", "cy", "di"]
    assert issues(certified) == [held]
    for name in ("bob", "cy", "di"):
        assert rederive(certified / "certificates" / "decisions" / f"{name}.json", certified, url).findings == ()
    with pytest.raises(CourseError, match="keeps nothing of 'ann'"):
        erase(CourseFolder.read(certified), certified / "certificates", "ann", url, NOW)


@pytest.mark.parametrize(("states", "left"), [(["revoked"], 0), (["suspended"], 1), (["suspended", "lifted"], 1)])
def test_erasing_names_the_credentials_that_still_verify_and_no_others(certified, states, left):
    (held,) = issues(certified)
    for state in states:
        revoke_credential(CourseFolder.read(certified), certified / "certificates", held, state, "asked for", NOW)
    url = gradebook_url(CourseFolder.read(certified))
    with Gradebook(url) as gradebook:
        gradebook.remove_student("ann")
    assert erase(CourseFolder.read(certified), certified / "certificates", "ann", url, NOW).held == (held,) * left


@pytest.mark.parametrize(
    ("first", "last", "name"),
    [
        ("Ada", "Lovelace", "Ada Lovelace"),
        ("伟", "王", "王伟"),
        ("Wei", "王", "Wei 王"),
        (None, "Plato", "Plato"),
        (" ", None, ""),
    ],
)
def test_names_are_printed_as_their_language_has_them(first, last, name):
    assert issuing.full_name(Person(first, last, None)) == name


def test_a_name_that_no_certificate_can_carry_is_told(cohort):
    with Book(cohort / "gradebook" / "gradebook.db").open() as gradebook:
        gradebook.update_or_create_student("ann", first_name="A\x07nn")
        gradebook.update_or_create_student("di", first_name="D\U0001f980i", last_name="E")
    certified = run(cohort)
    assert certified.issued == {}
    notes = " ".join(certified.notes)
    assert "ann passes, but nothing is issued: the name" in notes
    assert "di passes, but nothing is issued: no font draws" in notes


def test_the_log_of_the_engine_becomes_attempts_and_a_persons_grade_becomes_a_change(cohort):
    line = {
        "assignment": "ch02", "student": "ann", "status": "graded", "score": 19.0, "maximum": 20.0, "late_penalty": 0.0,
        "reasons": [], "submitted_at": "2026-01-05T10:00:00.25+00:00", "graded_at": "2026-01-05T11:00:00Z", "seconds": 1.0,
        "cpu_seconds": 1.0, "isolation": "examiner", "engine": "e 1",
        "hashes": {"submission": "a" * 64, "release": "b" * 64, "tests": "c" * 64},
        "notebooks": [{"name": "ch02", "score": 19.0, "maximum": 20.0, "cells": [
            {"grade_id": "easy", "score": 8.0, "maximum": 8.0}, {"grade_id": "hard", "score": 11.0, "maximum": 12.0}]}],
    }  # fmt: skip
    earlier = {**line, "submitted_at": "2025-12-01T10:00:00Z", "hashes": {**line["hashes"], "submission": "d" * 64}}
    failed = {**line, "submitted_at": "2025-11-01T10:00:00Z", "status": "failed", "notebooks": []}
    log = cohort / "gradebook" / "grading-log.jsonl"
    log.write_text("".join(json.dumps(item) + "\n" for item in (failed, earlier, line)))
    with Book(cohort / "gradebook" / "gradebook.db").open() as gradebook:
        grade = gradebook.find_grade("hard", "ch02", "ch02", "ann")
        grade.auto_score, grade.manual_score = 11, 12
        gradebook.db.commit()
    ann = run(cohort).decisions[0]
    assert [(item.number, item.standing) for item in ann.chapters[1].attempts] == [(1, "counts"), (2, "counts")]
    assert ann.chapters[1].score == 20  # a person gave one point more than the engine
    with open_log(cohort) as audit:
        (change,) = audit.of_kind("grade-change")
        recorded = [entry for entry in audit.of_kind("attempt") if entry["line"]]
    assert change["cells"] == [{"notebook": "ch02", "cell": "hard", "before": "11", "after": "12"}]
    assert (change["before"]["score"], change["after"]["score"], change["by"]) == ("19", "20", None)
    assert [entry["submission"][0] for entry in recorded] == ["a", "d", "a"]
    run(cohort, days=1)
    with open_log(cohort) as audit:
        assert len([entry for entry in audit.of_kind("attempt") if entry["line"]]) == 3
        assert len(audit.of_kind("grade-change")) == 1


def test_a_line_that_is_none_of_the_engines_stops_nobody(cohort):
    """As the engine of 0.1 wrote it for a timestamp.txt of the year 1."""
    (cohort / "gradebook" / "grading-log.jsonl").write_text(
        '{"assignment": "ch02", "student": "ann", "status": "graded", "submitted_at": "1-01-01T00:00:00Z"}\n'
    )
    certified = run(cohort)
    assert len(certified.decisions) == len(run(cohort, days=1).decisions) > 1
    (note,) = (note for note in certified.notes if "grading-log.jsonl" in note)
    assert "grading-log.jsonl:1: this line, a grading of ann's ch02, is none" in note


def test_a_superseded_attempt_keeps_what_a_person_gave_it(cohort):
    set_score(cohort, "bob", 12)
    run(cohort)
    book = Book(cohort / "gradebook" / "gradebook.db")
    with book.open() as gradebook:
        gradebook.remove_submission("ch02", "bob")
    book.submit("bob", "ch02", {"easy": 1, "hard": 1}, timestamp="2026-02-20 10:00:00 UTC")
    chapter = run(cohort, days=30).decisions[1].chapters[1]
    assert (chapter.score, chapter.attempt, len(chapter.attempts)) == (20, 1, 2)
