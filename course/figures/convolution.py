"""Figures of chapter 4, section 2: what a kernel does to a picture, and where its windows lie."""

from functools import lru_cache
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from course.figures.style import COLORS, new_figure
from course.interact import WRAP, Control
from course.language import say

Array = np.ndarray

KERNELS = {
    "identity": "0 0 0; 0 1 0; 0 0 0",
    "blur": "1 1 1; 1 1 1; 1 1 1",
    "vertical edge": "-1 0 1; -2 0 2; -1 0 1",
    "horizontal edge": "-1 -2 -1; 0 0 0; 1 2 1",
    "outline": "-1 -1 -1; -1 8 -1; -1 -1 -1",
    "sharpen": "0 -1 0; -1 5 -1; 0 -1 0",
    "diagonal stroke": "-1 -1 2; -1 2 -1; 2 -1 -1",
}
"""Kernels as text: rows end in a semicolon. A kernel whose entries do not sum to 0 is divided by their sum."""

IMAGES = ("digit", "flower", "constant")


def kernel_name(name: str) -> str:
    """Return the name of one of ``KERNELS`` in the notebook's language."""
    return {
        "identity": say(en="identity", zh="恒等"),
        "blur": say(en="blur", zh="模糊"),
        "vertical edge": say(en="vertical edge", zh="竖直边缘"),
        "horizontal edge": say(en="horizontal edge", zh="水平边缘"),
        "outline": say(en="outline", zh="轮廓"),
        "sharpen": say(en="sharpen", zh="锐化"),
        "diagonal stroke": say(en="diagonal stroke", zh="斜笔画"),
    }[name]


def parse_kernel(text: str) -> Array:
    """Return the numbers of ``"-1 0 1; -2 0 2; -1 0 1"`` as a float array (rows, columns).

    Raises:
        ValueError: rows of different lengths, or something that is not a number.
    """
    rows = [[float(number) for number in row.replace(",", " ").split()] for row in text.split(";") if row.strip()]
    if not rows or len({len(row) for row in rows}) != 1 or not rows[0]:
        raise ValueError(f"a kernel is written in rows of equal length, separated by semicolons, not {text!r}")
    return np.array(rows)


def correlate(picture: Array, kernel: Array, stride: int = 1, padding: str = "valid") -> Array:
    """Slide ``kernel`` (k_h, k_w) over a grey ``picture`` (H, W) by the rules of section 2; return the map."""
    if padding == "same":
        pairs = [_padding(n, k, stride) for n, k in zip(picture.shape, kernel.shape, strict=True)]
        picture = np.pad(picture, pairs)
    windows = np.lib.stride_tricks.sliding_window_view(picture, kernel.shape)[::stride, ::stride]
    return np.asarray((windows * kernel).sum(axis=(2, 3)))


def fig_kernel(
    kernel: str = KERNELS["vertical edge"], image: str = "flower", stride: int = 1, padding: str = "valid"
) -> Figure:
    """Show a picture, a kernel and the resulting map, with the sizes from the formula.

    The colours of the map end at the 99th percentile, so that a few extreme pixels do not wash out the rest.

    Args:
        kernel: text for :func:`parse_kernel`; unreadable text shows the identity and says so.
        image: one of ``IMAGES``; the flower falls back to the digit where Pillow is missing.
        stride, padding: as in the chapter's ``conv2d``.
    """
    try:
        stencil, note = parse_kernel(kernel), ""
    except ValueError:
        stencil, note = (
            parse_kernel(KERNELS["identity"]),
            say(en=" (unreadable: identity)", zh="（无法识别，用恒等核）"),
        )
    picture = _picture(image)
    total = stencil.sum()
    divisor = total if abs(total) > 1e-9 else 1.0
    result = correlate(picture, stencil / divisor, stride, padding)
    figure, (left, middle, right) = new_figure(
        cols=3, width=10.2, height=3.7, gridspec_kw={"width_ratios": (4, 2.2, 4)}
    )
    for axes in (left, middle, right):
        axes.grid(visible=False)
    left.imshow(picture, cmap="gray", vmin=0, vmax=1)
    left.set_title(say(en="picture {h}×{w}", zh="图像 {h}×{w}", h=picture.shape[0], w=picture.shape[1]))
    left.add_patch(
        Rectangle(
            (-0.5, -0.5), stencil.shape[1], stencil.shape[0], fill=False, edgecolor=COLORS["orange"], linewidth=2.5
        )
    )
    _draw_kernel(middle, stencil, say(en="kernel", zh="卷积核") + note, divisor)
    bound = max(float(np.percentile(np.abs(result), 99)), 1e-9)
    signed = result.min() < -1e-9
    right.imshow(
        result,
        cmap="RdBu_r" if signed else "gray",
        vmin=-bound if signed else 0,
        vmax=bound if signed else max(1.0, bound),
    )
    right.set_title(say(en="map {h}×{w}", zh="特征图 {h}×{w}", h=result.shape[0], w=result.shape[1]))
    n, k, m = picture.shape[0], stencil.shape[0], result.shape[0]
    rule = f"⌊({n} − {k})/{stride}⌋ + 1 = {m}" if padding == "valid" else f"⌈{n}/{stride}⌉ = {m}"
    colours = (
        say(en="red +, blue −, white 0", zh="红为正，蓝为负，白为 0")
        if signed
        else say(en="black 0, white large", zh="黑为 0，白为大")
    )
    right.set_xlabel(say(en="rows: {rule}\n{colours}", zh="行数：{rule}\n{colours}", rule=rule, colours=colours))
    left.set_xlabel(
        say(
            en="orange: first window before padding\nvalues {low:.2f} to {high:.2f}",
            zh="橙色：填充之前的第一个窗口\n取值 {low:.2f} 到 {high:.2f}",
            low=picture.min(),
            high=picture.max(),
        )
    )
    for axes in (left, right):
        axes.set_xticks([])
        axes.set_yticks([])
    return figure


def _draw_kernel(axes: Any, stencil: Array, title: str, divisor: float) -> None:
    bound = np.abs(stencil).max() or 1.0
    axes.imshow(stencil, cmap="RdBu_r", vmin=-1.6 * bound, vmax=1.6 * bound)
    for (row, column), value in np.ndenumerate(stencil):
        axes.text(column, row, f"{value:g}", ha="center", va="center", fontsize=13)
    axes.set(xticks=[], yticks=[], title=title)
    axes.set_xlabel(
        say(en="entries sum to 0", zh="元素之和为 0")
        if abs(stencil.sum()) < 1e-9
        else say(en="each divided by {divisor:g}", zh="每个元素除以 {divisor:g}", divisor=divisor)
    )


def fig_windows(n: int = 10, k: int = 3, stride: int = 2, padding: str = "same", answered: bool = True) -> Figure:
    """Show where the windows of a kernel of length ``k`` lie on an axis of ``n`` pixels, zeros included.

    Before the prediction is answered, only the pixels.
    """
    front, back = _padding(n, k, stride) if padding == "same" else (0, 0)
    m = max((n + front + back - k) // stride + 1, 0)
    used = {front + index for index in range(n)} & {start * stride + step for start in range(m) for step in range(k)}
    figure, axes = new_figure(width=8.2, height=4.2)
    for position in range(n + front + back) if answered else range(front, front + n):
        real = front <= position < front + n
        axes.add_patch(
            Rectangle(
                (position - front - 0.45, 0.05),
                0.9,
                0.9,
                facecolor=COLORS["light"] if real else "white",
                edgecolor=COLORS["grey"],
                linestyle="-" if real else "--",
            )
        )
        axes.text(
            position - front,
            0.5,
            str(position - front) if real else say(en="pad", zh="补"),
            ha="center",
            va="center",
            fontsize=10.5 if real else 9,
            color=COLORS["red"] if answered and real and position not in used else COLORS["ink"],
        )
    axes.grid(visible=False)
    axes.spines[:].set_visible(False)
    axes.set(xlim=(-2.8, n + 3.4), ylim=(-1.2 - 0.8 * max(m, 1), 1.2), yticks=[], xticks=[])
    if not answered:
        return figure
    names = ("blue", "orange", "green", "purple")
    for index in range(m):
        start = index * stride - front
        axes.add_patch(
            Rectangle((start - 0.45, -1.0 - 0.8 * index), k - 0.1, 0.62, color=COLORS[names[index % 4]], alpha=0.75)
        )
        axes.text(n + back + 0.2, -0.69 - 0.8 * index, f"y[{index}]", va="center", fontsize=9.5)
    formula = f"⌊({n} − {k})/{stride}⌋ + 1 = {m}" if padding == "valid" and m else f"⌈{n}/{stride}⌉ = {m}"
    axes.set_title(
        say(en="{m} outputs: {formula}", zh="{m} 个输出：{formula}", m=m, formula=formula)
        if m
        else say(en="No output: the kernel is longer than the axis", zh="没有输出：卷积核比轴还长")
    )
    if padding == "valid":
        extra = _unused(n - len(used))
    else:
        extra = say(
            en="padding max(({m} − 1)·{stride} + {k} − {n}, 0) = {total}: {front} in front, {back} behind",
            zh="填充 max(({m} − 1)·{stride} + {k} − {n}, 0) = {total}：前 {front} 个，后 {back} 个",
            m=m,
            stride=stride,
            k=k,
            n=n,
            total=front + back,
            front=front,
            back=back,
        )
    axes.set_xlabel(extra)
    return figure


def _unused(count: int) -> str:
    if count == 0:
        return say(en="every pixel lies in a window", zh="每个像素都在某个窗口中")
    if count == 1:
        return say(en="1 pixel (red number) lies in no window", zh="有 1 个像素（红色编号）不在任何窗口中")
    return say(
        en="{count} pixels (red numbers) lie in no window",
        zh="有 {count} 个像素（红色编号）不在任何窗口中",
        count=count,
    )


def kernel_control(value: str = KERNELS["vertical edge"]) -> Control:
    """Return a control for ``fig_kernel(kernel=...)``: nine squares to click, a list of kernels, and the text itself.

    Each click on a square adds 1 to its entry; after 2 comes −2.
    """

    def make(widgets: Any) -> Any:
        labels = {"description_width": "95px"}
        text = widgets.Text(
            value=value,
            description=say(en="kernel", zh="卷积核"),
            continuous_update=False,
            style=labels,
            layout={"width": "330px"},
        )
        presets = widgets.Dropdown(
            options=[
                (say(en="choose …", zh="选择 …"), ""),
                *((kernel_name(name), text) for name, text in KERNELS.items()),
            ],
            value="",
            description=say(en="example", zh="样例"),
            style=labels,
            layout={"width": "330px"},
        )
        squares = [
            widgets.Button(
                tooltip=say(en="row {row}, column {column}", zh="第 {row} 行第 {column} 列", row=row, column=column),
                layout={"width": "52px", "height": "36px"},
            )
            for row in (1, 2, 3)
            for column in (1, 2, 3)
        ]
        for square in squares:
            square.style.text_color = COLORS["ink"]  # they are light in a dark JupyterLab, too
        hint = widgets.Label(say(en="click to change: −2 … 2", zh="点击改变：−2 … 2"))

        def numbers() -> Array:
            with_fallback = np.zeros((3, 3))
            try:
                read = parse_kernel(text.value)
            except ValueError:
                return with_fallback
            return read if read.shape == (3, 3) else with_fallback

        def paint(change: Any = None) -> None:
            for square, number in zip(squares, numbers().ravel(), strict=True):
                square.description = f"{number:g}"
                square.style.button_color = COLORS["light"] if number == 0 else "#F4B9A0" if number > 0 else "#A6CBE3"

        def click(cell: int) -> None:
            entries = numbers().ravel()
            entries[cell] = entries[cell] + 1 if -2 <= entries[cell] < 2 else -2
            rows = [" ".join(f"{number:g}" for number in row) for row in entries.reshape(3, 3)]
            text.value = "; ".join(rows)

        def pick(change: Any) -> None:
            if change["new"]:
                text.value = change["new"]

        for cell, square in enumerate(squares):
            square.on_click(lambda _, cell=cell: click(cell))
        text.observe(paint, "value")
        presets.observe(pick, "value")
        paint()
        rows = [widgets.HBox(squares[start : start + 3]) for start in (0, 3, 6)]
        box = widgets.HBox([widgets.VBox(rows), widgets.VBox([text, presets, hint])], layout=WRAP)
        box.bar = text
        return box

    return Control(value, make)


def _padding(n: int, k: int, stride: int) -> tuple[int, int]:
    total = max((-(-n // stride) - 1) * stride + k - n, 0)
    return total // 2, total - total // 2


@lru_cache(maxsize=len(IMAGES))
def _picture(name: str) -> Array:
    """A grey picture with values 0…1."""
    if name == "constant":
        return np.full((28, 28), 0.6)
    if name == "flower":
        try:
            from sklearn.datasets import load_sample_image

            colours = load_sample_image("flower.jpg")[:424, 107:531].astype(np.float64)
            return np.asarray(colours.mean(axis=2).reshape(106, 4, 106, 4).mean(axis=(1, 3)) / 255)
        except ImportError:  # Pillow is missing
            pass
    from course.data import digits28

    return np.asarray(digits28()[0][17].astype(np.float64) / 255)
