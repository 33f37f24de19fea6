"""Figure of chapter 1: one neuron, its decision line and its activation."""

from collections.abc import Callable

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from course.figures.style import COLORS, new_figure
from course.language import say

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


def fig_neuron(
    w1: float = 1.0, w2: float = 0.8, b: float = 0.0, activation: str = "sigmoid", answered: bool = True
) -> Figure:
    """Left: output f(w·x + b) over the plane, with the line w·x + b = 0. Right: f, with every point's z on it.

    Args:
        w1, w2, b: weights and bias; ``w1 = w2 = 0`` leaves no line.
        activation: a key of :data:`ACTIVATIONS`.
        answered: False shows the points and the line alone.
    """
    f = ACTIVATIONS[activation]
    points, classes = cloud()
    figure, (plane, curve) = new_figure(1, 2, width=9.6, height=4.0, gridspec_kw={"width_ratios": [1.05, 1]})
    limit = 3.6
    colors = (COLORS["orange"], COLORS["blue"])
    if answered:
        ticks = np.linspace(-limit, limit, 121)
        output = f(w1 * ticks[None, :] + w2 * ticks[:, None] + b)  # (121, 121)
        top = 1.0 if activation == "sigmoid" else max(1.0, float(np.abs(output).max()))
        low = 0.0 if activation == "sigmoid" else -top  # white is 0.5 for the sigmoid, 0 for the others
        shade = plane.pcolormesh(
            ticks, ticks, output, cmap=SHADES, vmin=low, vmax=top, alpha=0.5, shading="nearest", rasterized=True
        )
        figure.colorbar(shade, ax=plane, label=say(en="output of the neuron", zh="神经元的输出"), shrink=0.85)
    for k, marker in enumerate("os"):
        plane.scatter(*points[classes == k].T, s=24, marker=marker, color=colors[k], edgecolor="white", linewidth=0.5)
    _draw_line(plane, w1, w2, b, limit)
    plane.set(xlim=(-limit, limit), ylim=(-limit, limit), xlabel="$x_1$", ylabel="$x_2$", aspect="equal")
    if not answered:
        curve.set_axis_off()
        return figure
    norm = float(np.hypot(w1, w2))
    plane.set_title(
        say(en="line at {d:+.2f} from the origin, along w", zh="沿 w 方向，直线距原点 {d:+.2f}", d=0.0 - b / norm)
        if norm > 0
        else say(en="w = 0: there is no line", zh="w = 0：没有直线")
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
    name = say(en="no activation", zh="无激活函数") if activation == "none" else activation
    curve.set_title(
        say(
            en="{name}: {right} of {n} points on their side",
            zh="{name}：{n} 个点中 {right} 个站对了边",
            name=name,
            right=right,
            n=len(z),
        )
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
