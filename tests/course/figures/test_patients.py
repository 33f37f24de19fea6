"""The patients of chapter 3: the numbers that the text quotes."""

import numpy as np
import pytest

from course.figures.patients import fig_residuals, patients


@pytest.fixture(scope="module")
def fitted():
    data = patients()
    A = np.column_stack([data.X, np.ones(len(data.X))])
    return data, np.linalg.lstsq(A, data.y, rcond=None)[0]


def test_the_table_is_in_units_and_split_in_two(fitted):
    data, _ = fitted
    assert data.X.shape == (354, 6) and data.X_new.shape == (88, 6)
    assert set(data.X[:, 1]) == {1.0, 2.0} and 20 < data.X[:, 2].mean() < 30  # kg/m²
    assert min(data.y.min(), data.y_new.min()) == 25 and max(data.y.max(), data.y_new.max()) == 346


def test_the_errors_quoted_in_the_chapter(fitted):
    data, theta = fitted
    residual = np.abs(data.y_new - data.X_new @ theta[:-1] - theta[-1])
    assert np.median(residual) == pytest.approx(40, abs=2)
    assert round(np.median(np.abs(data.y_new - data.y.mean()))) == 71
    assert np.sort(residual)[-3] > 120  # the circled patients


def test_the_figure_says_the_errors(fitted):
    data, theta = fitted
    points, bars = fig_residuals(data.X_new @ theta[:-1] + theta[-1], data.y_new, data.y.mean()).axes
    assert "88 patients" in points.get_title(loc="left")
    assert "the mean alone: ±71" in bars.get_title(loc="left")
    assert sum(patch.get_height() for patch in bars.patches[:20]) == 88
