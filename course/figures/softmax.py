"""Chapter 2: logits, softmax, and what limited numbers do to the textbook formula."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from course.figures.style import COLORS, new_figure
from course.language import say

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


def _bars(ax: Axes, p: np.ndarray, place: np.ndarray, width: float, alpha: float) -> None:
    for k, value in enumerate(p):
        if np.isfinite(value):
            ax.bar(place[k], value, color=CLASS_COLORS[k], width=width, alpha=alpha)
            ax.text(place[k], value + 0.02, f"{value:.3f}", ha="center", fontsize=10 if width > 0.5 else 8)
        else:
            ax.text(place[k], 0.45, "nan", ha="center", fontsize=11, color=COLORS["red"], weight="bold")


def fig_logits(
    offset: float = 0.0,
    temperature: float = 1.0,
    z0: float = 2.0,
    z1: float = 1.0,
    z2: float = -1.0,
    answered: bool = True,
) -> Figure:
    """Softmax of three logits, with the shift by the maximum and as the formula is written, in two precisions.

    All logits are divided by ``temperature``, then ``offset`` is added to each: in exact arithmetic
    the offset changes nothing.
    """
    z = np.array([z0, z1, z2]) / temperature + offset
    fig, (logits, stable, textbook) = new_figure(1, 3, width=10.2, height=3.7)
    names = [say(en="class {k}", zh="类别 {k}", k=k) for k in range(3)]
    for ax, title in (
        (logits, say(en="Logits", zh="logits")),
        (stable, say(en="With the shift", zh="先平移")),
        (textbook, say(en="As the formula is written", zh="照公式直算")),
    ):
        ax.set_title(title)
    for k, value in enumerate(z):
        logits.barh(k, value, color=CLASS_COLORS[k], height=0.6)
        logits.text(value, k + 0.42, f"{value:.1f}", ha="center", va="center", fontsize=9)
    top = max(6.0, 1.2 * float(np.max(np.abs(z))))
    logits.set(xlim=(-top if np.min(z) < 0 else 0, top), xlabel=say(en="z / T + offset", zh="z / T + 偏移"))
    logits.set_yticks(range(3), names)
    logits.set_ylim(2.65, -1.15)
    logits.grid(False, axis="y")
    for ax in (stable, textbook):
        ax.set(ylim=(0, 1.16), xlim=(-0.6, 2.6), ylabel=say(en="probability", zh="概率"))
        ax.set_xticks(range(3), names)
        ax.grid(False, axis="x")
    if not answered:
        return fig
    for dtype, line in ((np.float64, "--"), (np.float32, ":")):
        limit = float(np.log(np.finfo(dtype).max))
        if limit < top < 12 * limit:
            logits.axvline(limit, color=COLORS["red"], lw=1.6, ls=line)
            words = say(en="{name}: overflow\nabove {limit:.1f}", zh="{name}：超过\n{limit:.1f} 溢出",
                        name=np.dtype(dtype).name, limit=limit)  # fmt: skip
            side = "left" if limit < 0.4 * top else "right"
            place = limit + (0.03 if side == "left" else -0.03) * top
            logits.text(place, -1.1, words, color=COLORS["red"], ha=side, va="top", fontsize=8.5)
    _bars(stable, np.exp(log_softmax(z)), np.arange(3), 0.62, 1.0)
    broken = []
    for dtype, shift, alpha in ((np.float64, -0.21, 1.0), (np.float32, 0.21, 0.55)):
        p = naive_softmax(z.astype(dtype))
        broken += [np.dtype(dtype).name] * (not np.all(np.isfinite(p)))
        _bars(textbook, p, np.arange(3) + shift, 0.4, alpha)
    textbook.set_xlabel(say(en="left: float64, right, paler: float32", zh="左：float64；右（较淡）：float32"))
    if broken:
        textbook.set_title(
            say(en="nan in {names}", zh="{names} 得到 nan",
                names=say(en=" and ", zh="、").join(broken)), color=COLORS["red"]
        )  # fmt: skip
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


def fig_training(step: int = 0, lr: float = 0.5, answered: bool = True) -> Figure:
    """Softmax regression on three clouds after ``step`` steps: the regions it predicts and the loss, from ln 3 down."""
    x, y = three_clouds()
    fig, (plane, curve) = new_figure(1, 2, width=9.6, height=3.9)
    for k, color in enumerate(CLASS_COLORS):
        plane.plot(*x[y == k].T, "o", color=color, ms=4, mec="white", mew=0.5)
    plane.set(xlabel="$x_1$", ylabel="$x_2$", xlim=(-4.4, 4.4), ylim=(-4.4, 4.4))
    plane.grid(False)
    curve.set(xlim=(-2, 102), ylim=(0, 1.3), xlabel=say(en="step", zh="步数"))
    curve.set_ylabel(say(en="mean cross-entropy in nat", zh="平均交叉熵（nat）"))
    if not answered:
        return fig
    w, b, losses = softmax_regression(x, y, lr, step)
    side = np.linspace(-4.4, 4.4, 90)
    p = np.exp(log_softmax(np.stack(np.meshgrid(side, side), axis=-1) @ w + b))
    # white where all classes are equally likely, so that an untrained model shows no region
    strength = 0.55 * np.clip((p.max(axis=-1, keepdims=True) - 1 / 3) * 1.5, 0, 1)
    rgb = np.array([[int(c[i : i + 2], 16) / 255 for i in (1, 3, 5)] for c in CLASS_COLORS])[p.argmax(axis=-1)]
    plane.imshow(
        strength * rgb + 1 - strength, origin="lower", extent=(-4.4, 4.4, -4.4, 4.4), aspect="auto",
        interpolation="bilinear", zorder=0,
    )  # fmt: skip
    accuracy = float(np.mean(np.argmax(x @ w + b, axis=1) == y))
    if step == 0:
        plane.set_title(say(en="Step 0: every class equally likely", zh="第 0 步：三类概率相同"))
    else:
        plane.set_title(
            say(en="Step {step}: accuracy {a:.2f}", zh="第 {step} 步：准确率 {a:.2f}", step=step, a=accuracy)
        )
    curve.axhline(np.log(3), color=COLORS["grey"], lw=1.4, ls="--")
    curve.text(99, np.log(3) + 0.02, "ln 3", ha="right", va="bottom", color=COLORS["grey"])
    curve.plot(losses, color=COLORS["ink"], lw=2.2)
    curve.plot([step], [losses[-1]], "o", color=COLORS["red"], ms=8)
    curve.set_title(
        say(en="Loss {loss:.3f}; typical p of the label {p:.2f}", zh="损失 {loss:.3f}；标签的典型概率 {p:.2f}",
            loss=losses[-1], p=np.exp(-losses[-1]))
    )  # fmt: skip
    return fig
