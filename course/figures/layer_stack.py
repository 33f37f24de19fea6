"""Figures of chapter 1: a network as a stack of layers, and the memory that training it takes."""

from typing import NamedTuple

from matplotlib.figure import Figure

from course.figures.style import COLORS, new_figure

ITEM_SIZE = {"float64": 8, "float32": 4, "bfloat16": 2, "float16": 2, "int8": 1}
SLOTS = {"sgd": 0, "momentum": 1, "adam": 2}
LARGE = 1e9


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


def fig_layer_stack(
    width1: int = 32,
    width2: int = 64,
    third_conv: bool = False,
    second_pool: bool = True,
    dense: int = 128,
    optimizer: str = "adam",
) -> Figure:
    """Shapes, parameters and training memory layer by layer, and the distance to 10⁹ parameters.

    Args:
        width1, width2: filters of the first and of the later convolutions.
        third_conv: a third convolution, as in article B.
        second_pool: pooling behind the second convolution.
        dense: units of the hidden dense layer.
        optimizer: a key of :data:`SLOTS`; float32 weights, gradients and slots are counted.
    """
    layers = build_stack(width1, width2, third_conv, second_pool, dense)
    total = sum(layer.params for layer in layers)
    bytes_each = 4 * (2 + SLOTS[optimizer])
    figure, (bars, scale) = new_figure(2, 1, width=9.4, height=5.4, gridspec_kw={"height_ratios": [3.6, 1]})
    rows = range(len(layers))
    share = max(layers, key=lambda layer: layer.params)
    colors = [COLORS["orange"] if layer is share else COLORS["blue"] for layer in layers]
    bars.barh(rows, [max(layer.params, 0.5) for layer in layers], color=colors, height=0.62)
    bars.set_xscale("log")
    bars.set(xlim=(1, 3e11), yticks=list(rows), xlabel="parameters")
    bars.set_yticklabels(
        [f"{layer.name}   {_shape(layer.shape)}" for layer in layers], fontfamily="monospace", fontsize=9
    )
    bars.invert_yaxis()
    bars.grid(axis="y", visible=False)
    for row, layer in enumerate(layers):
        note = f"{layer.params:,}   {_bytes(layer.params * bytes_each)}" if layer.params else "no parameters"
        bars.text(
            max(layer.params, 1) * 1.35,
            row,
            note,
            va="center",
            fontsize=9,
            color=COLORS["ink"] if layer.params else COLORS["grey"],
        )
    bars.set_title(
        f"{total:,} parameters take {_bytes(total * bytes_each)} to train with {optimizer};\n"
        f"{100 * share.params / total:.0f} % of them sit in the {share.name} layer to {_shape(share.shape)}",
    )

    scale.set_xscale("log")
    scale.set(xlim=(1e2, 1e12), ylim=(0, 1), yticks=[])
    scale.grid(axis="y", visible=False)
    scale.axvspan(LARGE, 1e12, color=COLORS["red"], alpha=0.12, linewidth=0)
    scale.text(8e11, 0.4, "large models", color=COLORS["red"], fontsize=9.5, ha="right", va="center")
    scale.annotate(
        "", (LARGE, 0.4), (total, 0.4), arrowprops={"arrowstyle": "->", "color": COLORS["ink"], "linewidth": 1.4}
    )
    scale.plot(total, 0.4, "o", color=COLORS["orange"], markersize=9)
    scale.text((total * LARGE) ** 0.5, 0.55, f"a factor of {LARGE / total:,.0f}", ha="center", fontsize=9.5)
    scale.set_title("How far from $10^9$?")
    return figure


def fig_memory(billions: float = 7.0, dtype: str = "float32", optimizer: str = "adam") -> Figure:
    """Memory for weights, gradients and optimiser slots beside that of common accelerators.

    Args:
        billions: parameters in units of 10⁹.
        dtype: a key of :data:`ITEM_SIZE`.
        optimizer: a key of :data:`SLOTS`, or "none" for inference.
    """
    per_copy = billions * ITEM_SIZE[dtype]  # GB per copy of the parameters
    parts = [("weights", COLORS["blue"])]
    if optimizer != "none":
        parts.append(("gradients", COLORS["orange"]))
        parts += [(f"slot {k + 1}", COLORS["green"]) for k in range(SLOTS[optimizer])]
    total = per_copy * len(parts)
    figure, ax = new_figure(width=9.2, height=2.9)
    for k, (name, color) in enumerate(parts):
        ax.barh(0, per_copy, left=k * per_copy, color=color, edgecolor="white", height=0.5)
        if per_copy > 0.07 * max(160.0, 1.1 * total):
            ax.text(
                (k + 0.5) * per_copy,
                0,
                f"{name}\n{per_copy:,.4g} GB",
                ha="center",
                va="center",
                color="white",
                fontsize=9,
                fontweight="bold",
            )
    limit = max(160.0, 1.1 * total)
    room = limit < 500  # beyond, the two lines are too close for two labels
    for size, name in (
        (24, "24 GB\ndesktop GPU" if room else ""),
        (80, "80 GB\ndata-centre GPU" if room else "24 and 80 GB"),
    ):
        ax.axvline(size, color=COLORS["ink"], linestyle="--", linewidth=1.3, zorder=0.9)
        ax.text(size + limit * 0.006, 0.36, name, va="bottom", fontsize=8.5)
    ax.set(xlim=(0, limit), ylim=(-0.4, 0.75), yticks=[], xlabel="GB ($10^9$ bytes), activations not counted")
    ax.grid(axis="y", visible=False)
    use = "inference" if optimizer == "none" else f"training with {optimizer}"
    fits = "fits" if total <= 80 else "does not fit"
    ax.set_title(f"{billions:.3g}·$10^9$ parameters, {dtype}, {use}: {total:,.4g} GB, {fits} on one 80-GB accelerator")
    return figure


def _shape(shape: tuple[int, ...]) -> str:
    return "(" + ", ".join(str(size) for size in shape) + ("," if len(shape) == 1 else "") + ")"


def _bytes(count: float) -> str:
    for unit in ("B", "kB", "MB", "GB"):
        if count < 1000 or unit == "GB":
            return f"{count:.3g} {unit}"
        count /= 1000
    raise AssertionError("unreachable")
