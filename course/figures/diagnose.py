"""Six loss curves with six ailments, all from real runs of descent on a line (chapter 3)."""

from functools import cache

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import NullLocator

from course.figures.minibatch import START, N, noisy_line
from course.figures.style import COLORS, new_figure
from course.language import say

STEPS = 256
"""Updates of each run: two epochs at batch size 1."""


def run(
    x: np.ndarray, y: np.ndarray, lr: float, batch_size: int, shuffle: bool = True, constant: bool = False
) -> np.ndarray:
    """Return the loss of all rows before and after each of 256 updates, (257,).

    Args:
        x, y: the rows (n,).
        lr: learning rate.
        batch_size: rows per update.
        shuffle: whether each epoch has a new order.
        constant: repeat the gradient at the start, turned by 30°, for ever.
    """
    rng = np.random.default_rng(5)
    theta, order = np.array(START), np.arange(len(x))
    losses: list[float] = []
    first: np.ndarray | None = None
    while len(losses) <= STEPS:
        if shuffle:
            order = rng.permutation(len(x))
        for at in range(0, len(x), batch_size):
            losses.append(float(np.mean((y - theta[0] * x - theta[1]) ** 2)))
            rows = order[at : at + batch_size]
            residual = y[rows] - theta[0] * x[rows] - theta[1]
            gradient = -2 * np.array([np.mean(x[rows] * residual), np.mean(residual)])
            if constant:
                if first is None:
                    c, s = np.cos(np.pi / 6), np.sin(np.pi / 6)
                    first = np.array([[c, -s], [s, c]]) @ gradient
                gradient = first
            theta = theta - lr * gradient
    return np.array(losses[: STEPS + 1])


@cache
def curves() -> dict[str, np.ndarray]:
    """Return the loss curves A … F, (257,) each."""
    x, y = noisy_line()
    A = np.column_stack([x, np.ones(N)])
    bound = 2 / np.linalg.eigvalsh(2 / N * A.T @ A)[-1]
    order = np.argsort(y)
    shifted = x + 4  # the same rows, far from 0: a ravine
    B = np.column_stack([shifted, np.ones(N)])
    steep = np.linalg.eigvalsh(2 / N * B.T @ B)[-1]
    return {
        "A": run(shifted, y, 0.15 / steep, N),
        "B": run(x, y, 1.01 * bound, N),
        "C": run(x, y, 0.08, 1),
        "D": run(x, y, 0.0006, N),
        "E": run(x[order], y[order], 0.15, 4, shuffle=False),
        "F": run(x, y, 0.005, N, constant=True),
    }


def fig_diagnose(logarithmic: bool = True) -> Figure:
    """Show the six curves without saying what ails them.

    Args:
        logarithmic: whether the losses are on logarithmic axes.
    """
    fig, axes = new_figure(2, 3, width=9.6, height=4.8, sharex=True)
    for axis, (letter, losses) in zip(axes.flat, curves().items(), strict=True):
        axis.plot(losses, color=COLORS["blue"], lw=1.4)
        axis.set(xlim=(0, STEPS), xticks=range(0, STEPS + 1, 64))
        if logarithmic:
            low, high = np.floor(np.log10(losses.min())), np.ceil(np.log10(losses.max()))
            axis.set(yscale="log", ylim=(10**low, 10**high), yticks=10 ** np.arange(low, high + 1))
            axis.yaxis.set_major_formatter("{x:g}")
            axis.yaxis.set_minor_locator(NullLocator())
        else:
            axis.set(ylim=(0, 1.05 * losses.max()))
        axis.set_title(letter)
    for axis in axes[:, 0]:
        axis.set_ylabel(say(en="loss", zh="损失"))
    for axis in axes[1]:
        axis.set_xlabel(say(en="update", zh="更新次数"))
    return fig
