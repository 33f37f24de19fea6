"""Figures of chapter 2: losses of one number."""

import numpy as np
import pytest

from course.figures.losses import CLUSTER, fig_best_constant, fig_pointwise, fig_wrong_but_sure, pointwise_loss


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
def test_the_prediction_shows_its_loss_and_its_slope(p, loss):
    left, right = draw(fig_pointwise(p=p, loss=loss, delta=0.5)).axes
    value, slope = pointwise_loss(loss, p - 1.0, 0.5)
    assert f"{value:.2f}" in left.get_title(loc="left")
    assert f"{slope:+.2f}" in right.get_title(loc="left")
    assert [text.get_text().split(":")[0] for text in right.get_legend().get_texts()] == ["MSE", "MAE", "Huber"]


def test_the_arrow_points_downhill_and_vanishes_at_the_target():
    def arrows(figure):
        return [text for text in figure.axes[0].texts if getattr(text, "arrow_patch", None)]

    (arrow,) = arrows(fig_pointwise(p=3.0, loss="MSE"))
    assert arrow.xyann[0] == 3.0
    assert arrow.xy[0] < 3.0
    assert arrows(fig_pointwise(p=1.0, loss="MSE")) == []


@pytest.mark.parametrize("outlier", [3.0, 5.5, 8.0])
def test_the_minima_are_mean_and_median(outlier):
    (axis,) = draw(fig_best_constant(outlier)).axes
    y = np.append(CLUSTER, outlier)
    curves = {line.get_label(): line for line in axis.lines if line.get_label() in ("MSE", "MAE")}
    grid, squared = curves["MSE"].get_data()
    assert abs(grid[np.argmin(squared)] - y.mean()) < 0.02
    absolute = curves["MAE"].get_ydata()
    assert np.isclose(absolute.min(), np.mean(np.abs(y - np.median(y))), atol=5e-3)
    assert f"{y.mean():.2f}" in axis.get_title(loc="left")
    assert f"{np.median(y):.2f}" in axis.get_title(loc="left")


@pytest.mark.parametrize(("z", "times"), [(-10.0, "11,014"), (-6.0, "203"), (0.0, "2.0"), (10.0, "11,014")])
def test_cross_entropy_pulls_harder_than_squared_error(z, times):
    left, right = draw(fig_wrong_but_sure(z)).axes
    assert f"{1 / (1 + np.exp(-z)):.4f}" in left.get_title(loc="left")
    assert f"{times} times" in right.get_title(loc="left")
