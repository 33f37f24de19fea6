"""Chapter 2: cross-entropy as entropy plus divergence."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from course.figures.style import COLORS, new_figure
from course.language import say

TARGETS = {"one-hot": (1.0, 0.0, 0.0), "smoothed": (0.9, 0.05, 0.05), "soft": (0.6, 0.3, 0.1)}


def entropy(t: np.ndarray) -> float:
    """Return -Σ t ln t in nat, with 0 ln 0 = 0."""
    t = np.asarray(t, dtype=float)
    positive = t[t > 0]
    return float(0.0 - np.sum(positive * np.log(positive)))


def cross_entropy(t: np.ndarray, q: np.ndarray) -> float:
    """Return -Σ t ln q in nat, with 0 ln 0 = 0 and inf where t > 0 meets q = 0."""
    t, q = np.asarray(t, dtype=float), np.asarray(q, dtype=float)
    positive = t > 0
    if np.any(q[positive] == 0):
        return float("inf")
    return float(0.0 - np.sum(t[positive] * np.log(q[positive])))


def mixed(t: np.ndarray, first: float) -> np.ndarray:
    """Return a distribution with ``first`` for class 1; the others share the rest as ``t`` does, or equally."""
    rest = t[1:] / t[1:].sum() if t[1:].sum() > 0 else np.array([0.5, 0.5])
    return np.concatenate(([first], (1 - first) * rest))


def fig_decomposition(target: str = "soft", q1: float = 0.8, answered: bool = True) -> Figure:
    """Cross-entropy H(t, q) = H(t) + KL(t‖q): a floor set by the data and a gap that training can close.

    ``q1`` is the predicted probability of class 1; the classes 2 and 3 share the rest in the ratio
    of the target (equally if the target gives them nothing).
    """
    t = np.array(TARGETS[target])
    q, place = mixed(t, q1), np.arange(3)
    fig, (left, right) = new_figure(1, 2, width=9.6, height=3.7, gridspec_kw={"width_ratios": (1, 1.35)})
    bars = [(-0.19, t, COLORS["grey"], say(en="target t", zh="目标 t"))]
    bars += [(0.19, q, COLORS["blue"], say(en="prediction q", zh="预测 q"))] if answered else []
    for shift, heights, color, name in bars:
        left.bar(place + shift, heights, 0.36, color=color, label=name)
        for k in range(3):
            left.text(k + shift, heights[k] + 0.02, f"{heights[k]:.2f}", ha="center", fontsize=8.5, color=color)
    left.set_xticks(place, [say(en="class {k}", zh="类别 {k}", k=k) for k in (1, 2, 3)])
    left.set(ylim=(0, 1.2), ylabel=say(en="probability", zh="概率"))
    left.legend(loc="upper right")
    left.grid(False, axis="x")
    right.set(xlim=(0, 1), ylim=(0, 3.2), ylabel="nat")
    right.set_xlabel(say(en="predicted probability of class 1, q1", zh="类别 1 的预测概率 q1"))
    if answered:
        _floor_and_gap(right, t, q1)
    return fig


def _floor_and_gap(ax: Axes, t: np.ndarray, q1: float) -> None:
    floor, here = entropy(t), cross_entropy(t, mixed(t, q1))
    gap = here - floor
    grid = np.linspace(0.01, 0.99, 393)
    ax.plot(grid, [cross_entropy(t, mixed(t, first)) for first in grid], color=COLORS["blue"], lw=2.6)
    ax.axhline(floor, color=COLORS["grey"], lw=1.8, ls="--")
    ax.fill_between([0, 1], 0, floor, color=COLORS["light"], alpha=0.7, lw=0)
    ax.plot([q1, q1], [floor, here], color=COLORS["red"], lw=5, solid_capstyle="butt", alpha=0.85)
    ax.plot([q1], [here], "o", color=COLORS["blue"], ms=9, zorder=5)
    side = 1 if q1 < 0.6 else -1
    ax.text(
        q1 + 0.02 * side,
        min((floor + here) / 2, 2.6) if gap > 0.3 else here + 0.28,
        f"KL = {gap:.3f}",
        color=COLORS["red"],
        weight="bold",
        va="center",
        ha="left" if side > 0 else "right",
        bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.85, "pad": 1.5},
    )
    words = say(en="entropy H(t) = {floor:.3f}", zh="熵 H(t) = {floor:.3f}", floor=floor)
    if floor > 0.25:
        ax.text(0.985 if q1 < 0.5 else 0.015, floor - 0.04, words, va="top", ha="right" if q1 < 0.5 else "left")
    else:
        ax.text(0.015 if q1 > 0.4 else 0.45, 0.05, words, va="bottom")
    ax.set_title(f"H(t, q) = {floor:.3f} + {gap:.3f} = {here:.3f} nat")
