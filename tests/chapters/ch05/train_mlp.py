"""train_mlp: what learners write, right and wrong."""

# %%
import numpy as np


def _grads(params, X, y):
    z1 = X @ params["W1"] + params["b1"]
    h = np.maximum(z1, 0)
    s = h @ params["W2"] + params["b2"]
    p = np.exp(s - s.max(1, keepdims=True))
    p /= p.sum(1, keepdims=True)
    p[np.arange(len(X)), y] -= 1
    p /= len(X)
    dz = p @ params["W2"].T * (z1 > 0)
    return {"W1": X.T @ dz, "b1": dz.sum(0), "W2": h.T @ p, "b2": p.sum(0)}


def _fresh(hidden, draw):
    """Parameters before training; draw(deviation, shape) gives the weights."""
    return {"W1": draw(np.sqrt(2 / 64), (64, hidden)), "b1": np.zeros(hidden),
            "W2": draw(np.sqrt(2 / hidden), (hidden, 10)), "b2": np.zeros(10)}  # fmt: skip


def _descend(params, X, y, rng, rate=0.05, momentum=0.9, epochs=30, decay=1.0, names=("W1", "b1", "W2", "b2"), still=False):
    """Mini-batch descent, right unless ``names`` leaves parameters out or ``still`` keeps the first batch."""
    speed = {name: np.zeros_like(value) for name, value in params.items()}
    for epoch in range(epochs):
        order = rng.permutation(len(X))
        for start in range(0, len(X), 32):
            batch = np.arange(32) if still else order[start : start + 32]
            grads = _grads(params, X[batch], y[batch])
            for name in names:
                speed[name] = momentum * speed[name] - rate * decay**epoch * grads[name]
                params[name] = params[name] + speed[name]
    return params


# %% wrong="zeros"
# All parameters start at zero.
def train_mlp(X, y, hidden, rng):
    return _descend(_fresh(hidden, lambda d, shape: np.zeros(shape)), X, y, rng)


# %% wrong="all-equal"
# Every weight starts at 0.1: the units stay equal.
def train_mlp(X, y, hidden, rng):
    return _descend(_fresh(hidden, lambda d, shape: np.full(shape, 0.1)), X, y, rng)


# %% wrong="output-layer-alone"
# W1 and b1 are never updated.
def train_mlp(X, y, hidden, rng):
    return _descend(_fresh(hidden, lambda d, shape: rng.normal(0, d, shape)), X, y, rng, names=("W2", "b2"))


# %% wrong="gradients-accumulated"
# The gradients of earlier batches are never cleared.
def train_mlp(X, y, hidden, rng):
    return _descend(_fresh(hidden, lambda d, shape: rng.normal(0, d, shape)), X, y, rng, momentum=1.0)


# %% wrong="always-the-first-batch"
# The batch does not move on.
def train_mlp(X, y, hidden, rng):
    return _descend(_fresh(hidden, lambda d, shape: rng.normal(0, d, shape)), X, y, rng, still=True)


# %% wrong="ascent"
# The sign of the update.
def train_mlp(X, y, hidden, rng):
    return _descend(_fresh(hidden, lambda d, shape: rng.normal(0, d, shape)), X, y, rng, rate=-0.0002)


# %% wrong="one-epoch"
# A single pass at a tenth of the rate.
def train_mlp(X, y, hidden, rng):
    return _descend(_fresh(hidden, lambda d, shape: rng.normal(0, d, shape)), X, y, rng, rate=0.005, epochs=1)


# %% wrong="own-seed"
# Draws from a generator of its own, so that the seed has no say.
def train_mlp(X, y, hidden, rng):
    rng = np.random.default_rng(0)
    return _descend(_fresh(hidden, lambda d, shape: rng.normal(0, d, shape)), X, y, rng)


# %% wrong="global-randomness"
# np.random instead of rng.
def train_mlp(X, y, hidden, rng):
    return _descend(_fresh(hidden, lambda d, shape: np.random.normal(0, d, shape)), X, y, rng)


# %% wrong="kept-between-calls"
# Parameters of the first call are trained on by the next.
kept = {}


def train_mlp(X, y, hidden, rng):
    first = kept.setdefault("params", _fresh(hidden, lambda d, shape: rng.normal(0, d, shape)))
    return _descend(first, X, y, rng)


# %% right="plain-descent"
# No momentum, twice the epochs.
def train_mlp(X, y, hidden, rng):
    return _descend(_fresh(hidden, lambda d, shape: rng.normal(0, d, shape)), X, y, rng, rate=0.2, momentum=0.0, epochs=60)


# %% right="decaying-rate"
# Uniform initial weights, a rate that decays.
def train_mlp(X, y, hidden, rng):
    return _descend(_fresh(hidden, lambda d, shape: rng.uniform(-0.25, 0.25, shape)), X, y, rng, rate=0.1, decay=0.9, epochs=40)


# %% right="adam"
# Adam written out.
def train_mlp(X, y, hidden, rng):
    params, t = _fresh(hidden, lambda d, shape: rng.normal(0, d, shape)), 0
    m, v = ({name: np.zeros_like(value) for name, value in params.items()} for _ in range(2))
    for _ in range(30):
        order = rng.permutation(len(X))
        for start in range(0, len(X), 32):
            batch, t = order[start : start + 32], t + 1
            grads = _grads(params, X[batch], y[batch])
            for name, grad in grads.items():
                m[name] = 0.9 * m[name] + 0.1 * grad
                v[name] = 0.999 * v[name] + 0.001 * grad**2
                params[name] = params[name] - 0.01 * m[name] / (1 - 0.9**t) / (np.sqrt(v[name] / (1 - 0.999**t)) + 1e-8)
    return params


# %% right="full-batch"
# All rows in every step, with momentum.
def train_mlp(X, y, hidden, rng):
    params = _fresh(hidden, lambda d, shape: 0.3 * rng.standard_normal(shape))
    speed = {name: 0 * value for name, value in params.items()}
    for _ in range(800):
        for name, grad in _grads(params, X, y).items():
            speed[name] = 0.9 * speed[name] - 0.2 * grad
        params = {name: params[name] + speed[name] for name in params}
    return params
