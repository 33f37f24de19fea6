"""The landscape of chapter 3 with two valleys and a saddle."""

import numpy as np
import pytest

from course.figures.playground import VALLEYS, fig_playground, height, slope, walk


def title(axis):
    return axis.get_title() + axis.get_title(loc="left")


def test_the_slope_is_the_gradient_of_the_height():
    for point in np.random.default_rng(0).normal(size=(5, 2)):
        measured = [(height(*(point + e)) - height(*(point - e))) / 2e-6 for e in 1e-6 * np.eye(2)]
        assert np.allclose(slope(point), measured, atol=1e-8)


def test_there_are_two_valleys_of_unequal_depth_and_a_saddle_between_them():
    for x in (*VALLEYS, 0.0):
        assert np.allclose(slope(np.array([x, 0.0])), 0)
    deep, shallow, saddle = height(VALLEYS[0], 0), height(VALLEYS[1], 0), height(0.0, 0)
    assert deep < shallow - 0.4 < saddle
    assert height(0.1, 0) < saddle < height(0.0, 0.1)


@pytest.mark.parametrize(
    ("x", "place"), [(0.0, "on the saddle"), (0.1, "in the shallow valley"), (-0.1, "in the deep valley")]
)
def test_the_start_decides_where_descent_ends(x, place):
    assert place in title(fig_playground(x, 1.5, 0.3, 60).axes[0])


def test_a_large_rate_jumps_over_the_ridge_or_leaves_the_picture():
    assert walk((0.4, 0.0), 0.3, 60)[-1, 0] > 0
    assert any(walk((x / 10, 0.0), 1.2, 60)[-1, 0] * x < 0 for x in range(1, 18))
    path = walk((-2.0, 1.5), 1.2, 60)
    assert np.isfinite(path).all()
    assert len(fig_playground(-2.0, 1.5, 1.2, 60).axes) == 2
