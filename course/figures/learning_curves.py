"""Figure of chapter 8: six learning curves on digits, each with its state of health."""

from functools import cache

import numpy as np
from matplotlib.figure import Figure

from course.clinic import cross_entropy, digits, fresh, train
from course.figures.style import COLORS, new_figure
from course.language import say

EPOCHS = 24


@cache
def curves() -> dict[str, np.ndarray]:
    """Return the training and validation loss of the runs A … F before and after each epoch, (25, 2) each."""
    X, y = digits()
    made = {}
    for letter in "ABCDEF":
        rng = np.random.default_rng(4)
        order = rng.permutation(len(y))
        rows, held = order[:500], order[1200:]
        labels, rate = y[rows], 0.1
        params = fresh(rng)
        if letter == "B":
            rate = 0.001
        elif letter == "C":
            rows, rate = rows[:80], 0.03
            labels = y[rows].copy()
            labels[:30] = rng.integers(0, 10, 30)
        elif letter == "D":
            params[3] = params[3] - 8.0
        elif letter == "E":
            rate = 0.9
        elif letter == "F":
            labels = rng.permutation(labels)
        losses = [(cross_entropy(params, X[rows], labels), cross_entropy(params, X[held], y[held]))]
        for _ in range(EPOCHS):
            params = train(params, X[rows], labels, rng, rate, batch=2 if letter == "C" else 32)
            losses.append((cross_entropy(params, X[rows], labels), cross_entropy(params, X[held], y[held])))
        made[letter] = np.array(losses)
    return made


def fig_learning_curves(answered: bool = True) -> Figure:
    """Show the six pairs of curves; once answered, the epoch with the lowest validation loss is marked.

    Args:
        answered: False leaves the marks out.
    """
    figure, axes = new_figure(2, 3, width=9.6, height=4.8, sharex=True, sharey=True)
    for axis, (letter, losses) in zip(axes.flat, curves().items(), strict=True):
        axis.plot(losses[:, 0], color=COLORS["blue"], label=say(en="training", zh="训练"))
        axis.plot(losses[:, 1], color=COLORS["orange"], label=say(en="validation", zh="验证"))
        axis.axhline(np.log(10), color=COLORS["grey"], ls=":", lw=1)
        if answered:
            axis.plot(losses[:, 1].argmin(), losses[:, 1].min(), "o", color=COLORS["red"], ms=7)
        axis.set(xlim=(0, EPOCHS), ylim=(0, 5))
        axis.set_title(letter)
    for axis in axes[:, 0]:
        axis.set_ylabel(say(en="loss", zh="损失"))
    for axis in axes[1]:
        axis.set_xlabel(say(en="epoch", zh="轮次"))
    axes[0, 0].legend(loc="upper right")
    return figure
