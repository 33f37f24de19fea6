"""Figure of chapter 4, section 3: which pixels receive the gradient of a max-pooling layer."""

from typing import Any

import numpy as np
from matplotlib.figure import Figure

from course.figures.style import COLORS, new_figure
from course.language import say

Array = np.ndarray


def fig_pool_gradient(
    size: int = 6, k: int = 2, ties: bool = False, every: bool = False, answered: bool = True
) -> Figure:
    """Show a map, its pooled version with the incoming gradient, and the gradient that flows back.

    Before the prediction is answered, only the map and its windows.

    Args:
        size: rows and columns of the map.
        k: window size and stride.
        ties: fill the map with few different numbers, so that many pixels share a maximum.
        every: the wrong rule: all pixels that share the maximum get the whole gradient.
    """
    rng = np.random.default_rng(7)
    x = rng.integers(0, 2, (size, size)) * 3 if ties else rng.permutation(size * size).reshape(size, size)
    m = size // k
    d = np.arange(1, m * m + 1).reshape(m, m)
    pooled, back = np.zeros((m, m), dtype=int), np.zeros((size, size), dtype=int)
    for row in range(m):
        for column in range(m):
            window = x[row * k : (row + 1) * k, column * k : (column + 1) * k]
            pooled[row, column] = window.max()
            winners = np.argwhere(window == window.max())
            for u, v in winners if every else winners[:1]:
                back[row * k + u, column * k + v] = d[row, column]
    figure, (left, middle, right) = new_figure(
        cols=3, width=10.2, height=3.9, gridspec_kw={"width_ratios": (size, m, size)}
    )
    if not answered:
        _table(left, x, say(en="map x", zh="特征图 x"), k, m)
        middle.set_axis_off()
        right.set_axis_off()
        return figure
    _table(left, x, say(en="map x", zh="特征图 x"), k, m, highlight=back != 0, colour="#CFE3F1")
    _table(middle, pooled, say(en="pooled y", zh="池化后 y"), 1, m)
    for (row, column), value in np.ndenumerate(d):
        middle.text(column, row + 0.3, f"d = {value}", ha="center", va="center", fontsize=8.5, color=COLORS["red"])
    _table(right, back, say(en="gradient for x", zh="x 的梯度"), k, m, highlight=back != 0, colour="#F8D3C0")
    given, sent = int(back.sum()), int(d.sum())
    total = (
        say(en="sum {given} = sum of d", zh="总和 {given} = d 的总和", given=given)
        if given == sent
        else say(
            en="sum {given}, but d sums to {sent}: counted more than once",
            zh="总和 {given}，而 d 的总和是 {sent}：重复计算了",
            given=given,
            sent=sent,
        )
    )
    right.set_xlabel(
        say(
            en="{some} of {all} pixels receive something\n{total}",
            zh="{all} 个像素中有 {some} 个得到梯度\n{total}",
            some=np.count_nonzero(back),
            all=size * size,
            total=total,
        )
    )
    left.set_xlabel(
        say(en="blue: the pixels that get the gradient", zh="蓝色：得到梯度的像素") + "\n" + _cut(size - m * k)
    )
    return figure


def _cut(count: int) -> str:
    if count == 0:
        return ""
    if count == 1:
        return say(en="the last row and column are cut off", zh="最后一行和一列被舍去")
    return say(en="the last {count} rows and columns are cut off", zh="最后 {count} 行和 {count} 列被舍去", count=count)


def _table(
    axes: Any, numbers: Array, title: str, k: int, m: int, highlight: Array | None = None, colour: str = "white"
) -> None:
    size = len(numbers)
    axes.set(xlim=(-0.55, size - 0.45), ylim=(size - 0.45, -0.55), xticks=[], yticks=[], title=title, aspect="equal")
    axes.grid(visible=False)
    axes.spines[:].set_visible(False)
    for (row, column), value in np.ndenumerate(numbers):
        inside = row < m * k and column < m * k
        lit = highlight is not None and highlight[row, column]
        axes.add_patch(_square(column, row, 1, facecolor=colour if lit else "white", edgecolor=COLORS["light"]))
        axes.text(
            column,
            row,
            str(value),
            ha="center",
            va="center",
            color=COLORS["ink"] if inside else COLORS["grey"],
            weight="bold" if lit else "normal",
            fontsize=10.5 if size < 7 else 9.5,
        )
    for row in range(m):
        for column in range(m):
            axes.add_patch(
                _square(
                    column * k + (k - 1) / 2,
                    row * k + (k - 1) / 2,
                    k,
                    fill=False,
                    edgecolor=COLORS["ink"],
                    linewidth=1.4,
                )
            )


def _square(x: float, y: float, side: float, **style: Any) -> Any:
    from matplotlib.patches import Rectangle

    return Rectangle((x - side / 2, y - side / 2), side, side, **style)
