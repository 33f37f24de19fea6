"""Figure of chapter 1: what pip answers to the articles' commands."""

from matplotlib.figure import Figure

from course.figures.style import COLORS, new_figure

ANSWERS = {
    "python": (
        "pip install python==3.8",
        "ERROR: Could not find a version that satisfies\n  the requirement python==3.8 (from versions: none)\n"
        "ERROR: No matching distribution found for python==3.8",
    ),
    "notebook": ("pip install notebook", "Successfully installed … notebook-7.6.5 …"),
    "tensorflow": (
        "pip install tensorflow==2.7",
        "ERROR: Could not find a version that satisfies\n  the requirement tensorflow==2.7 (from versions: 2.12.0rc0,\n"
        "  2.12.0rc1, 2.12.0, …, 2.20.0, 2.21.0)\nERROR: No matching distribution found for tensorflow==2.7",
    ),
    "gpu": (
        "pip install tensorflow-gpu==2.7",
        "ERROR: Could not find a version that satisfies\n  the requirement tensorflow-gpu==2.7 (from versions: 2.12.0)\n"
        "ERROR: No matching distribution found for tensorflow-gpu==2.7",
    ),
    "three": ("pip install tensorflow numpy matplotlib", "Successfully installed … tensorflow-2.21.0 …"),
}
"""Command -> what was typed and what pip said to Python 3.11 on Linux, in December 2026, in a new environment, shortened at "…"."""


def fig_terminal(command: str = "python", answered: bool = True) -> Figure:
    """A terminal with one command and pip's answer.

    Args:
        command: a key of :data:`ANSWERS`.
        answered: False shows the command only.
    """
    typed, said = ANSWERS[command]
    figure, ax = new_figure(width=9.0, height=2.3)
    figure.set_facecolor("#1F2933")
    ax.set_axis_off()
    ax.set(xlim=(0, 1), ylim=(0, 1))
    ax.text(0.02, 0.9, f"$ {typed}", color="white", family="monospace", fontsize=12, va="top")
    if answered:
        color = COLORS["orange"] if said.startswith("ERROR") else "#7FD6B5"
        ax.plot([0.008, 0.008], [0.7, 0.66 - 0.13 * said.count("\n") - 0.1], color=color, linewidth=3)
        ax.text(0.02, 0.68, said, color=color, family="monospace", fontsize=11, va="top", linespacing=1.35)
    else:
        ax.text(0.02, 0.68, "▮", color="white", family="monospace", fontsize=12, va="top")
    return figure
