"""Figures of chapter 2: a race of two losses, and the weight of rare positives."""

import numpy as np
import pytest

from course.figures.pulls import fig_pos_weight, fig_race, race, sigmoid


def title(axis):
    return axis.get_title(loc="left")


def draw(figure):
    """Render once, so that a text or a limit that matplotlib cannot draw is an error."""
    figure.canvas.draw()
    return figure


def test_the_sigmoid_is_stable():
    z = np.array([-1000.0, -5.0, 0.0, 5.0, 1000.0])
    assert sigmoid(z) == pytest.approx([0, 1 / (1 + np.exp(5)), 0.5, 1 / (1 + np.exp(-5)), 1])


def test_cross_entropy_needs_7_steps_and_squared_error_214():
    """The numbers that the chapter's question and explanations give."""
    first = {name: int(np.argmax(path > 0.5)) for name, path in race(-6.0, 1.0).items()}
    assert first == {"cross-entropy": 7, "squared error": 214}
    p = float(sigmoid(-6.0))
    assert p - 1 == pytest.approx(-0.998, abs=5e-4)
    assert 2 * (p - 1) * p * (1 - p) == pytest.approx(-0.005, abs=1e-4)
    assert "7" in title(fig_race().axes[0])
    assert "214" in title(fig_race().axes[0])


@pytest.mark.parametrize("z", [-7.0, 2.0])
@pytest.mark.parametrize("rate", [0.2, 4.0])
def test_the_race_can_be_drawn_from_everywhere(z, rate):
    (axis,) = draw(fig_race(z, rate)).axes
    assert len(axis.get_legend().get_texts()) == 2


@pytest.mark.parametrize(("weight", "ill", "p"), [(1.0, 1, 0.01), (99.0, 1, 0.5), (1.0, 50, 0.5), (3.0, 20, 60 / 140)])
def test_the_pulls_balance_at_the_weighted_share(weight, ill, p):
    pulls, curve = draw(fig_pos_weight(float(np.log(p / (1 - p))), weight, ill)).axes
    up, down = (bar.get_width() for bar in pulls.patches)
    assert up == pytest.approx(down)
    assert f"{p:.3f}" in title(curve)
    grid, loss = curve.lines[0].get_data()
    assert grid[np.argmin(loss)] == pytest.approx(np.log(p / (1 - p)), abs=0.03)


@pytest.mark.parametrize("figure", [fig_race, fig_pos_weight])
def test_before_the_guess_no_curve_and_no_title_is_shown(figure):
    for axis in draw(figure(answered=False)).axes:
        assert title(axis) == ""
        assert not axis.patches
        assert all(len(line.get_xdata()) <= 2 for line in axis.lines)
