"""The network of chapter 5 on scikit-learn's digits: 64 pixels, one hidden layer of ReLUs, 10 scores.

Chapter 6 and its figures train it with many optimizers; the gradients are those that chapter 5 derives.
"""

from collections.abc import Callable
from functools import cache

import numpy as np

Params = dict[str, np.ndarray]
HIDDEN = 32


@cache
def digits() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return ``(X, y, X_held, y_held)``: 1,283 rows to train with and 514 held out; pixels in [0, 1], labels 0 … 9."""
    from sklearn.datasets import load_digits

    data = load_digits()
    X, y = data.data / 16, data.target
    held = np.isin(np.arange(len(y)) % 7, (1, 4))
    parts = X[~held], y[~held], X[held], y[held]
    for part in parts:
        part.setflags(write=False)
    return parts


def start_weights(seed: int = 0, hidden: int = HIDDEN) -> Params:
    """Return random weights W1 (64, hidden), W2 (hidden, 10) of deviation √(2/n_in) and biases b1, b2 of zeros."""
    rng = np.random.default_rng(seed)
    return {
        "W1": rng.normal(0, np.sqrt(2 / 64), (64, hidden)),
        "b1": np.zeros(hidden),
        "W2": rng.normal(0, np.sqrt(2 / hidden), (hidden, 10)),
        "b2": np.zeros(10),
    }


def scores(params: Params, X: np.ndarray) -> np.ndarray:
    """Return the ten scores of each row of X (n, 64)."""
    return np.asarray(np.maximum(X @ params["W1"] + params["b1"], 0) @ params["W2"] + params["b2"])


def loss_and_grads(params: Params, X: np.ndarray, y: np.ndarray) -> tuple[float, Params]:
    """Return the mean cross-entropy of the rows X (n, 64) with labels y (n,), and its gradients under the same keys."""
    rows = np.arange(len(y))
    z = X @ params["W1"] + params["b1"]
    h = np.maximum(z, 0)
    s = h @ params["W2"] + params["b2"]
    s = s - s.max(axis=1, keepdims=True)
    p = np.exp(s)
    total = p.sum(axis=1, keepdims=True)
    loss = float(np.mean(np.log(total[:, 0]) - s[rows, y]))
    p /= total
    p[rows, y] -= 1
    p /= len(y)
    dz = p @ params["W2"].T * (z > 0)
    return loss, {"W1": X.T @ dz, "b1": dz.sum(axis=0), "W2": h.T @ p, "b2": p.sum(axis=0)}


def loss_of(params: Params, X: np.ndarray, y: np.ndarray) -> float:
    """Return the mean cross-entropy of the rows X (n, 64) with labels y (n,)."""
    s = scores(params, X)
    s = s - s.max(axis=1, keepdims=True)
    return float(np.mean(np.log(np.exp(s).sum(axis=1)) - s[np.arange(len(y)), y]))


def accuracy(params: Params, X: np.ndarray, y: np.ndarray) -> float:
    """Return the share of the rows X (n, 64) whose largest score is that of their label."""
    return float(np.mean(scores(params, X).argmax(axis=1) == y))


def batches(steps: int, size: int, seed: int = 0) -> list[np.ndarray]:
    """Return ``steps`` batches of row numbers of the training digits, reshuffled in each epoch."""
    n, rng = len(digits()[1]), np.random.default_rng(seed)
    found: list[np.ndarray] = []
    while len(found) < steps:
        order = rng.permutation(n)
        found += [order[start : start + size] for start in range(0, n - size + 1, size)]
    return found[:steps]


def train(
    update: Callable[[int, Params, Params], Params], steps: int, size: int = 64, seed: int = 0, hidden: int = HIDDEN
) -> tuple[Params, list[float]]:
    """Train from :func:`start_weights` and return the weights and the loss of each batch before its step.

    Args:
        update: called with (step from 0, weights, gradients), returns the new weights.
        steps: number of updates; training stops early at a loss that is not finite.
        size: rows in a batch.
        seed: of the initial weights and of the batches.
        hidden: number of hidden units.
    """
    X, y, _, _ = digits()
    params, losses = start_weights(seed, hidden), []
    with np.errstate(over="ignore", invalid="ignore"):
        for step, rows in enumerate(batches(steps, size, seed)):
            loss, grads = loss_and_grads(params, X[rows], y[rows])
            losses.append(loss)
            if not np.isfinite(loss):
                break
            params = update(step, params, grads)
    return params, losses
