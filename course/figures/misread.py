"""Figure of chapter 5: the digits that a network misreads, by its confidence."""

import numpy as np
from matplotlib.figure import Figure

from course.figures.style import COLORS, new_figure
from course.language import say

SHOWN = 10


def fig_misread(images: np.ndarray, labels: np.ndarray, scores: np.ndarray, confident: bool = True) -> Figure:
    """Draw up to ten misread pictures, each with the digit read, its probability and the true digit.

    Args:
        images: (n, 64), in [0, 1].
        labels: (n,), the true digits.
        scores: (n, 10), the network's scores before the softmax.
        confident: the most confident errors first; otherwise the least confident ones.
    """
    shifted = scores - scores.max(axis=1, keepdims=True)
    p = np.exp(shifted) / np.exp(shifted).sum(axis=1, keepdims=True)
    read = p.argmax(axis=1)
    wrong = np.flatnonzero(read != labels)
    order = np.argsort(-p[wrong, read[wrong]])
    wrong = wrong[order if confident else order[::-1]]
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
            en="{right:,} of {n:,} read correctly ({share:.1%}); {which} errors",
            zh="{n:,} 张中读对 {right:,} 张（{share:.1%}）；{which}的错误",
            which=say(en="the most confident", zh="最有把握")
            if confident
            else say(en="the least confident", zh="最没把握"),
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
