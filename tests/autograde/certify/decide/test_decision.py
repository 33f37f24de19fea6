"""Does the decision follow the policy exactly, and from nothing but its inputs?"""

import json
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from policy_text import POLICY

from autograde.certify.decide.decision import Decision, decide, to_json
from autograde.certify.decide.grades import Cell, Row, Snapshot, Submission
from autograde.exact import percent, plain, sha256
from autograde.settings.policy_table import parse_policy
from autograde.settings.toml_tables import read_tables

DAY = date(2026, 1, 31)
AT = "2026-01-05T10:00:00Z"
ORDER = ["none", "pass", "merit", "distinction"]


def policy(*, exam: bool = False, ch02: str = 'weight = "1"\nmin = "0.60"\nrequired = true', ch01: str = "1"):
    exam_line = 'exam = { assignment = "exam", min = "0.70", review_band_sem = "1.0" }' if exam else ""
    return parse_policy(
        read_tables(f"""
{POLICY}{exam_line}
[[chapter]]
assignment = "ch01"
weight = "{ch01}"
min = "0.60"
required = true
[[chapter]]
assignment = "ch02"
{ch02}
[[level]]
name = "pass"
overall = "0.70"
[[level]]
name = "merit"
overall = "0.80"
{'exam = "0.80"' if exam else ""}
[[level]]
name = "distinction"
overall = "0.90"
{'exam = "0.80"' if exam else ""}
""")
    )


def row(assignment: str, cell: str, auto: str | None, maximum: str = "10", **more) -> Row:
    fields = {"manual": None, "extra_credit": None, "late_penalty": None, "needs_manual": False, **more}
    return Row("ann", assignment, assignment, cell, auto, maximum=maximum, timestamp=AT, **fields)


def snapshot(*rows: Row, cells: tuple[Cell, ...] | None = None, assignments=("ch01", "ch02")) -> Snapshot:
    """Ann's grades; each of her rows is a cell of its assignment unless `cells` says otherwise."""
    if cells is None:
        cells = tuple(Cell(r.assignment, r.notebook, r.cell, r.maximum) for r in rows)
    handed_in = {r.assignment for r in rows}
    return Snapshot(("ann",), assignments, cells, tuple(Submission("ann", a, AT) for a in handed_in), rows)


def ann(rules, grades: Snapshot) -> Decision:
    (decision,) = decide(rules, grades, DAY)
    return decision


def outcome(decision: Decision) -> str:
    return decision.level or decision.status


def both(score: str, maximum: str = "10") -> Snapshot:
    return snapshot(row("ch01", "a", score, maximum), row("ch02", "a", score, maximum))


@pytest.mark.parametrize(
    ("score", "level"),
    [("10", "distinction"), ("9", "distinction"), ("8.9999999999999", "merit"), ("8", "merit"), ("7", "pass")],
)
def test_the_highest_level_whose_share_is_reached_counts(score, level):
    assert outcome(ann(policy(), both(score))) == level


def test_exactly_seventy_percent_passes_and_the_last_digit_below_does_not():
    assert outcome(ann(policy(), both("7"))) == "pass"
    assert outcome(ann(policy(), both("6.9999999999999991"))) == "none"
    tenths = [row(chapter, f"c{i}", "0.7", "1") for chapter in ("ch01", "ch02") for i in range(10)]
    assert outcome(ann(policy(), snapshot(*tenths))) == "pass"


def test_a_third_of_a_point_three_times_is_not_a_point():
    thirds = [row(c, f"c{i}", "0.2333333333333333", "0.3333333333333333") for c in ("ch01", "ch02") for i in range(3)]
    assert outcome(ann(policy(), snapshot(*thirds))) == "none"


def test_a_share_is_cut_off_never_rounded_up():
    decision = ann(policy(), both("6.99999"))
    assert decision.reasons[0].en == "Overall 69.99 % of the chapter points; pass needs 70 %."
    assert decision.reasons[0].zh == "章节总成绩 69.99%；pass 要求 70%。"


def test_a_required_chapter_below_its_minimum_bars_every_level():
    grades = snapshot(row("ch01", "a", "10"), row("ch02", "a", "5.9"))
    decision = ann(policy(), grades)
    assert (decision.status, decision.level) == ("none", None)
    assert decision.reasons[0].en == "ch02: 5.9 of 10 points (59.00 %); 60 % needed."
    assert decision.reasons[0].zh == "ch02：10 分中得 5.9 分（59.00%）；要求 60%。"
    assert [(m.subject, m.points) for m in decision.missing] == [("ch02", "0.1")]
    assert [(r.rule, r.subject, r.outcome) for r in decision.rules] == [
        ("chapter-minimum", "ch01", "met"),
        ("chapter-minimum", "ch02", "not-met"),
        ("overall-minimum", "overall", "met"),
        ("level", "pass", "not-met"),
        ("level", "merit", "not-met"),
        ("level", "distinction", "not-met"),
    ]
    assert decision.rules[1].inputs == {"state": "graded", "score": "5.9", "maximum": "10", "minimum": "0.6"}


def test_the_minimum_of_a_chapter_that_is_not_required_is_advice():
    rules = policy(ch02='weight = "1"\nmin = "0.60"\nrequired = false')
    decision = ann(rules, snapshot(row("ch01", "a", "10"), row("ch02", "a", "4")))
    assert outcome(decision) == "pass"
    assert (decision.rules[1].binding, decision.rules[1].outcome) == (False, "not-met")


def test_a_chapter_not_submitted_counts_as_zero_in_the_overall_share():
    rules = policy(ch02='weight = "1"\nmin = "0"\nrequired = false')
    cells = (Cell("ch01", "ch01", "a", "10"), Cell("ch02", "ch02", "a", "10"))
    decision = ann(rules, snapshot(row("ch01", "a", "10"), cells=cells))
    assert outcome(decision) == "none"
    assert decision.reasons[0].en == "Overall 50.00 % of the chapter points; pass needs 70 %."
    assert [(m.subject, m.points) for m in decision.missing] == [("overall", "4")]


def test_weights_weigh_points():
    decision = ann(policy(ch01="3"), snapshot(row("ch01", "a", "10"), row("ch02", "a", "6")))
    assert (decision.overall, decision.overall_maximum) == (36, 40)
    assert outcome(decision) == "distinction"


def test_a_learner_without_any_submission_gets_none_and_is_told_what_to_hand_in():
    cells = (Cell("ch01", "ch01", "a", "20"), Cell("ch02", "ch02", "a", "20"))
    decision = ann(policy(), Snapshot(("ann",), ("ch01", "ch02"), cells, (), ()))
    assert decision.status == "none"
    assert decision.reasons[0].en == "ch01: nothing submitted; 60 % needed."
    assert decision.reasons[0].zh == "ch01：未提交；要求 60%。"
    assert [(m.subject, m.points) for m in decision.missing] == [("ch01", "12"), ("ch02", "12"), ("overall", "28")]


def test_a_cell_that_awaits_manual_grading_makes_the_learner_pending():
    grades = snapshot(row("ch01", "a", "10"), row("ch02", "a", "10"), row("ch02", "b", None, needs_manual=True))
    decision = ann(policy(), grades)
    assert (decision.status, decision.level) == ("pending", None)
    assert decision.reasons[0].en == "ch02: 1 cell waits for manual grading."
    assert decision.reasons[0].zh == "ch02：有 1 个单元格等待人工评分。"
    assert {r.outcome for r in decision.rules if r.subject not in ("ch01",)} == {"pending"}


def test_a_regraded_cell_with_an_old_manual_score_is_pending_too():
    grades = snapshot(row("ch01", "a", "10"), row("ch02", "a", "10", manual="9", needs_manual=True))
    assert ann(policy(), grades).status == "pending"


def test_a_submission_that_is_not_graded_yet_is_pending_and_says_so():
    grades = snapshot(row("ch01", "a", "10"), row("ch02", "a", None, needs_manual=True))
    assert ann(policy(), grades).reasons[0].en == "ch02: submitted but not graded yet; no cell has a score."


def test_a_row_missing_from_the_gradebook_is_pending_and_says_so():
    cells = (Cell("ch01", "ch01", "a", "10"), Cell("ch02", "ch02", "a", "10"), Cell("ch02", "ch02", "new", "10"))
    decision = ann(policy(), snapshot(row("ch01", "a", "10"), row("ch02", "a", "10"), cells=cells))
    assert decision.status == "pending"
    assert "1 cell lacks a grade in the gradebook" in decision.reasons[0].en


def test_a_submission_without_any_row_is_not_graded():
    cells = (Cell("ch01", "ch01", "a", "10"), Cell("ch02", "ch02", "a", "10"))
    handed_in = (Submission("ann", "ch01", AT), Submission("ann", "ch02", AT))
    grades = Snapshot(("ann",), ("ch01", "ch02"), cells, handed_in, (row("ch01", "a", "10"),))
    assert "not graded yet" in ann(policy(), grades).reasons[0].en


def test_an_assignment_outside_the_policy_neither_helps_nor_holds_back():
    survey = row("survey", "a", None, needs_manual=True)
    grades = snapshot(row("ch01", "a", "7"), row("ch02", "a", "7"), survey, assignments=("ch01", "ch02", "survey"))
    assert outcome(ann(policy(), grades)) == "pass"


def test_an_assignment_without_points_reaches_no_minimum():
    decision = ann(policy(), snapshot(row("ch01", "a", "10"), row("ch02", "a", "0", "0")))
    assert decision.status == "none"
    assert "the gradebook holds no points for it" in decision.reasons[0].en
    nothing = ann(policy(), Snapshot(("ann",), (), (), (), ()))
    assert nothing.status == "none"
    json.loads(to_json(nothing))


def test_extra_credit_lifts_a_chapter_to_its_maximum_and_not_above():
    grades = snapshot(row("ch01", "a", "10", extra_credit="5"), row("ch02", "a", "5", extra_credit="1"))
    decision = ann(policy(), grades)
    assert [tally.score for tally in decision.chapters] == [10, 6]
    assert outcome(decision) == "merit"


def test_a_manual_score_takes_the_place_of_the_automatic_one():
    assert ann(policy(), snapshot(row("ch01", "a", "2", manual="8"), row("ch02", "a", "9"))).chapters[0].score == 8


def test_a_late_penalty_is_taken_off_once_per_notebook_and_told():
    late = {"late_penalty": "1.5"}
    rows = [row("ch01", "a", "5", "10", **late), row("ch01", "b", "2", "0", **late), row("ch02", "a", "10")]
    decision = ann(policy(), snapshot(*rows))
    assert decision.chapters[0].score == Fraction("5.5")
    assert decision.reasons[0].en == "ch01: 5.5 of 10 points, after 1.5 off for lateness (55.00 %); 60 % needed."


def test_a_penalty_above_the_score_leaves_nothing_but_not_less():
    assert ann(policy(), snapshot(row("ch01", "a", "3", late_penalty="3.1"))).chapters[0].score == 0


@pytest.mark.parametrize(("exam", "expected"), [("6.9", "none"), ("7", "pass"), ("7.9", "pass"), ("8", "distinction")])
def test_the_exam_has_its_own_minimum_and_that_of_the_level(exam, expected):
    rows = (row("ch01", "a", "10"), row("ch02", "a", "10"), row("exam", "a", exam))
    decision = ann(policy(exam=True), snapshot(*rows))
    assert outcome(decision) == expected
    assert decision.overall == 20  # the exam is not part of the overall share
    if expected == "pass":
        assert "in the exam; merit needs 80 %" in decision.reasons[1].en


@pytest.mark.parametrize("cells", [(), (Cell("exam", "exam", "a", "10"),)])
def test_an_exam_not_taken_bars_every_level_whether_or_not_the_gradebook_knows_it(cells):
    rows = (row("ch01", "a", "10"), row("ch02", "a", "10"))
    known = tuple(Cell(r.assignment, r.notebook, r.cell, r.maximum) for r in rows)
    decision = ann(policy(exam=True), snapshot(*rows, cells=known + cells))
    assert decision.status == "none"
    assert decision.reasons[0].en == "exam: exam not taken."
    assert decision.reasons[0].zh == "exam：未参加考试。"


def test_whoever_reaches_a_level_reads_why_and_what_the_next_one_needs():
    reasons = ann(policy(), both("7.5")).reasons
    assert [reason.en for reason in reasons] == [
        "Every rule of pass is met: overall 75.00 % of the chapter points, 70 % needed.",
        "Overall 75.00 % of the chapter points; merit needs 80 %.",
    ]


def test_the_record_is_canonical_and_names_what_it_was_made_from():
    rules, grades = policy(), both("7")
    record = to_json(ann(rules, grades))
    document = json.loads(record)
    assert json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() == record
    assert document["policy"] == {"id": "p", "version": "1", "sha256": rules.sha256}
    assert document["snapshot"] == {"sha256": sha256(grades.json)}
    assert (document["as_of"], document["learner"]) == ("2026-01-31", "ann")
    assert document["overall"] == {"score": "14", "maximum": "20", "percent": "70.00"}
    numbers = [
        *document["overall"].values(),
        document["chapters"][0]["score"],
        *document["rules"][0]["inputs"].values(),
    ]
    assert all(isinstance(number, str) for number in numbers)


SCORES = st.one_of(st.none(), st.floats(-2, 12), st.integers(0, 10).map(float)).map(
    lambda x: None if x is None else plain(Fraction(repr(x)))
)


@st.composite
def gradebooks(draw) -> Snapshot:
    learners = draw(
        st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=4), min_size=1, max_size=3, unique=True)
    )
    cells = tuple(
        Cell(assignment, "nb", cell, draw(st.sampled_from(["0", "0.1", "10"])))
        for assignment in ("ch01", "ch02", "exam")
        for cell in draw(st.lists(st.sampled_from("abc"), max_size=3, unique=True))
    )
    rows, submissions = [], []
    for learner in learners:
        for assignment in draw(st.sets(st.sampled_from(["ch01", "ch02", "exam"]))):
            submissions.append(Submission(learner, assignment, AT))
            penalty = draw(st.sampled_from([None, "0", "0.5"]))
            for cell in cells:
                if cell.assignment == assignment and draw(st.integers(0, 9)):
                    scores = draw(SCORES), draw(st.none() | SCORES), draw(st.none() | SCORES)
                    rows.append(
                        Row(
                            learner,
                            assignment,
                            "nb",
                            cell.cell,
                            *scores,
                            cell.maximum,
                            penalty,
                            AT,
                            draw(st.sampled_from([False] * 9 + [True])),
                        )
                    )
    return Snapshot(tuple(learners), ("ch01", "ch02", "exam"), cells, tuple(submissions), tuple(rows))  # fmt: skip


@given(gradebooks(), st.booleans(), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_no_byte(grades, exam, random):
    def shuffled(items):
        return tuple(random.sample(items, len(items)))

    other = Snapshot(*(shuffled(getattr(grades, name)) for name in grades.__dataclass_fields__))
    rules = policy(exam=exam)
    records = [to_json(decision) for decision in decide(rules, grades, DAY)]
    assert records == [to_json(decision) for decision in decide(rules, other, DAY)]
    assert len(records) == len(grades.learners)


@given(gradebooks(), st.booleans(), st.data())
def test_raising_a_score_never_lowers_a_level(grades, exam, data):
    if not grades.rows:
        return
    position = data.draw(st.integers(0, len(grades.rows) - 1))
    name = data.draw(st.sampled_from(["auto", "manual", "extra_credit"]))
    old = getattr(grades.rows[position], name)
    if old is None:
        return
    more = Fraction(repr(data.draw(st.floats(0, 20))))
    raised = replace(grades.rows[position], **{name: plain(Fraction(old) + more)})
    better = replace(grades, rows=(*grades.rows[:position], raised, *grades.rows[position + 1 :]))
    rules = policy(exam=exam)
    for before, after in zip(decide(rules, grades, DAY), decide(rules, better, DAY), strict=True):
        assert (before.status == "pending") == (after.status == "pending")
        assert ORDER.index(after.level or "none") >= ORDER.index(before.level or "none")


@given(gradebooks(), st.booleans())
def test_every_decision_is_explained_by_its_own_rules(grades, exam):
    for decision in decide(policy(exam=exam), grades, DAY):
        assert decision.reasons
        levels = {rule.subject: rule.outcome for rule in decision.rules if rule.rule == "level"}
        reached = [name for name in ORDER if levels.get(name) == "met"]
        assert (decision.level or "none") == (reached or ["none"])[-1]
        assert bool(decision.missing) == (decision.level is None)
        assert (decision.status == "pending") == ("pending" in levels.values())
        if decision.level:
            assert all(rule.outcome == "met" for rule in decision.rules if rule.binding)
            assert decision.overall * 100 >= 70 * decision.overall_maximum


@given(st.integers(0, 10_000), st.integers(1, 10_000))
def test_a_percentage_never_shows_more_than_there_is(score, maximum):
    shown = Fraction(percent(Fraction(score), Fraction(maximum)))
    assert shown <= Fraction(score * 100, maximum) < shown + Fraction(1, 100)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_score_is_written_with_every_digit(score):
    exact = Fraction(repr(score))
    written = plain(exact)
    assert Fraction(written) == exact
    assert "e" not in written


def test_what_is_no_decimal_is_not_written_as_one():
    with pytest.raises(ValueError, match=r"no finite decimal"):
        plain(Fraction(1, 3))
