"""Figure of chapter 5: which product of matrices has the shape of a gradient."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from course.figures.style import COLORS, new_figure
from course.language import say

PRODUCTS = {
    "x.T @ dout": ("D", "N", "N", "M"),
    "dout @ W.T": ("N", "M", "M", "D"),
    "dout @ x": ("N", "M", "N", "D"),
    "W.T @ x": ("M", "D", "N", "D"),
}
"""Product → rows and columns of its two factors."""


def fig_matrix_shapes(product: str = "x.T @ dout", n: int = 6, d: int = 3, m: int = 2, answered: bool = True) -> Figure:
    """Draw x, W and dout as rectangles, and a product of two of them if their inner sides agree.

    Args:
        product: a key of :data:`PRODUCTS`.
        n, d, m: rows, inputs and outputs, 1 … 8.
        answered: False leaves the product out.
    """
    size = {"N": n, "D": d, "M": m}
    figure, (left, right) = new_figure(1, 2, width=9.6, height=3.6, gridspec_kw={"width_ratios": [1.15, 1]})
    for axes in (left, right):
        axes.set(xlim=(-0.5, 7.5 + 2 * m + d + 4), ylim=(-3.2 - max(n, d, m), 2), aspect="equal")
        axes.axis("off")
    start = 0.8
    for name, rows, columns, color in (
        ("x", "N", "D", COLORS["blue"]),
        ("W", "D", "M", COLORS["green"]),
        ("dout", "N", "M", COLORS["orange"]),
    ):
        _matrix(left, start, name, (rows, columns), size, color)
        start += size[columns] + 2.6
    left.set_title(say(en="What the backward pass has", zh="反向传播时手上有的"))
    if not answered:
        right.set_title(say(en="Which product is dW?", zh="哪个乘积是 dW？"))
        return figure
    a, b, c, e = PRODUCTS[product]
    first, second = product.split(" @ ")
    _matrix(right, 0.8, first, (a, b), size, COLORS["grey"])
    _matrix(right, size[b] + 3.4, second, (c, e), size, COLORS["grey"])
    if b == c:
        _matrix(right, size[b] + size[e] + 6.2, product, (a, e), size, COLORS["red"])
        whose = {("D", "M"): "W", ("N", "D"): "x"}.get((a, e))
        right.set_title(
            say(en="{a} × {e}: the shape of {whose}", zh="{a} × {e}：与 {whose} 的形状相同", a=a, e=e, whose=whose)
        )
    else:
        right.set_title(
            say(
                en="{b} columns meet {c} rows: no product",
                zh="{b} 列对 {c} 行：不能相乘",
                b=f"{b} = {size[b]}",
                c=f"{c} = {size[c]}",
            ),
            color=COLORS["red"],
        )
    return figure


def _matrix(axes: Axes, left: float, name: str, shape: tuple[str, str], size: dict[str, int], color: str) -> None:
    rows, columns = size[shape[0]], size[shape[1]]
    for i in range(rows):
        for j in range(columns):
            axes.add_patch(Rectangle((left + j, -1 - i), 0.9, 0.9, facecolor=color, alpha=0.55, edgecolor="none"))
    axes.text(left, 0.35, name, fontweight="bold", family="monospace", fontsize=10)
    axes.text(left, -1.3 - rows, f"{shape[0]} × {shape[1]}", color=COLORS["grey"], fontsize=10, va="top")
