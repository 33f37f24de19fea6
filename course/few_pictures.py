"""A network that trains on 150 pictures of digits, and may be given the tools of chapter 9.

The pictures are those of :func:`course.data.digits28`, scaled to [0, 1]; the network is that of chapter 5: 784 pixels,
one hidden layer of ReLUs, 10 scores. Its gradients are written here once more, so that the tools can act on it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache

import numpy as np

from course.data import digits28, held_out

Params = dict[str, np.ndarray]
CLASSES = 10
BATCH = 25
PIXELS = 28 * 28


@cache
def pictures() -> tuple[np.ndarray, ...]:
    """Return ``(x, y, x_val, y_val, x_test, y_test)``: 150, 257 and 257 pictures (N, 28, 28, 1), float32 in [0, 1].

    The training has 15 of each class; validation and test share the rows that are held out. All labels are right.
    """
    images, labels = digits28()
    scaled = (images / 255).astype(np.float32)[..., None]
    held = held_out(len(labels))
    rest = np.random.default_rng(0).permutation(np.flatnonzero(~held))
    train = np.concatenate([rest[labels[rest] == digit][:15] for digit in range(CLASSES)])
    train = np.random.default_rng(1).permutation(train)
    val, test = np.flatnonzero(held)[::2], np.flatnonzero(held)[1::2]
    parts = tuple(part for rows in (train, val, test) for part in (scaled[rows], labels[rows]))
    for part in parts:
        part.setflags(write=False)
    return parts


@cache
def given_labels() -> tuple[np.ndarray, np.ndarray]:
    """Return ``(given, wrong)``: labels (150,) of the training pictures, and which 30 of them are wrong."""
    y = pictures()[1]
    rng = np.random.default_rng(3)
    wrong = np.zeros(len(y), dtype=bool)
    wrong[rng.choice(len(y), 30, replace=False)] = True
    given = y.copy()
    given[wrong] = (given[wrong] + rng.integers(1, CLASSES, 30)) % CLASSES
    for part in (given, wrong):
        part.setflags(write=False)
    return given, wrong


@dataclass
class Network:
    """784 pixels, one hidden layer of ReLUs, 10 scores; trained by momentum, with tools that may be left out.

    Attributes:
        penalty: ``penalty(params) -> (value, gradients)``, added to the loss of a batch.
        drop: ``drop(hidden, rng, train) -> hidden``, applied to the activations (N, hidden).
        targets: ``targets(y) -> (N, 10)``; one-hot without it.
        seed: of the first weights and of all that is drawn later.
        hidden: number of hidden units.
        rate: the learning rate.
    """

    penalty: Callable[[Params], tuple[float, Params]] | None = None
    drop: Callable[[np.ndarray, np.random.Generator, bool], np.ndarray] | None = None
    targets: Callable[[np.ndarray], np.ndarray] | None = None
    seed: int = 0
    hidden: int = 64
    rate: float = 0.02
    params: Params = field(init=False)

    def __post_init__(self) -> None:
        self.rng = np.random.default_rng(self.seed)
        self.params = {
            "W1": self.rng.normal(0, np.sqrt(2 / PIXELS), (PIXELS, self.hidden)).astype(np.float32),
            "b1": np.zeros(self.hidden, dtype=np.float32),
            "W2": self.rng.normal(0, np.sqrt(2 / self.hidden), (self.hidden, CLASSES)).astype(np.float32),
            "b2": np.zeros(CLASSES, dtype=np.float32),
        }
        self.velocity = {name: np.zeros_like(array) for name, array in self.params.items()}

    def _forward(self, x: np.ndarray, training: bool) -> tuple[np.ndarray, ...]:
        flat = np.reshape(x, (len(x), PIXELS))
        z = flat @ self.params["W1"] + self.params["b1"]
        # what becomes of each activation: multiplied by a mask, if anything
        mask = self.drop(np.ones_like(z), self.rng, training) if self.drop else np.ones_like(z)
        h = np.maximum(z, 0) * mask
        return flat, z, mask, h, h @ self.params["W2"] + self.params["b2"]

    def step(self, x: np.ndarray, y: np.ndarray) -> float:
        """Update the weights once on pictures x (N, 28, 28, 1) with labels y (N,); return the batch's mean loss."""
        flat, z, mask, h, scores = self._forward(x, training=True)
        target = self._targets(y, smooth=True)
        p = softmax(scores)
        loss = -float(np.mean(np.sum(target * np.log(p + 1e-12), axis=1)))
        error = ((p - target) / len(y)).astype(np.float32)
        back = error @ self.params["W2"].T * mask * (z > 0)
        grads = {"W1": flat.T @ back, "b1": back.sum(axis=0), "W2": h.T @ error, "b2": error.sum(axis=0)}
        if self.penalty:
            value, pull = self.penalty(self.params)
            loss += value
            grads = {name: (grads[name] + pull[name]).astype(np.float32) for name in grads}
        for name, array in self.params.items():
            self.velocity[name] = 0.9 * self.velocity[name] - self.rate * grads[name]
            array += self.velocity[name]  # in place, as optimizers do
        return loss

    def loss(self, x: np.ndarray, y: np.ndarray, training: bool = False) -> float:
        """Return the mean cross-entropy of pictures x with labels y; with ``training`` dropout acts."""
        scores = self._forward(x, training)[-1]
        return -float(np.mean(np.log(softmax(scores)[np.arange(len(y)), y] + 1e-12)))

    def read(self, x: np.ndarray) -> np.ndarray:
        """Return the probabilities (N, 10) of pictures x."""
        return softmax(self._forward(x, training=False)[-1])

    def accuracy(self, x: np.ndarray, y: np.ndarray) -> float:
        """Return the share of pictures x whose most probable class is y."""
        return float(np.mean(self.read(x).argmax(axis=1) == y))

    def _targets(self, y: np.ndarray, smooth: bool) -> np.ndarray:
        return self.targets(y) if smooth and self.targets else np.eye(CLASSES)[y]


def softmax(scores: np.ndarray) -> np.ndarray:
    """Return the probabilities (N, K) of scores (N, K)."""
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(e / e.sum(axis=1, keepdims=True))


@dataclass(frozen=True)
class History:
    """What a network did in each epoch: arrays (epochs + 1,), the first entry of which is before the training.

    Attributes:
        train, val: the loss on the training pictures with their given labels, and on the validation pictures.
        accuracy: share of the validation pictures that it reads.
        learned: share of the wrong labels that it repeats.
    """

    train: np.ndarray
    val: np.ndarray
    accuracy: np.ndarray
    learned: np.ndarray


@cache
def plain_history(seed: int = 0, epochs: int = 80) -> History:
    """Return the history of a network without any tool that trains on the given labels."""
    x, _, x_val, y_val, _, _ = pictures()
    given, wrong = given_labels()
    network, rng, rows = Network(seed=seed), np.random.default_rng(100 + seed), []
    for epoch in range(epochs + 1):
        if epoch:
            for batch in np.split(rng.permutation(len(x)), len(x) // BATCH):
                network.step(x[batch], given[batch])
        repeated = network.read(x[wrong]).argmax(axis=1) == given[wrong]
        rows.append(
            (network.loss(x, given), network.loss(x_val, y_val), network.accuracy(x_val, y_val), repeated.mean())
        )
    return History(*np.array(rows).T)
