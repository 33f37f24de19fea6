"""The figure of chapter 3 about article A's gradient: its numbers are those of the prose."""

import numpy as np
import pytest

from course.figures.wrong_gradient import (
    LEARNING_RATE,
    START,
    article_data,
    constant_path,
    correct_path,
    fig_wrong_gradient,
    loss_of,
    steps_of_frame,
)

QUOTED = {0: "3.36", 10: "3.29", 100: "2.76", 1000: "6.89", 10000: "994.6"}


@pytest.mark.parametrize("steps", QUOTED)
def test_the_constant_vector_gives_the_quoted_losses(steps):
    loss = float(loss_of(constant_path(np.array([steps])))[0])
    digits = len(QUOTED[steps].split(".")[1])
    assert f"{loss:.{digits}f}" == QUOTED[steps]


def test_the_loss_falls_first_and_turns_at_the_quoted_step():
    losses = loss_of(constant_path(np.arange(2000)))
    assert losses.argmin() == 334
    assert round(float(losses.min()), 2) == 2.18
    assert np.argmax(losses > losses[0]) == 668


def test_the_correct_path_is_gradient_descent():
    x, y = article_data()
    theta = np.array(START)
    for k in range(1, 201):
        r = y - (theta[0] * x + theta[1])
        theta = theta + 2 * LEARNING_RATE * np.array([np.mean(x * r), np.mean(r)])
        if k in (1, 10, 200):
            assert np.allclose(correct_path(np.array([k]))[0], theta)
    assert np.allclose(correct_path(np.array([0]))[0], START)
    assert f"{float(loss_of(correct_path(np.array([1000])))[0]):.5f}" == "0.01005"


def test_frames_are_logarithmic():
    assert [steps_of_frame(f) for f in (0, 10, 20, 30, 40)] == [0, 10, 100, 1000, 10000]


@pytest.mark.parametrize("corrected", [False, True])
@pytest.mark.parametrize("frame", [0, 1, 20, 40])
def test_the_curve_ends_at_the_loss_in_the_title(corrected, frame):
    plane, curve = fig_wrong_gradient(corrected, frame).axes
    follow = correct_path if corrected else constant_path
    loss = float(loss_of(follow(np.array([steps_of_frame(frame)])))[0])
    assert np.isclose(curve.lines[0].get_ydata()[-1], loss)
    assert f"loss {loss:.4g}" in curve.get_title() + curve.get_title(loc="left")
    left = [text.get_text() for text in plane.texts if "left the picture" in text.get_text()]
    assert len(left) == (not corrected and frame == 40)
