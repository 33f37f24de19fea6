"""max_stable_lr: what learners write, right and wrong."""

# %%
import math

import numpy as np


# %% wrong="two-over-trace"
# The sum of the eigenvalues instead of the largest.
def max_stable_lr(H):
    total = float(np.trace(H))
    return 2 / total if total > 0 else math.inf


# %% wrong="one-over-lambda-max"
# The rate that is best along the steepest direction, not the bound.
def max_stable_lr(H):
    top = float(np.linalg.eigvalsh(H)[-1])
    return 1 / top if top > 0 else math.inf


# %% wrong="two-over-lambda-min"
# The flattest direction instead of the steepest.
def max_stable_lr(H):
    low = float(np.linalg.eigvalsh(H)[0])
    return 2 / low if low > 0 else math.inf


# %% wrong="two-over-frobenius-norm"
# np.linalg.norm(H) without an order is the Frobenius norm.
def max_stable_lr(H):
    size = float(np.linalg.norm(H))
    return 2 / size if size > 0 else math.inf


# %% wrong="largest-diagonal-entry"
# Right for diagonal matrices only.
def max_stable_lr(H):
    top = float(np.max(np.diag(H)))
    return 2 / top if top > 0 else math.inf


# %% wrong="largest-row-sum"
# Gershgorin's bound: safe, but too small.
def max_stable_lr(H):
    top = float(np.abs(H).sum(axis=1).max())
    return 2 / top if top > 0 else math.inf


# %% wrong="largest-entry"
# The largest number in the matrix.
def max_stable_lr(H):
    top = float(np.max(H))
    return 2 / top if top > 0 else math.inf


# %% wrong="best-constant-rate"
# 2/(λ_min + λ_max): the fastest rate, not the bound.
def max_stable_lr(H):
    eig = np.linalg.eigvalsh(H)
    return float(2 / (eig[0] + eig[-1])) if eig[-1] > 0 else math.inf


# %% wrong="zero-matrix-divides"
# No case for the flat loss: a Python float division by zero.
def max_stable_lr(H):
    return 2 / float(np.linalg.eigvalsh(H)[-1])


# %% wrong="zero-matrix-gives-zero"
# Says that no rate is allowed where every rate is.
def max_stable_lr(H):
    top = float(np.linalg.eigvalsh(H)[-1])
    return 2 / top if top > 0 else 0.0


# %% wrong="small-taken-for-zero"
# An absolute threshold: curvature 1e-6 is still curvature.
def max_stable_lr(H):
    top = float(np.linalg.eigvalsh(H)[-1])
    return 2 / top if top > 1e-4 else math.inf


# %% wrong="lambda-max-itself"
# Returns the curvature, not the rate.
def max_stable_lr(H):
    top = float(np.linalg.eigvalsh(H)[-1])
    return top if top > 0 else math.inf


# %% wrong="too-few-power-iterations"
# Stops before the estimate has settled.
def max_stable_lr(H):
    if not np.any(H):
        return math.inf
    v = np.ones(len(H)) / math.sqrt(len(H))
    for _ in range(3):
        v = H @ v
        v = v / np.linalg.norm(v)
    return float(2 / (v @ H @ v))


# %% wrong="scales-h-in-place"
# Normalises the caller's matrix.
def max_stable_lr(H):
    size = float(np.abs(H).max())
    if size == 0:
        return math.inf
    if H.dtype.kind != "f":
        H = H.astype(float)
    H /= size
    return 2 / float(np.linalg.eigvalsh(H)[-1]) / size


# %% right="spectral-norm"
# For a symmetric positive semi-definite matrix the 2-norm is the largest eigenvalue.
def max_stable_lr(H):
    top = np.linalg.norm(H, 2)
    return math.inf if top == 0 else 2.0 / top


# %% right="power-iteration"
# Random start, Rayleigh quotient.
def max_stable_lr(H):
    H = np.asarray(H, dtype=float)
    if np.all(H == 0):
        return math.inf
    v = np.random.default_rng(1).normal(size=H.shape[0])
    for _ in range(300):
        v = H @ v
        v /= np.linalg.norm(v)
    return float(2 / (v @ (H @ v)))


# %% right="numpy-division-by-zero"
# NumPy's 2/0 is inf already.
def max_stable_lr(H):
    with np.errstate(divide="ignore"):
        return np.float64(2.0) / np.max(np.linalg.eigvalsh(H))


# %% right="general-eigenvalues"
# eig of a matrix that happens to be symmetric.
def max_stable_lr(H):
    top = max(np.linalg.eigvals(np.asarray(H)).real)
    if top <= 1e-300:
        return float("inf")
    return float(2 / top)


# %% right="scipy-eigh"
# SciPy's subset of eigenvalues.
def max_stable_lr(H):
    from scipy.linalg import eigh

    n = len(H)
    top = eigh(H, eigvals_only=True, subset_by_index=[n - 1, n - 1])[0]
    return 2 / float(top) if top else math.inf


# %% right="bisection-on-definiteness"
# The smallest t for which tI − H is positive definite, by Cholesky.
def max_stable_lr(H):
    H = np.array(H, dtype=float)
    if not H.any():
        return math.inf
    low, high = 0.0, float(np.trace(H)) * 1.000001
    for _ in range(60):
        middle = (low + high) / 2
        try:
            np.linalg.cholesky(middle * np.eye(len(H)) - H)
            high = middle
        except np.linalg.LinAlgError:
            low = middle
    return 2 / high


# %% wrong="power-iteration-from-ones"
# A start at (1, …, 1) never sees an eigenvector perpendicular to it.
def max_stable_lr(H):
    v = np.ones(len(H))
    for _ in range(500):
        u = H @ v
        if not np.any(u):
            return math.inf
        v = u / np.linalg.norm(u)
    return float(2 / (v @ H @ v))


# %% wrong="power-iteration-from-the-first-axis"
# So does a start at (1, 0, …, 0).
def max_stable_lr(H):
    if not np.any(H):
        return math.inf
    v = np.eye(len(H))[0] + 0.0
    for _ in range(500):
        u = H @ v
        if not np.any(u):
            break
        v = u / np.linalg.norm(u)
    return float(2 / (v @ H @ v))


# %% right="power-iteration-on-a-random-block"
# Several random starts at once, orthogonalised.
def max_stable_lr(H):
    if not np.any(H):
        return math.inf
    block = np.random.default_rng(5).normal(size=(len(H), min(len(H), 3)))
    for _ in range(400):
        block = np.linalg.qr(H @ block)[0]
    return float(2 / np.max(np.linalg.eigvalsh(block.T @ H @ block)))
# %% wrong="starts-beside-the-first-axis"
# A start so near the first axis that a close second eigenvalue is never left.
def max_stable_lr(H):
    H = np.asarray(H, float)
    if not H.any():
        return math.inf
    v = np.eye(len(H))[0] + 1e-30
    for _ in range(500):
        v = H @ v
        n = np.linalg.norm(v)
        if n == 0:
            return math.inf
        v /= n
    return 2 / (v @ H @ v)
# %% wrong="starts-at-one-two-three"
# Starts at (1, 2, ...), which may be perpendicular to the steepest direction.
def max_stable_lr(H):
    H = np.asarray(H, float)
    if not H.any():
        return math.inf
    v = np.arange(1.0, len(H) + 1)
    for _ in range(60):
        v = H @ v
        n = np.linalg.norm(v)
        if n == 0:
            return math.inf
        v /= n
    return 2 / (v @ H @ v)
# %% wrong="close-to-zero-is-flat"
# Takes a matrix of small entries for the zero matrix.
def max_stable_lr(H):
    H = np.asarray(H, float)
    if np.allclose(H, 0):
        return math.inf
    return 2 / np.linalg.eigvalsh(H)[-1]
