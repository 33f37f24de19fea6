"""A landscape with two valleys of unequal depth and a saddle between them (chapter 3).

J(x, y) = x⁴/4 + x³/5 − x²/2 + y²/2. Its slope along x is x (x² + 0.6 x − 1): zero in the two
valleys and on the whole line x = 0, the ridge, whose lowest point is the saddle at the origin.
"""

import numpy as np
from matplotlib.figure import Figure

from course.figures.style import COLORS, new_figure
from course.language import say

VALLEYS = tuple((-0.6 + sign * np.sqrt(0.36 + 4)) / 2 for sign in (-1, 1))
"""x of the deep and of the shallow valley, about −1.34 and 0.74; y is 0 in both."""


def height(x: np.ndarray | float, y: np.ndarray | float) -> np.ndarray:
    """Return J at the points (x, y)."""
    return np.asarray(x**4 / 4 + x**3 / 5 - x**2 / 2 + y**2 / 2)


def slope(theta: np.ndarray) -> np.ndarray:
    """Return the gradient (2,) of J at theta = (x, y)."""
    x, y = theta
    return np.array([x * (x**2 + 0.6 * x - 1), y])


def walk(start: tuple[float, float], lr: float, steps: int) -> np.ndarray:
    """Return the points (≤ steps + 1, 2) of gradient descent; it ends early where it leaves |x|, |y| < 100."""
    path = [np.array(start, dtype=float)]
    for _ in range(steps):
        if np.abs(path[-1]).max() > 100:
            break
        path.append(path[-1] - lr * slope(path[-1]))
    return np.array(path)


def fig_playground(x: float = 0.0, y: float = 1.5, lr: float = 0.3, step: int = 30, answered: bool = True) -> Figure:
    """Show the landscape from above with the path from a start, and the height after each step.

    Args:
        x, y: the start, −2 … 2 each.
        lr: learning rate, 0.05 … 1.2.
        step: number of updates, 0 … 60.
        answered: whether the path is shown; otherwise only the landscape and the start.
    """
    path = walk((x, y), lr, step if answered else 0)
    fig, (plane, curve) = new_figure(1, 2, width=9.6, height=4.0, gridspec_kw={"width_ratios": [1.25, 1]})
    X, Y = np.meshgrid(np.linspace(-2.2, 2.0, 120), np.linspace(-1.9, 1.9, 90))
    levels = np.concatenate(
        [[-0.55, -0.45, -0.3, -0.2, -0.11], np.arange(-0.05, 0.05, 0.049), [0.1, 0.3, 0.6, 1, 1.6, 2.4]]
    )
    plane.contourf(X, Y, height(X, Y), levels=np.linspace(-0.6, 3.2, 20), cmap="Blues_r", extend="max", alpha=0.55)
    plane.contour(X, Y, height(X, Y), levels=levels, colors=COLORS["grey"], linewidths=0.7, alpha=0.8)
    plane.plot(path[:, 0], path[:, 1], "o-", color=COLORS["red"], ms=3.5, lw=1.3)
    plane.plot(x, y, "o", color=COLORS["ink"], ms=8)
    plane.set(xlim=(-2.2, 2.0), ylim=(-1.9, 1.9), xlabel="$x$", ylabel="$y$")
    plane.set_aspect("equal")
    plane.grid(False)
    losses = height(*path.T)
    curve.set(
        xlim=(-1, 61), ylim=(-0.7, 2.0), xlabel=say(en="step", zh="步数"), ylabel=say(en="height $J$", zh="高度 $J$")
    )
    if not answered:
        return fig

    for at in VALLEYS:
        plane.plot(at, 0, "*", color=COLORS["green"], ms=13)
    plane.plot(0, 0, "X", color=COLORS["orange"], ms=10, mec="white")
    end = path[-1]
    curve.axhline(height(VALLEYS[0], 0), color=COLORS["green"], ls=":", lw=1.5)
    curve.axhline(height(VALLEYS[1], 0), color=COLORS["green"], ls=":", lw=1.5)
    curve.axhline(0, color=COLORS["orange"], ls=":", lw=1.5)
    curve.text(60, -0.6, say(en="deep valley", zh="深谷"), color=COLORS["green"], ha="right", va="bottom")
    curve.text(60, -0.14, say(en="shallow valley", zh="浅谷"), color=COLORS["green"], ha="right", va="top")
    curve.text(60, 0.03, say(en="saddle", zh="鞍点"), color=COLORS["orange"], ha="right", va="bottom")
    curve.plot(np.arange(len(path)), losses, "o-", color=COLORS["red"], ms=3.5, lw=1.3)
    if np.abs(end).max() > 2.2:
        place = say(en="out of the picture", zh="跑出图外")
    elif np.hypot(*end) < 0.1:
        place = say(en="on the saddle", zh="停在鞍点")
    elif abs(end[1]) < 0.1 and np.abs(end[0] - np.array(VALLEYS)).min() < 0.1:
        deep = abs(end[0] - VALLEYS[0]) < 0.1
        place = say(en="in the deep valley", zh="到了深谷") if deep else say(en="in the shallow valley", zh="到了浅谷")
    else:
        place = say(en="on the way", zh="还在路上")
    plane.set_title(say(en="After {step} steps: {place}", zh="走了 {step} 步：{place}", step=step, place=place))
    size = float(np.linalg.norm(slope(end)))
    curve.set_title(say(en="Gradient norm {size:.1g}", zh="梯度范数 {size:.1g}", size=size))
    return fig
