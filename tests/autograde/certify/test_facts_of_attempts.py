"""What grading found out about an attempt stays with it: review, isolation, cells that wait for a person."""

import json
from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest
from policy_text import CHAPTER, POLICY

from autograde.certify.command import certify_course
from autograde.certify.decide.attempts import Attempt, from_json, to_json
from autograde.certify.decide.decision import decide
from autograde.certify.decide.decision import to_json as record_of
from autograde.certify.record.rederive import rederive
from autograde.exact import sha256
from autograde.settings.course_folder import CourseFolder
from autograde.settings.gradebook_address import gradebook_url
from autograde.settings.policy import policy_from_json
from autograde.settings.policy_table import parse_policy
from autograde.settings.toml_tables import SettingsError, read_tables

FULL, POOR = {"easy": 8, "hard": 12}, {"easy": 0, "hard": 0}
START = datetime(2026, 1, 5, 10, tzinfo=UTC)
ONE_CHAPTER = f"""
{POLICY}attempts = {{ chapter = 3, exam = 1, wait_days = 14, counts = "best" }}
ISOLATION
{CHAPTER}[[level]]
name = "pass"
overall = "0.70"
[[level]]
name = "distinction"
overall = "0.90"
"""


class Course:
    """A course of one chapter, and what happens in it."""

    def __init__(self, root, book) -> None:
        self.root, self.book = root, book
        self.accept()
        book.assignment("ch01", FULL)

    def accept(self, *isolations: str) -> None:
        line = f"isolation = {json.dumps(isolations)}" if isolations else ""
        text = ONE_CHAPTER.replace("ISOLATION", line).replace('version = "1"', f'version = "1{"-".join(isolations)}"')
        (self.root / "course.toml").write_text(text, encoding="utf-8")

    def hand_in(self, scores, day: int = 0, waits: bool = False, **log) -> None:
        """Ann hands in and is graded; with `waits`, every cell asks for a person, as a review leaves it."""
        with self.book.open() as gradebook:
            if any(one.student.id == "ann" for one in gradebook.assignment_submissions("ch01")):
                gradebook.remove_submission("ch01", "ann")
        at = f"{START + timedelta(days=day):%Y-%m-%d %H:%M:%S} UTC"
        self.book.submit("ann", "ch01", scores, timestamp=at, **log)
        self.flag(waits)

    def flag(self, waits: bool, **values) -> None:
        """Set every grade's flag, and further values, as the formgrader does."""
        with self.book.open() as gradebook:
            for grade in gradebook.find_submission("ch01", "ann").notebooks[0].grades:
                grade.needs_manual_grade = waits
                for name, value in values.items():
                    setattr(grade, name, value)
            gradebook.db.commit()

    def certify(self, day: int = 40):
        now = START + timedelta(days=day)
        (decision,) = certify_course(
            CourseFolder.read(self.root), self.root / "certificates", now.date(), now=now
        ).decisions
        record = self.root / "certificates" / "decisions" / "ann.json"
        assert record.read_bytes() == record_of(decision) or day > 40
        assert not rederive(record, self.root, gradebook_url(CourseFolder.read(self.root))).findings
        return decision


@pytest.fixture
def course(tmp_path, book) -> Course:
    return Course(tmp_path, book)


def standings(decision) -> list[str]:
    return [item.standing for item in decision.chapters[0].attempts]


def said(decision, lang: str = "en") -> str:
    return " ".join(getattr(reason, lang) for reason in decision.reasons)


def test_a_flagged_attempt_never_becomes_a_distinction_by_handing_in_again(course):
    course.hand_in(FULL, waits=True, status="review", isolation="shared")
    course.hand_in(POOR, day=1)
    decision = course.certify()
    assert (decision.level, standings(decision)) == (None, ["not-examined", "counts"])
    assert "attempt 1 of 2026-01-05 does not count: its tests ran beside the learner's code (shared)" in said(decision)
    assert "第 1 次提交不计入：测试与学员代码在同一进程中运行（shared）" in said(decision, "zh")


def test_neither_does_a_review_under_the_examiner(course):
    course.hand_in(FULL, waits=True, status="review")
    assert course.certify(0).status == "pending"
    course.hand_in(POOR, day=1)
    decision = course.certify()
    assert (decision.level, standings(decision)) == (None, ["in-review", "counts"])
    assert "attempt 1 of 2026-01-05 does not count: grading sent it to review, and nobody had decided" in said(decision)


def test_a_persons_decision_on_a_review_is_recorded_and_carried(course):
    course.hand_in(FULL, waits=True, status="review")
    course.flag(False, manual_score=7)
    assert course.certify(0).chapters[0].score == 14
    line = json.loads((course.root / "gradebook" / "audit.jsonl").read_bytes().splitlines()[1])
    assert (line["kind"], line["decided"]) == ("grade-change", True)
    course.hand_in(POOR, day=20)
    decision = course.certify()
    assert (decision.level, decision.chapters[0].score, standings(decision)) == ("pass", 14, ["counts", "counts"])


def test_a_decision_that_leaves_the_points_as_they_were_is_recorded_too(course):
    course.hand_in({"easy": 8, "hard": 8}, status="review")
    course.flag(False, manual_score=8)
    course.certify(0)
    course.hand_in(POOR, day=20)
    assert course.certify().chapters[0].score == 16


def test_a_review_whose_flags_vanished_without_a_person_is_pending(course):
    course.hand_in(FULL, waits=False, status="review")
    decision = course.certify()
    assert (decision.status, decision.chapters[0].state) == ("pending", "in-review")
    assert "nobody has decided" in said(decision)
    assert "尚无人裁定" in said(decision, "zh")


def test_graded_again_a_review_needs_a_new_decision(course):
    course.hand_in(FULL, waits=True, status="review")
    course.flag(False, manual_score=8, extra_credit=2)
    assert course.certify(0).level == "distinction"
    course.hand_in(FULL, waits=True, status="review", graded_at="2026-01-09T10:00:00Z")
    assert course.certify().status == "pending"


@pytest.mark.parametrize("isolation", ["shared", "unrecorded", ""])
def test_what_was_not_examined_waits_until_it_is_graded_again(course, isolation):
    course.hand_in(FULL, isolation=isolation)
    decision = course.certify(0)
    assert (decision.status, decision.chapters[0].state) == ("pending", "not-examined")
    assert "run course grade ch01 --force --isolation examiner" in said(decision)
    course.hand_in(FULL, graded_at="2026-01-09T10:00:00Z")
    assert course.certify().level == "distinction"


def test_a_policy_may_accept_another_isolation_by_its_name(course):
    course.accept("shared")
    course.hand_in(FULL, isolation="shared")
    assert course.certify().level == "distinction"


def test_what_no_log_knows_counts_only_where_the_policy_says_so(course):
    course.hand_in(FULL)
    (course.root / "gradebook" / "grading-log.jsonl").unlink()
    decision = course.certify(0)
    assert (decision.status, standings(decision)) == ("pending", ["not-examined"])
    assert "no grading by the course's engine is on record" in said(decision)
    course.accept("examiner", "unrecorded")
    assert course.certify().level == "distinction"


def test_points_that_another_program_gave_after_the_examiner_are_not_the_examiners(course):
    course.hand_in(POOR)
    course.flag(False, auto_score=8)
    decision = course.certify()
    assert (decision.status, standings(decision)) == ("pending", ["not-examined"])


def test_what_could_not_be_graded_counts_once_a_person_has_scored_it(course):
    course.hand_in({}, status="failed", notebooks=[])
    assert course.certify(0).status == "pending"
    course.flag(False, manual_score=8)
    assert course.certify().chapters[0].score == 16


def test_an_attempt_whose_cells_still_waited_counts_no_more_than_it_was_seen_to_be_worth(course):
    course.hand_in({"easy": 8})
    course.hand_in({"easy": 8, "hard": 8}, day=20)
    decision = course.certify()
    assert standings(decision) == ["waiting", "counts"]
    assert "cells still waited for manual grading" in said(decision)


def test_a_barred_attempt_uses_up_none_and_starts_no_wait(course):
    for day in (0, 1, 2):
        course.hand_in(POOR, day=day, status="review")
    course.hand_in(FULL, day=3)
    decision = course.certify()
    assert standings(decision) == ["in-review"] * 3 + ["counts"]
    assert decision.level == "distinction"


def test_the_names_of_isolations_are_checked():
    with pytest.raises(SettingsError, match='isolation "any": known are "examiner", "shared", "unrecorded"'):
        parse_policy(read_tables(ONE_CHAPTER.replace("ISOLATION", 'isolation = ["any"]')))
    rules = parse_policy(read_tables(ONE_CHAPTER.replace("ISOLATION", 'isolation = ["shared", "examiner"]')))
    assert policy_from_json(rules.json) == rules
    plain = parse_policy(read_tables(ONE_CHAPTER.replace("ISOLATION", "")))
    assert plain == parse_policy(read_tables(ONE_CHAPTER.replace("ISOLATION", 'isolation = ["examiner"]')))
    assert b"isolation" not in plain.json  # so that policies of before this key keep their hash


# Evidence as the course wrote it before attempts had these facts.
OLD_ATTEMPTS = (
    b'{"attempts":[{"assignment":"ch01","engine":"e 1","graded_at":"2026-01-05T10:00:00Z","is_current":true,'
    b'"late_penalty":"0","maximum":"20","open_cells":0,"release":"","score":"20","submission":"","submitted_at":'
    b'"2026-01-05T10:00:00Z","tests":""}],"learner":"ann","schema":1}'
)


def test_old_evidence_gives_the_old_bytes(course):
    from autograde.certify.decide.snapshot import take_snapshot

    course.hand_in(FULL, isolation="shared")
    attempts = from_json(OLD_ATTEMPTS)
    assert to_json("ann", attempts) == OLD_ATTEMPTS
    policy = parse_policy(read_tables(ONE_CHAPTER.replace("ISOLATION", "")))
    snapshot, _ = take_snapshot(course.book.path)
    (decision,) = decide(policy, snapshot, date(2026, 2, 1), {"ann": attempts})
    record = json.loads(record_of(decision))
    assert (record["schema"], record["level"], record["attempts"]["sha256"]) == (1, "distinction", sha256(OLD_ATTEMPTS))
    assert set(record["chapters"][0]["attempts"][0]) == {
        *("number", "submitted_at", "score", "maximum", "percent", "standing"),
    }


def test_attempts_with_facts_survive_their_json():
    attempt = Attempt("ch01", "", "", "1", "20", "0", 0, "", "", "", "e", True, "review", "examiner", True)
    assert from_json(to_json("ann", [attempt])) == (attempt,)
    with pytest.raises(ValueError, match="other fields"):
        from_json(to_json("ann", [attempt]).replace(b'"schema":2', b'"schema":1'))


def engines(record: bytes) -> list[str]:
    return [item["engine"] for item in json.loads(record)["chapters"][0]["attempts"]]


def test_a_decision_names_the_engines_that_graded_whoever_derives_it(course, monkeypatch):
    course.hand_in(POOR, engine="ai-practitioner-course 0.1.0")
    course.hand_in(FULL, day=15, engine="ai-practitioner-course 0.1.1.dev12+g0de154e1a")
    course.certify()
    monkeypatch.setattr("importlib.metadata.version", lambda name: "9.9")
    record = course.root / "certificates" / "decisions" / "ann.json"
    assert engines(record.read_bytes()) == [
        "ai-practitioner-course 0.1.0",
        "ai-practitioner-course 0.1.1.dev12+g0de154e1a",
    ]
    assert json.loads(record.read_bytes())["schema"] == 3
    assert rederive(record, course.root, gradebook_url(CourseFolder.read(course.root))).findings == ()


def test_a_line_of_before_engines_were_named_still_counts(course):
    course.hand_in(FULL)
    log = course.root / "gradebook" / "grading-log.jsonl"
    row = json.loads(log.read_text(encoding="utf-8"))
    del row["engine"]
    log.write_text(json.dumps(row) + "\n", encoding="utf-8")
    decision = course.certify()
    assert (decision.level, engines(record_of(decision))) == ("distinction", [""])


def test_a_record_of_before_engines_stands_and_is_derived_again(course, monkeypatch):
    course.hand_in(FULL)
    older = partial(record_of, schema=2)
    with monkeypatch.context() as before:
        before.setattr("autograde.certify.record.records.to_json", older)
        before.setattr("test_facts_of_attempts.record_of", older)
        course.certify()
    record = course.root / "certificates" / "decisions" / "ann.json"
    kept = record.read_bytes()
    assert json.loads(kept)["schema"] == 2
    assert b"engine" not in kept
    assert rederive(record, course.root, gradebook_url(CourseFolder.read(course.root))).findings == ()
    course.certify(day=41)  # nothing but the form has changed
    assert record.read_bytes() == kept
    course.hand_in(FULL, day=20)
    course.certify(day=42)
    assert (json.loads(record.read_bytes())["schema"], engines(record.read_bytes())) == (3, ["e 1", "e 1"])
