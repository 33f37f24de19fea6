"""Figure of chapter 8: the threshold of a test for cancer, its four kinds of outcome, and their cost."""

from functools import cache

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from course.figures.style import COLORS, new_figure
from course.language import say

THRESHOLDS = np.round(np.arange(0.01, 1.0, 0.01), 2)


@cache
def patients() -> tuple[np.ndarray, np.ndarray]:
    """Return for 228 patients (1 = malignant) and the probability that a logistic regression on three features gives.

    It was fitted on the other 341 patients of scikit-learn's breast-cancer data: radius, texture and smoothness.
    """
    from sklearn.datasets import load_breast_cancer

    table = load_breast_cancer()
    order = np.random.default_rng(0).permutation(len(table.target))
    fit, test = order[:341], order[341:]
    X, y = table.data[:, [0, 1, 4]], (table.target == 0).astype(int)
    Z = (X - X[fit].mean(axis=0)) / X[fit].std(axis=0)
    w, b = np.zeros(3), 0.0
    for _ in range(500):
        error = 1 / (1 + np.exp(-(Z[fit] @ w + b))) - y[fit]
        w, b = w - 0.5 * Z[fit].T @ error / len(fit), b - 0.5 * error.mean()
    return y[test], 1 / (1 + np.exp(-(Z[test] @ w + b)))


def outcomes(threshold: float) -> tuple[int, int, int, int]:
    """Return TP, FP, FN, TN; malignant is positive, and so is a probability of at least ``threshold``."""
    y, p = patients()
    alarm = p >= threshold
    tp, fp, fn, tn = (int(np.sum((y == truth) & (alarm == said))) for truth, said in ((1, 1), (0, 1), (1, 0), (0, 0)))
    return tp, fp, fn, tn


def cost(threshold: float, miss: int) -> int:
    """Return what all outcomes cost, where a false alarm costs 1 and a missed cancer ``miss``."""
    _, fp, fn, _ = outcomes(threshold)
    return miss * fn + fp


def fig_threshold(threshold: float = 0.5, miss: int = 10, answered: bool = True) -> Figure:
    """Left: the four outcomes as squares, with precision, recall and F1. Right: the cost of every threshold.

    Args:
        threshold: probability from which on an alarm is raised.
        miss: the cost of a missed cancer, in false alarms.
        answered: False leaves the curve of the costs out.
    """
    tp, fp, fn, tn = outcomes(threshold)
    figure, (left, right) = new_figure(1, 2, width=9.6, height=4.0)
    words = (
        (0, 1, tp, "green", say(en="found", zh="找到"), "TP"),
        (1, 1, fn, "red", say(en="missed", zh="漏诊"), "FN"),
        (0, 0, fp, "orange", say(en="false alarm", zh="误报"), "FP"),
        (1, 0, tn, "grey", say(en="correctly no alarm", zh="正确放行"), "TN"),
    )
    for x, y, count, color, word, short in words:
        side = np.sqrt(count / 150) * 0.9
        left.add_patch(Rectangle((x - side / 2, y - side / 2), side, side, color=COLORS[color], alpha=0.75))
        above = side < 0.4  # the label is wider than the square
        left.text(
            x,
            y + side / 2 + 0.04 if above else y,
            f"{short} {count}",
            ha="center",
            va="bottom" if above else "center",
            fontweight="bold",
        )
        left.text(x, y - 0.53, word, ha="center", fontsize=9)
    left.set(xlim=(-0.6, 1.6), ylim=(-0.6, 1.6), xticks=[], yticks=[])
    left.set_aspect("equal")
    left.set_title(
        say(
            en="Precision {p:.2f}, recall {r:.2f}, F1 {f:.2f}",
            zh="精确率 {p:.2f}，召回率 {r:.2f}，F1 {f:.2f}",
            p=tp / max(tp + fp, 1),
            r=tp / max(tp + fn, 1),
            f=2 * tp / max(2 * tp + fp + fn, 1),
        )
    )
    if answered:
        costs = [cost(t, miss) for t in THRESHOLDS]
        best = int(np.argmin(costs))
        right.plot(THRESHOLDS, costs, color=COLORS["blue"])
        right.plot(THRESHOLDS[best], costs[best], "o", color=COLORS["green"], ms=9)
        right.set_title(
            say(
                en="Cost {now} here, {low} at {best:.2f}",
                zh="此处代价 {now}，在 {best:.2f} 处为 {low}",
                now=cost(threshold, miss),
                low=costs[best],
                best=THRESHOLDS[best],
            )
        )
        right.set_ylim(0, 1.05 * max(costs))
    else:
        right.set_title(say(en="Cost of each threshold", zh="每个阈值的代价"))
    right.axvline(threshold, color=COLORS["ink"], ls=":")
    right.set(
        xlim=(0, 1), xlabel=say(en="threshold", zh="阈值"), ylabel=say(en="cost (false alarms)", zh="代价（误报数）")
    )
    return figure
