"""Figure of chapter 8: the test digits that the winner misreads."""

import numpy as np
from matplotlib.figure import Figure

from course.figures.style import new_figure
from course.language import say

SHOWN = 10


def fig_own_errors(images: np.ndarray, labels: np.ndarray, read: np.ndarray) -> Figure:
    """Draw up to ten misread pictures.

    Args:
        images: (n, 64), in [0, 1].
        labels, read: (n,), the true digits and those read.
    """
    wrong = np.flatnonzero(labels != read)[:SHOWN]
    figure, spots = new_figure(2, SHOWN // 2, width=9.2, height=4.4)
    for spot in spots.ravel():
        spot.axis("off")
    for row, spot in zip(wrong, spots.ravel(), strict=False):
        spot.imshow(images[row].reshape(8, 8), cmap="gray_r", vmin=0, vmax=1)
        spot.set_title(
            say(en="read {read}, is {truth}", zh="读成 {read}，应为 {truth}", read=read[row], truth=labels[row]),
            loc="center",
            fontsize=10,
        )
    return figure
