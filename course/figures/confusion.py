"""Figure of chapter 8: a confusion matrix, and the digits behind one of its cells."""

from functools import cache

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from course.clinic import digits, fresh, layers, train
from course.figures.style import COLORS, new_figure
from course.language import say


@cache
def readings() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return pictures (1397, 64), labels, and what a network trained on 400 other digits reads."""
    X, y = digits()
    rng = np.random.default_rng(2)
    order = rng.permutation(len(y))
    params = fresh(rng)
    for _ in range(12):
        params = train(params, X[order[:400]], y[order[:400]], rng)
    rest = order[400:]
    return X[rest], y[rest], layers(params, X[rest])[-1].argmax(axis=1)


def table() -> np.ndarray:
    """Return the confusion matrix (10, 10) of :func:`readings`: row truth, column reading."""
    _, y, read = readings()
    counts = np.zeros((10, 10), dtype=int)
    np.add.at(counts, (y, read), 1)
    return counts


def fig_confusion(truth: int = 8, read: int = 1, answered: bool = True) -> Figure:
    """Left: the errors of a network by true and read digit. Right: the pictures of one cell.

    Args:
        truth, read: the cell.
        answered: False shows the right readings only, the diagonal.
    """
    X, y, guess = readings()
    counts = table()
    figure, (left, right) = new_figure(1, 2, width=9.2, height=4.4)
    errors = counts * (1 - np.eye(10, dtype=int))
    left.imshow(errors if answered else np.zeros((10, 10)), cmap="Oranges", vmin=0, vmax=errors.max())
    for i in range(10):
        for j in range(10):
            dark = answered and errors[i, j] > 0.6 * errors.max()
            if i == j or (answered and counts[i, j]):
                left.text(
                    j,
                    i,
                    str(counts[i, j]),
                    ha="center",
                    va="center",
                    fontsize=9,
                    color="white" if dark else COLORS["ink"],
                )
    left.set(xlabel=say(en="read as", zh="读成"), ylabel=say(en="is", zh="实际是"))
    left.set_xticks(range(10))
    left.set_yticks(range(10))
    left.grid(visible=False)
    right.axis("off")
    if answered:
        left.add_patch(Rectangle((read - 0.5, truth - 0.5), 1, 1, fill=False, ec=COLORS["blue"], lw=2))
        sheet = np.full((4 * 9, 5 * 9), np.nan)
        rows = np.flatnonzero((y == truth) & (guess == read))
        for place, row in enumerate(rows[:20]):
            top, side = 9 * (place // 5), 9 * (place % 5)
            sheet[top : top + 8, side : side + 8] = X[row].reshape(8, 8)
        right.imshow(sheet, cmap="gray_r", vmin=0, vmax=1)
        right.set_title(
            say(en="{n} times: is {a}, read as {b}", zh="{n} 次：实际是 {a}，读成 {b}", n=len(rows), a=truth, b=read)
        )
    left.set_title(say(en="{n:,} digits", zh="{n:,} 个数字", n=len(y)))
    return figure
