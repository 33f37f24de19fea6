"""The timeline of chapter 1."""

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from course.figures.history import LARGE, MILESTONES, fig_timeline


def names(figure):
    return {text.get_text() for text in figure.axes[0].texts}


def points(figure):
    return {
        (line.get_xdata()[0], line.get_ydata()[0]) for line in figure.axes[0].lines if line.get_marker() in ("o", "D")
    }


def test_what_the_articles_name_carries_its_year():
    years = {item.name: item.year for item in MILESTONES if item.core}
    assert years == {
        "Hopfield": 1982,
        "back-propagation": 1986,
        "AlexNet": 2012,
        "GAN": 2014,
        "GoogLeNet": 2014,
        "ResNet-152": 2015,
        "Transformer": 2017,
        "BERT": 2018,
        "GPT": 2018,
        "ViT": 2020,
    }


def test_data_and_machines_stand_between_the_ideas_and_alexnet():
    years = {item.name: item.year for item in MILESTONES}
    assert (years["MapReduce"], years["CUDA"], years["ImageNet"]) == (2004, 2007, 2009)


def test_nothing_is_shown_before_its_year():
    assert "AlexNet" not in names(fig_timeline(2011))
    assert "AlexNet" in names(fig_timeline(2012))


def test_at_the_first_year_the_picture_is_empty_and_says_so():
    assert points(fig_timeline(1980)) == set()
    assert "Up to 1980" in fig_timeline(1980).axes[0].get_title(loc="left")


def test_the_prediction_of_the_chapter_holds_the_first_large_network_is_of_2012():
    large = [item for item in MILESTONES if (item.params or 0) >= LARGE]
    assert min(large, key=lambda item: item.year).name == "DistBelief"
    assert {item.year for item in large} >= {2012, 2017, 2019, 2020}
    assert not any(item.core for item in large)


def test_the_picture_reaches_2025_and_its_title_names_the_largest():
    assert fig_timeline().axes[0].get_title(loc="left").endswith("DeepSeek-V3, 671 times the threshold")
    assert fig_timeline(2020).axes[0].get_title(loc="left").endswith("GPT-3, 175 times the threshold")


def test_before_the_guess_the_axes_are_empty():
    figure = fig_timeline(answered=False)
    assert points(figure) == set()
    assert figure.axes[0].get_title(loc="left") == ""
    assert not any(item.name in text for item in MILESTONES for text in names(figure))


@pytest.mark.parametrize("neighbours", [False, True])
def test_the_heights_are_the_parameters(neighbours):
    shown = points(fig_timeline(2025, neighbours))
    for item in MILESTONES:
        if item.params is not None and (item.core or neighbours):
            assert (item.year, item.params) in shown


@pytest.mark.parametrize(("neighbours", "kinds"), [(False, 1), (True, 2)])
def test_a_legend_says_what_circles_and_diamonds_are(neighbours, kinds):
    for answered in (False, True):
        legend = fig_timeline(2025, neighbours, answered=answered).axes[0].get_legend()
        assert len(legend.get_texts()) == kinds


def test_the_line_of_large_models_runs_through_no_name():
    figure = fig_timeline()
    FigureCanvasAgg(figure).draw()
    ax = figure.axes[0]
    line = ax.transData.transform((2018, LARGE))[1]
    for text in ax.texts:
        box = text.get_window_extent()
        assert not box.y0 < line < box.y1, text.get_text()
