"""mlp_loss_and_grads: what learners write, right and wrong."""

# %%
import numpy as np


def _answer(params, X, y, l2, half=0.5, slope=1.0, penalised=("W1", "W2"), shrunk=("W1", "W2"), rows=None, gate=None,
            out_gate=None, safe=True, known=None):  # fmt: skip
    """A right answer, unless a keyword says otherwise.

    half, penalised: factor and parameters of the penalty; slope, shrunk: those of its gradient. rows: what the gradient is
    divided by. gate, out_gate: what passes back through the hidden and the output layer, given z and the gradient. safe:
    subtract the largest score. known: the number of classes.
    """
    n, at, labels = len(X), np.arange(len(X)), y.astype(int)
    z1 = X @ params["W1"] + params["b1"]
    h = np.maximum(z1, 0)
    z2 = h @ params["W2"] + params["b2"]
    z2 = z2[:, : known or z2.shape[1]]
    z2 = z2 - z2.max(axis=1, keepdims=True) if safe else z2
    with np.errstate(all="ignore"):
        log_p = z2 - np.log(np.exp(z2).sum(axis=1, keepdims=True))
        d2 = np.exp(log_p)
    loss = -log_p[at, labels].mean() + half * l2 * sum((params[name] ** 2).sum() for name in penalised)
    d2[at, labels] -= 1
    d2 = d2 / (rows or n)
    d2 = d2 if out_gate is None else d2 * out_gate(z2, d2)
    d2 = np.pad(d2, ((0, 0), (0, len(params["b2"]) - d2.shape[1])))
    dh = d2 @ params["W2"].T
    d1 = dh * ((z1 > 0) if gate is None else gate(z1, dh))
    grads = {"W1": X.T @ d1, "b1": d1.sum(axis=0), "W2": h.T @ d2, "b2": d2.sum(axis=0)}
    return loss, {name: grad + slope * l2 * params[name] * (name in shrunk) for name, grad in grads.items()}


# %% wrong="penalty-without-half"
# l2 instead of l2 / 2 in the loss.
def mlp_loss_and_grads(params, X, y, l2=0.0):
    return _answer(params, X, y, l2, half=1.0)


# %% wrong="penalty-gradient-doubled"
# 2·l2·W although the loss has the half.
def mlp_loss_and_grads(params, X, y, l2=0.0):
    return _answer(params, X, y, l2, slope=2.0)


# %% wrong="biases-penalised"
# The penalty covers all parameters.
def mlp_loss_and_grads(params, X, y, l2=0.0):
    return _answer(params, X, y, l2, penalised=("W1", "b1", "W2", "b2"), shrunk=("W1", "b1", "W2", "b2"))


# %% wrong="biases-penalised-in-the-gradient"
# In the gradient only.
def mlp_loss_and_grads(params, X, y, l2=0.0):
    return _answer(params, X, y, l2, shrunk=("W1", "b1", "W2", "b2"))


# %% wrong="summed-gradient"
# The loss is a mean, its gradient a sum.
def mlp_loss_and_grads(params, X, y, l2=0.0):
    return _answer(params, X, y, l2, rows=1)


# %% wrong="relu-on-the-output"
# A gate on the way back through the linear output.
def mlp_loss_and_grads(params, X, y, l2=0.0):
    return _answer(params, X, y, l2, out_gate=lambda z, d: z > z.mean())


# %% wrong="mask-of-the-gradient"
# The gate comes from the back-propagated value.
def mlp_loss_and_grads(params, X, y, l2=0.0):
    return _answer(params, X, y, l2, gate=lambda z, d: d > 0)


# %% wrong="penalty-without-gradient"
# In the loss, not in the gradient.
def mlp_loss_and_grads(params, X, y, l2=0.0):
    return _answer(params, X, y, l2, shrunk=())


# %% wrong="no-mask"
# The ReLU is forgotten on the way back.
def mlp_loss_and_grads(params, X, y, l2=0.0):
    return _answer(params, X, y, l2, gate=lambda z, d: 1.0)


# %% wrong="overflows"
# The maximum is not subtracted.
def mlp_loss_and_grads(params, X, y, l2=0.0):
    return _answer(params, X, y, l2, safe=False)


# %% wrong="classes-from-the-labels"
# K is the largest label plus one.
def mlp_loss_and_grads(params, X, y, l2=0.0):
    return _answer(params, X, y, l2, known=int(y.max()) + 1)


# %% wrong="params-changed"
# The caller's weights shrink while it works.
def mlp_loss_and_grads(params, X, y, l2=0.0):
    params["W1"] *= 1.001
    return _answer(params, X, y, l2)


# %% wrong="one-maximum-for-all-rows"
# Subtracts the maximum of the whole table: rows with small scores underflow.
def mlp_loss_and_grads(params, X, y, l2=0.0):
    z2 = np.maximum(X @ params["W1"] + params["b1"], 0) @ params["W2"] + params["b2"]
    with np.errstate(all="ignore"):
        return _answer(params | {"b2": params["b2"] - z2.max()}, X, y, l2, safe=False)


# %% wrong="small-positions-wrap"
# Flat positions in the type of the labels: 128 does not fit into int8.
def mlp_loss_and_grads(params, X, y, l2=0.0):
    k = len(params["b2"])
    flat = (np.arange(len(X)) * k).astype(y.dtype) + y
    hot = np.zeros((len(X), k))
    hot.ravel()[flat] = 1
    loss, _ = _answer(params, X, y, l2)
    return loss, _answer(params, X, hot.argmax(axis=1), l2)[1]


# %% wrong="repeated-rows-weigh-less"
# The loss is divided by the number of different rows.
def mlp_loss_and_grads(params, X, y, l2=0.0):
    penalty = l2 / 2 * ((params["W1"] ** 2).sum() + (params["W2"] ** 2).sum())
    loss, grads = _answer(params, X, y, l2)
    return penalty + (loss - penalty) * len(X) / len(np.unique(X, axis=0)), grads


# %% right="one-gate-and-two-products"
# Written out without the functions of the exercises before.
def mlp_loss_and_grads(params, X, y, l2=0.0):
    return _answer(params, X, y, l2)


# %% right="row-by-row"
# One sample after the other.
def mlp_loss_and_grads(params, X, y, l2=0.0):
    W1, b1, W2, b2 = params["W1"], params["b1"], params["W2"], params["b2"]
    grads = {"W1": l2 * W1, "b1": 0 * b1, "W2": l2 * W2, "b2": 0 * b2}
    loss = 0.5 * l2 * (np.sum(W1 * W1) + np.sum(W2 * W2))
    for x, label in zip(X, y):
        z = x @ W1 + b1
        h = np.maximum(z, 0)
        s = h @ W2 + b2
        s = s - s.max()
        p = np.exp(s) / np.exp(s).sum()
        loss += (np.log(np.exp(s).sum()) - s[int(label)]) / len(X)
        p[int(label)] -= 1
        p /= len(X)
        dz = (W2 @ p) * (z > 0)
        grads["W2"] = grads["W2"] + np.outer(h, p)
        grads["b2"] = grads["b2"] + p
        grads["W1"] = grads["W1"] + np.outer(x, dz)
        grads["b1"] = grads["b1"] + dz
    return loss, grads


# %% right="list-of-layers"
# A general loop over layers.
from scipy.special import logsumexp


def mlp_loss_and_grads(params, X, y, l2=0.0):
    layers = [("W1", "b1", True), ("W2", "b2", False)]
    a, seen, loss, grads = X, [], 0.0, {}
    for w, b, bend in layers:
        z = a @ params[w] + params[b]
        seen.append((a, z))
        a = np.where(z > 0, z, 0) if bend else z
        loss += l2 / 2 * np.sum(params[w] ** 2)
    log_p = a - logsumexp(a, axis=1, keepdims=True)
    target = np.eye(a.shape[1])[np.asarray(y, dtype=int)]
    loss -= np.sum(target * log_p) / len(X)
    d = (np.exp(log_p) - target) / len(X)
    for (w, b, bend), (a, z) in zip(layers[::-1], seen[::-1]):
        d = np.where(z > 0, d, 0) if bend else d
        grads[w], grads[b] = a.T @ d + l2 * params[w], d.sum(0)
        d = d @ params[w].T
    return loss, grads


# %% right="one-hot-softmax"
# A probability table and a one-hot table.
def mlp_loss_and_grads(params, X, y, l2=0.0):
    h = np.maximum(X @ params["W1"] + params["b1"], 0)
    s = h @ params["W2"] + params["b2"]
    s -= s.max(1)[:, None]
    lse = np.log(np.exp(s).sum(1))
    t = np.zeros_like(s)
    for i, k in enumerate(y):
        t[i, int(k)] = 1
    loss = np.mean(lse - (t * s).sum(1)) + l2 * 0.5 * sum((params[k] ** 2).sum() for k in ("W1", "W2"))
    ds = (np.exp(s - lse[:, None]) - t) / len(t)
    dh = ds @ params["W2"].T * (h > 0)
    grads = {"W2": h.T @ ds, "b2": ds.sum(0), "W1": X.T @ dh, "b1": dh.sum(0)}
    for k in ("W1", "W2"):
        grads[k] = grads[k] + l2 * params[k]
    return np.float64(loss), grads


# %% right="log-softmax-of-scipy"
# SciPy's stable softmax, a one-hot table by comparison, index notation.
def mlp_loss_and_grads(params, X, y, l2=0.0):
    from scipy.special import log_softmax

    h = np.maximum(X @ params["W1"] + params["b1"], 0)
    log_p = log_softmax(h @ params["W2"] + params["b2"], axis=1)
    hot = (y[:, None].astype(np.int64) == np.arange(len(params["b2"]))).astype(float)
    loss = -(hot * log_p).sum() / len(X) + 0.5 * l2 * sum(np.vdot(params[w], params[w]) for w in ("W1", "W2"))
    d2 = (np.exp(log_p) - hot) / len(X)
    d1 = (d2 @ params["W2"].T) * (h > 0)
    grads = {"b2": np.ones(len(X)) @ d2, "b1": np.ones(len(X)) @ d1}
    grads["W2"] = np.einsum("nh,nk->hk", h, d2) + l2 * params["W2"]
    grads["W1"] = np.einsum("nd,nh->dh", X, d1) + l2 * params["W1"]
    return np.float64(loss), grads


# %% right="reader-zh"
# four lines forward with shifted scores, backward with affine and relu
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


# %% right="reader-en"
# forward with log-sum-exp, backward with affine_backward and relu_backward; first try
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
