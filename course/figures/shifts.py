"""Figure of chapter 4, section 1: what moving every picture does to two networks."""

from collections.abc import Callable

import numpy as np
from matplotlib.figure import Figure

from course.figures.style import COLORS, new_figure
from course.language import say

Array = np.ndarray


def moved(x: Array, pixels: int) -> Array:
    """Return pictures (n, H, W, C) moved to the right by ``pixels`` ≥ 0; black comes in on the left."""
    return np.pad(x, ((0, 0), (0, 0), (pixels, 0), (0, 0)))[:, :, : x.shape[2]]


def accuracy_when_moved(predict: Callable[[Array], Array], x: Array, y: Array, pixels: int) -> float:
    """Return the share of pictures that ``predict``, which gives scores (n, 10), still gets right when moved."""
    return float(np.mean(np.asarray(predict(moved(x, pixels))).argmax(axis=1) == y))


def fig_shifts(
    picture: Array, dense: tuple[float, ...], convolutional: tuple[float, ...], pixels: int = 2, answered: bool = True
) -> Figure:
    """Show a moved picture beside both networks' accuracies on moved pictures.

    Args:
        picture: (28, 28, 1).
        dense, convolutional: accuracy for a shift of 0, 1, 2 … pixels.
        pixels: the shift that is shown.
        answered: without it, the accuracies for unmoved pictures only.
    """
    figure, (left, right) = new_figure(cols=2, width=8.6, height=3.3, gridspec_kw={"width_ratios": (1, 2)})
    left.imshow(moved(picture[None], pixels if answered else 0)[0, ..., 0], cmap="gray")
    left.set_axis_off()
    shown = len(dense) if answered else 1
    for name, values, colour in (
        (say(en="dense", zh="全连接"), dense, "orange"),
        (say(en="convolutional", zh="卷积"), convolutional, "blue"),
    ):
        right.plot(range(shown), values[:shown], "o-", color=COLORS[colour], label=name)
        if answered:
            right.plot(pixels, values[pixels], "o", color=COLORS[colour], markersize=11)
    right.legend(loc="lower left")
    right.set(
        xlim=(-0.15, len(dense) - 0.85),
        ylim=(0, 1.03),
        xticks=range(len(dense)),
        xlabel=say(en="pixels to the right", zh="向右平移的像素数"),
        ylabel=say(en="accuracy on held-out digits", zh="留出数字上的准确率"),
    )
    if answered:
        right.set_title(
            say(
                en="{pixels} px: dense {dense:.3f}, convolutional {conv:.3f}",
                zh="平移 {pixels} 像素：全连接 {dense:.3f}，卷积 {conv:.3f}",
                pixels=pixels,
                dense=dense[pixels],
                conv=convolutional[pixels],
            )
        )
    return figure
