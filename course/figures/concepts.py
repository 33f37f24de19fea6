"""Figures of chapter 1: the nested fields AI ⊃ ML ⊃ DL ⊃ large models, and the map of the course."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch

from course.figures.style import COLORS, new_figure
from course.language import say

EXAMPLES = {"mycin": 0, "route": 0, "spam": 1, "linear": 1, "cnn": 2, "resnet": 2, "gpt2": 3, "gpt3": 3}
"""Example -> index of the narrowest field in :func:`fields` that it belongs to."""

STRANDS = {
    "principles": ("ch05", "ch06", "ch07", "ch11", "ch12", "ch13"),
    "mathematics": ("ch02", "ch03", "ch08", "ch09"),
    "practice": ("ch04", "ch10", "ch14", "ch15", "ch16", "ch17"),
}
"""The three strands of the course and their chapters."""

HUES = {"principles": COLORS["blue"], "mathematics": COLORS["green"], "practice": COLORS["orange"]}


def fields() -> tuple[str, ...]:
    """Return the four fields, from the widest to the narrowest."""
    return (
        say(en="artificial intelligence", zh="人工智能"),
        say(en="machine learning", zh="机器学习"),
        say(en="deep learning", zh="深度学习"),
        say(en="large models", zh="大模型"),
    )


def examples() -> dict[str, str]:
    """Return what is placed in the fields, by its key in :data:`EXAMPLES`."""
    return {
        "mycin": say(en="MYCIN\nexpert system", zh="MYCIN\n专家系统"),
        "route": say(en="A* route\nsearch", zh="A* 路径\n搜索"),
        "spam": say(en="naive Bayes\nspam filter", zh="朴素贝叶斯\n垃圾邮件分类"),
        "linear": say(en="linear\nregression", zh="线性回归"),
        "cnn": say(en="article A's\nCNN", zh="文章 A\n的 CNN"),
        "resnet": say(en="ResNet-152\nclassifier", zh="ResNet-152\n分类器"),
        "gpt2": say(en="GPT-2\n1.5 billion", zh="GPT-2\n15 亿"),
        "gpt3": say(en="GPT-3\n175 billion", zh="GPT-3\n1750 亿"),
    }


def questions() -> tuple[str, ...]:
    """Return the three questions; question i decides whether something belongs to field i + 1."""
    return (
        say(en="Does its behaviour come from data?", zh="它的行为是从数据中学来的吗？"),
        say(en="Are several layers learned?", zh="它有好几层、层层都由学习得到吗？"),
        say(en="Does it have $10^9$ parameters or more?", zh="它的参数不少于 $10^9$ 个吗？"),
    )


def chapters() -> dict[str, str]:
    """Return what the chapters of the three strands are about."""
    return {
        "ch02": say(en="loss functions", zh="损失函数"),
        "ch03": say(en="gradient descent", zh="梯度下降"),
        "ch04": say(en="a CNN on a GPU", zh="在 GPU 上训练 CNN"),
        "ch05": say(en="back-propagation", zh="反向传播"),
        "ch06": say(en="optimizers", zh="优化器"),
        "ch07": say(en="architecture", zh="网络结构"),
        "ch08": say(en="evaluation", zh="评估"),
        "ch09": say(en="regularisation", zh="正则化"),
        "ch10": say(en="fine-tuning", zh="微调"),
        "ch11": say(en="recurrent networks", zh="循环网络"),
        "ch12": say(en="Transformers", zh="Transformer"),
        "ch13": say(en="GANs", zh="生成对抗网络"),
        "ch14": say(en="interpretability", zh="可解释性"),
        "ch15": say(en="security, privacy", zh="安全与隐私"),
        "ch16": say(en="deployment", zh="部署"),
        "ch17": say(en="case studies", zh="案例"),
    }


def fig_fields(example: str = "cnn", answered: bool = True) -> Figure:
    """Nested fields with ``example`` in its place, and the three questions that decide it.

    Args:
        example: a key of :data:`EXAMPLES`.
        answered: False shows the empty fields only; the questions would place it.
    """
    level = EXAMPLES[example]
    figure, axes = new_figure(1, 2, width=9.6, height=3.9, gridspec_kw={"width_ratios": [1.55, 1]})
    _draw_nest(axes[0], example, level, answered)
    _draw_questions(axes[1], level, answered)
    return figure


def _draw_nest(ax: Axes, example: str, level: int, answered: bool) -> None:
    tints = ("#F3F5F7", "#DCEAF4", "#B5D3E7", "#7FB2D6")
    for depth, field in enumerate(fields()):
        left, bottom, right, top = 2.6 * depth, 0.35 * depth, 11.6 - 0.2 * depth, 10 - 1.05 * depth
        lit = answered and depth <= level
        ax.add_patch(
            FancyBboxPatch(
                (left, bottom),
                right - left,
                top - bottom,
                boxstyle="round,pad=0,rounding_size=0.5",
                facecolor=tints[depth],
                edgecolor=COLORS["blue"] if lit else COLORS["grey"],
                linewidth=2.4 if lit else 0.8,
            )
        )
        ax.text(left + 0.25, top - 0.3, field, va="top", fontsize=10.5, fontweight="bold")
    names = examples()
    if answered:
        for depth in range(4):
            inside = [key for key, where in EXAMPLES.items() if where == depth]
            for row, key in enumerate(inside):
                if key == example:
                    ax.plot(2.6 * depth + 0.1, 4.9 - 2.6 * row, ">", color=COLORS["orange"], markersize=7)
                box = {"boxstyle": "round,pad=0.25", "facecolor": COLORS["orange"], "edgecolor": "none"}
                ax.text(
                    2.6 * depth + 0.25,
                    4.9 - 2.6 * row,
                    names[key],
                    va="center",
                    fontsize=9,
                    fontweight="bold" if key == example else "normal",
                    bbox=box if key == example else None,
                )
    ax.set(xlim=(-0.15, 11.8), ylim=(-0.2, 10.2))
    ax.set_axis_off()
    name = names[example].replace("\n", " ")
    if answered:
        ax.set_title(say(en="{name}: {field}", zh="{name}：{field}", name=name, field=fields()[level]))
    else:
        ax.set_title(say(en="{name}: where?", zh="{name}：放在哪里？", name=name))


def _draw_questions(ax: Axes, level: int, answered: bool) -> None:
    ax.set_axis_off()
    if not answered:
        return
    ax.set(xlim=(0, 10), ylim=(0, 10))
    ax.set_title(say(en="Three questions decide it", zh="三个问题决定"))
    yes, no = say(en="yes", zh="是"), say(en="no", zh="否")
    for number, question in enumerate(questions()):
        y = 8.6 - 3.1 * number
        reached = number <= level
        ax.text(0, y, question, fontsize=9.8, color=COLORS["ink"] if reached else COLORS["grey"])
        said = say(en="not asked", zh="不必再问") if not reached else yes if level > number else no
        color = COLORS["grey"] if not reached else COLORS["green"] if level > number else COLORS["red"]
        ax.text(0.1, y - 1.15, said, fontsize=11, fontweight="bold", color=color)
        if level > number:
            ax.text(2.0, y - 1.15, f"→ {fields()[number + 1]}", fontsize=9.8)


def fig_course_map(chapter: str = "", answered: bool = True) -> Figure:
    """The course as a map of three strands, with one chapter marked.

    Args:
        chapter: "ch02" … "ch17", or "" for none.
        answered: False marks none.
    """
    figure, ax = new_figure(width=9.6, height=4.3)
    ax.set_axis_off()
    ax.set(xlim=(0, 30), ylim=(0, 16))
    titles = {
        "principles": say(en="principles", zh="原理"),
        "mathematics": say(en="mathematics", zh="数学"),
        "practice": say(en="practice", zh="实践"),
    }
    start, end = (
        say(en="ch01\nyou are here", zh="第 1 章\n你在这里"),
        say(en="ch18\nexam, certificate", zh="第 18 章\n考试与证书"),
    )
    _node(ax, 0.2, 6.1, 4.8, 3.6, start, COLORS["grey"])
    _node(ax, 25.0, 6.1, 4.8, 3.6, end, COLORS["purple"])
    about = chapters()
    for row, (name, inside) in enumerate(STRANDS.items()):
        bottom = 10.9 - 5.3 * row
        ax.add_patch(
            FancyBboxPatch(
                (7.0, bottom),
                16,
                4.4,
                boxstyle="round,pad=0,rounding_size=0.4",
                facecolor="white",
                edgecolor=HUES[name],
                linewidth=2.2,
            )
        )
        ax.text(7.4, bottom + 3.9, titles[name], va="top", fontweight="bold", fontsize=10.5, color=HUES[name])
        for k, key in enumerate(inside):
            marked = answered and key == chapter
            if marked:
                ax.plot(
                    7.15 + 7.9 * (k % 2), bottom + 2.55 - 0.93 * (k // 2), ">", color=COLORS["orange"], markersize=7
                )
            ax.text(
                7.4 + 7.9 * (k % 2),
                bottom + 2.55 - 0.93 * (k // 2),
                say(en="{key} {about}", zh="第 {n} 章 {about}", key=key, n=int(key[2:]), about=about[key]),
                va="center",
                fontsize=9,
                fontweight="bold" if marked else "normal",
                bbox={"boxstyle": "round,pad=0.2", "facecolor": COLORS["orange"], "edgecolor": "none"}
                if marked
                else None,
            )
        for tail, tip in (((5.0, 7.9), (7.0, bottom + 2.2)), ((23.0, bottom + 2.2), (25.0, 7.9))):
            arrow = {"arrowstyle": "-|>", "color": HUES[name], "linewidth": 1.6, "shrinkA": 2, "shrinkB": 2}
            ax.annotate("", tip, tail, arrowprops=arrow)
    ax.set_title(say(en="Three strands of the course", zh="课程的三条主线"))
    return figure


def _node(ax: Axes, left: float, bottom: float, width: float, height: float, text: str, color: str) -> None:
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
