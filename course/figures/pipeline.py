"""Figure of chapter 1: the five stages from data to service, each with a trouble of its own.

The pipeline is real and tiny: a linear softmax classifier on 150 of scikit-learn's 8×8 digits,
trained anew for each frame.
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch

from course.figures.style import COLORS, new_figure

STAGES = ("collect", "process", "train", "evaluate", "deploy")
TROUBLES = {
    "collect": "training labels that are wrong",
    "process": "requests that skip the ink inversion",
    "train": "training steps left out",
    "evaluate": "evaluation rows taken from the training set",
    "deploy": "noise of a new camera",
}
"""Stage -> what its trouble is; 0 is none of it, 1 all of it."""
GRID = (0.0, 0.25, 0.5, 0.75, 0.9, 0.97, 1.0)


class Outcome(NamedTuple):
    """What a pipeline reports about itself, what its users get, and the loss during training."""

    reported: float
    in_use: float
    losses: np.ndarray  # (steps,)


@lru_cache(maxsize=1)
def _digits() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    from sklearn.datasets import load_digits

    bunch = load_digits()
    x, y, rows = bunch.images.reshape(-1, 64) / 16, bunch.target, np.arange(1797)
    held_out = np.isin(rows % 7, (1, 4))
    train = np.random.default_rng(0).permutation(rows[~held_out])[:150]
    return x[train], y[train], x[held_out], y[held_out]


def _train(x: np.ndarray, y: np.ndarray, steps: int) -> tuple[np.ndarray, np.ndarray]:
    x, target, weights, losses = _with_one(x), np.eye(10)[y], np.zeros((65, 10)), []
    for _ in range(steps):
        p = _softmax(x @ weights)  # (n, 10)
        losses.append(-np.log(p[np.arange(len(y)), y]).mean())
        weights -= x.T @ (p - target) / len(y)
    return weights, np.array(losses)


def _softmax(z: np.ndarray) -> np.ndarray:
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return np.asarray(e / e.sum(axis=1, keepdims=True))


def _with_one(x: np.ndarray) -> np.ndarray:
    return np.hstack([x, np.ones((len(x), 1))])


def _accuracy(weights: np.ndarray, x: np.ndarray, y: np.ndarray) -> float:
    return float(((_with_one(x) @ weights).argmax(axis=1) == y).mean())


@lru_cache(maxsize=256)
def run_pipeline(stage: str, trouble: float) -> Outcome:
    """Train, evaluate and serve with ``trouble`` in [0, 1] at ``stage`` and every other stage in order."""
    x, y, x_new, y_new = _digits()
    rng = np.random.default_rng(5)
    labels = y.copy()
    wrong, other = rng.random(len(y)), rng.integers(1, 10, size=len(y))
    noise = rng.standard_normal(x_new.shape)
    half = np.arange(len(y_new)) % 2 == 0  # one half evaluates the model, the other half are its users
    steps = 150
    if stage == "collect":
        labels = np.where(wrong < trouble, (y + other) % 10, y)
    if stage == "train":
        steps = round(150 * (1 - trouble))
    weights, losses = _train(x, labels, steps)
    reported = _accuracy(weights, x_new[half], y_new[half])
    if stage == "evaluate":
        reported = (1 - trouble) * reported + trouble * _accuracy(weights, x, y)
    users, users_y = x_new[~half], y_new[~half]
    if stage == "deploy":
        users = users + 0.6 * trouble * noise[~half]
    in_use = _accuracy(weights, users, users_y)
    if stage == "process":
        in_use = (1 - trouble) * in_use + trouble * _accuracy(weights, 1 - users, users_y)
    return Outcome(reported, in_use, losses)


def fig_pipeline(stage: str = "collect", trouble: float = 0.0) -> Figure:
    """The chain of stages; what the chosen one hands on; and what its trouble does at the end of the chain.

    Args:
        stage: one of :data:`STAGES`.
        trouble: 0 … 1, how much of the stage's trouble (:data:`TROUBLES`) there is.
    """
    figure, axes = new_figure(
        2, 2, width=9.8, height=5.0, gridspec_kw={"height_ratios": [1, 3.2], "width_ratios": [1, 1.15]}
    )
    chain = figure.add_subplot(axes[0, 0].get_gridspec()[0, :])
    for ax in axes[0]:
        ax.remove()
    _draw_chain(chain, stage)
    {
        "collect": _draw_labels,
        "process": _draw_inks,
        "train": _draw_losses,
        "evaluate": _draw_rows,
        "deploy": _draw_requests,
    }[stage](axes[1, 0], trouble)
    _draw_outcome(axes[1, 1], stage, trouble)
    return figure


def _draw_chain(ax: Axes, stage: str) -> None:
    hands_on = ("images, labels", "arrays in [0, 1]", "weights", "a number", "answers")
    ax.set_axis_off()
    ax.set(xlim=(-0.1, 23), ylim=(-0.2, 3.1))
    for k, name in enumerate(STAGES):
        lit = name == stage
        ax.add_patch(
            FancyBboxPatch(
                (4.7 * k, 1.1),
                3.5,
                1.7,
                boxstyle="round,pad=0,rounding_size=0.3",
                linewidth=1.8,
                facecolor=COLORS["orange"] if lit else "white",
                edgecolor=COLORS["orange"] if lit else COLORS["grey"],
            )
        )
        ax.text(4.7 * k + 1.75, 1.95, name, ha="center", va="center", fontweight="bold", fontsize=11)
        ax.text(4.7 * k + 1.75, 0.35, hands_on[k], ha="center", va="center", fontsize=9, color=COLORS["grey"])
        if k:
            ax.annotate(
                "", (4.7 * k, 1.95), (4.7 * k - 1.2, 1.95), arrowprops={"arrowstyle": "-|>", "color": COLORS["ink"]}
            )


def _draw_images(ax: Axes, images: np.ndarray, captions: list[tuple[str, str]], title: str) -> None:
    ax.set_axis_off()
    for k, (image, (caption, color)) in enumerate(zip(images, captions, strict=True)):
        left, bottom = 1.25 * (k % 4), 1.75 * (1 - k // 4)
        ax.imshow(image.reshape(8, 8), cmap="gray_r", vmin=0, vmax=1, extent=(left, left + 1, bottom, bottom + 1))
        ax.text(left + 0.5, bottom - 0.06, caption, ha="center", va="top", color=color, fontweight="bold", fontsize=10)
    ax.set(xlim=(-0.1, 4.95), ylim=(-0.5, 2.95))
    ax.set_title(title)


def _draw_labels(ax: Axes, trouble: float) -> None:
    x, y, *_ = _digits()
    rng = np.random.default_rng(5)
    wrong, other = rng.random(len(y)), rng.integers(1, 10, size=len(y))
    labels = np.where(wrong < trouble, (y + other) % 10, y)
    captions = [(f"“{labels[k]}”", COLORS["red"] if labels[k] != y[k] else COLORS["ink"]) for k in range(8)]
    _draw_images(ax, x[:8], captions, f"hands on: images with labels, {np.mean(labels != y):.0%} wrong")


def _draw_inks(ax: Axes, trouble: float) -> None:
    x, _, new, _ = _digits()
    bins = np.linspace(0, 1, 18).tolist()
    served = np.concatenate([new[: round(len(new) * (1 - trouble))], 1 - new[round(len(new) * (1 - trouble)) :]])
    ax.hist(x.ravel(), bins, density=True, histtype="step", color=COLORS["blue"], linewidth=2)
    ax.hist(served.ravel(), bins, density=True, histtype="step", color=COLORS["red"], linewidth=2, linestyle="--")
    ax.set(xlabel="pixel value", ylabel="density", ylim=(0, 11))
    ax.text(0.5, 9.8, "training", color=COLORS["blue"], ha="center", fontweight="bold")
    ax.text(0.5, 8.8, "service", color=COLORS["red"], ha="center", fontweight="bold")
    ax.set_title("hands on: pixel values")


def _draw_losses(ax: Axes, trouble: float) -> None:
    full, cut = run_pipeline("train", 0.0).losses, run_pipeline("train", trouble).losses
    ax.plot(full, color=COLORS["light"], linewidth=3)
    ax.plot(cut, color=COLORS["blue"])
    ax.plot(len(cut), full[min(len(cut), len(full) - 1)], "o", color=COLORS["orange"], markersize=9)
    ax.set(xlabel="step of gradient descent", ylabel="training loss", ylim=(0, 2.5), xlim=(-3, 155))
    ax.set_title(f"hands on: the weights after {len(cut)} steps")


def _draw_rows(ax: Axes, trouble: float) -> None:
    ax.barh(0, 1 - trouble, color=COLORS["blue"], height=0.5)
    ax.barh(0, trouble, left=1 - trouble, color=COLORS["red"], height=0.5)
    ax.set(xlim=(0, 1), ylim=(-0.7, 0.7), yticks=[], xlabel="share of the evaluation rows")
    ax.grid(axis="y", visible=False)
    ax.text(0.0, 0.36, "never seen", color=COLORS["blue"], fontweight="bold")
    ax.text(1.0, 0.36, "seen in training", color=COLORS["red"], fontweight="bold", ha="right")
    ax.set_title("hands on: a report about these rows")


def _draw_requests(ax: Axes, trouble: float) -> None:
    _, _, new, y = _digits()
    x, labels, *_ = _digits()
    weights, _ = _train(x, labels, 150)
    rng = np.random.default_rng(11)
    sent = new[1:16:2] + 0.6 * trouble * rng.standard_normal((8, 64))
    answers = (_with_one(sent) @ weights).argmax(axis=1)
    captions = [
        (f"→ {answer}", COLORS["ink"] if answer == truth else COLORS["red"])
        for answer, truth in zip(answers, y[1:16:2], strict=True)
    ]
    _draw_images(ax, sent, captions, "hands on: answers to requests")


def _draw_outcome(ax: Axes, stage: str, trouble: float) -> None:
    curve = [run_pipeline(stage, value) for value in GRID]
    here = run_pipeline(stage, trouble)
    ax.plot(GRID, [outcome.reported for outcome in curve], color=COLORS["blue"], alpha=0.35)
    ax.plot(GRID, [outcome.in_use for outcome in curve], color=COLORS["red"], alpha=0.35, linestyle="--")
    ax.plot(trouble, here.reported, "s", color=COLORS["blue"], markersize=9)
    ax.plot(trouble, here.in_use, "o", color=COLORS["red"], markersize=8)
    bottom = 0.8 if stage == "evaluate" else 0.0
    ax.set(
        xlim=(-0.03, 1.03),
        ylim=(bottom - 0.01, 1.01 if stage == "evaluate" else 1.05),
        ylabel="accuracy",
        xlabel=f"{'amount' if stage == 'deploy' else 'share'}: {TROUBLES[stage]}",
    )
    ax.text(
        0.03, 0.14, f"■ reported {here.reported:.2f}", color=COLORS["blue"], fontweight="bold", transform=ax.transAxes
    )
    ax.text(0.03, 0.05, f"● in use {here.in_use:.2f}", color=COLORS["red"], fontweight="bold", transform=ax.transAxes)
    ax.set_title("what arrives at the end of the chain")
