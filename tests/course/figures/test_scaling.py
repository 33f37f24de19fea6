"""The figure of chapter 3 about standardising."""

import numpy as np
import pytest

from course.figures.scaling import fig_scaling, flats


def title(axis):
    return axis.get_title() + axis.get_title(loc="left")


def condition_and_halving(mean, deviation):
    """κ of the Hessian of one feature with this mean and deviation, and steps at 1/λ_max per halving."""
    H = 2 * np.array([[mean**2 + deviation**2, mean], [mean, 1.0]])
    low, high = np.linalg.eigvalsh(H)
    return high / low, np.log(0.5) / np.log1p(-low / high)


def test_the_condition_numbers_quoted_in_the_chapter_for_the_sample_and_for_the_population():
    area, _ = flats()
    assert f"{area.mean():.1f} ± {area.std():.1f}" == "88.0 ± 21.2"
    condition, halving = condition_and_halving(area.mean(), area.std())
    assert f"{condition:,.0f}" in title(fig_scaling(False, 0).axes[0])
    assert (round(condition, -4), round(halving, -3)) == (150_000, 104_000)
    condition, halving = condition_and_halving(90, 25)
    assert (round(condition, -3), round(halving, -3)) == (122_000, 84_000)
    assert "κ = 1," in title(fig_scaling(True, 0).axes[0])


def test_one_step_is_enough_when_standardised():
    area, price = flats()
    best = np.polyfit(area, price, 1)
    line = fig_scaling(True, 1).axes[1].lines[-1]
    assert np.allclose(line.get_ydata(), np.polyval(best, line.get_xdata()))


@pytest.mark.parametrize("standardised", [False, True])
@pytest.mark.parametrize("steps", [0, 1, 100])
def test_the_path_has_one_point_per_step(standardised, steps):
    plane, data = fig_scaling(standardised, steps).axes
    path = next(line for line in plane.lines if line.get_label() == "path").get_xydata()
    assert path.shape == (steps + 1, 2)
    assert np.allclose(path[0], 0, atol=1e-9)
    assert "least squares 47.22" in title(data)


@pytest.mark.parametrize("standardised", [False, True])
def test_contour_lines_are_level_ellipses(standardised):
    area, price = flats()
    x = (area - area.mean()) / area.std() if standardised else area
    plane = fig_scaling(standardised, 0).axes[0]
    (line,) = [line for line in plane.lines if line.get_label() == "contours"]
    points = line.get_xydata()
    gaps = np.flatnonzero(np.isnan(points[:, 0]))
    assert len(gaps) == 9
    for oval in np.split(points, gaps):
        oval = oval[np.isfinite(oval[:, 0])]
        if not len(oval):
            continue
        losses = np.mean((price - oval[:, :1] * x - oval[:, 1:]) ** 2, axis=1)
        assert np.ptp(losses) < 1e-6 * losses.mean() + 1e-6
