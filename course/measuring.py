"""Measure what a training step costs on this machine, and how large its gradients are."""

import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from course.device import precision

Array = np.ndarray


def built_in(policy: str, build: Callable[[], Any]) -> Any:
    """Return ``build()`` with the Keras dtype ``policy``; its last layer, the softmax, computes in float32."""
    import keras

    with precision(policy):
        model = build()
    model.layers[-1].dtype_policy = keras.DTypePolicy("float32")
    return model


def step_seconds(build: Callable[[], Any], sizes: Sequence[int], policy: str = "float32", repeats: int = 5) -> Array:
    """Return the seconds of each of ``repeats`` training steps per batch size, shape (len(sizes), repeats).

    The first column includes tracing and compilation. A step ends when its loss has arrived in
    Python, so that work which the device has merely been handed is not missed.

    Args:
        build: makes the uncompiled network, (28, 28, 1) in, ten probabilities out.
        sizes: batch sizes.
        policy: a Keras dtype policy, as for :func:`course.device.precision`.
        repeats: steps per batch size, at least 2.
    """
    model = built_in(policy, build)
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
    rng = np.random.default_rng(0)
    result = np.empty((len(sizes), repeats))
    for row, size in enumerate(sizes):
        x, y = rng.random((size, 28, 28, 1), dtype=np.float32), rng.integers(0, 10, size)
        for column in range(repeats):
            began = time.perf_counter()
            float(np.ravel(model.train_on_batch(x, y))[0])  # reading the number waits for the device
            result[row, column] = time.perf_counter() - began
    return result


def weight_gradients(model: Any, x: Array, y: Array) -> Array:
    """Return all entries of dL/dw for one batch as one float64 array, by a step of plain gradient descent.

    Works with every Keras backend. The rate is a large power of two: w' = w − αg is then almost all
    gradient, and its rounding does not hide the small ones. The model's weights and compilation are
    changed.
    """
    import keras

    rate = 2.0**20
    before = [weight.astype(np.float64) for weight in model.get_weights()]
    model.compile(optimizer=keras.optimizers.SGD(rate), loss="sparse_categorical_crossentropy")
    model.train_on_batch(x, y)
    after = model.get_weights()
    model.set_weights(before)
    pairs = zip(before, after, strict=True)
    return np.concatenate([((old - new.astype(np.float64)) / rate).ravel() for old, new in pairs])
