"""Figures of chapter 4, section 5: what the layers of a trained convolutional network respond to."""

from typing import Any

import numpy as np
from matplotlib.figure import Figure

from course.figures.style import new_figure

Array = np.ndarray
Maps = list[tuple[str, Array]]


def train_tiny(x: Array, y: Array, seed: int = 0, epochs: int = 4) -> Any:
    """Train a small convolutional network (2,674 parameters) and return the keras.Model.

    Args:
        x: pictures (n, 28, 28, 1) in [0, 1].
        y: classes (n,), 0…9.
        seed: of the weights and of the order of the pictures.
        epochs: passes over the data; four take two or three seconds on digits28.
    """
    import keras

    layers = keras.layers
    keras.utils.set_random_seed(seed)
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(8, 3, activation="relu", name="convolution_1"),
            layers.MaxPooling2D(2, name="pooling_1"),
            layers.Conv2D(8, 3, activation="relu", name="convolution_2"),
            layers.MaxPooling2D(2, name="pooling_2"),
            layers.Flatten(),
            layers.Dense(10, activation="softmax", name="probabilities"),
        ]
    )
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x, y, epochs=epochs, batch_size=64, verbose=0)
    return model


def feature_maps(model: Any, x: Array) -> Maps:
    """Return ``[("input", x), (layer name, output), …]`` for a Sequential model, without the flattened layer."""
    import keras

    result, signal = [("input", np.asarray(x))], x
    for layer in model.layers:
        signal = layer(signal)
        if not isinstance(layer, keras.layers.Flatten):
            result.append((layer.name, keras.ops.convert_to_numpy(signal)))
    return result


def fig_feature_maps(maps: Maps, image: int = 0, layer: int = 1) -> Figure:
    """Draw one layer's output for one picture: its maps, or bars for a dense layer.

    Args:
        maps: from :func:`feature_maps`.
        image: which picture.
        layer: which entry of ``maps``; 0 is the picture itself.
    """
    name, values = maps[layer]
    picture, output = maps[0][1][image, ..., 0], values[image]
    title = name.replace("_", " ")
    if output.ndim == 1:
        figure, (left, right) = new_figure(cols=2, width=9.6, height=3.4, gridspec_kw={"width_ratios": (1, 2.4)})
        _show(left, picture, "the picture", 1.0)
        bars = right.bar(range(len(output)), output)
        bars[int(output.argmax())].set_color("#D55E00")
        right.set(
            xticks=range(len(output)),
            ylim=(0, 1.05),
            xlabel="class",
            title=f"{title}: most likely {output.argmax()} ({output.max():.2f})",
        )
        return figure
    count = output.shape[-1]
    if count == 1:
        figure, axes = new_figure(width=3.6, height=3.6)
        _show(axes, picture, "the picture", 1.0)
        return figure
    columns = max(1, (count + 1) // 2)
    figure, axes = new_figure(rows=2, cols=columns + 1, width=9.6, height=4.0)
    grid = np.asarray(axes)
    for spot in grid.ravel():
        spot.axis("off")
    _show(grid[0, 0], picture, "the picture", 1.0)
    bound = max(float(output.max()), 1e-9)
    silent = float(np.mean(output < 0.05 * bound))
    for number in range(count):
        here = output[..., number]
        _show(grid[number % 2, 1 + number // 2], here, f"map {number}", bound)
    side = "×".join(str(length) for length in output.shape[:2])
    grid[1, 0].text(
        0.5,
        0.5,
        f"{count} maps\nof {side}\n\n{silent:.0%} of the\nnumbers are\nnearly zero",
        ha="center",
        va="center",
        transform=grid[1, 0].transAxes,
    )
    figure.suptitle(
        f"{title}: bright = strong response (same scale for all maps)", x=0.01, ha="left", fontsize=11.5, weight="bold"
    )
    return figure


def _show(axes: Any, picture: Array, title: str, bound: float) -> None:
    axes.axis("off")
    axes.imshow(picture, cmap="magma" if title != "the picture" else "gray", vmin=0, vmax=bound)
    axes.set_title(title, loc="center", fontsize=9.5, weight="normal")
