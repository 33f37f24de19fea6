"""Figure of chapter 5: the price of a gradient, by differences and by back-propagation."""

import numpy as np
from matplotlib.figure import Figure

from course.figures.style import COLORS, new_figure
from course.language import say

MODELS = {
    "digits": 1_210,  # 64–16–10, this chapter
    "lenet": 44_426,  # LeNet-5 with ReLU on 28×28 images (d2l, section 7.6)
    "resnet50": 25_557_032,  # He and others, 2016, as torchvision counts it
    "gpt2": 124_439_808,  # Radford and others, 2019, the smallest one
}
"""Model → number of its parameters."""

NAMES = {"digits": "64–16–10", "lenet": "LeNet", "resnet50": "ResNet-50", "gpt2": "GPT-2"}

BACKWARD = 3.0
"""Multiplications of a forward and a backward pass over those of a forward pass; each matrix product has two more."""


def passes(parameters: int, method: str) -> float:
    """Return how many forward passes one gradient costs.

    Args:
        parameters: number of parameters.
        method: ``"differences"``, two passes for each parameter, or ``"backprop"``.
    """
    return 2.0 * parameters if method == "differences" else BACKWARD


def duration(seconds: float) -> str:
    """Return a duration in the largest unit that fits, in the notebook's language."""
    for size, en, zh in (
        (86_400 * 365, "years", "年"),
        (86_400, "days", "天"),
        (3_600, "hours", "小时"),
        (60, "minutes", "分钟"),
    ):
        if seconds >= 2 * size:
            return say(
                en="{n:,.0f} {unit}",
                zh="{n:,.0f} {unit}",
                n=seconds / size,
                unit={"en": en, "zh": zh}[say(en="en", zh="zh")],
            )
    if seconds >= 1:
        return say(en="{n:.1f} seconds", zh="{n:.1f} 秒", n=seconds)
    return say(en="{n:.0f} milliseconds", zh="{n:.0f} 毫秒", n=1000 * seconds)


def fig_gradient_price(model: str = "digits", milliseconds: float = 1.0) -> Figure:
    """Draw the forward passes that one gradient costs against the number of parameters, both axes logarithmic.

    Args:
        model: a key of :data:`MODELS`, marked on both lines.
        milliseconds: time of one forward pass, which turns passes into hours.
    """
    figure, axes = new_figure(width=8.4, height=4.0)
    sizes = np.geomspace(10, 1e12, 60)
    axes.loglog(
        sizes,
        2 * sizes,
        color=COLORS["orange"],
        label=say(en="differences: 2 for each parameter", zh="差分：每个参数 2 次"),
    )
    axes.loglog(
        sizes,
        np.full_like(sizes, BACKWARD),
        color=COLORS["blue"],
        label=say(en="back-propagation: about 3, for all", zh="反向传播：一共约 3 次"),
    )
    n = MODELS[model]
    for method, color in (("differences", COLORS["orange"]), ("backprop", COLORS["blue"])):
        cost = passes(n, method)
        axes.plot(n, cost, "o", color=color, markersize=8)
        axes.annotate(
            duration(cost * milliseconds / 1000),
            (n, cost),
            textcoords="offset points",
            xytext=(8, -4 if method == "differences" else 8),
            color=color,
            fontweight="bold",
        )
    axes.axvline(n, color=COLORS["grey"], linewidth=1, linestyle=":")
    axes.set(
        xlabel=say(en="parameters", zh="参数个数"),
        ylabel=say(en="forward passes per gradient", zh="求一次梯度所需的前向次数"),
        ylim=(1, 1e13),
    )
    axes.set_title(
        say(
            en="{name}: {n:,} parameters, {ms:g} ms per forward pass",
            zh="{name}：{n:,} 个参数，一次前向 {ms:g} 毫秒",
            name=NAMES[model],
            n=n,
            ms=milliseconds,
        )
    )
    axes.legend(loc="upper left")
    return figure
