"""train_mlp: what learners write, right and wrong."""

# %%
import numpy as np


# %% wrong="zeros"
# All parameters start at zero.
def loss_and_grads(params, X, y):
    n, rows = len(X), np.arange(len(X))
    z1 = X @ params["W1"] + params["b1"]
    h = np.maximum(z1, 0)
    s = h @ params["W2"] + params["b2"]
    p = np.exp(s - s.max(1, keepdims=True))
    p /= p.sum(1, keepdims=True)
    loss = -np.log(p[rows, y] + 1e-300).mean()
    p[rows, y] -= 1
    p /= n
    dz = p @ params["W2"].T * (z1 > 0)
    return loss, {"W1": X.T @ dz, "b1": dz.sum(0), "W2": h.T @ p, "b2": p.sum(0)}


def train_mlp(X, y, hidden, rng):
    """Return trained parameters W1 (64, hidden), b1 (hidden,), W2 (hidden, 10), b2 (10,).

    X: float (n, 64) in [0, 1]. y: integers (n,), classes 0 … 9. All randomness comes from rng, a numpy.random.Generator.
    """
    params = {
        "W1": np.zeros((64, hidden)), "b1": np.zeros(hidden),
        "W2": np.zeros((hidden, 10)), "b2": np.zeros(10),
    }
    speed = {key: np.zeros_like(value) for key, value in params.items()}
    for epoch in range(30):
        order = rng.permutation(len(X))
        for start in range(0, len(X), 32):
            batch = order[start : start + 32]
            grads = loss_and_grads(params, X[batch], y[batch])[1]
            for key in params:
                speed[key] = 0.9 * speed[key] - 0.05 * grads[key]
                params[key] = params[key] + speed[key]
    return params


# %% wrong="all-equal"
# Every weight starts at 0.1: the units stay equal.
def loss_and_grads(params, X, y):
    n, rows = len(X), np.arange(len(X))
    z1 = X @ params["W1"] + params["b1"]
    h = np.maximum(z1, 0)
    s = h @ params["W2"] + params["b2"]
    p = np.exp(s - s.max(1, keepdims=True))
    p /= p.sum(1, keepdims=True)
    loss = -np.log(p[rows, y] + 1e-300).mean()
    p[rows, y] -= 1
    p /= n
    dz = p @ params["W2"].T * (z1 > 0)
    return loss, {"W1": X.T @ dz, "b1": dz.sum(0), "W2": h.T @ p, "b2": p.sum(0)}


def train_mlp(X, y, hidden, rng):
    """Return trained parameters W1 (64, hidden), b1 (hidden,), W2 (hidden, 10), b2 (10,).

    X: float (n, 64) in [0, 1]. y: integers (n,), classes 0 … 9. All randomness comes from rng, a numpy.random.Generator.
    """
    params = {
        "W1": np.full((64, hidden), 0.1), "b1": np.zeros(hidden),
        "W2": np.full((hidden, 10), 0.1), "b2": np.zeros(10),
    }
    speed = {key: np.zeros_like(value) for key, value in params.items()}
    for epoch in range(30):
        order = rng.permutation(len(X))
        for start in range(0, len(X), 32):
            batch = order[start : start + 32]
            grads = loss_and_grads(params, X[batch], y[batch])[1]
            for key in params:
                speed[key] = 0.9 * speed[key] - 0.05 * grads[key]
                params[key] = params[key] + speed[key]
    return params


# %% wrong="output-layer-alone"
# W1 and b1 are never updated.
def loss_and_grads(params, X, y):
    n, rows = len(X), np.arange(len(X))
    z1 = X @ params["W1"] + params["b1"]
    h = np.maximum(z1, 0)
    s = h @ params["W2"] + params["b2"]
    p = np.exp(s - s.max(1, keepdims=True))
    p /= p.sum(1, keepdims=True)
    loss = -np.log(p[rows, y] + 1e-300).mean()
    p[rows, y] -= 1
    p /= n
    dz = p @ params["W2"].T * (z1 > 0)
    return loss, {"W1": X.T @ dz, "b1": dz.sum(0), "W2": h.T @ p, "b2": p.sum(0)}


def train_mlp(X, y, hidden, rng):
    """Return trained parameters W1 (64, hidden), b1 (hidden,), W2 (hidden, 10), b2 (10,).

    X: float (n, 64) in [0, 1]. y: integers (n,), classes 0 … 9. All randomness comes from rng, a numpy.random.Generator.
    """
    params = {
        "W1": rng.normal(0.0, np.sqrt(2 / 64), (64, hidden)), "b1": np.zeros(hidden),
        "W2": rng.normal(0.0, np.sqrt(2 / hidden), (hidden, 10)), "b2": np.zeros(10),
    }
    speed = {key: np.zeros_like(value) for key, value in params.items()}
    for epoch in range(30):
        order = rng.permutation(len(X))
        for start in range(0, len(X), 32):
            batch = order[start : start + 32]
            grads = loss_and_grads(params, X[batch], y[batch])[1]
            for key in ("W2", "b2"):
                speed[key] = 0.9 * speed[key] - 0.05 * grads[key]
                params[key] = params[key] + speed[key]
    return params


# %% wrong="gradients-accumulated"
# The gradients of earlier batches are never cleared.
def loss_and_grads(params, X, y):
    n, rows = len(X), np.arange(len(X))
    z1 = X @ params["W1"] + params["b1"]
    h = np.maximum(z1, 0)
    s = h @ params["W2"] + params["b2"]
    p = np.exp(s - s.max(1, keepdims=True))
    p /= p.sum(1, keepdims=True)
    loss = -np.log(p[rows, y] + 1e-300).mean()
    p[rows, y] -= 1
    p /= n
    dz = p @ params["W2"].T * (z1 > 0)
    return loss, {"W1": X.T @ dz, "b1": dz.sum(0), "W2": h.T @ p, "b2": p.sum(0)}


def train_mlp(X, y, hidden, rng):
    """Return trained parameters W1 (64, hidden), b1 (hidden,), W2 (hidden, 10), b2 (10,).

    X: float (n, 64) in [0, 1]. y: integers (n,), classes 0 … 9. All randomness comes from rng, a numpy.random.Generator.
    """
    params = {
        "W1": rng.normal(0.0, np.sqrt(2 / 64), (64, hidden)), "b1": np.zeros(hidden),
        "W2": rng.normal(0.0, np.sqrt(2 / hidden), (hidden, 10)), "b2": np.zeros(10),
    }
    speed = {key: np.zeros_like(value) for key, value in params.items()}
    for epoch in range(30):
        order = rng.permutation(len(X))
        for start in range(0, len(X), 32):
            batch = order[start : start + 32]
            grads = loss_and_grads(params, X[batch], y[batch])[1]
            for key in params:
                speed[key] = speed[key] + grads[key]
                params[key] = params[key] - 0.05 * speed[key]
    return params


# %% wrong="always-the-first-batch"
# The batch does not move on.
def loss_and_grads(params, X, y):
    n, rows = len(X), np.arange(len(X))
    z1 = X @ params["W1"] + params["b1"]
    h = np.maximum(z1, 0)
    s = h @ params["W2"] + params["b2"]
    p = np.exp(s - s.max(1, keepdims=True))
    p /= p.sum(1, keepdims=True)
    loss = -np.log(p[rows, y] + 1e-300).mean()
    p[rows, y] -= 1
    p /= n
    dz = p @ params["W2"].T * (z1 > 0)
    return loss, {"W1": X.T @ dz, "b1": dz.sum(0), "W2": h.T @ p, "b2": p.sum(0)}


def train_mlp(X, y, hidden, rng):
    """Return trained parameters W1 (64, hidden), b1 (hidden,), W2 (hidden, 10), b2 (10,).

    X: float (n, 64) in [0, 1]. y: integers (n,), classes 0 … 9. All randomness comes from rng, a numpy.random.Generator.
    """
    params = {
        "W1": rng.normal(0.0, np.sqrt(2 / 64), (64, hidden)), "b1": np.zeros(hidden),
        "W2": rng.normal(0.0, np.sqrt(2 / hidden), (hidden, 10)), "b2": np.zeros(10),
    }
    speed = {key: np.zeros_like(value) for key, value in params.items()}
    for epoch in range(30):
        order = rng.permutation(len(X))
        for start in range(0, len(X), 32):
            batch = np.arange(32)
            grads = loss_and_grads(params, X[batch], y[batch])[1]
            for key in params:
                speed[key] = 0.9 * speed[key] - 0.05 * grads[key]
                params[key] = params[key] + speed[key]
    return params


# %% wrong="ascent"
# The sign of the update.
def loss_and_grads(params, X, y):
    n, rows = len(X), np.arange(len(X))
    z1 = X @ params["W1"] + params["b1"]
    h = np.maximum(z1, 0)
    s = h @ params["W2"] + params["b2"]
    p = np.exp(s - s.max(1, keepdims=True))
    p /= p.sum(1, keepdims=True)
    loss = -np.log(p[rows, y] + 1e-300).mean()
    p[rows, y] -= 1
    p /= n
    dz = p @ params["W2"].T * (z1 > 0)
    return loss, {"W1": X.T @ dz, "b1": dz.sum(0), "W2": h.T @ p, "b2": p.sum(0)}


def train_mlp(X, y, hidden, rng):
    """Return trained parameters W1 (64, hidden), b1 (hidden,), W2 (hidden, 10), b2 (10,).

    X: float (n, 64) in [0, 1]. y: integers (n,), classes 0 … 9. All randomness comes from rng, a numpy.random.Generator.
    """
    params = {
        "W1": rng.normal(0.0, np.sqrt(2 / 64), (64, hidden)), "b1": np.zeros(hidden),
        "W2": rng.normal(0.0, np.sqrt(2 / hidden), (hidden, 10)), "b2": np.zeros(10),
    }
    speed = {key: np.zeros_like(value) for key, value in params.items()}
    for epoch in range(30):
        order = rng.permutation(len(X))
        for start in range(0, len(X), 32):
            batch = order[start : start + 32]
            grads = loss_and_grads(params, X[batch], y[batch])[1]
            for key in params:
                speed[key] = 0.9 * speed[key] + 0.0002 * grads[key]
                params[key] = params[key] + speed[key]
    return params


# %% wrong="one-epoch"
# A single pass at a tenth of the rate.
def loss_and_grads(params, X, y):
    n, rows = len(X), np.arange(len(X))
    z1 = X @ params["W1"] + params["b1"]
    h = np.maximum(z1, 0)
    s = h @ params["W2"] + params["b2"]
    p = np.exp(s - s.max(1, keepdims=True))
    p /= p.sum(1, keepdims=True)
    loss = -np.log(p[rows, y] + 1e-300).mean()
    p[rows, y] -= 1
    p /= n
    dz = p @ params["W2"].T * (z1 > 0)
    return loss, {"W1": X.T @ dz, "b1": dz.sum(0), "W2": h.T @ p, "b2": p.sum(0)}


def train_mlp(X, y, hidden, rng):
    """Return trained parameters W1 (64, hidden), b1 (hidden,), W2 (hidden, 10), b2 (10,).

    X: float (n, 64) in [0, 1]. y: integers (n,), classes 0 … 9. All randomness comes from rng, a numpy.random.Generator.
    """
    params = {
        "W1": rng.normal(0.0, np.sqrt(2 / 64), (64, hidden)), "b1": np.zeros(hidden),
        "W2": rng.normal(0.0, np.sqrt(2 / hidden), (hidden, 10)), "b2": np.zeros(10),
    }
    speed = {key: np.zeros_like(value) for key, value in params.items()}
    for epoch in range(1):
        order = rng.permutation(len(X))
        for start in range(0, len(X), 32):
            batch = order[start : start + 32]
            grads = loss_and_grads(params, X[batch], y[batch])[1]
            for key in params:
                speed[key] = 0.9 * speed[key] - 0.005 * grads[key]
                params[key] = params[key] + speed[key]
    return params


# %% wrong="own-seed"
# Draws from a generator of its own, so that the seed has no say.
def loss_and_grads(params, X, y):
    n, rows = len(X), np.arange(len(X))
    z1 = X @ params["W1"] + params["b1"]
    h = np.maximum(z1, 0)
    s = h @ params["W2"] + params["b2"]
    p = np.exp(s - s.max(1, keepdims=True))
    p /= p.sum(1, keepdims=True)
    loss = -np.log(p[rows, y] + 1e-300).mean()
    p[rows, y] -= 1
    p /= n
    dz = p @ params["W2"].T * (z1 > 0)
    return loss, {"W1": X.T @ dz, "b1": dz.sum(0), "W2": h.T @ p, "b2": p.sum(0)}


def train_mlp(X, y, hidden, rng):
    """Return trained parameters W1 (64, hidden), b1 (hidden,), W2 (hidden, 10), b2 (10,).

    X: float (n, 64) in [0, 1]. y: integers (n,), classes 0 … 9. All randomness comes from rng, a numpy.random.Generator.
    """
    rng = np.random.default_rng(0)
    params = {
        "W1": rng.normal(0.0, np.sqrt(2 / 64), (64, hidden)), "b1": np.zeros(hidden),
        "W2": rng.normal(0.0, np.sqrt(2 / hidden), (hidden, 10)), "b2": np.zeros(10),
    }
    speed = {key: np.zeros_like(value) for key, value in params.items()}
    for epoch in range(30):
        order = rng.permutation(len(X))
        for start in range(0, len(X), 32):
            batch = order[start : start + 32]
            grads = loss_and_grads(params, X[batch], y[batch])[1]
            for key in params:
                speed[key] = 0.9 * speed[key] - 0.05 * grads[key]
                params[key] = params[key] + speed[key]
    return params


# %% wrong="global-randomness"
# np.random instead of rng.
def loss_and_grads(params, X, y):
    n, rows = len(X), np.arange(len(X))
    z1 = X @ params["W1"] + params["b1"]
    h = np.maximum(z1, 0)
    s = h @ params["W2"] + params["b2"]
    p = np.exp(s - s.max(1, keepdims=True))
    p /= p.sum(1, keepdims=True)
    loss = -np.log(p[rows, y] + 1e-300).mean()
    p[rows, y] -= 1
    p /= n
    dz = p @ params["W2"].T * (z1 > 0)
    return loss, {"W1": X.T @ dz, "b1": dz.sum(0), "W2": h.T @ p, "b2": p.sum(0)}


def train_mlp(X, y, hidden, rng):
    """Return trained parameters W1 (64, hidden), b1 (hidden,), W2 (hidden, 10), b2 (10,).

    X: float (n, 64) in [0, 1]. y: integers (n,), classes 0 … 9. All randomness comes from rng, a numpy.random.Generator.
    """
    params = {
        "W1": np.random.normal(0.0, np.sqrt(2 / 64), (64, hidden)), "b1": np.zeros(hidden),
        "W2": np.random.normal(0.0, np.sqrt(2 / hidden), (hidden, 10)), "b2": np.zeros(10),
    }
    speed = {key: np.zeros_like(value) for key, value in params.items()}
    for epoch in range(30):
        order = rng.permutation(len(X))
        for start in range(0, len(X), 32):
            batch = order[start : start + 32]
            grads = loss_and_grads(params, X[batch], y[batch])[1]
            for key in params:
                speed[key] = 0.9 * speed[key] - 0.05 * grads[key]
                params[key] = params[key] + speed[key]
    return params


# %% wrong="kept-between-calls"
# Parameters of the first call are trained on by the next.
def loss_and_grads(params, X, y):
    n, rows = len(X), np.arange(len(X))
    z1 = X @ params["W1"] + params["b1"]
    h = np.maximum(z1, 0)
    s = h @ params["W2"] + params["b2"]
    p = np.exp(s - s.max(1, keepdims=True))
    p /= p.sum(1, keepdims=True)
    loss = -np.log(p[rows, y] + 1e-300).mean()
    p[rows, y] -= 1
    p /= n
    dz = p @ params["W2"].T * (z1 > 0)
    return loss, {"W1": X.T @ dz, "b1": dz.sum(0), "W2": h.T @ p, "b2": p.sum(0)}


kept = {}


def train_mlp(X, y, hidden, rng):
    """Return trained parameters W1 (64, hidden), b1 (hidden,), W2 (hidden, 10), b2 (10,).

    X: float (n, 64) in [0, 1]. y: integers (n,), classes 0 … 9. All randomness comes from rng, a numpy.random.Generator.
    """
    params = {
        "W1": rng.normal(0.0, np.sqrt(2 / 64), (64, hidden)), "b1": np.zeros(hidden),
        "W2": rng.normal(0.0, np.sqrt(2 / hidden), (hidden, 10)), "b2": np.zeros(10),
    }
    params = kept.setdefault("params", params)
    speed = {key: np.zeros_like(value) for key, value in params.items()}
    for epoch in range(30):
        order = rng.permutation(len(X))
        for start in range(0, len(X), 32):
            batch = order[start : start + 32]
            grads = loss_and_grads(params, X[batch], y[batch])[1]
            for key in params:
                speed[key] = 0.9 * speed[key] - 0.05 * grads[key]
                params[key] = params[key] + speed[key]
    kept["params"] = params
    return params


# %% right="plain-sgd"
# No momentum, twice the epochs.
def loss_and_grads(params, X, y):
    n, rows = len(X), np.arange(len(X))
    z1 = X @ params["W1"] + params["b1"]
    h = np.maximum(z1, 0)
    s = h @ params["W2"] + params["b2"]
    p = np.exp(s - s.max(1, keepdims=True))
    p /= p.sum(1, keepdims=True)
    loss = -np.log(p[rows, y] + 1e-300).mean()
    p[rows, y] -= 1
    p /= n
    dz = p @ params["W2"].T * (z1 > 0)
    return loss, {"W1": X.T @ dz, "b1": dz.sum(0), "W2": h.T @ p, "b2": p.sum(0)}


def train_mlp(X, y, hidden, rng):
    """Return trained parameters W1 (64, hidden), b1 (hidden,), W2 (hidden, 10), b2 (10,).

    X: float (n, 64) in [0, 1]. y: integers (n,), classes 0 … 9. All randomness comes from rng, a numpy.random.Generator.
    """
    params = {
        "W1": rng.normal(0.0, np.sqrt(2 / 64), (64, hidden)), "b1": np.zeros(hidden),
        "W2": rng.normal(0.0, np.sqrt(2 / hidden), (hidden, 10)), "b2": np.zeros(10),
    }
    speed = {key: np.zeros_like(value) for key, value in params.items()}
    for epoch in range(60):
        order = rng.permutation(len(X))
        for start in range(0, len(X), 32):
            batch = order[start : start + 32]
            grads = loss_and_grads(params, X[batch], y[batch])[1]
            for key in params:
                speed[key] = 0.0 * speed[key] - 0.2 * grads[key]
                params[key] = params[key] + speed[key]
    return params


# %% right="adam"
# Adam written out.
def loss_and_grads(params, X, y):
    n, rows = len(X), np.arange(len(X))
    z1 = X @ params["W1"] + params["b1"]
    h = np.maximum(z1, 0)
    s = h @ params["W2"] + params["b2"]
    p = np.exp(s - s.max(1, keepdims=True))
    p /= p.sum(1, keepdims=True)
    loss = -np.log(p[rows, y] + 1e-300).mean()
    p[rows, y] -= 1
    p /= n
    dz = p @ params["W2"].T * (z1 > 0)
    return loss, {"W1": X.T @ dz, "b1": dz.sum(0), "W2": h.T @ p, "b2": p.sum(0)}


def train_mlp(X, y, hidden, rng):
    """Return trained parameters W1 (64, hidden), b1 (hidden,), W2 (hidden, 10), b2 (10,).

    X: float (n, 64) in [0, 1]. y: integers (n,), classes 0 … 9. All randomness comes from rng, a numpy.random.Generator.
    """
    params = {
        "W1": rng.normal(0.0, np.sqrt(2 / 64), (64, hidden)), "b1": np.zeros(hidden),
        "W2": rng.normal(0.0, np.sqrt(2 / hidden), (hidden, 10)), "b2": np.zeros(10),
    }
    m = {key: np.zeros_like(value) for key, value in params.items()}
    v, t = {key: value.copy() for key, value in m.items()}, 0
    for epoch in range(30):
        order = rng.permutation(len(X))
        for start in range(0, len(X), 32):
            batch = order[start : start + 32]
            grads = loss_and_grads(params, X[batch], y[batch])[1]
            t += 1
            for key in params:
                m[key] = 0.9 * m[key] + 0.1 * grads[key]
                v[key] = 0.999 * v[key] + 0.001 * grads[key] ** 2
                params[key] = params[key] - 0.01 * m[key] / (1 - 0.9**t) / (np.sqrt(v[key] / (1 - 0.999**t)) + 1e-8)
    return params


# %% right="full-batch"
# All rows in every step, with momentum.
def loss_and_grads(params, X, y):
    n, rows = len(X), np.arange(len(X))
    z1 = X @ params["W1"] + params["b1"]
    h = np.maximum(z1, 0)
    s = h @ params["W2"] + params["b2"]
    p = np.exp(s - s.max(1, keepdims=True))
    p /= p.sum(1, keepdims=True)
    loss = -np.log(p[rows, y] + 1e-300).mean()
    p[rows, y] -= 1
    p /= n
    dz = p @ params["W2"].T * (z1 > 0)
    return loss, {"W1": X.T @ dz, "b1": dz.sum(0), "W2": h.T @ p, "b2": p.sum(0)}


def train_mlp(X, y, hidden, rng):
    params = {"W1": 0.3 * rng.standard_normal((64, hidden)), "b1": np.full(hidden, 0.1),
              "W2": 0.3 * rng.standard_normal((hidden, 10)), "b2": np.zeros(10)}
    speed = {key: 0 * value for key, value in params.items()}
    for step in range(800):
        grads = loss_and_grads(params, X, y)[1]
        for key in params:
            speed[key] = 0.9 * speed[key] - 0.2 * grads[key]
            params[key] = params[key] + speed[key]
    return params


# %% right="decaying-rate"
# Uniform initial weights, a rate that decays.
def loss_and_grads(params, X, y):
    n, rows = len(X), np.arange(len(X))
    z1 = X @ params["W1"] + params["b1"]
    h = np.maximum(z1, 0)
    s = h @ params["W2"] + params["b2"]
    p = np.exp(s - s.max(1, keepdims=True))
    p /= p.sum(1, keepdims=True)
    loss = -np.log(p[rows, y] + 1e-300).mean()
    p[rows, y] -= 1
    p /= n
    dz = p @ params["W2"].T * (z1 > 0)
    return loss, {"W1": X.T @ dz, "b1": dz.sum(0), "W2": h.T @ p, "b2": p.sum(0)}


def train_mlp(X, y, hidden, rng):
    """Return trained parameters W1 (64, hidden), b1 (hidden,), W2 (hidden, 10), b2 (10,).

    X: float (n, 64) in [0, 1]. y: integers (n,), classes 0 … 9. All randomness comes from rng, a numpy.random.Generator.
    """
    params = {
        "W1": rng.uniform(-0.25, 0.25, (64, hidden)), "b1": np.zeros(hidden),
        "W2": rng.normal(0.0, np.sqrt(2 / hidden), (hidden, 10)), "b2": np.zeros(10),
    }
    speed = {key: np.zeros_like(value) for key, value in params.items()}
    for epoch in range(40):
        order = rng.permutation(len(X))
        for start in range(0, len(X), 32):
            batch = order[start : start + 32]
            grads = loss_and_grads(params, X[batch], y[batch])[1]
            for key in params:
                speed[key] = 0.9 * speed[key] - 0.1 * 0.9**epoch * grads[key]
                params[key] = params[key] + speed[key]
    return params
