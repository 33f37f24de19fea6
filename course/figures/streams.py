"""Figures of chapter 1: what a seed fixes, and what it does not."""

import numpy as np
from matplotlib.figure import Figure

from course.figures.style import COLORS, new_figure
from course.language import say

RUNS = (
    ("A", "no seed", 0.9905),
    ("B", "no seed", 0.9885),
    ("A", "seed 0", 0.9894),
    ("B", "seed 0", 0.9906),
    ("A", "seed 1", 0.9880),
    ("B", "seed 1", 0.9891),
    ("A", "seed 2", 0.9904),
    ("B", "seed 2", 0.9871),
)
"""Test accuracies of the articles' two programs on MNIST, measured on a CPU with TensorFlow 2.21."""

PRINTED = {"A": 0.9900, "B": 0.9880}
"""What the articles print."""


def fig_streams(seed_1: int = 1, seed_2: int = 1, extra: int = 1, n: int = 14, answered: bool = True) -> Figure:
    """The first n digits that two generators give to a program.

    Args:
        seed_1, seed_2: seeds of run 1 and run 2.
        extra: numbers that run 2 draws for something else before it starts.
        n: digits shown.
        answered: False hides the digits of run 2.
    """
    first = np.random.default_rng(seed_1).integers(10, size=n)
    second = np.random.default_rng(seed_2).integers(10, size=n + extra)[extra:]
    same = first == second
    figure, ax = new_figure(width=9.0, height=2.7)
    ax.set_axis_off()
    ax.set(xlim=(-2.9, n), ylim=(-0.75, 1.75))
    if answered and seed_1 == seed_2:
        for k in range(n - extra):  # the same number of the stream, where each run meets it
            ax.plot([k + extra, k], [1, 0], color=COLORS["grey"], linewidth=1, zorder=0)
    for y, digits, run, seed in ((1, first, 1, seed_1), (0, second, 2, seed_2)):
        ax.text(
            -2.8, y, say(en="run {run}\nseed {seed}", zh="第 {run} 次运行\n种子 {seed}", run=run, seed=seed),
            va="center", fontsize=10,
        )  # fmt: skip
        for k, digit in enumerate(digits):
            color = COLORS["light"] if not answered else COLORS["blue"] if same[k] else COLORS["red"]
            ax.plot(k, y, "o", markersize=23, color=color)
            said = str(digit) if answered or y == 1 else "?"
            ink = "white" if answered else COLORS["ink"]
            ax.text(k, y, said, ha="center", va="center", color=ink, fontweight="bold")
    if extra:
        ax.text(
            -2.8, -0.68, say(en="run 2 drew {n} more before", zh="第 2 次运行事先多抽了 {n} 个数", n=extra),
            fontsize=9, color="#5B646E",
        )  # fmt: skip
    if answered:
        ax.set_title(
            say(en="All numbers agree: the same stream", zh="全部相同：同一个序列")
            if same.all()
            else say(en="None of the {n} numbers agrees", zh="{n} 个数没有一个相同", n=n)
            if not same.any()
            else say(
                en="{same} of {n} numbers agree, as often as chance lets them",
                zh="{n} 个数中有 {same} 个相同，纯属巧合",
                same=int(same.sum()),
                n=n,
            )
        )
    return figure


def fig_runs(shown: int = 8, answered: bool = True) -> Figure:
    """Measured test accuracies of the articles' programs, their range, and the printed ones.

    Args:
        shown: how many of the eight runs to show, 1 … 8.
        answered: False shows the printed accuracies only.
    """
    runs = RUNS[: shown if answered else 0]
    figure, ax = new_figure(width=9.0, height=3.3)
    rows, hues = {"A": 1, "B": 0}, {"A": COLORS["blue"], "B": COLORS["orange"]}
    for article, row in rows.items():
        values = [accuracy for name, _, accuracy in runs if name == article]
        if len(values) > 1:
            ax.barh(row, max(values) - min(values), left=min(values), height=0.34, color=hues[article], alpha=0.3)
            ax.text(
                max(values) + 0.00008, row + 0.3,
                say(en="range {r:.4f}", zh="极差 {r:.4f}", r=max(values) - min(values)), fontsize=9.5, fontweight="bold",
            )  # fmt: skip
        ax.plot(values, [row] * len(values), "o", color=hues[article], markersize=9)
        printed = PRINTED[article]
        ax.plot([printed] * 2, [row - 0.34, row + 0.34], color=COLORS["red"], linestyle="--")
        ax.text(
            printed, row - 0.38, say(en="printed {p:.4f}", zh="文中 {p:.4f}", p=printed),
            ha="center", va="top", fontsize=9, color=COLORS["red"],
        )  # fmt: skip
    ax.set(
        xlim=(0.9862, 0.9918),
        ylim=(-0.75, 1.6),
        yticks=[0, 1],
        yticklabels=[say(en="program B", zh="程序 B"), say(en="program A", zh="程序 A")],
        xlabel=say(en="accuracy on MNIST's 10,000 test images", zh="MNIST 的 10,000 张测试图像上的准确率"),
    )
    ax.grid(axis="y", visible=False)
    if answered:
        ax.set_title(
            say(
                en="{n} runs; only the seed differs within a row",
                zh="{n} 次运行；同一行内只有种子不同",
                n=len(runs),
            )
        )
    return figure
