"""Figure of chapter 1: the digits that a network gets wrong."""

import numpy as np
from matplotlib.figure import Figure

from course.figures.style import COLORS, new_figure
from course.language import say

PER_PAGE = 12


def fig_mistakes(images: np.ndarray, labels: np.ndarray, guessed: np.ndarray, page: int = 0) -> Figure:
    """Draw twelve of the images whose guess is wrong, each with guess and truth.

    Args:
        images: (n, 28, 28).
        labels, guessed: classes (n,).
        page: which twelve; beyond the last one the page is empty.
    """
    wrong = np.flatnonzero(labels != guessed)
    figure, axes = new_figure(2, 6, width=9.0, height=3.6)
    for ax, row in zip(axes.ravel(), [*wrong[page * PER_PAGE :], *[None] * PER_PAGE], strict=False):
        ax.set_axis_off()
        if row is None:
            continue
        ax.imshow(np.asarray(images[row]).reshape(28, 28), cmap="gray_r")
        ax.set_title(
            say(en="{g}, is {t}", zh="认成 {g}，是 {t}", g=guessed[row], t=labels[row]),
            loc="center", fontsize=10.5, fontweight="normal", color=COLORS["red"],
        )  # fmt: skip
    figure.suptitle(
        say(en="{n} of {all} are wrong", zh="{all} 张中认错 {n} 张", n=len(wrong), all=len(labels)),
        x=0.01, ha="left", fontsize=11.5, fontweight="bold",
    )  # fmt: skip
    return figure
