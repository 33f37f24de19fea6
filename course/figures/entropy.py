"""Chapter 2: surprise, its units, and cross-entropy as entropy plus divergence."""

import numpy as np
from matplotlib.figure import Figure

from course.figures.style import COLORS, new_figure

BASES = {"e": (np.e, "nat"), "2": (2.0, "bit"), "10": (10.0, "hartley")}
BASE_COLORS = {"e": COLORS["blue"], "2": COLORS["orange"], "10": COLORS["green"]}
TARGETS = {"one-hot": (1.0, 0.0, 0.0), "smoothed": (0.9, 0.05, 0.05), "soft": (0.6, 0.3, 0.1)}
KERAS_CLIP = 1e-7  # keras.backend.epsilon(), the smallest probability that Keras's losses look at


def fig_neg_log(p: float = 0.8, small: bool = False) -> Figure:
    """The price -ln p of the probability p that the model gave to what really happened.

    ``small`` switches to a logarithmic p axis down to 1e-12 and shows the clipping of Keras at
    1e-7.
    """
    fig, ax = new_figure(width=7.6, height=3.9)
    price = float(0.0 - np.log(p))
    if small:
        grid = np.logspace(-12, 0, 400)
        ax.set(xscale="log", xlim=(1e-12, 1.6), ylim=(-1, 29))
        ax.plot(grid, -np.log(np.maximum(grid, KERAS_CLIP)), color=COLORS["red"], lw=2, ls="--")
        ax.text(2e-12, -np.log(KERAS_CLIP) - 0.7, "clipped at 1e-7: never above 16.118", color=COLORS["red"], va="top")
        ax.text(5e-10, 23.2, "−ln p", color=COLORS["blue"], weight="bold")
    else:
        grid = np.linspace(0.004, 1, 500)
        ax.set(xlim=(0, 1.02), ylim=(-0.25, 5.2))
        span = np.array([max(0.0, p - 0.16), min(1.02, p + 0.16)])
        ax.plot(span, price - (span - p) / p, color=COLORS["grey"], lw=1.4)
        ax.text(0.30, 1.42, "−ln p", color=COLORS["blue"], weight="bold")
        ax.plot([0.8], [-np.log(0.8)], "s", color=COLORS["green"], ms=7, zorder=4)
        ax.annotate(
            "article A: p = 0.8\ncosts 0.2231 nat",
            (0.8, -np.log(0.8)),
            (0.8, 1.25),
            ha="center",
            color=COLORS["green"],
            arrowprops={"arrowstyle": "-", "color": COLORS["green"], "lw": 1},
        )
    ax.plot(grid, -np.log(grid), color=COLORS["blue"], lw=2.6, zorder=3)
    ax.plot([p], [price], "o", color=COLORS["ink"], ms=9, zorder=5)
    ax.set(xlabel="probability p given to the true class", ylabel="loss in nat")
    ax.set_title(f"p = {p:.3g} costs {price:.4f} nat; slope −1/p = {-1 / p:.4g}".replace("-", "−"))
    return fig


def fig_log_base(base: str = "e", p: float = 0.8) -> Figure:
    """One surprise in three units: -log p to the base e (nat), 2 (bit), 10 (hartley)."""
    fig, (left, right) = new_figure(1, 2, width=9.6, height=3.6, gridspec_kw={"width_ratios": (1.25, 1)})
    grid = np.linspace(0.02, 1, 400)
    for name, (number, unit) in BASES.items():
        chosen = name == base
        style = {"color": BASE_COLORS[name], "alpha": 1.0 if chosen else 0.4}
        left.plot(grid, -np.log(grid) / np.log(number), lw=3 if chosen else 1.6, **style)
        left.plot([p], [-np.log(p) / np.log(number)], "o", ms=9 if chosen else 5, **style)
        left.text(
            0.035,
            -np.log(0.04) / np.log(number) + 0.12,
            unit,
            weight="bold" if chosen else "normal",
            **style,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8},
        )
    left.axvline(p, color=COLORS["ink"], lw=0.8, ls=":")
    left.set(xlabel="probability p", ylabel="surprise −log p", xlim=(0, 1.02), ylim=(-0.2, 5.9))
    values = {name: float(0.0 - np.log(p)) / np.log(number) for name, (number, _) in BASES.items()}
    left.set_title(f"p = {p:.2f}, base {base}: {values[base]:.4f} {BASES[base][1]}")
    top = max(max(values.values()), 0.1)
    for row, (name, value) in enumerate(values.items()):
        right.barh(row, value, color=BASE_COLORS[name], alpha=1.0 if name == base else 0.4, height=0.6)
        right.text(value + 0.03 * top, row, f"{value:.4f}", va="center", weight="bold" if name == base else "normal")
    right.set_yticks(range(3), [f"base {name}\n({unit})" for name, (_, unit) in BASES.items()])
    right.invert_yaxis()
    right.set(xlim=(0, 1.3 * top), xlabel="the same surprise, in that unit")
    right.grid(False, axis="y")
    right.set_title("1 nat = 1.4427 bit = 0.4343 hartley")
    return fig


def entropy(t: np.ndarray) -> float:
    """Return -Σ t ln t in nat, with 0 ln 0 = 0."""
    t = np.asarray(t, dtype=float)
    positive = t[t > 0]
    return float(0.0 - np.sum(positive * np.log(positive)))


def cross_entropy(t: np.ndarray, q: np.ndarray) -> float:
    """Return -Σ t ln q in nat, with 0 ln 0 = 0 and inf where t > 0 meets q = 0."""
    t, q = np.asarray(t, dtype=float), np.asarray(q, dtype=float)
    positive = t > 0
    if np.any(q[positive] == 0):
        return float("inf")
    return float(0.0 - np.sum(t[positive] * np.log(q[positive])))


def fig_decomposition(target: str = "soft", q1: float = 0.8) -> Figure:
    """Cross-entropy H(t, q) = H(t) + KL(t‖q): a floor set by the data and a gap that training can close.

    ``q1`` is the predicted probability of class 1; the classes 2 and 3 share the rest in the ratio
    of the target (equally if the target gives them nothing).
    """
    t = np.array(TARGETS[target])
    rest = t[1:] / t[1:].sum() if t[1:].sum() > 0 else np.array([0.5, 0.5])
    grid = np.linspace(0.01, 0.99, 393)

    def mixed(first: float) -> np.ndarray:
        return np.concatenate(([first], (1 - first) * rest))

    q = mixed(q1)
    floor, here = entropy(t), cross_entropy(t, q)
    fig, (left, right) = new_figure(1, 2, width=9.6, height=3.7, gridspec_kw={"width_ratios": (1, 1.35)})
    place = np.arange(3)
    left.bar(place - 0.19, t, 0.36, color=COLORS["grey"])
    left.bar(place + 0.19, q, 0.36, color=COLORS["blue"])
    for k in range(3):
        left.text(k - 0.19, t[k] + 0.02, f"{t[k]:.2f}", ha="center", fontsize=8.5, color=COLORS["grey"])
        left.text(k + 0.19, q[k] + 0.02, f"{q[k]:.2f}", ha="center", fontsize=8.5, color=COLORS["blue"])
    left.set_xticks(place, ["class 1", "class 2", "class 3"])
    left.set(ylim=(0, 1.15), ylabel="probability")
    left.grid(False, axis="x")
    left.text(
        0.98, 0.97, "target t", color=COLORS["grey"], weight="bold", ha="right", va="top", transform=left.transAxes
    )
    left.text(
        0.98, 0.89, "prediction q", color=COLORS["blue"], weight="bold", ha="right", va="top", transform=left.transAxes
    )
    left.set_title("Two distributions")

    right.plot(grid, [cross_entropy(t, mixed(first)) for first in grid], color=COLORS["blue"], lw=2.6)
    right.axhline(floor, color=COLORS["grey"], lw=1.8, ls="--")
    right.fill_between([0, 1], 0, floor, color=COLORS["light"], alpha=0.7, lw=0)
    right.plot([q1, q1], [floor, here], color=COLORS["red"], lw=5, solid_capstyle="butt", alpha=0.85)
    right.plot([q1], [here], "o", color=COLORS["blue"], ms=9, zorder=5)
    gap, side = here - floor, 1 if q1 < 0.6 else -1
    height = min((floor + here) / 2, 2.6) if gap > 0.3 else here + 0.28
    right.text(
        q1 + 0.02 * side,
        height,
        f"KL = {gap:.3f}",
        color=COLORS["red"],
        weight="bold",
        va="center",
        ha="left" if side > 0 else "right",
        bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.85, "pad": 1.5},
    )
    if floor > 0.25:
        right.text(
            0.985 if q1 < 0.5 else 0.015,
            floor - 0.04,
            f"entropy H(t) = {floor:.3f}",
            va="top",
            ha="right" if q1 < 0.5 else "left",
        )
    else:
        right.text(0.015 if q1 > 0.4 else 0.45, 0.05, f"entropy H(t) = {floor:.3f}", va="bottom")
    right.set(xlim=(0, 1), ylim=(0, 3.2), xlabel="predicted probability of class 1", ylabel="nat")
    right.set_title(f"H(t, q) = {floor:.3f} + {gap:.3f} = {here:.3f} nat")
    return fig
