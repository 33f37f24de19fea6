"""Figures of chapter 2: softmax, its overflow, and a first training."""

import numpy as np
import pytest

from course.figures.softmax import (
    fig_logits,
    fig_training,
    log_softmax,
    naive_softmax,
    softmax_regression,
    three_clouds,
)


def title(axis):
    return axis.get_title(loc="left")


def heights(axis):
    return [bar.get_height() for bar in axis.patches]


def draw(figure):
    """Render once, so that a text or a limit that matplotlib cannot draw is an error."""
    figure.canvas.draw()
    return figure


def test_both_columns_agree_for_small_logits():
    _, stable, naive = draw(fig_logits()).axes
    assert heights(stable) == pytest.approx(heights(naive))
    assert sum(heights(stable)) == pytest.approx(1)
    assert title(stable).split("loss")[1].split()[0] == title(naive).split("loss")[1].split()[0]


@pytest.mark.parametrize(("offset", "float32"), [(720, False), (710, False), (90, True)])
def test_the_textbook_formula_breaks_and_the_stable_one_does_not(offset, float32):
    logits, stable, naive = draw(fig_logits(offset=offset, float32=float32)).axes
    assert sum(heights(stable)) == pytest.approx(1, abs=1e-5)
    assert "nan" in title(naive)
    assert any(text.get_text() == "nan" for text in naive.texts)
    limit = "88.7" if float32 else "709.8"
    assert any(limit in text.get_text() for text in logits.texts)


def test_the_overflow_begins_between_709_and_710():
    assert np.all(np.isfinite(naive_softmax(np.array([709.0, 0.0]))))
    assert np.isnan(naive_softmax(np.array([710.0, 0.0]))[0])


@pytest.mark.parametrize("temperature", [0.1, 5.0])
@pytest.mark.parametrize("true_class", [0, 1, 2])
def test_temperature_sharpens_or_flattens(temperature, true_class):
    _, stable, _ = draw(fig_logits(temperature=temperature, true_class=true_class)).axes
    assert (max(heights(stable)) > 0.9) == (temperature < 1)
    p = np.exp(log_softmax(np.array([2.0, 1.0, -1.0]) / temperature))
    assert heights(stable) == pytest.approx(p)


def test_logits_of_both_signs_fit_on_the_axis():
    logits, _, _ = draw(fig_logits(5.0, -5.0, 0.0, temperature=0.1)).axes
    low, high = logits.get_xlim()
    assert low < -50
    assert high > 50


def test_training_starts_at_ln_three_and_falls():
    x, y = three_clouds()
    _, _, losses = softmax_regression(x, y, 0.5, 100)
    assert losses[0] == pytest.approx(np.log(3))
    assert np.all(np.diff(losses) < 0)
    assert losses[-1] < 0.25


@pytest.mark.parametrize("step", [0, 1, 100])
@pytest.mark.parametrize("lr", [0.1, 2.0])
def test_the_curve_ends_at_the_step_shown(step, lr):
    plane, curve = draw(fig_training(step, lr)).axes
    assert title(plane).startswith(f"Step {step}:")
    trained = curve.lines[1]  # the first is the level ln 3
    assert len(trained.get_ydata()) == step + 1
    assert trained.get_ydata()[0] == pytest.approx(np.log(3))
    assert f"{trained.get_ydata()[-1]:.3f}" in title(curve)
