"""Figure of chapter 4, section 10: the log that article B prints beside a measured run of its program."""

from matplotlib.figure import Figure
from matplotlib.ticker import FormatStrFormatter

from course.figures.style import COLORS, new_figure

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


def fig_logs(metric: str = "val_accuracy") -> Figure:
    """Draw one metric over five epochs, as printed and as measured.

    Args:
        metric: a key of ``PRINTED``.
    """
    figure, axes = new_figure(width=7.4, height=3.7)
    epochs = range(1, 6)
    for name, series, colour, style in (
        ("printed in article B", PRINTED[metric], "red", "--"),
        ("measured", MEASURED[metric], "blue", "-"),
    ):
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
        "val_accuracy": "The printed validation accuracy never moves",
        "val_loss": "Yet its validation loss falls steadily; the measured one turns",
        "accuracy": "A real run starts lower and ends higher",
        "loss": "A real run starts higher and goes on falling",
    }[metric]
    low, high = (min(*PRINTED[metric], *MEASURED[metric]), max(*PRINTED[metric], *MEASURED[metric]))
    margin = 0.14 * (high - low)
    axes.set(
        xlim=(0.8, 6.9),
        ylim=(low - margin, high + margin),
        xticks=list(epochs),
        xlabel="epoch",
        ylabel=metric,
        title=message,
    )
    axes.yaxis.set_major_formatter(FormatStrFormatter("%.3f"))
    if steady:
        axes.text(2.4, PRINTED[metric][0] - 0.75 * margin, "0.9880 five times", color=COLORS["red"], fontsize=9.5)
    return figure
