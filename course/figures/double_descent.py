"""Figure of chapter 9: the error of random features on 150 pictures, with fewer and with many more features than pictures."""

from functools import cache

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import NullLocator

from course.few_pictures import given_labels, pictures
from course.figures.style import COLORS, new_figure
from course.language import say

SIZES = (10, 20, 40, 70, 100, 120, 135, 150, 165, 180, 220, 300, 500, 1000, 2000)
SEEDS = 3


@cache
def _small() -> tuple[np.ndarray, np.ndarray]:
    """Return the training and the test pictures at 8×8, as rows with mean 0."""
    x, _, _, _, x_test, _ = pictures()
    # every pixel was repeated 3×3 inside a border of two
    rows = [part[:, 3:26:3, 3:26:3, 0].reshape(len(part), 64).astype(float) for part in (x, x_test)]
    return rows[0] - rows[0].mean(axis=0), rows[1] - rows[0].mean(axis=0)


@cache
def errors(size: int, price: float = 0.0) -> tuple[float, float]:
    """Return the shares of wrong answers on the training labels and on the test pictures, averaged over three draws.

    ``size`` random ReLU features; the last layer fits the given labels by least squares, with the smallest weights among
    those that fit equally well, or with ``price`` times the sum of their squares.
    """
    small, small_test = _small()
    given, y_test = given_labels()[0], pictures()[5]
    wrong = []
    for seed in range(SEEDS):
        rng = np.random.default_rng(seed)
        W, b = rng.normal(0, 1, (64, size)), rng.normal(0, 1, size)
        h, h_test = (np.maximum(rows @ W + b, 0) / np.sqrt(size) for rows in (small, small_test))
        targets = np.eye(10)[given] - 0.1
        # the smaller of the two square matrices; its inverse leaves out what the features cannot express
        wide = size > len(h)
        gram = h @ h.T if wide else h.T @ h
        inverse = np.linalg.pinv(gram + price * np.eye(len(gram)), rcond=1e-12, hermitian=True)
        weights = h.T @ (inverse @ targets) if wide else inverse @ (h.T @ targets)
        wrong.append(
            (np.mean((h @ weights).argmax(axis=1) != given), np.mean((h_test @ weights).argmax(axis=1) != y_test))
        )
    return float(np.mean([a for a, _ in wrong])), float(np.mean([b for _, b in wrong]))


def fig_double_descent(priced: bool = False, answered: bool = True) -> Figure:
    """Share of wrong answers against the number of features, in training and in the test.

    Args:
        priced: also show the test with a price on the weights.
        answered: False shows the training, and the test with fewer features than pictures.
    """
    figure, axes = new_figure(1, 1, width=8.0, height=3.8)
    table = np.array([errors(size) for size in SIZES])
    axes.semilogx(SIZES, table[:, 0], "o-", ms=4, color=COLORS["blue"], label=say(en="training labels", zh="训练标签"))
    shown = len(SIZES) if answered else sum(size <= 70 for size in SIZES)
    axes.semilogx(
        SIZES[:shown],
        table[:shown, 1],
        "o-",
        ms=4,
        color=COLORS["orange"],
        label=say(en="test pictures", zh="测试图像"),
    )
    axes.set_title(say(en="Wrong answers", zh="答错的比例"))
    if answered:
        axes.axvline(150, color=COLORS["ink"], ls=":", lw=1.4)
        axes.set_title(
            say(
                en="Test: {peak:.2f} at 150 features, {end:.2f} at 2,000",
                zh="测试：150 个特征时 {peak:.2f}，2,000 个时 {end:.2f}",
                peak=errors(150)[1],
                end=errors(2000)[1],
            )
        )
        if priced:
            with_price = [errors(size, 1.0)[1] for size in SIZES]
            axes.semilogx(
                SIZES,
                with_price,
                "o--",
                ms=4,
                color=COLORS["green"],
                label=say(en="test, with a price on weights", zh="测试，权重有代价时"),
            )
    axes.set(
        xlim=(9, 2300),
        ylim=(0, 1),
        xlabel=say(en="random features", zh="随机特征的个数"),
        ylabel=say(en="share wrong", zh="答错的比例"),
    )
    axes.legend(loc="upper right", fontsize=9)
    axes.xaxis.set_minor_locator(NullLocator())  # they take most of the drawing time
    return figure
