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
from course.language import say

STAGES = ("collect", "process", "train", "evaluate", "deploy")
GRID = (0.0, 0.25, 0.5, 0.75, 0.9, 0.97, 1.0)


CASES = (("evaluate", 1.0), ("collect", 0.6), ("process", 0.5), ("train", 0.98), ("deploy", 0.9))
"""Pipelines with one broken stage: the stage and how much of its trouble there is."""


class Outcome(NamedTuple):
    """What a pipeline reports about itself, what its users get, the loss in training and what the service was sent."""

    reported: float
    in_use: float
    losses: np.ndarray  # (steps,)
    served: np.ndarray  # (requests, 64), pixel values as the model gets them


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
    served = users
    if stage == "process":
        in_use = (1 - trouble) * in_use + trouble * _accuracy(weights, 1 - users, users_y)
        spared = round(len(users) * (1 - trouble))
        served = np.concatenate([users[:spared], 1 - users[spared:]])
    return Outcome(reported, in_use, losses, served)


def stages() -> dict[str, str]:
    """Return the names of the stages."""
    return {
        "collect": say(en="collect", zh="采集"),
        "process": say(en="process", zh="处理"),
        "train": say(en="train", zh="训练"),
        "evaluate": say(en="evaluate", zh="评估"),
        "deploy": say(en="deploy", zh="部署"),
    }


def troubles() -> dict[str, str]:
    """Return what goes wrong at each stage; a trouble of 0 is none of it, 1 all of it."""
    return {
        "collect": say(en="share of training labels that are wrong", zh="错误训练标签的比例"),
        "process": say(en="share of requests that skip the ink inversion", zh="漏做反相的请求比例"),
        "train": say(en="share of training steps left out", zh="省掉的训练步数比例"),
        "evaluate": say(en="share of evaluation rows taken from training", zh="评估数据中训练样本的比例"),
        "deploy": say(en="noise of the new camera", zh="新相机的噪声强度"),
    }


def fig_pipeline(stage: str = "collect", trouble: float = 0.5, answered: bool = True) -> Figure:
    """The chain of stages; what the chosen one hands on; and what its trouble does at the end of the chain.

    Args:
        stage: one of :data:`STAGES`.
        trouble: 0 … 1, how much of the stage's trouble (:func:`troubles`) there is.
        answered: False shows the sound pipeline, without any trouble.
    """
    figure, chain, (left, right) = _sheet()
    _draw_chain(chain, stage)
    {
        "collect": _draw_labels,
        "process": _draw_inks,
        "train": _draw_losses,
        "evaluate": _draw_rows,
        "deploy": _draw_requests,
    }[stage](left, trouble if answered else 0.0)
    _draw_outcome(right, stage, trouble if answered else 0.0, answered)
    return figure


def fig_symptoms(case: int = 0, answered: bool = True) -> Figure:
    """A pipeline with one broken stage, seen from outside, beside a sound one in grey.

    Args:
        case: which of :data:`CASES`.
        answered: False does not mark the broken stage.
    """
    stage, trouble = CASES[case]
    sick, sound = run_pipeline(stage, trouble), run_pipeline(stage, 0.0)
    figure, chain, (loss, accuracy, pixels) = _sheet(3)
    _draw_chain(chain, stage if answered else "")
    if answered:
        chain.plot(4.7 * STAGES.index(stage) + 1.75, 3.0, "v", color=COLORS["red"], markersize=9, clip_on=False)
    loss.plot(sound.losses, color=COLORS["grey"], linewidth=3, alpha=0.5)
    loss.plot(sick.losses, color=COLORS["blue"], marker="o" if len(sick.losses) < 5 else "")
    loss.set(xlabel=say(en="step", zh="步"), ylim=(0, 2.6), xlim=(-3, 155))
    loss.set_title(say(en="training loss", zh="训练损失"))
    for k, (value, normal) in enumerate(((sick.reported, sound.reported), (sick.in_use, sound.in_use))):
        accuracy.bar(k, value, width=0.55, color=(COLORS["blue"], COLORS["red"])[k])
        accuracy.plot([k - 0.36, k + 0.36], [normal] * 2, color="#5B646E", linewidth=2.5)
        accuracy.text(k, max(value, normal) + 0.03, f"{value:.2f}", ha="center", fontsize=10, fontweight="bold")
    accuracy.set(ylim=(0, 1.12), xlim=(-0.6, 1.6), xticks=[0, 1])
    accuracy.set_xticklabels([say(en="reported", zh="报告"), say(en="in use", zh="使用中")])
    accuracy.set_title(say(en="accuracy", zh="准确率"))
    x, *_ = _digits()
    bins = np.linspace(-1, 2, 31).tolist()
    pixels.hist(x.ravel(), bins, density=True, histtype="step", color=COLORS["grey"], linewidth=3, alpha=0.6)
    pixels.hist(sick.served.ravel(), bins, density=True, histtype="step", color=COLORS["red"], linewidth=2)
    pixels.set(xlabel=say(en="pixel value", zh="像素值"), yticks=[])
    pixels.set_title(say(en="pixels that the service is sent", zh="服务收到的像素"))
    return figure


def _sheet(panels: int = 2) -> tuple[Figure, Axes, np.ndarray]:
    figure, axes = new_figure(2, panels, width=9.8, height=4.7, gridspec_kw={"height_ratios": [1, 3]})
    chain = figure.add_subplot(axes[0, 0].get_gridspec()[0, :])
    for ax in axes[0]:
        ax.remove()
    return figure, chain, axes[1]


def _draw_chain(ax: Axes, stage: str) -> None:
    hands_on = (
        say(en="images, labels", zh="图像、标签"),
        say(en="arrays in [0, 1]", zh="[0, 1] 内的数组"),
        say(en="weights", zh="权重"),
        say(en="a number", zh="一个数"),
        say(en="answers", zh="答案"),
    )
    ax.set_axis_off()
    ax.set(xlim=(-0.1, 23), ylim=(-0.2, 3.1))
    for k, (key, name) in enumerate(stages().items()):
        lit = key == stage
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
        ax.text(4.7 * k + 1.75, 0.35, hands_on[k], ha="center", va="center", fontsize=9, color="#5B646E")
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
    captions = [(f"{labels[k]}", COLORS["red"] if labels[k] != y[k] else COLORS["ink"]) for k in range(8)]
    title = say(
        en="hands on: labels, {share:.0f} % of them wrong",
        zh="交付：标签，其中 {share:.0f}% 是错的",
        share=100 * np.mean(labels != y),
    )
    _draw_images(ax, x[:8], captions, title)


def _draw_inks(ax: Axes, trouble: float) -> None:
    x, *_ = _digits()
    bins = np.linspace(0, 1, 18).tolist()
    served = run_pipeline("process", trouble).served
    ax.hist(x.ravel(), bins, density=True, histtype="step", color=COLORS["blue"], linewidth=2)
    ax.hist(served.ravel(), bins, density=True, histtype="step", color=COLORS["red"], linewidth=2, linestyle="--")
    ax.set(xlabel=say(en="pixel value", zh="像素值"), ylabel=say(en="density", zh="密度"), ylim=(0, 11))
    ax.text(0.5, 9.8, say(en="training", zh="训练时"), color=COLORS["blue"], ha="center", fontweight="bold")
    ax.text(0.5, 8.8, say(en="service", zh="服务端"), color=COLORS["red"], ha="center", fontweight="bold")
    ax.set_title(say(en="hands on: pixel values", zh="交付：像素值"))


def _draw_losses(ax: Axes, trouble: float) -> None:
    full, cut = run_pipeline("train", 0.0).losses, run_pipeline("train", trouble).losses
    ax.plot(full, color=COLORS["light"], linewidth=3)
    ax.plot(cut, color=COLORS["blue"])
    ax.plot(len(cut), full[min(len(cut), len(full) - 1)], "o", color=COLORS["orange"], markersize=9)
    ax.set(
        xlabel=say(en="step of gradient descent", zh="梯度下降的步数"),
        ylabel=say(en="training loss", zh="训练损失"),
        ylim=(0, 2.5),
        xlim=(-3, 155),
    )
    ax.set_title(say(en="hands on: the weights after {n} steps", zh="交付：第 {n} 步的权重", n=len(cut)))


def _draw_rows(ax: Axes, trouble: float) -> None:
    ax.barh(0, 1 - trouble, color=COLORS["blue"], height=0.5)
    ax.barh(0, trouble, left=1 - trouble, color=COLORS["red"], height=0.5)
    ax.set(xlim=(0, 1), ylim=(-0.7, 0.7), yticks=[], xlabel=say(en="share of the evaluation rows", zh="评估样本的比例"))
    ax.grid(axis="y", visible=False)
    ax.text(0.0, 0.36, say(en="never seen", zh="从未见过"), color=COLORS["blue"], fontweight="bold")
    ax.text(1.0, 0.36, say(en="seen in training", zh="训练时见过"), color=COLORS["red"], fontweight="bold", ha="right")
    ax.set_title(say(en="hands on: a report about these rows", zh="交付：根据这些样本写的报告"))


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
    _draw_images(ax, sent, captions, say(en="hands on: answers to requests", zh="交付：对请求的回答"))


def _draw_outcome(ax: Axes, stage: str, trouble: float, answered: bool) -> None:
    here = run_pipeline(stage, trouble)
    if answered:
        curve = [run_pipeline(stage, value) for value in GRID]
        ax.plot(GRID, [outcome.reported for outcome in curve], color=COLORS["blue"], alpha=0.35)
        ax.plot(GRID, [outcome.in_use for outcome in curve], color=COLORS["red"], alpha=0.35, linestyle="--")
    ax.plot(trouble, here.reported, "s", color=COLORS["blue"], markersize=9)
    ax.plot(trouble, here.in_use, "o", color=COLORS["red"], markersize=8)
    ax.set(
        xlim=(-0.03, 1.03),
        ylim=(-0.01, 1.05),
        ylabel=say(en="accuracy", zh="准确率"),
        xlabel=troubles()[stage],
    )
    for y, mark, color, text in (
        (0.14, "■", "blue", say(en="reported {a:.2f}", zh="报告 {a:.2f}", a=here.reported)),
        (0.05, "●", "red", say(en="in use {a:.2f}", zh="使用中 {a:.2f}", a=here.in_use)),
    ):
        ax.text(0.03, y, f"{mark} {text}", color=COLORS[color], fontweight="bold", transform=ax.transAxes)
    ax.set_title(say(en="what arrives at the end", zh="链条末端的结果"))
