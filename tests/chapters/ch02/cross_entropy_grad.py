"""cross_entropy_grad: what learners write, right and wrong."""

# %%
import math

import numpy as np
import scipy.special


# %% wrong="no-division-by-n"
# The gradient of the sum, not of the mean.
def cross_entropy_grad(z, y):
    g = scipy.special.softmax(z, axis=1)
    g[np.arange(len(y)), y] -= 1
    return g


# %% wrong="slope-in-the-probabilities"
# -y/p is the derivative in p, not in the logits.
def cross_entropy_grad(z, y):
    p = scipy.special.softmax(z, axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return -np.eye(z.shape[1])[y] / p / len(y)


# %% wrong="sign"
# Points uphill.
def cross_entropy_grad(z, y):
    return (np.eye(z.shape[1])[y] - scipy.special.softmax(z, axis=1)) / len(y)


# %% wrong="subtracts-the-label-value"
# Subtracts the number of the class from the whole row.
def cross_entropy_grad(z, y):
    return (scipy.special.softmax(z, axis=1) - y[:, None].astype(float)) / len(y)


# %% wrong="true-class-only"
# Forgets that the other logits enter through the sum.
def cross_entropy_grad(z, y):
    p, t = scipy.special.softmax(z, axis=1), np.eye(z.shape[1])[y]
    return t * (p - 1) / len(y)


# %% wrong="divides-by-k"
# 1/K in place of 1/N.
def cross_entropy_grad(z, y):
    return (scipy.special.softmax(z, axis=1) - np.eye(z.shape[1])[y]) / z.shape[1]


# %% wrong="divides-by-n-and-k"
# The mean over all entries of the table.
def cross_entropy_grad(z, y):
    return (scipy.special.softmax(z, axis=1) - np.eye(z.shape[1])[y]) / z.size


# %% wrong="central-difference"
# Numerical instead of analytic.
def cross_entropy_grad(z, y):
    def loss(a):
        return np.mean(scipy.special.logsumexp(a, axis=1) - a[np.arange(len(y)), y])

    g = np.zeros(z.shape)
    for i in np.ndindex(z.shape):
        h = np.zeros(z.shape)
        h[i] = 1e-6
        g[i] = (loss(z + h) - loss(z - h)) / 2e-6
    return g


# %% wrong="five-point-stencil"
# A finite difference of high order, still not analytic.
def cross_entropy_grad(z, y):
    def loss(a):
        return np.mean(scipy.special.logsumexp(a, axis=1) - a[np.arange(len(y)), y])

    g, h = np.zeros(z.shape), 1e-3
    for i in np.ndindex(z.shape):
        d = np.zeros(z.shape)
        d[i] = h
        g[i] = (8 * (loss(z + d) - loss(z - d)) - (loss(z + 2 * d) - loss(z - 2 * d))) / (12 * h)
    return g


# %% wrong="central-difference-in-float32"
# Hopes for the wider tolerance of float32.
def cross_entropy_grad(z, y):
    def loss(a):
        return np.mean(scipy.special.logsumexp(a, axis=1) - a[np.arange(len(y)), y])

    g = np.zeros(z.shape)
    for i in np.ndindex(z.shape):
        h = np.zeros(z.shape)
        h[i] = 1e-5
        g[i] = (loss(z + h) - loss(z - h)) / 2e-5
    return g.astype(np.float32)


# %% wrong="no-shift"
# nan for large logits.
def cross_entropy_grad(z, y):
    with np.errstate(over="ignore", invalid="ignore"):
        e = np.exp(z)
        g = e / e.sum(axis=1, keepdims=True)
    g[np.arange(len(y)), y] -= 1
    return g / len(y)


# %% wrong="global-maximum"
# Rows far below the global maximum become 0/0.
def cross_entropy_grad(z, y):
    with np.errstate(invalid="ignore"):
        e = np.exp(z - z.max())
        g = e / e.sum(axis=1, keepdims=True)
    g[np.arange(len(y)), y] -= 1
    return g / len(y)


# %% wrong="writes-into-z"
# The result is right, the caller's logits are overwritten.
def cross_entropy_grad(z, y):
    z[...] = scipy.special.softmax(z, axis=1)
    z[np.arange(len(y)), y] -= 1
    return z / len(y)


# %% wrong="colon-indexing"
# p[:, y] -= 1 hits the columns of all labels in every row.
def cross_entropy_grad(z, y):
    g = scipy.special.softmax(z, axis=1)
    g[:, y] -= 1
    return g / len(y)


# %% wrong="slope-of-a-sigmoid"
# p (1 - p) at the wrong classes: one sigmoid per class.
def cross_entropy_grad(z, y):
    return (scipy.special.expit(z) - np.eye(z.shape[1])[y]) / len(y)


# %% wrong="squared-error-slope"
# The gradient of half the squared error of the probabilities.
def cross_entropy_grad(z, y):
    p = scipy.special.softmax(z, axis=1)
    d = p - np.eye(z.shape[1])[y]
    return p * (d - (p * d).sum(axis=1, keepdims=True)) / len(y)


# %% wrong="softmax-over-the-samples"
# Normalises along axis 0.
def cross_entropy_grad(z, y):
    return (scipy.special.softmax(z, axis=0) - np.eye(z.shape[1])[y]) / len(y)


# %% wrong="clips-the-probabilities"
# Small entries are replaced by 1e-7.
def cross_entropy_grad(z, y):
    p = np.clip(scipy.special.softmax(z, axis=1), 1e-7, 1 - 1e-7)
    return (p - np.eye(z.shape[1])[y]) / len(y)


# %% wrong="averages-over-the-batch"
# One row for all samples.
def cross_entropy_grad(z, y):
    return (scipy.special.softmax(z, axis=1) - np.eye(z.shape[1])[y]).mean(axis=0)


# %% right="softmax-minus-one-hot"
# The formula with np.eye.
def cross_entropy_grad(z, y):
    return (scipy.special.softmax(z, axis=1) - np.eye(z.shape[1])[y]) / len(z)


# %% right="exp-of-log-softmax"
# Stable logarithms first, a comparison as one-hot.
def cross_entropy_grad(z, y):
    p = np.exp(z - np.logaddexp.reduce(z, axis=1, keepdims=True))
    return (p - (np.arange(z.shape[1]) == y[:, None])) / z.shape[0]


# %% right="jacobian-per-row"
# J = diag(p) - p p^T, applied to -1/p at the label.
def cross_entropy_grad(z, y):
    n, k = z.shape
    out = np.empty((n, k))
    for i in range(n):
        p = scipy.special.softmax(z[i].astype(float))
        upstream = np.zeros(k)
        upstream[y[i]] = -1 / (n * p[y[i]])
        out[i] = (np.diag(p) - np.outer(p, p)) @ upstream
    return out


# %% right="loops"
# Element by element with math.exp.
def cross_entropy_grad(z, y):
    n, k = z.shape
    out = np.zeros((n, k))
    for i in range(n):
        m = max(float(v) for v in z[i])
        total = sum(math.exp(float(v) - m) for v in z[i])
        for j in range(k):
            out[i, j] = (math.exp(float(z[i, j]) - m) / total - (1 if j == int(y[i]) else 0)) / n
    return out


# %% right="label-balances-the-row"
# The entry at the label is minus the sum of the others; Fortran order.
def cross_entropy_grad(z, y):
    rows = np.arange(len(y))
    g = np.asfortranarray(scipy.special.softmax(z, axis=1).astype(float))
    g[rows, y] = 0
    g[rows, y] = -g.sum(axis=1)
    return g / len(y)


# %% right="subtract-at"
# np.subtract.at on weights that contain 1/N from the start.
def cross_entropy_grad(z, y):
    n = z.shape[0]
    e = np.exp(z - z.max(1)[:, None])
    g = e / (n * e.sum(1)[:, None])
    np.subtract.at(g, (np.arange(n), y), 1 / n)
    return g


# %% right="float32-result"
# Analytic, handed over as float32.
def cross_entropy_grad(z, y):
    g = scipy.special.softmax(z.astype(float), axis=1) - np.eye(z.shape[1])[y]
    return (g / len(y)).astype(np.float32)


# %% right="complex-step"
# Not a finite difference: the imaginary part carries the derivative exactly.
def cross_entropy_grad(z, y):
    n, k = z.shape
    out = np.zeros((n, k))
    for i in range(n):
        row = z[i].astype(float)
        for j in range(k):
            w = row.astype(complex)
            w[j] += 1e-200j
            m = row.max()
            loss = np.log(np.exp(w - m).sum()) - w[y[i]]
            out[i, j] = loss.imag / 1e-200 / n
    return out


# %% wrong="row-numbers-in-the-labels-dtype"
# np.arange in uint8 or int8 wraps around in a batch of more than 256 rows.
def cross_entropy_grad(z, y):
    e = np.exp(z - np.max(z, axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    p[np.arange(len(y)).astype(y.dtype), y] -= 1
    return p / len(y)


# %% wrong="divides-by-a-small-n"
# The number of samples in the labels' dtype: 300 is 44 in uint8.
def cross_entropy_grad(z, y):
    e = np.exp(z - np.max(z, axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    p[np.arange(len(y)), y] -= 1
    return p / np.ones_like(y).sum(dtype=y.dtype)


# %% right="one-hot-by-identity"
# Rows of an identity matrix, and a matrix product with 1/N on the diagonal.
def cross_entropy_grad(z, y):
    z = np.asarray(z, dtype=float)
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return (e / e.sum(axis=1, keepdims=True) - np.eye(z.shape[1])[y]) * (1.0 / z.shape[0])


# %% right="reader-zh"
# How: probabilities minus one-hot, divided by N.
def log_softmax(z):
    """Return ln softmax of each row of the logits z (N, K): float, same shape, finite for any finite z."""
    z = z.astype(np.float64)
    shifted = z - np.max(z, axis=1, keepdims=True)
    return shifted - np.log(np.sum(np.exp(shifted), axis=1, keepdims=True))


def cross_entropy_grad(z, y):
    """Return the gradient (N, K) of the mean cross-entropy in the logits z (N, K); y: integer labels (N,)."""
    gradient = np.exp(log_softmax(z))
    gradient[np.arange(len(y)), y] -= 1
    return gradient / len(y)


# %% right="reader-en"
# exp(log_softmax) minus one-hot, over N; log_softmax repeated here
def log_softmax(z):
    """Return ln softmax of each row of the logits z (N, K): float, same shape, finite for any finite z."""
    z = np.asarray(z, dtype=np.float64)
    shifted = z - z.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


def cross_entropy_grad(z, y):
    """Return the gradient (N, K) of the mean cross-entropy in the logits z (N, K); y: integer labels (N,)."""
    g = np.exp(log_softmax(z))
    g[np.arange(len(y)), y] -= 1
    return g / len(y)
# %% wrong="labels-to-uint8"
# Labels above 255 are lost.
def cross_entropy_grad(z, y):
    g = np.exp(z - z.max(axis=1, keepdims=True))
    g /= g.sum(axis=1, keepdims=True)
    g[np.arange(len(y)), y.astype(np.uint8)] -= 1
    return g / len(y)
# %% wrong="one-class-as-one-logit"
# Takes K = 1 for the two-class case.
def cross_entropy_grad(z, y):
    if z.shape[1] == 1:
        return (1 / (1 + np.exp(-z)) - y[:, None]) / len(y)
    g = np.exp(z - z.max(axis=1, keepdims=True))
    g /= g.sum(axis=1, keepdims=True)
    g[np.arange(len(y)), y] -= 1
    return g / len(y)
# %% wrong="gradient-of-the-row-maximum-lost"
# Rows that are almost right get no gradient at all.
def cross_entropy_grad(z, y):
    g = np.exp(z - z.max(axis=1, keepdims=True))
    g /= g.sum(axis=1, keepdims=True)
    done = g[np.arange(len(y)), y] > 1 - 1e-12
    g[np.arange(len(y)), y] -= 1
    g[done] = 0
    return g / len(y)
