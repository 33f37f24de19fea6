"""The timeline of chapter 1."""

import pytest

from course.figures.history import LARGE, MILESTONES, fig_timeline


def names(figure):
    return {text.get_text() for text in figure.axes[0].texts}


def test_the_core_milestones_of_the_syllabus_carry_their_years():
    years = {item.name: item.year for item in MILESTONES if item.core}
    assert years == {
        "Hopfield network": 1982,
        "back-propagation": 1986,
        "AlexNet": 2012,
        "GAN": 2014,
        "ResNet-152": 2015,
        "Transformer": 2017,
        "BERT": 2018,
        "GPT": 2018,
        "ViT": 2020,
    }


def test_nothing_is_shown_before_its_year():
    assert "AlexNet" not in names(fig_timeline(2011))
    assert "AlexNet" in names(fig_timeline(2012))


def test_at_the_first_year_the_picture_is_empty_and_says_so():
    figure = fig_timeline(1980)
    assert [line for line in figure.axes[0].lines if line.get_marker() == "o"] == []
    assert "Up to 1980" in figure.axes[0].get_title(loc="left")


def test_the_prediction_of_the_chapter_holds_no_core_milestone_is_large():
    assert all(item.params < LARGE for item in MILESTONES if item.core and item.params is not None)
    assert "below the line" in fig_timeline(2022).axes[0].get_title(loc="left")


def test_with_its_neighbours_gpt_3_is_175_times_above_the_line():
    assert fig_timeline(2022, neighbours=True).axes[0].get_title(loc="left").endswith("GPT-3, 175 times above the line")


@pytest.mark.parametrize("neighbours", [False, True])
def test_the_heights_are_the_parameters(neighbours):
    figure = fig_timeline(2022, neighbours)
    points = {(line.get_xdata()[0], line.get_ydata()[0]) for line in figure.axes[0].lines if line.get_marker() == "o"}
    for item in MILESTONES:
        if item.params is not None and (item.core or neighbours):
            assert (item.year, item.params) in points


def test_googlenet_is_spelt_with_a_capital_l_and_dated_2014():
    assert [item.year for item in MILESTONES if item.name == "GoogLeNet"] == [2014]
