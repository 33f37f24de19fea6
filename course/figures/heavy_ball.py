"""Figure of chapter 6: descent with and without momentum in a ravine."""

from functools import cache

import numpy as np
from matplotlib.figure import Figure

from course.figures.descent import level_lines
from course.figures.style import COLORS, new_figure
from course.figures.updates import plain_ticks, update_rule
from course.language import say

H = np.diag([0.02, 2.0])
"""Curvatures of the ravine, flat and steep; the condition number is 100."""
RATE, START, STEPS, NEAR = 0.5, (-2.6, 0.9), 200, 0.1


@cache
def path(beta: float, steps: int = STEPS) -> np.ndarray:
    """Return the points (steps + 1, 2) of descent with momentum at rate 0.5; beta = 0 is plain descent."""
    update = update_rule("momentum", RATE, beta)
    points = [np.array(START)]
    for step in range(steps):
        points.append(update(step, {"p": points[-1]}, {"p": H @ points[-1]})["p"])
    return np.array(points)


def arrival(beta: float) -> int:
    """Return the first step after which the ball stays within 0.1 of the minimum."""
    far = np.hypot(*path(beta, 800).T) >= NEAR
    return int(np.flatnonzero(far)[-1]) + 1


def fig_heavy_ball(beta: float = 0.8, step: int = 60, answered: bool = True) -> Figure:
    """Left: the paths in the ravine. Right: the distance to the minimum against the step.

    Args:
        beta: of momentum, 0 … 0.99.
        step: number of steps shown, 0 … 200.
        answered: False shows plain descent alone.
    """
    figure, (plane, curve) = new_figure(1, 2, width=9.6, height=3.9)
    plane.plot(*level_lines(H, np.zeros(2), np.geomspace(0.004, 1.6, 9)), color=COLORS["grey"], lw=0.8, alpha=0.6)
    plane.plot(0, 0, "*", color=COLORS["green"], ms=12)
    plane.set(xlim=(-3.2, 3.2), ylim=(-1.5, 1.5), xlabel="p₁", ylabel="p₂")
    plane.grid(False)
    curve.axhline(NEAR, color=COLORS["green"], lw=1.2, ls=":")
    curve.set(
        xlim=(0, STEPS),
        ylim=(1e-3, 5),
        yscale="log",
        xlabel=say(en="step", zh="步数"),
        ylabel=say(en="distance to the minimum", zh="到最低点的距离"),
    )
    plain_ticks(curve, "y")
    shown = [(0.0, COLORS["grey"], say(en="plain descent", zh="普通梯度下降"))]
    if answered:
        shown.append((beta, COLORS["blue"], say(en="momentum, β = {beta:g}", zh="动量，β = {beta:g}", beta=beta)))
    for b, color, label in shown:
        points = path(round(b, 3))[: step + 1]
        plane.plot(*points.T, ".-", color=color, ms=4, lw=1.2)
        curve.plot(np.hypot(*points.T), color=color, label=label)
    plane.plot(*START, "o", color=COLORS["ink"], ms=6)
    curve.legend(loc="lower left")
    curve.set_title(say(en="Distance to the minimum", zh="到最低点的距离"))
    plain = arrival(0.0)
    if answered:
        mine = arrival(round(beta, 3))
        curve.set_title(
            say(
                en="Within 0.1 after {mine:,} steps (plain: {plain})",
                zh="{mine:,} 步后距离小于 0.1（普通：{plain} 步）",
                mine=mine,
                plain=plain,
            )
        )
    plane.set_title(say(en="The same rate for both: {rate:g}", zh="两者的学习率相同：{rate:g}", rate=RATE))
    return figure
