"""Feature maps of a trained network."""

import numpy as np
import pytest

from course.figures.features import feature_maps, fig_feature_maps, train_tiny
from course.interact import png


@pytest.fixture
def maps():
    rng = np.random.default_rng(0)
    return [
        ("input", rng.random((2, 28, 28, 1))),
        ("convolution_1", rng.random((2, 26, 26, 8))),
        ("odd", rng.random((2, 5, 5, 3))),
        ("probabilities", np.eye(10)[[4, 7]]),
    ]


@pytest.mark.parametrize(("layer", "pictures"), [(0, 1), (1, 9), (2, 4), (3, 1)])
def test_every_layer_draws_the_picture_and_its_maps(maps, layer, pictures):
    figure = fig_feature_maps(maps, image=1, layer=layer)
    assert sum(len(axes.images) for axes in figure.axes) == pictures
    assert png(figure, dpi=40)[:4] == b"\x89PNG"


def test_maps_share_one_scale(maps):
    limits = {
        axes.images[0].get_clim()
        for axes in fig_feature_maps(maps, 0, 1).axes[1:]
        if axes.images and axes.images[0].get_array().shape == (26, 26)
    }
    assert len(limits) == 1


def test_a_dense_layer_names_the_likeliest_class(maps):
    bars = fig_feature_maps(maps, 1, 3).axes[1]
    assert "most likely 7 (1.00)" in bars.get_title(loc="left") + bars.get_title()


def test_silent_maps_do_not_divide_by_zero(maps):
    assert png(fig_feature_maps([maps[0], ("dead", np.zeros((2, 4, 4, 2)))], 0, 1), dpi=40)


def test_the_tiny_network_learns_and_gives_its_maps():
    keras = pytest.importorskip("keras")
    from course.data import digits28, held_out

    images, labels = digits28()
    x, kept = images.astype("float32")[..., None] / 255, held_out()
    model = train_tiny(x[~kept], labels[~kept], seed=0)
    predicted = keras.ops.convert_to_numpy(model(x[kept])).argmax(axis=1)
    assert np.mean(predicted == labels[kept]) > 0.85  # three seeds gave 0.955 to 0.959
    maps = feature_maps(model, x[:3])
    assert [values.shape for _, values in maps] == [
        (3, 28, 28, 1),
        (3, 26, 26, 8),
        (3, 13, 13, 8),
        (3, 11, 11, 8),
        (3, 5, 5, 8),
        (3, 10),
    ]
    np.testing.assert_allclose(maps[-1][1], keras.ops.convert_to_numpy(model(x[:3])), atol=1e-6)
