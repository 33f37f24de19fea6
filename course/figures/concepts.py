"""Figures of chapter 1: the nested fields AI ⊃ ML ⊃ DL ⊃ large models, and the map of the course."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch

from course.figures.style import COLORS, new_figure

FIELDS = ("artificial intelligence", "machine learning", "deep learning", "large models")
"""From the widest field to the narrowest."""

EXAMPLES = {
    "MYCIN expert system": 0,
    "A* route search": 0,
    "naive Bayes spam filter": 1,
    "linear regression": 1,
    "article A's CNN": 2,
    "ResNet-152 classifier": 2,
    "GPT-2 (1.5 billion)": 3,
    "GPT-3 (175 billion)": 3,
}
"""Example -> index of the narrowest field in :data:`FIELDS` that it belongs to."""

LABELS = (
    "MYCIN\nexpert\nsystem",
    "A* route\nsearch",
    "naive Bayes\nspam filter",
    "linear\nregression",
    "article A's\nCNN",
    "ResNet-152\nclassifier",
    "GPT-2\n(1.5 billion)",
    "GPT-3\n(175 billion)",
)
"""The examples as they fit into their field, in the order of :data:`EXAMPLES`."""

TESTS = (
    "Does it learn its behaviour from data?",
    "Does it stack several learned layers?",
    "Does it have at least $10^9$ parameters?",
)
"""Test i decides whether something belongs to field i + 1."""

STRANDS = {
    "principles": (
        "ch05 back-propagation",
        "ch06 optimisers",
        "ch07 architecture",
        "ch11 recurrent networks",
        "ch12 Transformers",
        "ch13 GANs",
    ),
    "mathematics": ("ch02 loss functions", "ch03 gradient descent", "ch08 evaluation", "ch09 regularisation"),
    "practice": (
        "ch04 a CNN on a GPU",
        "ch10 fine-tuning",
        "ch14 interpretability",
        "ch15 security, privacy",
        "ch16 deployment",
        "ch17 case studies",
    ),
}
"""The three strands of the course and their chapters."""


def fig_fields(example: str = "article A's CNN") -> Figure:
    """Nested fields with ``example`` in its place, and the three questions that decide it.

    Args:
        example: a key of :data:`EXAMPLES`.
    """
    level = EXAMPLES[example]
    figure, axes = new_figure(1, 2, width=9.6, height=4.0, gridspec_kw={"width_ratios": [1.55, 1]})
    _draw_nest(axes[0], example, level)
    _draw_tests(axes[1], example, level)
    return figure


def _draw_nest(ax: Axes, example: str, level: int) -> None:
    tints = ("#F3F5F7", "#DCEAF4", "#B5D3E7", "#7FB2D6")
    for depth, field in enumerate(FIELDS):
        left, bottom, right, top = 2.6 * depth, 0.35 * depth, 11.6 - 0.2 * depth, 10 - 1.05 * depth
        ax.add_patch(
            FancyBboxPatch(
                (left, bottom),
                right - left,
                top - bottom,
                boxstyle="round,pad=0,rounding_size=0.5",
                facecolor=tints[depth],
                edgecolor=COLORS["blue"] if depth <= level else COLORS["grey"],
                linewidth=2.4 if depth <= level else 0.8,
            )
        )
        ax.text(left + 0.25, top - 0.3, field, va="top", fontsize=10.5, fontweight="bold")
    for depth in range(len(FIELDS)):
        inside = [
            (name, label) for (name, where), label in zip(EXAMPLES.items(), LABELS, strict=True) if where == depth
        ]
        for row, (name, label) in enumerate(inside):
            ax.text(
                2.6 * depth + 0.25,
                4.7 - 2.4 * row,
                label,
                va="center",
                fontsize=9.2,
                fontweight="bold" if name == example else "normal",
                bbox={"boxstyle": "round,pad=0.25", "facecolor": COLORS["orange"], "edgecolor": "none"}
                if name == example
                else None,
            )
    ax.set(xlim=(-0.15, 11.8), ylim=(-0.2, 10.2))
    ax.set_axis_off()
    ax.set_title(f"{example}: {FIELDS[level]}")


def _draw_tests(ax: Axes, example: str, level: int) -> None:
    ax.set_axis_off()
    ax.set(xlim=(0, 10), ylim=(0, 10))
    ax.set_title("Three questions decide it")
    for number, question in enumerate(TESTS):
        y = 8.6 - 3.1 * number
        reached = number <= level
        answer = "yes" if level > number else "no"
        color = (COLORS["green"] if answer == "yes" else COLORS["red"]) if reached else COLORS["light"]
        ax.text(0, y, question, fontsize=9.8, color=COLORS["ink"] if reached else COLORS["grey"])
        ax.text(
            0.1,
            y - 1.15,
            answer if reached else "not asked",
            fontsize=11,
            fontweight="bold",
            color=color if reached else COLORS["grey"],
        )
        if answer == "yes" and reached:
            ax.text(2.0, y - 1.15, f"→ {FIELDS[number + 1]}", fontsize=9.8)


def fig_course_map(strand: str = "all") -> Figure:
    """The course as a map: what a large model rests on, and where each chapter helps.

    Args:
        strand: "all" or a key of :data:`STRANDS`, which is then highlighted.
    """
    figure, ax = new_figure(width=9.6, height=4.3)
    ax.set_axis_off()
    ax.set(xlim=(0, 30), ylim=(0, 16))
    hues = {"principles": COLORS["blue"], "mathematics": COLORS["green"], "practice": COLORS["orange"]}
    titles = {
        "principles": "algorithm principles",
        "mathematics": "mathematical models",
        "practice": "project practice",
    }
    _node(ax, 0.2, 6.1, 4.8, 3.6, "ch01\nwords, shapes,\nan environment", COLORS["grey"], True)
    _node(ax, 25.0, 6.1, 4.8, 3.6, "ch18\nexam, capstone,\ncertificate", COLORS["purple"], True)
    for row, (name, chapters) in enumerate(STRANDS.items()):
        bottom = 10.9 - 5.3 * row
        lit = strand in ("all", name)
        ax.add_patch(
            FancyBboxPatch(
                (7.0, bottom),
                16,
                4.4,
                boxstyle="round,pad=0,rounding_size=0.4",
                facecolor="white",
                edgecolor=hues[name] if lit else COLORS["light"],
                linewidth=2.2,
            )
        )
        ink = COLORS["ink"] if lit else "#B5BCC4"
        ax.text(
            7.4,
            bottom + 3.9,
            titles[name],
            va="top",
            fontweight="bold",
            fontsize=10.5,
            color=hues[name] if lit else "#B5BCC4",
        )
        for k, chapter in enumerate(chapters):
            ax.text(7.4 + 7.9 * (k % 2), bottom + 2.55 - 0.93 * (k // 2), chapter, va="center", fontsize=9, color=ink)
        for start, end in (((5.0, 7.9), (7.0, bottom + 2.2)), ((23.0, bottom + 2.2), (25.0, 7.9))):
            ax.annotate(
                "",
                end,
                start,
                arrowprops={
                    "arrowstyle": "-|>",
                    "color": hues[name] if lit else COLORS["light"],
                    "linewidth": 1.6,
                    "shrinkA": 2,
                    "shrinkB": 2,
                },
            )
    ax.set_title("Three strands carry a large model, and this course")
    return figure


def _node(ax: Axes, left: float, bottom: float, width: float, height: float, text: str, color: str, lit: bool) -> None:
    ax.add_patch(
        FancyBboxPatch(
            (left, bottom),
            width,
            height,
            boxstyle="round,pad=0,rounding_size=0.4",
            facecolor="white",
            edgecolor=color,
            linewidth=2.2,
        )
    )
    ax.text(left + width / 2, bottom + height / 2, text, ha="center", va="center", fontsize=9.5)
