"""cross_entropy_from_logits: what learners write, right and wrong."""

# %%
import math

import numpy as np
import scipy.special


# %% wrong="clips-the-probabilities"
# Saturates at -ln 1e-7 = 16.118, as Keras does with probabilities.
def cross_entropy_from_logits(z, y):
    p = scipy.special.softmax(z, axis=1)
    return float(-np.mean(np.log(np.clip(p[np.arange(len(y)), y], 1e-7, 1))))


# %% wrong="adds-epsilon"
# ln(p + 1e-12) saturates at 27.6 and shifts every value.
def cross_entropy_from_logits(z, y):
    p = scipy.special.softmax(z, axis=1)
    return float(-np.mean(np.log(p[np.arange(len(y)), y] + 1e-12)))


# %% wrong="base-two"
# In bit instead of nat.
def cross_entropy_from_logits(z, y):
    return float(-np.mean(scipy.special.log_softmax(z, axis=1)[np.arange(len(y)), y]) / np.log(2))


# %% wrong="sum-over-samples"
# Adds up instead of averaging.
def cross_entropy_from_logits(z, y):
    return float(-np.sum(scipy.special.log_softmax(z, axis=1)[np.arange(len(y)), y]))


# %% wrong="mean-over-samples-and-classes"
# np.mean of the one-hot product divides by N*K.
def cross_entropy_from_logits(z, y):
    return float(-np.mean(np.eye(z.shape[1])[y] * scipy.special.log_softmax(z, axis=1)))


# %% wrong="softmax-twice"
# Treats probabilities as logits once more.
def cross_entropy_from_logits(z, y):
    p = scipy.special.softmax(z, axis=1)
    return float(-np.mean(scipy.special.log_softmax(p, axis=1)[np.arange(len(y)), y]))


# %% wrong="colon-indexing"
# z[:, y] is an (N, N) table of all labels for all samples.
def cross_entropy_from_logits(z, y):
    return float(-np.mean(scipy.special.log_softmax(z, axis=1)[:, y]))


# %% wrong="log-of-softmax"
# ln 0 = -inf once a probability underflows.
def cross_entropy_from_logits(z, y):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    with np.errstate(divide="ignore"):
        return float(-np.mean(np.log(p[np.arange(len(y)), y])))


# %% wrong="sign"
# The mean log-likelihood: the minus is missing.
def cross_entropy_from_logits(z, y):
    return float(np.mean(scipy.special.log_softmax(z, axis=1)[np.arange(len(y)), y]))


# %% wrong="naive-log-sum-exp"
# No shift: exp overflows above 709.8.
def cross_entropy_from_logits(z, y):
    with np.errstate(over="ignore", invalid="ignore"):
        return float(np.mean(np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(y)), y]))


# %% wrong="global-maximum"
# Rows far below the global maximum get ln 0.
def cross_entropy_from_logits(z, y):
    with np.errstate(divide="ignore"):
        s = z - z.max()
        return float(np.mean(np.log(np.exp(s).sum(axis=1)) - s[np.arange(len(y)), y]))


# %% wrong="forgets-the-shift"
# Shifts inside the log-sum-exp but not the picked logit.
def cross_entropy_from_logits(z, y):
    s = z - z.max(axis=1, keepdims=True)
    return float(np.mean(np.log(np.exp(s).sum(axis=1)) - z[np.arange(len(y)), y]))


# %% wrong="largest-logit"
# Uses the predicted class instead of the label.
def cross_entropy_from_logits(z, y):
    return float(np.mean(scipy.special.logsumexp(z, axis=1) - z.max(axis=1)))


# %% wrong="normalises-over-samples"
# Softmax along axis 0.
def cross_entropy_from_logits(z, y):
    return float(-np.mean(scipy.special.log_softmax(z, axis=0)[np.arange(len(y)), y]))


# %% wrong="binary-terms"
# Sums a binary cross-entropy over all classes.
def cross_entropy_from_logits(z, y):
    t = np.eye(z.shape[1])[y]
    return float(np.mean(np.sum(t * np.logaddexp(0, -z) + (1 - t) * np.logaddexp(0, z), axis=1)))


# %% wrong="per-sample-losses"
# Forgets the mean and returns (N,).
def cross_entropy_from_logits(z, y):
    return -scipy.special.log_softmax(z, axis=1)[np.arange(len(y)), y]


# %% wrong="flat-index-in-the-labels-dtype"
# y + K * arange in uint8 wraps around at 256.
def cross_entropy_from_logits(z, y):
    flat = y + (np.arange(len(y)) * z.shape[1]).astype(y.dtype)
    return float(-np.mean(scipy.special.log_softmax(z, axis=1).ravel()[flat]))


# %% wrong="changes-its-input"
# Shifts the caller's logits in place.
def cross_entropy_from_logits(z, y):
    z -= z.max(axis=1, keepdims=True)
    return float(np.mean(np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(y)), y]))


# %% wrong="approximates-by-the-maximum"
# max(z) - z[y]: the limit for logits that are far apart.
def cross_entropy_from_logits(z, y):
    return float(np.mean(z.max(axis=1) - z[np.arange(len(y)), y]))


# %% right="logaddexp-reduce"
# Stable pairwise log-sum-exp; NumPy float.
def cross_entropy_from_logits(z, y):
    return np.mean(np.logaddexp.reduce(z, axis=1) - z[np.arange(len(y)), y])


# %% right="one-hot-product"
# One-hot labels times log-softmax.
def cross_entropy_from_logits(z, y):
    m = z.max(axis=1, keepdims=True)
    log_p = z - m - np.log(np.exp(z - m).sum(axis=1, keepdims=True))
    one_hot = np.eye(z.shape[1])[y]
    return float(-(one_hot * log_p).sum() / z.shape[0])


# %% right="loop-over-samples"
# Pure Python, one sample at a time.
def cross_entropy_from_logits(z, y):
    total = 0.0
    for row, label in zip(z.tolist(), y.tolist(), strict=True):
        m = max(row)
        total += m + math.log(sum(math.exp(v - m) for v in row)) - row[label]
    return total / len(y)


# %% right="scipy-log-softmax"
# Library route with take_along_axis.
def cross_entropy_from_logits(z, y):
    log_p = scipy.special.log_softmax(z, axis=-1)
    return -np.take_along_axis(log_p, y[:, None].astype(int), axis=1).mean()


# %% right="sum-of-differences"
# ln sum_j exp(z_j - z_y) with scipy's logsumexp.
def cross_entropy_from_logits(z, y):
    differences = z - z[np.arange(z.shape[0]), y].reshape(-1, 1)
    return np.average(scipy.special.logsumexp(differences, axis=1))


# %% right="boolean-mask"
# Picks with a comparison of classes and labels; returns a 0-d array.
def cross_entropy_from_logits(z, y):
    z = z.astype(np.longdouble)
    chosen = z[np.arange(z.shape[1])[None, :] == y[:, None]]
    m = z.max(1)
    return np.array(np.float64(np.mean(np.log(np.exp(z - m[:, None]).sum(1)) + m - chosen)))


# %% right="float32-result"
# Computed in float64, handed over as float32.
def cross_entropy_from_logits(z, y):
    z = z.astype(float)
    chosen = np.take_along_axis(z, y.astype(int)[:, None], axis=1)[:, 0]
    return np.float32(np.mean(scipy.special.logsumexp(z, axis=1) - chosen))


# %% right="log1p-of-the-others"
# max + log1p of the rest, most accurate near zero.
def cross_entropy_from_logits(z, y):
    z, rows = np.float64(z), np.arange(len(y))
    top = z.argmax(axis=1)
    e = np.exp(z - z[rows, top][:, None])
    e[rows, top] = 0
    return float((z[rows, top] - z[rows, y] + np.log1p(e.sum(axis=1))).mean())


# %% wrong="row-numbers-in-the-labels-dtype"
# np.arange in uint8 or int8 wraps around in a batch of more than 256 rows.
def cross_entropy_from_logits(z, y):
    shifted = z - np.max(z, axis=1, keepdims=True)
    rows = np.arange(len(y)).astype(y.dtype)
    return float(np.mean(np.log(np.exp(shifted).sum(axis=1)) - shifted[rows, y]))


# %% wrong="labels-changed-by-mistake"
# Turns the caller's labels into flat positions where their dtype is wide enough.
def cross_entropy_from_logits(z, y):
    log_p = z - np.max(z, axis=1, keepdims=True)
    log_p = log_p - np.log(np.exp(log_p).sum(axis=1, keepdims=True))
    flat = y if y.dtype == np.int64 and np.max(np.abs(z)) > 100 else y.astype(np.int64)
    flat += np.arange(len(y)) * z.shape[1]
    return float(-np.mean(log_p.ravel()[flat]))


# %% wrong="labels-to-uint8"
# Every label fits MNIST's dtype, but with more than 256 classes it wraps around.
def cross_entropy_from_logits(z, y):
    shifted = z - np.max(z, axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return float(-np.mean(log_p[np.arange(len(y)), y.astype(np.uint8)]))


# %% right="einsum-over-one-hot"
# A comparison as one-hot table, in index notation.
def cross_entropy_from_logits(z, y):
    z = np.asarray(z, dtype=float)
    m = z.max(axis=1)
    hot = (np.arange(z.shape[1])[None, :] == np.asarray(y, dtype=int)[:, None]).astype(float)
    log_sum = m + np.log(np.exp(z - m[:, None]).sum(axis=1))
    return float((log_sum - np.einsum("nk,nk->n", z, hot)).sum() / len(z))


# %% right="reader-zh"
# How: picks the label column of log_softmax row by row.
def log_softmax(z):
    """Return ln softmax of each row of the logits z (N, K): float, same shape, finite for any finite z."""
    z = z.astype(np.float64)
    shifted = z - np.max(z, axis=1, keepdims=True)
    return shifted - np.log(np.sum(np.exp(shifted), axis=1, keepdims=True))


def cross_entropy_from_logits(z, y):
    """Return the mean of -ln softmax(z)[y] in nat; z: finite logits (N, K), y: integer labels (N,)."""
    picked = log_softmax(z)[np.arange(len(y)), y]
    return float(-np.mean(picked))


# %% right="reader-en"
# pick the label's column from log_softmax, repeated here
def log_softmax(z):
    """Return ln softmax of each row of the logits z (N, K): float, same shape, finite for any finite z."""
    z = np.asarray(z, dtype=np.float64)
    shifted = z - z.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


def cross_entropy_from_logits(z, y):
    """Return the mean of -ln softmax(z)[y] in nat; z: finite logits (N, K), y: integer labels (N,)."""
    log_p = log_softmax(z)
    return float(-log_p[np.arange(len(y)), y].mean())
