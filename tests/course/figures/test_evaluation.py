"""The figures of chapter 8, and each number that the chapter quotes from them."""

import numpy as np
import pytest

from course.figures.case_sheet import fig_case, pixel_areas
from course.figures.confusion import fig_confusion, table
from course.figures.intervals import fig_intervals, p_value
from course.figures.learning_curves import curves, fig_learning_curves
from course.figures.own_errors import SHOWN, fig_own_errors
from course.figures.tail_split import fig_tail_split, split
from course.figures.threshold import THRESHOLDS, cost, fig_threshold, outcomes


def test_the_tail_of_a_sorted_file_holds_one_class():
    training, validation, on_training, on_validation = split(True, "tail")
    assert np.flatnonzero(validation).tolist() == [9]
    assert training[9] == 1
    assert round(on_training, 2) == 0.93
    assert on_validation < 0.1


@pytest.mark.parametrize("is_sorted", [True, False])
def test_a_stratified_split_has_a_tenth_of_each_class(is_sorted):
    training, validation, _, on_validation = split(is_sorted, "stratified")
    assert np.abs(validation - (training + validation) / 10).max() <= 0.5
    assert on_validation > 0.8


def test_unanswered_the_validation_rows_are_hidden():
    left, right = fig_tail_split(answered=False).axes
    assert len(left.patches) == 10
    assert not right.patches


def test_the_costs_quoted_in_the_chapter():
    costs = [cost(t, 10) for t in THRESHOLDS]
    assert (THRESHOLDS[int(np.argmin(costs))], min(costs), cost(0.5, 10)) == (0.05, 42, 94)
    assert sum(outcomes(0.5)) == 228
    tp, fp, fn, _ = outcomes(0.5)
    assert f"F1 {2 * tp / (2 * tp + fp + fn):.2f}" in fig_threshold().axes[0].get_title("left")
    assert len(fig_threshold(answered=False).axes[1].lines) == 1


def test_the_errors_quoted_in_the_chapter():
    counts = table()
    assert counts.sum() == 1397
    assert round(counts.trace() / counts.sum(), 2) == 0.91
    errors = counts - np.diag(np.diag(counts))
    assert np.unravel_index(errors.argmax(), errors.shape) == (1, 2)
    assert (errors[1, 2], errors[4, 9], errors[3, 8]) == (15, 0, 3)
    assert "15 times" in fig_confusion(1, 2).axes[1].get_title("left")


def test_the_p_values_quoted_in_the_chapter():
    assert round(p_value(0.99, 0.988, 10_000), 3) == 0.175
    assert round(p_value(0.9906, 0.9871, 10_000), 3) == 0.018
    assert p_value(0.99, 0.988, 21_000) < 0.05 < p_value(0.99, 0.988, 20_500)
    assert round(p_value(0.99, 0.988, 5000), 2) == 0.34
    assert "0.175" in fig_intervals().axes[1].get_title("left")


def test_the_curves_show_what_the_chapter_says():
    seen = curves()
    assert seen["A"][-1].max() < 0.3
    assert seen["B"][-1, 0] > 2
    training, validation = seen["C"].T
    best = int(validation.argmin())
    assert best in range(10, 14)
    assert (round(validation[best], 2), round(validation[-1], 2)) == (1.54, 2.22)
    assert validation[best + 2 :].min() > validation[best] + 0.1
    assert training[-1] < training[best] / 2
    assert np.ptp(seen["D"]) < 0.02
    assert seen["F"][:, 1].min() > np.log(10)
    few, all_ = (sum(len(axes.lines) for axes in fig_learning_curves(a).axes) for a in (False, True))
    assert all_ == few + 6


def test_only_the_leaking_pixel_is_perfect():
    areas = pixel_areas()
    assert areas.argmax() == 32
    assert areas[32] == 1
    assert np.delete(areas, 32).max() < 0.98


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_the_instrument_stays_off_until_the_guess(number):
    shown, hidden = (fig_case(number, answered=answered).axes[1] for answered in (True, False))
    assert shown.get_title("left")
    assert not hidden.get_title("left")
    assert len(hidden.patches) + len(hidden.images) == 0


def test_own_errors_are_drawn_up_to_ten():
    figure = fig_own_errors(np.zeros((40, 64)), np.zeros(40, dtype=int), np.ones(40, dtype=int))
    assert sum(bool(axes.get_title()) for axes in figure.axes) == SHOWN
    figure = fig_own_errors(np.zeros((3, 64)), np.zeros(3, dtype=int), np.array([0, 4, 0]))
    assert [axes.get_title() for axes in figure.axes if axes.get_title()] == ["read 4, is 0"]
