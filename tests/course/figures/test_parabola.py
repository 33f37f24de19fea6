"""The first figure of chapter 3: descent on a parabola."""

import numpy as np
import pytest

from course.figures.parabola import START, fig_parabola, slide


def test_the_path_is_that_of_the_six_lines():
    theta, path = START, [START]
    for _ in range(9):
        theta = theta - 0.3 * 2 * theta
        path.append(theta)
    assert np.allclose(slide(0.3, 9), path)


def test_the_predictions_of_the_chapter():
    assert np.allclose(slide(0.5, 1), [4, 0])
    assert np.allclose(slide(1.0, 4), [4, -4, 4, -4, 4])
    assert abs(slide(1.05, 20)[-1]) > 20


@pytest.mark.parametrize(("lr", "step"), [(0.05, 0), (0.5, 8), (1.15, 20)])
def test_every_point_is_in_the_picture(lr, step):
    valley, curve = fig_parabola(lr, step).axes
    path = next(line for line in valley.lines if line.get_marker() == "o").get_xydata()
    assert np.allclose(path, np.column_stack([slide(lr, step), slide(lr, step) ** 2]))
    assert np.abs(path[:, 0]).max() < valley.get_xlim()[1] and path[:, 1].max() < valley.get_ylim()[1]
    assert any(len(line.get_xdata()) == step + 1 and line.get_marker() == "o" for line in curve.lines)
