"""Feature maps of a trained network."""

import numpy as np
import pytest

from course.figures.features import feature_maps, fig_feature_maps
from course.interact import png


@pytest.fixture
def maps():
    rng = np.random.default_rng(0)
    return [
        ("input", rng.random((2, 28, 28, 1)), None),
        ("convolution", rng.random((2, 26, 26, 12)), rng.normal(size=(3, 3, 1, 12))),
        ("pooling", rng.random((2, 5, 5, 3)), None),
        ("hidden", rng.normal(size=(2, 128)), None),
        ("probabilities", np.eye(10)[[4, 7]], None),
    ]


def pictures(figure):
    return [axes.images[0].get_array().shape for axes in figure.axes if axes.images]


@pytest.mark.parametrize(("layer", "count"), [(0, 1), (1, 1 + 8 + 8), (2, 1 + 3), (3, 1), (4, 1)])
def test_every_layer_draws_the_picture_its_strongest_maps_and_their_kernels(maps, layer, count):
    figure = fig_feature_maps(maps, image=1, layer=layer)
    assert len(pictures(figure)) == count
    assert png(figure, dpi=40)[:4] == b"\x89PNG"


def test_the_strongest_maps_come_first(maps):
    maps[1][1][0] *= 0.1
    maps[1][1][0, 3, 3, 7] = 5.0
    figure = fig_feature_maps(maps, 0, 1)
    assert figure.axes[1].get_title(loc="center") == "7"
    np.testing.assert_array_equal(figure.axes[1].images[0].get_array(), maps[1][1][0, ..., 7])


def test_maps_share_one_scale(maps):
    limits = {axes.images[0].get_clim() for axes in fig_feature_maps(maps, 0, 1).axes[1:9]}
    assert len(limits) == 1


def test_the_last_layer_names_the_likeliest_class_and_a_hidden_one_its_silent_neurons(maps):
    bars = fig_feature_maps(maps, 1, 4).axes[1]
    assert "most likely 7 (1.00)" in bars.get_title(loc="left") + bars.get_title()
    hidden = fig_feature_maps(maps, 1, 3).axes[1]
    assert f"{np.sum(maps[3][1][1] <= 0)} of them silent" in hidden.get_title(loc="left") + hidden.get_title()


@pytest.mark.parametrize("layer", [1, 4])
def test_before_the_answer_only_the_picture_is_shown(maps, layer):
    figure = fig_feature_maps(maps, 0, layer, answered=False)
    assert pictures(figure) == [(28, 28)]
    assert figure.get_suptitle() == ""


def test_silent_maps_do_not_divide_by_zero(maps):
    assert png(fig_feature_maps([maps[0], ("dead", np.zeros((2, 4, 4, 2)), None)], 0, 1), dpi=40)


def test_maps_are_the_layers_outputs():
    keras = pytest.importorskip("keras")
    layers = keras.layers
    model = keras.Sequential(
        [keras.Input((28, 28, 1)), layers.Conv2D(2, 3), layers.MaxPooling2D(2), layers.Flatten(), layers.Dense(10)]
    )
    x = np.random.default_rng(0).random((3, 28, 28, 1), dtype=np.float32)
    maps = feature_maps(model, x)
    assert [values.shape for _, values, _ in maps] == [(3, 28, 28, 1), (3, 26, 26, 2), (3, 13, 13, 2), (3, 10)]
    assert [kernel is not None for _, _, kernel in maps] == [False, True, False, False]
    np.testing.assert_allclose(maps[-1][1], keras.ops.convert_to_numpy(model(x)), atol=1e-6)
