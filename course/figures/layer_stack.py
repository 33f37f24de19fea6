"""Figures of chapter 1: where a network's parameters sit, and the memory that training takes."""

from typing import NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from course.figures.style import COLORS, new_figure
from course.language import say

ITEM_SIZE = {"float64": 8, "float32": 4, "bfloat16": 2, "float16": 2, "int8": 1}
STATES = {"sgd": 0, "momentum": 1, "adam": 2}
LARGE = 1e9

MODELS = {
    "BERT-large": 0.34e9,  # Devlin et al. 2019
    "GPT-2": 1.5e9,  # Radford et al. 2019
    "Llama 2 7B": 6.74e9,  # Touvron et al. 2023; the weights, counted
    "Qwen2.5 14B": 14.7e9,  # its model card, 2024
    "Llama 3.1 70B": 70.6e9,  # its model card, 2024
    "GPT-3": 175e9,  # Brown et al. 2020
}
"""Published model -> its number of parameters."""


class Layer(NamedTuple):
    """One layer of the stack: its name, the shape of one sample behind it, and its parameters."""

    name: str
    shape: tuple[int, ...]
    params: int


def build_stack(width1: int, width2: int, third_conv: bool, second_pool: bool, dense: int) -> list[Layer]:
    """Return the layers of a small digit classifier for 28×28 images (articles A and B are two settings)."""
    side, channels = 28, 1
    layers = [Layer("input", (side, side, channels), 0)]

    def conv(filters: int) -> None:
        nonlocal side, channels
        side, params = side - 2, (9 * channels + 1) * filters
        channels = filters
        layers.append(Layer("conv 3×3", (side, side, channels), params))

    def pool() -> None:
        nonlocal side
        side //= 2
        layers.append(Layer("pool 2×2", (side, side, channels), 0))

    conv(width1)
    pool()
    conv(width2)
    if second_pool:
        pool()
    if third_conv:
        conv(width2)
    features = side * side * channels
    layers.append(Layer("flatten", (features,), 0))
    layers.append(Layer("dense", (dense,), (features + 1) * dense))
    layers.append(Layer("dense", (10,), (dense + 1) * 10))
    return layers


ARTICLE_A, ARTICLE_B = (32, 64, False, True, 128), (32, 64, True, True, 64)
"""The articles' two networks as arguments of :func:`build_stack`."""


def fig_layer_stack(
    width2: int = 64,
    third_conv: bool = False,
    second_pool: bool = True,
    dense: int = 128,
    answered: bool = True,
) -> Figure:
    """The layers of your network, and the share of its parameters that each holds, beside both articles' networks.

    Args:
        width2: filters of the later convolutions; the first has 32.
        third_conv: a third convolution, as in article B.
        second_pool: pooling behind the second convolution.
        dense: units of the hidden dense layer.
        answered: False shows the layers of article A's network without a count.
    """
    yours = build_stack(32, width2, third_conv, second_pool, dense) if answered else build_stack(*ARTICLE_A)
    figure, (chain, shares) = new_figure(2, 1, width=9.6, height=4.3, gridspec_kw={"height_ratios": [1, 2.1]})
    _draw_chain(chain, yours, answered)
    rows = [
        (say(en="yours", zh="你的网络"), yours),
        (say(en="article A", zh="文章 A"), build_stack(*ARTICLE_A)),
        (say(en="article B", zh="文章 B"), build_stack(*ARTICLE_B)),
    ]
    shares.set(xlim=(0, 122), ylim=(2.6, -0.6), xticks=range(0, 101, 20), yticks=[])
    shares.set_xlabel(say(en="share of the network's parameters in %", zh="占网络参数的百分比（%）"))
    shares.grid(visible=False)
    if not answered:
        shares.text(50, 1, "?", fontsize=30, color=COLORS["grey"], ha="center", va="center")
        return figure
    shares.set(yticks=range(3), yticklabels=[name for name, _ in rows])
    hues = {"conv 3×3": COLORS["blue"], "dense": COLORS["orange"]}
    for row, (_, layers) in enumerate(rows):
        left, total = 0.0, sum(layer.params for layer in layers)
        for layer in (layer for layer in layers if layer.params):
            share = 100 * layer.params / total
            shares.barh(row, share, left=left, color=hues[layer.name], edgecolor="white", height=0.62)
            if share > 7:
                ink = "white" if layer.name != "dense" else COLORS["ink"]
                shares.text(left + share / 2, row, f"{share:.0f} %", ha="center", va="center", color=ink)
            left += share
        shares.text(101, row, f"{total:,}", va="center", fontweight="bold", fontsize=10)
    total = sum(layer.params for layer in yours)
    shares.set_title(
        say(
            en="{total:,} parameters; a large model has at least {factor:,.0f} times as many",
            zh="{total:,} 个参数；大模型至少是它的 {factor:,.0f} 倍",
            total=total,
            factor=LARGE / total,
        )
    )
    return figure


def _names() -> dict[str, str]:
    return {
        "input": say(en="input", zh="输入"),
        "conv 3×3": say(en="conv 3×3", zh="卷积 3×3"),
        "pool 2×2": say(en="pool 2×2", zh="池化 2×2"),
        "flatten": say(en="flatten", zh="展平"),
        "dense": say(en="dense", zh="全连接"),
    }


def _draw_chain(ax: Axes, layers: list[Layer], answered: bool) -> None:
    ax.set_axis_off()
    ax.set(xlim=(-0.5, len(layers) - 0.5), ylim=(-1.0, 1.1))
    hues = {"conv 3×3": COLORS["blue"], "dense": COLORS["orange"]}
    for k, layer in enumerate(layers):
        ax.text(
            k, 0.55, _names()[layer.name], ha="center", va="center", fontsize=9.5, fontweight="bold",
            bbox={"boxstyle": "round,pad=0.3", "facecolor": "white", "edgecolor": hues.get(layer.name, COLORS["grey"])},
        )  # fmt: skip
        ax.text(k, -0.05, _shape(layer.shape), ha="center", va="center", fontsize=9)
        if answered and layer.params:
            ax.text(k, -0.6, f"{layer.params:,}", ha="center", va="center", fontsize=9, color="#5B646E")
        if k:
            ax.annotate("", (k - 0.34, 0.55), (k - 0.6, 0.55), arrowprops={"arrowstyle": "->", "color": COLORS["grey"]})


def fig_memory(
    model: str = "Llama 2 7B",
    dtype: str = "float32",
    optimizer: str = "none",
    trained: float = 100.0,
    answered: bool = True,
) -> Figure:
    """Memory for weights, gradients and optimizer states beside that of common accelerators.

    Args:
        model: a key of :data:`MODELS`.
        dtype: a key of :data:`ITEM_SIZE`.
        optimizer: a key of :data:`STATES`, or "none" for inference.
        trained: the share of the parameters that is trained, in per cent; the others are frozen.
        answered: False shows the two accelerators only.
    """
    copy = MODELS[model] * ITEM_SIZE[dtype] / 1e9  # GB of one copy
    moving = copy * trained / 100
    parts = [(say(en="weights", zh="权重"), COLORS["blue"], copy)]
    if optimizer != "none":
        parts.append((say(en="gradients", zh="梯度"), COLORS["orange"], moving))
        parts += [
            (say(en="state {n}", zh="状态 {n}", n=k + 1), COLORS["green"], moving) for k in range(STATES[optimizer])
        ]
    total = sum(size for *_, size in parts)
    limit = max(130.0, 1.15 * total) if answered else 130.0
    figure, ax = new_figure(width=9.4, height=2.9)
    ax.set(xlim=(0, limit), ylim=(-0.4, 0.8), yticks=[])
    ax.set_xlabel(say(en="GB ($10^9$ bytes), without activations", zh="GB（$10^9$ 字节），不含激活值"))
    ax.grid(axis="y", visible=False)
    room = limit < 400  # beyond, the two lines are too close for two labels
    for edge, name in (
        (24, say(en="24 GB\ndesktop card", zh="24 GB\n桌面显卡") if room else ""),
        (80, say(en="80 GB\ndata centre", zh="80 GB\n数据中心") if room else say(en="24 and 80 GB", zh="24 和 80 GB")),
    ):
        ax.axvline(edge, color=COLORS["ink"], linestyle="--", linewidth=1.3, zorder=0.9)
        ax.text(edge + limit * 0.006, 0.38, name, va="bottom", fontsize=9)
    if not answered:
        return figure
    left = 0.0
    for name, color, size in parts:
        ax.barh(0, size, left=left, color=color, edgecolor="white", height=0.5)
        if size > 0.09 * limit:
            label = f"{name}\n{size:,.3g} GB"
            ink = "white" if color == COLORS["blue"] else COLORS["ink"]
            ax.text(left + size / 2, 0, label, ha="center", va="center", color=ink, fontsize=9, fontweight="bold")
        left += size
    use = {
        "none": say(en="inference", zh="推理"),
        "sgd": say(en="training with SGD", zh="用 SGD 训练"),
        "momentum": say(en="training with momentum", zh="用动量法训练"),
        "adam": say(en="training with Adam", zh="用 Adam 训练"),
    }[optimizer]
    fits = (
        say(en="fits into 24 GB", zh="24 GB 放得下")
        if total <= 24
        else say(en="needs more than 24 GB", zh="24 GB 放不下")
        if total <= 80
        else say(en="needs more than 80 GB", zh="80 GB 也放不下")
    )
    ax.set_title(
        say(
            en="{model}, {dtype}, {use}: {total:,.4g} GB, {fits}",
            zh="{model}，{dtype}，{use}：{total:,.4g} GB，{fits}",
            model=model,
            dtype=dtype,
            use=use,
            total=total,
            fits=fits,
        )
    )
    return figure


def _shape(shape: tuple[int, ...]) -> str:
    return "(" + ", ".join(str(size) for size in shape) + ("," if len(shape) == 1 else "") + ")"
