"""Figures of chapter 3: direction, learning rate, convergence."""

import numpy as np
import pytest

from course.figures.descent import (
    EIGENVALUES,
    START,
    descend,
    eigenvectors,
    fig_descent,
    fig_rates,
    fig_steepest,
    hessian,
    level_lines,
    regime,
)


def texts(axis):
    return [text.get_text() for text in axis.texts]


@pytest.mark.parametrize("surface", ["bowl", "ravine"])
def test_the_hessian_has_the_stated_eigenvalues(surface):
    H, V = hessian(surface), eigenvectors()
    assert np.allclose(np.linalg.eigvalsh(H), EIGENVALUES[surface])
    assert np.allclose(V.T @ H @ V, np.diag(EIGENVALUES[surface]), atol=1e-12)


@pytest.mark.parametrize(
    ("lr", "name"),
    [
        (0.02, "slow"),
        (0.6, "fast"),
        (0.95, "oscillates"),
        (1.0, "never settles"),
        (1.001, "diverges"),
        (1.15, "diverges"),
    ],
)
def test_the_regime_follows_the_bound(lr, name):
    assert regime(lr, 1.0, 2.0) == name


@pytest.mark.parametrize("surface", ["bowl", "ravine"])
@pytest.mark.parametrize("lr", [0.05, 0.5, 0.95, 1.0, 1.15])
@pytest.mark.parametrize("step", [0, 1, 60])
def test_the_path_is_gradient_descent_and_the_banner_appears_above_the_bound_only(surface, lr, step):
    fig = fig_descent(surface, lr, step)
    plane, curve = fig.axes
    path = next(line for line in plane.lines if line.get_label() == "path").get_xydata()
    assert path.shape == (step + 1, 2)
    assert np.allclose(path, descend(hessian(surface), np.array(START), lr, step))
    banner = [text for text in texts(plane) if text.startswith("diverges")]
    assert len(banner) == (lr > 1)
    total = next(line for line in curve.lines if line.get_label() == "total loss").get_ydata()
    expected = 0.5 * np.einsum("ki,ij,kj->k", path, hessian(surface), path)
    assert np.allclose(total, np.maximum(expected, 1e-12))
    assert curve.get_title(loc="left") or curve.get_title()


@pytest.mark.parametrize("angle", [-180, -90, -15, 0, 60, 90, 180])
def test_the_slope_is_the_cosine_of_the_angle(angle):
    plane, curve = fig_steepest(angle).axes
    shown = curve.lines[-1].get_ydata()[0]
    g = hessian("bowl") @ [1.4, 0.9]
    assert np.isclose(shown, np.linalg.norm(g) * np.cos(np.deg2rad(angle)))
    word = "falls" if abs(angle) > 90 else "does not change" if abs(angle) == 90 else "rises"
    assert word in plane.get_title() + plane.get_title(loc="left")


@pytest.mark.parametrize("condition", [1.0, 2.0, 10.0, 100.0])
@pytest.mark.parametrize("lr", [0.02, 0.5, 1.18])
def test_the_star_marks_the_best_rate(lr, condition):
    (axis,) = fig_rates(lr, condition).axes
    star = next(line for line in axis.lines if line.get_marker() == "*")
    assert np.isclose(star.get_xdata()[0], 2 / (2 + 2 / condition))
    assert np.isclose(star.get_ydata()[0], (condition - 1) / (condition + 1))
    title = axis.get_title() + axis.get_title(loc="left")
    assert ("does not shrink" in title) == (lr > 1)
    assert "diverges" in texts(axis)
    (bound,) = [line for line in axis.lines if line.get_linestyle() == "--"]
    assert set(bound.get_xdata()) == {1.0}  # 2/λ_max is marked


def test_ten_times_the_condition_number_needs_ten_times_the_steps():
    # the numbers that chapter 3 quotes
    for condition, steps in ((10.0, "35 steps"), (100.0, "346 steps")):
        (axis,) = fig_rates(2 / (2 + 2 / condition), condition).axes
        assert f"after {steps}" in axis.get_title() + axis.get_title(loc="left")


def test_level_lines_are_level():
    H, center = hessian("ravine"), np.array([0.5, -1.0])
    line = level_lines(H, center, np.array([0.1, 2.0]))
    gaps = np.isnan(line[0])
    away = line - center[:, None]
    heights = 0.5 * np.einsum("ik,ij,jk->k", away, H, away)
    assert (
        gaps.sum() == 2
        and np.allclose(heights[: gaps.argmax()], 0.1)
        and np.allclose(heights[gaps.argmax() + 1 : -1], 2.0)
    )
