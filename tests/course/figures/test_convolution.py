"""Figures of kernels and windows."""

import re

import numpy as np
import pytest
from scipy.signal import correlate2d

from course.figures.convolution import IMAGES, KERNELS, correlate, fig_kernel, fig_windows, kernel_control, parse_kernel
from course.interact import png


def title(axes):
    return axes.get_title(loc="left") + axes.get_title()


def test_kernels_are_read_row_by_row():
    assert parse_kernel("1 2; 3, 4;").tolist() == [[1, 2], [3, 4]]
    assert all(parse_kernel(text).shape == (3, 3) for text in KERNELS.values())


@pytest.mark.parametrize("text", ["", ";", "1 2; 3", "one two"])
def test_unreadable_kernels_are_refused(text):
    with pytest.raises(ValueError, match=r"rows of equal length|could not convert"):
        parse_kernel(text)


@pytest.mark.parametrize(("stride", "padding"), [(1, "valid"), (2, "valid"), (1, "same"), (3, "same")])
def test_maps_agree_with_scipy(stride, padding):
    rng = np.random.default_rng(0)
    picture, kernel = rng.normal(size=(11, 8)), rng.normal(size=(3, 3))
    if padding == "same":
        pairs = [
            ((total := max((-(-n // stride) - 1) * stride + 3 - n, 0)) // 2, total - total // 2) for n in picture.shape
        ]
        expected = correlate2d(np.pad(picture, pairs), kernel, mode="valid")[::stride, ::stride]
    else:
        expected = correlate2d(picture, kernel, mode="valid")[::stride, ::stride]
    np.testing.assert_allclose(correlate(picture, kernel, stride, padding), expected)


def test_an_edge_kernel_leaves_a_constant_picture_empty_and_blur_keeps_it():
    for name, level in (("vertical edge", 0.0), ("outline", 0.0), ("blur", 0.6), ("identity", 0.6)):
        data = fig_kernel(KERNELS[name], "constant").axes[2].images[0].get_array()
        np.testing.assert_allclose(data, level, atol=1e-12)


@pytest.mark.parametrize("image", IMAGES)
@pytest.mark.parametrize(("stride", "padding"), [(1, "valid"), (4, "same")])
def test_kernel_figures_state_the_sizes(image, stride, padding):
    figure = fig_kernel(KERNELS["sharpen"], image, stride, padding)
    rows = figure.axes[0].images[0].get_array().shape[0]
    expected = -(-rows // stride) if padding == "same" else (rows - 3) // stride + 1
    assert title(figure.axes[2]) == f"map {expected}×{expected}"
    assert f"= {expected}" in figure.axes[2].get_xlabel()
    assert png(figure, dpi=40)[:4] == b"\x89PNG"


def test_an_unreadable_kernel_shows_the_identity_and_says_so():
    figure = fig_kernel("nonsense")
    assert "unreadable" in title(figure.axes[1])


@pytest.mark.parametrize(
    ("n", "k", "stride", "padding", "outputs"),
    [
        (10, 3, 2, "same", 5),
        (10, 3, 2, "valid", 4),
        (4, 5, 1, "valid", 0),
        (4, 5, 1, "same", 4),
        (14, 1, 4, "same", 4),
        (14, 5, 1, "same", 14),
    ],
)
def test_windows_are_counted_and_stay_inside(n, k, stride, padding, outputs):
    figure = fig_windows(n, k, stride, padding)
    (axes,) = figure.axes
    assert sum(text.get_text().startswith("y[") for text in axes.texts) == outputs
    padded = sum(text.get_text() == "pad" for text in axes.texts)
    total = max((outputs - 1) * stride + k - n, 0) if padding == "same" else 0
    assert padded == total
    assert png(figure, dpi=40)[:4] == b"\x89PNG"


def test_one_unused_pixel_is_one_pixel():
    assert fig_windows(10, 3, 2, "valid").axes[0].get_xlabel() == "1 pixel (red number) lies in no window"
    assert "2 pixels (red numbers) lie" in fig_windows(11, 3, 3, "valid").axes[0].get_xlabel()


def test_before_the_answer_there_are_pixels_and_nothing_else():
    (axes,) = fig_windows(answered=False).axes
    assert [text.get_text() for text in axes.texts] == [str(pixel) for pixel in range(10)]
    assert title(axes) == axes.get_xlabel() == ""


def test_a_few_extreme_pixels_do_not_wash_out_the_map():
    image = fig_kernel(KERNELS["vertical edge"], "flower").axes[2].images[0]
    assert image.get_clim()[1] < 0.9 * np.abs(image.get_array()).max()


def test_a_chinese_notebook_has_chinese_figures(monkeypatch):
    monkeypatch.setattr("course.language._known", {"language": "zh"})
    words = [title(axes) + axes.get_xlabel() for axes in fig_kernel().axes] + [title(fig_windows().axes[0])]
    assert all(re.search(r"[\u4e00-\u9fff]", word) and not re.search(r"[a-z]{3}", word) for word in words)


def leaves(widget):
    """The widgets below a box that are no boxes themselves."""
    return [leaf for child in getattr(widget, "children", ()) for leaf in (leaves(child) or [child])]


def test_the_painter_turns_clicks_and_choices_into_text():
    widgets = pytest.importorskip("ipywidgets")
    control = kernel_control("0 0 0; 0 0 0; 0 0 2")
    box = control.make(widgets)
    squares = [child for child in leaves(box) if isinstance(child, widgets.Button)]
    assert [square.description for square in squares] == ["0"] * 8 + ["2"]
    squares[0].click()
    squares[8].click()
    assert parse_kernel(box.bar.value).tolist() == [[1, 0, 0], [0, 0, 0], [0, 0, -2]]
    presets = next(child for child in leaves(box) if isinstance(child, widgets.Dropdown))
    presets.value = KERNELS["outline"]
    assert box.bar.value == KERNELS["outline"]
    assert squares[4].description == "8"
    squares[4].click()  # beyond the painter's range: starts again at -2
    assert squares[4].description == "-2"
    box.bar.value = "unreadable"
    assert squares[4].description == "0"
