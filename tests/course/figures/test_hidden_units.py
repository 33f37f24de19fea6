"""The figure of chapter 5 in which hidden units learn."""

import numpy as np

from course.figures.hidden_units import EPOCHS, fig_hidden_units, history


def test_the_shares_quoted_in_the_chapter():
    both, alone = history(True)[0], history(False)[0]
    assert 0.93 < both[-1] < 0.97
    assert 0.70 < alone[-1] < 0.74
    assert both[0] == alone[0] < 0.2


def test_the_output_layer_alone_leaves_the_hidden_weights_as_they_were():
    weights = history(False)[1]
    assert np.array_equal(weights[0], weights[-1])
    assert not np.array_equal(*(history(True)[1][epoch] for epoch in (0, -1)))


def test_the_curve_of_both_layers_reaches_as_far_as_the_epoch():
    left, sheet = fig_hidden_units(4).axes
    assert [len(line.get_xdata()) for line in left.lines] == [EPOCHS + 1, 5, 1]
    assert sheet.images[0].get_array().shape == (35, 35)


def test_unanswered_shows_only_the_output_layer():
    left, _ = fig_hidden_units(EPOCHS, answered=False).axes
    assert len(left.lines) == 1
