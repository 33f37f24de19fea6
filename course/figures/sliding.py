"""Figure of chapter 4, section 2: one window at a time, its nine products and their sum."""

from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from course.figures.convolution import KERNELS, correlate, parse_kernel
from course.figures.style import COLORS, new_figure
from course.language import say

Array = np.ndarray

PICTURE = np.array(
    [
        [0, 0, 0, 0, 0, 0, 0, 0],
        [0, 0, 2, 2, 2, 2, 0, 0],
        [0, 0, 0, 0, 0, 2, 0, 0],
        [0, 0, 0, 0, 2, 1, 0, 0],
        [0, 0, 0, 1, 2, 0, 0, 0],
        [0, 0, 0, 2, 1, 0, 0, 0],
        [0, 0, 0, 2, 0, 0, 0, 0],
        [0, 0, 0, 0, 0, 0, 0, 0],
    ]
)
"""A seven of 8×8 pixels in three shades, so that every product can be checked in one's head."""


def fig_sliding(step: int = 0, kernel: str = "vertical edge") -> Figure:
    """Show window number ``step`` of a 3×3 kernel on an 8×8 picture, and the map as far as it is filled.

    Args:
        step: 0…35, row by row.
        kernel: a key of ``KERNELS``.
    """
    stencil = parse_kernel(KERNELS[kernel])
    result = correlate(PICTURE.astype(float), stencil)
    step = min(max(step, 0), result.size - 1)
    row, column = divmod(step, result.shape[1])
    figure, (left, middle, right) = new_figure(
        cols=3, width=10.2, height=3.7, gridspec_kw={"width_ratios": (3.2, 3, 2.7)}
    )
    left.imshow(PICTURE, cmap="gray", vmin=0, vmax=3)
    _numbers(left, PICTURE, "white")
    left.add_patch(Rectangle((column - 0.5, row - 0.5), 3, 3, fill=False, edgecolor=COLORS["orange"], linewidth=3))
    left.set_title(say(en="picture", zh="图像"))
    _products(middle, PICTURE[row : row + 3, column : column + 3], stencil)
    seen = np.where(np.arange(result.size).reshape(result.shape) <= step, result, np.nan)
    bound = 1.4 * float(np.abs(result).max())
    right.imshow(seen, cmap="RdBu_r", vmin=-bound, vmax=bound)
    _numbers(right, seen, COLORS["ink"])
    right.add_patch(Rectangle((column - 0.5, row - 0.5), 1, 1, fill=False, edgecolor=COLORS["orange"], linewidth=3))
    right.set_title(
        say(en="map: output [{row}, {column}]", zh="特征图：输出 [{row}, {column}]", row=row, column=column)
    )
    for axes in (left, middle, right):
        axes.set(xticks=[], yticks=[])
        axes.grid(visible=False)
    return figure


def _products(axes: Any, window: Array, stencil: Array) -> None:
    axes.set(xlim=(-0.5, 2.5), ylim=(3.0, -0.5), aspect="equal")
    axes.spines[:].set_visible(False)
    for (u, v), weight in np.ndenumerate(stencil):
        product = weight * window[u, v] + 0.0
        shade = "#F8D3C0" if product > 0 else "#CFE3F1" if product < 0 else "white"
        axes.add_patch(Rectangle((v - 0.48, u - 0.48), 0.96, 0.96, facecolor=shade, edgecolor=COLORS["light"]))
        axes.text(v, u, f"{window[u, v]:g}·({weight:g})\n= {product:g}", ha="center", va="center", fontsize=10)
    total = say(en="sum of the nine: {total:g}", zh="九个乘积之和：{total:g}", total=(window * stencil).sum() + 0.0)
    axes.text(1, 2.78, total, ha="center", va="center", weight="bold")
    axes.set_title(say(en="pixel · weight", zh="像素 · 权重"))


def _numbers(axes: Any, values: Array, colour: str) -> None:
    for (row, column), value in np.ndenumerate(values):
        if np.isfinite(value):
            axes.text(column, row, f"{value:g}", ha="center", va="center", fontsize=9.5, color=colour)
