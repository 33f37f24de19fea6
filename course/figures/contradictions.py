"""Figure of chapter 9: the pictures whose given label a network contradicts, and who is right."""

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from course.figures.style import COLORS, new_figure
from course.language import say

SHOWN = 40
TALL, WIDE = 40, 32
"""Pixels from one picture to the next: 28, the label and a gap."""


def fig_contradictions(
    images: np.ndarray, given: np.ndarray, read: np.ndarray, true: np.ndarray, answered: bool = True
) -> Figure:
    """At most 40 pictures that the network reads otherwise than labelled; green where the network is right.

    Args:
        images: (N, 28, 28, 1).
        given, read, true: the given labels, the network's answers and the true classes, (N,).
        answered: False leaves the network's answers and the colours out.
    """
    rows = np.flatnonzero(read != given)[:SHOWN]
    figure, axes = new_figure(1, 1, width=9.6, height=4.7)
    title = say(en="{n} contradictions", zh="{n} 处分歧", n=int(np.sum(read != given)))
    if answered:
        title = say(
            en="{n} contradictions: the network is right in {right}, the label in {label}",
            zh="{n} 处分歧：网络对 {right} 处，标签对 {label} 处",
            n=int(np.sum(read != given)),
            right=int(np.sum((read != given) & (read == true))),
            label=int(np.sum((read != given) & (given == true))),
        )
    axes.set_title(title)
    sheet = np.zeros((4 * TALL, 10 * WIDE))
    for place, row in enumerate(rows):
        top, left = TALL * (place // 10) + TALL - 29, WIDE * (place % 10) + 2
        sheet[top : top + 28, left : left + 28] = images[row, ..., 0]
        text, color = f"{given[row]}", COLORS["ink"]
        if answered:
            kind = "green" if read[row] == true[row] else "red" if given[row] == true[row] else "grey"
            text, color = f"{given[row]} → {read[row]}", COLORS[kind]
            axes.add_patch(Rectangle((left - 0.5, top - 0.5), 28, 28, fill=False, edgecolor=color, linewidth=2))
        axes.text(left + 14, top - 5, text, ha="center", va="center", fontsize=10, color=color)
    axes.imshow(sheet, cmap="gray_r", vmin=0, vmax=1)
    axes.set_axis_off()
    return figure
