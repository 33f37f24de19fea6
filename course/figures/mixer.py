"""Figure of chapter 9: ten pictures moved, turned and mirrored, and how many of them a network still reads."""

from functools import cache

import numpy as np
from matplotlib.figure import Figure
from scipy import ndimage

from course.few_pictures import Network, pictures
from course.figures.style import COLORS, new_figure
from course.language import say


@cache
def trained() -> Network:
    """Return a network that has learned 150 pictures, all rightly labelled and none of them changed."""
    x, y = pictures()[:2]
    network, rng = Network(rate=0.03), np.random.default_rng(0)
    for _ in range(25):
        for rows in np.split(rng.permutation(150), 6):
            network.step(x[rows], y[rows])
    return network


def changed(
    images: np.ndarray, right: int = 0, turn: float = 0.0, mirror: str = "no", noise: float = 0.0
) -> np.ndarray:
    """Return the pictures (N, 28, 28, 1), moved to the right, then turned counter-clockwise in degrees, mirrored, made noisy."""
    a = np.radians(turn)
    back = np.array([[np.cos(a), np.sin(a)], [-np.sin(a), np.cos(a)]])
    if mirror == "sideways":
        back = back @ np.diag([1.0, -1.0])
    elif mirror == "upside down":
        back = back @ np.diag([-1.0, 1.0])
    # a pixel of the new picture comes from `back` times its place, seen from the centre, in the moved picture
    offset = np.array([13.5, 13.5]) - back @ np.array([13.5, 13.5]) - np.array([0, right])
    matrix, shift = np.eye(4), np.zeros(4)
    matrix[1:3, 1:3], shift[1:3] = back, offset
    result = ndimage.affine_transform(images, matrix, shift, order=1)
    if noise:
        result = result + noise * np.random.default_rng(8).normal(size=result.shape)
    return np.asarray(np.clip(result, 0, 1), dtype=np.float32)


@cache
def shares(right: int, turn: float, mirror: str, noise: float) -> np.ndarray:
    """Return for each digit the share of its changed test pictures that the network reads."""
    x, y = pictures()[4:]
    read = trained().read(changed(x, right, turn, mirror, noise)).argmax(axis=1)
    return np.array([np.mean(read[y == digit] == digit) for digit in range(10)])


def total(right: int = 0, turn: float = 0.0, mirror: str = "no", noise: float = 0.0) -> float:
    """Return the share of all changed test pictures that the network reads."""
    y = pictures()[5]
    return float(np.sum(shares(right, turn, mirror, noise) * np.bincount(y, minlength=10)) / len(y))


def fig_mixer(
    right: int = 3, turn: float = 0.0, mirror: str = "no", noise: float = 0.0, answered: bool = True
) -> Figure:
    """Above: a test picture of each digit, changed. Below: the share of such pictures that the network reads.

    Args:
        right, turn, mirror, noise: see :func:`changed`.
        answered: False leaves the shares out.
    """
    x, y = pictures()[4:]
    rows = [int(np.flatnonzero(y == digit)[3]) for digit in range(10)]
    figure, (above, below) = new_figure(2, 1, width=9.0, height=4.2, gridspec_kw={"height_ratios": (1, 1.7)})
    strip = np.concatenate(list(changed(x[rows], right, turn, mirror, noise)[..., 0]), axis=1)
    above.imshow(strip, cmap="gray_r", vmin=0, vmax=1, aspect="equal")
    above.set(xticks=[], yticks=[])
    above.grid(False)
    for digit in range(1, 10):
        above.axvline(28 * digit - 0.5, color=COLORS["light"], lw=1)
    above.set_title(say(en="A test picture of each digit, changed", zh="每个数字各一张测试图像，变换之后"))
    below.set(
        xlim=(-0.5, 9.5), ylim=(0, 1.3), ylabel=say(en="share read", zh="读对的比例"), xlabel=say(en="digit", zh="数字")
    )
    below.set_xticks(range(10))
    below.set_title(say(en="Of all test pictures, changed like this", zh="全部测试图像作同样的变换"))
    if answered:
        below.bar(range(10), shares(right, turn, mirror, noise), color=COLORS["blue"])
        below.plot(
            range(10),
            shares(0, 0.0, "no", 0.0),
            "_",
            color=COLORS["orange"],
            ms=26,
            mew=2.5,
            label=say(en="unchanged", zh="未变换时"),
        )
        below.set_title(
            say(
                en="Read: {share:.0%}; unchanged: {before:.0%}",
                zh="读对：{share:.0%}；未变换时：{before:.0%}",
                share=total(right, turn, mirror, noise),
                before=total(),
            )
        )
        below.legend(loc="upper right", fontsize=9)
    return figure
