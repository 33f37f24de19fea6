"""Chapter 2: how hard a loss pulls at a logit: cross-entropy races squared error, and rare positives get a weight."""

from collections.abc import Callable

import numpy as np
from matplotlib.figure import Figure

from course.figures.style import COLORS, new_figure
from course.language import say

RACE = 400
"""Steps of the race."""


def sigmoid(z: np.ndarray | float) -> np.ndarray:
    """Return 1 / (1 + exp(-z)) without overflow for any finite ``z``."""
    e = np.exp(-np.abs(np.asarray(z, dtype=float)))
    return np.asarray(np.where(np.asarray(z) >= 0, 1 / (1 + e), e / (1 + e)))


def race(z: float, rate: float, steps: int = RACE) -> dict[str, np.ndarray]:
    """Return the probability σ(z) of the label 1 before each step of gradient descent: loss → (steps + 1,)."""
    slopes: dict[str, Callable[[float], float]] = {
        "cross-entropy": lambda p: p - 1,
        "squared error": lambda p: 2 * (p - 1) * p * (1 - p),
    }
    paths = {}
    for name, slope in slopes.items():
        here, path = z, []
        for _ in range(steps + 1):
            p = float(sigmoid(here))
            path.append(p)
            here -= rate * slope(p)
        paths[name] = np.array(path)
    return paths


def fig_race(z: float = -6.0, rate: float = 1.0, answered: bool = True) -> Figure:
    """One logit, label 1, starting at ``z``: the probability of the label, step by step, under two losses."""
    fig, ax = new_figure(width=8.4, height=3.9)
    ax.axhline(0.5, color=COLORS["grey"], lw=1, ls="--")
    ax.plot([0], [float(sigmoid(z))], "o", color=COLORS["ink"], ms=8, zorder=5)
    ax.set(xlim=(-6, RACE + 6), ylim=(-0.03, 1.05), xlabel=say(en="step", zh="步数"))
    ax.set_ylabel(say(en="probability of the label, σ(z)", zh="标签的概率 σ(z)"))
    if not answered:
        return fig
    first = {}
    for (name, path), color in zip(race(z, rate).items(), (COLORS["orange"], COLORS["blue"]), strict=True):
        label = {
            "cross-entropy": say(en="cross-entropy", zh="交叉熵"),
            "squared error": say(en="squared error of σ(z)", zh="σ(z) 的平方误差"),
        }[name]
        ax.plot(path, color=color, lw=2.8, label=label)
        past = np.flatnonzero(path > 0.5)
        first[name] = str(past[0]) if past.size else say(en="more than {n}", zh="{n} 以上", n=RACE)
    ax.legend(loc="lower right")
    ax.set_title(
        say(en="Steps to pass 1/2: cross-entropy {ce}, squared error {se}", zh="越过 1/2 所需步数：交叉熵 {ce}，平方误差 {se}",
            ce=first["cross-entropy"], se=first["squared error"])
    )  # fmt: skip
    return fig


def fig_pos_weight(z: float = -2.0, weight: float = 1.0, ill: int = 1, answered: bool = True) -> Figure:
    """A hundred people, ``ill`` of them ill, all given the same logit ``z``: who pulls at it, and where is balance?

    Left: the pull of all positives (up) and of all negatives (down) on the logit, from binary
    cross-entropy with the positives weighted by ``weight``. Right: the mean loss against the logit.
    """
    fig, (pulls, curve) = new_figure(1, 2, width=9.8, height=3.9, gridspec_kw={"width_ratios": (1, 1.4)})
    well, p = 100 - ill, float(sigmoid(z))
    names = [
        say(en="{n} ill, pulling up", zh="{n} 名患者，向上拉", n=ill),
        say(en="{n} healthy, pulling down", zh="{n} 名健康人，向下拉", n=well),
    ]
    pulls.set_yticks((0, 1), names)
    pulls.set(ylim=(1.7, -0.7), xlim=(0, 112), xlabel=say(en="sum of the pulls", zh="拉力之和"))
    pulls.grid(False, axis="y")
    curve.set(xlim=(-7, 7), ylim=(0, 8), xlabel=say(en="logit z given to everybody", zh="给所有人的同一个 logit z"))
    curve.set_ylabel(say(en="mean loss in nat", zh="平均损失（nat）"))
    if not answered:
        return fig
    up, down = weight * ill * (1 - p), well * p
    for row, (force, color) in enumerate(((up, COLORS["orange"]), (down, COLORS["blue"]))):
        pulls.barh(row, force, 0.55, color=color)
        pulls.text(force + 1, row, f"{force:.2f}", va="center")
    pulls.set_xlim(0, max(112.0, 1.22 * max(up, down)))
    pulls.set_title(say(en="p = σ(z) = {p:.3f}", zh="p = σ(z) = {p:.3f}", p=p))
    grid = np.linspace(-7, 7, 281)
    loss = (weight * ill * np.logaddexp(0, -grid) + well * np.logaddexp(0, grid)) / 100
    here = (weight * ill * np.logaddexp(0, -z) + well * np.logaddexp(0, z)) / 100
    balance = float(np.log(weight * ill / well))
    curve.plot(grid, loss, color=COLORS["ink"], lw=2.4)
    curve.plot([z], [here], "o", color=COLORS["red"], ms=9, zorder=5)
    curve.axvline(balance, color=COLORS["green"], lw=1.4, ls="--")
    curve.set_title(
        say(
            en="Balance at z = {z:.2f}, p = {p:.3f}",
            zh="平衡点 z = {z:.2f}，p = {p:.3f}",
            z=balance,
            p=float(sigmoid(balance)),
        )
    )
    return fig
