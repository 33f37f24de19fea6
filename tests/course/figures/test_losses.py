"""Figures of chapter 2: losses of one number, the constant that each asks for, and two prices."""

import numpy as np
import pytest

from course.figures.losses import (
    CLUSTER,
    DEMAND,
    fig_best_constant,
    fig_costs,
    fig_pointwise,
    mean_cost,
    pointwise_loss,
)


def title(axis):
    return axis.get_title(loc="left")


def draw(figure):
    """Render once, so that a text or a limit that matplotlib cannot draw is an error."""
    figure.canvas.draw()
    return figure


@pytest.mark.parametrize("name", ["MSE", "MAE", "Huber"])
def test_slopes_are_the_derivatives_of_the_losses(name):
    r = np.array([-2.3, -0.4, 0.3, 0.9, 1.7])
    up, down = (pointwise_loss(name, r + step, delta=1.2)[0] for step in (1e-6, -1e-6))
    assert np.allclose(pointwise_loss(name, r, delta=1.2)[1], (up - down) / 2e-6, atol=1e-8)


def test_huber_is_continuous_where_it_turns_linear():
    values, slopes = pointwise_loss("Huber", np.array([0.7 - 1e-9, 0.7 + 1e-9]), delta=0.7)
    assert np.allclose(values, 0.7**2 / 2)
    assert np.allclose(slopes, 0.7)


def test_an_unknown_loss_is_refused():
    with pytest.raises(ValueError, match=r"choose MSE, MAE or Huber"):
        pointwise_loss("hinge", np.zeros(1))


@pytest.mark.parametrize("p", [-3.0, 1.0, 5.0])
@pytest.mark.parametrize("loss", ["MSE", "MAE", "Huber"])
def test_the_prediction_shows_its_step_and_its_slope(p, loss):
    left, right = draw(fig_pointwise(p=p, loss=loss, rate=0.3, delta=0.5)).axes
    slope = float(pointwise_loss(loss, p - 1.0, 0.5)[1])
    assert f"{p - 0.3 * slope:.2f}" in title(left)
    assert f"{slope:+.2f}" in title(right)
    assert [text.get_text().split(":")[0] for text in right.get_legend().get_texts()] == ["MSE", "MAE", "Huber"]


def test_the_arrow_points_downhill_and_vanishes_at_the_target():
    def arrows(figure):
        return [text for text in figure.axes[0].texts if getattr(text, "arrow_patch", None)]

    (arrow,) = arrows(fig_pointwise(p=3.0, loss="MSE"))
    assert arrow.xyann[0] == 3.0
    assert arrow.xy[0] < 3.0
    assert arrows(fig_pointwise(p=1.0, loss="MSE")) == []


@pytest.mark.parametrize(("rate", "overshoots"), [(0.3, False), (0.5, False), (0.6, True), (1.2, True)])
def test_a_high_rate_overshoots(rate, overshoots):
    left, _ = fig_pointwise(p=3.0, loss="MSE", rate=rate).axes
    assert ("overshoots" in title(left)) == overshoots


@pytest.mark.parametrize("outlier", [3.0, 5.5, 8.0])
def test_the_minima_are_mean_and_median(outlier):
    curves, _ = draw(fig_best_constant(outlier)).axes
    y = np.append(CLUSTER, outlier)
    lines = {line.get_label(): line for line in curves.lines if line.get_label() in ("MSE", "MAE")}
    grid, squared = lines["MSE"].get_data()
    assert abs(grid[np.argmin(squared)] - y.mean()) < 0.02
    absolute = lines["MAE"].get_ydata()
    assert np.sum(absolute < absolute.min() + 1e-6) == 1, "five values have one median, not an interval"
    assert abs(grid[np.argmin(absolute)] - np.median(y)) < 0.02
    assert f"{y.mean():.2f}" in title(curves)
    assert f"{np.median(y):.2f}" in title(curves)


def test_the_pulls_balance_at_the_minimum():
    y = np.append(CLUSTER, 6.0)
    _, pulls = draw(fig_best_constant(6.0, c=float(y.mean()))).axes
    squared, absolute = ([bar.get_width() for bar in bars] for bars in pulls.containers)
    assert sum(squared) == pytest.approx(0)
    assert {round(abs(force), 6) for force in absolute} == {0.2}, "every value pulls equally hard under MAE"


@pytest.mark.parametrize(("short", "left_over"), [(1.0, 1.0), (4.0, 1.0), (1.0, 20.0), (20.0, 1.0)])
def test_the_cheapest_number_is_a_quantile(short, left_over):
    (axis,) = draw(fig_costs(short, left_over)).axes
    best = np.quantile(DEMAND, short / (short + left_over), method="inverted_cdf")
    grid = np.linspace(20, 90, 1401)
    assert mean_cost(best, DEMAND, short, left_over)[0] <= mean_cost(grid, DEMAND, short, left_over).min() + 1e-9
    assert axis.get_ylim()[1] >= mean_cost(best, DEMAND, short, left_over)[0]


@pytest.mark.parametrize("figure", [fig_pointwise, fig_best_constant, fig_costs])
def test_before_the_guess_no_curve_and_no_title_is_shown(figure):
    for axis in draw(figure(answered=False)).axes:
        assert title(axis) == ""
        assert axis.get_legend() is None
        assert not axis.patches
        assert all(len(line.get_xdata()) < 100 for line in axis.lines), "a curve"
