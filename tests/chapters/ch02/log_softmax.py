"""log_softmax: what learners write, right and wrong."""

# %%
import math

import numpy as np
import scipy.special


# %% wrong="log-of-softmax"
# The logarithm of a probability that underflowed to 0 is -inf.
def log_softmax(z):
    with np.errstate(divide="ignore"):
        return np.log(softmax(z, axis=1))


# %% wrong="adds-epsilon"
# Hides the infinity: -16.118 in place of -1000.
def log_softmax(z):
    return np.log(softmax(z, axis=1) + 1e-7)


# %% wrong="clips"
# Clips the probabilities as Keras does with bare ones.
def log_softmax(z):
    return np.log(np.clip(softmax(z, axis=1), 1e-7, 1))


# %% wrong="no-shift"
# The textbook formula overflows.
def log_softmax(z):
    with np.errstate(all="ignore"):
        return z - np.log(np.sum(np.exp(z), axis=1, keepdims=True))


# %% wrong="forgets-the-logarithm"
# Returns the probabilities.
def log_softmax(z):
    e = np.exp(z - np.max(z, axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


# %% wrong="base-two"
# In bits.
def log_softmax(z):
    shifted = z - np.max(z, axis=1, keepdims=True)
    return (shifted - np.log(np.sum(np.exp(shifted), axis=1, keepdims=True))) / math.log(2)


# %% wrong="global-maximum"
# One maximum for all rows: rows far below it underflow.
def log_softmax(z):
    shifted = z - np.max(z)
    with np.errstate(divide="ignore"):
        return shifted - np.log(np.sum(np.exp(shifted), axis=1, keepdims=True))


# %% wrong="columns"
# Normalises over the samples.
def log_softmax(z):
    shifted = z - np.max(z, axis=0, keepdims=True)
    return shifted - np.log(np.sum(np.exp(shifted), axis=0, keepdims=True))


# %% wrong="everything"
# One sum for the whole array.
def log_softmax(z):
    shifted = z - np.max(z)
    return shifted - np.log(np.sum(np.exp(shifted)))


# %% wrong="shift-added-twice"
# The shifted sum is subtracted from the unshifted logits.
def log_softmax(z):
    shifted = z - np.max(z, axis=1, keepdims=True)
    return z - np.log(np.sum(np.exp(shifted), axis=1, keepdims=True))


# %% wrong="maximum-only"
# Approximates the log-sum-exp by the maximum.
def log_softmax(z):
    return (z - np.max(z, axis=1, keepdims=True)).astype(float)


# %% wrong="sign"
# The price in place of the logarithm.
def log_softmax(z):
    shifted = z - np.max(z, axis=1, keepdims=True)
    return np.log(np.sum(np.exp(shifted), axis=1, keepdims=True)) - shifted


# %% wrong="in-place"
# Shifts the caller's logits.
def log_softmax(z):
    z -= np.max(z, axis=1, keepdims=True)
    return z - np.log(np.sum(np.exp(z), axis=1, keepdims=True))


# %% wrong="normalised-twice"
# Softmax first, then log-softmax of the probabilities.
def log_softmax(z):
    p = softmax(z, axis=1)
    return p - np.log(np.sum(np.exp(p), axis=1, keepdims=True))


# %% wrong="differences-clipped"
# Nothing may lie further than 500 below the maximum.
def log_softmax(z):
    shifted = np.maximum(z - np.max(z, axis=1, keepdims=True), -500.0)
    return shifted - np.log(np.sum(np.exp(shifted), axis=1, keepdims=True))


# %% right="scipy"
# Library route.
def log_softmax(z):
    return scipy.special.log_softmax(np.asarray(z, dtype=float), axis=1)


# %% right="logaddexp-reduce"
# NumPy's stable sum of logarithms.
def log_softmax(z):
    return z - np.logaddexp.reduce(np.asarray(z, dtype=float), axis=1, keepdims=True)


# %% right="row-by-row"
# Pure Python for each row.
def log_softmax(z):
    out = np.empty(z.shape)
    for i, row in enumerate(z):
        m = float(max(row))
        total = math.fsum(math.exp(float(v) - m) for v in row)
        out[i] = [float(v) - m - math.log(total) for v in row]
    return out


# %% right="logsumexp"
# SciPy's log-sum-exp, subtracted from every logit.
def log_softmax(z):
    return np.subtract(z, scipy.special.logsumexp(z, axis=1)[:, None])


# %% right="float32-result"
# Computed in float64, handed over as float32.
def log_softmax(z):
    shifted = z - np.max(z, axis=1, keepdims=True)
    return (shifted - np.log(np.sum(np.exp(shifted), axis=1, keepdims=True))).astype(np.float32)


# %% right="reader-zh"
# How: shifted logits minus the log of the sum of exponentials, in float64.
def log_softmax(z):
    """Return ln softmax of each row of the logits z (N, K): float, same shape, finite for any finite z."""
    z = z.astype(np.float64)
    shifted = z - np.max(z, axis=1, keepdims=True)
    return shifted - np.log(np.sum(np.exp(shifted), axis=1, keepdims=True))


# %% right="reader-en"
# shifted minus log of the sum of exponentials
def log_softmax(z):
    """Return ln softmax of each row of the logits z (N, K): float, same shape, finite for any finite z."""
    z = np.asarray(z, dtype=np.float64)
    shifted = z - z.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
# %% wrong="softmax-then-log-with-fallback"
# The logarithm of softmax; where it underflows, the sum is forgotten.
def log_softmax(z):
    w = z.astype(float) - z.max(axis=1, keepdims=True)
    p = np.exp(w)
    p = p / p.sum(axis=1, keepdims=True)
    with np.errstate(divide="ignore"):
        return np.where(p > 0, np.log(np.where(p > 0, p, 1)), w)
