"""How the error of a numerical derivative depends on its step (chapter 3).

Truncation falls with the step, rounding grows as it shrinks (Press et al. 2007, "Numerical
Recipes", section 5.7).
"""

import numpy as np
from matplotlib.figure import Figure

from course.figures.style import COLORS, new_figure
from course.language import say

POINT = 1.0


def f(x: np.ndarray | float) -> np.ndarray:
    """Return exp(sin x), a smooth function without special symmetry."""
    return np.asarray(np.exp(np.sin(x)))


def difference_error(scheme: str, h: np.ndarray) -> np.ndarray:
    """Return |difference quotient − f′(1)| for steps h, with scheme ``"forward"`` or ``"central"``."""
    exact = np.cos(POINT) * f(POINT)
    if scheme == "forward":
        quotient = (f(POINT + h) - f(POINT)) / h
    else:
        quotient = (f(POINT + h) - f(POINT - h)) / (2 * h)
    return np.asarray(np.abs(quotient - exact))


def fig_difference_error(log_h: float = -2.0, answered: bool = True) -> Figure:
    """Show the error of forward and central differences against the step.

    Args:
        log_h: base-10 logarithm of the step that is marked, −14 … −0.5.
        answered: whether the errors are shown; otherwise only the axes.
    """
    steps = np.logspace(-14, -0.5, 136)
    h = np.array([10.0**log_h])
    fig, axis = new_figure(width=8.0, height=4.0)
    axis.set(
        xlim=(1e-14, 0.4),
        ylim=(1e-14, 10),
        xscale="log",
        yscale="log",
        xlabel=say(en="step $h$", zh="步长 $h$"),
        ylabel=say(en="absolute error of the derivative", zh="导数的绝对误差"),
    )
    axis.minorticks_off()  # a third of the drawing time
    if not answered:
        return fig

    here = {}
    for scheme, color in (("forward", COLORS["orange"]), ("central", COLORS["blue"])):
        error = np.maximum(difference_error(scheme, steps), 1e-14)
        axis.plot(steps, error, color=color, lw=1.3)
        here[scheme] = float(np.maximum(difference_error(scheme, h), 1e-14)[0])
        axis.plot(h, [here[scheme]], "o", color=color, ms=9, zorder=5)
    axis.axvline(h[0], color=COLORS["grey"], lw=1, ls=":")
    axis.text(3e-4, 6e-3, say(en=r"forward: $\sim h$", zh=r"前向：$\sim h$"), color=COLORS["orange"], ha="center")
    axis.text(6e-2, 2e-6, say(en=r"central: $\sim h^2$", zh=r"中心：$\sim h^2$"), color=COLORS["blue"], ha="center")
    rounding = say(en=r"rounding: $\sim\varepsilon/h$", zh=r"舍入：$\sim\varepsilon/h$")
    axis.text(2e-12, 2e-9, rounding, color=COLORS["ink"], ha="center")
    axis.set_title(
        say(
            en="Error at h = {h:.0e}: forward {forward:.0e}, central {central:.0e}",
            zh="h = {h:.0e} 时的误差：前向 {forward:.0e}，中心 {central:.0e}",
            h=h[0],
            **here,
        )
    )
    return fig
