"""Fitting a line by gradient descent, one step at a time (chapter 3)."""

import numpy as np
from matplotlib.figure import Figure

from course.figures.style import COLORS, new_figure
from course.language import say

START = (-0.5, 4.0)
"""The line (w, b) that the fit starts from."""


def line_data() -> tuple[np.ndarray, np.ndarray]:
    """Return 16 points (x, y) around the line y = 1.5 x + 1, drawn from seed 3."""
    rng = np.random.default_rng(3)
    x = np.sort(rng.uniform(-2, 2, 16))
    return x, 1.5 * x + 1 + rng.normal(0, 0.6, 16)


def fit_line(x: np.ndarray, y: np.ndarray, lr: float, steps: int) -> np.ndarray:
    """Return (w, b) after 0 … steps updates of descent on the mean squared error, as (steps + 1, 2)."""
    path = [np.array(START)]
    for _ in range(steps):
        w, b = path[-1]
        residual = y - (w * x + b)
        gradient = np.array([-2 * np.mean(x * residual), -2 * np.mean(residual)])
        path.append(path[-1] - lr * gradient)
    return np.array(path)


def fig_line_fit(lr: float = 0.05, step: int = 10, answered: bool = True) -> Figure:
    """Show the line, its residuals as bars, and the mean squared error so far.

    Args:
        lr: learning rate, 0 … 1.
        step: number of updates done, 0 … 40.
        answered: whether the descent is shown; otherwise only the data and the first line.
    """
    x, y = line_data()
    path = fit_line(x, y, lr, step if answered else 0)
    losses = np.mean((y - path[:, :1] * x - path[:, 1:]) ** 2, axis=1)  # (step + 1,)
    w, b = path[-1]
    residual = y - (w * x + b)
    fig, (data, curve) = new_figure(1, 2, width=9.4, height=3.8)

    ends = np.array([-2.3, 2.3])
    data.vlines(
        x,
        np.minimum(y, y - residual),
        np.maximum(y, y - residual),
        color=COLORS["orange"],
        lw=2.4,
        alpha=0.9,
        label=say(en="residuals", zh="残差"),
    )
    data.plot(ends, w * ends + b, color=COLORS["blue"], label=say(en="current line", zh="当前直线"))
    data.plot(x, y, "o", color=COLORS["ink"], ms=5)
    data.set(xlim=(-2.3, 2.3), ylim=(-4.5, 7.0), xlabel="$x$", ylabel="$y$")
    curve.set(
        xlim=(-0.5, 40.5),
        ylim=(0.04, 300),
        yscale="log",
        xlabel=say(en="step", zh="步数"),
        ylabel=say(en="mean squared error", zh="均方误差"),
    )
    curve.minorticks_off()  # a third of the drawing time
    if not answered:
        return fig

    A = np.column_stack([x, np.ones_like(x)])
    best = np.linalg.lstsq(A, y, rcond=None)[0]
    lowest = float(np.mean((y - A @ best) ** 2))
    squares = say(en="least squares", zh="最小二乘")
    data.plot(ends, best[0] * ends + best[1], ":", color=COLORS["green"], lw=1.8, label=squares)
    data.set_title(
        say(
            en="Step {step}: $w$ = {w}, $b$ = {b}",
            zh="第 {step} 步：$w$ = {w}，$b$ = {b}",
            step=step,
            w=shown(w),
            b=shown(b),
        )
    )
    data.legend(loc="upper left", fontsize=9, ncols=3, columnspacing=1.0, handlelength=1.4)
    if np.abs(w * ends + b).max() > 20:
        data.text(
            0,
            -3.9,
            say(en="the line is off scale", zh="直线已超出坐标范围"),
            ha="center",
            color="white",
            weight="bold",
            bbox={"facecolor": COLORS["red"], "edgecolor": "none", "boxstyle": "round,pad=0.35"},
        )
    curve.axhline(lowest, color=COLORS["green"], ls=":", lw=1.8)
    curve.text(40, lowest * 0.9, f"{squares} {lowest:.3f}", color=COLORS["green"], ha="right", va="top")
    curve.plot(np.arange(step + 1), losses, "o-", color=COLORS["blue"], ms=3, lw=1.6)
    curve.set(xlim=(-0.5, 40.5), ylim=(0.04, max(300.0, 3 * float(losses.max()))))  # grows with a run that diverges
    slope = np.hypot(np.mean(2 * x * residual), np.mean(2 * residual))
    curve.set_title(
        say(
            en="Loss {loss}, gradient norm {slope}",
            zh="损失 {loss}，梯度范数 {slope}",
            loss=shown(losses[-1]),
            slope=shown(slope),
        )
    )
    return fig


def shown(value: float) -> str:
    """Write a number with three decimals, or in powers of ten where it is very small or large."""
    return f"{value:.3f}" if value == 0 or 1e-3 <= abs(value) < 1e4 else f"{value:.1e}"
