"""The update rules of chapter 6, for its figures: one step at a time, on a dict of arrays."""

from collections.abc import Callable

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import NullLocator, StrMethodFormatter

from course.digit_net import Params
from course.figures.style import COLORS
from course.language import say

Rate = float | Callable[[int], float]
RULES = ("sgd", "momentum", "rmsprop", "adam")
RULE_COLORS = {
    "sgd": COLORS["grey"],
    "momentum": COLORS["blue"],
    "nesterov": COLORS["purple"],
    "rmsprop": COLORS["green"],
    "adam": COLORS["red"],
}


def rule_words(rule: str) -> str:
    """Say the name of a rule in the notebook's language."""
    return {
        "sgd": say(en="plain descent", zh="普通梯度下降"),
        "momentum": say(en="momentum", zh="动量"),
        "nesterov": "Nesterov",
        "rmsprop": "RMSProp",
        "adam": "Adam",
    }[rule]


def update_rule(
    rule: str, rate: Rate, beta: float = 0.9, correct: bool = True, clip: float | None = None
) -> Callable[[int, Params, Params], Params]:
    """Return an update (step from 0, weights, gradients) → new weights, which keeps its state between the calls.

    Args:
        rule: "sgd", "momentum", "nesterov", "rmsprop" (decay 0.9) or "adam" (0.9 and 0.999).
        rate: the learning rate, or a function of the step.
        beta: of momentum.
        correct: whether Adam corrects its averages for their start at 0.
        clip: largest joint norm of the gradients; None leaves them as they are.
    """
    m: Params = {}
    v: Params = {}

    def update(step: int, params: Params, grads: Params) -> Params:
        lr, t, new = rate(step) if callable(rate) else rate, step + 1, {}
        if clip is not None:
            norm = float(np.sqrt(sum(np.sum(g**2) for g in grads.values())))
            grads = {key: g * min(1.0, clip / norm) for key, g in grads.items()} if norm > 0 else grads
        for key, g in grads.items():
            if rule in ("momentum", "nesterov"):
                m[key] = beta * m.get(key, 0.0) + g
                move = g + beta * m[key] if rule == "nesterov" else m[key]
            elif rule == "rmsprop":
                v[key] = 0.9 * v.get(key, 0.0) + 0.1 * g**2
                move = g / (np.sqrt(v[key]) + 1e-8)
            elif rule == "adam":
                m[key] = 0.9 * m.get(key, 0.0) + 0.1 * g
                v[key] = 0.999 * v.get(key, 0.0) + 0.001 * g**2
                scale = (1 - 0.9**t, 1 - 0.999**t) if correct else (1.0, 1.0)
                move = m[key] / scale[0] / (np.sqrt(v[key] / scale[1]) + 1e-8)
            else:
                move = g
            new[key] = params[key] - lr * move
        return new

    return update


def rate_at(step: int, base: float, warmup: int, total: int, kind: str) -> float:
    """Return the rate of a step from 0: linear warm-up, then "constant", "cosine", "exp" or "step"."""
    if step < warmup:
        return base * step / warmup
    u = min(1.0, (step - warmup) / (total - warmup))
    shape = {
        "constant": 1.0,
        "cosine": 0.5 * (1 + np.cos(np.pi * u)),
        "exp": 0.01**u,
        "step": 0.1 ** min(2, int(3 * u)),
    }
    return float(base * shape[kind])


def plain_ticks(axes: Axes, *names: str) -> None:
    """Write the powers of ten on logarithmic axes ("x", "y") as numbers, without ticks between; quick to draw."""
    for name in names:
        axis = axes.xaxis if name == "x" else axes.yaxis
        axis.set_major_formatter(StrMethodFormatter("{x:g}"))
        axis.set_minor_locator(NullLocator())
