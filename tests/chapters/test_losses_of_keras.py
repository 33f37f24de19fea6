"""What chapter 2, section 5 and its figure of −log p, say about Keras's cross-entropy, with real Keras programs."""

import numpy as np
import pytest

keras = pytest.importorskip("keras")
tf = pytest.importorskip("tensorflow")

ONE, LABEL = np.ones((1, 1), "float32"), np.array([0])
LOGITS = np.array([[0.0, 40.0]], "float32")


def a_model(ending: str) -> "keras.Model":
    """A model whose logits are (0, 40) for the input 1."""
    model = keras.Sequential([keras.layers.Input((1,)), keras.layers.Dense(2, use_bias=False, activation=ending)])
    model.set_weights([LOGITS])
    return model


@pytest.mark.parametrize("eager", [False, True])
def test_a_model_that_ends_in_softmax_has_loss_40_and_the_full_gradient(eager):
    model = a_model("softmax")
    model.compile(keras.optimizers.SGD(1.0), "sparse_categorical_crossentropy", run_eagerly=eager)
    assert model.evaluate(ONE, LABEL, verbose=0) == pytest.approx(40.0)
    model.fit(ONE, LABEL, verbose=0)
    assert LOGITS - model.get_weights()[0] == pytest.approx(np.array([[-1.0, 1.0]]), abs=1e-6)  # p - one-hot


def test_a_model_that_ends_in_logits_has_the_same_loss():
    model = a_model("linear")
    model.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    assert model.evaluate(ONE, LABEL, verbose=0) == pytest.approx(40.0)


def _softmax_by_hand(logits: "tf.Tensor") -> "tf.Tensor":
    e = tf.exp(logits - tf.reduce_max(logits))
    return e / tf.reduce_sum(e)


@pytest.mark.parametrize(
    "probabilities",
    [_softmax_by_hand, lambda z: (_softmax_by_hand(z) + _softmax_by_hand(z)) / 2],
    ids=["softmax by hand", "average of two models"],
)
def test_bare_probabilities_stop_at_16_118_without_a_gradient(probabilities):
    logits = tf.constant(LOGITS)
    with tf.GradientTape() as tape:
        tape.watch(logits)
        loss = keras.losses.sparse_categorical_crossentropy(LABEL, probabilities(logits))
    assert float(loss[0]) == pytest.approx(16.118, abs=1e-3)
    assert np.array_equal(tape.gradient(loss, logits), [[0.0, 0.0]])
