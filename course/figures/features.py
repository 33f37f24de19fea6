"""Figures of chapter 4, section 6: what the layers of a trained convolutional network respond to."""

from typing import Any

import numpy as np
from matplotlib.figure import Figure

from course.figures.style import COLORS, new_figure
from course.language import say

Array = np.ndarray
Maps = list[tuple[str, Array, Array | None]]

MANY = 8
"""Maps that are shown of a layer: those with the strongest answers."""


def feature_maps(model: Any, x: Array) -> Maps:
    """Return ``[(layer name, output, kernel or None), …]`` for a Sequential model, the picture first, without Flatten."""
    import keras

    result: Maps = [("input", np.asarray(x), None)]
    signal = x
    for layer in model.layers:
        signal = layer(signal)
        if not isinstance(layer, keras.layers.Flatten):
            kernel = layer.get_weights()[0] if isinstance(layer, keras.layers.Conv2D) else None
            result.append((layer.name, keras.ops.convert_to_numpy(signal).astype(np.float32), kernel))
    return result


def fig_feature_maps(maps: Maps, image: int = 0, layer: int = 1, answered: bool = True) -> Figure:
    """Draw one layer's answers to one picture: its strongest maps with their kernels, or bars for a dense layer.

    Args:
        maps: from :func:`feature_maps`.
        image: which picture.
        layer: which entry of ``maps``; 0 is the picture itself.
        answered: without it, the picture only.
    """
    _, values, kernel = maps[layer]
    picture, output = maps[0][1][image, ..., 0], values[image]
    if output.ndim == 1 and answered:
        return _bars(picture, output)
    figure, axes = new_figure(rows=2, cols=MANY // 2 * 2 + 1, width=10.4, height=3.2)
    grid = np.asarray(axes)
    for spot in grid.ravel():
        spot.set_axis_off()
    _show(grid[0, 0], picture, "gray", 0, 1)
    if not answered or layer == 0:
        return figure
    count = output.shape[-1]
    strongest = np.argsort(-output.max(axis=(0, 1)), kind="stable")[:MANY]
    bound = max(float(output.max()), 1e-9)
    for place, number in enumerate(strongest, start=1):
        _show(grid[0, place], output[..., number], "magma", 0, bound)
        grid[0, place].set_title(f"{number}", loc="center", fontsize=9, weight="normal")
        if kernel is not None:  # of several input channels the mean is shown
            weights = kernel[..., number].mean(axis=-1)
            reach = max(float(np.abs(weights).max()), 1e-9)
            _show(grid[1, place], weights, "RdBu_r", -reach, reach)
    note = (
        say(en="kernel", zh="卷积核")
        if kernel is not None and kernel.shape[2] == 1
        else say(en="kernel,\nmean over\nchannels", zh="卷积核，\n对通道取平均")
        if kernel is not None
        else ""
    )
    grid[1, 0].text(0.5, 0.5, note, ha="center", va="center", transform=grid[1, 0].transAxes, fontsize=9.5)
    figure.suptitle(
        say(
            en="{count} maps of {h}×{w}, the {shown} strongest; {silent:.0%} of all their numbers are nearly zero",
            zh="{count} 张 {h}×{w} 的特征图，取响应最强的 {shown} 张；全部数值中 {silent:.0%} 接近零",
            count=count,
            h=output.shape[0],
            w=output.shape[1],
            shown=len(strongest),
            silent=float(np.mean(output < 0.05 * bound)),
        ),
        x=0.01,
        ha="left",
        fontsize=11.5,
        weight="bold",
    )
    return figure


def _bars(picture: Array, output: Array) -> Figure:
    figure, (left, right) = new_figure(cols=2, width=9.6, height=3.2, gridspec_kw={"width_ratios": (1, 2.4)})
    left.set_axis_off()
    _show(left, picture, "gray", 0, 1)
    bars = right.bar(range(len(output)), output)
    if len(output) == 10:
        bars[int(output.argmax())].set_color(COLORS["red"])
        right.set(
            xticks=range(10),
            ylim=(0, 1.05),
            xlabel=say(en="class", zh="类别"),
            title=say(
                en="probabilities: most likely {digit} ({share:.2f})",
                zh="概率：最可能是 {digit}（{share:.2f}）",
                digit=output.argmax(),
                share=output.max(),
            ),
        )
    else:
        right.set(
            xlabel=say(en="neuron", zh="神经元"),
            title=say(
                en="{count} neurons, {silent} of them silent",
                zh="{count} 个神经元，其中 {silent} 个没有响应",
                count=len(output),
                silent=int(np.sum(output <= 0)),
            ),
        )
    return figure


def _show(axes: Any, picture: Array, colours: str, low: float, high: float) -> None:
    axes.imshow(picture, cmap=colours, vmin=low, vmax=high)
