"""Is every byte that changed after a decision found, and is it said where?"""

import json
import shutil
from datetime import date
from pathlib import Path

import pytest
from book import COURSE_TOML, Book

from autograde.certify.command import certify
from autograde.certify.decide.snapshot_records import GradebookError
from autograde.certify.record.audit import AuditError
from autograde.certify.record.rederive import rederive
from autograde.errors import CourseError
from autograde.exact import canonical
from autograde.settings.course_folder import CourseFolder
from autograde.settings.gradebook_address import gradebook_url

CHAPTERS = ("ch01", "ch02", "ch03", "ch04")


@pytest.fixture(scope="module")
def decided_once(tmp_path_factory, empty_gradebook) -> Path:
    """Ann passes, Bob does not; neither has a name, so no credential is issued."""
    root = tmp_path_factory.mktemp("decided")
    (root / "gradebook").mkdir()
    shutil.copy(empty_gradebook, root / "gradebook" / "gradebook.db")
    shutil.copy(COURSE_TOML, root / "course.toml")
    book = Book(root / "gradebook" / "gradebook.db")
    for chapter in CHAPTERS:
        book.assignment(chapter, {"easy": 8, "hard": 12})
        book.submit("ann", chapter, {"easy": 8, "hard": 12})
        book.submit("bob", chapter, {"easy": 8, "hard": 2})
    certify(CourseFolder.read(root), root / "certificates", date(2026, 1, 31))
    return root


@pytest.fixture
def course(decided_once, tmp_path) -> Path:
    return Path(shutil.copytree(decided_once, tmp_path / "course"))


def record_of(course: Path, learner: str = "ann") -> Path:
    return course / "certificates" / "decisions" / f"{learner}.json"


def findings(course: Path, learner: str = "ann") -> str:
    return "\n".join(
        rederive(record_of(course, learner), course, gradebook_url(CourseFolder.read(course), {})).findings
    )


def evidence_of(course: Path, part: str) -> Path:
    name = json.loads(record_of(course).read_bytes())[part]["sha256"]
    return course / "gradebook" / "evidence" / f"{name}.json"


def set_score(course: Path, score: float) -> None:
    with Book(course / "gradebook" / "gradebook.db").open() as gradebook:
        gradebook.find_grade("hard", "ch02", "ch02", "ann").manual_score = score
        gradebook.db.commit()


def edit(path: Path, change) -> None:
    document = json.loads(path.read_bytes())
    change(document)
    path.write_bytes(canonical(document))


@pytest.mark.parametrize("learner", ["ann", "bob"])
def test_a_decision_is_derived_again_byte_for_byte(course, learner):
    result = rederive(record_of(course, learner), course, gradebook_url(CourseFolder.read(course), {}))
    assert (result.findings, result.notes) == ((), ())


def test_a_score_changed_in_the_gradebook_is_named(course):
    set_score(course, 11)
    assert findings(course) == "ann: ch02 ch02 hard manual: decided on nothing, the gradebook now has 11"
    assert findings(course, "bob") == ""


def test_a_score_changed_in_the_evidence_is_named_with_its_rules(course):
    def lower(document):
        next(row for row in document["rows"] if row["cell"] == "hard" and row["assignment"] == "ch02")["auto"] = "1"

    edit(evidence_of(course, "snapshot"), lower)
    text = findings(course)
    assert "the snapshot it rests on was changed" in text
    assert "ann: rule chapter-minimum ch02, inputs score: the record has 20, its evidence gives 9" in text
    assert "ann: ch02 ch02 hard auto: decided on 1, the gradebook now has 12" in text


def test_a_changed_attempt_and_a_changed_rule_are_named(course):
    edit(evidence_of(course, "attempts"), lambda document: document["attempts"][0].update(score="3"))
    assert "the attempts it rests on was changed" in findings(course)
    edit(evidence_of(course, "policy"), lambda document: document.update(overall_min="0.99"))
    assert "rule overall-minimum overall, inputs minimum: the record has 0.7, its evidence gives 0.99" in findings(
        course
    )


def test_an_edited_record_is_named_where_it_was_edited(course):
    edit(record_of(course, "bob"), lambda document: document.update(level="pass", status="level"))
    text = findings(course, "bob")
    assert "bob: level: the record has pass, its evidence gives nothing" in text
    assert "bob: status: the record has level, its evidence gives none" in text
    assert "bob: the audit log has no decision with these bytes" in text


def test_a_record_written_otherwise_has_other_bytes(course):
    path = record_of(course)
    path.write_bytes(path.read_bytes() + b"\n")
    assert "not written canonically" in findings(course)


@pytest.mark.parametrize("part", ["snapshot", "attempts", "policy"])
@pytest.mark.parametrize("damage", [None, b"", b"{}", b"[]", b"\xff", b'{"schema":1}'])
def test_evidence_that_is_missing_or_damaged_is_named(course, part, damage):
    path = evidence_of(course, part)
    path.unlink()
    if damage is not None:
        path.write_bytes(damage)
    text = findings(course)
    assert f"ann: the {part} it rests on " in text
    assert path.name in text


def test_a_forged_decision_with_evidence_to_match_is_not_in_the_log(course, tmp_path):
    other = Path(shutil.copytree(course, tmp_path / "other"))
    set_score(other, 3)
    certify(CourseFolder.read(other), other / "certificates", date(2026, 1, 31))
    shutil.copytree(other / "gradebook" / "evidence", course / "gradebook" / "evidence", dirs_exist_ok=True)
    shutil.copy(record_of(other), record_of(course))
    assert "ann: the audit log has no decision with these bytes; it has 1 others" in findings(course)


def test_an_earlier_decision_is_derived_again_though_a_later_one_stands(course, tmp_path):
    earlier = Path(shutil.copy(record_of(course), tmp_path / "earlier.json"))
    set_score(course, 3)
    certify(CourseFolder.read(course), course / "certificates", date(2026, 2, 20))
    assert findings(course) == ""
    result = rederive(earlier, course, gradebook_url(CourseFolder.read(course), {}))
    assert result.findings == ()
    assert "a later decision stands" in result.notes[0]


def test_without_gradebook_and_log_the_evidence_alone_is_compared_and_that_is_told(course):
    (course / "gradebook" / "gradebook.db").unlink()
    assert (
        "no gradebook here"
        in rederive(record_of(course), course, gradebook_url(CourseFolder.read(course), {})).notes[0]
    )
    (course / "gradebook" / "audit.jsonl").unlink()
    notes = rederive(record_of(course), course, gradebook_url(CourseFolder.read(course), {})).notes
    assert len(notes) == 2


def test_a_broken_log_or_gradebook_is_an_error_not_a_verdict(course):
    with (course / "gradebook" / "gradebook.db").open("r+b") as file:
        file.write(b"x" * 4096)
    with pytest.raises(GradebookError):
        findings(course)
    log = course / "gradebook" / "audit.jsonl"
    log.write_bytes(log.read_bytes().replace(b"decision", b"decisiom", 1))
    with pytest.raises(AuditError, match=r"audit\.jsonl:\d+: "):
        findings(course)


@pytest.mark.parametrize("content", [None, b"", b"[]", b"{", b"[" * 100_000, b'{"learner":3}', b"\x00\xff"])
def test_what_is_no_record_is_told(course, content):
    path = course / "record.json"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(CourseError, match=r"name a file such as"):
        rederive(path, course, gradebook_url(CourseFolder.read(course), {}))


def test_a_record_that_names_evidence_elsewhere_is_refused(course):
    edit(record_of(course), lambda document: document["snapshot"].update(sha256="../../course"))
    with pytest.raises(CourseError, match=r"is not a decision record"):
        findings(course)
