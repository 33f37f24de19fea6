"""Who and what enters the item analysis, when is it withheld, and what is flagged?"""

import numpy as np
import pytest

from autograde.certify.decide.grades import Cell, Row, Snapshot, Submission
from autograde.certify.decide.tally import tally_all
from autograde.report.intervals import Estimate
from autograde.report.items import Analysis, Matrix, analyse, by_chance, matrices, overall_error


def row(learner: str, cell: str, auto: str | None = None, **other) -> Row:
    values = {"manual": None, "extra_credit": None, "maximum": "2", "late_penalty": None, "needs_manual": False} | other
    return Row(learner, "ch01", "ch01", cell, auto, timestamp="2026-01-05T10:00:00Z", **values)


def snapshot(learners: str, rows: list[Row], cells: str = "ab", maximum: str = "2") -> Snapshot:
    return Snapshot(
        learners=tuple(learners),
        assignments=("ch01",),
        cells=tuple(Cell("ch01", "ch01", cell, maximum) for cell in cells),
        submissions=tuple(Submission(who, "ch01", "2026-01-05T10:00:00Z") for who in {r.learner for r in rows}),
        rows=tuple(rows),
    )


def matrix_of(found: Snapshot) -> Matrix:
    return matrices(found, tally_all(found, ["ch01"]))["ch01"]


def matrix(points: np.ndarray, maximum: str = "1") -> Matrix:
    n, k = points.shape
    cells = tuple(Cell("ch01", "ch01", f"cell-{j}", maximum) for j in range(k))
    return Matrix("ch01", tuple(f"l{i}" for i in range(n)), cells, points.astype(float), 0)


def test_who_handed_in_nothing_is_left_out_and_a_blank_answer_counts_as_its_score():
    found = matrix_of(snapshot("pqr", [row("p", "a", "2"), row("p", "b", "0"), row("q", "a", "1"), row("q", "b", "2")]))
    assert found.learners == ("p", "q")
    assert found.points.tolist() == [[2, 0], [1, 2]]
    assert found.waiting == 0


def test_who_waits_for_a_person_is_left_out_and_counted():
    rows = [row("p", "a", "2"), row("p", "b", "0"), row("q", "a", "1"), row("q", "b", None, needs_manual=True)]
    found = matrix_of(snapshot("pq", rows))
    assert found.learners == ("p",)
    assert found.waiting == 1


def test_the_instructors_score_comes_first_and_penalties_and_extra_credit_stay_outside():
    rows = [row("p", "a", "0", manual="1.5", late_penalty="1", extra_credit="3"), row("p", "b", "9", late_penalty="1")]
    assert matrix_of(snapshot("p", rows)).points.tolist() == [[1.5, 2]]  # 9 of 2 points count as 2


def test_cells_without_points_are_no_items():
    found = snapshot("p", [row("p", "a", "2"), row("p", "b", "1")], maximum="0")
    assert matrix_of(found).items == ()
    empty = analyse(Matrix("ch01", tuple(map(str, range(40))), (), np.zeros((40, 0)), 0))
    assert (empty.is_withheld, empty.items, empty.alpha, empty.sem) == (False, (), None, None)


@pytest.mark.parametrize("n", [0, 1, 12, 29])
def test_below_30_learners_only_the_share_of_each_item_is_told(n):
    points = np.random.default_rng(0).integers(0, 2, (n, 4))
    found = analyse(matrix(points))
    assert found.is_withheld
    assert (found.mean, found.sd, found.alpha, found.sem) == (None, None, None, None)
    assert [item.full for item in found.items] == (points.sum(axis=0).tolist() if n else [])
    assert all(item.discrimination is None and item.flag is None for item in found.items)
    assert all(item.difficulty.high - item.difficulty.low > 0.1 for item in found.items)  # so few tell little


def test_chance_alone_gives_a_small_class_correlations():
    rng = np.random.default_rng(3)
    for n in (8, 12, 29):
        found = np.abs([np.corrcoef(rng.normal(size=(2, n)))[0, 1] for _ in range(4000)])
        assert (found < by_chance(n)).mean() == pytest.approx(0.95, abs=0.02)


def test_from_30_learners_on_there_are_statistics_but_no_flags_below_100():
    rng = np.random.default_rng(1)
    bad = (rng.normal(size=(99, 1)) + rng.normal(size=(99, 4)) / 2 > 0).astype(float)
    bad[:, 0] = bad[:, 1:].sum(axis=1) < 2  # answered against the others
    thirty, almost, hundred = (
        analyse(matrix(bad[:30])),
        analyse(matrix(bad)),
        analyse(matrix(np.vstack([bad, bad[:1]]))),
    )
    assert len(thirty.items) == 4
    assert thirty.alpha is not None
    assert thirty.flagged == almost.flagged == ()
    assert [item.cell.cell for item in hundred.flagged if item.flag == "negative" and item.is_clear] == ["cell-0"]


def test_too_easy_and_too_hard_are_told_with_how_sure_it_is():
    n, rng = 400, np.random.default_rng(5)
    ability = rng.normal(size=n)
    points = np.stack([ability + rng.normal(size=n) > cut for cut in (0, 0, 0, 0, 0)], axis=1).astype(float)
    points[:, 0] = np.arange(n) >= 1  # 399 of 400
    points[:, 1] = np.argsort(np.argsort(-ability)) < 384  # 96 %: too easy, but perhaps it is below 95 %
    points[:, 2] = np.argsort(np.argsort(-ability)) < 20  # the best 5 %
    flags = {item.cell.cell: (item.flag, item.is_clear) for item in analyse(matrix(points)).items}
    assert flags["cell-0"][0] in ("too-easy", "negative")  # one wrong answer says little about the sign
    assert flags["cell-1"] == ("too-easy", False)
    assert flags["cell-2"] == ("too-hard", True)
    assert flags["cell-3"] == (None, False)


def test_an_item_that_everybody_solves_has_a_difficulty_and_no_correlation():
    points = np.random.default_rng(2).integers(0, 2, (50, 3))
    points[:, 1] = 1
    item = analyse(matrix(points)).items[1]
    assert item.difficulty.value == item.difficulty.high == 1 > item.difficulty.low
    assert item.discrimination is None


def test_one_item_alone_has_no_reliability():
    found = analyse(matrix(np.random.default_rng(2).integers(0, 2, (50, 1))))
    assert (found.alpha, found.sem, found.items[0].discrimination) == (None, None, None)


def test_ties_are_no_trouble_and_the_order_of_learners_makes_no_difference():
    points = np.random.default_rng(4).integers(0, 2, (60, 6))
    one, other = analyse(matrix(points)), analyse(matrix(points[::-1]))
    assert one.alpha.value == pytest.approx(other.alpha.value)
    assert [item.discrimination.value for item in one.items] == pytest.approx(
        [item.discrimination.value for item in other.items]
    )


def test_the_error_of_the_overall_score_is_that_of_independent_parts():
    def part(sem: float | None) -> Analysis:
        return Analysis("ch", 40, 0, 20.0, sem=None if sem is None else Estimate(sem, 0, 9))

    assert overall_error([(1, part(3.0)), (2, part(2.0))]) == pytest.approx(5.0 / 60)
    assert overall_error([(1, part(3.0)), (0, part(None))]) == pytest.approx(3.0 / 20)  # without weight it adds nothing
    assert overall_error([(1, part(3.0)), (1, part(None))]) is None
    assert overall_error([]) is None
