"""Where a network keeps its parameters and does its work."""

import numpy as np
import pytest

from course.figures.layer_costs import fig_layer_costs, layer_costs
from course.interact import png


@pytest.mark.parametrize(("program", "parameters"), [("A", 225_034), ("B", 93_322)])
def test_parameters_are_those_of_the_articles(program, parameters):
    layers = layer_costs(program)
    assert sum(layer.parameters for layer in layers) == parameters
    assert png(fig_layer_costs(program), dpi=40)[:4] == b"\x89PNG"


def test_article_a_needs_two_million_products_and_never_sees_the_last_two_columns():
    assert [layer.products for layer in layer_costs("A")] == [
        26 * 26 * 32 * 9,
        0,
        11 * 11 * 64 * 288,
        0,
        1600 * 128,
        1280,
    ]
    assert [layer.field for layer in layer_costs("A")] == [3, 4, 8, 10, 26, 26]


def test_the_receptive_field_is_what_can_change_an_output():
    x = np.zeros((28, 28))
    seen = set()
    for column in range(28):  # an output of the second pooling layer, by hand: 3x3, pool, 3x3, pool along one axis
        line = x[0].copy()
        line[column] = 1
        first = np.array([line[at : at + 3].sum() for at in range(26)]).reshape(13, 2).max(axis=1)
        second = np.array([first[at : at + 3].sum() for at in range(11)])[:10].reshape(5, 2).max(axis=1)
        seen |= {(output, column) for output in range(5) if second[output]}
    assert max(column for output, column in seen if output == 0) == layer_costs("A")[3].field - 1
    assert max(column for _, column in seen) == layer_costs("A")[4].field - 1


def test_before_the_answer_only_the_layers_are_named():
    (axes,) = fig_layer_costs(answered=False).axes
    assert not axes.patches
    assert not axes.texts
    assert axes.get_legend() is None
