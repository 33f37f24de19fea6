"""Chapter 2: losses of one number, what their gradients do, and which constant each of them asks for.

Conventions of the chapter: squared error (p - y)² with factor 1, Huber as in Huber (1964): r²/2
near zero, linear beyond delta.
"""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from course.figures.style import COLORS, new_figure
from course.language import say

LOSS_COLORS = {"MSE": COLORS["blue"], "MAE": COLORS["red"], "Huber": COLORS["green"]}
CLUSTER = np.array([1.2, 1.8, 2.2, 2.7])
DEMAND = np.array([31, 34, 36, 37, 39, 40, 41, 42, 42, 43, 44, 45, 46, 48, 49, 51, 54, 58, 66, 80.0])
"""Loaves asked for on twenty days."""


def pointwise_loss(name: str, r: np.ndarray | float, delta: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    """Return loss and derivative at the error ``r = p - y``; ``name`` is "MSE", "MAE" or "Huber"."""
    r = np.asarray(r, dtype=float)
    if name == "MSE":
        return r**2, 2 * r
    if name == "MAE":
        return np.abs(r), np.sign(r)
    if name == "Huber":
        near = np.abs(r) <= delta
        return np.where(near, r**2 / 2, delta * (np.abs(r) - delta / 2)), np.clip(r, -delta, delta)
    raise ValueError(f"no loss is called {name!r}; choose MSE, MAE or Huber")


def fig_pointwise(
    p: float = 3.0, loss: str = "MSE", rate: float = 0.3, delta: float = 1.0, y: float = 1.0, answered: bool = True
) -> Figure:
    """Three losses of one prediction ``p`` for the target ``y``: values on the left, derivatives on the right.

    An arrow shows one step of gradient descent with the learning rate ``rate`` under ``loss``,
    which is drawn boldly.
    """
    fig, (left, right) = new_figure(1, 2, width=9.6, height=3.9)
    for axis in (left, right):
        axis.axvline(y, color=COLORS["grey"], lw=1, ls="--")
        axis.axvline(p, color=COLORS["ink"], lw=0.8, ls=":")
        axis.set(xlim=(-3.2, 5.2), xlabel=say(en="prediction p", zh="预测值 p"))
    left.text(y - 0.1, 8.7, say(en="target {y:g}", zh="目标 {y:g}", y=y), color=COLORS["grey"], va="top", ha="right")
    left.set(ylim=(-0.4, 9), ylabel=say(en="loss of one sample", zh="单个样本的损失"))
    right.set(ylim=(-8.5, 8.5), ylabel=say(en="slope dL/dp", zh="斜率 dL/dp"))
    if answered:
        _curves(left, right, p, loss, delta, y)
        slope = float(pointwise_loss(loss, p - y, delta)[1])
        value = float(pointwise_loss(loss, p - y, delta)[0])
        end = p - rate * slope
        if abs(end - p) > 1e-9:
            shape = {"arrowstyle": "-|>", "lw": 2.2, "color": COLORS["ink"], "shrinkA": 0, "shrinkB": 0}
            left.annotate("", (end, value), (p, value), zorder=5, annotation_clip=False, arrowprops=shape)
        if (end - y) * (p - y) < -1e-9:
            left.set_title(
                say(
                    en="{loss}: the step to {end:.2f} overshoots",
                    zh="{loss}：这一步走到 {end:.2f}，走过了头",
                    loss=loss,
                    end=end,
                )
            )
        else:
            left.set_title(
                say(en="{loss}: the step ends at {end:.2f}", zh="{loss}：这一步走到 {end:.2f}", loss=loss, end=end)
            )
        right.set_title(
            say(en="slope of {loss}: {slope:+.2f}", zh="{loss} 的斜率：{slope:+.2f}", loss=loss, slope=slope)
        )
    return fig


def _curves(left: Axes, right: Axes, p: float, loss: str, delta: float, y: float) -> None:
    grid = np.linspace(-3.2, 5.2, 421)
    for name, color in LOSS_COLORS.items():
        bold = name == loss
        values, slopes = pointwise_loss(name, grid - y, delta)
        value, slope = (float(v) for v in pointwise_loss(name, p - y, delta))
        style: dict[str, Any] = {"color": color, "lw": 2.8 if bold else 1.6, "alpha": 1.0 if bold else 0.45}
        left.plot(grid, values, **style)
        right.plot(grid, slopes, label=f"{name}: {slope:+.2f}", **style)
        left.plot([p], [value], "o", color=color, ms=8 if bold else 5, zorder=4)
        right.plot([p], [slope], "o", color=color, ms=8 if bold else 5, zorder=4)
    right.axhline(0, color=COLORS["ink"], lw=0.8)
    right.legend(loc="upper left", title=say(en="slope at p", zh="p 处的斜率"), alignment="left")


def fig_best_constant(outlier: float = 4.0, c: float = 3.0, answered: bool = True) -> Figure:
    """Mean loss of one constant for four close values and an outlier, and how hard each value pulls at ``c``."""
    y = np.append(CLUSTER, outlier)
    fig, (curves, pulls) = new_figure(1, 2, width=9.8, height=3.9, gridspec_kw={"width_ratios": (1.25, 1)})
    curves.plot(CLUSTER, np.full(CLUSTER.size, -0.45), "o", color=COLORS["ink"], ms=6, clip_on=False)
    curves.plot([outlier], [-0.45], "D", color=COLORS["orange"], ms=8, zorder=6)
    curves.text(outlier + 0.2, -0.45, say(en="outlier", zh="离群点"), va="center", fontsize=9)
    curves.set(
        xlim=(0, 9.4),
        ylim=(-0.9, 9.0),
        xlabel=say(en="constant c", zh="常数 c"),
        ylabel=say(en="mean loss", zh="平均损失"),
    )
    names = [say(en="y = {y:.1f}", zh="y = {y:.1f}", y=value) for value in y]
    pulls.set_yticks(range(5), names)
    pulls.set(ylim=(4.6, -0.6), xlim=(-2.7, 2.7), xlabel=say(en="pull on c", zh="对 c 的拉力"))
    if not answered:
        return fig
    grid = np.linspace(0, 9.4, 471)
    best = {"MSE": float(np.mean(y)), "MAE": float(np.median(y))}
    for shift, name in ((-0.14, "MSE"), (0.14, "MAE")):
        color = LOSS_COLORS[name]
        curves.plot(grid, np.mean(pointwise_loss(name, grid - y[:, None])[0], axis=0), color=color, lw=2.4, label=name)
        least = float(np.mean(pointwise_loss(name, best[name] - y)[0]))
        curves.plot([best[name]], [least], "v", color=color, ms=10, zorder=5)
        force = -pointwise_loss(name, c - y)[1] / y.size
        pulls.barh(np.arange(5) + shift, force, 0.24, color=color, label=name)
    curves.axvline(c, color=COLORS["ink"], lw=0.9, ls=":")
    curves.legend(loc="upper right")
    curves.set_title(
        say(en="Lowest: MSE at {mean:.2f}, MAE at {median:.2f}", zh="最低点：MSE 在 {mean:.2f}，MAE 在 {median:.2f}",
            mean=best["MSE"], median=best["MAE"])
    )  # fmt: skip
    pulls.axvline(0, color=COLORS["ink"], lw=0.8)
    total = {name: float(-np.mean(pointwise_loss(name, c - y)[1])) + 0.0 for name in best}
    pulls.set_title(
        say(en="Sum at c = {c:.1f}: MSE {mse:+.2f}, MAE {mae:+.2f}", zh="c = {c:.1f} 处合计：MSE {mse:+.2f}，MAE {mae:+.2f}",
            c=c, mse=total["MSE"], mae=total["MAE"])
    )  # fmt: skip
    return fig


def mean_cost(c: float | np.ndarray, y: np.ndarray, short: float, left_over: float) -> np.ndarray:
    """Return the mean cost of baking ``c`` for the demands ``y``: ``short`` per missing, ``left_over`` per unsold piece."""
    gap = y[:, None] - np.atleast_1d(c)
    return np.asarray(np.mean(np.where(gap > 0, short * gap, -left_over * gap), axis=0))


def fig_costs(short: float = 4.0, left_over: float = 1.0, answered: bool = True) -> Figure:
    """Mean cost per day of baking c loaves, for twenty days of demand and two prices of a mistake."""
    fig, ax = new_figure(width=7.8, height=3.9)
    ax.plot(DEMAND, np.zeros(DEMAND.size), "|", color=COLORS["ink"], ms=14, mew=1.6, zorder=4, clip_on=False)
    ax.set(
        xlim=(25, 85),
        xlabel=say(en="loaves baked, c   (marks: demand on twenty days)", zh="烤出的面包数 c（短竖线：二十天的需求）"),
    )
    ax.set(ylim=(0, 100), ylabel=say(en="mean cost per day in euros", zh="平均每天的损失（欧元）"))
    if not answered:
        return fig
    grid = np.linspace(25, 85, 601)
    cost = mean_cost(grid, DEMAND, short, left_over)
    best = float(grid[np.argmin(cost)])
    ax.plot(grid, cost, color=COLORS["purple"], lw=2.8)
    ax.plot([best], [cost.min()], "v", color=COLORS["purple"], ms=11, zorder=5)
    for name, place, color in (
        (say(en="median", zh="中位数"), float(np.median(DEMAND)), LOSS_COLORS["MAE"]),
        (say(en="mean", zh="平均数"), float(np.mean(DEMAND)), LOSS_COLORS["MSE"]),
    ):
        ax.axvline(place, color=color, lw=1.4, ls="--")
        side = "right" if color == LOSS_COLORS["MAE"] else "left"
        ax.text(place + (-0.4 if side == "right" else 0.4), 97, f"{name} {place:g}", color=color, ha=side, va="top")
    ax.set_ylim(0, max(100.0, 1.1 * float(cost.min())))
    share = float(np.mean(best >= DEMAND - 1e-9))
    ax.set_title(
        say(en="Cheapest: {best:.0f} loaves, enough on {share:.0%} of the days", zh="最省：烤 {best:.0f} 个，{share:.0%} 的日子够卖",
            best=best, share=share)
    )  # fmt: skip
    return fig
