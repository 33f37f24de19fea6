"""Figure of chapter 9: a layer of which each pass switches random units off, and what the next layer then gets."""

from functools import cache

import numpy as np
from matplotlib.figure import Figure

from course.figures.style import COLORS, new_figure
from course.language import say

ROWS, COLUMNS = 8, 12


@cache
def activations() -> np.ndarray:
    """Return what 96 units send on for one picture, between 0 and 1."""
    return np.random.default_rng(4).uniform(0.1, 1.0, (ROWS, COLUMNS))


def dead(p: float, number: int) -> np.ndarray:
    """Return which units the pass with this number switches off; the share grows with p, and so does each pass's set."""
    return (
        np.random.default_rng([9, number]).permutation(np.linspace(0.001, 0.999, ROWS * COLUMNS)).reshape(ROWS, COLUMNS)
        < p
    )


@cache
def sums(p: float, scaled: bool) -> np.ndarray:
    """Return what the next layer gets in each of 300 passes, in per cent of what all units together send.

    In 300 passes each unit is dropped by itself.
    """
    h = activations().ravel()
    off = np.random.default_rng(5).binomial(1, p, (300, h.size)) == 1
    kept = np.where(off, 0, h).sum(axis=1) / (1 - p if scaled else 1)
    return np.asarray(100 * kept / h.sum())


def fig_masks(p: float = 0.5, number: int = 1, scaled: bool = False, answered: bool = True) -> Figure:
    """Left: the units of one pass, the silent ones crossed out. Right: what the next layer gets, in many passes.

    Args:
        p: probability with which a unit is switched off.
        number: of the pass that is shown.
        scaled: whether the survivors are divided by 1 - p.
        answered: False leaves the sums out.
    """
    figure, (left, right) = new_figure(1, 2, width=9.2, height=3.7)
    off = dead(p, number)
    sent = np.where(off, 0, activations() / (1 - p if scaled else 1))
    left.imshow(np.where(off, np.nan, sent), cmap="Blues", vmin=0, vmax=2)
    for row, column in zip(*np.nonzero(off), strict=True):
        left.text(column, row, "×", ha="center", va="center", color=COLORS["red"], fontsize=11)
    left.set(xticks=[], yticks=[])
    left.grid(False)
    left.set_title(
        say(
            en="Pass {n}: {off} of {all} units silent",
            zh="第 {n} 次：{all} 个单元中 {off} 个沉默",
            n=number,
            off=int(off.sum()),
            all=off.size,
        )
    )
    right.set(
        xlim=(0, 160),
        ylim=(0, 110),
        xlabel=say(en="sum sent on (% of all units)", zh="送出的总和（占全部单元的 %）"),
        ylabel=say(en="passes", zh="次数"),
    )
    right.set_title(say(en="What the next layer gets", zh="下一层得到的总和"))
    if answered:
        got = sums(p, scaled)
        right.hist(got, bins=np.arange(0, 161, 4), color=COLORS["blue"], label=say(en="training", zh="训练"))
        right.axvline(100, color=COLORS["orange"], lw=2.5, label=say(en="evaluation", zh="评估"))
        right.set_title(
            say(en="Training {mean:.0f} %, evaluation 100 %", zh="训练 {mean:.0f}%，评估 100%", mean=got.mean())
        )
        right.legend(loc="upper left", fontsize=9)
    return figure
