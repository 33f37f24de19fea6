"""Chapter 2: logits, softmax, and what limited numbers do to the textbook formula."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from course.figures.style import COLORS, new_figure

CLASS_COLORS = (COLORS["blue"], COLORS["orange"], COLORS["green"])


def naive_softmax(z: np.ndarray) -> np.ndarray:
    """Return exp(z) / Σ exp(z) as the textbook writes it, in the dtype of ``z``; nan once exp overflows."""
    with np.errstate(all="ignore"):
        e = np.exp(z)
        return np.asarray(e / np.sum(e))


def log_softmax(z: np.ndarray) -> np.ndarray:
    """Return z - logsumexp(z) along the last axis, shifted by the maximum first."""
    shifted = z - np.max(z, axis=-1, keepdims=True)
    return np.asarray(shifted - np.log(np.sum(np.exp(shifted), axis=-1, keepdims=True)))


def _bars(ax: Axes, p: np.ndarray, true_class: int) -> None:
    for k, value in enumerate(p):
        if np.isfinite(value):
            ax.bar(k, value, color=CLASS_COLORS[k], width=0.62)
            ax.text(k, value + 0.02, f"{value:.3f}", ha="center", weight="bold" if k == true_class else "normal")
        else:
            ax.text(k, 0.45, "nan", ha="center", fontsize=15, color=COLORS["red"], weight="bold")
    ax.set(ylim=(0, 1.16), xlim=(-0.55, 2.55))
    ax.set_xticks(range(3), [f"class {k}" + ("\n(true)" if k == true_class else "\n ") for k in range(3)])
    ax.grid(False, axis="x")


def fig_logits(
    z0: float = 2.0,
    z1: float = 1.0,
    z2: float = -1.0,
    temperature: float = 1.0,
    offset: float = 0.0,
    true_class: int = 0,
    float32: bool = False,
) -> Figure:
    """Softmax of three logits, stable and naive side by side, and the cross-entropy of the true class.

    All logits are divided by ``temperature``, then ``offset`` is added to each: in exact arithmetic
    the offset changes nothing.
    """
    dtype = np.float32 if float32 else np.float64
    z = (np.array([z0, z1, z2]) / temperature + offset).astype(dtype)
    log_p = log_softmax(z)
    naive = naive_softmax(z)
    broken = not np.all(np.isfinite(naive))
    fig, (logits, stable, textbook) = new_figure(1, 3, width=10.2, height=3.7)
    for k, value in enumerate(z):
        logits.barh(k, value, color=CLASS_COLORS[k], height=0.6)
    top = max(6.0, 1.2 * float(np.max(np.abs(z))))
    logits.set(xlim=(-top if np.min(z) < 0 else 0, top), xlabel="logit after temperature and offset")
    logits.set_yticks(range(3), [f"class {k}" for k in range(3)])
    logits.set_ylim(2.55, -1.0)
    logits.grid(False, axis="y")
    limit = float(np.log(np.finfo(dtype).max))
    if top > limit:
        logits.axvline(limit, color=COLORS["red"], lw=1.6, ls="--")
        logits.text(
            0.97 * limit,
            -0.95,
            f"exp overflows\nabove {limit:.1f}",
            color=COLORS["red"],
            ha="right",
            va="top",
            fontsize=9,
        )
    logits.set_title("Logits")
    _bars(stable, np.exp(log_p), true_class)
    stable.set_ylabel("probability")
    loss = float(-log_p[true_class])
    stable.set_title(f"Stable: loss {max(loss, 0.0):.4f} nat")
    _bars(textbook, naive, true_class)
    with np.errstate(divide="ignore"):
        price = float(-np.log(naive[true_class]))
    textbook.set_title(
        f"Naive ({np.dtype(dtype).name}): loss {'nan' if broken else f'{max(price, 0.0):.4f}'}",
        color=COLORS["red"] if broken else COLORS["ink"],
    )
    return fig


def three_clouds(n_per_class: int = 60, seed: int = 2) -> tuple[np.ndarray, np.ndarray]:
    """Return points (3 n, 2) and labels (3 n,) of three overlapping Gaussian clouds."""
    rng = np.random.default_rng(seed)
    centres = np.array([[-1.6, -0.8], [1.6, -0.8], [0.0, 1.7]])
    points = centres[:, None, :] + 0.85 * rng.standard_normal((3, n_per_class, 2))
    return points.reshape(-1, 2), np.repeat(np.arange(3), n_per_class)


def softmax_regression(
    x: np.ndarray, y: np.ndarray, lr: float, steps: int
) -> tuple[np.ndarray, np.ndarray, list[float]]:
    """Return weights (2, K), biases (K,) and the losses before each of ``steps`` steps and after the last; starts at zero."""
    k = int(y.max()) + 1
    w, b, losses = np.zeros((x.shape[1], k)), np.zeros(k), []
    for step in range(steps + 1):
        log_p = log_softmax(x @ w + b)
        losses.append(float(-np.mean(log_p[np.arange(y.size), y])))
        if step < steps:
            slope = (np.exp(log_p) - np.eye(k)[y]) / y.size
            w, b = w - lr * x.T @ slope, b - lr * slope.sum(axis=0)
    return w, b, losses


def fig_training(step: int = 0, lr: float = 0.5) -> Figure:
    """Softmax regression on three clouds after ``step`` steps: the regions it predicts and the loss, from ln 3 down."""
    x, y = three_clouds()
    w, b, losses = softmax_regression(x, y, lr, step)
    fig, (plane, curve) = new_figure(1, 2, width=9.6, height=3.9)
    side = np.linspace(-4.4, 4.4, 90)
    mesh = np.stack(np.meshgrid(side, side), axis=-1)
    p = np.exp(log_softmax(mesh @ w + b))
    rgb = np.array([[int(c[i : i + 2], 16) / 255 for i in (1, 3, 5)] for c in CLASS_COLORS])
    plane.imshow(
        0.45 * p @ rgb + 0.55, origin="lower", extent=(-4.4, 4.4, -4.4, 4.4), aspect="auto", interpolation="bilinear"
    )
    for k, color in enumerate(CLASS_COLORS):
        plane.plot(*x[y == k].T, "o", color=color, ms=4, mec="white", mew=0.5)
    plane.set(xlabel="$x_1$", ylabel="$x_2$", xlim=(-4.4, 4.4), ylim=(-4.4, 4.4))
    plane.grid(False)
    accuracy = float(np.mean(np.argmax(x @ w + b, axis=1) == y))
    doubt = "every class equally likely" if step == 0 else f"accuracy {accuracy:.2f}"
    plane.set_title(f"Step {step}: {doubt}")
    curve.axhline(np.log(3), color=COLORS["grey"], lw=1.4, ls="--")
    curve.text(99, np.log(3) + 0.02, "ln 3: knows nothing", ha="right", va="bottom", color=COLORS["grey"])
    curve.plot(losses, color=COLORS["ink"], lw=2.2)
    curve.plot([step], [losses[-1]], "o", color=COLORS["red"], ms=8)
    curve.set(xlim=(-2, 102), ylim=(0, 1.3), xlabel="step", ylabel="mean cross-entropy in nat")
    curve.set_title(f"Loss {losses[-1]:.3f}; typical p of the true class {np.exp(-losses[-1]):.2f}")
    return fig
