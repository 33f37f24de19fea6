"""roc_auc: what learners write, right and wrong."""

# %%
import numpy as np
from scipy import stats
from sklearn import metrics


# %% wrong="trapezoids-unsorted"
# The curve is integrated in the order of the rows.
def roc_auc(y, s):
    positive, negative = np.sum(y == 1), np.sum(y == 0)
    if not positive or not negative:
        raise ValueError("one class")
    tpr, fpr = np.cumsum(y == 1) / positive, np.cumsum(y == 0) / negative
    return float(np.trapezoid(np.concatenate([[0.0], tpr]), np.concatenate([[0.0], fpr])))


# %% wrong="ties-count-one"
# A tie counts as in order.
def roc_auc(y, s):
    high, low = s[y == 1], s[y == 0]
    if not len(high) or not len(low):
        raise ValueError("one class")
    return float((high[:, None] >= low).mean())


# %% wrong="ties-count-nothing"
# A tie counts 0.
def roc_auc(y, s):
    high, low = s[y == 1], s[y == 0]
    if not len(high) or not len(low):
        raise ValueError("one class")
    return float((high[:, None] > low).mean())


# %% wrong="accuracy-at-a-half"
# The accuracy at threshold ½.
def roc_auc(y, s):
    if y.min() == y.max():
        raise ValueError("one class")
    return float(np.mean((s > 0.5) == (y == 1)))


# %% wrong="inverted"
# Counts the pairs in the wrong order.
def roc_auc(y, s):
    high, low = s[y == 1], s[y == 0]
    if not len(high) or not len(low):
        raise ValueError("one class")
    return float(((high[:, None] < low) + 0.5 * (high[:, None] == low)).mean())


# %% wrong="nan-for-one-class"
# The mean of no pairs is nan.
def roc_auc(y, s):
    high, low = s[y == 1], s[y == 0]
    pairs = len(high) * len(low)
    return float(((high[:, None] > low) + 0.5 * (high[:, None] == low)).sum() / pairs) if pairs else float("nan")


# %% wrong="half-for-one-class"
# Answers 0.5 where a class is missing.
def roc_auc(y, s):
    high, low = s[y == 1], s[y == 0]
    if not len(high) or not len(low):
        return 0.5
    return float(((high[:, None] > low) + 0.5 * (high[:, None] == low)).mean())


# %% wrong="ranks-by-order"
# Ties get different ranks, by the order of the rows.
def roc_auc(y, s):
    n1, n0 = int(np.sum(y == 1)), int(np.sum(y == 0))
    if not n1 or not n0:
        raise ValueError("one class")
    ranks = np.empty(len(s))
    ranks[np.argsort(s, kind="stable")] = np.arange(1, len(s) + 1)
    return float((ranks[y == 1].sum() - n1 * (n1 + 1) / 2) / (n1 * n0))


# %% wrong="differences"
# The sign of a difference: uint8 differences wrap around.
def roc_auc(y, s):
    high, low = s[y == 1], s[y == 0]
    if not len(high) or not len(low):
        raise ValueError("one class")
    difference = high[:, None] - low
    return float(((difference > 0) + 0.5 * (difference == 0)).mean())


# %% wrong="never-below-a-half"
# max(AUC, 1 − AUC) hides an inverted score.
def roc_auc(y, s):
    high, low = s[y == 1], s[y == 0]
    if not len(high) or not len(low):
        raise ValueError("one class")
    value = float(((high[:, None] > low) + 0.5 * (high[:, None] == low)).mean())
    return max(value, 1 - value)


# %% wrong="rectangles"
# Thresholds are right, but the steps are summed as rectangles.
def roc_auc(y, s):
    if y.min() == y.max():
        raise ValueError("one class")
    area = last = 0.0
    for threshold in np.unique(s)[::-1]:
        fpr, tpr = np.mean(s[y == 0] >= threshold), np.mean(s[y == 1] >= threshold)
        area += (fpr - last) * tpr
        last = fpr
    return float(area)


# %% wrong="normalised-scores"
# Scores are cut at 0 and 1 first.
def roc_auc(y, s):
    s = np.clip(s.astype(float), 0, 1)
    high, low = s[y == 1], s[y == 0]
    if not len(high) or not len(low):
        raise ValueError("one class")
    return float(((high[:, None] > low) + 0.5 * (high[:, None] == low)).mean())


# %% wrong="sorted-in-place"
# Sorts the caller's scores.
def roc_auc(y, s):
    high, low = s[y == 1].copy(), s[y == 0].copy()
    s.sort()
    if not len(high) or not len(low):
        raise ValueError("one class")
    return float(((high[:, None] > low) + 0.5 * (high[:, None] == low)).mean())


# %% wrong="scores-in-float32"
# Scores are taken as float32: those that differ by little become ties.
def roc_auc(y, s):
    s = s.astype(np.float32)
    high, low = s[y == 1], s[y == 0]
    if len(high) == 0 or len(low) == 0:
        raise ValueError("a class is missing")
    return float(np.mean((high[:, None] > low) + 0.5 * (high[:, None] == low)))


# %% wrong="nearly-equal-is-a-tie"
# isclose decides what is a tie.
def roc_auc(y, s):
    high, low = s[y == 1], s[y == 0]
    if len(high) == 0 or len(low) == 0:
        raise ValueError("a class is missing")
    tie = np.isclose(high[:, None], low)
    return float(np.mean(np.where(tie, 0.5, high[:, None] > low)))


# %% wrong="scaled-by-the-range"
# Scores are scaled to 0 … 1 first: the range of int8 overflows.
def roc_auc(y, s):
    span = np.ptp(s)
    if span != 0:
        s = (s - s.min()) / span
    high, low = s[y == 1], s[y == 0]
    if len(high) == 0 or len(low) == 0:
        raise ValueError("a class is missing")
    return float(np.mean((high[:, None] > low) + 0.5 * (high[:, None] == low)))


# %% right="average-ranks"
# Mann and Whitney: average ranks.
def roc_auc(y, s):
    n1, n0 = int(np.sum(y == 1)), int(np.sum(y == 0))
    if n1 == 0 or n0 == 0:
        raise ValueError("one class only")
    ranks = stats.rankdata(s)
    return float((ranks[y == 1].sum() - n1 * (n1 + 1) / 2) / (n1 * n0))


# %% right="trapezoids"
# Trapezoids over the distinct thresholds.
def roc_auc(y, s):
    if len(np.unique(y)) < 2:
        raise ValueError("one class only")
    tpr, fpr = [0.0], [0.0]
    for threshold in np.unique(s)[::-1]:
        tpr.append(float(np.mean(s[y == 1] >= threshold)))
        fpr.append(float(np.mean(s[y == 0] >= threshold)))
    return sum((b - a) * (c + d) / 2 for a, b, c, d in zip(fpr, fpr[1:], tpr, tpr[1:]))


# %% right="library"
# scikit-learn, which warns instead of raising.
def roc_auc(y, s):
    if np.min(y) == np.max(y):
        raise ValueError("one class only")
    return float(metrics.roc_auc_score(y, s))


# %% right="counts-per-value"
# For each distinct score, the negatives below it and half of those at it.
def roc_auc(y, s):
    values, place = np.unique(s, return_inverse=True)
    high = np.bincount(place[y == 1], minlength=len(values))
    low = np.bincount(place[y == 0], minlength=len(values))
    if not high.sum() or not low.sum():
        raise ValueError("one class only")
    return np.float64((high * (np.cumsum(low) - low / 2)).sum() / (high.sum() * low.sum()))


# %% right="bisect"
# Binary search in the sorted negative scores.
def roc_auc(y, s):
    from bisect import bisect_left, bisect_right

    low = sorted(s[y == 0].tolist())
    high = s[y == 1].tolist()
    if len(low) * len(high) == 0:
        raise ValueError("a class is missing")
    return sum(bisect_left(low, v) + bisect_right(low, v) for v in high) / (2 * len(low) * len(high))


# %% right="reader-zh"
# broadcast comparison of all pairs
def roc_auc(y, s):
    """Return the probability that a positive row scores higher than a negative one, ties counting ½."""
    y, s = np.asarray(y), np.asarray(s)
    high, low = s[y == 1], s[y == 0]
    if len(high) == 0 or len(low) == 0:
        raise ValueError("both classes are needed")
    return float(np.mean((high[:, None] > low) + 0.5 * (high[:, None] == low)))


# %% right="reader-en"
# broadcast comparison of all pairs; first try
def roc_auc(y, s):
    high, low = s[y == 1], s[y == 0]
    if len(high) == 0 or len(low) == 0:
        raise ValueError("both classes are needed")
    return float(np.mean((high[:, None] > low[None, :]) + 0.5 * (high[:, None] == low[None, :])))
