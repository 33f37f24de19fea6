"""Figures of chapter 2: the bet, the price of a surprise, and the most expensive pictures."""

import math

import numpy as np
import pytest

from course.figures.surprise import CAME_TRUE, KERAS_CLIP, fig_bet, fig_neg_log, fig_surprises, fortune


def title(axis):
    return axis.get_title(loc="left")


def draw(figure):
    """Render once, so that a text or a limit that matplotlib cannot draw is an error."""
    figure.canvas.draw()
    return figure


def test_honesty_wins_the_bet():
    grid = np.linspace(0.5, 0.99, 491)
    ends = [fortune(c)[-1] for c in grid]
    assert grid[int(np.argmax(ends))] == pytest.approx(CAME_TRUE.mean(), abs=1e-3)
    assert fortune(0.8)[-1] == pytest.approx(100 * 2**10 * 0.8**8 * 0.2**2)
    assert fortune(1.0)[-1] == 0


@pytest.mark.parametrize("bob", [0.5, 0.8, 0.99, 1.0])
def test_the_bet_can_be_drawn_at_every_confidence(bob):
    (axis,) = draw(fig_bet(bob)).axes
    assert ("everything is gone" in title(axis)) == (bob == 1.0)
    if bob < 1:
        surprise = -np.mean(np.log(np.where(CAME_TRUE == 1, bob, 1 - bob)))
        assert f"{surprise:.3f} nat" in title(axis)


@pytest.mark.parametrize(
    ("unit", "words"), [("nat", "0.2231 nat"), ("bit", "0.3219 bit"), ("hartley", "0.0969 hartley")]
)
def test_one_surprise_has_three_numbers(unit, words):
    (axis,) = draw(fig_neg_log(0.8, unit=unit)).axes
    assert words in title(axis)


@pytest.mark.parametrize("times", [1.0, 1e-3, 1e-6, 1e-9])
@pytest.mark.parametrize("p", [0.01, 1.0])
def test_the_point_lies_on_the_curve_and_inside_the_picture(p, times):
    (axis,) = draw(fig_neg_log(p, times)).axes
    x, y = axis.lines[-1].get_data()
    assert x[0] == p * times
    assert y[0] == pytest.approx(-math.log(p * times))
    assert axis.get_ylim()[0] <= y[0] <= axis.get_ylim()[1]
    assert "−0.0000" not in title(axis)


def test_the_clip_of_keras_is_within_reach():
    (axis,) = draw(fig_neg_log(0.01, 1e-9)).axes
    assert axis.get_xscale() == "log"
    assert KERAS_CLIP > 0.01 * 1e-9
    assert any("16.118" in text.get_text() for text in axis.texts)


def test_the_dearest_pictures_come_first():
    rng = np.random.default_rng(0)
    p = rng.dirichlet(np.ones(10), size=40)
    labels = rng.integers(0, 10, 40)
    figure = draw(fig_surprises(rng.random((40, 28, 28)), labels, p))
    price = np.sort(-np.log(p[np.arange(40), labels]))[::-1]
    shown = [float(axis.get_title(loc="center").split("\n")[1].split()[0]) for axis in figure.axes]
    assert shown == pytest.approx(price[:10], abs=0.006)
    assert f"{price[:10].sum() / price.sum():.0%}" in figure.get_suptitle()
    last = draw(fig_surprises(rng.random((40, 28, 28)), labels, p, rank=35))
    assert sum(bool(axis.images) for axis in last.axes) == 5


@pytest.mark.parametrize("figure", [fig_bet, fig_neg_log])
def test_before_the_guess_no_curve_and_no_title_is_shown(figure):
    (axis,) = draw(figure(answered=False)).axes
    assert title(axis) == ""
    assert all(len(line.get_xdata()) <= 2 for line in axis.lines)
