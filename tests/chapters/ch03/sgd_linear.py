"""sgd_linear: what learners write, right and wrong."""

# %%
import numpy as np


# %% wrong="summed-gradient"
# The sum over the batch: the step grows with the number of rows.
def sgd_linear(X, y, lr, epochs, batch_size, rng):
    X = np.asarray(X, dtype=float)
    m, s = X.mean(axis=0), X.std(axis=0)
    s = np.where(np.ptp(X, axis=0) > 0, s, 1.0)
    Z, w, b = (X - m) / s, np.zeros(X.shape[1]), 0.0
    for _ in range(epochs):
        order = rng.permutation(len(y))
        for i in range(0, len(y), batch_size):
            rows = order[i : i + batch_size]
            r = y[rows] - (Z[rows] @ w + b)
            w, b = w + 2 * lr * Z[rows].T @ r, b + 2 * lr * r.sum()
    w = w / s
    return w, float(b - w @ m)


# %% wrong="no-bias"
# Fits weights only.
def sgd_linear(X, y, lr, epochs, batch_size, rng):
    X = np.asarray(X, dtype=float)
    m, s = X.mean(axis=0), X.std(axis=0)
    s = np.where(np.ptp(X, axis=0) > 0, s, 1.0)
    Z, w = (X - m) / s, np.zeros(X.shape[1])
    for _ in range(epochs):
        order = rng.permutation(len(y))
        for i in range(0, len(y), batch_size):
            rows = order[i : i + batch_size]
            w = w + 2 * lr / len(rows) * Z[rows].T @ (y[rows] - Z[rows] @ w)
    w = w / s
    return w, float(-w @ m)


# %% wrong="no-standardisation"
# Raw features: diverges to nan at scale 1e3.
def sgd_linear(X, y, lr, epochs, batch_size, rng):
    X = np.asarray(X, dtype=float)
    w, b = np.zeros(X.shape[1]), 0.0
    with np.errstate(all="ignore"):
        for _ in range(epochs):
            order = rng.permutation(len(y))
            for i in range(0, len(y), batch_size):
                rows = order[i : i + batch_size]
                r = y[rows] - (X[rows] @ w + b)
                w, b = w + 2 * lr / len(rows) * X[rows].T @ r, b + 2 * lr * r.mean()
    return w, float(b)


# %% wrong="weights-in-standardised-units"
# Forgets to convert back.
def sgd_linear(X, y, lr, epochs, batch_size, rng):
    X = np.asarray(X, dtype=float)
    m, s = X.mean(axis=0), X.std(axis=0)
    s = np.where(np.ptp(X, axis=0) > 0, s, 1.0)
    Z, w, b = (X - m) / s, np.zeros(X.shape[1]), 0.0
    for _ in range(epochs):
        order = rng.permutation(len(y))
        for i in range(0, len(y), batch_size):
            rows = order[i : i + batch_size]
            r = y[rows] - (Z[rows] @ w + b)
            w, b = w + 2 * lr / len(rows) * Z[rows].T @ r, b + 2 * lr * r.mean()
    return w, float(b)


# %% wrong="bias-not-converted"
# Divides the weights, but leaves b at the mean of the target.
def sgd_linear(X, y, lr, epochs, batch_size, rng):
    X = np.asarray(X, dtype=float)
    m, s = X.mean(axis=0), X.std(axis=0)
    s = np.where(np.ptp(X, axis=0) > 0, s, 1.0)
    Z, w, b = (X - m) / s, np.zeros(X.shape[1]), 0.0
    for _ in range(epochs):
        order = rng.permutation(len(y))
        for i in range(0, len(y), batch_size):
            rows = order[i : i + batch_size]
            r = y[rows] - (Z[rows] @ w + b)
            w, b = w + 2 * lr / len(rows) * Z[rows].T @ r, b + 2 * lr * r.mean()
    return w / s, float(b)


# %% wrong="bias-converted-with-standardised-weights"
# b − w̃·μ with the weights before they were divided by s.
def sgd_linear(X, y, lr, epochs, batch_size, rng):
    X = np.asarray(X, dtype=float)
    m, s = X.mean(axis=0), X.std(axis=0)
    s = np.where(np.ptp(X, axis=0) > 0, s, 1.0)
    Z, w, b = (X - m) / s, np.zeros(X.shape[1]), 0.0
    for _ in range(epochs):
        order = rng.permutation(len(y))
        for i in range(0, len(y), batch_size):
            rows = order[i : i + batch_size]
            r = y[rows] - (Z[rows] @ w + b)
            w, b = w + 2 * lr / len(rows) * Z[rows].T @ r, b + 2 * lr * r.mean()
    return w / s, float(b - w @ m)


# %% wrong="division-by-a-zero-deviation"
# A constant column turns everything into nan.
def sgd_linear(X, y, lr, epochs, batch_size, rng):
    X = np.asarray(X, dtype=float)
    m, s = X.mean(axis=0), X.std(axis=0)
    with np.errstate(all="ignore"):
        Z, w, b = (X - m) / s, np.zeros(X.shape[1]), 0.0
    for _ in range(epochs):
        order = rng.permutation(len(y))
        for i in range(0, len(y), batch_size):
            rows = order[i : i + batch_size]
            r = y[rows] - (Z[rows] @ w + b)
            w, b = w + 2 * lr / len(rows) * Z[rows].T @ r, b + 2 * lr * r.mean()
    w = w / s
    return w, float(b - w @ m)


# %% wrong="x-and-y-shuffled-separately"
# Two permutations: the rows no longer belong together.
def sgd_linear(X, y, lr, epochs, batch_size, rng):
    X = np.asarray(X, dtype=float)
    m, s = X.mean(axis=0), X.std(axis=0)
    s = np.where(np.ptp(X, axis=0) > 0, s, 1.0)
    Z, w, b = (X - m) / s, np.zeros(X.shape[1]), 0.0
    for _ in range(epochs):
        Z, y = rng.permutation(Z), rng.permutation(y)
        for i in range(0, len(y), batch_size):
            r = y[i : i + batch_size] - (Z[i : i + batch_size] @ w + b)
            w, b = w + 2 * lr / len(r) * Z[i : i + batch_size].T @ r, b + 2 * lr * r.mean()
    w = w / s
    return w, float(b - w @ m)


# %% wrong="statistics-of-the-whole-table"
# One mean and one deviation for all columns: no help where scales differ.
def sgd_linear(X, y, lr, epochs, batch_size, rng):
    X = np.asarray(X, dtype=float)
    m, s = X.mean(), X.std()
    Z, w, b = (X - m) / s, np.zeros(X.shape[1]), 0.0
    for _ in range(epochs):
        order = rng.permutation(len(y))
        for i in range(0, len(y), batch_size):
            rows = order[i : i + batch_size]
            r = y[rows] - (Z[rows] @ w + b)
            w, b = w + 2 * lr / len(rows) * Z[rows].T @ r, b + 2 * lr * r.mean()
    w = w / s
    return w, float(b - w.sum() * m)


# %% wrong="standardises-in-place"
# Changes the caller's table.
def sgd_linear(X, y, lr, epochs, batch_size, rng):
    if X.dtype.kind != "f":
        X = X.astype(float)
    m, s = X.mean(axis=0), X.std(axis=0)
    s[s < 1e-9 * np.abs(m)] = 1.0
    X -= m
    X /= s
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(epochs):
        order = rng.permutation(len(y))
        for i in range(0, len(y), batch_size):
            rows = order[i : i + batch_size]
            r = y[rows] - (X[rows] @ w + b)
            w, b = w + 2 * lr / len(rows) * X[rows].T @ r, b + 2 * lr * r.mean()
    w = w / s
    return w, float(b - w @ m)


# %% wrong="one-batch-per-epoch"
# Only the first batch of every epoch, and one epoch too slow: the fit is far from finished.
def sgd_linear(X, y, lr, epochs, batch_size, rng):
    X = np.asarray(X, dtype=float)
    m, s = X.mean(axis=0), X.std(axis=0)
    s = np.where(np.ptp(X, axis=0) > 0, s, 1.0)
    Z, w, b = (X - m) / s, np.zeros(X.shape[1]), 0.0
    for _ in range(epochs):
        rows = rng.permutation(len(y))[:batch_size]
        r = y[rows] - (Z[rows] @ w + b)
        w, b = w + 2 * lr / len(rows) * Z[rows].T @ r, b + 2 * lr * r.mean()
    w = w / s
    return w, float(b - w @ m)


# %% wrong="statistics-of-each-batch"
# Standardises every mini-batch with its own mean and deviation.
def sgd_linear(X, y, lr, epochs, batch_size, rng):
    X = np.asarray(X, dtype=float)
    m, s = X.mean(axis=0), X.std(axis=0)
    s = np.where(np.ptp(X, axis=0) > 0, s, 1.0)
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(epochs):
        order = rng.permutation(len(y))
        for i in range(0, len(y), batch_size):
            part = X[order[i : i + batch_size]]
            spread = part.std(axis=0)
            Z = (part - part.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
            r = y[order[i : i + batch_size]] - (Z @ w + b)
            w, b = w + 2 * lr / len(r) * Z.T @ r, b + 2 * lr * r.mean()
    w = w / s
    return w, float(b - w @ m)


# %% wrong="ascent"
# Moves up the slope.
def sgd_linear(X, y, lr, epochs, batch_size, rng):
    X = np.asarray(X, dtype=float)
    m, s = X.mean(axis=0), X.std(axis=0)
    s = np.where(np.ptp(X, axis=0) > 0, s, 1.0)
    Z, w, b = (X - m) / s, np.zeros(X.shape[1]), 0.0
    with np.errstate(all="ignore"):
        for _ in range(epochs):
            order = rng.permutation(len(y))
            for i in range(0, len(y), batch_size):
                rows = order[i : i + batch_size]
                r = y[rows] - (Z[rows] @ w + b)
                w, b = w - 2 * lr / len(rows) * Z[rows].T @ r, b - 2 * lr * r.mean()
    w = w / s
    return w, float(b - w @ m)


# %% right="augmented-matrix"
# A column of ones, one vector of parameters; random start.
def sgd_linear(X, y, lr, epochs, batch_size, rng):
    X = np.asarray(X, dtype=np.float64)
    mean, std = X.mean(0), X.std(0)
    std[std <= 1e-12 * abs(mean)] = 1
    A = np.hstack([(X - mean) / std, np.ones((len(X), 1))])
    theta = rng.normal(scale=0.01, size=A.shape[1])
    for _ in range(epochs):
        order = rng.permutation(len(A))
        for start in range(0, len(A), batch_size):
            rows = order[start : start + batch_size]
            theta -= lr * 2 / len(rows) * A[rows].T @ (A[rows] @ theta - y[rows])
    w = theta[:-1] / std
    return [w, theta[-1] - np.sum(w * mean)]


# %% right="decaying-rate"
# lr / √(1 + 0.05·epoch); sample deviation with ddof=1; b as a NumPy float.
def sgd_linear(X, y, lr, epochs, batch_size, rng):
    mean, std = np.mean(X, axis=0), np.std(X, axis=0, ddof=1)
    std = np.where(std <= 1e-10 * np.abs(mean), 1.0, std)
    Z = (X - mean) / std
    w, b = np.zeros(Z.shape[1]), 0.0
    for epoch in range(epochs):
        rate = lr / np.sqrt(1 + 0.05 * epoch)
        for rows in np.split(rng.permutation(len(y)), range(batch_size, len(y), batch_size)):
            r = y[rows] - Z[rows] @ w - b
            w = w + rate * 2 * np.mean(Z[rows] * r[:, None], axis=0)
            b = b + rate * 2 * np.mean(r)
    return w / std, np.float64(b - np.dot(w / std, mean))


# %% right="inverse-time-decay"
# lr / (1 + 0.01·epoch), deviation guarded by a tiny constant.
def sgd_linear(X, y, lr, epochs, batch_size, rng):
    X = X.astype(float)
    mean, std = X.mean(axis=0), X.std(axis=0) + 1e-12
    Z = (X - mean) / std
    w, b = np.zeros(Z.shape[1]), 0.0
    for epoch in range(epochs):
        order = np.arange(len(y))
        rng.shuffle(order)
        for k in range(0, len(y), batch_size):
            rows = order[k : k + batch_size]
            r = y[rows] - Z[rows] @ w - b
            w += 2 * lr / (1 + 0.01 * epoch) * Z[rows].T @ r / len(rows)
            b += 2 * lr / (1 + 0.01 * epoch) * r.mean()
    w = w / std
    return w, b - float(w @ mean)


# %% right="standardisation-folded-into-the-gradient"
# Keeps the weights in original units and scales the gradient; b belongs to the centred features.
def sgd_linear(X, y, lr, epochs, batch_size, rng):
    X = np.asarray(X, dtype=float)
    mean, var = X.mean(axis=0), X.var(axis=0)
    var = np.where(np.sqrt(var) > 1e-9 * np.abs(mean), var, 1.0)
    w, c = np.zeros(X.shape[1]), 0.0
    for _ in range(epochs):
        order = rng.permutation(len(y))
        for i in range(0, len(y), batch_size):
            rows = order[i : i + batch_size]
            D = X[rows] - mean
            r = y[rows] - D @ w - c
            w = w + 2 * lr / len(rows) * (D.T @ r) / var
            c = c + 2 * lr * r.mean()
    return w, float(c - w @ mean)


# %% right="target-standardised-too"
# Also scales y, with a guard for a constant target.
def sgd_linear(X, y, lr, epochs, batch_size, rng):
    X = np.asarray(X, dtype=float)
    m, s = X.mean(axis=0), X.std(axis=0)
    s = np.where(np.ptp(X, axis=0) > 0, s, 1.0)
    my, sy = np.mean(y), np.std(y)
    sy = sy if sy > 0 else 1.0
    Z, t = (X - m) / s, (y - my) / sy
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(epochs):
        order = rng.permutation(len(y))
        for i in range(0, len(y), batch_size):
            rows = order[i : i + batch_size]
            r = t[rows] - (Z[rows] @ w + b)
            w, b = w + 2 * lr / len(rows) * Z[rows].T @ r, b + 2 * lr * r.mean()
    w = w * sy / s
    return w, float(my + b * sy - w @ m)


# %% right="least-squares"
# The closed form: the tests see the result only.
def sgd_linear(X, y, lr, epochs, batch_size, rng):
    theta, *_ = np.linalg.lstsq(np.column_stack([X, np.ones(len(y))]).astype(float), y, rcond=None)
    return theta[:-1].copy(), float(theta[-1])


# %% right="scikit-learn"
# Scaler and linear regression from the library.
def sgd_linear(X, y, lr, epochs, batch_size, rng):
    from sklearn.linear_model import LinearRegression
    from sklearn.preprocessing import StandardScaler

    scaler = StandardScaler().fit(X)
    model = LinearRegression().fit(scaler.transform(X), y)
    w = model.coef_ / scaler.scale_
    return w, model.intercept_ - w @ scaler.mean_


# %% wrong="whole-batches-only"
# n // batch_size batches: a table smaller than one batch is never looked at.
def sgd_linear(X, y, lr, epochs, batch_size, rng):
    X = np.asarray(X, dtype=float)
    mean, deviation = X.mean(axis=0), X.std(axis=0)
    deviation = np.where(np.ptp(X, axis=0) > 0, deviation, 1.0)
    Z = (X - mean) / deviation
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(epochs):
        order = rng.permutation(len(y))
        for k in range(len(y) // batch_size):
            rows = order[k * batch_size : (k + 1) * batch_size]
            r = Z[rows] @ w + b - y[rows]
            w = w - lr * 2 / len(rows) * Z[rows].T @ r
            b = b - lr * 2 / len(rows) * r.sum()
    w = w / deviation
    return w, float(b - w @ mean)


# %% right="batch-cut-to-the-table"
# A batch larger than the table is the table.
def sgd_linear(X, y, lr, epochs, batch_size, rng):
    X, y = np.asarray(X, dtype=float), np.asarray(y, dtype=float)
    size, mean, deviation = min(batch_size, len(y)), X.mean(axis=0), X.std(axis=0)
    deviation[np.all(X == X[0], axis=0)] = 1.0
    A = np.column_stack([(X - mean) / deviation, np.ones(len(y))])
    theta = np.zeros(A.shape[1])
    for _ in range(epochs):
        order = rng.permutation(len(y))
        for at in range(0, len(y), size):
            rows = order[at : at + size]
            theta = theta - lr * 2 / len(rows) * A[rows].T @ (A[rows] @ theta - y[rows])
    w = theta[:-1] / deviation
    return w, float(theta[-1] - w @ mean)
# %% wrong="whole-weights-for-whole-numbers"
# Rounds the parameters where the data are integers.
def _run(X, y, lr, epochs, batch_size, rng, mean=None, scale=None):
    X = X.astype(float)
    mu = X.mean(axis=0) if mean is None else mean
    s = X.std(axis=0) if scale is None else scale
    s = np.where(np.ptp(X, axis=0) > 0, s, 1.0)
    Z = (X - mu) / s
    w, b = np.zeros(X.shape[1]), 0.0
    n = len(y)
    for _ in range(epochs):
        o = rng.permutation(n)
        for i in range(0, n, batch_size):
            k = o[i:i + batch_size]
            r = Z[k] @ w + b - y[k]
            w = w - lr * 2 / len(k) * Z[k].T @ r
            b = b - lr * 2 * r.mean()
    return w / s, b - float(w / s @ mu)
def sgd_linear(X, y, lr, epochs, batch_size, rng):
    w, b = _run(X, y, lr, epochs, batch_size, rng)
    return (np.round(w), round(b)) if X.dtype.kind in "iu" else (w, b)


# %% wrong="exact-zero-guard"
# Ten times 0.1 have a deviation of 1.4e-17, not 0.
def sgd_linear(X, y, lr, epochs, batch_size, rng):
    X = np.asarray(X, dtype=float)
    m, s = X.mean(axis=0), X.std(axis=0)
    s = np.where(s > 0, s, 1.0)
    Z, w, b = (X - m) / s, np.zeros(X.shape[1]), 0.0
    for _ in range(epochs):
        order = rng.permutation(len(y))
        for i in range(0, len(y), batch_size):
            rows = order[i : i + batch_size]
            r = y[rows] - (Z[rows] @ w + b)
            w, b = w + 2 * lr / len(rows) * Z[rows].T @ r, b + 2 * lr * r.mean()
    w = w / s
    return w, float(b - w @ m)


# %% wrong="absolute-guard"
# Small is not constant: a feature of scale 1e-9 is taken for one.
def sgd_linear(X, y, lr, epochs, batch_size, rng):
    X = np.asarray(X, dtype=float)
    m, s = X.mean(axis=0), X.std(axis=0)
    s = np.where(s > 1e-8, s, 1.0)
    Z, w, b = (X - m) / s, np.zeros(X.shape[1]), 0.0
    for _ in range(epochs):
        order = rng.permutation(len(y))
        for i in range(0, len(y), batch_size):
            rows = order[i : i + batch_size]
            r = y[rows] - (Z[rows] @ w + b)
            w, b = w + 2 * lr / len(rows) * Z[rows].T @ r, b + 2 * lr * r.mean()
    w = w / s
    return w, float(b - w @ m)


# %% right="exponential-decay-to-a-quarter"
# The slowest decay that the statement allows: a quarter of lr at the end.
def sgd_linear(X, y, lr, epochs, batch_size, rng):
    X = np.asarray(X, dtype=float)
    m, s = X.mean(axis=0), X.std(axis=0)
    s = np.where(s > 1e-9 * np.abs(X).max(axis=0), s, 1.0)
    Z, w, b = (X - m) / s, np.zeros(X.shape[1]), 0.0
    for epoch in range(epochs):
        order = rng.permutation(len(y))
        for i in range(0, len(y), batch_size):
            rows = order[i : i + batch_size]
            r = y[rows] - (Z[rows] @ w + b)
            w, b = w + 2 * lr * 0.25 ** (epoch / epochs) / len(rows) * Z[rows].T @ r, b + 2 * lr * 0.25 ** (epoch / epochs) * r.mean()
    w = w / s
    return w, float(b - w @ m)


# %% right="linear-decay-to-a-quarter"
# Falls along a straight line to a quarter of lr.
def sgd_linear(X, y, lr, epochs, batch_size, rng):
    X = np.asarray(X, dtype=float)
    m, s = X.mean(axis=0), X.std(axis=0)
    s = np.where(np.isclose(X.max(axis=0), X.min(axis=0), rtol=1e-12, atol=0), 1.0, s)
    Z, w, b = (X - m) / s, np.zeros(X.shape[1]), 0.0
    for epoch in range(epochs):
        order = rng.permutation(len(y))
        for i in range(0, len(y), batch_size):
            rows = order[i : i + batch_size]
            r = y[rows] - (Z[rows] @ w + b)
            w, b = w + 2 * lr * (1 - 0.75 * epoch / epochs) / len(rows) * Z[rows].T @ r, b + 2 * lr * (1 - 0.75 * epoch / epochs) * r.mean()
    w = w / s
    return w, float(b - w @ m)


# %% right="reader-zh"
# standardise with a relative threshold, constant rate, convert back; first try (hint text was seen while reading)
def linreg_grad(X, y, w, b):
    """Return the gradient of (1/n) Σ (y − (Xw + b))² with respect to w (d,) and b."""
    X, y, w = (np.asarray(a, dtype=np.float64) for a in (X, y, w))
    r = y - (X @ w + float(b))
    n = len(y)
    return -2 / n * (X.T @ r), float(-2 / n * r.sum())


def minibatches(n, batch_size, epochs, rng):
    """Return, per epoch, a list of index arrays: a fresh permutation of 0 … n−1 cut into pieces of ``batch_size``."""
    plan = []
    for _ in range(epochs):
        order = rng.permutation(n)
        plan.append([order[i : i + batch_size] for i in range(0, n, batch_size)])
    return plan


def sgd_linear(X, y, lr, epochs, batch_size, rng):
    """Fit y ≈ Xw + b by mini-batch descent on standardised features; return w (d,) and b in the original units."""
    X, y = np.asarray(X, dtype=np.float64), np.asarray(y, dtype=np.float64)
    n, d = X.shape
    mean, s = X.mean(axis=0), X.std(axis=0)
    s = np.where(s <= 1e-10 * np.abs(X).max(axis=0), 1.0, s)
    Z = (X - mean) / s
    w, b = np.zeros(d), 0.0
    for epoch in minibatches(n, batch_size, epochs, rng):
        for rows in epoch:
            grad_w, grad_b = linreg_grad(Z[rows], y[rows], w, b)
            w, b = w - lr * grad_w, b - lr * grad_b
    w = w / s
    return w, float(b - w @ mean)


# %% right="reader-en"
# standardise, descend with minibatches and linreg_grad (repeated here), convert back
def linreg_grad(X, y, w, b):
    """Return the gradient of (1/n) Σ (y − (Xw + b))² with respect to w (d,) and b."""
    X, y, w = (np.asarray(a, dtype=np.float64) for a in (X, y, w))
    r = y - (X @ w + float(b))
    n = len(y)
    return -2 / n * (X.T @ r), float(-2 / n * r.sum())


def minibatches(n, batch_size, epochs, rng):
    """Return, per epoch, a list of index arrays: a fresh permutation of 0 … n−1 cut into pieces of ``batch_size``."""
    plan = []
    for _ in range(epochs):
        order = rng.permutation(n)
        plan.append([order[i:i + batch_size] for i in range(0, n, batch_size)])
    return plan


def sgd_linear(X, y, lr, epochs, batch_size, rng):
    """Fit y ≈ Xw + b by mini-batch descent on standardised features; return w (d,) and b in the original units."""
    X, y = np.array(X, dtype=np.float64), np.array(y, dtype=np.float64)
    mu, s = X.mean(axis=0), X.std(axis=0)
    s = np.where(s <= 1e-10 * np.abs(X).max(axis=0), 1.0, s)
    Z = (X - mu) / s
    w, b = np.zeros(X.shape[1]), 0.0
    for epoch in minibatches(len(y), batch_size, epochs, rng):
        for rows in epoch:
            gw, gb = linreg_grad(Z[rows], y[rows], w, b)
            w, b = w - lr * gw, b - lr * gb
    w = w / s
    return w, float(b - w @ mu)


# %% wrong="threshold-of-the-whole-table"
# Compares each deviation with the largest number of the table.
def sgd_linear(X, y, lr, epochs, batch_size, rng):
    X, y = np.array(X, dtype=float), np.array(y, dtype=float)
    mean, s = X.mean(axis=0), X.std(axis=0)
    s = np.where(s <= 1e-10 * np.abs(X).max(), 1.0, s)
    Z = (X - mean) / s
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(epochs):
        order = rng.permutation(len(y))
        for at in range(0, len(y), batch_size):
            rows = order[at:at + batch_size]
            r = y[rows] - (Z[rows] @ w + b)
            w, b = w + lr * 2 / len(rows) * (Z[rows].T @ r), b + lr * 2 / len(rows) * r.sum()
    w = w / s
    return w, float(b - w @ mean)


# %% wrong="millionth-is-constant"
# A deviation of a millionth counts as constant.
def sgd_linear(X, y, lr, epochs, batch_size, rng):
    X, y = np.array(X, dtype=float), np.array(y, dtype=float)
    mean, s = X.mean(axis=0), X.std(axis=0)
    s = np.where(s <= 1e-6 * np.abs(X).max(axis=0), 1.0, s)
    Z = (X - mean) / s
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(epochs):
        order = rng.permutation(len(y))
        for at in range(0, len(y), batch_size):
            rows = order[at:at + batch_size]
            r = y[rows] - (Z[rows] @ w + b)
            w, b = w + lr * 2 / len(rows) * (Z[rows].T @ r), b + lr * 2 / len(rows) * r.sum()
    w = w / s
    return w, float(b - w @ mean)


# %% wrong="standardised-by-the-first-batch"
# Mean and deviation of the first eight rows.
def sgd_linear(X, y, lr, epochs, batch_size, rng):
    X, y = np.array(X, dtype=float), np.array(y, dtype=float)
    mean, s = X[:8].mean(axis=0), X[:8].std(axis=0)
    s = np.where(s <= 1e-10 * np.abs(X).max(axis=0), 1.0, s)
    Z = (X - mean) / s
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(epochs):
        order = rng.permutation(len(y))
        for at in range(0, len(y), batch_size):
            rows = order[at:at + batch_size]
            r = y[rows] - (Z[rows] @ w + b)
            w, b = w + lr * 2 / len(rows) * (Z[rows].T @ r), b + lr * 2 / len(rows) * r.sum()
    w = w / s
    return w, float(b - w @ mean)


# %% wrong="factor-of-the-asked-batch-size"
# Divides by batch_size, also where there are fewer rows.
def sgd_linear(X, y, lr, epochs, batch_size, rng):
    X, y = np.array(X, dtype=float), np.array(y, dtype=float)
    mean, s = X.mean(axis=0), X.std(axis=0)
    s = np.where(s <= 1e-10 * np.abs(X).max(axis=0), 1.0, s)
    Z = (X - mean) / s
    w, b = np.zeros(X.shape[1]), 0.0
    for _ in range(epochs):
        order = rng.permutation(len(y))
        for at in range(0, len(y), batch_size):
            rows = order[at:at + batch_size]
            r = y[rows] - (Z[rows] @ w + b)
            w, b = w + lr * 2 / batch_size * (Z[rows].T @ r), b + lr * 2 / batch_size * r.sum()
    w = w / s
    return w, float(b - w @ mean)


# %% right="starts-at-the-mean-rate-falls"
# Starts at the mean; the rate falls.
def sgd_linear(X, y, lr, epochs, batch_size, rng):
    X, y = np.array(X, dtype=float), np.array(y, dtype=float)
    mean, s = X.mean(axis=0), np.sqrt(((X - X.mean(axis=0)) ** 2).mean(axis=0))
    s[s <= 1e-10 * np.abs(mean)] = 1.0
    Z, w, b = (X - mean) / s, np.zeros(X.shape[1]), y.mean()
    for epoch in range(epochs):
        rate = lr * (1 - 0.7 * epoch / epochs)
        order = rng.permutation(len(y))
        for k in range(0, len(y), batch_size):
            r = y[order[k:k + batch_size]] - Z[order[k:k + batch_size]] @ w - b
            w = w + 2 * rate * np.mean(Z[order[k:k + batch_size]] * r[:, None], axis=0)
            b = b + 2 * rate * r.mean()
    return w / s, b - (w / s) @ mean


# %% right="python-rows"
# Row by row.
def sgd_linear(X, y, lr, epochs, batch_size, rng):
    X, y = np.array(X, dtype=float), np.array(y, dtype=float)
    columns = []
    for column in X.T:
        m = math.fsum(column) / len(column)
        s = math.sqrt(math.fsum((column - m) ** 2) / len(column))
        columns.append((m, s if s > 1e-10 * max(abs(column)) else 1.0))
    Z = np.array([[(v - m) / s for v, (m, s) in zip(row, columns)] for row in X])
    w, b = np.full(X.shape[1], 0.0), 0.0
    for _ in range(epochs):
        rows = list(rng.permutation(len(y)))
        while rows:
            batch, rows = rows[:batch_size], rows[batch_size:]
            gw, gb = np.zeros(len(w)), 0.0
            for i in batch:
                r = y[i] - Z[i] @ w - b
                gw, gb = gw - 2 * r * Z[i] / len(batch), gb - 2 * r / len(batch)
            w, b = w - lr * gw, b - lr * gb
    w = w / np.array([s for _, s in columns])
    return w, float(b - sum(v * m for v, (m, _) in zip(w, columns)))
