"""Figure of chapter 8: eight measured accuracies with their intervals, and when two printed ones differ."""

import math

import numpy as np
from matplotlib.figure import Figure

from course.figures.streams import PRINTED, RUNS
from course.figures.style import COLORS, new_figure
from course.language import say
from course.statistics import wilson_interval

SIZES = np.unique(np.round(np.geomspace(1000, 100_000, 60)).astype(int))


def p_value(first: float, second: float, n: int) -> float:
    """Return the two-sided p-value for two shares, each measured on n rows of its own."""
    pooled = (first + second) / 2
    return math.erfc(abs(first - second) / math.sqrt(4 * pooled * (1 - pooled) / n))


def fig_intervals(n: int = 10_000, answered: bool = True) -> Figure:
    """Left: the eight runs with 95 % intervals for n test images. Right: p of the two printed accuracies against n.

    Args:
        n: number of test images.
        answered: False shows the measured accuracies alone.
    """
    figure, (left, right) = new_figure(1, 2, width=9.6, height=4.0)
    for row, (article, _, accuracy) in enumerate(RUNS):
        color = COLORS["blue" if article == "A" else "orange"]
        if answered:
            low, high = wilson_interval(round(accuracy * n), n)
            left.plot([low, high], [row, row], color=color, lw=2)
        left.plot(accuracy, row, "o", color=color)
    left.set(xlim=(0.975, 1.0), ylim=(-0.7, 7.7), yticks=range(8), xlabel=say(en="accuracy", zh="准确率"))
    left.set_yticklabels([article for article, _, _ in RUNS])
    left.set_title(say(en="Eight runs of programs A and B", zh="程序 A 和 B 的八次运行"))
    right.axhline(0.05, color=COLORS["red"], ls="--", lw=1.5)
    right.set(
        xscale="log", xlim=(1000, 100_000), ylim=(0, 1), xlabel=say(en="test images", zh="测试图像数"), ylabel="p"
    )
    right.set_title(say(en="p for 0.9900 against 0.9880", zh="0.9900 与 0.9880 相比的 p"))
    if answered:
        p = p_value(PRINTED["A"], PRINTED["B"], n)
        right.plot(SIZES, [p_value(PRINTED["A"], PRINTED["B"], int(size)) for size in SIZES], color=COLORS["blue"])
        right.plot(n, p, "o", color=COLORS["ink"], ms=8)
        right.set_title(say(en="{n:,} images each: p = {p:.3f}", zh="各 {n:,} 张图像：p = {p:.3f}", n=n, p=p))
    return figure
