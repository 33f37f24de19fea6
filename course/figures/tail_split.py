"""Figure of chapter 8: which classes a validation set gets, taken from the tail of a file or at random."""

from functools import cache

import numpy as np
from matplotlib.figure import Figure

from course.clinic import digits
from course.figures.style import COLORS, new_figure
from course.language import say


@cache
def split(is_sorted: bool, how: str) -> tuple[np.ndarray, np.ndarray, float, float]:
    """Return rows per class in training and validation, and the share that the nearest class mean reads in each.

    Args:
        is_sorted: whether the digits are sorted by class first; else they are shuffled.
        how: ``"tail"`` validates on the last tenth, ``"random"`` on a tenth at random, ``"stratified"`` on a tenth of
            each class.
    """
    X, y = digits()
    rng = np.random.default_rng(1)
    order = np.argsort(y, kind="stable") if is_sorted else rng.permutation(len(y))
    X, y = X[order], y[order]
    held = np.zeros(len(y), dtype=bool)
    if how == "tail":
        held[-(len(y) // 10) :] = True
    elif how == "random":
        held[rng.choice(len(y), len(y) // 10, replace=False)] = True
    else:
        for digit in range(10):
            rows = np.flatnonzero(y == digit)
            held[rng.choice(rows, round(len(rows) / 10), replace=False)] = True
    known = np.unique(y[~held])
    means = np.array([X[~held & (y == digit)].mean(axis=0) for digit in known])
    read = known[((X[:, None] - means) ** 2).sum(axis=2).argmin(axis=1)]
    counts = [np.bincount(y[part], minlength=10) for part in (~held, held)]
    return counts[0], counts[1], float(np.mean(read[~held] == y[~held])), float(np.mean(read[held] == y[held]))


def fig_tail_split(is_sorted: bool = True, how: str = "tail", answered: bool = True) -> Figure:
    """Rows per class in the two parts, and what a simple classifier reads in each.

    Args:
        is_sorted, how: see :func:`split`.
        answered: False leaves the validation set out.
    """
    training, validation, on_training, on_validation = split(is_sorted, how)
    figure, (left, right) = new_figure(1, 2, width=9.2, height=3.5)
    left.bar(range(10), training, color=COLORS["blue"])
    left.set_title(say(en="Training: {share:.0%} right", zh="训练集：准确率 {share:.0%}", share=on_training))
    right.set_title(say(en="Validation", zh="验证集"))
    if answered:
        right.bar(range(10), validation, color=COLORS["orange"])
        right.set_title(say(en="Validation: {share:.0%} right", zh="验证集：准确率 {share:.0%}", share=on_validation))
    for axes in (left, right):
        axes.set(xlim=(-0.6, 9.6), ylim=(0, 190), xlabel=say(en="class", zh="类别"), ylabel=say(en="rows", zh="行数"))
        axes.set_xticks(range(10))
    return figure
