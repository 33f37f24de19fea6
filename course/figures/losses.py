"""Chapter 2: losses of one number, and what their gradients do.

Conventions of the chapter: squared error (p - y)² with factor 1, Huber as in Huber (1964): r²/2
near zero, linear beyond delta. Logarithms are natural.
"""

import numpy as np
from matplotlib.figure import Figure

from course.figures.style import COLORS, new_figure

LOSS_COLORS = {"MSE": COLORS["blue"], "MAE": COLORS["red"], "Huber": COLORS["green"]}
CLUSTER = np.array([1.2, 1.7, 2.0, 2.4, 2.7])


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


def fig_pointwise(p: float = 0.5, loss: str = "MSE", delta: float = 1.0, y: float = 1.0) -> Figure:
    """Three losses of one prediction ``p`` for the target ``y``: values on the left, derivatives on the right.

    An arrow under each point shows the step that gradient descent would take; ``loss`` is drawn
    boldly.
    """
    fig, (left, right) = new_figure(1, 2, width=9.6, height=3.9)
    grid = np.linspace(-3.2, 5.2, 421)
    for name, color in LOSS_COLORS.items():
        bold = name == loss
        values, slopes = pointwise_loss(name, grid - y, delta)
        value, slope = (float(v) for v in pointwise_loss(name, p - y, delta))
        style = {"color": color, "lw": 2.8 if bold else 1.6, "alpha": 1.0 if bold else 0.45}
        left.plot(grid, values, label=name, **style)
        right.plot(grid, slopes, label=f"{name}: {slope:+.2f}", **style)
        left.plot([p], [value], "o", color=color, ms=8 if bold else 5, zorder=4)
        right.plot([p], [slope], "o", color=color, ms=8 if bold else 5, zorder=4)
        if bold:
            end = p - 0.5 * slope
            if abs(end - p) > 1e-9:
                left.annotate(
                    "",
                    (end, value),
                    (p, value),
                    zorder=5,
                    annotation_clip=False,
                    arrowprops={"arrowstyle": "-|>", "lw": 2.2, "color": COLORS["ink"], "shrinkA": 0, "shrinkB": 0},
                )
            left.set_title(f"{loss} at p = {p:.1f}: loss {value:.2f}")
            right.set_title(f"Its slope there: {slope:+.2f}")
    for axis in (left, right):
        axis.axvline(y, color=COLORS["grey"], lw=1, ls="--")
        axis.axvline(p, color=COLORS["ink"], lw=0.8, ls=":")
        axis.set_xlim(-3.2, 5.2)
    left.text(y + 0.08, 8.7, f"target y = {y:g}", color=COLORS["grey"], va="top")
    left.set(
        ylim=(-0.4, 9), ylabel="loss of one sample", xlabel="prediction p   (arrow: half a step against the slope)"
    )
    right.set(ylim=(-6.5, 6.5), ylabel="dL/dp", xlabel="prediction p")
    right.axhline(0, color=COLORS["ink"], lw=0.8)
    right.legend(loc="upper left", title="slope at p", alignment="left", frameon=False)
    return fig


def fig_best_constant(outlier: float = 4.0) -> Figure:
    """Mean loss of one constant prediction c for five close values and one outlier: where are the minima?"""
    y = np.append(CLUSTER, outlier)
    fig, ax = new_figure(width=7.6, height=3.9)
    grid = np.linspace(0, 9.2, 461)
    squared = np.mean((y[:, None] - grid) ** 2, axis=0)
    absolute = np.mean(np.abs(y[:, None] - grid), axis=0)
    best_mean, best_median = float(np.mean(y)), float(np.median(y))
    ax.plot(grid, squared, color=LOSS_COLORS["MSE"], lw=2.4, label="MSE")
    ax.plot(grid, absolute, color=LOSS_COLORS["MAE"], lw=2.4, label="MAE")
    for name, best, least in (("MSE", best_mean, np.var(y)), ("MAE", best_median, np.mean(np.abs(y - best_median)))):
        ax.plot([best, best], [-0.9, least], color=LOSS_COLORS[name], lw=1, ls=":")
        ax.plot([best], [least], "v", color=LOSS_COLORS[name], ms=10, zorder=5)
    ax.plot(CLUSTER, np.full(CLUSTER.size, -0.45), "o", color=COLORS["ink"], ms=6, clip_on=False)
    ax.plot([outlier], [-0.45], "D", color=COLORS["orange"], ms=8, zorder=6)
    ax.text(outlier + 0.15, -0.45, "outlier", va="center", fontsize=9)
    ax.text(1.05, -0.45, "data", va="center", ha="right", fontsize=9)
    ax.set(xlim=(0, 9.2), ylim=(-0.9, 9.0), xlabel="constant prediction c", ylabel="mean loss")
    ax.set_title(f"MSE settles at the mean {best_mean:.2f}, MAE at the median {best_median:.2f}")
    ax.legend(loc="upper right", frameon=False)
    return fig


def fig_wrong_but_sure(z: float = -6.0) -> Figure:
    """Slopes with respect to a logit z for the label 1: squared error of sigmoid(z) beside cross-entropy."""
    fig, (left, right) = new_figure(1, 2, width=9.6, height=3.6)
    grid = np.linspace(-10, 10, 401)

    def curves(x: np.ndarray) -> dict[str, tuple[np.ndarray, np.ndarray]]:
        s = 1 / (1 + np.exp(-x))
        return {
            "squared error of σ(z)": ((s - 1) ** 2, 2 * (s - 1) * s * (1 - s)),
            "cross-entropy": (np.logaddexp(0, -x), s - 1),
        }

    here = curves(np.array(float(z)))
    for (name, (values, slopes)), color in zip(curves(grid).items(), (COLORS["blue"], COLORS["orange"]), strict=True):
        left.plot(grid, values, color=color, lw=2.4, label=name)
        right.plot(grid, slopes, color=color, lw=2.4, label=f"{name}: {float(here[name][1]):+.3g}")
        left.plot([z], [float(here[name][0])], "o", color=color, ms=8, zorder=4)
        right.plot([z], [float(here[name][1])], "o", color=color, ms=8, zorder=4)
    for axis in (left, right):
        axis.axvline(z, color=COLORS["ink"], lw=0.8, ls=":")
        axis.set_xlabel("logit z (label y = 1)")
        axis.set_xticks(range(-10, 11, 5))
    left.set(ylabel="loss", ylim=(-0.4, 10.6))
    left.legend(loc="upper right", frameon=False)
    right.set(ylabel="dL/dz", ylim=(-1.25, 0.75))
    right.legend(loc="upper left", title="slope at z", alignment="left", frameon=False)
    p = 1 / (1 + np.exp(-z))
    left.set_title(f"The model says P(y = 1) = {p:.4f}")
    ratio = float(here["cross-entropy"][1] / here["squared error of σ(z)"][1])
    right.set_title(f"Cross-entropy pulls {ratio:,.{1 if ratio < 100 else 0}f} times as hard")
    return fig
