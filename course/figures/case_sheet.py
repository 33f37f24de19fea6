"""Figure of chapter 8: the log of a sick network, and the instrument that finds what ails it."""

from functools import cache

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from course.clinic import Case, case, layers
from course.figures.style import COLORS, new_figure
from course.language import say


@cache
def pixel_areas() -> np.ndarray:
    """Return for each pixel of patient 1's training rows its largest one-against-all AUC, turned above ½, (64,)."""
    seen = case(1)
    X, y = seen.X[seen.train], seen.y[seen.train]
    areas = np.full(64, 0.5)
    for pixel in range(64):
        values, place = np.unique(X[:, pixel], return_inverse=True)
        for digit in range(10):
            high = np.bincount(place[y == digit], minlength=len(values))
            low = np.bincount(place[y != digit], minlength=len(values))
            area = (high * (np.cumsum(low) - low / 2)).sum() / (high.sum() * low.sum())
            areas[pixel] = max(areas[pixel], area, 1 - area)
    return areas


def fig_case(number: int, answered: bool = True) -> Figure:
    """Left: accuracy by epoch, in training and in the test. Right: the reading of the instrument that settles the case.

    Args:
        number: of the patient, 1 … 4.
        answered: False leaves the instrument out.
    """
    seen = case(number)
    figure, (left, right) = new_figure(1, 2, width=9.2, height=3.7)
    left.plot(seen.log[:, 2], color=COLORS["blue"], label=say(en="training", zh="训练"))
    left.plot(seen.log[:, 3], color=COLORS["orange"], label=say(en="test", zh="测试"))
    left.set(
        xlim=(0, 12), ylim=(-0.03, 1.03), xlabel=say(en="epoch", zh="轮次"), ylabel=say(en="accuracy", zh="准确率")
    )
    left.legend(loc="center right")
    left.set_title(say(en="Patient {number}", zh="{number} 号病人", number=number))
    if not answered:
        right.axis("off")
    else:
        {1: _areas, 2: _silence, 3: _confusion, 4: _classes}[number](right, seen)
    return figure


def _areas(axes: Axes, _: Case) -> None:
    picture = axes.imshow(pixel_areas().reshape(8, 8), cmap="viridis", vmin=0.5, vmax=1)
    axes.figure.colorbar(picture, ax=axes)
    axes.set(xticks=[], yticks=[])
    axes.grid(visible=False)
    axes.set_title(say(en="Each pixel alone: the larger of AUC and 1 − AUC", zh="单个像素：AUC 与 1 − AUC 中较大者"))


def _silence(axes: Axes, seen: Case) -> None:
    shares = [float(np.mean(out.max(axis=0) == 0)) for out in layers(seen.params, seen.X[seen.train])[:2]]
    axes.bar([1, 2], shares, width=0.5, color=COLORS["red"])
    axes.set(xlim=(0.4, 2.6), ylim=(0, 1.05), xticks=[1, 2], xlabel=say(en="hidden layer", zh="隐藏层"))
    axes.set_title(say(en="Share of silent units", zh="沉默单元的比例"))


def _confusion(axes: Axes, seen: Case) -> None:
    counts = np.zeros((10, 10))
    read = layers(seen.params, seen.X[seen.test])[-1].argmax(axis=1)
    np.add.at(counts, (seen.y[seen.test], read), 1)
    axes.imshow(counts, cmap="Oranges")
    axes.set(xlabel=say(en="read as", zh="读成"), ylabel=say(en="label", zh="标签"))
    axes.set_xticks(range(10))
    axes.set_yticks(range(10))
    axes.grid(visible=False)
    axes.set_title(say(en="Confusion matrix of the test", zh="测试集的混淆矩阵"))


def _classes(axes: Axes, seen: Case) -> None:
    for part, shift, color, word in (
        (seen.train, -0.2, "blue", say(en="training", zh="训练")),
        (seen.test, 0.2, "orange", say(en="test", zh="测试")),
    ):
        counts = np.bincount(seen.y[part], minlength=10)
        axes.bar(np.arange(10) + shift, counts, width=0.4, color=COLORS[color], label=word)
    axes.set_xticks(range(10))
    axes.set_ylim(0, 230)
    axes.set(xlabel=say(en="class", zh="类别"), ylabel=say(en="rows", zh="行数"))
    axes.legend(loc="upper left", ncols=2)
    axes.set_title(say(en="Rows per class", zh="各类别的行数"))
