"""How the error of a numerical derivative depends on its step (chapter 3).

Truncation falls with the step, rounding grows as it shrinks (Press et al. 2007, "Numerical
Recipes", section 5.7).
"""

import numpy as np
from matplotlib.figure import Figure

from course.figures.style import COLORS, new_figure

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


def fig_difference_error(log_h: float = -6.0) -> Figure:
    """Show the error of forward and central differences against the step.

    Args:
        log_h: base-10 logarithm of the step that is marked, −14 … −0.5.
    """
    steps = np.logspace(-14, -0.5, 136)
    h = np.array([10.0**log_h])
    fig, axis = new_figure(width=8.0, height=4.0)
    titles = []
    for scheme, color in (("forward", COLORS["orange"]), ("central", COLORS["blue"])):
        error = np.maximum(difference_error(scheme, steps), 1e-14)
        axis.loglog(steps, error, color=color, lw=1.3)
        here = float(np.maximum(difference_error(scheme, h), 1e-14)[0])
        axis.plot(h, [here], "o", color=color, ms=9, zorder=5)
        titles.append(f"{scheme} {here:.0e}")
    axis.axvline(h[0], color=COLORS["grey"], lw=1, ls=":")
    axis.text(3e-4, 6e-3, r"forward: $\sim h$", color=COLORS["orange"], ha="center")
    axis.text(6e-2, 2e-6, r"central: $\sim h^2$", color=COLORS["blue"], ha="center")
    axis.text(2e-12, 2e-9, r"rounding: $\sim\varepsilon/h$", color=COLORS["ink"], ha="center")
    axis.set(xlim=(1e-14, 0.4), ylim=(1e-14, 10), xlabel="step $h$", ylabel="absolute error of the derivative")
    axis.set_title(f"Error at h = {h[0]:.0e}: " + ", ".join(titles))
    return fig
