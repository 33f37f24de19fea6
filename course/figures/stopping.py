"""Figure of chapter 9: the losses of a network that learns 30 wrong labels, and when to stop it."""

import numpy as np
from matplotlib.figure import Figure

from course.few_pictures import plain_history
from course.figures.style import COLORS, new_figure
from course.language import say


def stop_at(patience: int) -> tuple[int, int]:
    """Return (epoch of the stop, best epoch until then) for the validation losses, epochs counted from 1."""
    losses = plain_history().val
    best = 1
    for epoch in range(1, len(losses)):
        if losses[epoch] < losses[best]:
            best = epoch
        elif epoch - best == patience:
            return epoch, best
    return len(losses) - 1, best


def fig_stopping(patience: int = 10, answered: bool = True) -> Figure:
    """Left: training and validation loss by epoch, with the stop. Right: the wrong labels learned, and the accuracy.

    Args:
        patience: epochs without an improvement after which to stop.
        answered: False shows the training loss alone.
    """
    history = plain_history()
    epochs = np.arange(len(history.val))
    figure, (left, right) = new_figure(1, 2, width=9.4, height=3.7)
    left.plot(epochs, history.train, color=COLORS["blue"], label=say(en="training", zh="训练"))
    left.set(xlim=(0, epochs[-1]), ylim=(0, 2.6), xlabel=say(en="epoch", zh="轮次"), ylabel=say(en="loss", zh="损失"))
    left.set_title(say(en="Loss", zh="损失"))
    right.set(
        xlim=(0, epochs[-1]), ylim=(0, 1.02), xlabel=say(en="epoch", zh="轮次"), ylabel=say(en="share", zh="比例")
    )
    right.set_title(say(en="What it has learned", zh="学到了什么"))
    if answered:
        stop, best = stop_at(patience)
        left.plot(epochs, history.val, color=COLORS["orange"], label=say(en="validation", zh="验证"))
        left.plot(best, history.val[best], "o", color=COLORS["green"], ms=9, label=say(en="best", zh="最好"))
        right.plot(
            epochs,
            history.accuracy,
            color=COLORS["orange"],
            label=say(en="validation pictures read", zh="读对的验证图像"),
        )
        right.plot(
            epochs, history.learned, color=COLORS["red"], label=say(en="wrong labels repeated", zh="学进去的错标签")
        )
        for axes in (left, right):
            axes.axvline(stop, color=COLORS["ink"], ls=":", lw=1.4)
        left.set_title(
            say(
                en="Best epoch {best}, stopped at {stop}",
                zh="最好的是第 {best} 轮，停在第 {stop} 轮",
                best=best,
                stop=stop,
            )
        )
        right.set_title(
            say(
                en="At best: {read:.0%} read, {lies:.0%} of wrong labels",
                zh="最好一轮：读对 {read:.0%}，学了 {lies:.0%} 的错标签",
                read=history.accuracy[best],
                lies=history.learned[best],
            )
        )
        right.legend(loc="center right", fontsize=9)
    left.legend(loc="upper right", fontsize=9)
    return figure
