"""Throughput and loss scaling."""

import numpy as np
import pytest

from course.figures.speed import fig_loss_scaling, fig_throughput
from course.interact import png


def title(figure):
    return figure.axes[0].get_title(loc="left") + figure.axes[0].get_title()


@pytest.mark.parametrize(("batch", "overhead", "each"), [(0, 0.5, 2.0), (5, 4.0, 10.0), (13, 8.0, 50.0)])
def test_the_curve_is_the_formula(batch, overhead, each):
    figure = fig_throughput(batch, overhead, each)
    line = figure.axes[0].get_lines()[0]
    sizes, speeds = line.get_xdata(), line.get_ydata()
    np.testing.assert_allclose(speeds, sizes / (overhead * 1e-3 + sizes * each * 1e-6))
    assert "not a measurement" in title(figure)
    assert png(figure, dpi=40)[:4] == b"\x89PNG"


def test_ninety_percent_is_reached_at_nine_times_the_half_speed_batch():
    assert "B = 4,096: “GPU” 91% of its best" in title(fig_throughput(12, 4.0, 10.0))


def test_scaling_saves_small_gradients_and_too_much_overflows():
    shares = [title(fig_loss_scaling(scale, -8)) for scale in (0, 16)]
    assert "0% of the gradients lost" not in shares[0]
    assert "S = 65,536: 0% of the gradients lost to zero, 0% to overflow" in shares[1]
    assert "1% to overflow" in title(fig_loss_scaling(20, -4))


@pytest.mark.parametrize(("scale", "typical"), [(0, -10), (20, -4)])
def test_the_extremes_draw(scale, typical):
    assert png(fig_loss_scaling(scale, typical), dpi=40)[:4] == b"\x89PNG"
