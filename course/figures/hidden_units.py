"""Figure of chapter 5: sixteen hidden units learn digits, epoch by epoch."""

from functools import lru_cache

import numpy as np
from matplotlib.figure import Figure

from course.figures.style import COLORS, new_figure
from course.language import say

HIDDEN, EPOCHS, BATCH = 16, 12, 48
WEIGHT = 1.2  # the largest weights after training are about this large


@lru_cache(maxsize=2)
def history(both: bool) -> tuple[tuple[float, ...], tuple[np.ndarray, ...]]:
    """Return the share of held-out digits read correctly and W1 (64, 16), each before training and after each epoch.

    Stochastic gradient descent with momentum on 1,283 of scikit-learn's digits, the other 514 held out.

    Args:
        both: update both layers; else the output layer only.
    """
    from sklearn.datasets import load_digits

    digits = load_digits()
    x, y = digits.data / 16, digits.target
    held = np.isin(np.arange(len(y)) % 7, (1, 4))
    rng = np.random.default_rng(3)
    params = [
        rng.normal(0, np.sqrt(2 / 64), (64, HIDDEN)),
        np.zeros(HIDDEN),
        rng.normal(0, np.sqrt(2 / HIDDEN), (HIDDEN, 10)),
        np.zeros(10),
    ]
    speed = [np.zeros_like(p) for p in params]
    train_x, train_y = x[~held], y[~held]

    def accuracy() -> float:
        scores = np.maximum(x[held] @ params[0] + params[1], 0) @ params[2] + params[3]
        return float(np.mean(scores.argmax(axis=1) == y[held]))

    shares, weights = [accuracy()], [params[0]]
    for _ in range(EPOCHS):
        order = rng.permutation(len(train_x))
        for start in range(0, len(order), BATCH):
            rows = order[start : start + BATCH]
            z = train_x[rows] @ params[0] + params[1]
            h = np.maximum(z, 0)
            s = h @ params[2] + params[3]
            p = np.exp(s - s.max(axis=1, keepdims=True))
            p /= p.sum(axis=1, keepdims=True)
            p[np.arange(len(rows)), train_y[rows]] -= 1
            p /= len(rows)
            dz = p @ params[2].T * (z > 0)
            grads = (train_x[rows].T @ dz, dz.sum(axis=0), h.T @ p, p.sum(axis=0))
            for k in range(0 if both else 2, 4):
                speed[k] = 0.9 * speed[k] - 0.08 * grads[k]
                params[k] = params[k] + speed[k]
        shares.append(accuracy())
        weights.append(params[0])
    return tuple(shares), tuple(weights)


def fig_hidden_units(epoch: int = 0, answered: bool = True) -> Figure:
    """Left: digits read correctly against the epoch, both layers trained and the output alone. Right: the units' weights.

    Args:
        epoch: 0 … 12, how far the training of both layers is shown.
        answered: False shows the untrained network and the curve of the output layer alone.
    """
    epoch = epoch if answered else 0
    figure, (axes, sheet) = new_figure(1, 2, width=9.6, height=4.1, gridspec_kw={"width_ratios": (1.3, 1)})
    alone = history(False)[0]
    axes.plot(range(EPOCHS + 1), alone, color=COLORS["grey"], label=say(en="output layer alone", zh="只训练输出层"))
    shares, weights = history(True)
    if answered:
        axes.plot(
            range(epoch + 1), shares[: epoch + 1], color=COLORS["blue"], label=say(en="both layers", zh="两层都训练")
        )
        axes.plot(epoch, shares[epoch], "o", color=COLORS["blue"])
        title = say(
            en="Epoch {epoch}: {both:.1%} with both, {alone:.1%} with one",
            zh="第 {epoch} 轮：两层 {both:.1%}，一层 {alone:.1%}",
            epoch=epoch,
            both=shares[epoch],
            alone=alone[epoch],
        )
    else:
        title = say(en="The output layer alone", zh="只训练输出层")
    axes.set_title(title)
    axes.set(
        xlim=(0, EPOCHS),
        ylim=(0, 1),
        xlabel=say(en="epoch", zh="轮次"),
        ylabel=say(en="unseen digits read correctly", zh="没见过的数字的准确率"),
    )
    axes.legend(loc="lower right")
    sheet.imshow(_mosaic(weights[epoch]), cmap="PuOr", vmin=-WEIGHT, vmax=WEIGHT)
    sheet.axis("off")
    sheet.set_title(say(en="What each hidden unit looks for", zh="每个隐藏单元在看什么"))
    return figure


def _mosaic(weights: np.ndarray) -> np.ndarray:
    """Return the 16 columns of W1 (64, 16) as 8×8 pictures in a 4×4 sheet with empty lines between them."""
    sheet = np.full((4 * 9 - 1, 4 * 9 - 1), np.nan)
    for unit in range(HIDDEN):
        top, left = 9 * (unit // 4), 9 * (unit % 4)
        sheet[top : top + 8, left : left + 8] = weights[:, unit].reshape(8, 8)
    return sheet
