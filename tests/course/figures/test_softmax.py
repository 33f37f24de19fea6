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


def test_both_ways_agree_for_small_logits():
    _, stable, naive = draw(fig_logits()).axes
    assert heights(naive) == pytest.approx(2 * heights(stable), rel=1e-6)  # float64, then float32
    assert sum(heights(stable)) == pytest.approx(1)


@pytest.mark.parametrize(("offset", "broken"), [(0, []), (90, ["float32"]), (710, ["float64", "float32"])])
def test_the_textbook_formula_breaks_and_the_stable_one_does_not(offset, broken):
    logits, stable, naive = draw(fig_logits(offset=offset)).axes
    assert sum(heights(stable)) == pytest.approx(1)
    assert [name for name in ("float64", "float32") if name in title(naive)] == broken
    said = " ".join(text.get_text() for text in logits.texts)
    assert ("88.7" in said) == (offset >= 90)
    assert ("709.8" in said) == (offset >= 710)


def test_at_710_one_class_still_has_a_number():
    _, _, naive = draw(fig_logits(offset=710)).axes
    assert heights(naive) == [0.0], "exp(709) is finite, and finite / inf is 0"
    assert np.array_equal(np.isnan(naive_softmax(np.array([712.0, 711.0, 709.0]))), [True, True, False])


def test_the_overflow_begins_between_709_and_710():
    assert np.all(np.isfinite(naive_softmax(np.array([709.0, 0.0]))))
    assert np.isnan(naive_softmax(np.array([710.0, 0.0]))[0])


@pytest.mark.parametrize("temperature", [0.1, 5.0])
def test_temperature_sharpens_or_flattens(temperature):
    _, stable, _ = draw(fig_logits(temperature=temperature)).axes
    assert (max(heights(stable)) > 0.9) == (temperature < 1)
    assert heights(stable) == pytest.approx(np.exp(log_softmax(np.array([2.0, 1.0, -1.0]) / temperature)))


def test_logits_of_both_signs_fit_on_the_axis():
    logits, _, _ = draw(fig_logits(z0=5.0, z1=-5.0, z2=0.0, temperature=0.1)).axes
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


def test_an_untrained_model_shows_no_region():
    plane, _ = fig_training(0).axes
    assert np.allclose(plane.images[0].get_array(), 1.0), "white: no class is preferred"
    plane, _ = fig_training(100).axes
    assert plane.images[0].get_array().min() < 0.6


def test_before_the_guess_only_the_data_are_shown():
    logits, stable, naive = draw(fig_logits(answered=False)).axes
    assert len(logits.patches) == 3
    assert not stable.patches
    assert not naive.patches
    plane, curve = draw(fig_training(60, answered=False)).axes
    assert not plane.images
    assert not curve.lines
    assert title(plane) == title(curve) == ""
