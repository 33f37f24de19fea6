"""The figure of chapter 5 that compares what a gradient costs."""

import pytest

from course.figures.gradient_price import MODELS, duration, fig_gradient_price, passes


def test_the_durations_quoted_in_the_chapter():
    assert duration(passes(MODELS["gpt2"], "differences") / 1000) == "3 days"
    assert duration(passes(MODELS["gpt2"], "backprop") / 1000) == "3 milliseconds"
    assert round(passes(MODELS["gpt2"], "differences") / 1000 / 86_400, 1) == 2.9
    assert passes(MODELS["gpt2"], "differences") == 248_879_616
    centuries = 100_000 * passes(MODELS["gpt2"], "differences") / 1000 / 86_400 / 365.25 / 100
    assert round(centuries) == 8


def test_the_network_of_the_chapter_has_1210_parameters():
    assert MODELS["digits"] == 64 * 16 + 16 + 16 * 10 + 10


@pytest.mark.parametrize("model", MODELS)
def test_the_chosen_model_is_marked_on_both_lines(model):
    (axes,) = fig_gradient_price(model, 2.0).axes
    marks = [line for line in axes.lines if line.get_marker() == "o"]
    assert [tuple(map(float, (line.get_xdata()[0], line.get_ydata()[0]))) for line in marks] == [
        (MODELS[model], 2.0 * MODELS[model]),
        (MODELS[model], 3.0),
    ]
    assert f"{MODELS[model]:,}" in axes.get_title(loc="left")


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.003, "3 milliseconds"), (1.5, "1.5 seconds"), (600, "10 minutes"), (36_000, "10 hours"), (1e10, "317 years")],
)
def test_a_duration_has_its_largest_unit(seconds, text):
    assert duration(seconds) == text
