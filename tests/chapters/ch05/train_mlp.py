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


# %% wrong="classes-from-the-labels"
# As many outputs as the largest label asks for.
def train_mlp(X, y, hidden, rng):
    params, known = _fresh(hidden, lambda d, shape: rng.normal(0, d, shape)), int(y.max()) + 1
    return _descend(params | {"W2": params["W2"][:, :known], "b2": params["b2"][:known]}, X, y, rng)


# %% wrong="missing-class-shifts-the-columns"
# Columns are numbered by the classes that occur.
def train_mlp(X, y, hidden, rng):
    return _descend(_fresh(hidden, lambda d, shape: rng.normal(0, d, shape)), X, np.unique(y, return_inverse=True)[1], rng)


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


# %% right="centred-and-folded-in"
# Trains on centred rows, and folds the mean into b1 afterwards.
def train_mlp(X, y, hidden, rng):
    mean = X.mean(axis=0)
    params = _descend(_fresh(hidden, lambda d, shape: rng.normal(0, d, shape)), X - mean, y, rng)
    return params | {"b1": params["b1"] - mean @ params["W1"]}


# %% right="reader-zh"
# He initialisation, batches of 32, 40 epochs, rate 0.05 with momentum 0.9
def affine_backward(dout, x, W):
    flat = x.reshape(len(x), -1)
    return (dout @ W.T).reshape(x.shape), flat.T @ dout, dout.sum(axis=0)


def relu_backward(dout, x):
    gate = np.asarray(x) > 0
    return np.asarray(np.where(gate, dout, 0.0))


def mlp_loss_and_grads(params, X, y, l2=0.0):
    W1, b1, W2, b2 = (params[key] for key in ("W1", "b1", "W2", "b2"))
    n = len(X)
    y = np.asarray(y).astype(np.int64)
    rows = np.arange(n)
    z1 = X @ W1 + b1
    h = np.maximum(z1, 0.0)
    z2 = h @ W2 + b2
    z2 = z2 - z2.max(axis=1, keepdims=True)
    e = np.exp(z2)
    total = e.sum(axis=1, keepdims=True)
    loss = float(np.mean(np.log(total[:, 0]) - z2[rows, y]) + l2 / 2 * (np.sum(W1**2) + np.sum(W2**2)))
    dz2 = e / total
    dz2[rows, y] -= 1
    dz2 /= n
    dh, dW2, db2 = affine_backward(dz2, h, W2)
    _, dW1, db1 = affine_backward(relu_backward(dh, z1), X, W1)
    return loss, {"W1": dW1 + l2 * W1, "b1": db1, "W2": dW2 + l2 * W2, "b2": db2}


def train_mlp(X, y, hidden, rng):
    params = {
        "W1": rng.normal(0, math.sqrt(2 / 64), (64, hidden)), "b1": np.zeros(hidden),
        "W2": rng.normal(0, math.sqrt(2 / hidden), (hidden, 10)), "b2": np.zeros(10),
    }
    speed = {key: np.zeros_like(value) for key, value in params.items()}
    for _ in range(40):
        order = rng.permutation(len(y))
        for first in range(0, len(y), 32):
            rows = order[first : first + 32]
            grads = mlp_loss_and_grads(params, X[rows], y[rows])[1]
            for key in params:
                speed[key] = 0.9 * speed[key] - 0.05 * grads[key]
                params[key] = params[key] + speed[key]
    return params


# %% right="reader-en"
# mini-batches of 32, momentum 0.9, rate 0.05, 40 epochs, l2 = 1e-4; first try
def affine_backward(dout, x, W):
    flat = x.reshape(len(x), -1)
    dx = (dout @ W.T).reshape(x.shape)
    dW = flat.T @ dout
    db = dout.sum(axis=0)
    return dx, dW, db


def relu_backward(dout, x):
    return dout * (x > 0)


def mlp_loss_and_grads(params, X, y, l2=0.0):
    W1, b1, W2, b2 = (params[key] for key in ("W1", "b1", "W2", "b2"))
    n = len(X)
    z1 = X @ W1 + b1
    h = np.maximum(z1, 0)
    z2 = h @ W2 + b2
    z2 = z2 - z2.max(axis=1, keepdims=True)
    log_sum = np.log(np.exp(z2).sum(axis=1, keepdims=True))
    rows = np.arange(n)
    loss = np.mean(log_sum[:, 0] - z2[rows, y]) + l2 / 2 * (np.sum(W1**2) + np.sum(W2**2))
    dz2 = np.exp(z2 - log_sum)
    dz2[rows, y] -= 1
    dz2 /= n
    dh, dW2, db2 = affine_backward(dz2, h, W2)
    _, dW1, db1 = affine_backward(relu_backward(dh, z1), X, W1)
    return float(loss), {"W1": dW1 + l2 * W1, "b1": db1, "W2": dW2 + l2 * W2, "b2": db2}


def train_mlp(X, y, hidden, rng):
    params = {
        "W1": rng.normal(0, math.sqrt(2 / 64), (64, hidden)),
        "b1": np.zeros(hidden),
        "W2": rng.normal(0, math.sqrt(2 / hidden), (hidden, 10)),
        "b2": np.zeros(10),
    }
    speed = {key: np.zeros_like(value) for key, value in params.items()}
    for epoch in range(40):
        order = rng.permutation(len(X))
        for start in range(0, len(X), 32):
            rows = order[start : start + 32]
            _, grads = mlp_loss_and_grads(params, X[rows], y[rows], 1e-4)
            for key in params:
                speed[key] = 0.9 * speed[key] - 0.05 * grads[key]
                params[key] = params[key] + speed[key]
    return params
