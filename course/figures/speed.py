"""Figures of chapter 4, section 7: the time of a step against the batch size, and float16's range."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, StrMethodFormatter

from course.figures.style import COLORS, new_figure
from course.language import say

Array = np.ndarray

FLOAT16_TINY = 2.0**-24  # smallest positive float16, subnormal
FLOAT16_NORMAL = 2.0**-14  # below it float16 loses digits
FLOAT16_MAX = 65504.0


def fig_throughput(
    batch: int = 5, overhead_ms: float = 4.0, per_image_us: float = 10.0, answered: bool = True
) -> Figure:
    """Draw r(B) = B/(t0 + B·t1) for a machine with the given numbers.

    Args:
        batch: binary logarithm of the batch size that is marked.
        overhead_ms: t0.
        per_image_us: t1.
        answered: without it, only axes and the smallest batch.
    """
    sizes = 2.0 ** np.linspace(0, 13, 200)
    t0, t1 = overhead_ms * 1e-3, per_image_us * 1e-6
    figure, axes = _throughput_axes()
    axes.set_ylim(80, 4 / t1)
    axes.plot(1, 1 / (t0 + t1), "o", color=COLORS["green"], markersize=8)
    if not answered:
        return figure
    marked = 2.0**batch
    speed = marked / (t0 + marked * t1)
    axes.plot(sizes, sizes / (t0 + sizes * t1), color=COLORS["green"])
    axes.plot(marked, speed, "o", color=COLORS["green"], markersize=8)
    axes.plot((1, 8192), (1 / t1, 1 / t1), color=COLORS["grey"], linestyle=":", linewidth=1.5)
    limit = say(en="limit 1/t1 = {limit:,.0f}", zh="极限 1/t1 = {limit:,.0f}", limit=1 / t1)
    axes.text(1.1, 1.08 / t1, limit, color=COLORS["grey"], va="bottom", fontsize=9.5)
    axes.axvline(t0 / t1, color=COLORS["grey"], linestyle="--", linewidth=1.2)
    half = say(en="half speed at B = {half:,.0f}", zh="B = {half:,.0f} 时达到一半", half=t0 / t1)
    axes.text(t0 / t1 * 0.9, 115, half, color=COLORS["grey"], fontsize=9.5, ha="right")
    axes.set_title(
        say(
            en="B = {batch:,.0f}: {share:.1%} of the best speed\n(computed from t0 and t1, not measured)",
            zh="B = {batch:,.0f}：最佳速度的 {share:.1%}\n（由 t0 和 t1 算出，不是实测）",
            batch=marked,
            share=speed * t1,
        )
    )
    return figure


def fig_measured(
    sizes: Sequence[int],
    seconds: dict[str, Array],
    fitted: dict[str, tuple[float, float]],
    per_step: bool = False,
) -> Figure:
    """Draw measured steps against the batch size, and the curve of the fitted t0 and t1.

    Args:
        sizes: batch sizes (n,).
        seconds: dtype policy → seconds of a step (n, r); the first column, with compilation, is left out.
        fitted: dtype policy → ``(t0, t1)`` in seconds.
        per_step: milliseconds of a step on linear axes, where the fit is a straight line; images per second otherwise.
    """
    figure, axes = new_figure(width=7.8, height=4.0) if per_step else _throughput_axes()
    grid = 2.0 ** np.linspace(np.log2(min(sizes)), np.log2(max(sizes)), 100)
    for (policy, measured), colour in zip(seconds.items(), ("blue", "orange", "green", "purple"), strict=False):
        steps = np.asarray(measured)[:, 1:]
        t0, t1 = fitted[policy]
        line = np.maximum(t0 + grid * t1, 1e-9)
        dots = 1e3 * steps if per_step else np.asarray(sizes)[:, None] / steps
        axes.plot(np.repeat(sizes, steps.shape[1]), dots.ravel(), "o", color=COLORS[colour], alpha=0.35)
        label = say(
            en="{policy}: t0 = {t0:.1f} ms, t1 = {t1:.0f} µs",
            zh="{policy}：t0 = {t0:.1f} ms，t1 = {t1:.0f} µs",
            policy=policy,
            t0=1e3 * t0,
            t1=1e6 * t1,
        )
        axes.plot(grid, 1e3 * line if per_step else grid / line, color=COLORS[colour], label=label)
    if per_step:
        axes.set(
            xlim=(0, max(sizes) * 1.05),
            xlabel=say(en="batch size B", zh="批量大小 B"),
            ylabel=say(en="milliseconds per step", zh="每步毫秒数"),
        )
        axes.set_ylim(bottom=0)
    else:
        axes.set_xlim(min(sizes) / 1.4, max(sizes) * 1.4)
        axes.set_xticks(list(sizes), [str(size) for size in sizes])
        axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        axes.yaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    axes.legend(loc="upper left" if per_step else "lower right")
    axes.set_title(say(en="Measured here (dots), and your fit (lines)", zh="在这台机器上实测（点）和你的拟合（线）"))
    return figure


def _throughput_axes() -> tuple[Figure, Any]:
    figure, axes = new_figure(width=7.8, height=4.0)
    axes.set(
        xscale="log",
        yscale="log",
        xlim=(1, 20000),
        xlabel=say(en="batch size B", zh="批量大小 B"),
        ylabel=say(en="images per second", zh="每秒图像数"),
    )
    ticks = 2 ** np.arange(0, 14, 2)
    axes.set_xticks(ticks, [str(tick) for tick in ticks])
    axes.minorticks_off()
    return figure, axes


def fig_loss_scaling(gradients: Array, log2_scale: int = 0, shrink: int = 0, answered: bool = True) -> Figure:
    """Draw the sizes of real gradients on float16's range; those that round to zero or overflow are lost.

    Args:
        gradients: of any shape; zeros are left out.
        log2_scale: binary logarithm of the loss scale S.
        shrink: the gradients are divided by 10 to this power, as in a network whose gradients are smaller.
        answered: without it, only the axes and float16's range.
    """
    sizes = np.abs(np.asarray(gradients, dtype=np.float64)).ravel()
    sizes = sizes[sizes > 0] / 10.0**shrink
    scaled = sizes * 2.0**log2_scale
    with np.errstate(over="ignore"):
        held = scaled.astype(np.float16)
    figure, axes = new_figure(width=8.0, height=3.8)
    bins = np.arange(-16, 8, 0.25)
    low, high = np.log10(FLOAT16_TINY / 2), np.log10(FLOAT16_MAX)
    counts, _ = np.histogram(np.log10(scaled), bins=bins)
    top = 1.5 * max(counts.max(), 1)
    if answered:
        middles = bins[:-1] + 0.125
        lost = (middles < low) | (middles > high)
        axes.bar(middles, counts, width=0.25, color=[COLORS["red"] if out else COLORS["blue"] for out in lost])
        axes.set_title(
            say(
                en="Loss scale S = {scale:,}\n{zero:.2%} of the gradients become 0, {coarse:.1%} lose digits, {burst:.1%} overflow",
                zh="损失缩放 S = {scale:,}\n{zero:.2%} 的梯度变成 0，{coarse:.1%} 丢失位数，{burst:.1%} 溢出",
                scale=2**log2_scale,
                zero=float(np.mean(held == 0)),
                coarse=float(np.mean((held > 0) & (held < FLOAT16_NORMAL))),
                burst=float(np.mean(~np.isfinite(held))),
            )
        )
    axes.axvspan(-16, low, color=COLORS["red"], alpha=0.08)
    axes.axvspan(high, 8, color=COLORS["red"], alpha=0.08)
    axes.axvline(np.log10(FLOAT16_NORMAL), color=COLORS["grey"], linestyle=":", linewidth=1.2)
    axes.text(low - 0.15, 0.94 * top, say(en="rounds to 0", zh="舍入为 0"), ha="right", color=COLORS["red"])
    axes.text(high + 0.15, 0.94 * top, say(en="overflows", zh="溢出"), color=COLORS["red"])
    fewer, all_ = say(en="fewer digits", zh="位数减少"), say(en="all 11 bits", zh="完整 11 位")
    axes.text((low + np.log10(FLOAT16_NORMAL)) / 2, 0.94 * top, fewer, ha="center", color=COLORS["grey"])
    axes.text(np.log10(FLOAT16_NORMAL) + 0.15, 0.94 * top, all_, color=COLORS["ink"])
    axes.set(
        xlim=(-16, 8), ylim=(0, top), yticks=[], xlabel=say(en="size of the scaled gradient", zh="缩放后梯度的大小")
    )
    axes.set_xticks(range(-16, 9, 4), [f"$10^{{{power}}}$" for power in range(-16, 9, 4)])
    return figure
