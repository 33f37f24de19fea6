"""mlp_loss_and_grads: what learners write, right and wrong."""

# %%
import numpy as np


# %% wrong="penalty-without-half"
# l2 instead of l2 / 2 in the loss.
def back_affine(dout, x, W):
    return dout @ W.T, x.T @ dout, dout.sum(axis=0)


def mlp_loss_and_grads(params, X, y, l2=0.0):
    """Return the loss of the network and its gradients, a dict with the keys of params.

    params: W1 (D, H), b1 (H,), W2 (H, K), b2 (K,). X: (N, D). y: (N,) integers 0 … K − 1. The loss is the mean
    cross-entropy plus l2 / 2 times the sum of the squares of W1 and W2.
    """
    W1, b1, W2, b2 = (params[key] for key in ("W1", "b1", "W2", "b2"))
    n, rows, labels = len(X), np.arange(len(X)), np.asarray(y).astype(int)
    z1 = X @ W1 + b1  # (N, H)
    h = np.maximum(z1, 0.0)
    z2 = h @ W2 + b2  # (N, K)
    z2 = z2 - z2.max(axis=1, keepdims=True)
    log_p = z2 - np.log(np.exp(z2).sum(axis=1, keepdims=True))
    loss = -log_p[rows, labels].mean() + l2 * ((W1**2).sum() + (W2**2).sum())
    dz2 = np.exp(log_p)
    dz2[rows, labels] -= 1.0
    dh, dW2, db2 = back_affine(dz2 / n, h, W2)
    dX, dW1, db1 = back_affine(dh * (z1 > 0), X, W1)
    return float(loss), {"W1": dW1 + l2 * W1, "b1": db1, "W2": dW2 + l2 * W2, "b2": db2}


# %% wrong="penalty-gradient-doubled"
# 2·l2·W although the loss has the half.
def back_affine(dout, x, W):
    return dout @ W.T, x.T @ dout, dout.sum(axis=0)


def mlp_loss_and_grads(params, X, y, l2=0.0):
    """Return the loss of the network and its gradients, a dict with the keys of params.

    params: W1 (D, H), b1 (H,), W2 (H, K), b2 (K,). X: (N, D). y: (N,) integers 0 … K − 1. The loss is the mean
    cross-entropy plus l2 / 2 times the sum of the squares of W1 and W2.
    """
    W1, b1, W2, b2 = (params[key] for key in ("W1", "b1", "W2", "b2"))
    n, rows, labels = len(X), np.arange(len(X)), np.asarray(y).astype(int)
    z1 = X @ W1 + b1  # (N, H)
    h = np.maximum(z1, 0.0)
    z2 = h @ W2 + b2  # (N, K)
    z2 = z2 - z2.max(axis=1, keepdims=True)
    log_p = z2 - np.log(np.exp(z2).sum(axis=1, keepdims=True))
    loss = -log_p[rows, labels].mean() + l2 / 2 * ((W1**2).sum() + (W2**2).sum())
    dz2 = np.exp(log_p)
    dz2[rows, labels] -= 1.0
    dh, dW2, db2 = back_affine(dz2 / n, h, W2)
    dX, dW1, db1 = back_affine(dh * (z1 > 0), X, W1)
    return float(loss), {"W1": dW1 + 2 * l2 * W1, "b1": db1, "W2": dW2 + 2 * l2 * W2, "b2": db2}


# %% wrong="biases-penalised"
# The penalty covers all parameters.
def back_affine(dout, x, W):
    return dout @ W.T, x.T @ dout, dout.sum(axis=0)


def mlp_loss_and_grads(params, X, y, l2=0.0):
    """Return the loss of the network and its gradients, a dict with the keys of params.

    params: W1 (D, H), b1 (H,), W2 (H, K), b2 (K,). X: (N, D). y: (N,) integers 0 … K − 1. The loss is the mean
    cross-entropy plus l2 / 2 times the sum of the squares of W1 and W2.
    """
    W1, b1, W2, b2 = (params[key] for key in ("W1", "b1", "W2", "b2"))
    n, rows, labels = len(X), np.arange(len(X)), np.asarray(y).astype(int)
    z1 = X @ W1 + b1  # (N, H)
    h = np.maximum(z1, 0.0)
    z2 = h @ W2 + b2  # (N, K)
    z2 = z2 - z2.max(axis=1, keepdims=True)
    log_p = z2 - np.log(np.exp(z2).sum(axis=1, keepdims=True))
    loss = -log_p[rows, labels].mean() + l2 / 2 * ((W1**2).sum() + (W2**2).sum() + (b1**2).sum() + (b2**2).sum())
    dz2 = np.exp(log_p)
    dz2[rows, labels] -= 1.0
    dh, dW2, db2 = back_affine(dz2 / n, h, W2)
    dX, dW1, db1 = back_affine(dh * (z1 > 0), X, W1)
    return float(loss), {"W1": dW1 + l2 * W1, "b1": db1 + l2 * b1, "W2": dW2 + l2 * W2, "b2": db2 + l2 * b2}


# %% wrong="biases-penalised-in-the-gradient"
# In the gradient only.
def back_affine(dout, x, W):
    return dout @ W.T, x.T @ dout, dout.sum(axis=0)


def mlp_loss_and_grads(params, X, y, l2=0.0):
    """Return the loss of the network and its gradients, a dict with the keys of params.

    params: W1 (D, H), b1 (H,), W2 (H, K), b2 (K,). X: (N, D). y: (N,) integers 0 … K − 1. The loss is the mean
    cross-entropy plus l2 / 2 times the sum of the squares of W1 and W2.
    """
    W1, b1, W2, b2 = (params[key] for key in ("W1", "b1", "W2", "b2"))
    n, rows, labels = len(X), np.arange(len(X)), np.asarray(y).astype(int)
    z1 = X @ W1 + b1  # (N, H)
    h = np.maximum(z1, 0.0)
    z2 = h @ W2 + b2  # (N, K)
    z2 = z2 - z2.max(axis=1, keepdims=True)
    log_p = z2 - np.log(np.exp(z2).sum(axis=1, keepdims=True))
    loss = -log_p[rows, labels].mean() + l2 / 2 * ((W1**2).sum() + (W2**2).sum())
    dz2 = np.exp(log_p)
    dz2[rows, labels] -= 1.0
    dh, dW2, db2 = back_affine(dz2 / n, h, W2)
    dX, dW1, db1 = back_affine(dh * (z1 > 0), X, W1)
    return float(loss), {"W1": dW1 + l2 * W1, "b1": db1 + l2 * b1, "W2": dW2 + l2 * W2, "b2": db2 + l2 * b2}


# %% wrong="summed-gradient"
# The loss is a mean, its gradient a sum.
def back_affine(dout, x, W):
    return dout @ W.T, x.T @ dout, dout.sum(axis=0)


def mlp_loss_and_grads(params, X, y, l2=0.0):
    """Return the loss of the network and its gradients, a dict with the keys of params.

    params: W1 (D, H), b1 (H,), W2 (H, K), b2 (K,). X: (N, D). y: (N,) integers 0 … K − 1. The loss is the mean
    cross-entropy plus l2 / 2 times the sum of the squares of W1 and W2.
    """
    W1, b1, W2, b2 = (params[key] for key in ("W1", "b1", "W2", "b2"))
    n, rows, labels = len(X), np.arange(len(X)), np.asarray(y).astype(int)
    z1 = X @ W1 + b1  # (N, H)
    h = np.maximum(z1, 0.0)
    z2 = h @ W2 + b2  # (N, K)
    z2 = z2 - z2.max(axis=1, keepdims=True)
    log_p = z2 - np.log(np.exp(z2).sum(axis=1, keepdims=True))
    loss = -log_p[rows, labels].mean() + l2 / 2 * ((W1**2).sum() + (W2**2).sum())
    dz2 = np.exp(log_p)
    dz2[rows, labels] -= 1.0
    dh, dW2, db2 = back_affine(dz2, h, W2)
    dX, dW1, db1 = back_affine(dh * (z1 > 0), X, W1)
    return float(loss), {"W1": dW1 + l2 * W1, "b1": db1, "W2": dW2 + l2 * W2, "b2": db2}


# %% wrong="relu-on-the-output"
# A ReLU on the way back through the linear output.
def back_affine(dout, x, W):
    return dout @ W.T, x.T @ dout, dout.sum(axis=0)


def mlp_loss_and_grads(params, X, y, l2=0.0):
    """Return the loss of the network and its gradients, a dict with the keys of params.

    params: W1 (D, H), b1 (H,), W2 (H, K), b2 (K,). X: (N, D). y: (N,) integers 0 … K − 1. The loss is the mean
    cross-entropy plus l2 / 2 times the sum of the squares of W1 and W2.
    """
    W1, b1, W2, b2 = (params[key] for key in ("W1", "b1", "W2", "b2"))
    n, rows, labels = len(X), np.arange(len(X)), np.asarray(y).astype(int)
    z1 = X @ W1 + b1  # (N, H)
    h = np.maximum(z1, 0.0)
    z2 = h @ W2 + b2  # (N, K)
    z2 = z2 - z2.max(axis=1, keepdims=True)
    log_p = z2 - np.log(np.exp(z2).sum(axis=1, keepdims=True))
    loss = -log_p[rows, labels].mean() + l2 / 2 * ((W1**2).sum() + (W2**2).sum())
    dz2 = np.exp(log_p)
    dz2[rows, labels] -= 1.0
    dh, dW2, db2 = back_affine(dz2 / n * (z2 + 1e-300 > z2.mean()), h, W2)
    dX, dW1, db1 = back_affine(dh * (z1 > 0), X, W1)
    return float(loss), {"W1": dW1 + l2 * W1, "b1": db1, "W2": dW2 + l2 * W2, "b2": db2}


# %% wrong="mask-of-the-gradient"
# The mask comes from the back-propagated value.
def back_affine(dout, x, W):
    return dout @ W.T, x.T @ dout, dout.sum(axis=0)


def mlp_loss_and_grads(params, X, y, l2=0.0):
    """Return the loss of the network and its gradients, a dict with the keys of params.

    params: W1 (D, H), b1 (H,), W2 (H, K), b2 (K,). X: (N, D). y: (N,) integers 0 … K − 1. The loss is the mean
    cross-entropy plus l2 / 2 times the sum of the squares of W1 and W2.
    """
    W1, b1, W2, b2 = (params[key] for key in ("W1", "b1", "W2", "b2"))
    n, rows, labels = len(X), np.arange(len(X)), np.asarray(y).astype(int)
    z1 = X @ W1 + b1  # (N, H)
    h = np.maximum(z1, 0.0)
    z2 = h @ W2 + b2  # (N, K)
    z2 = z2 - z2.max(axis=1, keepdims=True)
    log_p = z2 - np.log(np.exp(z2).sum(axis=1, keepdims=True))
    loss = -log_p[rows, labels].mean() + l2 / 2 * ((W1**2).sum() + (W2**2).sum())
    dz2 = np.exp(log_p)
    dz2[rows, labels] -= 1.0
    dh, dW2, db2 = back_affine(dz2 / n, h, W2)
    dX, dW1, db1 = back_affine(np.where(dh > 0, dh, 0.0), X, W1)
    return float(loss), {"W1": dW1 + l2 * W1, "b1": db1, "W2": dW2 + l2 * W2, "b2": db2}


# %% wrong="penalty-without-gradient"
# In the loss, not in the gradient.
def back_affine(dout, x, W):
    return dout @ W.T, x.T @ dout, dout.sum(axis=0)


def mlp_loss_and_grads(params, X, y, l2=0.0):
    """Return the loss of the network and its gradients, a dict with the keys of params.

    params: W1 (D, H), b1 (H,), W2 (H, K), b2 (K,). X: (N, D). y: (N,) integers 0 … K − 1. The loss is the mean
    cross-entropy plus l2 / 2 times the sum of the squares of W1 and W2.
    """
    W1, b1, W2, b2 = (params[key] for key in ("W1", "b1", "W2", "b2"))
    n, rows, labels = len(X), np.arange(len(X)), np.asarray(y).astype(int)
    z1 = X @ W1 + b1  # (N, H)
    h = np.maximum(z1, 0.0)
    z2 = h @ W2 + b2  # (N, K)
    z2 = z2 - z2.max(axis=1, keepdims=True)
    log_p = z2 - np.log(np.exp(z2).sum(axis=1, keepdims=True))
    loss = -log_p[rows, labels].mean() + l2 / 2 * ((W1**2).sum() + (W2**2).sum())
    dz2 = np.exp(log_p)
    dz2[rows, labels] -= 1.0
    dh, dW2, db2 = back_affine(dz2 / n, h, W2)
    dX, dW1, db1 = back_affine(dh * (z1 > 0), X, W1)
    return float(loss), {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}


# %% wrong="no-mask"
# The ReLU is forgotten on the way back.
def back_affine(dout, x, W):
    return dout @ W.T, x.T @ dout, dout.sum(axis=0)


def mlp_loss_and_grads(params, X, y, l2=0.0):
    """Return the loss of the network and its gradients, a dict with the keys of params.

    params: W1 (D, H), b1 (H,), W2 (H, K), b2 (K,). X: (N, D). y: (N,) integers 0 … K − 1. The loss is the mean
    cross-entropy plus l2 / 2 times the sum of the squares of W1 and W2.
    """
    W1, b1, W2, b2 = (params[key] for key in ("W1", "b1", "W2", "b2"))
    n, rows, labels = len(X), np.arange(len(X)), np.asarray(y).astype(int)
    z1 = X @ W1 + b1  # (N, H)
    h = np.maximum(z1, 0.0)
    z2 = h @ W2 + b2  # (N, K)
    z2 = z2 - z2.max(axis=1, keepdims=True)
    log_p = z2 - np.log(np.exp(z2).sum(axis=1, keepdims=True))
    loss = -log_p[rows, labels].mean() + l2 / 2 * ((W1**2).sum() + (W2**2).sum())
    dz2 = np.exp(log_p)
    dz2[rows, labels] -= 1.0
    dh, dW2, db2 = back_affine(dz2 / n, h, W2)
    dX, dW1, db1 = back_affine(dh, X, W1)
    return float(loss), {"W1": dW1 + l2 * W1, "b1": db1, "W2": dW2 + l2 * W2, "b2": db2}


# %% wrong="overflows"
# The maximum is not subtracted.
def back_affine(dout, x, W):
    return dout @ W.T, x.T @ dout, dout.sum(axis=0)


def mlp_loss_and_grads(params, X, y, l2=0.0):
    np.seterr(all="ignore")
    """Return the loss of the network and its gradients, a dict with the keys of params.

    params: W1 (D, H), b1 (H,), W2 (H, K), b2 (K,). X: (N, D). y: (N,) integers 0 … K − 1. The loss is the mean
    cross-entropy plus l2 / 2 times the sum of the squares of W1 and W2.
    """
    W1, b1, W2, b2 = (params[key] for key in ("W1", "b1", "W2", "b2"))
    n, rows, labels = len(X), np.arange(len(X)), np.asarray(y).astype(int)
    z1 = X @ W1 + b1  # (N, H)
    h = np.maximum(z1, 0.0)
    z2 = h @ W2 + b2  # (N, K)
    log_p = z2 - np.log(np.exp(z2).sum(axis=1, keepdims=True))
    loss = -log_p[rows, labels].mean() + l2 / 2 * ((W1**2).sum() + (W2**2).sum())
    dz2 = np.exp(log_p)
    dz2[rows, labels] -= 1.0
    dh, dW2, db2 = back_affine(dz2 / n, h, W2)
    dX, dW1, db1 = back_affine(dh * (z1 > 0), X, W1)
    return float(loss), {"W1": dW1 + l2 * W1, "b1": db1, "W2": dW2 + l2 * W2, "b2": db2}


# %% wrong="classes-from-the-labels"
# K is the largest label plus one.
def back_affine(dout, x, W):
    return dout @ W.T, x.T @ dout, dout.sum(axis=0)


def mlp_loss_and_grads(params, X, y, l2=0.0):
    """Return the loss of the network and its gradients, a dict with the keys of params.

    params: W1 (D, H), b1 (H,), W2 (H, K), b2 (K,). X: (N, D). y: (N,) integers 0 … K − 1. The loss is the mean
    cross-entropy plus l2 / 2 times the sum of the squares of W1 and W2.
    """
    W1, b1, W2, b2 = (params[key] for key in ("W1", "b1", "W2", "b2"))
    n, rows, labels = len(X), np.arange(len(X)), np.asarray(y).astype(int)
    z1 = X @ W1 + b1  # (N, H)
    h = np.maximum(z1, 0.0)
    k = labels.max() + 1
    z2 = (h @ W2 + b2)[:, :k]
    z2 = z2 - z2.max(axis=1, keepdims=True)
    log_p = z2 - np.log(np.exp(z2).sum(axis=1, keepdims=True))
    loss = -log_p[rows, labels].mean() + l2 / 2 * ((W1**2).sum() + (W2**2).sum())
    dz2 = np.exp(log_p)
    dz2[rows, labels] -= 1.0
    dh, dW2, db2 = back_affine(np.pad(dz2 / n, ((0, 0), (0, len(b2) - k))), h, W2)
    dX, dW1, db1 = back_affine(dh * (z1 > 0), X, W1)
    return float(loss), {"W1": dW1 + l2 * W1, "b1": db1, "W2": dW2 + l2 * W2, "b2": db2}


# %% wrong="params-changed"
# The penalty is applied to the caller's weights.
def back_affine(dout, x, W):
    return dout @ W.T, x.T @ dout, dout.sum(axis=0)


def mlp_loss_and_grads(params, X, y, l2=0.0):
    """Return the loss of the network and its gradients, a dict with the keys of params.

    params: W1 (D, H), b1 (H,), W2 (H, K), b2 (K,). X: (N, D). y: (N,) integers 0 … K − 1. The loss is the mean
    cross-entropy plus l2 / 2 times the sum of the squares of W1 and W2.
    """
    W1, b1, W2, b2 = (params[key] for key in ("W1", "b1", "W2", "b2"))
    n, rows, labels = len(X), np.arange(len(X)), np.asarray(y).astype(int)
    z1 = X @ W1 + b1  # (N, H)
    h = np.maximum(z1, 0.0)
    z2 = h @ W2 + b2  # (N, K)
    z2 = z2 - z2.max(axis=1, keepdims=True)
    log_p = z2 - np.log(np.exp(z2).sum(axis=1, keepdims=True))
    loss = -log_p[rows, labels].mean() + l2 / 2 * ((W1**2).sum() + (W2**2).sum())
    dz2 = np.exp(log_p)
    dz2[rows, labels] -= 1.0
    dh, dW2, db2 = back_affine(dz2 / n, h, W2)
    dX, dW1, db1 = back_affine(dh * (z1 > 0), X, W1)
    params["W1"] = W1 * 1.001
    return float(loss), {"W1": dW1 + l2 * W1, "b1": db1, "W2": dW2 + l2 * W2, "b2": db2}


# %% right="own-helpers"
# The reference, with the helper written again.
def back_affine(dout, x, W):
    return dout @ W.T, x.T @ dout, dout.sum(axis=0)


def mlp_loss_and_grads(params, X, y, l2=0.0):
    """Return the loss of the network and its gradients, a dict with the keys of params.

    params: W1 (D, H), b1 (H,), W2 (H, K), b2 (K,). X: (N, D). y: (N,) integers 0 … K − 1. The loss is the mean
    cross-entropy plus l2 / 2 times the sum of the squares of W1 and W2.
    """
    W1, b1, W2, b2 = (params[key] for key in ("W1", "b1", "W2", "b2"))
    n, rows, labels = len(X), np.arange(len(X)), np.asarray(y).astype(int)
    z1 = X @ W1 + b1  # (N, H)
    h = np.maximum(z1, 0.0)
    z2 = h @ W2 + b2  # (N, K)
    z2 = z2 - z2.max(axis=1, keepdims=True)
    log_p = z2 - np.log(np.exp(z2).sum(axis=1, keepdims=True))
    loss = -log_p[rows, labels].mean() + l2 / 2 * ((W1**2).sum() + (W2**2).sum())
    dz2 = np.exp(log_p)
    dz2[rows, labels] -= 1.0
    dh, dW2, db2 = back_affine(dz2 / n, h, W2)
    dX, dW1, db1 = back_affine(dh * (z1 > 0), X, W1)
    return float(loss), {"W1": dW1 + l2 * W1, "b1": db1, "W2": dW2 + l2 * W2, "b2": db2}


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
