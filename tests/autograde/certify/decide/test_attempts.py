"""Which attempts count, what each is worth, and does the decision say so?"""

import json
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from policy_text import CHAPTER, POLICY

from autograde.certify.decide.attempts import Attempt, choose, from_json, judge, to_json
from autograde.certify.decide.decision import decide
from autograde.certify.decide.decision import to_json as record_of
from autograde.certify.decide.grades import Cell, Row, Snapshot, Submission
from autograde.certify.decide.history import History
from autograde.settings.policy import Attempts, policy_from_json
from autograde.settings.policy_table import parse_policy
from autograde.settings.toml_tables import read_tables

RULE = Attempts(chapter=3, exam=2, wait_days=14, counts="best")
START = datetime(2026, 1, 1, 10)


def attempt(day: float, score: str, *, penalty: str = "0", current: bool = False, assignment: str = "ch01") -> Attempt:
    at = (START + timedelta(days=day)).isoformat() + "Z"
    return Attempt(assignment, at, at, score, "20", penalty, 0, f"{int(day * 1000):064x}", "", "", "engine 1", current)


def standings(*attempts: Attempt, rule: Attempts = RULE, limit: int = 3) -> list[str]:
    return [item.standing for item in judge(attempts, rule, limit)]


def test_attempts_count_in_the_order_of_their_hand_in():
    judged = judge([attempt(40, "20"), attempt(0, "10")], RULE, 3)
    assert [(item.number, item.attempt.score) for item in judged] == [(1, "10"), (2, "20")]


def test_exactly_the_waiting_days_are_enough_and_a_second_less_is_not():
    assert standings(attempt(0, "1"), attempt(14, "2")) == ["counts", "counts"]
    assert standings(attempt(0, "1"), attempt(14 - 1 / 86400, "2")) == ["counts", "too-early"]


def seen(graded: float, stamped: float, score: str) -> Attempt:
    """An examined attempt that the engine saw on one day and that its learner dates on another."""
    at = [(START + timedelta(days=day)).isoformat() + "Z" for day in (stamped, graded)]
    return replace(attempt(0, score), submitted_at=at[0], graded_at=at[1], status="graded", isolation="examiner")


def test_invented_dates_neither_shorten_the_wait_nor_change_the_order():
    def found(*attempts: Attempt) -> list[tuple[str, str]]:
        return [(item.attempt.score, item.standing) for item in judge(attempts, RULE, 3, ["examiner"])]

    for first, second in ((0, 100), (-100, 0), (100, -100), (0, 0)):
        assert found(seen(0.2, second, "2"), seen(0.1, first, "1")) == [("1", "counts"), ("2", "too-early")]
    assert found(seen(0, 0, "1"), seen(14, 0.1, "2")) == [("1", "counts"), ("2", "counts")]
    # what was seen at one moment is told apart by its learner's stamps
    assert found(seen(50, 20, "2"), seen(50, 0, "1")) == [("1", "counts"), ("2", "counts")]


def test_evidence_of_before_the_facts_of_an_attempt_is_judged_as_it_was():
    old = [replace(one, status=None, isolation=None) for one in (seen(0.1, 0, "1"), seen(0.2, 20, "2"))]
    assert [item.standing for item in judge(old, RULE, 3)] == ["counts", "counts"]


def entry(submitted_at: str, submission: str, graded_at: str, score: str) -> dict:
    return {
        "kind": "attempt", "learner": "p", "assignment": "ch01", "status": "graded", "submitted_at": submitted_at,
        "graded_at": graded_at, "score": score, "maximum": "20", "late_penalty": "0", "open_cells": 0,
        "submission": submission * 64, "release": "", "tests": "", "engine": "e 1", "isolation": "examiner",
        "line": submission + graded_at,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("hand_ins", "attempts"),
    [
        # one second, other contents
        ([("2026-01-05T10:00:00Z", "a"), ("2026-01-05T10:00:00Z", "b"), ("2026-01-05T10:00:00Z", "c")], 3),
        ([("2026-01-05T10:00:00.1Z", "a"), ("2026-01-05T10:00:00.2Z", "b")], 2),
        # graded again
        ([("2026-01-05T10:00:00Z", "a"), ("2026-01-05T10:00:00Z", "a")], 1),
        # graded again when a person had put the time right, or had taken it away
        ([("", "a"), ("2026-01-05T10:00:00Z", "a")], 1),
        ([("2026-01-05T10:00:00Z", "a"), ("", "a")], 1),
        # no times at all
        ([("", "a"), ("", "b"), ("", "a")], 2),
        # the same again, later
        ([("2026-01-05T10:00:00Z", "a"), ("2026-02-05T10:00:00Z", "a")], 2),
        # another program graded it first
        ([("2026-01-05T10:00:00Z", ""), ("2026-01-05T10:00:00Z", "a")], 1),
    ],
)
def test_a_hand_in_is_known_by_its_time_and_its_contents(hand_ins, attempts):
    history = History()
    for number, (at, submission) in enumerate(hand_ins):
        history.learn(entry(at, submission, f"2026-03-{number + 1:02}T10:00:00Z", str(number)))
    found = history.of("p", "ch01", hand_ins[-1][0])
    assert len(found) == attempts
    (current,) = (one for one in found if one.is_current)
    assert current.score == str(len(hand_ins) - 1)
    assert min(one.graded_at for one in found) == "2026-03-01T10:00:00Z"  # when it was seen first


def test_an_attempt_that_does_not_count_uses_up_none_and_starts_no_new_wait():
    found = standings(attempt(0, "1"), attempt(10, "2"), attempt(14, "3"), attempt(28, "4"), attempt(60, "5"))
    assert found == ["counts", "too-early", "counts", "counts", "beyond-limit"]


def test_best_takes_the_highest_share_after_lateness_and_last_the_last_that_counts():
    tries = [attempt(0, "15"), attempt(20, "18", penalty="4"), attempt(25, "20")]
    judged = judge(tries, RULE, 3)
    assert choose(judged, "best").number == 1
    assert choose(judged, "last").number == 2
    assert choose((), "best") is None


def test_of_equal_attempts_the_earliest_counts():
    assert choose(judge([attempt(0, "15"), attempt(20, "15")], RULE, 3), "best").number == 1


def test_penalties_and_bonuses_leave_the_points_within_their_bounds():
    assert attempt(0, "2", penalty="5").points == 0
    assert attempt(0, "25").points == 20


def test_a_rule_of_no_waiting_lets_every_attempt_up_to_the_limit_count():
    rule = Attempts(chapter=2, exam=2, wait_days=0, counts="last")
    assert standings(attempt(0, "1"), attempt(0.1, "2"), attempt(0.2, "3"), rule=rule, limit=2) == [
        "counts",
        "counts",
        "beyond-limit",
    ]


days = st.lists(st.floats(0, 400, allow_nan=False), min_size=1, max_size=12, unique=True)


@given(days, st.integers(1, 5), st.integers(0, 30), st.randoms())
def test_the_rule_holds_for_any_attempts_in_any_order(found, limit, wait, random):
    tries = [attempt(day, "1") for day in found]
    random.shuffle(tries)
    judged = judge(tries, Attempts(limit, limit, wait, "best"), limit)
    counting = [START + timedelta(days=day) for day in sorted(found)]
    counting = [at for at, item in zip(counting, judged, strict=True) if item.standing == "counts"]
    assert judged[0].standing == "counts"
    assert len(counting) <= limit
    assert all(b - a >= timedelta(days=wait) for a, b in pairwise(counting))
    assert judge(sorted(tries, key=lambda a: a.submission), Attempts(limit, limit, wait, "best"), limit) == judged


def test_attempts_survive_their_json_whatever_their_order():
    tries = [attempt(0, "1"), attempt(20, "2", current=True), attempt(3, "2", assignment="exam")]
    assert sorted(from_json(to_json("ann", tries)), key=str) == sorted(tries, key=str)
    assert to_json("ann", tries) == to_json("ann", reversed(tries))
    with pytest.raises(ValueError, match="attempt"):
        from_json(b'{"attempts":[{"score":"1"}]}')


def policy(counts: str = "best", exam: bool = False):
    exam_line = 'exam = { assignment = "exam", min = "0.50", review_band_sem = "1.0" }' if exam else ""
    return parse_policy(
        read_tables(f"""
{POLICY}attempts = {{ chapter = 2, exam = 1, wait_days = 14, counts = "{counts}" }}
{exam_line}
{CHAPTER}[[level]]
name = "pass"
overall = "0.70"
""")
    )


def grades(score: str | None, day: float, *, submitted: bool = True, needs_manual: bool = False) -> Snapshot:
    """What the gradebook holds of Ann: one cell of 20 points in ch01."""
    at = (START + timedelta(days=day)).isoformat() + "Z"
    row = Row("ann", "ch01", "ch01", "a", score, None, None, "20", None, at, needs_manual)
    return Snapshot(
        ("ann",),
        ("ch01",),
        (Cell("ch01", "ch01", "a", "20"),),
        (Submission("ann", "ch01", at),) if submitted else (),
        (row,) if submitted else (),
    )


def decided(rules, snapshot, *attempts):
    return decide(rules, snapshot, date(2026, 3, 1), {"ann": attempts})[0]


def reasons(decision) -> str:
    return " ".join(reason.en for reason in decision.reasons)


def test_an_earlier_better_attempt_counts_under_best_and_not_under_last():
    tries = attempt(0, "18"), attempt(20, "10", current=True)
    best = decided(policy("best"), grades("10", 20), *tries)
    assert (best.level, best.chapters[0].score, best.chapters[0].attempt) == ("pass", 18, 1)
    assert "ch01: attempt 1 of 2 is the one that counts (90.00 %)." in reasons(best)
    last = decided(policy("last"), grades("10", 20), *tries)
    assert (last.level, last.chapters[0].score) == (None, 10)


def test_a_hand_in_before_the_waiting_days_does_not_count_and_the_reasons_say_so():
    decision = decided(policy("last"), grades("20", 3), attempt(0, "10"), attempt(3, "20", current=True))
    assert (decision.level, decision.chapters[0].score) == (None, 10)
    assert "attempt 2 of 2026-01-04 does not count: it came 3 days after the last that counts; 14 must" in reasons(
        decision
    )
    assert "第 2 次提交不计入" in " ".join(reason.zh for reason in decision.reasons)
    standing = [item["standing"] for item in json.loads(record_of(decision))["chapters"][0]["attempts"]]
    assert standing == ["counts", "too-early"]


def test_an_attempt_too_many_does_not_count_and_its_open_grading_holds_nothing_up():
    tries = attempt(0, "10"), attempt(20, "15"), attempt(40, "20", current=True)
    decision = decided(policy("last"), grades(None, 40, needs_manual=True), *tries)
    assert (decision.status, decision.chapters[0].score) == ("level", 15)
    assert "attempt 3 of 2026-02-10 does not count: the number of attempts allowed is 2." in reasons(decision)


def test_while_the_newest_attempt_that_counts_is_being_graded_the_decision_is_pending():
    decision = decided(policy(), grades(None, 20, needs_manual=True), attempt(0, "20"), attempt(20, "0", current=True))
    assert decision.status == "pending"


def test_the_gradebook_says_what_the_newest_attempt_is_worth():
    stale = attempt(20, "3", current=True)
    decision = decided(policy(), grades("17", 20), attempt(0, "10"), stale)
    assert (decision.chapters[0].score, decision.chapters[0].attempt) == (17, 2)


def test_what_was_taken_out_of_the_gradebook_counts_no_longer():
    decision = decided(policy(), grades("20", 0, submitted=False), attempt(0, "20"))
    assert (decision.level, decision.chapters[0].state) == (None, "not-submitted")


def test_without_a_log_the_gradebook_holds_the_only_attempt():
    decision = decided(policy(), grades("20", 0))
    assert decision.level == "pass"
    assert [item.standing for item in decision.chapters[0].attempts] == ["counts"]
    assert len(decision.reasons) == 1


def test_an_exam_that_does_not_exist_yet_is_not_taken():
    decision = decided(policy(exam=True), grades("20", 0))
    assert decision.level is None
    assert decision.reasons[0].en == "exam: exam not taken."


def test_exam_and_chapters_have_limits_of_their_own():
    rules = policy(exam=True)
    assert (rules.attempts_allowed("ch01"), rules.attempts_allowed("exam")) == (2, 1)


@pytest.mark.parametrize("exam", [True, False])
def test_the_rules_survive_their_json(exam):
    rules = policy(exam=exam)
    again = policy_from_json(rules.json)
    assert again == rules
    assert again.json == rules.json


def test_the_repositorys_own_rules_survive_their_json(course_toml):
    rules = parse_policy(read_tables(course_toml))
    assert policy_from_json(rules.json).json == rules.json
    with pytest.raises(ValueError, match="no policy"):
        policy_from_json(b"{}")
