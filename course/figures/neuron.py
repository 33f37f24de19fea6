"""Figure of chapter 1: one neuron, its decision line and its activation."""

from collections.abc import Callable

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from course.figures.style import COLORS, new_figure

ACTIVATIONS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "none": lambda z: z,
    "relu": lambda z: np.maximum(z, 0.0),
    "sigmoid": lambda z: 0.5 * (1.0 + np.tanh(z / 2.0)),  # the form that cannot overflow
}


SHADES = LinearSegmentedColormap.from_list("low-high", [COLORS["orange"], "white", COLORS["blue"]])


def cloud() -> tuple[np.ndarray, np.ndarray]:
    """Return the fixed point cloud (60, 2) and its two classes (60,)."""
    rng = np.random.default_rng(7)
    centres = np.repeat([[-1.3, -0.6], [1.1, 1.0]], 30, axis=0)
    return centres + 0.75 * rng.standard_normal((60, 2)), np.repeat([0, 1], 30)


def fig_neuron(w1: float = 1.0, w2: float = 0.8, b: float = 0.0, activation: str = "sigmoid") -> Figure:
    """Left: output f(w·x + b) over the plane, with the line w·x + b = 0. Right: f, with every point's z on it.

    Args:
        w1, w2, b: weights and bias; ``w1 = w2 = 0`` leaves no line.
        activation: a key of :data:`ACTIVATIONS`.
    """
    f = ACTIVATIONS[activation]
    points, classes = cloud()
    figure, (plane, curve) = new_figure(1, 2, width=9.6, height=4.2, gridspec_kw={"width_ratios": [1.05, 1]})
    limit = 3.6
    ticks = np.linspace(-limit, limit, 121)
    z_plane = w1 * ticks[None, :] + w2 * ticks[:, None] + b  # (121, 121)
    output = f(z_plane)
    top = max(1.0, float(np.abs(output).max()))
    low, high = (0.0, 1.0) if activation == "sigmoid" else (0.0, top) if activation == "relu" else (-top, top)
    shade = plane.pcolormesh(
        ticks, ticks, output, cmap=SHADES, vmin=low, vmax=high, alpha=0.5, shading="nearest", rasterized=True
    )
    figure.colorbar(shade, ax=plane, label="output of the neuron", shrink=0.85)
    colors = (COLORS["orange"], COLORS["blue"])
    for k, marker in enumerate("os"):
        plane.scatter(*points[classes == k].T, s=24, marker=marker, color=colors[k], edgecolor="white", linewidth=0.5)
    _draw_line(plane, w1, w2, b, limit)
    plane.set(xlim=(-limit, limit), ylim=(-limit, limit), xlabel="$x_1$", ylabel="$x_2$", aspect="equal")
    norm = float(np.hypot(w1, w2))
    plane.set_title(
        f"line at {0.0 - b / norm:+.2f} from the origin, along w" if norm > 0 else "w = 0: there is no line",
        loc="left",
        fontsize=11.5,
        fontweight="bold",
    )

    z = points @ np.array([w1, w2]) + b
    reach = max(6.0, float(np.abs(z).max()) * 1.1)
    grid = np.linspace(-reach, reach, 401)
    curve.plot(grid, f(grid), color=COLORS["ink"])
    for k, marker in enumerate("os"):
        curve.scatter(z[classes == k], f(z[classes == k]), s=22, marker=marker, color=colors[k], alpha=0.8, zorder=3)
    curve.axvline(0, color=COLORS["red"], linewidth=1.4, linestyle="--")
    curve.set(xlabel="$z = w_1 x_1 + w_2 x_2 + b$", ylabel="$f(z)$")
    right = int(((z > 0) == (classes == 1)).sum())
    curve.set_title(
        f"f = {activation}; {right} of {len(z)} points on their side", loc="left", fontsize=11.5, fontweight="bold"
    )
    return figure


def _draw_line(ax: Axes, w1: float, w2: float, b: float, limit: float) -> None:
    square = w1 * w1 + w2 * w2
    if square == 0:
        return
    foot = -b / square * np.array([w1, w2])  # the point of the line nearest to the origin
    along = np.array([-w2, w1]) / np.sqrt(square)
    ends = foot[:, None] + along[:, None] * np.array([-4 * limit, 4 * limit])
    ax.plot(*ends, color=COLORS["red"], linewidth=2)
    tip = foot + np.array([w1, w2]) / np.sqrt(square)
    ax.annotate(
        "",
        tip,
        (foot[0], foot[1]),
        arrowprops={"arrowstyle": "-|>", "color": COLORS["red"], "linewidth": 2, "shrinkA": 0, "shrinkB": 0},
    )
    ax.annotate(
        "w",
        tip,
        textcoords="offset points",
        xytext=(5, 5),
        color=COLORS["red"],
        fontweight="bold",
        bbox={"boxstyle": "round,pad=0.15", "facecolor": "white", "edgecolor": "none", "alpha": 0.8},
        annotation_clip=True,
    )
