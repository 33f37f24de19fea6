"""Figure of chapter 9: the pictures whose given label a network contradicts, and who is right."""

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from course.figures.style import COLORS, new_figure
from course.language import say

SHOWN = 40


def fig_contradictions(
    images: np.ndarray, given: np.ndarray, read: np.ndarray, true: np.ndarray, answered: bool = True
) -> Figure:
    """At most 40 pictures that the network reads otherwise than labelled; green where the network is right.

    Args:
        images: (N, 28, 28, 1).
        given, read, true: the given labels, the network's answers and the true classes, (N,).
        answered: False leaves the network's answers and the colours out.
    """
    rows = np.flatnonzero(read != given)
    figure, grid = new_figure(4, 10, width=9.6, height=4.7)
    right = int(np.sum(read[rows] == true[rows]))
    title = say(en="{n} contradictions", zh="{n} 处分歧", n=len(rows))
    if answered:
        title = say(
            en="{n} contradictions: the network is right in {right}, the label in {label}",
            zh="{n} 处分歧：网络对 {right} 处，标签对 {label} 处",
            n=len(rows),
            right=right,
            label=int(np.sum(given[rows] == true[rows])),
        )
    figure.suptitle(title, x=0.01, ha="left", fontweight="bold", fontsize=11.5)
    for place, axes in enumerate(grid.ravel()):
        axes.set(xticks=[], yticks=[])
        axes.grid(False)
        if place >= len(rows):
            axes.set_axis_off()
            continue
        row = rows[place]
        axes.imshow(images[row, ..., 0], cmap="gray_r", vmin=0, vmax=1)
        if answered:
            color = (
                COLORS["green"]
                if read[row] == true[row]
                else COLORS["red"]
                if given[row] == true[row]
                else COLORS["grey"]
            )
            axes.add_patch(Rectangle((-0.5, -0.5), 28, 28, fill=False, edgecolor=color, linewidth=3))
            axes.set_title(f"{given[row]} → {read[row]}", fontsize=10, color=color)
        else:
            axes.set_title(f"{given[row]}", fontsize=10)
    return figure
