"""Figure of chapter 6: six training curves, and what their rates did."""

from functools import cache

import numpy as np
from matplotlib.figure import Figure

from course.digit_net import train
from course.figures import bad_row
from course.figures.style import COLORS, new_figure
from course.figures.updates import plain_ticks, rate_at, update_rule
from course.language import say

STEPS = 120
NAMES = ("A", "B", "C", "D", "E", "F")


@cache
def curves() -> dict[str, tuple[float, ...]]:
    """Return the losses of 120 batches of 64 digits, by letter."""
    ways = {
        "A": update_rule("momentum", 0.1),
        "B": update_rule("sgd", 0.01),
        "C": update_rule("momentum", 0.75),
        "D": update_rule("sgd", 2.5),
        "F": update_rule("momentum", lambda step: rate_at(step, 0.1, 0, 30, "exp")),
    }
    found = {name: tuple(train(update, STEPS)[1]) for name, update in ways.items()}
    return found | {"E": bad_row.run(None)[0][:STEPS]}


def fig_six_rates(window: int = 1, answered: bool = True) -> Figure:
    """Draw six training curves side by side; after the answer each has its diagnosis.

    Args:
        window: number of batches whose losses are averaged for each point, 1 … 20.
        answered: False draws the curves alone.
    """
    figure, panels = new_figure(2, 3, width=9.6, height=4.8, sharex=True, sharey=True)
    diagnoses = {
        "A": say(en="healthy", zh="健康"),
        "B": say(en="rate too small", zh="学习率太小"),
        "C": say(en="good at first, then too large", zh="开头合适，之后太大"),
        "D": say(en="rate far too large", zh="学习率远远太大"),
        "E": say(en="one bad row, no clipping", zh="一个坏样本，没有裁剪"),
        "F": say(en="decayed too early", zh="衰减得太早"),
    }
    for name, axes in zip(NAMES, panels.ravel(), strict=True):
        losses = curves()[name]
        smooth = np.convolve(losses, np.ones(window) / window, mode="valid")
        axes.plot(np.arange(len(smooth)) + window - 1, smooth, color=COLORS["blue"], lw=1.1)
        axes.axhline(np.log(10), color=COLORS["grey"], lw=1, ls=":")
        axes.set(xlim=(0, STEPS), ylim=(0.02, 100), yscale="log")
        axes.set_yticks((0.1, 10))
        axes.set_xticks((0, 60, 120))
        plain_ticks(axes, "y")
        if answered:
            axes.set_title(f"{name} · {diagnoses[name]}", fontsize=10)
            last = say(en="last ten: {v:.2f}", zh="最后十个：{v:.2f}", v=np.mean(losses[-10:]))
            axes.text(0.04, 0.05, last, transform=axes.transAxes, fontsize=9)
            axes.plot((STEPS - 10, STEPS - 1), 2 * [np.mean(losses[-10:])], color=COLORS["red"], lw=2.5)
        else:
            axes.set_title(name, fontsize=10)
    for axes in panels[1]:
        axes.set_xlabel(say(en="step", zh="步数"))
    for axes in panels[:, 0]:
        axes.set_ylabel(say(en="loss of the batch", zh="批量的损失"))
    return figure
