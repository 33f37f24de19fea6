"""Figure of chapter 4, section 4: where a network keeps its parameters, and where it does its work."""

from typing import NamedTuple

import numpy as np
from matplotlib.figure import Figure

from course.figures.style import COLORS, new_figure
from course.language import say


class Layer(NamedTuple):
    """One layer of a network on 28×28 pictures.

    Attributes:
        kind: ``"conv"``, ``"pool"`` or ``"dense"``.
        shape: of the output, without the batch.
        parameters: weights and biases.
        products: multiplications for one picture.
        field: side of the square of input pixels that one output sees.
    """

    kind: str
    shape: tuple[int, ...]
    parameters: int
    products: int
    field: int


def layer_costs(program: str = "A") -> list[Layer]:
    """Return the layers of article ``"A"``'s or ``"B"``'s network with what each costs; flatten is left out."""
    side, channels, field, jump = 28, 1, 1, 1
    layers = []
    for kind, filters in (
        ("conv", 32),
        ("pool", 0),
        ("conv", 64),
        ("pool", 0),
        *((("conv", 64),) if program == "B" else ()),
    ):
        if kind == "conv":
            side, field = side - 2, field + 2 * jump
            weights = 9 * channels * filters
            layers.append(Layer(kind, (side, side, filters), weights + filters, side * side * weights, field))
            channels = filters
        else:
            side, field, jump = side // 2, field + jump, 2 * jump
            layers.append(Layer(kind, (side, side, channels), 0, 0, field))
    before = side * side * channels
    field += (side - 1) * jump  # 26 of 28: a 2×2 window leaves out the last row and column of 11×11
    for neurons in (128 if program == "A" else 64, 10):
        layers.append(Layer("dense", (neurons,), before * neurons + neurons, before * neurons, field))
        before = neurons
    return layers


def fig_layer_costs(program: str = "A", answered: bool = True) -> Figure:
    """Draw each layer's share of the parameters beside its share of the multiplications, with its receptive field.

    Args:
        program: ``"A"`` or ``"B"``.
        answered: without it, the layers and their shapes only.
    """
    layers = layer_costs(program)
    names = {
        "conv": say(en="convolution", zh="卷积"),
        "pool": say(en="pooling", zh="池化"),
        "dense": say(en="dense", zh="全连接"),
    }
    figure, axes = new_figure(width=8.6, height=4.0)
    labels = [f"{names[layer.kind]} {'×'.join(map(str, layer.shape))}" for layer in layers]
    rows = np.arange(len(layers))
    axes.set_yticks(rows, labels)
    axes.set(
        xlim=(0, 1.16),
        ylim=(len(layers) - 0.4, -0.6),
        xlabel=say(en="share of the whole network", zh="占整个网络的份额"),
    )
    axes.grid(axis="y", visible=False)
    if not answered:
        return figure
    for offset, name, colour, values in (
        (-0.2, say(en="parameters", zh="参数"), "blue", [layer.parameters for layer in layers]),
        (0.2, say(en="multiplications", zh="乘法"), "orange", [layer.products for layer in layers]),
    ):
        bars = axes.barh(rows + offset, np.array(values) / sum(values), 0.38, color=COLORS[colour], label=name)
        axes.bar_label(bars, [f"{value:,}" if value else "" for value in values], fontsize=8.5, padding=2)
    for row, layer in enumerate(layers):
        sees = say(en="sees {field}×{field}", zh="感受野 {field}×{field}", field=layer.field)
        axes.text(1.15, row, sees, ha="right", va="center", fontsize=9, color=COLORS["grey"])
    axes.legend(loc="center", bbox_to_anchor=(0.5, 0.75), ncols=2)
    axes.set_title(
        say(
            en="Article {program}: {parameters:,} parameters, {products:,} multiplications per picture",
            zh="文章 {program}：{parameters:,} 个参数，每张图像 {products:,} 次乘法",
            program=program,
            parameters=sum(layer.parameters for layer in layers),
            products=sum(layer.products for layer in layers),
        )
    )
    return figure
