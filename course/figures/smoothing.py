"""Figure of chapter 9: what hard and softened labels ask of the scores."""

import numpy as np
from matplotlib.figure import Figure

from course.figures.style import COLORS, new_figure
from course.language import say

CLASSES = 10
LEADS = np.linspace(-2, 14, 321)


def loss(lead: np.ndarray | float, eps: float) -> np.ndarray:
    """Return the cross-entropy with a label softened by eps, if the true score leads nine equal others by ``lead``."""
    log_rest = -np.log(CLASSES - 1 + np.exp(lead))
    true = 1 - eps + eps / CLASSES
    return np.asarray(-(true * (lead + log_rest) + (1 - true) * log_rest))


def best_lead(eps: float) -> float:
    """Return the lead with the least loss; infinite for eps = 0."""
    return float("inf") if eps == 0 else float(np.log((1 - eps + eps / CLASSES) / (eps / CLASSES)))


def fig_smoothing(eps: float = 0.1, answered: bool = True) -> Figure:
    """The loss against the lead of the true score, for one-hot labels and for softened ones.

    Args:
        eps: the share that all classes divide among them.
        answered: False leaves the loss of softened labels out.
    """
    figure, axes = new_figure(1, 1, width=7.6, height=3.7)
    axes.plot(LEADS, loss(LEADS, 0.0), color=COLORS["grey"], label=say(en="one-hot label", zh="独热标签"))
    axes.set(
        xlim=(-2, 14),
        ylim=(0, 4),
        xlabel=say(en="lead of the true score over the nine others", zh="真实类别的得分领先其余九个的幅度"),
        ylabel=say(en="loss", zh="损失"),
    )
    axes.set_title(say(en="Loss of one picture", zh="一张图像的损失"))
    if answered:
        axes.plot(LEADS, loss(LEADS, eps), color=COLORS["blue"], label=say(en="softened label", zh="软化的标签"))
        lead = best_lead(eps)
        if eps:
            axes.plot(lead, loss(lead, eps), "o", color=COLORS["green"], ms=9)
            axes.set_title(
                say(
                    en="ε = {eps:.2f}: best lead {lead:.2f}, probability {p:.3f}",
                    zh="ε = {eps:.2f}：最好的领先幅度 {lead:.2f}，概率 {p:.3f}",
                    eps=eps,
                    lead=lead,
                    p=1 - eps + eps / CLASSES,
                )
            )
        else:
            axes.set_title(say(en="ε = 0: no lead is enough", zh="ε = 0：领先多少都不够"))
    axes.legend(loc="upper right", fontsize=9)
    return figure
