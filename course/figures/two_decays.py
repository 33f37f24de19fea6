"""Figure of chapter 6: the same decay as part of the gradient, and apart from it, under Adam."""

from functools import lru_cache

import numpy as np
from matplotlib.figure import Figure

from course.figures.style import COLORS, new_figure
from course.language import say

STEPS, RATE, RUNS = 400, 0.01, 40
SIZES = (10.0, 0.01)
"""Deviation of the gradients of the loud and of the quiet weight; their mean is 0."""


@lru_cache(maxsize=32)
def weights(decay: float, apart: bool) -> np.ndarray:
    """Return both weights (401, 2) under Adam, from 1, averaged over 40 runs with random gradients of mean 0.

    Args:
        decay: the coefficient λ.
        apart: λ·p is subtracted from the weight, times the rate; otherwise it is added to the gradient.
    """
    noise = np.random.default_rng(0).normal(0, 1, (STEPS, RUNS, 2)) * SIZES
    p, m, v = np.ones((RUNS, 2)), np.zeros((RUNS, 2)), np.zeros((RUNS, 2))
    means = [p.mean(axis=0)]
    for t, g in enumerate(noise, start=1):
        g = g if apart else g + decay * p
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
        move = m / (1 - 0.9**t) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
        p = p - RATE * move - (RATE * decay * p if apart else 0.0)
        means.append(p.mean(axis=0))
    return np.array(means)


def fig_two_decays(decay: float = 0.2, step: int = STEPS, answered: bool = True) -> Figure:
    """Left: the decay is added to the gradient. Right: it is taken from the weights, apart from Adam's step.

    Args:
        decay: the coefficient λ, 0 … 0.5.
        step: number of steps shown, 0 … 400.
        answered: False shows the axes and the start.
    """
    figure, panels = new_figure(1, 2, width=9.6, height=3.8, sharey=True)
    titles = (
        say(en="λp is added to the gradient", zh="λp 加进梯度"),
        say(en="λp is taken from the weights", zh="λp 直接从权重中减去"),
    )
    names = (
        say(en="large gradients, ±10", zh="梯度大，±10"),
        say(en="small gradients, ±0.01", zh="梯度小，±0.01"),
    )
    for axes, apart, title in zip(panels, (False, True), titles, strict=True):
        both = weights(round(decay, 3), apart)[: step + 1] if answered else np.ones((1, 2))
        for k, color in enumerate((COLORS["red"], COLORS["blue"])):
            axes.plot(both[:, k], "-" if answered else "o", color=color, label=names[k])
        if answered:
            free = (1 - RATE * decay) ** np.arange(STEPS + 1)
            label = say(en="no gradient at all", zh="完全没有梯度")
            axes.plot(free[: step + 1], ":", color=COLORS["grey"], label=label)
        axes.set_title(title)
        axes.set(xlim=(0, STEPS), ylim=(-0.05, 1.7), xlabel=say(en="step", zh="步数"))
        axes.legend(loc="upper right")
    panels[0].set_ylabel(say(en="weight", zh="权重"))
    return figure
