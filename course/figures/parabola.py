"""Gradient descent on the parabola J = θ²: the learning rate decides everything (chapter 3)."""

import numpy as np
from matplotlib.figure import Figure

from course.figures.style import COLORS, new_figure
from course.language import say

START = 4.0


def slide(lr: float, steps: int) -> np.ndarray:
    """Return θ₀ … θ_steps (steps + 1,) of θ ← θ − lr · 2θ from θ₀ = 4."""
    return START * (1 - 2 * lr) ** np.arange(steps + 1)


def fig_parabola(lr: float = 0.1, step: int = 6, answered: bool = True) -> Figure:
    """Show the points on the parabola, joined in their order, and θ after each step.

    Args:
        lr: learning rate, 0 … 1.15; the bound is 1.
        step: number of updates, 0 … 20.
        answered: whether the steps are shown; otherwise only the parabola and the start.
    """
    theta = slide(lr, step) if answered else np.array([START])
    color = COLORS["red"] if lr >= 1 else COLORS["blue"]
    fig, (valley, curve) = new_figure(1, 2, width=9.2, height=3.7)
    reach = max(5.0, 1.1 * float(np.abs(theta).max()))  # the picture grows with a run that diverges
    line = np.linspace(-reach, reach, 201)
    valley.plot(line, line**2, color=COLORS["grey"], lw=1.5)
    if answered:
        valley.plot(theta, theta**2, "o-", color=color, ms=5, lw=1.2)
        curve.plot(np.arange(len(theta)), theta, "o-", color=color, ms=5, lw=1.2)
    valley.plot(START, START**2, "o", color=COLORS["ink"], ms=8)
    valley.set(
        xlim=(-reach, reach),
        ylim=(-0.03 * reach**2, reach**2),
        xlabel=r"$\theta$",
        ylabel=say(en=r"loss $J=\theta^2$", zh=r"损失 $J=\theta^2$"),
    )
    curve.axhline(0, color=COLORS["green"], lw=1.5, ls=":")
    curve.plot(0, START, "o", color=COLORS["ink"], ms=8)
    curve.set(
        xlim=(-0.6, 20.6),
        ylim=(-reach, reach),
        xticks=range(0, 21, 5),
        xlabel=say(en="step", zh="步数"),
        ylabel=r"$\theta$",
    )
    if answered:
        valley.set_title(
            say(en="Learning rate {lr:g}, {step} steps", zh="学习率 {lr:g}，走了 {step} 步", lr=lr, step=step)
        )
        curve.set_title(say(en="Now at θ = {theta:.4g}", zh="现在 θ = {theta:.4g}", theta=theta[-1]))
    return fig
