"""Figure of chapter 5: values go forward through a graph, gradients come back, one node at a time."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle

from course.figures.style import COLORS, new_figure
from course.language import say

PLACES = {"x": (0, 2.0), "w": (0, 0.9), "u": (1.35, 1.45), "b": (1.35, 0.1), "v": (2.7, 0.8), "L": (4.05, 1.45)}
EDGES = (("x", "u"), ("w", "u"), ("u", "v"), ("b", "v"), ("v", "L"), ("u", "L"))
FORMULAS = {"u": "u = x·w", "v": "v = u + b", "L": "L = v·u"}
VALUE_AT = {"x": (-0.36, 0), "w": (-0.36, 0), "u": (0.3, 0.26), "b": (-0.36, 0), "v": (0.34, -0.16), "L": (0.36, 0)}
"""Where a value stands, seen from its node: beside it, and off the edges."""
LAST = 8


def values(x: float, w: float, b: float) -> dict[str, float]:
    """Return the value of each node of L = (x·w + b)·(x·w)."""
    u = x * w
    return {"x": x, "w": w, "b": b, "u": u, "v": u + b, "L": (u + b) * u}


def gradients(x: float, w: float, b: float, step: int) -> dict[str, float]:
    """Return the gradients that are known after ``step`` steps; the backward ones begin at step 4.

    4: L itself. 5: L has passed its gradient to v and, a part, to u. 6: v has passed its own to u and b.
    7: u has passed it to x. 8: and to w.
    """
    known = values(x, w, b)
    found: dict[str, float] = {}
    if step >= 4:
        found["L"] = 1.0
    if step >= 5:
        found |= {"v": known["u"], "u": known["v"]}
    if step >= 6:
        found |= {"u": known["v"] + known["u"], "b": known["u"]}
    if step >= 7:
        found["x"] = found["u"] * w
    if step >= 8:
        found["w"] = found["u"] * x
    return found


def fig_graph_steps(step: int = 0, x: float = 2.0, w: float = 3.0, b: float = -4.0, answered: bool = True) -> Figure:
    """Draw the graph of L = (x·w + b)·(x·w) after ``step`` steps: values in blue, gradients in orange.

    A node that waits for another part of its gradient is red.

    Args:
        step: 0 … 8; three steps forward, then five back.
        x, w, b: the inputs.
        answered: False shows the values alone.
    """
    step = step if answered else 3
    known, found = values(x, w, b), gradients(x, w, b, step)
    figure, axes = new_figure(width=8.6, height=4.2)
    axes.set(xlim=(-0.8, 4.9), ylim=(-0.65, 2.5), aspect="equal")
    axes.axis("off")
    for start, end in EDGES:
        back = end in found and start in found and step >= 5
        _arrow(axes, PLACES[start], PLACES[end], COLORS["grey"])
        if back:
            _arrow(axes, PLACES[end], PLACES[start], COLORS["orange"], bend=0.22)
    for node, (left, low) in PLACES.items():
        shown = node in "xwb" or step >= {"u": 1, "v": 2, "L": 3}[node]
        waits = node == "u" and step == 5
        edge = COLORS["red"] if waits else COLORS["blue"] if shown else COLORS["light"]
        axes.add_patch(
            Circle((left, low), 0.3, facecolor="white", edgecolor=edge, linewidth=3 if waits else 2, zorder=3)
        )
        axes.text(left, low, f"${node}$", ha="center", va="center", fontsize=15, zorder=4)
        if node in FORMULAS:
            axes.text(left, low + 0.4, FORMULAS[node], ha="center", color=COLORS["grey"], fontsize=10.5)
        if shown:
            across, up = VALUE_AT[node]
            axes.text(
                left + across,
                low + up,
                f"{known[node]:g}",
                ha="right" if across < 0 else "left",
                va="center",
                color=COLORS["blue"],
                fontsize=12,
                fontweight="bold",
                zorder=4,
            )
        if node in found:
            axes.text(
                left,
                low - 0.36,
                f"{found[node]:g}",
                ha="center",
                va="top",
                color=COLORS["red"] if waits else COLORS["orange"],
                fontsize=12,
                fontweight="bold",
                zorder=4,
            )
    axes.set_title(
        _caption(step, known, found)
        if answered
        else say(en="Values forward: L = {L:g}", zh="前向计算各结点的值：L = {L:g}", L=known["L"])
    )
    return figure


def _arrow(axes: Axes, start: tuple[float, float], end: tuple[float, float], color: str, bend: float = 0.0) -> None:
    axes.annotate(
        "",
        end,
        start,
        arrowprops={
            "arrowstyle": "-|>",
            "color": color,
            "linewidth": 1.6,
            "mutation_scale": 15,
            "shrinkA": 19,
            "shrinkB": 19,
            "connectionstyle": f"arc3,rad={bend}",
        },
    )


def _caption(step: int, known: dict[str, float], found: dict[str, float]) -> str:
    if step == 0:
        return say(en="The inputs", zh="输入")
    if step <= 3:
        node = "uvL"[step - 1]
        return say(
            en="Forward: {formula} = {value:g}",
            zh="前向：{formula} = {value:g}",
            formula=FORMULAS[node],
            value=known[node],
        )
    if step == 4:
        return say(en="Backward starts: ∂L/∂L = 1", zh="反向开始：∂L/∂L = 1")
    if step == 5:
        return say(
            en="L passes on: {v:g} to v, and a part, {u:g}, to u: u waits",
            zh="L 传出：给 v {v:g}，给 u 一份 {u:g}；u 还要等",
            v=found["v"],
            u=found["u"],
        )
    if step == 6:
        return say(
            en="v passes on {v:g}: u now has {u:g} in all",
            zh="v 传出 {v:g}：u 收齐，共 {u:g}",
            v=found["v"],
            u=found["u"],
        )
    node = "x" if step == 7 else "w"
    return say(
        en="u passes on: the gradient of {node} is {value:g}",
        zh="u 传出：{node} 的梯度是 {value:g}",
        node=node,
        value=found[node],
    )
