"""Figure of chapter 1: forty years of networks against the line of 10⁹ parameters."""

from typing import NamedTuple

from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from course.figures.style import COLORS, new_figure
from course.language import say

LARGE = 1e9
"""Parameters from which this course calls a model large."""

STRIP = 1.8e3
"""Where ideas, data and machines stand, which have no number of parameters."""


class Milestone(NamedTuple):
    """A dated idea, tool or network; ``params`` is None for what has no number of parameters."""

    year: int
    name: str
    params: float | None
    shift: tuple[float, float]  # of the label, in points
    core: bool = True  # named in the articles; the others show what came beside and after


MILESTONES = (
    Milestone(1982, "Hopfield", None, (0, 13)),
    Milestone(1986, "back-propagation", None, (14, -13)),
    Milestone(2004, "MapReduce", None, (-8, 13), False),  # Dean and Ghemawat 2004
    Milestone(2007, "CUDA", None, (0, -13), False),
    Milestone(2009, "ImageNet", None, (10, 13), False),  # Deng et al. 2009
    Milestone(2014, "GAN", None, (6, -13)),
    Milestone(1998, "LeNet-5", 6.0e4, (0, 11), False),  # LeCun et al. 1998: 60,000 trainable parameters
    Milestone(2012, "AlexNet", 6.0e7, (-28, 7)),  # Krizhevsky et al. 2012: 60 million
    Milestone(2012, "DistBelief", 1.7e9, (-34, 8), False),  # Dean et al. 2012: 1.7 billion
    Milestone(2014, "GoogLeNet", 6.8e6, (0, -12)),  # Szegedy et al. 2015, table 1, summed
    Milestone(2015, "ResNet-152", 6.0e7, (4, -12)),  # He et al. 2016
    Milestone(2017, "Transformer", 2.1e8, (-38, 1)),  # Vaswani et al. 2017, big model: 213 million
    Milestone(2017, "MoE", 1.37e11, (-20, 6), False),  # Shazeer et al. 2017: 137 billion, few active at a time
    Milestone(2018, "BERT", 3.4e8, (17, -6)),  # Devlin et al. 2019, large model: 340 million
    Milestone(2018, "GPT", 1.17e8, (10, -11)),  # Radford et al. 2018: 117 million
    Milestone(2019, "GPT-2", 1.5e9, (-18, 9), False),  # Radford et al. 2019: 1.5 billion
    Milestone(2020, "ViT", 6.3e8, (17, -4)),  # Dosovitskiy et al. 2021, huge model: 632 million
    Milestone(2020, "GPT-3", 1.75e11, (10, -12), False),  # Brown et al. 2020: 175 billion
    Milestone(2022, "PaLM", 5.4e11, (-20, 5), False),  # Chowdhery et al. 2022: 540 billion
    Milestone(2024, "DeepSeek-V3", 6.71e11, (0, 13), False),  # DeepSeek-AI 2024: 671 billion, 37 active
)


def fig_timeline(year: int = 2025, neighbours: bool = True, answered: bool = True) -> Figure:
    """Milestones up to ``year`` on a logarithmic axis of parameters.

    Args:
        year: the last year that is shown, 1980 … 2025.
        neighbours: also show what the articles do not name.
        answered: False shows the empty axes only.
    """
    shown = [item for item in MILESTONES if answered and item.year <= year and (item.core or neighbours)]
    figure, ax = new_figure(width=9.4, height=4.3)
    ax.set_yscale("log")
    ax.set(
        xlim=(1977, 2028),
        ylim=(2e2, 4e12),
        xlabel=say(en="year of publication", zh="发表年份"),
        ylabel=say(en="parameters", zh="参数个数"),
    )
    ax.axhline(LARGE, color=COLORS["red"], linewidth=1.6, linestyle="--")
    ax.text(
        1977.6,
        LARGE * 1.5,
        say(en="large model: $10^9$ parameters or more", zh="大模型：参数不少于 $10^9$ 个"),
        color=COLORS["red"],
        fontsize=9.5,
    )
    ax.axhspan(2e2, 1.4e4, color=COLORS["light"], alpha=0.6, linewidth=0)
    ax.text(
        1988.5,
        STRIP,
        say(en="ideas, data, machines", zh="思想、数据、机器"),
        color="#5B646E",
        fontsize=9,
        va="center",
    )
    kinds = [("o", say(en="named in the articles", zh="文章提到的"))]
    if neighbours:
        kinds.append(("D", say(en="left out by the articles", zh="文章没提到的")))
    ax.legend(
        handles=[Line2D([], [], linestyle="", marker=mark, color="#5B646E", label=kind) for mark, kind in kinds],
        loc="upper left",
        fontsize=9,
    )
    for item in shown:
        y = item.params or STRIP
        color = "#5B646E" if item.params is None else COLORS["red"] if item.params >= LARGE else COLORS["blue"]
        ax.plot(item.year, y, "o" if item.core else "D", color=color, markersize=7 if item.core else 6)
        name = say(en="back-propagation", zh="反向传播") if item.year == 1986 else item.name
        ax.annotate(
            name, (item.year, y), xytext=item.shift, textcoords="offset points", ha="center", va="center", fontsize=9
        )
    if answered:
        ax.axvline(year, color=COLORS["ink"], linewidth=0.8, alpha=0.5)
        ax.set_title(_message(year, [item for item in shown if item.params is not None]))
    return figure


def _message(year: int, sized: list[Milestone]) -> str:
    if not sized:
        return say(en="Up to {year}: ideas, no sizes yet", zh="截至 {year} 年：有思想，还没有规模", year=year)
    largest = max(sized, key=lambda item: item.params or 0)
    ratio = (largest.params or 1) / LARGE
    if ratio >= 1:
        return say(
            en="Up to {year} the largest here is {name}, {ratio:,.3g} times the threshold",
            zh="截至 {year} 年，图中最大的是 {name}，为门槛的 {ratio:,.3g} 倍",
            year=year,
            name=largest.name,
            ratio=ratio,
        )
    return say(
        en="Up to {year} the largest here is {name}; the threshold is {ratio:,.3g} times as high",
        zh="截至 {year} 年，图中最大的是 {name}，门槛是它的 {ratio:,.3g} 倍",
        year=year,
        name=largest.name,
        ratio=1 / ratio,
    )
