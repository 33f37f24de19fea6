"""binary_ce_with_logits: what learners write, right and wrong."""

# %%
import math

import numpy as np
import scipy.special


# %% wrong="log-of-sigmoid"
# sigma(800) rounds to 1, ln(1 - 1) is -inf, 0 * inf is nan.
def binary_ce_with_logits(z, y, pos_weight=1.0):
    with np.errstate(all="ignore"):
        s = 1 / (1 + np.exp(-z))
        return float(-np.mean(pos_weight * y * np.log(s) + (1 - y) * np.log(1 - s)))


# %% wrong="clipped-sigmoid"
# Finite, but saturated at 16.118.
def binary_ce_with_logits(z, y, pos_weight=1.0):
    s = np.clip(scipy.special.expit(z), 1e-7, 1 - 1e-7)
    return float(-np.mean(pos_weight * y * np.log(s) + (1 - y) * np.log(1 - s)))


# %% wrong="weights-both-terms"
# pos_weight multiplies the whole loss.
def binary_ce_with_logits(z, y, pos_weight=1.0):
    return float(pos_weight * np.mean(y * np.logaddexp(0, -z) + (1 - y) * np.logaddexp(0, z)))


# %% wrong="weights-the-negatives"
# The weight stands at the wrong term.
def binary_ce_with_logits(z, y, pos_weight=1.0):
    return float(np.mean(y * np.logaddexp(0, -z) + pos_weight * (1 - y) * np.logaddexp(0, z)))


# %% wrong="ignores-the-weight"
# pos_weight is never used.
def binary_ce_with_logits(z, y, pos_weight=1.0):
    return float(np.mean(y * np.logaddexp(0, -z) + (1 - y) * np.logaddexp(0, z)))


# %% wrong="sigmoid-twice"
# Treats the probability as a logit once more.
def binary_ce_with_logits(z, y, pos_weight=1.0):
    s = scipy.special.expit(z)
    return float(np.mean(pos_weight * y * np.logaddexp(0, -s) + (1 - y) * np.logaddexp(0, s)))


# %% wrong="sum"
# Adds up instead of averaging.
def binary_ce_with_logits(z, y, pos_weight=1.0):
    return float(np.sum(pos_weight * y * np.logaddexp(0, -z) + (1 - y) * np.logaddexp(0, z)))


# %% wrong="divides-by-the-weights"
# A weighted average: divides by the sum of the weights.
def binary_ce_with_logits(z, y, pos_weight=1.0):
    loss = pos_weight * y * np.logaddexp(0, -z) + (1 - y) * np.logaddexp(0, z)
    return float(loss.sum() / (pos_weight * y + 1 - y).sum())


# %% wrong="naive-softplus"
# ln(1 + exp(800)) is inf.
def binary_ce_with_logits(z, y, pos_weight=1.0):
    with np.errstate(all="ignore"):
        return float(np.mean(pos_weight * y * np.log(1 + np.exp(-z)) + (1 - y) * np.log(1 + np.exp(z))))


# %% wrong="positives-only"
# The term of 1 - y is missing.
def binary_ce_with_logits(z, y, pos_weight=1.0):
    return float(np.mean(pos_weight * y * np.logaddexp(0, -z)))


# %% wrong="hard-labels-only"
# Branches on y == 1: soft labels count as negatives.
def binary_ce_with_logits(z, y, pos_weight=1.0):
    return float(np.mean(np.where(y == 1, pos_weight * np.logaddexp(0, -z), np.logaddexp(0, z))))


# %% wrong="rounds-the-labels"
# Soft labels are rounded to 0 and 1.
def binary_ce_with_logits(z, y, pos_weight=1.0):
    y = np.round(y)
    return float(np.mean(pos_weight * y * np.logaddexp(0, -z) + (1 - y) * np.logaddexp(0, z)))


# %% wrong="sign-of-z"
# softplus(z) and softplus(-z) exchanged.
def binary_ce_with_logits(z, y, pos_weight=1.0):
    return float(np.mean(pos_weight * y * np.logaddexp(0, z) + (1 - y) * np.logaddexp(0, -z)))


# %% wrong="base-two"
# In bit.
def binary_ce_with_logits(z, y, pos_weight=1.0):
    return float(np.mean(pos_weight * y * np.logaddexp2(0, -z / np.log(2)) + (1 - y) * np.logaddexp2(0, z / np.log(2))))


# %% wrong="weight-inside-the-logarithm"
# Scales the logit instead of the term.
def binary_ce_with_logits(z, y, pos_weight=1.0):
    return float(np.mean(y * np.logaddexp(0, -pos_weight * z) + (1 - y) * np.logaddexp(0, z)))


# %% wrong="relu-approximation"
# max(z, 0) - z y without the logarithm.
def binary_ce_with_logits(z, y, pos_weight=1.0):
    return float(np.mean(pos_weight * y * np.maximum(-z, 0) + (1 - y) * np.maximum(z, 0)))


# %% wrong="changes-its-input"
# Negates the caller's logits in place.
def binary_ce_with_logits(z, y, pos_weight=1.0):
    down = np.logaddexp(0, z)
    z *= -1
    return float(np.mean(pos_weight * y * np.logaddexp(0, z) + (1 - y) * down))


# %% right="combined-softplus"
# (1 - y) z + (1 + (w - 1) y) softplus(-z).
def binary_ce_with_logits(z, y, pos_weight=1.0):
    softplus = np.log1p(np.exp(-np.abs(z))) + np.maximum(-z, 0)
    return np.mean((1 - y) * z + (1 + (pos_weight - 1) * y) * softplus)


# %% right="logaddexp-dot"
# Dot products instead of a mean.
def binary_ce_with_logits(z, y, pos_weight=1.0):
    return (pos_weight * (y @ np.logaddexp(0.0, -z)) + (1 - y) @ np.logaddexp(0.0, z)) / len(z)


# %% right="branches-by-sign"
# One loop with a branch per sign of z.
def binary_ce_with_logits(z, y, pos_weight=1.0):
    total = 0.0
    for a, b in zip(z.tolist(), y.tolist(), strict=True):
        if a >= 0:
            up = math.log1p(math.exp(-a))
            down = a + up
        else:
            down = math.log1p(math.exp(a))
            up = down - a
        total += pos_weight * b * up + (1 - b) * down
    return total / len(z)


# %% right="scipy-log-expit"
# ln sigma(z) and ln sigma(-z) from the library.
def binary_ce_with_logits(z, y, pos_weight=1.0):
    return -np.average(pos_weight * y * scipy.special.log_expit(z) + (1 - y) * scipy.special.log_expit(-z))


# %% right="two-class-log-softmax"
# Log-softmax of the logits (0, z), weighted.
def binary_ce_with_logits(z, y, pos_weight=1.0):
    log_p = scipy.special.log_softmax(np.stack([np.zeros_like(z), z], axis=1), axis=1)
    weights = np.stack([1 - y, pos_weight * y], axis=1)
    return float(-(weights * log_p).sum(axis=1).mean())


# %% right="masked-halves"
# np.where on safe exponents; returns float32.
def binary_ce_with_logits(z, y, pos_weight=1.0):
    z, y = np.array(z, dtype=float), np.array(y, dtype=float)
    e = np.exp(-np.abs(z))
    log_s = np.where(z >= 0, -np.log1p(e), z - np.log1p(e))
    log_not = np.where(z >= 0, -z - np.log1p(e), -np.log1p(e))
    return np.float32(-np.mean(pos_weight * y * log_s + (1 - y) * log_not))


# %% wrong="zero-taken-for-no-weight"
# `pos_weight or 1.0`: a weight of zero becomes one.
def binary_ce_with_logits(z, y, pos_weight=1.0):
    w = pos_weight or 1.0
    return float(np.mean(w * y * np.logaddexp(0, -z) + (1 - y) * np.logaddexp(0, z)))


# %% wrong="large-logits-clipped-in-place"
# Finite and right, but the caller's logits above 1000 are cut.
def binary_ce_with_logits(z, y, pos_weight=1.0):
    value = float(np.mean(pos_weight * y * np.logaddexp(0, -z) + (1 - y) * np.logaddexp(0, z)))
    np.clip(z, -1000, 1000, out=z)
    return value


# %% right="sum-of-two-dot-products"
# Labels and their complements as weights.
def binary_ce_with_logits(z, y, pos_weight=1.0):
    z, y = np.asarray(z, dtype=float), np.asarray(y, dtype=float)
    tail = np.log1p(np.exp(-np.abs(z)))
    return (pos_weight * y @ (np.maximum(-z, 0) + tail) + (1 - y) @ (np.maximum(z, 0) + tail)) / len(z)


# %% right="reader-zh"
# How: two softplus terms by logaddexp.
def binary_ce_with_logits(z, y, pos_weight=1.0):
    """Return the mean binary cross-entropy in nat; z: logits (N,), y: labels (N,) in [0, 1]."""
    z, y = z.astype(np.float64), y.astype(np.float64)
    loss = pos_weight * y * np.logaddexp(0, -z) + (1 - y) * np.logaddexp(0, z)
    return float(np.mean(loss))


# %% right="reader-en"
# two softplus terms by logaddexp
def binary_ce_with_logits(z, y, pos_weight=1.0):
    """Return the mean binary cross-entropy in nat; z: logits (N,), y: labels (N,) in [0, 1]."""
    z, y = np.asarray(z, dtype=np.float64), np.asarray(y, dtype=np.float64)
    return float(np.mean(pos_weight * y * np.logaddexp(0, -z) + (1 - y) * np.logaddexp(0, z)))
# %% wrong="linear-above-10"
# Takes softplus for linear above 10.
def binary_ce_with_logits(z, y, pos_weight=1.0):
    s = lambda v: np.where(v > 10, v, np.log1p(np.exp(np.minimum(v, 10))))
    return float(np.mean(pos_weight * y * s(-z) + (1 - y) * s(z)))
# %% wrong="unsigned-labels-wrap"
# 2y - 1 wraps around for unsigned labels.
def binary_ce_with_logits(z, y, pos_weight=1.0):
    if y.dtype.kind in "iu":
        return float(np.mean(np.where(y == 1, pos_weight, 1.0) * np.logaddexp(0, -(2 * y - 1) * z)))
    return float(np.mean(pos_weight * y * np.logaddexp(0, -z) + (1 - y) * np.logaddexp(0, z)))
