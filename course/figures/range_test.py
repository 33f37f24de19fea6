"""Figure of chapter 6: a learning-rate range test on a real network, and what a rate is worth."""

from collections.abc import Callable
from functools import lru_cache

import numpy as np
from matplotlib.figure import Figure

from course.digit_net import accuracy, batches, digits, loss_and_grads, start_weights, train
from course.figures.style import COLORS, new_figure
from course.figures.updates import plain_ticks, rule_words, update_rule
from course.language import say

TESTED, STEPS = 100, 120
LOW, HIGH = 1e-4, 10.0


@lru_cache(maxsize=16)
def range_test(rule: str = "sgd", seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Return 100 rates from 1e-4 to 10 and the loss before the step with each; the training goes on all the while."""
    X, y, _, _ = digits()
    rates = np.geomspace(LOW, HIGH, TESTED)
    update, params, losses = update_rule(rule, lambda step: rates[step]), start_weights(seed), []
    with np.errstate(over="ignore", invalid="ignore"):
        for step, rows in enumerate(batches(TESTED, 64, seed)):
            loss, grads = loss_and_grads(params, X[rows], y[rows])
            losses.append(loss)
            params = update(step, params, grads)
    return rates, np.array(losses)


@lru_cache(maxsize=64)
def training(rule: str, rate: float, seed: int = 0) -> tuple[tuple[float, ...], float]:
    """Return the loss of each of 120 batches of 64 at one rate, and the share of held-out digits read correctly."""
    params, losses = train(update_rule(rule, rate), STEPS, seed=seed)
    return tuple(losses), accuracy(params, *digits()[2:])


def fig_range_test(
    rate: float = 0.3,
    rule: str = "sgd",
    seed: int = 0,
    pick: Callable[[np.ndarray, np.ndarray], float] | None = None,
    answered: bool = True,
) -> Figure:
    """Left: the range test, with one rate marked. Right: a training of 120 steps with this rate.

    Args:
        rate: the rate that is marked.
        rule: an optimizer.
        seed: of initial weights and batches.
        pick: chooses the rate from the test, in place of ``rate``.
        answered: False shows the test alone.
    """
    rates, losses = range_test(rule, seed)
    figure, (test, curve) = new_figure(1, 2, width=9.6, height=3.9)
    test.plot(rates, losses, color=COLORS["ink"], lw=1.3)
    test.set(
        xscale="log",
        xlim=(LOW, HIGH),
        ylim=(0, 5),
        xlabel=say(en="learning rate of the step", zh="这一步的学习率"),
        ylabel=say(en="loss of the batch", zh="批量的损失"),
    )
    plain_ticks(test, "x")
    test.set_title(say(en="Range test: {rule}", zh="范围测试：{rule}", rule=rule_words(rule)))
    curve.set(
        xlim=(0, STEPS),
        ylim=(0.03, 8),
        yscale="log",
        xlabel=say(en="step of a new training", zh="新一次训练的步数"),
        ylabel=say(en="loss of the batch", zh="批量的损失"),
    )
    plain_ticks(curve, "y")
    curve.set_title(say(en="A training with one rate", zh="用一个学习率训练"))
    if answered:
        rate = float(pick(rates.copy(), losses.copy())) if pick else rate
        name = say(en="your pick", zh="你的选择") if pick else say(en="chosen", zh="选中")
        text = say(en="{name}: {rate:.2g}", zh="{name}：{rate:.2g}", name=name, rate=rate)
        test.axvline(rate, color=COLORS["blue"], label=text)
        test.legend(loc="upper left")
        path, share = training(rule, rate, seed)
        curve.plot(path, color=COLORS["blue"], lw=1.4)
        curve.set_title(
            say(
                en="At {rate:.2g}: {share:.1%} of unseen digits read",
                zh="学习率 {rate:.2g}：没见过的数字读对 {share:.1%}",
                rate=rate,
                share=share,
            )
        )
    return figure
