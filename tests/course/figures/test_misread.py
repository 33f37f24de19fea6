"""The figure of chapter 5 with a network's errors."""

import numpy as np

from course.figures.misread import SHOWN, fig_misread


def test_the_most_confident_errors_come_first():
    labels = np.arange(30) % 10
    scores = np.full((30, 10), 0.0)
    scores[np.arange(30), labels] = 5.0
    for row, size in ((3, 7.0), (11, 9.0), (20, 6.0)):  # three errors, row 11 the surest
        scores[row, (labels[row] + 1) % 10] = size
    figure = fig_misread(np.zeros((30, 64)), labels, scores)
    titles = [axes.get_title() for axes in figure.axes]
    assert [title.split()[1] for title in titles if title] == ["2", "4", "1"]
    assert "27 of 30" in figure.get_suptitle()
    assert "the most confident" in figure.get_suptitle()
    turned = fig_misread(np.zeros((30, 64)), labels, scores, confident=False)
    assert [axes.get_title().split()[1] for axes in turned.axes if axes.get_title()] == ["1", "4", "2"]
    assert "the least confident" in turned.get_suptitle()


def test_more_errors_than_places_are_left_out():
    scores = np.eye(10)[np.ones(40, dtype=int)]
    figure = fig_misread(np.zeros((40, 64)), np.zeros(40, dtype=int), scores)
    assert sum(bool(axes.get_title()) for axes in figure.axes) == SHOWN


def test_without_errors_the_sheet_is_empty():
    figure = fig_misread(np.zeros((3, 64)), np.array([0, 1, 2]), np.eye(10)[:3])
    assert "3 of 3" in figure.get_suptitle()
    assert not any(axes.get_title() for axes in figure.axes)
