"""Figure of chapter 5: how large the gradients of each layer of a deep network are."""

from collections.abc import Callable
from functools import lru_cache

import numpy as np
from matplotlib.figure import Figure

from course.figures.style import COLORS, new_figure
from course.language import say

WIDTH, ROWS, CLASSES = 64, 128, 10

ACTIVATIONS: dict[str, tuple[Callable[[np.ndarray], np.ndarray], Callable[[np.ndarray], np.ndarray]]] = {
    "sigmoid": (lambda z: 0.5 * (1 + np.tanh(z / 2)), lambda a: a * (1 - a)),
    "tanh": (np.tanh, lambda a: 1 - a * a),
    "relu": (lambda z: np.maximum(z, 0), lambda a: (a > 0).astype(float)),
}
"""Name → the function, and its slope as a function of the output."""


@lru_cache(maxsize=64)
def layer_gradients(activation: str, gain: float, depth: int) -> tuple[float, ...]:
    """Return the mean absolute gradient of each hidden layer's weights, first layer first, before any training.

    A network of ``depth`` layers of 64 units on 128 random rows, ten classes, cross-entropy. Weights are normal with
    deviation gain/√64; seeded.
    """
    rng = np.random.default_rng(0)
    f, slope = ACTIVATIONS[activation]
    states, weights = [rng.normal(size=(ROWS, WIDTH))], []
    for _ in range(depth):
        weights.append(rng.normal(0, gain / np.sqrt(WIDTH), (WIDTH, WIDTH)))
        states.append(f(states[-1] @ weights[-1]))
    out = rng.normal(0, 1 / np.sqrt(WIDTH), (WIDTH, CLASSES))
    scores = states[-1] @ out
    d = np.exp(scores - scores.max(axis=1, keepdims=True))
    d /= d.sum(axis=1, keepdims=True)
    d[np.arange(ROWS), rng.integers(0, CLASSES, ROWS)] -= 1
    d = d / ROWS @ out.T
    sizes = []
    for layer in reversed(range(depth)):
        d = d * slope(states[layer + 1])
        sizes.append(float(np.abs(states[layer].T @ d).mean()))
        d = d @ weights[layer].T
    return tuple(reversed(sizes))


def fig_gradient_flow(activation: str = "sigmoid", gain: float = 1.0, depth: int = 12, answered: bool = True) -> Figure:
    """Draw the size of the gradient of each layer's weights on a logarithmic scale.

    Args:
        activation: a key of :data:`ACTIVATIONS`.
        gain: the weights' deviation is gain/√64.
        depth: number of hidden layers.
        answered: False shows the last layer only.
    """
    sizes = np.array(layer_gradients(activation, round(gain, 3), depth))
    figure, axes = new_figure(width=8.4, height=3.9)
    layers = np.arange(1, depth + 1)
    colors = [COLORS["red"] if s < 1e-3 * sizes[-1] else COLORS["blue"] for s in sizes]
    shown = slice(None) if answered else slice(-1, None)
    axes.bar(layers[shown], sizes[shown], color=colors[shown], width=0.7)
    axes.set(
        yscale="log",
        xlim=(0.3, depth + 0.7),
        ylim=(1e-13, 1e4),
        xlabel=say(en="layer, from the input", zh="层（从输入数起）"),
        ylabel=say(en="mean |gradient| of its weights", zh="该层权重梯度的平均绝对值"),
    )
    axes.set_xticks(layers)
    if answered:
        axes.set_title(
            say(
                en="{activation}, gain {gain:g}: first layer {first:.0e}, last layer {last:.0e}",
                zh="{activation}，增益 {gain:g}：第一层 {first:.0e}，最后一层 {last:.0e}",
                activation=activation,
                gain=gain,
                first=sizes[0],
                last=sizes[-1],
            )
        )
    else:
        axes.set_title(say(en="The last of {depth} layers", zh="{depth} 层中的最后一层", depth=depth))
    return figure
