"""Chapter 2: a bet between two forecasters, and the price of a surprise."""

import numpy as np
from matplotlib.figure import Figure

from course.figures.style import COLORS, new_figure
from course.language import say

CAME_TRUE = np.array([1, 1, 1, 0, 1, 1, 1, 1, 0, 1])
"""Ten forecasts of rain or no rain: which of them came true."""

UNITS = {"nat": np.e, "bit": 2.0, "hartley": 10.0}
"""Unit of a surprise → base of the logarithm."""

KERAS_CLIP = 1e-7  # keras.backend.epsilon(), the smallest probability in a bare tensor that Keras's losses look at


def fortune(confidence: float) -> np.ndarray:
    """Return the money (11,) of a forecaster who stakes all of it on each forecast at fair odds, from 100 on.

    Each day it is multiplied by twice the probability that was given to what happened.
    """
    factors = 2 * np.where(CAME_TRUE == 1, confidence, 1 - confidence)
    return np.concatenate(([100.0], 100.0 * np.cumprod(factors)))


def fig_bet(bob: float = 0.99, answered: bool = True) -> Figure:
    """The fortunes of Ada, who is always 80 % sure, and of Bob, who is ``bob`` sure, over ten days."""
    fig, ax = new_figure(width=8.2, height=3.9)
    days = np.arange(11)
    for day, hit in enumerate(CAME_TRUE, start=1):
        ax.text(day, 3e-3, "✓" if hit else "✗", ha="center", va="center", fontsize=13, family="DejaVu Sans",
                color=COLORS["green"] if hit else COLORS["red"])  # fmt: skip
    ax.set(yscale="log", ylim=(1e-3, 5e5), xlim=(-0.3, 12.3), xticks=days)
    ax.set(xlabel=say(en="day   (✓: both forecasts came true)", zh="第几天（✓：两人的预报都应验）"))
    ax.set_ylabel(say(en="money", zh="钱"))
    ax.plot([0], [100], "o", color=COLORS["ink"], ms=7)
    if not answered:
        return fig
    for name, confidence, color, side in (
        (say(en="Ada", zh="小艾"), 0.8, COLORS["blue"], "bottom"),
        (say(en="Bob", zh="小博"), bob, COLORS["orange"], "top"),
    ):
        money = fortune(confidence)
        with np.errstate(divide="ignore"):
            ax.plot(days, np.where(money > 0, money, np.nan), "o-", color=color, ms=4, lw=2.4)
        last = money[-1]
        place = min(max(last, 4e-2), 2e5)
        ax.text(10.2, place, f"{name} {last:,.4g}", color=color, weight="bold", va=side)
    mean = float(np.mean(np.where(CAME_TRUE == 1, -np.log(max(bob, 1e-300)), -np.log(max(1 - bob, 1e-300)))))
    if bob >= 1:
        ax.set_title(say(en="One certain mistake, and everything is gone", zh="百分之百地错一次，就一无所有"))
    else:
        ax.set_title(
            say(en="Bob, {p:.0%} sure, ends with {money:,.4g}; his mean surprise is {mean:.3f} nat",
                zh="小博有 {p:.0%} 的把握，最后剩 {money:,.4g}；平均意外程度 {mean:.3f} nat",
                p=bob, money=fortune(bob)[-1], mean=mean)
        )  # fmt: skip
    return fig


def fig_neg_log(p: float = 0.8, times: float = 1.0, unit: str = "nat", answered: bool = True) -> Figure:
    """The price -log p of the probability ``p * times`` that the model gave to what really happened.

    With ``times`` below 1 the axis is logarithmic and shows what Keras does with a bare tensor of
    probabilities: it clips at 1e-7.
    """
    fig, ax = new_figure(width=7.8, height=3.9)
    p, scale = p * times, 1 / np.log(UNITS[unit])
    if times < 1:
        grid, top = np.logspace(-12, 0, 400), 29 * scale
        ax.set(xscale="log", xlim=(1e-12, 1.6), ylim=(-0.03 * top, top))
    else:
        grid, top = np.linspace(0.004, 1, 500), 5.2 * scale
        ax.set(xlim=(0, 1.02), ylim=(-0.05 * top, top))
    ax.set(
        xlabel=say(en="probability p of what happened", zh="实际结果的概率 p"),
        ylabel=say(en="price in {unit}", zh="代价（{unit}）", unit=unit),
    )
    if not answered:
        ax.vlines((0.8, 0.4, 0.02, 0.01), 0, top, colors=COLORS["grey"], lw=1, ls=":")
        return fig
    ax.plot(grid, -np.log(grid) * scale, color=COLORS["blue"], lw=2.6, zorder=3)
    if times < 1:
        level = -np.log(KERAS_CLIP) * scale
        ax.plot(grid, -np.log(np.maximum(grid, KERAS_CLIP)) * scale, color=COLORS["red"], lw=2, ls="--")
        words = say(en="bare probabilities in Keras:\nclipped at 1e-7, never above {level:.3f}",
                    zh="Keras 收到裸概率张量：\n在 1e-7 处截断，不会超过 {level:.3f}", level=level)  # fmt: skip
        ax.text(2e-12, level - 0.03 * top, words, color=COLORS["red"], va="top")
        ax.text(5e-10, 0.81 * top, "−log p", color=COLORS["blue"], weight="bold")
    else:
        span = np.array([max(0.0, p - 0.16), min(1.02, p + 0.16)])
        ax.plot(span, (-np.log(p) - (span - p) / p) * scale, color=COLORS["grey"], lw=1.4)
    price = float(0.0 - np.log(p)) * scale
    ax.plot([p], [price], "o", color=COLORS["ink"], ms=9, zorder=5)
    title = say(en="p = {p:.3g} costs {price:.4f} {unit}; slope {slope:.4g}", zh="p = {p:.3g} 的代价：{price:.4f} {unit}；斜率 {slope:.4g}",
                p=p, price=price, unit=unit, slope=-scale / p)  # fmt: skip
    ax.set_title(title.replace(" -", " −"))
    return fig


def fig_surprises(images: np.ndarray, labels: np.ndarray, p: np.ndarray, rank: int = 0) -> Figure:
    """Ten pictures (n, 28, 28), from place ``rank`` on when sorted by the surprise -ln p of their label.

    Args:
        labels: (n,), the true digits.
        p: (n, 10), the predicted probabilities.
    """
    price = -np.log(np.maximum(p[np.arange(len(labels)), labels], 1e-300))
    order = np.argsort(-price, kind="stable")[rank : rank + 10]
    fig, axes = new_figure(2, 5, width=9.0, height=4.3)
    for ax in axes.flat:
        ax.axis("off")
    for ax, i in zip(axes.flat, order, strict=False):
        guess = int(np.argmax(p[i]))
        ax.imshow(images[i], cmap="gray_r")
        right = guess == labels[i]
        words = say(en="is {label}, said {guess}\n{price:.2f} nat", zh="实为 {label}，猜 {guess}\n{price:.2f} nat",
                    label=labels[i], guess=guess, price=price[i])  # fmt: skip
        ax.set_title(words, fontsize=10, color=COLORS["ink"] if right else COLORS["red"], loc="center")
    share = float(np.sum(price[order]) / np.sum(price))
    fig.suptitle(
        say(en="These {n} of {all} pictures cost {share:.0%} of the whole loss", zh="{all} 张图里的这 {n} 张，占全部损失的 {share:.0%}",
            n=len(order), all=len(labels), share=share),
        weight="bold",
    )  # fmt: skip
    return fig
