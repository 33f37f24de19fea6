"""Figure of chapter 4, section 3: which pixels receive the gradient of a max-pooling layer."""

from typing import Any

import numpy as np
from matplotlib.figure import Figure

from course.figures.style import COLORS, new_figure

Array = np.ndarray


def fig_pool_gradient(size: int = 6, k: int = 2, ties: bool = False, rule: str = "one winner") -> Figure:
    """Show a map, its pooled version with the incoming gradient, and the gradient that flows back.

    Args:
        size: rows and columns of the map.
        k: window size and stride.
        ties: fill the map with few different numbers, so that many pixels share a maximum.
        rule: ``"one winner"`` or ``"all tied pixels (wrong)"``.
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
            for u, v in winners if rule != "one winner" else winners[:1]:
                back[row * k + u, column * k + v] = d[row, column]
    figure, (left, middle, right) = new_figure(
        cols=3, width=10.2, height=3.9, gridspec_kw={"width_ratios": (size, m, size)}
    )
    _table(left, x, "map x", k, m, highlight=back != 0, colour="#CFE3F1")
    _table(middle, pooled, "pooled y", 1, m)
    for (row, column), value in np.ndenumerate(d):
        middle.text(column, row + 0.3, f"d = {value}", ha="center", va="center", fontsize=8.5, color=COLORS["red"])
    _table(right, back, "gradient for x", k, m, highlight=back != 0, colour="#F8D3C0")
    given, sent = int(back.sum()), int(d.sum())
    right.set_xlabel(
        f"{np.count_nonzero(back)} of {size * size} pixels receive something\n"
        + (f"sum {given} = sum of d" if given == sent else f"sum {given}, but d sums to {sent}: counted twice")
    )
    left.set_xlabel("blue: the pixels that get the gradient" + ("\n" + _cut(size - m * k) if size > m * k else "\n"))
    return figure


def _cut(count: int) -> str:
    return "the last row and column are cut off" if count == 1 else f"the last {count} rows and columns are cut off"


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
