"""mse: what learners write, right and wrong."""

# %%
import math

import numpy as np


# %% wrong="sum-instead-of-mean"
# The squared errors are added up but not divided.
def mse(y, p):
    if y.shape != p.shape:
        raise ValueError("shapes differ")
    return float(np.sum((y.astype(float) - p) ** 2))


# %% wrong="divides-by-len"
# len counts the first axis only; right for vectors, too large for tables.
def mse(y, p):
    if y.shape != p.shape:
        raise ValueError("shapes differ")
    return float(np.sum((y.astype(float) - p.astype(float)) ** 2) / len(y))


# %% wrong="half"
# Article B's factor 1/2 (E03).
def mse(y, p):
    if y.shape != p.shape:
        raise ValueError("shapes differ")
    return float(0.5 * np.mean((y.astype(float) - p.astype(float)) ** 2))


# %% wrong="absolute-error"
# MAE in place of MSE.
def mse(y, p):
    if y.shape != p.shape:
        raise ValueError("shapes differ")
    return float(np.mean(np.abs(y.astype(float) - p.astype(float))))


# %% wrong="root"
# RMSE: takes the square root as well.
def mse(y, p):
    if y.shape != p.shape:
        raise ValueError("shapes differ")
    return float(np.sqrt(np.mean((y.astype(float) - p.astype(float)) ** 2)))


# %% wrong="broadcasts"
# No look at the shapes: (n, 1) against (n,) averages a whole table.
def mse(y, p):
    return float(np.mean((y.astype(float) - p.astype(float)) ** 2))


# %% wrong="compares-sizes-only"
# Equal numbers of elements are not equal shapes: (n, 1) and (n,) pass.
def mse(y, p):
    if y.size != p.size:
        raise ValueError("sizes differ")
    return float(np.mean((y.astype(float).ravel() - p.astype(float).ravel()) ** 2))


# %% wrong="compares-lengths-only"
# Looks at the first axis only.
def mse(y, p):
    if len(y) != len(p):
        raise ValueError("lengths differ")
    return float(np.mean((y.astype(float) - p.astype(float)) ** 2))


# %% wrong="asserts-the-shapes"
# Refuses with AssertionError instead of ValueError.
def mse(y, p):
    assert y.shape == p.shape
    return float(np.mean((y.astype(float) - p.astype(float)) ** 2))


# %% wrong="uint8-wraps-around"
# Subtracts and squares before converting.
def mse(y, p):
    if y.shape != p.shape:
        raise ValueError("shapes differ")
    return float(np.mean((y - p) ** 2))


# %% wrong="converts-after-subtracting"
# The difference has already wrapped around when it becomes float.
def mse(y, p):
    if y.shape != p.shape:
        raise ValueError("shapes differ")
    return float(np.mean((y - p).astype(float) ** 2))


# %% wrong="square-of-the-mean"
# Errors of opposite sign cancel before they are squared.
def mse(y, p):
    if y.shape != p.shape:
        raise ValueError("shapes differ")
    return float(np.mean(y.astype(float) - p.astype(float)) ** 2)


# %% wrong="mean-per-column"
# axis=0 leaves one value per column of a table.
def mse(y, p):
    if y.shape != p.shape:
        raise ValueError("shapes differ")
    return np.mean((y.astype(float) - p.astype(float)) ** 2, axis=0)


# %% wrong="unbiased-divisor"
# Divides by n - 1, as for a sample variance.
def mse(y, p):
    if y.shape != p.shape:
        raise ValueError("shapes differ")
    return float(np.sum((y.astype(float) - p.astype(float)) ** 2) / max(1, y.size - 1))


# %% wrong="changes-its-input"
# Subtracts in place: right number, damaged argument.
def mse(y, p):
    if y.shape != p.shape:
        raise ValueError("shapes differ")
    if y.dtype == float:
        y -= p
        return float(np.mean(y**2))
    return float(np.mean((y.astype(float) - p.astype(float)) ** 2))


# %% wrong="forgets-the-return"
# Computes the mean and returns None.
def mse(y, p):
    if y.shape != p.shape:
        raise ValueError("shapes differ")
    value = np.mean((y.astype(float) - p.astype(float)) ** 2)


# %% right="mean-of-np-square"
# Returns a NumPy float.
def mse(y, p):
    if y.shape != p.shape:
        raise ValueError(f"{y.shape} is not {p.shape}")
    return np.mean(np.square(y.astype(np.float64) - p.astype(np.float64)))


# %% right="dot-product"
# The flattened difference with itself, divided by its size.
def mse(y, p):
    if np.shape(y) != np.shape(p):
        raise ValueError("y and p must have equal shapes")
    d = (np.array(y, dtype=float) - np.array(p, dtype=float)).ravel()
    return d @ d / d.size


# %% right="loop-with-fsum"
# Pure Python with exact summation.
def mse(y, p):
    if y.shape != p.shape:
        raise ValueError("shapes differ")
    squares = [(float(a) - float(b)) ** 2 for a, b in zip(y.ravel(), p.ravel(), strict=True)]
    return math.fsum(squares) / len(squares)


# %% right="norm-squared"
# The Euclidean norm, squared.
def mse(y, p):
    if y.shape != p.shape:
        raise ValueError("shapes differ")
    return float(np.linalg.norm((y.astype(float) - p.astype(float)).ravel()) ** 2 / y.size)


# %% right="scikit-learn"
# The library on flattened copies.
def mse(y, p):
    from sklearn.metrics import mean_squared_error

    if y.shape != p.shape:
        raise ValueError("shapes differ")
    return mean_squared_error(y.astype(float).ravel(), p.astype(float).ravel())


# %% right="variance-plus-squared-bias"
# E[d^2] = Var d + (E d)^2.
def mse(y, p):
    if y.shape != p.shape:
        raise ValueError("shapes differ")
    d = np.subtract(y, p, dtype=np.float64)
    return d.var() + d.mean() ** 2


# %% right="own-subclass-of-value-error"
# ValueError admits its subclasses; einsum does the rest; the result is a float32.
class ShapeError(ValueError):
    pass


def mse(y, p):
    if y.shape != p.shape:
        raise ShapeError(y.shape, p.shape)
    d = (np.float64(y) - np.float64(p)).reshape(-1)
    return np.float32(np.einsum("i,i->", d, d) / len(d))


# %% right="recursion-over-the-first-axis"
# The mean of the means of equal parts; returns a 0-d array.
def mse(y, p):
    if y.shape != p.shape:
        raise ValueError("shapes differ")
    if y.ndim == 0:
        return (float(y) - float(p)) ** 2
    return np.array(sum(mse(a, b) for a, b in zip(y, p, strict=True)) / len(y))


# %% wrong="converts-eight-bits-only"
# Knows about uint8 and int8 and lets wider integers wrap around.
def mse(y, p):
    if y.shape != p.shape:
        raise ValueError("shapes differ")
    if y.dtype.itemsize == 1 or p.dtype.itemsize == 1:
        y, p = y.astype(float), p.astype(float)
    return float(np.mean((y - p) ** 2))


# %% wrong="signed-detour"
# int64 has no sign to lose, but its squares wrap around above 3 billion.
def mse(y, p):
    if y.shape != p.shape:
        raise ValueError("shapes differ")
    if y.dtype.kind in "iu" and p.dtype.kind in "iu":
        d = y.astype(np.int64) - p.astype(np.int64)
        return float(np.sum(d * d)) / d.size
    return float(np.mean((y.astype(float) - p.astype(float)) ** 2))


# %% wrong="sorts-integers-in-place"
# Orders the caller's pixels for a sum that needs no order.
def mse(y, p):
    if y.shape != p.shape:
        raise ValueError("shapes differ")
    value = float(np.mean((y.astype(float) - p.astype(float)) ** 2))
    if y.dtype.kind in "iu":
        y.sort()
    return value


# %% right="long-double"
# More precision than asked for, for every dtype alike.
def mse(y, p):
    if y.shape != p.shape:
        raise ValueError("shapes differ")
    d = np.asarray(y, dtype=np.longdouble) - np.asarray(p, dtype=np.longdouble)
    return float(np.sum(d * d) / d.size)


# %% right="float32-arithmetic"
# Computed in float32 and handed over as a Python float: seven digits are enough here.
def mse(y, p):
    if y.shape != p.shape:
        raise ValueError("shapes differ")
    return float(np.mean((y.astype(np.float32) - p.astype(np.float32)) ** 2))


# %% right="reader-zh"
# How: shapes first, then float64 copies, then the mean of the squares.
def mse(y, p):
    """Return the mean squared difference (factor 1) over all elements.

    y, p: equal shapes, any numeric dtype. Raises ValueError if the shapes differ.
    """
    if y.shape != p.shape:
        raise ValueError(f"shapes differ: {y.shape} and {p.shape}")
    difference = y.astype(np.float64) - p.astype(np.float64)
    return float(np.mean(difference ** 2))


# %% right="reader-en"
# compare shapes, convert to float64, mean of squares
def mse(y, p):
    """Return the mean squared difference (factor 1) over all elements.

    y, p: equal shapes, any numeric dtype. Raises ValueError if the shapes differ.
    """
    y, p = np.asarray(y), np.asarray(p)
    if y.shape != p.shape:
        raise ValueError(f"shapes differ: {y.shape} and {p.shape}")
    d = y.astype(np.float64) - p.astype(np.float64)
    return float(np.mean(d * d))
# %% wrong="ndim-and-len-compared"
# Compares the number of axes and the first axis only: (3, 1) against (3, 4) is broadcast.
def mse(y, p):
    if y.ndim != p.ndim or len(y) != len(p):
        raise ValueError("shapes differ")
    d = y.astype(float) - p.astype(float)
    return float(np.mean(d ** 2))
# %% wrong="expanded-square"
# Expands the square: large numbers with a small difference cancel.
def mse(y, p):
    if y.shape != p.shape:
        raise ValueError("shapes differ")
    y, p = y.astype(float), p.astype(float)
    return float(np.mean(y * y) - 2 * np.mean(y * p) + np.mean(p * p))
# %% wrong="ravel-in-memory-order"
# Flattens in the order of the memory: a transposed array is paired with the wrong elements.
def mse(y, p):
    if y.shape != p.shape:
        raise ValueError("shapes differ")
    a, b = np.ravel(y, order="K").astype(float), np.ravel(p, order="K").astype(float)
    return float(np.dot(a - b, a - b) / a.size)
