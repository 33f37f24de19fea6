"""The grid of twenty-five predictions."""

import numpy as np
import pytest

from course.figures.gallery import fig_gallery
from course.interact import png


@pytest.fixture
def predictions():
    rng = np.random.default_rng(0)
    labels = np.arange(60) % 10
    predicted = labels.copy()
    predicted[::6] = (predicted[::6] + 1) % 10  # ten errors
    second = (labels + 2) % 10
    second[:30] = labels[:30]  # the truth comes second in the first five errors
    return rng.random((60, 28, 28, 1)), labels, predicted, second


def shown(figure):
    return [axes.get_title() for axes in figure.axes if axes.images]


@pytest.mark.parametrize(
    ("show", "page", "count"), [("all", 0, 25), ("all", 2, 10), ("all", 99, 10), ("right", 1, 25), ("wrong", 0, 10)]
)
def test_filter_and_page_choose_the_pictures(predictions, show, page, count):
    figure = fig_gallery(*predictions, show=show, page=page)
    captions = shown(figure)
    assert len(captions) == count
    if show != "all":
        assert all(("; is " in caption) == (show == "wrong") for caption in captions)
    assert "50 of 60 right (83.3%)" in figure.get_suptitle()
    assert png(figure, dpi=30)[:4] == b"\x89PNG"


def test_an_error_names_the_truth(predictions):
    figure = fig_gallery(*predictions, show="wrong")
    assert shown(figure)[0] == "1, then 0; is 0"
    assert shown(figure)[5] == "1, then 2; is 0"
    assert "In 5 of 10 errors the second choice is right" in figure.get_suptitle()


def test_no_errors_leave_the_grid_empty(predictions):
    images, labels, _, second = predictions
    assert shown(fig_gallery(images[..., 0], labels, labels, second, show="wrong")) == []


def test_other_words_are_refused(predictions):
    with pytest.raises(ValueError, match=r"show"):
        fig_gallery(*predictions, show="some")
