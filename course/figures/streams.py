"""Figures of chapter 1: what a seed fixes, and what it does not."""

import numpy as np
from matplotlib.figure import Figure

from course.figures.style import COLORS, new_figure

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


def fig_streams(seed_1: int = 1, seed_2: int = 1, extra: int = 0, n: int = 14) -> Figure:
    """The first n digits that two generators give to a program.

    Args:
        seed_1, seed_2: seeds of run 1 and run 2.
        extra: numbers that run 2 draws for something else before it starts.
        n: digits shown.
    """
    first = np.random.default_rng(seed_1).integers(10, size=n)
    second = np.random.default_rng(seed_2).integers(10, size=n + extra)[extra:]
    same = first == second
    figure, ax = new_figure(width=9.0, height=2.7)
    ax.set_axis_off()
    ax.set(xlim=(-2.6, n), ylim=(-0.7, 1.75))
    if seed_1 == seed_2:
        for k in range(n - extra):  # the same number of the stream, where each run meets it
            ax.plot([k + extra, k], [1, 0], color=COLORS["grey"], linewidth=1, zorder=0)
    for y, digits, label in ((1, first, f"run 1\nseed {seed_1}"), (0, second, f"run 2\nseed {seed_2}")):
        ax.text(-2.5, y, label, va="center", fontsize=10)
        for k, digit in enumerate(digits):
            color = COLORS["blue"] if same[k] else COLORS["red"]
            ax.plot(k, y, "o", markersize=23, color=color)
            ax.text(k, y, str(digit), ha="center", va="center", color="white", fontweight="bold")
    if extra:
        ax.text(-2.5, -0.62, f"run 2 drew {extra} more before", fontsize=9, color=COLORS["grey"])
    verdict = "the same stream" if same.all() else f"{same.sum()} of {n} agree, as often as chance lets them"
    ax.set_title(f"Numbers that the program gets: {verdict}")
    return figure


def fig_runs(shown: int = 2) -> Figure:
    """Measured test accuracies of the articles' programs, run after run, beside the printed ones.

    Args:
        shown: how many of the eight runs to show, 1 … 8.
    """
    runs = RUNS[:shown]
    figure, ax = new_figure(width=9.0, height=3.5)
    rows, hues = {"A": 1, "B": 0}, {"A": COLORS["blue"], "B": COLORS["orange"]}
    # Labels alternate above and below their points, because the points lie close together.
    side = {"A": 1, "B": 1}
    for article, seed, accuracy in runs:
        ax.plot(accuracy, rows[article], "o", color=hues[article], markersize=9, alpha=0.85)
        ax.annotate(
            seed,
            (accuracy, rows[article]),
            xytext=(0, 13 * side[article]),
            textcoords="offset points",
            ha="center",
            va="center",
            fontsize=8.5,
        )
        side[article] = -side[article]
    for article, accuracy in PRINTED.items():
        ax.plot([accuracy] * 2, [rows[article] - 0.4, rows[article] + 0.4], color=COLORS["red"], linestyle="--")
        ax.annotate(
            "printed", (accuracy, rows[article] - 0.42), ha="center", va="top", fontsize=8.5, color=COLORS["red"]
        )
    ax.set(
        xlim=(0.9862, 0.9915),
        ylim=(-0.75, 1.65),
        yticks=[0, 1],
        yticklabels=["program B", "program A"],
        xlabel="accuracy on MNIST's 10 000 test images",
    )
    ax.grid(axis="y", visible=False)
    values = np.array([accuracy for _, _, accuracy in runs])
    spread = f"{len(runs)} runs: range {np.ptp(values):.4f}" if len(runs) > 1 else "one run says nothing about spread"
    ax.set_title(f"{spread}; the printed accuracies differ by 0.0020")
    return figure
