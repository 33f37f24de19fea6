"""The figure of max-pooling's gradient."""

import pytest

from course.figures.pooling import fig_pool_gradient
from course.interact import png


@pytest.mark.parametrize("size", [4, 5, 7])
@pytest.mark.parametrize("k", [2, 3])
@pytest.mark.parametrize("ties", [False, True])
def test_one_winner_per_window_receives_everything(size, k, ties):
    figure = fig_pool_gradient(size, k, ties)
    windows = (size // k) ** 2
    label = figure.axes[2].get_xlabel()
    assert label.startswith(f"{windows} of {size * size} pixels")
    assert f"sum {windows * (windows + 1) // 2} = sum of d" in label
    assert png(figure, dpi=40)[:4] == b"\x89PNG"


def test_giving_all_tied_pixels_the_gradient_counts_it_more_than_once():
    label = fig_pool_gradient(7, 2, True, every=True).axes[2].get_xlabel()
    assert "sum 110, but d sums to 45: counted more than once" in label


def test_before_the_answer_only_the_map_is_drawn():
    left, middle, right = fig_pool_gradient(answered=False).axes
    assert len(left.texts) == 36
    assert not middle.texts
    assert not right.texts
    assert left.get_xlabel() == ""


def test_the_border_is_named_when_it_is_cut_off():
    assert "last row and column are cut off" in fig_pool_gradient(7, 2).axes[0].get_xlabel()
    assert "last 2 rows and columns" in fig_pool_gradient(5, 3).axes[0].get_xlabel()
    assert "cut off" not in fig_pool_gradient(6, 3).axes[0].get_xlabel()
