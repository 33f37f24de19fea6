"""Figure of chapter 6: batch size and learning rate, measured on the network of chapter 5."""

import numpy as np
from matplotlib.figure import Figure

from course.digit_net import batches, digits, loss_and_grads, loss_of, start_weights, train
from course.figures.style import COLORS, new_figure
from course.figures.updates import plain_ticks, update_rule
from course.language import say

EPOCHS, SEEDS, GOAL, EVERY = 6, 3, 0.3, 5
RATES = (0.02, 0.028, 0.04, 0.057, 0.08, 0.113, 0.16, 0.226, 0.32, 0.453, 0.64, 0.905, 1.28, 1.81, 2.56, 3.62)
"""Each is about √2 times the one before."""

# Measured by loss_after and steps_to_goal, median of three seeds; tests/course/figures/test_batch_law.py checks some.
LOSSES = {
    4: (0.192, 0.154, 0.123, 0.095, 0.074, 0.059, 0.051, 0.043, 0.112, 0.108, 1.692, 2.348, 2.375, 2.413, 2.468, 2.569),
    16: (0.808, 0.549, 0.367, 0.259, 0.196, 0.154, 0.136, 0.11, 0.083, 0.068, 0.067, 0.189, 2.316, 2.32, 2.332, 2.352),
    64: (1.862, 1.7, 1.453, 1.135, 0.811, 0.547, 0.372, 0.266, 0.194, 0.153, 0.124, 0.105, 0.507, 2.302, 2.304, 2.309),
    256: (2.185, 2.126, 2.054, 1.97, 1.864, 1.698, 1.46, 1.156, 0.824, 0.557, 0.412, 0.323, 1.543, 2.254, 2.302, 2.31),
}
"""Batch size → loss on all training digits after six epochs of plain descent, for each of RATES."""
STEPS = {4: 185, 8: 110, 16: 80, 32: 60, 64: 50, 128: 45, 256: 40, 512: 35, 1024: 40}
"""Batch size → steps until this loss is below 0.3, at the best of eight rates from 0.02 to 1.28."""
STEP_RATES = {4: 0.32, 8: 0.32, 16: 0.64, 32: 0.64, 64: 0.64, 128: 0.64, 256: 1.0, 512: 1.0, 1024: 1.28}
"""Batch size → that rate."""


def loss_after(size: int, rate: float, seed: int) -> float:
    """Return the loss on all training digits after six epochs of plain descent."""
    X, y, _, _ = digits()
    return loss_of(train(update_rule("sgd", rate), EPOCHS * (len(X) // size), size, seed)[0], X, y)


def steps_to_goal(size: int, rate: float, seed: int, most: int = 600) -> int | None:
    """Return the steps of plain descent until the loss on all training digits is below 0.3, looked at every fifth."""
    X, y, _, _ = digits()
    update, params = update_rule("sgd", rate), start_weights(seed)
    for step, rows in enumerate(batches(most + 1, size, seed)):
        if step % EVERY == 0 and loss_of(params, X, y) < GOAL:
            return step
        params = update(step, params, loss_and_grads(params, X[rows], y[rows])[1])
    return None


def fig_batch_law(size: int = 64, place: int = 4, answered: bool = True) -> Figure:
    """Left: loss after six epochs against the rate, for batches of 16 and of another size. Right: steps to a loss of 0.3.

    Args:
        size: 4, 16, 64 or 256.
        place: position in RATES of the rate for batches of 16, 0 … 11.
        answered: False shows batches of 16 alone.
    """
    figure, (loss, steps) = new_figure(1, 2, width=9.6, height=4.0)
    base = RATES[place]
    loss.set_title(say(en="Six epochs", zh="六轮"))
    steps.set_title(say(en="Steps at the best rate", zh="最佳学习率下的步数"))
    loss.plot(RATES, LOSSES[16], "o-", ms=4, color=COLORS["grey"], label=say(en="batches of 16", zh="批量 16"))
    loss.plot(base, LOSSES[16][place], "o", ms=10, color=COLORS["grey"])
    if answered:
        label = say(en="batches of {size}", zh="批量 {size}", size=size)
        if size != 16:
            loss.plot(RATES, LOSSES[size], "o-", ms=4, color=COLORS["blue"], label=label)
        scaled = place + int(2 * np.log2(size / 16))
        if 0 <= scaled < len(RATES):
            loss.plot(RATES[scaled], LOSSES[size][scaled], "o", ms=10, color=COLORS["red"])
            loss.set_title(
                say(
                    en="16 at {base:g}: loss {a:.2f}; {size} at {rate:g}: {b:.2f}",
                    zh="批量 16、{base:g}：损失 {a:.2f}；批量 {size}、{rate:g}：{b:.2f}",
                    base=base,
                    a=LOSSES[16][place],
                    size=size,
                    rate=RATES[scaled],
                    b=LOSSES[size][scaled],
                )
            )
        else:
            loss.set_title(say(en="Not measured at this rate", zh="没有测过这个学习率"))
        sizes = np.array(list(STEPS))
        steps.plot(sizes, [STEPS[s] for s in STEPS], "o-", color=COLORS["blue"], label=say(en="measured", zh="实测"))
        steps.plot(
            sizes,
            STEPS[4] * 4 / sizes,
            ":",
            color=COLORS["grey"],
            label=say(en="half for each doubling", zh="批量加倍，步数减半"),
        )
        steps.legend(loc="lower left")
    loss.set(
        xscale="log",
        yscale="log",
        xlim=(0.015, 5),
        ylim=(0.012, 4),
        xlabel=say(en="learning rate", zh="学习率"),
        ylabel=say(en="training loss after six epochs", zh="六轮之后的训练损失"),
    )
    steps.set(
        xscale="log",
        yscale="log",
        xlim=(3, 1400),
        ylim=(0.5, 400),
        xlabel=say(en="batch size", zh="批量大小"),
        ylabel=say(en="steps until the loss is 0.3", zh="损失降到 0.3 所需的步数"),
    )
    for axes in (loss, steps):
        plain_ticks(axes, "x", "y")
    loss.legend(loc="lower left")
    return figure
