"""Figure of chapter 6: design a schedule, and see how a network learns with it."""

from functools import lru_cache

import numpy as np
from matplotlib.figure import Figure

from course.digit_net import accuracy, digits, train
from course.figures.style import COLORS, new_figure
from course.figures.updates import plain_ticks, rate_at, update_rule
from course.language import say

TOTAL = 120


@lru_cache(maxsize=128)
def run(rule: str, base: float, warmup: int, kind: str, seed: int = 0) -> tuple[tuple[float, ...], float]:
    """Return the loss of each of 120 batches of 64 digits, and the share of held-out digits read correctly."""
    params, losses = train(update_rule(rule, lambda step: rate_at(step, base, warmup, TOTAL, kind)), TOTAL, seed=seed)
    return tuple(losses), accuracy(params, *digits()[2:])


def fig_schedule(
    kind: str = "constant", warmup: int = 10, base: float = 0.2, rule: str = "adam", answered: bool = True
) -> Figure:
    """Left: the rate of each step. Right: the loss on digits with it, and with the constant rate for comparison.

    Args:
        kind: "constant", "cosine", "exp" or "step".
        warmup: steps of linear warm-up, 0 … 60.
        base: the highest rate.
        rule: an optimizer.
        answered: False shows the constant rate alone.
    """
    figure, (rates, curve) = new_figure(1, 2, width=9.6, height=3.9)
    steps = np.arange(TOTAL + 1)
    plain, share = run(rule, base, 0, "constant")
    label = say(en="constant, no warm-up: {share:.1%} read", zh="恒定、无预热：读对 {share:.1%}", share=share)
    rates.plot(steps, np.full(TOTAL + 1, base), color=COLORS["grey"])
    curve.plot(plain, color=COLORS["grey"], lw=1.4, label=label)
    curve.set_title(say(en="Loss on digits", zh="手写数字的损失"))
    if answered:
        rates.plot(steps, [rate_at(int(s), base, warmup, TOTAL, kind) for s in steps], color=COLORS["blue"])
        mine, share = run(rule, base, warmup, kind)
        label = say(en="your schedule: {share:.1%} read", zh="你的调度：读对 {share:.1%}", share=share)
        curve.plot(mine, color=COLORS["blue"], lw=1.4, label=label)
        curve.set_title(
            say(
                en="Last ten batches: loss {mine:.3f} against {plain:.3f}",
                zh="最后十个批量的损失：{mine:.3f} 对 {plain:.3f}",
                mine=np.mean(mine[-10:]),
                plain=np.mean(plain[-10:]),
            )
        )
    rates.set_title(say(en="Rate of each step", zh="每一步的学习率"))
    rates.set(
        xlim=(0, TOTAL),
        ylim=(0, 1.15 * base),
        xlabel=say(en="step", zh="步数"),
        ylabel=say(en="learning rate", zh="学习率"),
    )
    curve.set(
        xlim=(0, TOTAL),
        ylim=(0.01, 20),
        yscale="log",
        xlabel=say(en="step", zh="步数"),
        ylabel=say(en="loss of the batch", zh="批量的损失"),
    )
    plain_ticks(curve, "y")
    curve.legend(loc="lower left")
    return figure
