"""Wilson's interval."""

import math

import pytest

from course.statistics import wilson_interval


def test_the_articles_accuracies_get_the_intervals_of_the_errata():
    assert wilson_interval(9900, 10_000) == pytest.approx((0.98785, 0.99177), abs=5e-6)
    assert wilson_interval(9880, 10_000) == pytest.approx((0.98567, 0.98995), abs=5e-6)


@pytest.mark.parametrize(("hits", "n"), [(0, 1), (1, 1), (0, 25), (13, 40), (999, 1000)])
def test_the_bounds_solve_the_defining_equation(hits, n):
    z = 1.959963984540054
    for bound in wilson_interval(hits, n):
        assert (hits / n - bound) ** 2 == pytest.approx(z * z * bound * (1 - bound) / n, abs=1e-12)


def test_a_higher_confidence_is_wider_and_stays_in_the_unit_interval():
    narrow, wide = wilson_interval(20, 20, 0.9), wilson_interval(20, 20, 0.99)
    assert wide[0] < narrow[0] < narrow[1] <= wide[1] <= 1
    assert math.isclose(wide[1], 1)


@pytest.mark.parametrize("arguments", [(1, 0), (-1, 5), (6, 5), (1, 2, 0.0), (1, 2, 1.0)])
def test_impossible_counts_are_refused(arguments):
    with pytest.raises(ValueError, match=r"need|confidence"):
        wilson_interval(*arguments)
