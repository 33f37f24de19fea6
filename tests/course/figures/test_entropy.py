"""Figures of chapter 2: entropy and divergence."""

import math

import numpy as np
import pytest

from course.figures.entropy import TARGETS, cross_entropy, entropy, fig_decomposition


def title(axis):
    return axis.get_title(loc="left")


def draw(figure):
    """Render once, so that a text or a limit that matplotlib cannot draw is an error."""
    figure.canvas.draw()
    return figure


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


def test_before_the_guess_only_the_target_is_shown():
    left, right = draw(fig_decomposition(answered=False)).axes
    assert len(left.containers) == 1
    assert not right.lines
    assert not right.texts
    assert title(right) == ""
