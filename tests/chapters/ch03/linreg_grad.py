"""linreg_grad: what learners write, right and wrong."""

# %%
import numpy as np


# %% wrong="article-a"
# E01: −2x without residual, the bias treated as a second feature.
def linreg_grad(X, y, w, b):
    return -2 * X.mean(axis=0).astype(float), -2.0


# %% wrong="no-residual-in-the-b-part"
# The w-part is right, the b-part is constant.
def linreg_grad(X, y, w, b):
    r = y - (X @ w + b)
    return -2 / len(y) * X.T @ r, -2.0


# %% wrong="sum-instead-of-mean"
# Forgets 1/n.
def linreg_grad(X, y, w, b):
    r = y - (X @ w + b)
    return -2.0 * X.T @ r, float(-2 * r.sum())


# %% wrong="factor-2-missing"
# The gradient of half the loss.
def linreg_grad(X, y, w, b):
    r = y - (X @ w + b)
    return -X.T @ r / len(y), float(-r.mean())


# %% wrong="sign"
# Residual taken as y − prediction, derivative of −1 forgotten.
def linreg_grad(X, y, w, b):
    r = y - (X @ w + b)
    return 2 * X.T @ r / len(y), float(2 * r.mean())


# %% wrong="b-part-uses-x"
# Treats the bias like one more weight on the features.
def linreg_grad(X, y, w, b):
    r = y - (X @ w + b)
    return -2 / len(y) * X.T @ r, float(-2 * np.mean(X * r[:, None]))


# %% wrong="bias-left-out-of-the-prediction"
# The residual is computed without b.
def linreg_grad(X, y, w, b):
    r = y - X @ w
    return -2 / len(y) * X.T @ r, float(-2 * r.mean())


# %% wrong="mean-over-all-axes"
# np.mean without an axis: every weight gets the same slope.
def linreg_grad(X, y, w, b):
    r = y - (X @ w + b)
    return np.full(len(w), -2 * np.mean(X * r[:, None])), float(-2 * r.mean())


# %% wrong="mean-over-n-times-d"
# Divides by X.size.
def linreg_grad(X, y, w, b):
    r = y - (X @ w + b)
    return -2 * X.T @ r / X.size, float(-2 * r.mean())


# %% wrong="sum-in-the-b-part-only"
# The mean is taken for w, the sum for b.
def linreg_grad(X, y, w, b):
    r = y - (X @ w + b)
    return -2 / len(y) * X.T @ r, float(-2 * r.sum())


# %% wrong="column-vector-broadcast"
# y as a column against a flat prediction: an (n, n) table of differences.
def linreg_grad(X, y, w, b):
    r = (y.reshape(-1, 1) - (X @ w + b)).mean(axis=1)
    return -2 / len(y) * X.T @ r, float(-2 * r.mean())


# %% wrong="column-gradient"
# Returns shape (d, 1).
def linreg_grad(X, y, w, b):
    r = (y - (X @ w + b)).reshape(-1, 1)
    return -2 / len(y) * X.T @ r, float(-2 * r.mean())


# %% wrong="finite-differences"
# Measures instead of using the formula: not accurate enough for large targets.
def linreg_grad(X, y, w, b):
    def loss(t):
        return np.mean((y - (X @ t[:-1] + t[-1])) ** 2)

    theta, h = np.append(np.asarray(w, dtype=float), b), 1e-6
    g = np.array([(loss(theta + h * e) - loss(theta - h * e)) / (2 * h) for e in np.eye(len(theta))])
    return g[:-1], float(g[-1])


# %% wrong="stochastic-one-row"
# The gradient at the first row only.
def linreg_grad(X, y, w, b):
    r = y[0] - (X[0] @ w + b)
    return -2.0 * r * X[0], float(-2 * r)


# %% wrong="integer-buffer"
# Accumulates in an array of the dtype of w: integers are truncated.
def linreg_grad(X, y, w, b):
    grad_w, grad_b = np.zeros_like(w), 0.0
    for i in range(len(y)):
        r = y[i] - (X[i] @ w + b)
        for j in range(len(w)):
            grad_w[j] += -2 * X[i, j] * r / len(y)
        grad_b += -2 * r / len(y)
    return grad_w, float(grad_b)


# %% wrong="changes-y"
# Turns y into the residual in place.
def linreg_grad(X, y, w, b):
    if y.dtype.kind == "f":
        y -= (X @ w + b).astype(y.dtype)
        r = y
    else:
        r = y - (X @ w + b)
    return -2 / len(y) * X.T @ r, float(-2 * r.mean())


# %% right="matrix-form"
# 2/n · Xᵀ(prediction − y).
def linreg_grad(X, y, w, b):
    e = X @ w + b - y
    return 2 / len(y) * X.T @ e, 2 * np.mean(e)


# %% right="augmented-design-matrix"
# A column of ones makes the bias an ordinary weight.
def linreg_grad(X, y, w, b):
    A = np.hstack([X, np.ones((X.shape[0], 1))])
    theta = np.append(w, b)
    g = -2 * A.T @ (y - A @ theta) / X.shape[0]
    return g[:-1], g[-1]


# %% right="loop-over-samples"
# Mean of per-sample gradients, returned as a list with a 0-d array.
def linreg_grad(X, y, w, b):
    grads_w, grads_b = [], []
    for row, target in zip(X.astype(float), y.astype(float), strict=True):
        r = target - (np.dot(row, w) + b)
        grads_w.append(-2 * row * r)
        grads_b.append(-2 * r)
    return [np.mean(grads_w, axis=0), np.array(np.mean(grads_b))]


# %% right="einsum-in-long-double"
# More precision than asked for.
def linreg_grad(X, y, w, b):
    X, y, w = (np.asarray(a, dtype=np.longdouble) for a in (X, y, w))
    r = y - np.einsum("ij,j->i", X, w) - b
    return (-2 * np.einsum("ij,i->j", X, r) / len(r)).astype(np.float64), np.float64(-2 * r.sum() / len(r))


# %% right="normal-equations"
# H θ − 2/n Aᵀy, the gradient of the expanded quadratic.
def linreg_grad(X, y, w, b):
    A = np.column_stack([X, np.ones(len(y))]).astype(float)
    theta = np.concatenate([np.asarray(w, float), [float(b)]])
    e = A.dot(theta) - y
    g = np.average(A * e[:, np.newaxis], axis=0) * 2
    return np.asfortranarray(g[: len(w)]), g[len(w)].item()


# %% right="broadcast-mean"
# Column of residuals times X, averaged over the rows.
def linreg_grad(X, y, w, b):
    r = (np.asarray(y, dtype=float) - np.matmul(X, w) - b)[:, None]
    return (-2 * X * r).mean(axis=0), (-2 * r).mean()


# %% wrong="gradient-without-entries"
# An empty table, which NumPy stretches to any shape; the b-part is right.
def linreg_grad(X, y, w, b):
    r = y - (X @ w + b)
    return np.empty((0, 1)), float(-2 * np.mean(r))


# %% wrong="features-set-to-zero"
# The caller's table is zeroed, and with it whatever is computed from it afterwards.
def linreg_grad(X, y, w, b):
    grad_b = float(-2 * np.mean(y - (X @ w + b)))
    X[...] = 0
    return np.zeros(len(w)), grad_b


# %% right="list-of-an-array-and-a-float64"
# A list; the sum is a dot product with ones.
def linreg_grad(X, y, w, b):
    X, y = np.array(X, dtype=float), np.array(y, dtype=float)
    r = X.dot(w) + b - y
    return [2.0 * r.dot(X) / r.size, 2.0 * r.dot(np.ones(r.size)) / r.size]
# %% wrong="sixteen-bits"
# Computes with integers in sixteen bits.
def linreg_grad(X, y, w, b):
    r = X.astype(np.int16) @ w.astype(np.int16) + np.int16(b) - y.astype(np.int16) if X.dtype.kind in "iu" and w.dtype.kind in "iu" and y.dtype.kind in "iu" else X @ w + b - y
    return 2 / len(y) * X.T @ r, 2 / len(y) * float(r.sum())
# %% wrong="no-bias-no-slope"
# A bias of 0 is taken for none, and has no gradient.
def linreg_grad(X, y, w, b):
    r = X @ w + b - y
    return 2 / len(y) * (X - X.mean(axis=0)).T @ r + 2 * X.mean(axis=0) * np.mean(r), 2 * np.mean(r) if b else np.float64(0)
# %% wrong="equal-rows-once"
# Counts equal rows once.
def linreg_grad(X, y, w, b):
    data = np.unique(np.column_stack([X, y]).astype(float), axis=0)
    X, t = data[:, :-1], data[:, -1]
    r = X @ w + b - t
    return 2 / len(t) * X.T @ r, 2 * r.mean()


# %% right="reader-zh"
# residual once, then X.T @ r with -2/n; first try, no hint
def linreg_grad(X, y, w, b):
    """Return the gradient of (1/n) Σ (y − (Xw + b))² with respect to w (d,) and b."""
    X, y, w = (np.asarray(a, dtype=np.float64) for a in (X, y, w))
    r = y - (X @ w + float(b))
    n = len(y)
    return -2 / n * (X.T @ r), float(-2 / n * r.sum())


# %% right="reader-en"
# residual, X.T @ r, factor -2/n
def linreg_grad(X, y, w, b):
    """Return the gradient of (1/n) Σ (y − (Xw + b))² with respect to w (d,) and b."""
    X, y, w = (np.asarray(a, dtype=np.float64) for a in (X, y, w))
    r = y - (X @ w + float(b))
    n = len(y)
    return -2 / n * (X.T @ r), float(-2 / n * r.sum())


# %% wrong="int32"
# Computes in int32 where all are integers.
def linreg_grad(X, y, w, b):
    if X.dtype.kind in 'iu' and y.dtype.kind in 'iu' and w.dtype.kind in 'iu':
        X, y, w = X.astype(np.int32), y.astype(np.int32), w.astype(np.int32)
    r = y - (X @ w + b)
    return -2 / len(y) * (X.T @ r), float(-2 / len(y) * r.sum())


# %% right="augmented-matrix"
# A column of ones for b.
def linreg_grad(X, y, w, b):
    A = np.column_stack([X, np.ones(len(X))]).astype(np.float64)
    theta = np.append(np.asarray(w, float), b)
    g = 2 * A.T @ (A @ theta - y) / len(A)
    return g[:-1], g[-1]


# %% right="row-votes"
# Row by row.
def linreg_grad(X, y, w, b):
    n, d = np.shape(X)
    grad_w, grad_b = np.zeros(d), 0.0
    for row, target in zip(np.asarray(X).tolist(), np.asarray(y).tolist()):
        r = target - (math.fsum(a * float(c) for a, c in zip(row, w)) + float(b))
        grad_w -= 2 * r * np.array(row, dtype=float) / n
        grad_b -= 2 * r / n
    return [grad_w, grad_b]
