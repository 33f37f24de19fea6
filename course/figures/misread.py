"""Figure of chapter 5: the digits that a network misreads, the most confident errors first."""

import numpy as np
from matplotlib.figure import Figure

from course.figures.style import COLORS, new_figure
from course.language import say

SHOWN = 10


def fig_misread(images: np.ndarray, labels: np.ndarray, scores: np.ndarray) -> Figure:
    """Draw up to ten misread pictures, each with the digit read, its probability and the true digit.

    Args:
        images: (n, 64), in [0, 1].
        labels: (n,), the true digits.
        scores: (n, 10), the network's scores before the softmax.
    """
    shifted = scores - scores.max(axis=1, keepdims=True)
    p = np.exp(shifted) / np.exp(shifted).sum(axis=1, keepdims=True)
    read = p.argmax(axis=1)
    wrong = np.flatnonzero(read != labels)
    wrong = wrong[np.argsort(-p[wrong, read[wrong]])]
    figure, spots = new_figure(2, SHOWN // 2, width=9.2, height=4.4)
    for spot in spots.ravel():
        spot.axis("off")
    for row, spot in zip(wrong, spots.ravel(), strict=False):
        spot.imshow(images[row].reshape(8, 8), cmap="gray_r", vmin=0, vmax=1)
        spot.set_title(
            say(
                en="read {read} ({p:.0%}), is {truth}",
                zh="读成 {read}（{p:.0%}），应为 {truth}",
                read=read[row],
                p=p[row, read[row]],
                truth=labels[row],
            ),
            loc="center",
            fontsize=10,
        )
    figure.suptitle(
        say(
            en="{right:,} of {n:,} read correctly ({share:.1%}); the most confident errors",
            zh="{n:,} 张中读对 {right:,} 张（{share:.1%}）；最有把握的错误",
            right=len(labels) - len(wrong),
            n=len(labels),
            share=1 - len(wrong) / len(labels),
        ),
        x=0.01,
        ha="left",
        fontsize=11.5,
        fontweight="bold",
        color=COLORS["ink"],
    )
    return figure
