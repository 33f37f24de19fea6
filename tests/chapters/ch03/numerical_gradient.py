"""numerical_gradient: what learners write, right and wrong."""

# %%
import numpy as np


# %% wrong="forward-difference"
# Uses f(x + h) − f(x): an error of order h instead of h².
def numerical_gradient(f, x, h=1e-6):
    x = np.array(x, dtype=float)
    g = np.zeros(x.shape)
    base = f(x.copy())
    for i in np.ndindex(x.shape):
        p = x.copy()
        p[i] += h
        g[i] = (f(p) - base) / h
    return g


# %% wrong="scipy-approx-fprime"
# The library's default scheme is a forward difference.
def numerical_gradient(f, x, h=1e-6):
    from scipy.optimize import approx_fprime

    x = np.asarray(x, dtype=float)
    return approx_fprime(x.ravel(), lambda p: float(f(p.reshape(x.shape))), h).reshape(x.shape)


# %% wrong="x-left-perturbed"
# Moves one working copy and does not restore the entry, so the steps pile up.
def numerical_gradient(f, x, h=1e-6):
    x = np.array(x, dtype=float)
    g = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        x[i] += h
        up = f(x.copy())
        x[i] -= 2 * h
        g[i] = (up - f(x.copy())) / (2 * h)
    return g


# %% wrong="all-coordinates-at-once"
# Adds h to the whole array: the slope along the diagonal in every entry.
def numerical_gradient(f, x, h=1e-6):
    x = np.asarray(x, dtype=float)
    return np.full(x.shape, (f(x + h) - f(x - h)) / (2 * h))


# %% wrong="division-by-h"
# The two points are 2h apart, not h.
def numerical_gradient(f, x, h=1e-6):
    x = np.array(x, dtype=float)
    g = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[i] += h
        down[i] -= h
        g[i] = (f(up) - f(down)) / h
    return g


# %% wrong="integer-x-truncates-the-step"
# Copies x with its dtype: for an integer array the step vanishes.
def numerical_gradient(f, x, h=1e-6):
    g = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[i] = up[i] + h
        down[i] = down[i] - h
        g[i] = (f(up) - f(down)) / (2 * h)
    return g


# %% wrong="zeros-like-x"
# The result inherits the dtype of x: integers, or float32.
def numerical_gradient(f, x, h=1e-6):
    g = np.zeros_like(x)
    x = x.astype(float)
    for i in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[i] += h
        down[i] -= h
        g[i] = (f(up) - f(down)) / (2 * h)
    return g


# %% wrong="own-step"
# Ignores the argument h.
def numerical_gradient(f, x, h=1e-6):
    h = 1e-5
    x = np.array(x, dtype=float)
    g = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[i] += h
        down[i] -= h
        g[i] = (f(up) - f(down)) / (2 * h)
    return g


# %% wrong="vectors-only"
# range(len(x)) moves whole rows of a matrix and fails on shape ().
def numerical_gradient(f, x, h=1e-6):
    x = np.array(x, dtype=float)
    g = np.zeros(x.shape)
    for i in range(len(x)):
        up, down = x.copy(), x.copy()
        up[i] += h
        down[i] -= h
        g[i] = (f(up) - f(down)) / (2 * h)
    return g


# %% wrong="flat-points"
# Hands f a flattened array instead of one in the shape of x.
def numerical_gradient(f, x, h=1e-6):
    flat = np.array(x, dtype=float).ravel()
    g = np.zeros(flat.size)
    for i in range(flat.size):
        up, down = flat.copy(), flat.copy()
        up[i] += h
        down[i] -= h
        g[i] = (f(up) - f(down)) / (2 * h)
    return g.reshape(np.shape(x))


# %% wrong="changes-the-callers-array"
# Perturbs x itself, so that the caller's array is not the same afterwards.
def numerical_gradient(f, x, h=1e-6):
    x = np.asarray(x)
    if x.dtype != float:
        x = x.astype(float)
    g = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        x[i] += h
        up = f(x)
        x[i] -= 2 * h
        g[i] = (up - f(x)) / (2 * h)
        x[i] += h
    return g


# %% wrong="swapped-sides"
# Backward minus forward: the sign is wrong.
def numerical_gradient(f, x, h=1e-6):
    x = np.array(x, dtype=float)
    g = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[i] += h
        down[i] -= h
        g[i] = (f(down) - f(up)) / (2 * h)
    return g


# %% right="perturb-and-restore-a-copy"
# One float copy, changed in place and restored with the saved value.
def numerical_gradient(f, x, h=1e-6):
    p = np.array(x, dtype=np.float64)
    g = np.empty_like(p)
    for i in np.ndindex(p.shape):
        old = p[i]
        p[i] = old + h
        up = f(p)
        p[i] = old - h
        down = f(p)
        p[i] = old
        g[i] = (up - down) / (2 * h)
    return g


# %% right="restore-by-arithmetic-on-a-copy"
# Restores by adding h again; the copy is off by a rounding error, which is no second coordinate.
def numerical_gradient(f, x, h=1e-6):
    p = np.array(x, dtype=float)
    g = np.zeros(p.shape)
    for i in np.ndindex(p.shape):
        p[i] += h
        up = f(p)
        p[i] -= 2 * h
        down = f(p)
        p[i] += h
        g[i] = (up - down) / 2 / h
    return g


# %% right="restores-the-callers-array-exactly"
# Works on the caller's own float array, but puts the saved value back.
def numerical_gradient(f, x, h=1e-6):
    p = x if x.dtype == np.float64 else x.astype(np.float64)
    g = np.zeros(p.shape)
    for i in np.ndindex(p.shape):
        old = p[i].copy()
        p[i] = old + h
        up = float(f(p))
        p[i] = old - h
        g[i] = (up - float(f(p))) / (2 * h)
        p[i] = old
    return g


# %% right="rows-of-an-identity-matrix"
# Directions from the identity; shape () becomes a NumPy float.
def numerical_gradient(f, x, h=1e-6):
    x = np.asarray(x, dtype=np.float64)
    steps = h * np.eye(x.size)
    values = [(f(x + s.reshape(x.shape)) - f(x - s.reshape(x.shape))) / (2 * h) for s in steps]
    return (
        values[0]
        if x.ndim == 0 and isinstance(values[0], np.float64)
        else np.array(values, dtype=float).reshape(x.shape)
    )


# %% right="five-point-stencil"
# Fourth-order accurate: ±h and ±2h.
def numerical_gradient(f, x, h=1e-6):
    x = np.asarray(x, dtype=float)
    g = np.zeros(x.shape)
    for k in range(x.size):

        def at(t, k=k):
            p = x.flatten()
            p[k] += t
            return float(f(p.reshape(x.shape)))

        np.put(g, k, (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h))
    return g


# %% right="richardson-extrapolation"
# Combines the steps h and h/2.
def numerical_gradient(f, x, h=1e-6):
    x = np.asarray(x, dtype=float)

    def central(i, step):
        e = np.zeros(x.shape)
        e[i] = step
        return (f(x + e) - f(x - e)) / (2 * step)

    g = np.zeros(x.shape)
    for i in np.ndindex(*x.shape):
        g[i] = (4 * central(i, h / 2) - central(i, h)) / 3
    return g


# %% right="nditer-and-an-extra-look-at-x"
# Also evaluates f at x itself; Fortran-ordered result.
def numerical_gradient(f, x, h=1e-6):
    x = np.asarray(x, dtype=float)
    f(x.copy())
    g = np.zeros(x.shape, order="F")
    it = np.nditer(x, flags=["multi_index", "zerosize_ok"])
    for _ in it:
        e = np.zeros(x.shape)
        e[it.multi_index] = h
        g[it.multi_index] = (f(x + e) - f(x - e)) / (2 * h)
    return g


# %% right="python-float-for-shape-empty"
# A branch of its own for a single number.
def numerical_gradient(f, x, h=1e-6):
    x = np.asarray(x, dtype=float)
    if x.ndim == 0:
        return float((f(np.array(x + h)) - f(np.array(x - h))) / (2 * h))
    g = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        e = np.zeros(x.shape)
        e[i] = h
        g[i] = (f(x + e) - f(x - e)) / (2 * h)
    return g


# %% wrong="relative-step"
# Steps by h times the size of the entry: not the h that was asked for.
def numerical_gradient(f, x, h=1e-6):
    x = np.array(x, dtype=float)
    gradient = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        step = h * max(1.0, abs(x[place]))
        forward, backward = x.copy(), x.copy()
        forward[place] += step
        backward[place] -= step
        gradient[place] = (f(forward) - f(backward)) / (2 * step)
    return gradient


# %% wrong="restores-the-callers-array-by-arithmetic"
# Adds h, takes 2h away and adds h again in the caller's own float array: it comes back off by a rounding error.
def numerical_gradient(f, x, h=1e-6):
    work = np.asarray(x)
    if work.dtype != np.float64:
        work = work.astype(float)
    gradient = np.zeros(work.shape)
    for place in np.ndindex(work.shape):
        work[place] += h
        above = f(work)
        work[place] -= 2 * h
        gradient[place] = (above - f(work)) / (2 * h)
        work[place] += h
    return gradient


# %% right="reader-zh"
# float64 copy, ndindex, two fresh copies per entry; first try, no hint
def numerical_gradient(f, x, h=1e-6):
    """Return the central differences of f at x, float64, in the shape of x; x is left unchanged."""
    x = np.array(x, dtype=np.float64)
    gradient = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        forward, backward = x.copy(), x.copy()
        forward[place] += h
        backward[place] -= h
        gradient[place] = (float(f(forward)) - float(f(backward))) / (2 * h)
    return gradient


# %% right="reader-en"
# central differences over np.ndindex with two fresh copies
def numerical_gradient(f, x, h=1e-6):
    """Return the central differences of f at x, float64, in the shape of x; x is left unchanged."""
    x = np.array(x, dtype=np.float64)
    g = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[i] += h
        down[i] -= h
        g[i] = (float(f(up)) - float(f(down))) / (2 * h)
    return g


# %% wrong="rounded"
# Rounds to six digits: small slopes vanish.
def numerical_gradient(f, x, h=1e-6):
    x = np.array(x, dtype=float)
    g = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[place] += h
        down[place] -= h
        g[place] = (f(up) - f(down)) / (2 * h)
    return np.round(g, 6)


# %% right="half-steps"
# Steps of h/2.
def numerical_gradient(f, x, h=1e-6):
    x = np.array(x, dtype=float)
    g = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[place] += h / 2
        down[place] -= h / 2
        g[place] = (f(up) - f(down)) / h
    return g


# %% right="identity-rows"
# Steps along the rows of the unit matrix.
def numerical_gradient(f, x, h=1e-6):
    base = np.asarray(x).astype(np.float64)
    rows = h * np.eye(base.size)
    slopes = [(f((base.ravel() + e).reshape(base.shape)) - f((base.ravel() - e).reshape(base.shape))) / (2 * h) for e in rows]
    return np.array(slopes, dtype=np.float64).reshape(base.shape)
