"""Figures of chapter 4, section 8: throughput against batch size, and float16's range. Computed, not measured."""

import numpy as np
from matplotlib.figure import Figure

from course.figures.style import COLORS, new_figure

FLOAT16_TINY = 2.0**-24  # smallest positive float16, subnormal
FLOAT16_MAX = 65504.0


def fig_throughput(batch: int = 5, overhead_ms: float = 4.0, per_image_us: float = 10.0) -> Figure:
    """Draw r(B) = B/(t0 + B·t1) for a "GPU" with the given numbers and for a fixed "CPU" (t0 = 2 ms, t1 = 250 µs).

    Args:
        batch: binary logarithm of the batch size that is marked.
        overhead_ms: t0 of the GPU.
        per_image_us: t1 of the GPU.
    """
    sizes = 2.0 ** np.linspace(0, 13, 200)
    t0, t1 = overhead_ms * 1e-3, per_image_us * 1e-6
    figure, axes = new_figure(width=7.8, height=4.0)
    marked = 2.0**batch
    speeds = []
    for name, start, each, colour in (("“GPU”", t0, t1, "green"), ("“CPU”", 2e-3, 250e-6, "blue")):
        axes.plot(sizes, sizes / (start + sizes * each), color=COLORS[colour])
        axes.text(9400, 8192 / (start + 8192 * each), name, color=COLORS[colour], va="center", weight="bold")
        speeds.append(marked / (start + marked * each))
        axes.plot(marked, speeds[-1], "o", color=COLORS[colour], markersize=8)
    axes.plot((1, 8192), (1 / t1, 1 / t1), color=COLORS["grey"], linestyle=":", linewidth=1.5)
    axes.text(1.1, 1.08 / t1, f"limit 1/t1 = {1 / t1:,.0f}", color=COLORS["grey"], va="bottom", fontsize=9.5)
    axes.axvline(t0 / t1, color=COLORS["grey"], linestyle="--", linewidth=1.2)
    axes.text(t0 / t1 * 0.9, 115, f"half speed at B = {t0 / t1:,.0f}", color=COLORS["grey"], fontsize=9.5, ha="right")
    axes.set(
        xscale="log",
        yscale="log",
        xlim=(1, 20000),
        ylim=(80, 4 / t1),
        xlabel="batch size B",
        ylabel="pictures per second",
    )
    ticks = 2 ** np.arange(0, 14, 2)
    axes.set_xticks(ticks, [str(tick) for tick in ticks])
    axes.minorticks_off()
    axes.set_title(
        f"B = {marked:,.0f}: “GPU” {speeds[0] * t1:.0%} of its best, {speeds[0] / speeds[1]:.1f} times the “CPU”\n"
        "(a model with two numbers per machine, not a measurement)"
    )
    return figure


def fig_loss_scaling(log2_scale: int = 0, typical: int = -8) -> Figure:
    """Draw gradients of many sizes on float16's range; those that round to zero or overflow are lost.

    Args:
        log2_scale: binary logarithm of the loss scale S.
        typical: decimal exponent of the median gradient.
    """
    gradients = 10.0 ** np.random.default_rng(3).normal(typical, 1.3, size=4000)
    with np.errstate(over="ignore"):
        held = (gradients * 2.0**log2_scale).astype(np.float16)
    lost, burst = float(np.mean(held == 0)), float(np.mean(~np.isfinite(held)))
    figure, axes = new_figure(width=8.0, height=3.8)
    bins = np.arange(-16, 8, 0.25)
    scaled = np.log10(gradients * 2.0**log2_scale)
    counts, _, patches = axes.hist(scaled, bins=bins, color=COLORS["blue"])
    low, high = np.log10(FLOAT16_TINY / 2), np.log10(FLOAT16_MAX)
    for patch, left in zip(patches, bins[:-1], strict=True):
        if left + 0.125 < low or left + 0.125 > high:
            patch.set_facecolor(COLORS["red"])
    top = 1.5 * max(counts.max(), 1)
    axes.axvspan(-16, low, color=COLORS["red"], alpha=0.08)
    axes.axvspan(high, 8, color=COLORS["red"], alpha=0.08)
    axes.text(low - 0.15, 0.94 * top, "rounds to 0", ha="right", color=COLORS["red"])
    axes.text(high + 0.15, 0.94 * top, "overflows", color=COLORS["red"])
    axes.text((low + high) / 2, 0.94 * top, "float16 holds this", ha="center", color=COLORS["ink"])
    axes.set(xlim=(-16, 8), ylim=(0, top), yticks=[], xlabel="size of the scaled gradient")
    axes.set_xticks(range(-16, 9, 4), [f"$10^{{{power}}}$" for power in range(-16, 9, 4)])
    axes.set_title(
        f"Loss scale S = {2**log2_scale:,}: {lost:.0%} of the gradients lost to zero, {burst:.0%} to overflow\n"
        f"(made-up gradients around $10^{{{typical}}}$)"
    )
    return figure
