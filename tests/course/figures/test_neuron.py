"""The neuron explorer of chapter 1."""

import numpy as np
import pytest

from course.figures.neuron import ACTIVATIONS, cloud, fig_neuron


def decision_line(figure):
    return next(line for line in figure.axes[0].lines if len(line.get_xdata()) == 2)


@pytest.mark.parametrize(("w1", "w2", "b"), [(1, 0.8, 0), (-3, 3, 4), (3, 0, -4), (0, 0.1, 2)])
def test_the_sum_is_zero_all_along_the_line(w1, w2, b):
    x, y = decision_line(fig_neuron(w1, w2, b)).get_data()
    assert np.allclose(w1 * np.asarray(x) + w2 * np.asarray(y) + b, 0)


def test_raising_the_bias_moves_the_line_against_w():
    w = np.array([1.0, 0.8])

    def along_w(b):
        return np.array(decision_line(fig_neuron(*w, b)).get_data()).mean(axis=1) @ w / np.linalg.norm(w)

    assert along_w(-1) > along_w(0) > along_w(2)


def test_without_weights_there_is_no_line():
    figure = fig_neuron(0, 0, 1)
    assert not [line for line in figure.axes[0].lines if len(line.get_xdata()) == 2]
    assert "no line" in figure.axes[0].get_title(loc="left")


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("size", [-4, 4])
def test_the_points_lie_on_the_curve_of_their_activation(activation, size):
    figure = fig_neuron(size, -size, size, activation)
    curve = figure.axes[1]
    assert {"none": "no activation"}.get(activation, activation) in curve.get_title(loc="left")
    dots = np.vstack([dots.get_offsets() for dots in curve.collections])
    assert len(dots) == len(cloud()[0])
    assert np.allclose(dots[:, 1], ACTIVATIONS[activation](dots[:, 0]))


def test_the_sigmoid_does_not_overflow():
    assert np.array_equal(ACTIVATIONS["sigmoid"](np.array([-1e4, 0.0, 1e4])), [0.0, 0.5, 1.0])


@pytest.mark.parametrize(("activation", "centre"), [("none", 0.0), ("relu", 0.0), ("sigmoid", 0.5)])
def test_the_colours_change_where_the_neuron_is_undecided(activation, centre):
    shade = fig_neuron(1.0, 0.8, 0.5, activation).axes[0].collections[0]
    low, high = shade.get_clim()
    assert (low + high) / 2 == pytest.approx(centre)


def test_before_the_guess_only_the_points_and_the_line_are_shown():
    figure = fig_neuron(b=2.0, answered=False)
    plane, curve = figure.axes
    assert plane.get_title(loc="left") == curve.get_title(loc="left") == ""
    assert not curve.axison
    assert not curve.lines
