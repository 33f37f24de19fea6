"""Figure of chapter 6: Adam's first steps with and without the correction of its averages."""

from functools import lru_cache

import numpy as np
from matplotlib.figure import Figure

from course.digit_net import train
from course.figures.style import COLORS, new_figure
from course.figures.updates import plain_ticks, update_rule
from course.language import say

STEPS = 100


def step_sizes(b1: float, b2: float, steps: int = STEPS) -> np.ndarray:
    """Return the size of the steps 1 … steps in learning rates, without correction, for a gradient that never changes."""
    t = np.arange(1, steps + 1)
    return np.asarray((1 - b1**t) / np.sqrt(1 - b2**t))


@lru_cache(maxsize=16)
def losses(rate: float, correct: bool) -> tuple[float, ...]:
    """Return the loss of each of 100 batches of 64 digits, trained with Adam."""
    return tuple(train(update_rule("adam", rate, correct=correct), STEPS)[1])


def fig_first_steps(rate: float = 0.03, step: int = STEPS, answered: bool = True) -> Figure:
    """Left: the size of a step, in learning rates, for a constant gradient. Right: the loss on digits.

    Args:
        rate: Adam's learning rate.
        step: number of steps shown, 1 … 100.
        answered: False shows Adam with its correction alone.
    """
    figure, (size, curve) = new_figure(1, 2, width=9.6, height=3.8)
    t = np.arange(1, step + 1)
    size.set_title(say(en="Constant gradient", zh="梯度恒定"))
    size.plot(t, np.ones(step), color=COLORS["blue"], label=say(en="corrected", zh="校正"))
    curve.plot(t, losses(rate, True)[:step], color=COLORS["blue"], label=say(en="corrected", zh="校正"))
    curve.set_title(say(en="Digits, Adam at the rate {rate:g}", zh="手写数字，Adam，学习率 {rate:g}", rate=rate))
    if answered:
        sizes = step_sizes(0.9, 0.999)
        plain = say(en="not corrected", zh="不校正")
        size.plot(t, sizes[:step], color=COLORS["red"], label=plain)
        size.set_title(
            say(
                en="Without: step 1 has {first:.2f} rates, step {at} {most:.2f}",
                zh="不校正：第 1 步是 {first:.2f} 倍学习率，第 {at} 步 {most:.2f} 倍",
                first=sizes[0],
                at=int(sizes.argmax()) + 1,
                most=sizes.max(),
            )
        )
        curve.plot(t, losses(rate, False)[:step], color=COLORS["red"], label=plain)
    size.set(
        xlim=(0, STEPS),
        ylim=(0, 8),
        xlabel=say(en="step", zh="步数"),
        ylabel=say(en="size of the step, in rates", zh="步长（学习率的倍数）"),
    )
    curve.set(
        xlim=(0, STEPS),
        ylim=(0.03, 30),
        yscale="log",
        xlabel=say(en="step", zh="步数"),
        ylabel=say(en="loss of the batch", zh="批量的损失"),
    )
    plain_ticks(curve, "y")
    size.legend(loc="upper right")
    curve.legend(loc="upper right")
    return figure
