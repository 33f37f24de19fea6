"""Batch, mini-batch and stochastic gradient descent on the same loss (chapter 3)."""

import time
from functools import cache

import numpy as np
from matplotlib.figure import Figure

from course.figures.descent import level_lines
from course.figures.style import COLORS, new_figure
from course.language import say

N = 128
START = (-1.0, 3.0)
SIZES = {1: "orange", 8: "green", 32: "purple", 128: "blue"}
"""Batch sizes that are compared, and their colours; 128 is the full batch."""


def noisy_line() -> tuple[np.ndarray, np.ndarray]:
    """Return 128 points (x, y) of y = 2x + 1 with normal noise of deviation 0.8, drawn from seed 7."""
    rng = np.random.default_rng(7)
    x = rng.normal(0.4, 1.0, N)
    return x, 2 * x + 1 + rng.normal(0, 0.8, N)


@cache
def batch_path(batch_size: int, lr: float, epochs: int, seed: int) -> np.ndarray:
    """Return (w, b) before and after every update, (1 + updates, 2); rows are reshuffled in each epoch."""
    x, y = noisy_line()
    rng = np.random.default_rng(seed)
    path = [np.array(START)]
    for _ in range(epochs):
        order = rng.permutation(N)
        for first in range(0, N, batch_size):
            rows = order[first : first + batch_size]
            w, b = path[-1]
            residual = y[rows] - (w * x[rows] + b)
            path.append(path[-1] + 2 * lr * np.array([np.mean(x[rows] * residual), np.mean(residual)]))
    points = np.array(path)
    points.flags.writeable = False  # the next call returns the same array
    return points


@cache
def seconds_per_update(batch_size: int) -> float:
    """Measure one update on this computer: the fastest of 7 runs of 20 updates, per update."""
    runs, epochs = [], -(-20 * batch_size // N)
    for _ in range(7):
        begin = time.perf_counter()
        updates = len(batch_path.__wrapped__(batch_size, 0.05, epochs, 0)) - 1  # not from the cache
        runs.append((time.perf_counter() - begin) / updates)
    return min(runs)


def excess(path: np.ndarray) -> np.ndarray:
    """Return how far the loss of all rows lies above its minimum at each (w, b) of path, (len(path),)."""
    x, y = noisy_line()
    A = np.column_stack([x, np.ones(N)])
    away = (
        A @ (path - np.linalg.lstsq(A, y, rcond=None)[0]).T
    )  # (N, len(path)); residuals of the best line are across A
    return np.asarray(np.mean(away**2, axis=0))


def fig_minibatch(
    clock: str = "epochs", batch_size: int = 8, lr: float = 0.05, epochs: int = 1, seed: int = 0, answered: bool = True
) -> Figure:
    """Show one run from above, and the loss of runs with four batch sizes against a clock of your choice.

    Args:
        clock: ``"epochs"``, ``"updates"`` or ``"seconds"``, which are measured on this computer.
        batch_size: the run shown from above, one of ``SIZES``.
        lr: learning rate.
        epochs: passes over the 128 rows, 1 … 10.
        seed: seed of the shuffling.
        answered: whether the runs are shown; otherwise only the surface and the start.
    """
    x, y = noisy_line()
    A = np.column_stack([x, np.ones(N)])
    best = np.linalg.lstsq(A, y, rcond=None)[0]
    fig, (plane, curve) = new_figure(1, 2, width=9.6, height=4.0, gridspec_kw={"width_ratios": [1, 1.25]})
    plane.plot(*level_lines(2 / N * A.T @ A, best, np.geomspace(0.03, 14, 9)), color=COLORS["grey"], lw=0.8, alpha=0.7)
    plane.set(xlim=(-1.5, 3.6), ylim=(-0.9, 3.6), xlabel="$w$", ylabel="$b$")
    plane.grid(False)
    label = {
        "epochs": say(en="epochs (passes over the 128 rows)", zh="轮次（128 行数据过一遍为一轮）"),
        "updates": say(en="updates", zh="更新次数"),
        "seconds": say(en="milliseconds, measured on this computer", zh="毫秒（在这台计算机上实测）"),
    }[clock]
    curve.set(
        xlim=(0, epochs),
        ylim=(1e-4, 100),
        yscale="log",
        xlabel=label,
        ylabel=say(en="loss above its minimum", zh="损失高出最小值多少"),
    )
    curve.minorticks_off()  # a third of the drawing time
    if not answered:
        plane.plot(*START, "o", color=COLORS["ink"], ms=7)
        return fig

    ends, last = {}, []
    for size, name in SIZES.items():
        path = batch_path(size, lr, epochs, seed)
        updates = np.arange(len(path))
        scale = {
            "epochs": size / N,
            "updates": 1.0,
            "seconds": 1e3 * seconds_per_update(size) if clock == "seconds" else 0,
        }
        gap, few = np.clip(excess(path), 1e-6, 1e6), len(path) <= 90
        ends[size] = gap[-1]
        last.append(updates[-1] * scale[clock])
        style = "o-" if few else "-"
        text = say(en="batch size {size}", zh="批量大小 {size}", size=size)
        curve.plot(updates * scale[clock], gap, style, color=COLORS[name], ms=3, lw=1.5 if few else 0.9, label=text)
        if size == batch_size:
            plane.plot(path[:, 0], path[:, 1], style, color=COLORS[name], ms=3, lw=1.5 if few else 0.8)
    plane.plot(*START, "o", color=COLORS["ink"], ms=7)
    plane.plot(*best, "*", color=COLORS["ink"], ms=13, zorder=5)
    plane.set_title(say(en="The path at batch size {size}", zh="批量大小为 {size} 时的路径", size=batch_size))
    if clock != "epochs":  # the runs differ a hundredfold in length
        curve.set_xscale("log")
        curve.minorticks_off()
        first = 1.0 if clock == "updates" else 1e3 * min(seconds_per_update(size) for size in SIZES)
        curve.set_xlim(first, max(last))
    curve.legend(loc="upper right", fontsize=9, ncols=2)
    lowest = min(ends, key=lambda size: ends[size])
    curve.set_title(
        say(
            en="After {n} epochs batch size {lowest} is lowest",
            zh="{n} 轮之后，批量大小 {lowest} 最低",
            n=epochs,
            lowest=lowest,
        )
        if epochs > 1
        else say(en="After 1 epoch batch size {lowest} is lowest", zh="1 轮之后，批量大小 {lowest} 最低", lowest=lowest)
    )
    return fig
