"""Figures of chapter 2: surprise, units, entropy and divergence."""

import math

import numpy as np
import pytest

from course.figures.entropy import (
    TARGETS,
    cross_entropy,
    entropy,
    fig_decomposition,
    fig_log_base,
    fig_neg_log,
)


def title(axis):
    return axis.get_title(loc="left")


def draw(figure):
    """Render once, so that a text or a limit that matplotlib cannot draw is an error."""
    figure.canvas.draw()
    return figure


def test_article_a_pays_its_price():
    (axis,) = draw(fig_neg_log(0.8)).axes
    assert "0.2231 nat" in title(axis)
    assert any("article A" in text.get_text() for text in axis.texts)


@pytest.mark.parametrize("small", [True, False])
@pytest.mark.parametrize("p", [0.01, 1.0])
def test_the_point_lies_on_the_curve(p, small):
    (axis,) = draw(fig_neg_log(p, small)).axes
    x, y = axis.lines[-1].get_data()
    assert x[0] == p
    assert y[0] == pytest.approx(-math.log(p))
    assert "−0.0000" not in title(axis)


def test_small_probabilities_show_the_clipping_of_keras():
    (axis,) = draw(fig_neg_log(1e-9, small=True)).axes
    assert axis.get_xscale() == "log"
    assert max(axis.lines[0].get_ydata()) == pytest.approx(16.118, abs=1e-3)
    assert any("16.118" in text.get_text() for text in axis.texts)


@pytest.mark.parametrize(("base", "words"), [("e", "0.2231 nat"), ("2", "0.3219 bit"), ("10", "0.0969 hartley")])
def test_one_surprise_has_three_numbers(base, words):
    left, right = draw(fig_log_base(base, 0.8)).axes
    assert words in title(left)
    assert [bar.get_width() for bar in right.patches] == pytest.approx([0.22314, 0.32193, 0.09691], abs=1e-5)


@pytest.mark.parametrize("p", [0.02, 1.0])
def test_extreme_probabilities_can_be_drawn(p):
    left, _ = draw(fig_log_base("2", p)).axes
    assert f"{0.0 - math.log2(p):.4f} bit" in title(left)


def test_cross_entropy_knows_its_edges():
    assert cross_entropy(np.array([1.0, 0.0]), np.array([0.5, 0.5])) == pytest.approx(math.log(2))
    assert cross_entropy(np.array([1.0, 0.0]), np.array([1.0, 0.0])) == 0
    assert cross_entropy(np.array([0.5, 0.5]), np.array([1.0, 0.0])) == math.inf
    assert entropy(np.array([0.25] * 4)) == pytest.approx(math.log(4))


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("q1", [0.01, 0.5, 0.99])
def test_cross_entropy_is_entropy_plus_divergence(target, q1):
    left, right = draw(fig_decomposition(target, q1)).axes
    t, q = (np.array([bar.get_height() for bar in bars]) for bars in left.containers)
    assert t == pytest.approx(TARGETS[target])
    assert q.sum() == pytest.approx(1)
    divergence = sum(a * math.log(a / b) for a, b in zip(t, q, strict=True) if a > 0)
    assert f"{entropy(t):.3f} + {divergence:.3f} = {entropy(t) + divergence:.3f} nat" in title(right)
    assert "-0.000" not in title(right)


def test_the_best_prediction_is_the_target_itself():
    _, right = draw(fig_decomposition("soft", 0.6)).axes
    assert "+ 0.000" in title(right)
