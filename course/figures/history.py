"""Figure of chapter 1: forty years of networks against the line of 10⁹ parameters."""

from typing import NamedTuple

from matplotlib.figure import Figure

from course.figures.style import COLORS, new_figure

LARGE = 1e9
"""Parameters from which this course calls a model large."""


class Milestone(NamedTuple):
    """A dated idea or network; ``params`` is None for an idea that comes in any size."""

    year: int
    name: str
    params: float | None
    shift: tuple[float, float]  # of the label, in points
    core: bool = True  # in the list of chapter 1; the others show what came beside and after


MILESTONES = (
    Milestone(1982, "Hopfield network", None, (-4, 13)),
    Milestone(1986, "back-propagation", None, (22, -12)),
    Milestone(1998, "LeNet-5", 6.0e4, (0, 9), False),  # LeCun et al. 1998: 60 000 trainable parameters
    Milestone(2012, "AlexNet", 6.0e7, (-28, 7)),  # Krizhevsky et al. 2012: 60 million
    Milestone(2014, "GAN", None, (0, 13)),
    Milestone(2014, "GoogLeNet", 6.8e6, (0, -17), False),  # Szegedy et al. 2015, table 1, summed
    Milestone(2015, "ResNet-152", 6.0e7, (4, -17)),  # He et al. 2016
    Milestone(2017, "Transformer", 2.1e8, (-38, 1)),  # Vaswani et al. 2017, big model: 213 million
    Milestone(2018, "BERT", 3.4e8, (-18, 5)),  # Devlin et al. 2019, large model: 340 million
    Milestone(2018, "GPT", 1.17e8, (16, -9)),  # Radford et al. 2018: 117 million
    Milestone(2019, "GPT-2", 1.5e9, (-14, 11), False),  # Radford et al. 2019: 1.5 billion
    Milestone(2020, "ViT", 6.3e8, (17, -6)),  # Dosovitskiy et al. 2021, huge model: 632 million
    Milestone(2020, "GPT-3", 1.75e11, (-16, 8), False),  # Brown et al. 2020: 175 billion
)


def fig_timeline(year: int = 1990, neighbours: bool = False) -> Figure:
    """Milestones up to ``year`` on a logarithmic axis of parameters.

    Args:
        year: the last year that is shown, 1980 … 2022.
        neighbours: also show LeNet-5, GoogLeNet, GPT-2 and GPT-3.
    """
    shown = [item for item in MILESTONES if item.year <= year and (item.core or neighbours)]
    sized = [item for item in shown if item.params is not None]
    figure, ax = new_figure(width=9.2, height=4.3)
    ax.set_yscale("log")
    ax.set(xlim=(1976, 2024), ylim=(2e2, 2e12), xlabel="year of publication", ylabel="parameters")
    ax.axhline(LARGE, color=COLORS["red"], linewidth=1.6, linestyle="--")
    ax.text(1976.6, LARGE * 1.5, "large model: $10^9$ parameters or more", color=COLORS["red"], fontsize=9.5)
    ax.axhspan(2e2, 8e3, color=COLORS["light"], alpha=0.6, linewidth=0)
    ax.text(1996, 1.8e3, "ideas that come in any size", color=COLORS["grey"], fontsize=9, va="center")
    for item in shown:
        y = 1.8e3 if item.params is None else item.params
        color = COLORS["grey"] if item.params is None else COLORS["red"] if item.params >= LARGE else COLORS["blue"]
        ax.plot(item.year, y, "o", color=color, markersize=7)
        ax.annotate(
            f"{item.name} {item.year}" if item.year < 2012 or item.params is None else item.name,
            (item.year, y),
            xytext=item.shift,
            textcoords="offset points",
            ha="center",
            va="center",
            fontsize=9,
        )
    ax.axvline(year, color=COLORS["ink"], linewidth=0.8, alpha=0.5)
    if sized:
        largest = max(sized, key=lambda item: item.params or 0)
        ratio = LARGE / (largest.params or 1)
        verdict = f"{ratio:,.3g} times below the line" if ratio > 1 else f"{1 / ratio:,.3g} times above the line"
        message = f"Up to {year} the largest here is {largest.name}, {verdict}"
    else:
        message = f"Up to {year}: the ideas are there, the sizes are not"
    ax.set_title(message, loc="left", fontsize=11.5, fontweight="bold")
    return figure
