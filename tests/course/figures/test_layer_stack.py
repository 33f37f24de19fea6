"""The layer-stack builder and the memory bars of chapter 1."""

import pytest

from course.figures.layer_stack import ITEM_SIZE, build_stack, fig_layer_stack, fig_memory


def total(*setting):
    return sum(layer.params for layer in build_stack(*setting))


def texts(ax):
    return [text.get_text() for text in ax.texts]


def test_the_articles_networks_have_their_numbers_of_parameters():
    assert total(32, 64, False, True, 128) == 225_034
    assert total(32, 64, True, True, 64) == 93_322


def test_the_prediction_of_the_chapter_holds_a_third_convolution_saves_parameters():
    with_third, without = build_stack(32, 64, True, True, 128), build_stack(32, 64, False, True, 128)
    assert next(layer for layer in with_third if layer.shape == (3, 3, 64)).params == 36_928
    assert sum(layer.params for layer in with_third) == sum(layer.params for layer in without) + 36_928 - 131_072


@pytest.mark.parametrize(("filters", "dense"), [(8, 16), (256, 4096)])
@pytest.mark.parametrize("third", [False, True])
@pytest.mark.parametrize("pool", [False, True])
def test_every_setting_agrees_with_shapes_followed_by_hand(filters, dense, third, pool):
    layers = build_stack(filters, 2 * filters, third, pool, dense)
    assert [layer.shape[0] for layer in layers[:4]] == [28, 26, 13, 11]
    side = (5 if pool else 11) - (2 if third else 0)
    assert (side * side * 2 * filters,) in [layer.shape for layer in layers]
    assert layers[-1].shape == (10,)


def test_the_figure_shows_total_bars_and_distance():
    figure = fig_layer_stack()
    bars, scale = figure.axes
    assert "225,034 parameters take 3.6 MB" in bars.get_title(loc="left")
    assert [round(patch.get_width()) for patch in bars.patches] == [0, 320, 0, 18_496, 0, 0, 204_928, 1_290]
    assert "a factor of 4,444" in texts(scale)


def test_the_largest_setting_stays_inside_the_figure():
    bars, _ = fig_layer_stack(256, 512, True, False, 4096, "adam").axes
    assert max(patch.get_width() for patch in bars.patches) * 100 < bars.get_xlim()[1]


@pytest.mark.parametrize(("optimizer", "expected"), [("none", 28), ("sgd", 56), ("momentum", 84), ("adam", 112)])
def test_memory_grows_by_one_copy_per_slot(optimizer, expected):
    ax = fig_memory(7.0, "float32", optimizer).axes[0]
    assert f": {expected} GB" in ax.get_title(loc="left")
    assert sum(patch.get_width() for patch in ax.patches) == pytest.approx(expected)


@pytest.mark.parametrize("dtype", ITEM_SIZE)
@pytest.mark.parametrize("billions", [0.5, 175.0])
def test_memory_at_its_extremes_says_whether_it_fits(dtype, billions):
    ax = fig_memory(billions, dtype, "adam").axes[0]
    need = billions * ITEM_SIZE[dtype] * 4
    assert ("does not fit" in ax.get_title(loc="left")) == (need > 80)
    assert ax.get_xlim()[1] > need
