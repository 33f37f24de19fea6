"""The figure of chapter 5 that shows the gradients of each layer."""

import numpy as np
import pytest

from course.figures.gradient_flow import ACTIVATIONS, fig_gradient_flow, layer_gradients


def test_the_numbers_quoted_in_the_chapter():
    sigmoid = layer_gradients("sigmoid", 1.0, 12)
    assert sigmoid[0] < 1e-6 * sigmoid[-1]
    relu = layer_gradients("relu", 1.4, 12)
    assert 0.2 < relu[0] / relu[-1] < 5
    even, larger = layer_gradients("tanh", 0.5, 12), layer_gradients("tanh", 1.0, 12)
    assert 0.2 < even[0] / even[-1] < 5
    assert max(even) < 0.01 * min(larger)  # even, and tiny
    ten = layer_gradients("sigmoid", 1.0, 10)
    assert 1e-7 < ten[0] / ten[-1] < 1e-5


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_the_slopes_are_those_of_the_functions(name):
    f, slope = ACTIVATIONS[name]
    z = np.linspace(-2, 2, 8)
    assert np.allclose(slope(f(z)), (f(z + 1e-6) - f(z - 1e-6)) / 2e-6, atol=1e-6)


def test_a_bar_for_each_layer_and_before_the_guess_only_the_last():
    (axes,) = fig_gradient_flow("tanh", 1.0, 7).axes
    assert [bar.get_height() for bar in axes.patches] == pytest.approx(layer_gradients("tanh", 1.0, 7))
    assert len(fig_gradient_flow(answered=False).axes[0].patches) == 1
