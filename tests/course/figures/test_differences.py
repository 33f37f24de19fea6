"""The figure of chapter 3 about the step of a numerical derivative."""

import numpy as np
import pytest

from course.figures.differences import difference_error, fig_difference_error


def test_orders_of_the_two_schemes():
    steps = np.array([1e-2, 1e-3])
    forward, central = (difference_error(scheme, steps) for scheme in ("forward", "central"))
    assert 8 < forward[0] / forward[1] < 12
    assert 90 < central[0] / central[1] < 110


def test_the_prediction_of_the_chapter():
    near, tiny = difference_error("central", np.array([1e-6, 1e-12]))
    assert f"{near:.0e}" == "1e-10"
    assert f"{tiny:.0e}" == "6e-05"


@pytest.mark.parametrize("log_h", [-14.0, -6.0, -0.5])
def test_the_marked_step_is_in_the_title(log_h):
    (axis,) = fig_difference_error(log_h).axes
    assert f"h = {10**log_h:.0e}" in axis.get_title() + axis.get_title(loc="left")
    marks = [line for line in axis.lines if line.get_marker() == "o"]
    assert [np.isclose(mark.get_xdata()[0], 10**log_h) for mark in marks] == [True, True]
    assert all(np.isfinite(line.get_ydata()).all() for line in axis.lines)
