"""Throughput and loss scaling."""

import numpy as np
import pytest

from course.figures.speed import fig_loss_scaling, fig_measured, fig_throughput
from course.interact import png


def title(figure):
    return figure.axes[0].get_title(loc="left") + figure.axes[0].get_title()


@pytest.fixture
def gradients():
    rng = np.random.default_rng(0)
    return np.append(rng.normal(size=20_000) * 10.0 ** rng.normal(-3.2, 0.8, size=20_000), np.zeros(500))


@pytest.mark.parametrize(("batch", "overhead", "each"), [(0, 0.5, 2.0), (5, 4.0, 10.0), (13, 8.0, 400.0)])
def test_the_curve_is_the_formula(batch, overhead, each):
    figure = fig_throughput(batch, overhead, each)
    line = figure.axes[0].get_lines()[1]
    sizes, speeds = line.get_xdata(), line.get_ydata()
    np.testing.assert_allclose(speeds, sizes / (overhead * 1e-3 + sizes * each * 1e-6))
    assert "not measured" in title(figure)
    assert png(figure, dpi=40)[:4] == b"\x89PNG"


def test_ninety_percent_is_reached_at_nine_times_the_half_speed_batch():
    assert "B = 4,096: 91.1% of the best speed" in title(fig_throughput(12, 4.0, 10.0))


def test_a_slow_machine_is_not_zero_percent_of_its_best():
    assert "0.2%" in title(fig_throughput(0, 4.0, 10.0))


def test_before_the_answer_no_curve_is_drawn():
    figure = fig_throughput(answered=False)
    assert [len(line.get_xdata()) for line in figure.axes[0].get_lines()] == [1]
    assert title(figure) == ""


def test_measurements_lie_under_the_fitted_curve():
    sizes = (8, 32, 128)
    seconds = np.array([[9.0, 0.010, 0.011], [9.0, 0.020, 0.022], [9.0, 0.06, 0.07]])
    figure = fig_measured(sizes, {"float32": seconds}, {"float32": (0.007, 0.0004)})
    dots, curve = figure.axes[0].get_lines()
    np.testing.assert_allclose(dots.get_ydata()[:2], [8 / 0.010, 8 / 0.011])  # the warm-up is left out
    np.testing.assert_allclose(curve.get_ydata()[0], 8 / (0.007 + 8 * 0.0004))
    assert figure.axes[0].get_legend().get_texts()[0].get_text() == "float32: t0 = 7.0 ms, t1 = 400 µs"
    assert png(figure, dpi=40)[:4] == b"\x89PNG"


def test_a_step_s_time_is_a_straight_line_in_the_batch_size():
    sizes = (8, 32, 128)
    seconds = np.array([[9.0, 0.010], [9.0, 0.020], [9.0, 0.06]])
    axes = fig_measured(sizes, {"float32": seconds}, {"float32": (0.007, 0.0004)}, per_step=True).axes[0]
    dots, line = axes.get_lines()
    np.testing.assert_allclose(dots.get_ydata(), [10, 20, 60])
    np.testing.assert_allclose(line.get_ydata(), 7 + 0.4 * line.get_xdata())
    assert axes.get_xscale() == axes.get_yscale() == "linear"


def test_scaling_saves_shrunken_gradients_and_too_much_overflows(gradients):
    assert "0.01% of the gradients become 0" in title(fig_loss_scaling(gradients))
    assert "0.01% of the gradients become 0" not in title(fig_loss_scaling(gradients, 0, 4))
    assert "0.00% of the gradients become 0" in title(fig_loss_scaling(gradients, 20, 4))
    assert "0.0% overflow" not in title(fig_loss_scaling(gradients, 24))


def test_shares_are_those_of_float16(gradients):
    held = np.abs(gradients[gradients != 0]).astype(np.float16)
    assert f"{np.mean((held > 0) & (held < 2.0**-14)):.1%} lose digits" in title(fig_loss_scaling(gradients))


def test_before_the_answer_no_gradient_is_drawn(gradients):
    figure = fig_loss_scaling(gradients, answered=False)
    assert not figure.axes[0].containers
    assert title(figure) == ""


@pytest.mark.parametrize(("scale", "shrink"), [(0, 6), (24, 0)])
def test_the_extremes_draw(gradients, scale, shrink):
    assert png(fig_loss_scaling(gradients, scale, shrink), dpi=40)[:4] == b"\x89PNG"
