"""Moved pictures."""

import numpy as np

from course.figures.shifts import accuracy_when_moved, fig_shifts, moved
from course.interact import png


def test_pictures_move_to_the_right_and_black_comes_in():
    x = np.arange(24.0).reshape(2, 3, 4, 1) + 1
    shifted = moved(x, 1)
    assert shifted.shape == x.shape
    np.testing.assert_array_equal(shifted[:, :, 1:], x[:, :, :-1])
    assert not shifted[:, :, 0].any()
    np.testing.assert_array_equal(moved(x, 0), x)


def test_accuracy_is_that_on_the_moved_pictures():
    x, y = np.zeros((4, 28, 28, 1)), np.arange(4)
    x[np.arange(4), 5, np.arange(4)] = 1  # the class is the lit column

    def column(batch):
        return batch[:, 5, :10, 0]

    assert accuracy_when_moved(column, x, y, 0) == 1
    assert accuracy_when_moved(column, x, y, 1) == 0


def test_before_the_answer_only_unmoved_accuracies_are_drawn():
    numbers = ((0.95, 0.9, 0.7), (0.96, 0.93, 0.8))
    whole, start = (fig_shifts(np.ones((28, 28, 1)), *numbers, 2, answered) for answered in (True, False))
    assert "2 px: dense 0.700, convolutional 0.800" in whole.axes[1].get_title(loc="left")
    assert start.axes[1].get_title(loc="left") == ""
    assert {len(line.get_xdata()) for line in start.axes[1].get_lines()} == {1}
    np.testing.assert_array_equal(start.axes[0].images[0].get_array(), 1)
    assert png(whole, dpi=40)[:4] == b"\x89PNG"
