"""Networks on digits for chapter 8: sound ones to evaluate, and four sick ones, the patients 1 to 4, to diagnose."""

from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np

from course.language import say

Array = np.ndarray
Params = list[Array]
"""W1, b1, W2, b2, W3, b3: 64 pixels, two hidden layers of ReLUs, 10 scores."""


@dataclass(frozen=True)
class Case:
    """A trained network, the rows that it met, and its log.

    Attributes:
        X, y: all rows (n, 64) and their labels (n,).
        train, test: row numbers.
        start, params: the weights before and after training.
        log: for each epoch training loss, test loss, training accuracy, test accuracy, (epochs + 1, 4).
    """

    X: Array
    y: Array
    train: Array
    test: Array
    start: Params
    params: Params
    log: Array


def fresh(rng: np.random.Generator, hidden: int = 32) -> Params:
    """Return random weights of deviation √(2/n_in) and biases of zero."""
    sizes = (64, hidden, hidden, 10)
    return [
        part
        for n_in, n_out in pairwise(sizes)
        for part in (rng.normal(0, np.sqrt(2 / n_in), (n_in, n_out)), np.zeros(n_out))
    ]


def layers(params: Params, X: Array) -> list[Array]:
    """Return the outputs of the two hidden layers and the scores (n, 10)."""
    first = np.maximum(X @ params[0] + params[1], 0)
    second = np.maximum(first @ params[2] + params[3], 0)
    return [first, second, second @ params[4] + params[5]]


def cross_entropy(params: Params, X: Array, y: Array) -> float:
    """Return the mean cross-entropy."""
    s = layers(params, X)[-1]
    s = s - s.max(axis=1, keepdims=True)
    return float(np.mean(np.log(np.exp(s).sum(axis=1)) - s[np.arange(len(y)), y]))


def gradients(params: Params, X: Array, y: Array) -> Params:
    """Return the gradients of the mean cross-entropy, in the order of the parameters."""
    first, second, s = layers(params, X)
    p = np.exp(s - s.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    p[np.arange(len(y)), y] -= 1
    p /= len(y)
    back = p @ params[4].T * (second > 0)
    deep = back @ params[2].T * (first > 0)
    return [X.T @ deep, deep.sum(axis=0), first.T @ back, back.sum(axis=0), second.T @ p, p.sum(axis=0)]


def train(params: Params, X: Array, y: Array, rng: np.random.Generator, rate: float = 0.1, batch: int = 32) -> Params:
    """Return the weights after one epoch of stochastic gradient descent."""
    order = rng.permutation(len(X))
    for start in range(0, len(X), batch):
        rows = order[start : start + batch]
        params = [p - rate * g for p, g in zip(params, gradients(params, X[rows], y[rows]), strict=True)]
    return params


def learn_by_heart(params: Params, X: Array, y: Array, steps: int = 300) -> float:
    """Return the loss on a few rows after many steps on just these rows: a sound network brings it close to 0."""
    for _ in range(steps):
        params = [p - 0.1 * g for p, g in zip(params, gradients(params, X, y), strict=True)]
    return cross_entropy(params, X, y)


def digits() -> tuple[Array, Array]:
    """Return scikit-learn's digits, (1797, 64) in [0, 1], and their labels."""
    from sklearn.datasets import load_digits

    data = load_digits()
    return data.data / 16, data.target


@cache
def case(number: int) -> Case:
    """Return one of the sick networks, 1 … 4, or the sound one, 0."""
    if number not in range(5):
        raise ValueError(
            say(en="there are the patients 1 to 4, and 0, a healthy network", zh="病人是 1 到 4 号，0 是健康的网络")
        )
    X, y = digits()
    rng = np.random.default_rng(8)
    order = rng.permutation(len(y))
    fit, test = order[:1347], order[1347:]
    start = fresh(rng)
    if number == 1:
        X = X.copy()
        X[:, 32] = y / 9  # the scanner writes a code into a pixel that is always empty
    elif number == 2:
        start[3] = start[3] - 8.0  # a hidden layer that no input wakes
    elif number == 3:
        y = y.copy()
        y[test] = (y[test] + 1) % 10  # the test file numbers the classes differently
    elif number == 4:
        by_class = np.argsort(y, kind="stable")  # the file is sorted, and its tail is the test set
        fit, test = by_class[:1347], by_class[1347:]
    params, log = start, [_entry(start, X, y, fit, test)]
    for _ in range(12):
        params = train(params, X[fit], y[fit], rng)
        log.append(_entry(params, X, y, fit, test))
    return Case(X, y, fit, test, start, params, np.array(log))


def _entry(params: Params, X: Array, y: Array, fit: Array, test: Array) -> tuple[float, ...]:
    losses = [cross_entropy(params, X[rows], y[rows]) for rows in (fit, test)]
    shares = [float(np.mean(layers(params, X[rows])[-1].argmax(axis=1) == y[rows])) for rows in (fit, test)]
    return (*losses, *shares)
