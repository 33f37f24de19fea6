"""What a step costs, and how large its gradients are."""

import numpy as np
import pytest

keras = pytest.importorskip("keras")

from course.measuring import built_in, step_seconds, weight_gradients  # noqa: E402


def small():
    return keras.Sequential(
        [keras.Input((28, 28, 1)), keras.layers.Flatten(), keras.layers.Dense(10, activation="softmax")]
    )


def test_every_step_is_measured_and_the_first_one_compiles():
    seconds = step_seconds(small, (2, 5), repeats=3)
    assert seconds.shape == (2, 3)
    assert np.all(seconds > 0)
    assert seconds[0, 0] > seconds[0, 1:].min()


def test_the_softmax_stays_in_float32():
    model = built_in(
        "mixed_bfloat16",
        lambda: keras.Sequential(
            [keras.Input((4,)), keras.layers.Dense(3), keras.layers.Dense(2, activation="softmax")]
        ),
    )
    assert [layer.compute_dtype for layer in model.layers] == ["bfloat16", "float32"]


def test_gradients_are_the_analytic_ones():
    keras.utils.set_random_seed(3)
    model, rng = small(), np.random.default_rng(0)
    x, y = rng.random((6, 28, 28, 1), dtype=np.float32), rng.integers(0, 10, 6)
    kernel, bias = (weight.astype(np.float64) for weight in model.get_weights())
    before = model.get_weights()
    logits = x.reshape(6, -1) @ kernel + bias
    shares = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    error = (shares - np.eye(10)[y]) / 6
    expected = np.concatenate([(x.reshape(6, -1).T @ error).ravel(), error.sum(axis=0)])
    np.testing.assert_allclose(weight_gradients(model, x, y), expected, rtol=1e-4, atol=1e-9)
    assert all(np.array_equal(new, old) for new, old in zip(model.get_weights(), before, strict=True))
