"""confusion_matrix: what learners write, right and wrong."""

# %%
import warnings

import numpy as np
from sklearn import metrics


# %% wrong="transposed"
# Rows are predictions, columns the truth.
def confusion_matrix(y, p, k):
    counts = np.zeros((k, k), dtype=int)
    np.add.at(counts, (p, y), 1)
    return counts


# %% wrong="empty-class-dropped"
# Only classes that occur have a row.
def confusion_matrix(y, p, k):
    names = np.unique(np.concatenate([y, p]))
    return np.array([[np.sum((y == a) & (p == b)) for b in names] for a in names], dtype=int)


# %% wrong="library-without-labels"
# scikit-learn's function, which drops absent classes unless told the labels.
def confusion_matrix(y, p, k):
    with warnings.catch_warnings(action="ignore"):
        return metrics.confusion_matrix(y, p)


# %% wrong="normalised"
# Each row is divided by its sum.
def confusion_matrix(y, p, k):
    counts = np.zeros((k, k))
    np.add.at(counts, (y, p), 1)
    return counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)


# %% wrong="diagonal-only"
# Counts the right ones and forgets the errors.
def confusion_matrix(y, p, k):
    return np.diag(np.bincount(y[y == p].astype(int), minlength=k))


# %% wrong="float-counts"
# np.zeros without a dtype holds floats.
def confusion_matrix(y, p, k):
    counts = np.zeros((k, k))
    np.add.at(counts, (y, p), 1)
    return counts


# %% wrong="added-once"
# M[y, p] += 1 adds 1 once, however often a pair occurs.
def confusion_matrix(y, p, k):
    counts = np.zeros((k, k), dtype=int)
    counts[y, p] += 1
    return counts


# %% wrong="uint8-overflow"
# k * y + p is computed in the labels' own type.
def confusion_matrix(y, p, k):
    return np.bincount((y * np.asarray(k).astype(y.dtype) + p), minlength=k * k)[: k * k].reshape(k, k)


# %% wrong="largest-label"
# The size comes from the largest label, not from k.
def confusion_matrix(y, p, k):
    size = int(max(y.max(), p.max())) + 1
    counts = np.zeros((size, size), dtype=int)
    np.add.at(counts, (y, p), 1)
    return counts


# %% wrong="errors-only"
# The diagonal is left empty.
def confusion_matrix(y, p, k):
    counts = np.zeros((k, k), dtype=int)
    wrong = y != p
    np.add.at(counts, (y[wrong], p[wrong]), 1)
    return counts


# %% wrong="one-against-all"
# Two by two for class 1.
def confusion_matrix(y, p, k):
    return np.array([[np.sum((y != 1) & (p != 1)), np.sum((y != 1) & (p == 1))], [np.sum((y == 1) & (p != 1)), np.sum((y == 1) & (p == 1))]])


# %% wrong="one-too-many"
# Classes are numbered from 1, in an extra row and column.
def confusion_matrix(y, p, k):
    counts = np.zeros((k + 1, k + 1), dtype=int)
    np.add.at(counts, (y, p), 1)
    return counts


# %% wrong="table-of-the-labels-type"
# The table has the labels' type: uint8 holds no count above 255.
def confusion_matrix(y, p, k):
    table = np.zeros((k, k), dtype=y.dtype)
    np.add.at(table, (y, p), 1)
    return table


# %% wrong="one-hot-in-float16"
# float16 counts are exact up to 2,048 only.
def confusion_matrix(y, p, k):
    one_hot = np.eye(k, dtype=np.float16)
    return (one_hot[y].T @ one_hot[p]).astype(int)


# %% wrong="histogram2d-with-one-list"
# For k = 1, NumPy takes the two edges for two numbers of bins.
def confusion_matrix(y, p, k):
    return np.histogram2d(y.astype(float), p.astype(float), bins=np.arange(k + 1) - 0.5)[0].astype(np.int64)


# %% right="bincount"
# One number for each pair, computed in a wide type.
def confusion_matrix(y, p, k):
    return np.bincount(k * y.astype(int) + p.astype(int), minlength=k * k).reshape(k, k)


# %% right="loop"
# A plain loop.
def confusion_matrix(y, p, k):
    counts = np.zeros((k, k), dtype=np.int32)
    for truth, guess in zip(y, p):
        counts[truth, guess] += 1
    return counts


# %% right="one-hot-product"
# The product of two one-hot matrices counts pairs.
def confusion_matrix(y, p, k):
    eye = np.eye(k, dtype=int)
    return eye[y].T @ eye[p]


# %% right="library"
# scikit-learn, told the labels; it refuses an empty array.
def confusion_matrix(y, p, k):
    if len(y) == 0:
        return np.zeros((k, k), dtype=int)
    return metrics.confusion_matrix(y, p, labels=list(range(k)))


# %% right="histogram2d"
# A histogram in two dimensions; the edges are given for each.
def confusion_matrix(y, p, k):
    return np.histogram2d(y.astype(float), p.astype(float), bins=[np.arange(k + 1) - 0.5] * 2)[0].astype(np.int64)


# %% right="reader-zh"
# np.add.at
def confusion_matrix(y, p, k):
    """Return the (k, k) integer table that counts the rows of each true class (row) and predicted class (column)."""
    table = np.zeros((k, k), dtype=np.int64)
    np.add.at(table, (np.asarray(y).astype(np.int64), np.asarray(p).astype(np.int64)), 1)
    return table


# %% right="reader-en"
# np.add.at; first try
def confusion_matrix(y, p, k):
    table = np.zeros((k, k), dtype=int)
    np.add.at(table, (y, p), 1)
    return table
