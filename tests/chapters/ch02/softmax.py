"""softmax: what learners write, right and wrong."""

# %%
import math

import numpy as np
import scipy.special


# %% wrong="no-shift-by-the-maximum"
# Overflows for large logits: exp(1000) is inf, inf/inf is nan.
def softmax(z, axis=-1):
    e = np.exp(z)
    return e / np.sum(e, axis=axis, keepdims=True)


# %% wrong="normalises-over-everything"
# One sum for the whole array; right for a single vector only.
def softmax(z, axis=-1):
    e = np.exp(z - np.max(z, axis=axis, keepdims=True))
    return e / np.sum(e)


# %% wrong="axis-0-always"
# Ignores the argument axis.
def softmax(z, axis=-1):
    e = np.exp(z - np.max(z, axis=0, keepdims=True))
    return e / np.sum(e, axis=0, keepdims=True)


# %% wrong="last-axis-always"
# Ignores the argument axis.
def softmax(z, axis=-1):
    e = np.exp(z - np.max(z, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1, keepdims=True)


# %% wrong="axis-1-always"
# Right for tables, fails for vectors and for other axes.
def softmax(z, axis=-1):
    e = np.exp(z - np.max(z, axis=1, keepdims=True))
    return e / np.sum(e, axis=1, keepdims=True)


# %% wrong="global-maximum"
# A row far below the global maximum underflows to 0/0.
def softmax(z, axis=-1):
    e = np.exp(z - np.max(z))
    return e / np.sum(e, axis=axis, keepdims=True)


# %% wrong="shifts-in-place"
# The caller's logits are changed.
def softmax(z, axis=-1):
    z -= np.max(z, axis=axis, keepdims=True)
    e = np.exp(z)
    return e / np.sum(e, axis=axis, keepdims=True)


# %% wrong="shift-by-the-minimum"
# exp(z - min) still overflows.
def softmax(z, axis=-1):
    e = np.exp(z - np.min(z, axis=axis, keepdims=True))
    return e / np.sum(e, axis=axis, keepdims=True)


# %% wrong="shift-by-the-mean"
# Enough for moderate logits, overflows when they are far apart.
def softmax(z, axis=-1):
    e = np.exp(z - np.mean(z, axis=axis, keepdims=True))
    return e / np.sum(e, axis=axis, keepdims=True)


# %% wrong="clips-the-logits"
# Finite, but logits above 500 become equal.
def softmax(z, axis=-1):
    e = np.exp(np.clip(z, -500, 500))
    return e / np.sum(e, axis=axis, keepdims=True)


# %% wrong="nan-to-num"
# Hides the overflow: probabilities no longer sum to 1.
def softmax(z, axis=-1):
    with np.errstate(all="ignore"):
        e = np.exp(z)
        return np.nan_to_num(e / np.sum(e, axis=axis, keepdims=True))


# %% wrong="no-keepdims"
# The sums broadcast along the wrong axis of a square table.
def softmax(z, axis=-1):
    e = np.exp(z - np.max(z, axis=axis, keepdims=True))
    return e / np.sum(e, axis=axis)


# %% wrong="base-two"
# Powers of 2 instead of e.
def softmax(z, axis=-1):
    e = 2.0 ** (z - np.max(z, axis=axis, keepdims=True))
    return e / np.sum(e, axis=axis, keepdims=True)


# %% wrong="divides-by-the-maximum"
# Normalises the logits without exp.
def softmax(z, axis=-1):
    shifted = z - np.min(z, axis=axis, keepdims=True) + 1e-12
    return shifted / np.sum(shifted, axis=axis, keepdims=True)


# %% wrong="sigmoid"
# One independent probability per class.
def softmax(z, axis=-1):
    return scipy.special.expit(z)


# %% wrong="log-softmax"
# Returns the logarithms.
def softmax(z, axis=-1):
    return scipy.special.log_softmax(z, axis=axis)


# %% wrong="integer-buffer"
# A buffer of the dtype of z cuts fractions off for integer logits.
def softmax(z, axis=-1):
    out = np.empty_like(z)
    out[...] = np.exp(z - np.max(z, axis=axis, keepdims=True))
    return out / np.sum(out, axis=axis, keepdims=True)


# %% wrong="epsilon-in-the-denominator"
# The sum falls short of 1.
def softmax(z, axis=-1):
    e = np.exp(z - np.max(z, axis=axis, keepdims=True))
    return e / (np.sum(e, axis=axis, keepdims=True) + 1e-5)


# %% right="exp-minus-logsumexp"
# exp of log-softmax.
def softmax(z, axis=-1):
    return np.exp(z - scipy.special.logsumexp(z, axis=axis, keepdims=True))


# %% right="scipy-special"
# Library route.
def softmax(z, axis=-1):
    return scipy.special.softmax(z, axis=axis)


# %% right="loop-over-slices"
# One slice at a time into a float array.
def softmax(z, axis=-1):
    def one(row):
        e = np.exp(row - row.max())
        return e / e.sum()

    return np.apply_along_axis(one, axis, np.asarray(z, dtype=float))


# %% right="shift-close-to-the-maximum"
# Any number near the maximum of the row serves.
def softmax(z, axis=-1):
    near = np.floor(np.max(np.float64(z), axis=axis, keepdims=True)) + 2.5
    e = np.exp(z - near)
    return e / e.sum(axis=axis, keepdims=True)


# %% right="moved-axis"
# Moves the axis to the end and back; the result is a view that is not contiguous.
def softmax(z, axis=-1):
    a = np.moveaxis(z, axis, -1).astype(np.float64)
    e = np.exp(a - a.max(-1)[..., None])
    return np.moveaxis(e / e.sum(-1)[..., None], -1, axis)


# %% right="pure-python-rows"
# math.exp over lists, no array arithmetic.
def softmax(z, axis=-1):
    rows = np.moveaxis(np.array(z, float), axis, -1)
    out = np.zeros(rows.shape)
    for index in np.ndindex(rows.shape[:-1]):
        row = rows[index].tolist()
        top = max(row)
        e = [math.exp(v - top) for v in row]
        out[index] = [v / math.fsum(e) for v in e]
    return np.moveaxis(out, -1, axis).copy(order="F")


# %% right="float32-result"
# Computed in float64, handed over as float32.
def softmax(z, axis=-1):
    z = np.asarray(z, dtype=np.float64)
    e = np.exp(z - z.max(axis, keepdims=True))
    return (e / e.sum(axis, keepdims=True)).astype(np.float32)


# %% right="reciprocal-of-differences"
# p_k = 1 / sum_j exp(z_j - z_k); an overflow to inf gives the right 0.
def softmax(z, axis=-1):
    a = np.moveaxis(np.asarray(z, float), axis, -1)
    with np.errstate(over="ignore"):
        p = 1 / np.exp(a[..., None, :] - a[..., :, None]).sum(-1)
    return np.moveaxis(p, -1, axis)


# %% wrong="changes-float32-in-place"
# Works in the caller's own array where the dtype allows it.
def softmax(z, axis=-1):
    work = z if z.dtype == np.float32 else z.astype(float)
    work -= np.max(work, axis=axis, keepdims=True)
    np.exp(work, out=work)
    work /= work.sum(axis=axis, keepdims=True)
    return work.copy()


# %% right="cumulative-shift"
# Shifts by the maximum, found by sorting along the axis.
def softmax(z, axis=-1):
    largest = np.take(np.sort(z, axis=axis), [-1], axis=axis)
    e = np.exp(np.asarray(z - largest, dtype=float))
    return e / e.sum(axis=axis, keepdims=True)
# %% wrong="clips-the-exponents"
# Exponents below -30 become -30.
def softmax(z, axis=-1):
    e = np.exp(np.clip(z - z.max(axis=axis, keepdims=True), -30, 0))
    return e / e.sum(axis=axis, keepdims=True)
# %% wrong="guards-the-denominator"
# Adds a small number to a sum that is never below 1.
def softmax(z, axis=-1):
    e = np.exp(z - z.max(axis=axis, keepdims=True))
    return e / (e.sum(axis=axis, keepdims=True) + 1e-8)


# %% right="reader-zh"
# How: float64, subtracts the maximum along the axis with keepdims.
def softmax(z, axis=-1):
    """Return the softmax of the logits z along axis: float, same shape as z, finite for any finite z."""
    z = z.astype(np.float64)
    e = np.exp(z - np.max(z, axis=axis, keepdims=True))
    return e / np.sum(e, axis=axis, keepdims=True)


# %% right="reader-en"
# float64, shift by the maximum along the axis
def softmax(z, axis=-1):
    """Return the softmax of the logits z along axis: float, same shape as z, finite for any finite z."""
    z = np.asarray(z, dtype=np.float64)
    e = np.exp(z - z.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)
