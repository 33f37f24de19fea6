"""Which decisions could an error of measurement have turned?"""

from datetime import date
from fractions import Fraction

import pytest

from autograde.certify.decide.decision import decide
from autograde.certify.decide.grades import Cell, Row, Snapshot, Submission
from autograde.report.near_cut import band, near_cuts
from autograde.settings.policy_table import parse_policy
from autograde.settings.toml_tables import read_tables

CHAPTERS = ("ch01", "ch02", "ch03", "ch04")
WHEN = "2026-01-05T10:00:00Z"


def decisions(policy: str, scores: dict[str, dict[str, str | None]]):
    """Decisions on learners with one cell of 20 points per chapter; None waits for a person."""
    names = sorted({name for found in scores.values() for name in found} | set(CHAPTERS))
    rows = [
        Row(who, name, name, "c", score, None, None, "20", None, WHEN, score is None)
        for who, found in scores.items()
        for name, score in found.items()
    ]
    snapshot = Snapshot(
        tuple(scores),
        tuple(names),
        tuple(Cell(name, name, "c", "20") for name in names),
        tuple(Submission(row.learner, row.assignment, WHEN) for row in rows),
        tuple(rows),
    )
    return decide(parse_policy(read_tables(policy)), snapshot, date(2026, 1, 31))


def chapters(*scores: str | None) -> dict[str, str | None]:
    return dict(zip(CHAPTERS, scores, strict=True))


KNOWN = {**dict.fromkeys(CHAPTERS, 1 / 20), "": 2 / 80}  # 1 point of each chapter, 2 points of all


def told(found):
    return [(near.learner, near.rule, near.subject, near.level, near.level_if) for near in found]


def test_a_score_within_one_error_of_a_level_is_told_on_both_sides(course_toml):
    found = near_cuts(
        decisions(
            course_toml,
            {
                "below": chapters("14", "14", "14", "13"),  # 55 of 80, pass needs 56
                "on": chapters("14", "14", "14", "14"),
                "edge": chapters("14", "14", "14", "16"),  # 58: exactly one error above
                "far": chapters("15", "15", "15", "15"),
            },
        ),
        KNOWN,
    )
    assert told(found) == [
        ("on", "overall", "", "pass", None),
        ("below", "overall", "", None, "pass"),
        ("edge", "overall", "", "pass", None),
    ]
    assert [near.errors for near in found] == [0.0, -0.5, 1.0]
    assert found[1].distance == Fraction(-1)


def test_a_chapter_minimum_counts_only_where_it_settles_the_level(course_toml):
    found = near_cuts(
        decisions(
            course_toml,
            {
                "barred": chapters("20", "20", "20", "11.5"),
                "saved": chapters("20", "20", "20", "12"),
                "hopeless": chapters("11.5", "2", "2", "2"),
            },
        ),
        KNOWN,
    )
    by_learner = {near.learner: near for near in found if near.rule == "chapter"}
    assert set(by_learner) == {"barred", "saved"}
    assert (by_learner["barred"].level, by_learner["barred"].level_if) == (None, "merit")  # 71.5 of 80
    assert (by_learner["saved"].level, by_learner["saved"].level_if) == ("distinction", None)


def test_certificates_come_before_levels_and_the_nearest_first(course_toml):
    scores = {"level": chapters("16", "16", "16", "16"), "pass": chapters("14", "14", "14", "15")}
    found = near_cuts(decisions(course_toml, scores), KNOWN)
    assert [(near.learner, near.is_pass_or_fail) for near in found] == [("pass", True), ("level", False)]


def test_who_is_pending_or_handed_in_nothing_is_not_near(course_toml):
    scores = {"waits": chapters("14", "14", "14", None), "absent": {}}
    assert near_cuts(decisions(course_toml, scores), KNOWN) == ()


def test_without_a_known_error_only_closeness_is_told(course_toml):
    scores = {
        "near": chapters("14", "14", "14", "13"),
        "four": chapters("15", "15", "15", "15"),
        "far": chapters("15", "15", "15", "16"),
    }
    found = near_cuts(decisions(course_toml, scores), {})
    assert [(near.learner, near.error, near.errors) for near in found if near.level_if in (None, "pass")] == [
        ("near", None, None),  # 1 point of 80 away
        ("four", None, None),  # 4 points, 5 % of 80
    ]


def test_an_error_of_zero_leaves_only_the_cut_itself(course_toml):
    scores = {"on": chapters("14", "14", "14", "14"), "beside": chapters("14", "14", "14", "14.5")}
    found = near_cuts(decisions(course_toml, scores), {**KNOWN, "": 0.0})
    assert [near.learner for near in found] == ["on"]


@pytest.mark.parametrize(("width", "expected"), [("1.0", ["close"]), ("2.5", ["close", "wide"]), ("0", [])])
def test_the_exam_has_the_band_of_the_policy(course_toml, width, expected):
    line = f'exam = {{ assignment = "exam", min = "0.70", review_band_sem = "{width}" }}\n'
    policy = course_toml.replace("attempts = {", line + "attempts = {")
    full = chapters("20", "20", "20", "20")
    scores = {"close": full | {"exam": "13.5"}, "wide": full | {"exam": "16"}, "untaken": full}
    found = near_cuts(decisions(policy, scores), {**KNOWN, "exam": 1 / 20})
    assert [near.learner for near in found if near.rule == "exam"] == expected
    assert str(band(parse_policy(read_tables(policy)))) == width
