"""Chapter 2: six training curves to read, each from a real run with one thing changed."""

from functools import cache

import numpy as np
from matplotlib.figure import Figure

from course.data import digits28
from course.figures.softmax import log_softmax
from course.figures.style import COLORS, new_figure
from course.language import say

STEPS = 60
RUNS = {"A": "unstable", "B": "healthy", "C": "overflow", "D": "stuck", "E": "bad start", "F": "known"}
"""Letter of a run → what was changed in it, in the words of the exercise `diagnose`."""


@cache
def run(cause: str) -> tuple[float, ...]:
    """Return the mean cross-entropy before each of 60 steps of softmax regression on 600 digits, and after the last.

    Args:
        cause: "healthy" (whole data, rate 0.3), or what is changed: "unstable" (mini-batches of 4,
            rate 1.5), "stuck" (rate 1e-5), "bad start" (pixels 0…255, random weights, rate 1e-5),
            "known" (starts with the weights of 400 steps), "overflow" (rate 200, and the loss as
            -ln of the textbook softmax).
    """
    x, y = _data()
    w = np.zeros((x.shape[1], 10))
    if cause == "unstable":
        return _descend(x, y, w, 1.5, STEPS, batch=4)[1]
    if cause == "stuck":
        return _descend(x, y, w, 1e-5, STEPS)[1]
    if cause == "bad start":
        return _descend(255 * x, y, 0.005 * np.random.default_rng(0).standard_normal(w.shape), 1e-5, STEPS)[1]
    if cause == "known":
        return _descend(x, y, _descend(x, y, w, 0.3, 400)[0], 0.3, STEPS)[1]
    if cause == "overflow":
        return _descend(x, y, w, 200.0, STEPS, textbook=True)[1]
    return _descend(x, y, w, 0.3, STEPS)[1]


@cache
def _data() -> tuple[np.ndarray, np.ndarray]:
    images, labels = digits28()
    return images[:600, 3::3, 3::3].reshape(600, -1) / 255, labels[:600]


def _descend(
    x: np.ndarray, y: np.ndarray, w: np.ndarray, rate: float, steps: int, batch: int = 0, textbook: bool = False
) -> tuple[np.ndarray, tuple[float, ...]]:
    losses, rng = [], np.random.default_rng(1)
    with np.errstate(all="ignore"):
        for _ in range(steps + 1):
            z = x @ w
            e = np.exp(z)
            log_p = np.log(e / e.sum(axis=1, keepdims=True)) if textbook else log_softmax(z)
            losses.append(float(-np.mean(log_p[np.arange(y.size), y])))
            rows = rng.integers(0, y.size, batch) if batch else np.arange(y.size)
            w = w - rate * x[rows].T @ (np.exp(log_p[rows]) - np.eye(10)[y[rows]]) / rows.size
    return w, tuple(losses)


def fig_readings(reveal: str = "E", answered: bool = True) -> Figure:
    """Six loss curves of a classifier of ten digits; the cause of the run ``reveal`` is told."""
    causes = {
        "unstable": say(en="the rate is far too high", zh="学习率大得离谱"),
        "healthy": say(en="healthy", zh="健康"),
        "overflow": say(en="inf, then nan", zh="先 inf，后 nan"),
        "stuck": say(en="the rate is far too small", zh="学习率小得离谱"),
        "bad start": say(en="inputs not scaled", zh="输入没有缩放"),
        "known": say(en="starts from trained weights", zh="从训练好的权重出发"),
    }
    fig, axes = new_figure(2, 3, width=9.8, height=4.9, sharex=True, sharey=True)
    for ax, (letter, cause) in zip(axes.flat, RUNS.items(), strict=True):
        losses = np.array(run(cause))
        told = answered and letter == reveal
        ax.plot(losses, color=COLORS["red"] if told else COLORS["blue"], lw=2)
        if told:
            ax.fill_between(range(STEPS + 1), losses, color=COLORS["red"], alpha=0.12, lw=0)
        ax.plot([0], losses[:1], "o", color=COLORS["ink"], ms=5, clip_on=False, zorder=5)
        ax.axhline(np.log(10), color=COLORS["grey"], lw=1.2, ls="--")
        ax.text(STEPS + 1, np.log(10) + 0.15, "ln 10", color=COLORS["grey"], ha="right", va="bottom", fontsize=9)
        ax.set(ylim=(0, 11), xlim=(-2, STEPS + 2))
        ax.set_title(f"{letter} · {causes[cause]}" if told else letter)
        high = np.nanmax(np.where(np.isfinite(losses), losses, np.nan))
        if high > 11:
            ax.text(
                6,
                10.6,
                say(en="off scale: up to {high:.0f}", zh="超出坐标：最高 {high:.0f}", high=high),
                fontsize=8.5,
                va="top",
            )
    for ax in axes[:, 0]:
        ax.set_ylabel(say(en="loss in nat", zh="损失（nat）"))
    for ax in axes[1]:
        ax.set_xlabel(say(en="step", zh="步数"))
    return fig
