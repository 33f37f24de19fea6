"""Figure of chapter 6: one broken pixel in one row of one batch, with and without gradient clipping."""

from functools import lru_cache

import numpy as np
from matplotlib.figure import Figure

from course.digit_net import batches, digits, loss_and_grads, start_weights
from course.figures.style import COLORS, new_figure
from course.figures.updates import plain_ticks, update_rule
from course.language import say

STEPS, BROKEN, PIXEL = 160, 80, 20
SIXTEEN_BITS = 65_535 / 16
"""A pixel of a 16-bit scan that was divided by 16 like all others; they lie in 0 … 1."""


@lru_cache(maxsize=32)
def run(clip: float | None, value: float = SIXTEEN_BITS, seed: int = 0) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return the losses and the gradients' norms of 160 batches; one pixel of one row of batch 80 has ``value``.

    Momentum 0.9 with rate 0.1, batches of 64.
    """
    X, y, _, _ = digits()
    update, params = update_rule("momentum", 0.1, clip=clip), start_weights(seed)
    losses, norms = [], []
    for step, rows in enumerate(batches(STEPS, 64, seed)):
        pixels = X[rows]
        if step == BROKEN:
            pixels[0, PIXEL] = value
        loss, grads = loss_and_grads(params, pixels, y[rows])
        losses.append(loss)
        norms.append(float(np.sqrt(sum(np.sum(g**2) for g in grads.values()))))
        params = update(step, params, grads)
    return tuple(losses), tuple(norms)


def fig_bad_row(clip: float = 2.0, step: int = STEPS, answered: bool = True) -> Figure:
    """Left: the loss of each batch. Right: the norm of all gradients together, before clipping.

    Args:
        clip: largest norm allowed.
        step: number of steps shown, 80 … 160.
        answered: False shows the steps before the broken row.
    """
    figure, (curve, size) = new_figure(1, 2, width=9.6, height=3.9)
    step = step if answered else BROKEN
    shown: list[tuple[float | None, str, str]] = [(None, COLORS["red"], say(en="not clipped", zh="不裁剪"))]
    curve.set_title(say(en="Loss", zh="损失"))
    size.set_title(say(en="Size of the gradient", zh="梯度的大小"))
    if answered:
        label = say(en="clipped at {clip:g}", zh="裁剪到 {clip:g}", clip=clip)
        shown.append((clip, COLORS["blue"], label))
        after = [np.mean(run(c)[0][BROKEN + 2 : BROKEN + 12]) for c in (None, clip)]
        curve.set_title(
            say(
                en="Loss of steps 82 to 91: {plain:.2f}, clipped {clipped:.2f}",
                zh="第 82 到 91 步的损失：{plain:.2f}，裁剪后 {clipped:.2f}",
                plain=after[0],
                clipped=after[1],
            )
        )
        size.axhline(clip, color=COLORS["blue"], lw=1.2, ls=":")
    for c, color, label in shown:
        losses, norms = run(c)
        curve.plot(losses[:step], color=color, lw=1.5, label=label)
        size.plot(norms[:step], color=color, lw=1.5, label=label)
    for axes in (curve, size):
        axes.set(xlim=(0, STEPS), yscale="log", xlabel=say(en="step", zh="步数"))
        axes.axvline(BROKEN, color=COLORS["grey"], lw=1, ls=":")
        plain_ticks(axes, "y")
    curve.set(ylim=(0.02, 200), ylabel=say(en="loss of the batch", zh="批量的损失"))
    size.set(ylim=(0.05, 500), ylabel=say(en="norm of all gradients", zh="全部梯度的范数"))
    curve.legend(loc="upper left")
    return figure
