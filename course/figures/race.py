"""Figure of chapter 6: four optimizers race on a ravine, the same ravine turned, a saddle and a bent valley."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
from matplotlib.figure import Figure

from course.figures.style import COLORS, new_figure
from course.figures.updates import RULE_COLORS, RULES, plain_ticks, rule_words, update_rule
from course.language import say

STEPS, NEAR, FAR = 200, 0.1, 50.0


@dataclass(frozen=True)
class Surface:
    """A loss of two weights.

    Attributes:
        loss: (x, y) → loss, also for arrays.
        slope: (x, y) → its two derivatives.
        start: where everybody begins.
        goals: the minima.
        rates: rule → learning rate.
        view: limits of both axes.
        levels: heights of the contour lines.
    """

    loss: Callable[..., np.ndarray]
    slope: Callable[[float, float], tuple[float, float]]
    start: tuple[float, float]
    goals: tuple[tuple[float, float], ...]
    rates: dict[str, float]
    view: tuple[float, float, float, float]
    levels: tuple[float, ...]


_RAVINE = {"sgd": 0.9, "momentum": 0.2, "rmsprop": 0.03, "adam": 0.1}
_LEVELS = (0.004, 0.012, 0.03, 0.07, 0.16, 0.4, 0.9, 1.8, 3.5)
SURFACES = {
    "ravine": Surface(
        lambda x, y: 0.01 * x**2 + y**2,
        lambda x, y: (0.02 * x, 2 * y),
        (-2.6, 0.9),
        ((0.0, 0.0),),
        _RAVINE,
        (-3.2, 3.2, -2.4, 2.4),
        _LEVELS,
    ),
    "turned": Surface(  # the ravine, with x and y turned by 45 degrees
        lambda x, y: 0.005 * (x + y) ** 2 + 0.5 * (y - x) ** 2,
        lambda x, y: (0.01 * (x + y) - (y - x), 0.01 * (x + y) + (y - x)),
        (-3.5 / 2**0.5, -1.7 / 2**0.5),
        ((0.0, 0.0),),
        _RAVINE,
        (-3.2, 3.2, -2.4, 2.4),
        _LEVELS,
    ),
    "saddle": Surface(
        lambda x, y: x**2 + 0.05 * (0.25 * y**4 - 0.5 * y**2) + 0.0125,
        lambda x, y: (2 * x, 0.05 * (y**3 - y)),
        (-1.6, 0.001),
        ((0.0, 1.0), (0.0, -1.0)),
        {"sgd": 0.9, "momentum": 0.5, "rmsprop": 0.03, "adam": 0.05},
        (-2.0, 2.0, -1.5, 1.5),
        (0.002, 0.006, 0.0124, 0.03, 0.1, 0.3, 0.8, 1.6, 3.0),
    ),
    "rosenbrock": Surface(  # Rosenbrock (1960) with 10 in place of 100
        lambda x, y: (1 - x) ** 2 + 10 * (y - x**2) ** 2,
        lambda x, y: (-2 * (1 - x) - 40 * x * (y - x**2), 20 * (y - x**2)),
        (-1.2, 1.2),
        ((1.0, 1.0),),
        {"sgd": 0.02, "momentum": 0.005, "rmsprop": 0.03, "adam": 0.2},
        (-2.0, 2.0, -1.0, 2.0),
        (0.05, 0.3, 1.0, 3.0, 8.0, 20.0, 50.0, 120.0),
    ),
}


def surface_words(name: str) -> str:
    """Say the name of a surface in the notebook's language."""
    return {
        "ravine": say(en="Ravine along the axes", zh="沿坐标轴的峡谷"),
        "turned": say(en="Ravine turned by 45°", zh="转了 45° 的峡谷"),
        "saddle": say(en="Saddle", zh="鞍点"),
        "rosenbrock": say(en="Bent valley (Rosenbrock)", zh="弯谷（Rosenbrock）"),
    }[name]


@cache
def path(surface: str, rule: str, factor: float = 1.0, steps: int = STEPS) -> np.ndarray:
    """Return the points (at most steps + 1, 2); the path ends where a point is farther than 50 from the origin."""
    ground = SURFACES[surface]
    update = update_rule(rule, factor * ground.rates[rule])
    points = [np.array(ground.start)]
    for step in range(steps):
        points.append(update(step, {"p": points[-1]}, {"p": np.array(ground.slope(*points[-1]))})["p"])
        if not np.abs(points[-1]).max() < FAR:
            break
    return np.array(points)


def distances(surface: str, points: np.ndarray) -> np.ndarray:
    """Return the distance (n,) of points (n, 2) to the nearest minimum."""
    return np.asarray(np.min([np.hypot(*(points - goal).T) for goal in SURFACES[surface].goals], axis=0))


def arrival(surface: str, rule: str, factor: float = 1.0) -> int | None:
    """Return the first step after which the path stays within 0.1 of a minimum; None if 400 steps do not get there."""
    far = distances(surface, path(surface, rule, factor, 400)) >= NEAR
    return None if far[-1] else int(np.flatnonzero(far)[-1]) + 1


@cache
def _ground(surface: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    left, right, low, high = SURFACES[surface].view
    x, y = np.linspace(left, right, 81), np.linspace(low, high, 61)
    return x, y, SURFACES[surface].loss(x[None, :], y[:, None])


def fig_race(surface: str = "ravine", factor: float = 1.0, step: int = 60, answered: bool = True) -> Figure:
    """Left: the paths of four optimizers. Right: the distance to the nearest minimum against the step.

    Args:
        surface: a key of :data:`SURFACES`.
        factor: multiplies every optimizer's rate.
        step: number of steps shown, 0 … 200.
        answered: False shows the surface and the start.
    """
    ground = SURFACES[surface]
    figure, (plane, curve) = new_figure(1, 2, width=9.6, height=4.1)
    plane.contour(*_ground(surface), levels=ground.levels, colors=COLORS["grey"], linewidths=0.7, alpha=0.7)
    for goal in ground.goals:
        plane.plot(*goal, "*", color=COLORS["green"], ms=12)
    plane.set(xlim=ground.view[:2], ylim=ground.view[2:], xlabel="p₁", ylabel="p₂")
    plane.grid(False)
    plane.set_title(surface_words(surface))
    curve.set_title(say(en="Steps until within 0.1 for good", zh="多少步后距离始终小于 0.1"))
    curve.axhline(NEAR, color=COLORS["green"], lw=1.2, ls=":")
    curve.set(
        xlim=(0, STEPS),
        ylim=(3e-5, 20),
        yscale="log",
        xlabel=say(en="step", zh="步数"),
        ylabel=say(en="distance to the nearest minimum", zh="到最近的最低点的距离"),
    )
    plain_ticks(curve, "y")
    for rule in RULES if answered else ():
        points = path(surface, rule, factor)[: step + 1]
        plane.plot(*points.T, ".-", color=RULE_COLORS[rule], ms=4, lw=1.3)
        plane.plot(*points[-1], "o", color=RULE_COLORS[rule], ms=7, clip_on=True)
        there = arrival(surface, rule, factor)
        lost = np.abs(path(surface, rule, factor)[-1]).max() >= FAR
        label = say(
            en="{name}, rate {rate:g}: {end}",
            zh="{name}，学习率 {rate:g}：{end}",
            name=rule_words(rule),
            rate=factor * ground.rates[rule],
            end=say(en="diverges", zh="发散")
            if lost
            else say(en="over 400", zh="超过 400 步")
            if there is None
            else say(en="{n} steps", zh="{n} 步", n=there),
        )
        curve.plot(distances(surface, points), color=RULE_COLORS[rule], label=label)
    plane.plot(*ground.start, "o", color=COLORS["ink"], ms=6)
    if answered:
        curve.legend(loc="lower left", fontsize=9)
    return figure
