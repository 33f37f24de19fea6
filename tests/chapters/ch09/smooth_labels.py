"""smooth_labels: what learners write, right and wrong."""

# %%
import numpy as np


# %% wrong="shared-among-the-others"
# eps/(k − 1) for the wrong classes, 1 − eps for the true one.
def smooth_labels(y, k, eps):
    t = np.full((len(y), k), eps / (k - 1))
    t[np.arange(len(y)), y] = 1 - eps
    return t


# %% wrong="true-class-without-its-share"
# The rows sum to 1 − eps/k.
def smooth_labels(y, k, eps):
    t = np.full((len(y), k), eps / k)
    t[np.arange(len(y)), y] = 1 - eps
    return t


# %% wrong="true-class-keeps-one"
# The rows sum to more than 1.
def smooth_labels(y, k, eps):
    return np.eye(k)[y] + eps / k


# %% wrong="eps-for-each"
# eps in place of eps/k.
def smooth_labels(y, k, eps):
    return (1 - eps) * np.eye(k)[y] + eps


# %% wrong="exchanged"
# eps on the true class.
def smooth_labels(y, k, eps):
    return eps * np.eye(k)[y] + (1 - eps) / k


# %% wrong="transposed"
# Classes down, examples to the right.
def smooth_labels(y, k, eps):
    return ((1 - eps) * np.eye(k)[y] + eps / k).T


# %% wrong="one-hot"
# eps is ignored.
def smooth_labels(y, k, eps):
    return np.eye(k)[y] + 0.0 * eps


# %% wrong="shared-among-n"
# eps/n in place of eps/k.
def smooth_labels(y, k, eps):
    return (1 - eps) * np.eye(k)[y] + eps / len(y)


# %% wrong="classes-that-occur"
# As many columns as the largest label needs.
def smooth_labels(y, k, eps):
    k = int(y.max()) + 1
    return (1 - eps) * np.eye(k)[y] + eps / k


# %% wrong="labels-smoothed"
# Smooths the label numbers.
def smooth_labels(y, k, eps):
    return ((1 - eps) * y + eps / k)[:, None] * np.ones(k)


# %% wrong="column-zero"
# The peak stands in column 0 of every row.
def smooth_labels(y, k, eps):
    t = np.full((len(y), k), eps / k)
    t[:, 0] += 1 - eps
    return t


# %% wrong="half-precision"
# float16 is too coarse.
def smooth_labels(y, k, eps):
    return ((1 - eps) * np.eye(k)[y] + eps / k).astype(np.float16)


# %% wrong="lists"
# Nested lists.
def smooth_labels(y, k, eps):
    return ((1 - eps) * np.eye(k)[y] + eps / k).tolist()


# %% wrong="shuffles-by-sorting"
# The rows come sorted by class.
def smooth_labels(y, k, eps):
    return (1 - eps) * np.eye(k)[np.sort(y)] + eps / k


# %% wrong="clears-y"
# Uses y as a scratch pad.
def smooth_labels(y, k, eps):
    t = (1 - eps) * np.eye(k)[y] + eps / k
    y[:] = 0
    return t


# %% right="fill-and-add"
# A constant, and the rest at one place per row.
def smooth_labels(y, k, eps):
    t = np.full((len(y), k), eps / k)
    t[np.arange(len(y)), y] += 1 - eps
    return t


# %% right="loops"
# Row by row.
def smooth_labels(y, k, eps):
    t = np.zeros((len(y), k))
    for i, label in enumerate(y):
        for c in range(k):
            t[i, c] = eps / k
        t[i, int(label)] += 1 - eps
    return t


# %% right="comparison"
# Labels against class numbers, in single precision.
def smooth_labels(y, k, eps):
    hot = y[:, None].astype(int) == np.arange(k)
    return np.where(hot, 1 - eps + eps / k, eps / k).astype(np.float32)


# %% right="mix"
# A mixture of the one-hot rows and the uniform row.
def smooth_labels(y, k, eps):
    hot = np.zeros((len(y), k), dtype=np.float32)
    np.put_along_axis(hot, y[:, None].astype(np.int64), 1, axis=1)
    return hot * (1 - eps) + np.ones((1, k)) / k * eps


# %% right="reader-en"
# As a reader of the English edition solved it at the first try.
def smooth_labels(y, k, eps):
    """Return (1 − eps)·one-hot + eps/k, a float array (n, k), for integer labels y (n,) in 0 … k − 1."""
    return (1 - eps) * np.eye(k)[y] + eps / k


# %% right="reader-zh"
# As a reader of the Chinese edition solved it at the first try.
def smooth_labels(y, k, eps):
    """Return (1 − eps)·one-hot + eps/k, a float array (n, k), for integer labels y (n,) in 0 … k − 1."""
    return (1 - eps) * np.eye(k)[np.asarray(y)] + eps / k
