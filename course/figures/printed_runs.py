"""Figure of chapter 4, section 6: eight measured runs of the articles' programs, and what one run can tell."""

from matplotlib.figure import Figure

from course.figures.style import COLORS, new_figure
from course.language import say
from course.statistics import wilson_interval

RUNS = {"A": (0.9894, 0.9880, 0.9904, 0.9905), "B": (0.9906, 0.9891, 0.9871, 0.9885)}
"""Test accuracies on MNIST, Keras 3.15, TensorFlow 2.21, two CPU cores: seeds 0, 1, 2, and one run without a seed."""

PRINTED = {"A": 0.9900, "B": 0.9880}


def fig_printed_runs(n: int = 10_000, runs: bool = True, answered: bool = True) -> Figure:
    """Draw both printed accuracies with Wilson's 95 % intervals for ``n`` test pictures, and the measured runs as dots.

    Args:
        n: number of test pictures behind each printed number.
        runs: draw the measured runs, each on MNIST's 10,000 test pictures.
        answered: without it, only the two printed numbers.
    """
    figure, axes = new_figure(width=8.2, height=3.2)
    for row, (program, colour) in enumerate((("A", "blue"), ("B", "orange"))):
        middle = PRINTED[program]
        if answered:
            low, high = wilson_interval(round(middle * n), n)
            axes.plot((low, high), (row, row), color=COLORS[colour], linewidth=7, alpha=0.35, solid_capstyle="butt")
            axes.text(high, row - 0.24, f"[{low:.4f}, {high:.4f}]", fontsize=9, ha="right", color=COLORS["ink"])
        if answered and runs:
            axes.plot(RUNS[program], [row + 0.28] * 4, "o", color=COLORS[colour], markersize=7, alpha=0.8)
        axes.plot(middle, row, "|", color=COLORS["ink"], markersize=20, markeredgewidth=2.5)
    names = [say(en="article {name}", zh="文章 {name}", name=name) for name in PRINTED]
    axes.set_yticks((0, 1), names)
    axes.set(
        ylim=(1.7, -0.6), xlim=(0.9815 if n >= 4000 else 0.972, 0.9965), xlabel=say(en="test accuracy", zh="测试准确率")
    )
    axes.grid(axis="y", visible=False)
    if answered:
        axes.set_title(
            say(
                en="Bars: 95 % intervals for {n:,} pictures; dots: measured runs",
                zh="横条：{n:,} 张图像时的 95% 区间；圆点：实测的各次运行",
                n=n,
            )
        )
    return figure
