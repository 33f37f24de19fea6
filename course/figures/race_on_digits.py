"""Figure of chapter 6: the learner's own optimizers on digits."""

import numpy as np
from matplotlib.figure import Figure

from course.figures.style import COLORS, new_figure
from course.figures.updates import plain_ticks
from course.language import say


def fig_race_on_digits(losses: dict[str, list[float]], shares: dict[str, float], window: int = 10) -> Figure:
    """Left: the loss of each run. Right: the share of unseen digits read correctly.

    Args:
        losses: name → loss of each batch.
        shares: name → share of held-out digits read correctly.
        window: number of batches whose losses are averaged for each point.
    """
    figure, (curve, bars) = new_figure(1, 2, width=9.6, height=4.0, gridspec_kw={"width_ratios": (1.4, 1)})
    colors = [COLORS[name] for name in ("grey", "blue", "purple", "green", "red", "orange")]
    for (name, path), color in zip(losses.items(), colors, strict=False):
        smooth = np.convolve(path, np.ones(window) / window, mode="valid")
        curve.plot(np.arange(len(smooth)) + window - 1, smooth, color=color, lw=1.6, label=name)
    curve.set(
        yscale="log",
        ylim=(0.01, 5),
        xlabel=say(en="step", zh="步数"),
        ylabel=say(en="loss of the batches", zh="批量的损失"),
    )
    plain_ticks(curve, "y")
    curve.legend(loc="lower left", fontsize=9)
    curve.set_title(say(en="Your optimizers on digits", zh="你的优化器读数字"))
    names = list(shares)
    bars.barh(names, [shares[name] for name in names], color=colors[: len(names)])
    for place, name in enumerate(names):
        bars.text(0.02, place, f"{shares[name]:.1%}", va="center", color="white", fontweight="bold")
    bars.invert_yaxis()
    bars.set(xlim=(0, 1), xlabel=say(en="unseen digits read correctly", zh="没见过的数字的准确率"))
    return figure
