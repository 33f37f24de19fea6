"""The figure of chapter 3 about standardising."""

import numpy as np
import pytest

from course.figures.scaling import fig_scaling, flats


def title(axis):
    return axis.get_title() + axis.get_title(loc="left")


def test_the_condition_numbers_quoted_in_the_chapter():
    area, _ = flats()
    A = np.column_stack([area, np.ones_like(area)])
    low, high = np.linalg.eigvalsh(2 / len(area) * A.T @ A)
    assert 1.4e5 < high / low < 1.6e5
    assert round(np.log(0.5) / np.log1p(-low / high), -3) == 104_000
    assert "149,608" in title(fig_scaling(False, 0).axes[0])
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
    assert plane.lines[0].get_xydata().shape == (steps + 1, 2)
    assert np.allclose(plane.lines[0].get_xydata()[0], 0, atol=1e-9)
    assert "least squares 47.22" in title(data)
