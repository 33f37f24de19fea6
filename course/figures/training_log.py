"""Figure of chapter 4, section 9: the log that article B prints beside a measured run of its program."""

from matplotlib.figure import Figure
from matplotlib.ticker import FormatStrFormatter

from course.figures.style import COLORS, new_figure
from course.language import say

PRINTED = {
    "loss": (0.1194, 0.0682, 0.0626, 0.0596, 0.0578),
    "accuracy": (0.9750, 0.9840, 0.9860, 0.9870, 0.9880),
    "val_loss": (0.0794, 0.0713, 0.0683, 0.0665, 0.0650),
    "val_accuracy": (0.9880, 0.9880, 0.9880, 0.9880, 0.9880),
}
"""Article B's numbers, epochs 1…5."""

MEASURED = {
    "loss": (0.1482, 0.0466, 0.0324, 0.0238, 0.0190),
    "accuracy": (0.9546, 0.9858, 0.9897, 0.9922, 0.9937),
    "val_loss": (0.0393, 0.0336, 0.0324, 0.0320, 0.0342),
    "val_accuracy": (0.9869, 0.9901, 0.9895, 0.9906, 0.9906),
}
"""One run of article B's network on MNIST, channel axis added, the 10,000 test pictures given as validation data,
seed 0, batch size 32: Keras 3.15, TensorFlow 2.21, two CPU cores."""


def fig_logs(metric: str = "val_accuracy", answered: bool = True) -> Figure:
    """Draw one metric over five epochs, as printed and as measured; before the answer, only as printed.

    Args:
        metric: a key of ``PRINTED``.
    """
    figure, axes = new_figure(width=7.4, height=3.7)
    epochs = range(1, 6)
    for name, series, colour, style in (
        (say(en="printed in article B", zh="文章 B 印出"), PRINTED[metric], "red", "--"),
        (say(en="measured", zh="实测"), MEASURED[metric], "blue", "-"),
    )[: 2 if answered else 1]:
        axes.plot(epochs, series, marker="o", color=COLORS[colour], linestyle=style)
        axes.annotate(
            name,
            (5, series[-1]),
            xytext=(9, 0),
            textcoords="offset points",
            va="center",
            color=COLORS[colour],
            weight="bold",
        )
    steady = len(set(PRINTED[metric])) == 1
    message = {
        "val_accuracy": say(en="The printed validation accuracy never moves", zh="印出的验证准确率纹丝不动"),
        "val_loss": say(
            en="Yet its validation loss falls steadily; the measured one turns",
            zh="印出的验证损失却一路下降；实测的会回升",
        ),
        "accuracy": say(en="A real run starts lower and ends higher", zh="真实的运行起点更低，终点更高"),
        "loss": say(en="A real run starts higher and goes on falling", zh="真实的运行起点更高，并持续下降"),
    }[metric]
    low, high = (min(*PRINTED[metric], *MEASURED[metric]), max(*PRINTED[metric], *MEASURED[metric]))
    margin = 0.14 * (high - low)
    axes.set(
        xlim=(0.8, 6.9),
        ylim=(low - margin, high + margin),
        xticks=list(epochs),
        xlabel=say(en="epoch", zh="轮次"),
        ylabel=metric,
        title=message if answered else "",
    )
    axes.yaxis.set_major_formatter(FormatStrFormatter("%.3f"))
    if steady:
        five = say(en="0.9880 five times", zh="五次都是 0.9880")
        axes.text(2.4, PRINTED[metric][0] - 0.75 * margin, five, color=COLORS["red"], fontsize=9.5)
    return figure
