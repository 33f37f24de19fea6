"""Do the statistics agree with textbooks, written another way, and do the intervals hold the truth?"""

import math
import statistics

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from autograde.report.intervals import alpha, correlation, difficulty, measurement_error


def cohort(n: int, rng: np.random.Generator, *, ease: float = 0.0, k: int = 12) -> np.ndarray:
    """Right-or-wrong answers of a Rasch-like cohort: cells of 1 and 2 points; the higher `ease`, the more right."""
    ability = rng.normal(size=(n, 1))
    chance = 1 / (1 + np.exp(-1.2 * (ability - np.linspace(-1.5, 1.5, k) + ease)))
    return (rng.random((n, k)) < chance) * np.where(np.arange(k) % 2, 1.0, 2.0)


@pytest.fixture
def points() -> np.ndarray:
    return cohort(80, np.random.default_rng(7))


@pytest.mark.parametrize(("right", "n"), [(0, 30), (1, 30), (17, 41), (99, 100), (100, 100)])
def test_the_difficulty_of_right_or_wrong_cells_is_wilsons(right, n):
    found = difficulty(np.repeat([1.0, 0.0], [right, n - right]))
    oracle = stats.binomtest(right, n).proportion_ci(method="wilson")
    assert found.value == pytest.approx(right / n)
    assert (found.low, found.high) == pytest.approx((oracle.low, oracle.high), abs=1e-12)
    assert found.low < found.high


def test_the_correlation_is_pearsons_and_its_interval_at_least_fishers(points):
    item, rest = points[:, 2], points.sum(axis=1) - points[:, 2]
    found = correlation(item, rest)
    assert found.value == pytest.approx(statistics.correlation(item.tolist(), rest.tolist()), abs=1e-12)
    oracle = stats.pearsonr(item, rest).confidence_interval(0.95)
    assert found.low <= oracle.low + 1e-9
    assert found.high >= oracle.high - 1e-9


def test_the_jackknife_is_what_leaving_out_one_learner_after_the_other_gives():
    points = cohort(60, np.random.default_rng(3), ease=1.0)
    item, rest = points[:, 5], points.sum(axis=1) - points[:, 5]
    keep = ~np.eye(60, dtype=bool)
    one_out = np.array([np.corrcoef(item[k], rest[k])[0, 1] for k in keep])
    error = math.sqrt(59 * np.var(np.arctanh(one_out)))
    half = max(stats.t.ppf(0.975, 59) * error, stats.norm.ppf(0.975) / math.sqrt(57))
    found = correlation(item, rest)
    assert math.atanh(found.high) - math.atanh(found.value) == pytest.approx(half)

    def oracle(x: np.ndarray) -> float:
        covariance = np.cov(x, rowvar=False)
        k = len(covariance)
        return k / (k - 1) * (1 - np.trace(covariance) / covariance.sum())

    logs = np.log([1 - oracle(points[k]) for k in keep])
    half = stats.t.ppf(0.975, 59) * math.sqrt(59 * np.var(logs))
    reliability = alpha(points)
    assert reliability.value == pytest.approx(oracle(points))
    feldt = 1 - (1 - reliability.value) * stats.f.ppf(0.975, 59, 59 * 11)
    widened = 1 - (1 - reliability.value) * math.exp(half)
    assert reliability.low == pytest.approx(min(feldt, widened))


def test_alpha_and_the_standard_error_are_those_of_the_analysis_of_variance(points):
    """Hoyt (1941): alpha = 1 - MS(residual) / MS(learners); the error variance of a total is k · MS(residual)."""
    n, k = points.shape
    grand = points.mean()
    between = k * sum((row.mean() - grand) ** 2 for row in points)
    columns = n * sum((column.mean() - grand) ** 2 for column in points.T)
    residual = ((points - grand) ** 2).sum() - between - columns
    mean_squares = between / (n - 1), residual / ((n - 1) * (k - 1))
    assert alpha(points).value == pytest.approx(1 - mean_squares[1] / mean_squares[0])
    error = measurement_error(points)
    assert error.value == pytest.approx(math.sqrt(k * mean_squares[1]))
    totals = [math.fsum(row) for row in points.tolist()]
    assert error.value == pytest.approx(statistics.stdev(totals) * math.sqrt(1 - alpha(points).value))
    assert error.low < error.value < error.high


def test_what_is_not_defined_is_none(points):
    same = np.full(40, 2.0)
    assert correlation(same, points[:40].sum(axis=1)) is None
    assert correlation(points[:40, 0], same) is None
    assert correlation(points[:3, 0], points[:3, 1]) is None
    assert alpha(points[:, :1]) is None
    assert alpha(np.ones((40, 5))) is None
    assert alpha(points[:3]) is None
    assert measurement_error(points[:, :1]) is None
    assert measurement_error(np.ones((40, 5))).value == 0


def test_two_copies_of_one_cell_are_perfectly_reliable():
    item = np.tile([0.0, 1.0, 2.0], 20)
    assert correlation(item, item).low == 1
    assert correlation(item, -item).high == -1
    reliability, error = alpha(np.stack([item, item], axis=1)), measurement_error(np.stack([item, item], axis=1))
    assert (reliability.low, reliability.high) == pytest.approx((1, 1))
    assert error.value == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize(("n", "ease"), [(30, 0.0), (30, 2.0), (100, 0.0), (100, 2.0)])
def test_the_intervals_hold_the_truth_in_about_95_of_100_cohorts(n, ease):
    """Fixed seeds, 200 cohorts each; Fisher's interval alone falls to 0.73 with easy cells, a χ² one of the SEM to 0.71."""
    rng = np.random.default_rng(11)
    population = cohort(200_000, rng, ease=ease)
    easiest = population[:, 1], population.sum(axis=1) - population[:, 1]
    truth = {
        "alpha": alpha(population).value,
        "sem": measurement_error(population).value,
        "r": correlation(*easiest).value,
        "p": difficulty(population[:, 1]).value,
    }
    held = dict.fromkeys(truth, 0)
    defined = dict.fromkeys(truth, 0)
    for _ in range(200):
        x = cohort(n, rng, ease=ease)
        found = {
            "alpha": alpha(x),
            "sem": measurement_error(x),
            "r": correlation(x[:, 1], x.sum(axis=1) - x[:, 1]),
            "p": difficulty(x[:, 1]),
        }
        for name, estimate in found.items():
            if estimate:
                defined[name] += 1
                held[name] += estimate.low <= truth[name] <= estimate.high
    assert {name: held[name] / defined[name] > 0.88 for name in truth} == dict.fromkeys(truth, True)
    assert defined["alpha"] == defined["sem"] == 200


@given(arrays(float, (32, 5), elements=st.sampled_from([0.0, 0.5, 1.0, 1e-8, 2.0])))
def test_any_scores_give_ordered_finite_intervals(points):
    found = [alpha(points), measurement_error(points), correlation(points[:, 0], points[:, 1:].sum(axis=1))]
    found.append(difficulty(points[:, 0] / 2))
    for estimate in found:
        if estimate:
            assert all(map(math.isfinite, (estimate.low, estimate.value, estimate.high)))
            assert estimate.low - 1e-9 <= estimate.value <= estimate.high + 1e-9
