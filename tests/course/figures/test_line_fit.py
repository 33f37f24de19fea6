"""The figure of chapter 3 that fits a line step by step."""

import numpy as np
import pytest

from course.figures.line_fit import START, fig_line_fit, fit_line, line_data, shown


def test_descent_ends_at_least_squares():
    x, y = line_data()
    best = np.linalg.lstsq(np.column_stack([x, np.ones_like(x)]), y, rcond=None)[0]
    path = fit_line(x, y, 0.4, 200)
    assert np.allclose(path[0], START)
    assert np.allclose(path[-1], best)


def test_the_bound_quoted_in_the_chapter():
    x, y = line_data()
    A = np.column_stack([x, np.ones_like(x)])
    bound = 2 / np.linalg.eigvalsh(2 / len(x) * A.T @ A)[-1]
    assert round(bound, 2) == 0.81
    assert np.linalg.norm(fit_line(x, y, 0.98 * bound, 400)[-1]) < 10
    assert np.linalg.norm(fit_line(x, y, 1.02 * bound, 400)[-1]) > 1e4


@pytest.mark.parametrize("lr", [0.01, 0.3, 1.0])
@pytest.mark.parametrize("step", [0, 1, 40])
def test_bars_reach_from_the_points_to_the_line(lr, step):
    fig = fig_line_fit(lr, step)
    data, curve = fig.axes
    x, y = line_data()
    w, b = fit_line(x, y, lr, step)[-1]
    bars = data.collections[0].get_segments()
    assert len(bars) == len(x)
    for bar, xi, yi in zip(bars, x, y, strict=True):
        assert np.allclose(sorted(bar[:, 1]), sorted([yi, w * xi + b]))
    losses = curve.lines[-1].get_ydata()
    assert len(losses) == step + 1
    assert f"Step {step}:" in data.get_title() + data.get_title(loc="left")


def test_a_run_that_diverges_stays_in_the_picture_and_is_called_off_scale():
    for lr, off in ((0.05, 0), (0.95, 1)):
        data, curve = fig_line_fit(lr, 30).axes
        assert curve.lines[-1].get_ydata().max() < curve.get_ylim()[1]
        assert sum("off scale" in text.get_text() for text in data.texts) == off


@pytest.mark.parametrize(("value", "text"), [(0, "0.000"), (0.5, "0.500"), (-3.6e5, "-3.6e+05"), (2e-9, "2.0e-09")])
def test_numbers_are_shown_so_that_they_fit(value, text):
    assert shown(value) == text
