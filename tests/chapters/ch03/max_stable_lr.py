"""max_stable_lr: what learners write, right and wrong."""

# %%
import math

import numpy as np


# %% wrong="one-over-lambda-max"
# The rate that is best along the steepest direction, not the bound.
def max_stable_lr(hvp, d, rng):
    v = rng.normal(size=d)
    for _ in range(100):
        v = hvp(v / np.linalg.norm(v))
        if not np.any(v):
            return math.inf
    return 1 / float(np.linalg.norm(v))


# %% wrong="lambda-max-itself"
# Returns the curvature, not the rate.
def max_stable_lr(hvp, d, rng):
    v = rng.normal(size=d)
    for _ in range(100):
        v = hvp(v / np.linalg.norm(v))
        if not np.any(v):
            return math.inf
    return float(np.linalg.norm(v))


# %% wrong="builds-the-matrix"
# One product per column: d calls, and d may be large.
def max_stable_lr(hvp, d, rng):
    H = np.column_stack([hvp(e) for e in np.eye(d)])
    top = float(np.linalg.eigvalsh(H)[-1])
    return 2 / top if top > 0 else math.inf


# %% wrong="sum-of-the-eigenvalues"
# Hutchinson's estimate of the trace, from random signs.
def max_stable_lr(hvp, d, rng):
    total = 0.0
    for _ in range(100):
        z = rng.choice([-1.0, 1.0], size=d)
        total += z @ hvp(z) / 100
    return 2 / float(total) if total > 0 else math.inf


# %% wrong="one-product"
# The stretch of one random vector: somewhere between the smallest and the largest curvature.
def max_stable_lr(hvp, d, rng):
    v = rng.normal(size=d)
    stretch = float(np.linalg.norm(hvp(v)) / np.linalg.norm(v))
    return 2 / stretch if stretch > 0 else math.inf


# %% wrong="largest-of-many-stretches"
# Many random vectors, but none of them is improved.
def max_stable_lr(hvp, d, rng):
    top = 0.0
    for _ in range(120):
        v = rng.normal(size=d)
        top = max(top, float(np.linalg.norm(hvp(v)) / np.linalg.norm(v)))
    return 2 / top if top > 0 else math.inf


# %% wrong="too-few-iterations"
# Stops before the estimate has settled.
def max_stable_lr(hvp, d, rng):
    v = rng.normal(size=d)
    for _ in range(4):
        v = hvp(v / np.linalg.norm(v))
        if not np.any(v):
            return math.inf
    return 2 / float(np.linalg.norm(v))


# %% wrong="stops-too-early"
# A change below one in a thousand per turn is not an error below one in a thousand.
def max_stable_lr(hvp, d, rng):
    v, last = rng.normal(size=d), 0.0
    for _ in range(120):
        v = hvp(v / np.linalg.norm(v))
        size = float(np.linalg.norm(v))
        if size == 0:
            return math.inf
        if abs(size - last) < 0.003 * size:
            break
        last = size
    return 2 / size


# %% wrong="starts-from-ones"
# A start at (1, …, 1) never sees an eigenvector perpendicular to it.
def max_stable_lr(hvp, d, rng):
    v = np.ones(d)
    for _ in range(100):
        v = hvp(v / np.linalg.norm(v))
        if not np.any(v):
            return math.inf
    return 2 / float(np.linalg.norm(v))


# %% wrong="starts-from-the-first-axis"
# So does a start at (1, 0, …, 0).
def max_stable_lr(hvp, d, rng):
    v = np.eye(d)[0]
    for _ in range(100):
        v = hvp(v / np.linalg.norm(v))
        if not np.any(v):
            return math.inf
    return 2 / float(np.linalg.norm(v))


# %% wrong="starts-at-one-two-three"
# Starts at (1, 2, …), which may be perpendicular to the steepest direction.
def max_stable_lr(hvp, d, rng):
    v = np.arange(1.0, d + 1)
    for _ in range(100):
        v = hvp(v / np.linalg.norm(v))
        if not np.any(v):
            return math.inf
    return 2 / float(np.linalg.norm(v))


# %% wrong="never-normalises"
# The vector grows or shrinks a hundredfold and more: it overflows or vanishes, and its length is no eigenvalue.
def max_stable_lr(hvp, d, rng):
    v = rng.normal(size=d)
    for _ in range(100):
        v = hvp(v)
    top = float(np.linalg.norm(v))
    return 2 / top if top > 0 else math.inf


# %% wrong="rayleigh-without-length"
# vᵀHv of a vector that is not of length 1.
def max_stable_lr(hvp, d, rng):
    v = rng.normal(size=d)
    for _ in range(100):
        u = hvp(v)
        if not np.any(u):
            return math.inf
        v = u / np.abs(u).max()
    return 2 / float(v @ hvp(v))


# %% wrong="largest-entry"
# The largest component of Hv instead of its length.
def max_stable_lr(hvp, d, rng):
    v = rng.normal(size=d)
    for _ in range(100):
        v = hvp(v / np.linalg.norm(v))
        if not np.any(v):
            return math.inf
    return 2 / float(np.max(np.abs(v)))


# %% wrong="flat-loss-divides"
# No case for the flat loss: 0/0 and then 2/nan.
def max_stable_lr(hvp, d, rng):
    v = rng.normal(size=d)
    for _ in range(100):
        v = hvp(v / np.linalg.norm(v))
    return 2 / float(np.linalg.norm(v))


# %% wrong="flat-loss-gives-zero"
# Says that no rate is allowed where every rate is.
def max_stable_lr(hvp, d, rng):
    v = rng.normal(size=d)
    for _ in range(100):
        v = hvp(v / np.linalg.norm(v))
        if not np.any(v):
            return 0.0
    return 2 / float(np.linalg.norm(v))


# %% wrong="small-taken-for-flat"
# An absolute threshold: curvature 1e-6 is still curvature.
def max_stable_lr(hvp, d, rng):
    v = rng.normal(size=d)
    for _ in range(100):
        v = hvp(v / np.linalg.norm(v))
        if np.linalg.norm(v) < 1e-5:
            return math.inf
    return 2 / float(np.linalg.norm(v))


# %% wrong="close-to-zero-is-flat"
# np.allclose takes a small curvature for none.
def max_stable_lr(hvp, d, rng):
    v = rng.normal(size=d)
    for _ in range(100):
        v = hvp(v / np.linalg.norm(v))
        if np.allclose(v, 0):
            return math.inf
    return 2 / float(np.linalg.norm(v))


# %% wrong="smallest-eigenvalue"
# Shifts the spectrum and finds its other end.
def max_stable_lr(hvp, d, rng):
    v, size = rng.normal(size=d), 0.0
    for _ in range(60):
        v = hvp(v / np.linalg.norm(v))
        size = float(np.linalg.norm(v))
        if size == 0:
            return math.inf
    u = rng.normal(size=d)
    for _ in range(60):
        u = u / np.linalg.norm(u)
        u = size * u - hvp(u)
        if not np.any(u):
            return 2 / size
    low = size - float(np.linalg.norm(u))
    return 2 / low if low > 0 else math.inf


# %% right="rayleigh-quotient"
# vᵀHv at the end, one product more.
def max_stable_lr(hvp, d, rng):
    v = rng.normal(size=d)
    v /= np.linalg.norm(v)
    for _ in range(120):
        u = hvp(v)
        if not u.any():
            return float("inf")
        v = u / np.linalg.norm(u)
    return 2.0 / float(v @ hvp(v))


# %% right="stops-when-settled"
# Ends when the estimate no longer changes; a start with uniform numbers of both signs.
def max_stable_lr(hvp, d, rng):
    v, last = rng.uniform(-1, 1, size=d), 0.0
    for _ in range(149):
        v = hvp(v / math.sqrt(v @ v))
        size = math.sqrt(v @ v)
        if size == 0.0:
            return math.inf
        if abs(size - last) <= 1e-9 * size:
            break
        last = size
    return 2 / size


# %% right="a-block-of-random-starts"
# Three vectors at once, orthogonalised; the largest eigenvalue of the small matrix.
def max_stable_lr(hvp, d, rng):
    block = np.linalg.qr(rng.normal(size=(d, min(d, 3))))[0]
    for _ in range(40):
        product = np.column_stack([hvp(v) for v in block.T])
        if not product.any():
            return math.inf
        block = np.linalg.qr(product)[0]
    small = block.T @ np.column_stack([hvp(v) for v in block.T])
    return float(2 / np.max(np.linalg.eigvalsh((small + small.T) / 2)))


# %% right="scipy-lanczos"
# SciPy's eigsh on a linear operator, with the matrix where d is too small for it.
def max_stable_lr(hvp, d, rng):
    from scipy.linalg import eigvalsh
    from scipy.sparse.linalg import LinearOperator, eigsh

    start = rng.normal(size=d)
    first = hvp(start)
    if not np.any(first):
        return math.inf
    if d < 20:
        top = eigvalsh(np.column_stack([hvp(e) for e in np.eye(d)]))[-1]
    else:
        operator = LinearOperator((d, d), matvec=lambda v: hvp(v.ravel()), dtype=float)
        top = eigsh(operator, k=1, which="LM", v0=start, tol=1e-5, return_eigenvectors=False)[0]
    return 2 / float(top)


# %% right="numpy-division-by-zero"
# NumPy's 2/0 is inf already.
def max_stable_lr(hvp, d, rng):
    v, size = rng.standard_normal(d), np.float64(1.0)
    with np.errstate(divide="ignore"):
        for _ in range(100):
            v = hvp(v / np.linalg.norm(v))
            size = np.linalg.norm(v)
            if size == 0:
                break
        return np.float64(2.0) / size


# %% right="compares-with-the-start"
# The growth of the vector over the last turn: a ratio of two lengths.
def max_stable_lr(hvp, d, rng):
    v = rng.normal(size=d)
    for _ in range(75):
        v = v / np.linalg.norm(v)
        u = hvp(v)
        if np.linalg.norm(u) == 0:
            return math.inf
        v = u
    return 2 * float(np.linalg.norm(v)) / float(np.linalg.norm(hvp(v)))


# %% right="reader-zh"
# 100 rounds of power iteration from a normal start; first try, no hint
def max_stable_lr(hvp, d, rng):
    """Return 2/λ_max of the Hessian H with hvp(v) = Hv for v (d,), by power iteration; ``math.inf`` if H is zero."""
    v = rng.normal(size=d)
    largest = 0.0
    for _ in range(100):
        v = np.asarray(hvp(v / np.linalg.norm(v)))
        largest = float(np.linalg.norm(v))
        if largest == 0:
            return math.inf
    return 2 / largest


# %% right="reader-en"
# power iteration, 100 products, random start
def max_stable_lr(hvp, d, rng):
    """Return 2/λ_max of the Hessian H with hvp(v) = Hv for v (d,), by power iteration; ``math.inf`` if H is zero."""
    v = rng.normal(size=d)
    v = v / np.linalg.norm(v)
    for _ in range(100):
        Hv = hvp(v)
        largest = float(np.linalg.norm(Hv))
        if largest == 0:
            return math.inf
        v = Hv / largest
    return 2 / largest


# %% wrong="matrix-column-by-column"
# Builds the matrix up to d = 300.
def max_stable_lr(hvp, d, rng):
    if d < 300:
        top = np.linalg.eigvalsh(np.array([hvp(e) for e in np.eye(d)]))[-1]
        return float(2 / top) if top > 0 else math.inf
    v, largest = rng.normal(size=d), 0.0
    for _ in range(100):
        v = np.asarray(hvp(v / np.linalg.norm(v)))
        largest = np.linalg.norm(v)
        if largest == 0:
            return math.inf
    return float(2 / largest)


# %% wrong="start-without-mean"
# Starts perpendicular to (1, ..., 1).
def max_stable_lr(hvp, d, rng):
    v, largest = rng.normal(size=d), 0.0
    if d > 3:
        v = v - v.mean()
    for _ in range(100):
        v = np.asarray(hvp(v / np.linalg.norm(v)))
        largest = np.linalg.norm(v)
        if largest == 0:
            return math.inf
    return float(2 / largest)


# %% right="lanczos"
# Lanczos instead of power iteration.
def max_stable_lr(hvp, d, rng):
    q = rng.normal(size=d)
    basis, images = [q / np.linalg.norm(q)], []
    for _ in range(min(d, 40)):
        image = np.array(hvp(basis[-1]), dtype=float)
        images.append(image)
        w = image.copy()
        for _twice in range(2):
            for u in basis:
                w -= (u @ w) * u
        size = np.linalg.norm(w)
        if size <= 1e-10 * np.linalg.norm(image):
            break
        basis.append(w / size)
    Q, HQ = np.array(basis[:len(images)]), np.array(images)
    T = Q @ HQ.T
    top = float(np.linalg.eigvalsh((T + T.T) / 2)[-1])
    return 2 / top if top > 0 else math.inf


# %% right="two-starts-maximum-norm"
# Two starts, scaled by the largest entry.
def max_stable_lr(hvp, d, rng):
    best = 0.0
    for _ in range(2):
        v = rng.uniform(-1, 1, size=d)
        for _ in range(70):
            v = hvp(v / np.linalg.norm(v))
            size = np.linalg.norm(v)
            if size == 0:
                break
        best = max(best, float(size))
    return math.inf if best == 0 else np.float64(2) / best
