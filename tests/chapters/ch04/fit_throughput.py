"""fit_throughput: what learners write, right and wrong."""

# %%
import numpy as np


# %% wrong="warm-up-included"
# The first step, which compiles, is measured with the others.
def fit_throughput(batches, seconds):
    b = np.asarray(batches, dtype=float)
    if len(np.unique(b)) < 2:
        raise ValueError("two sizes")
    t1, t0 = np.polyfit(b, np.median(seconds, axis=1), 1)
    return float(t0), float(t1)


# %% wrong="mean-of-the-steps"
# One disturbed step moves a mean as far as it likes.
def fit_throughput(batches, seconds):
    b = np.asarray(batches, dtype=float)
    if len(np.unique(b)) < 2:
        raise ValueError("two sizes")
    t1, t0 = np.polyfit(b, np.asarray(seconds)[:, 1:].mean(axis=1), 1)
    return float(t0), float(t1)


# %% wrong="fastest-step"
# The minimum is robust, too, but it is not what was asked for.
def fit_throughput(batches, seconds):
    b = np.asarray(batches, dtype=float)
    if len(np.unique(b)) < 2:
        raise ValueError("two sizes")
    t1, t0 = np.polyfit(b, np.asarray(seconds)[:, 1:].min(axis=1), 1)
    return float(t0), float(t1)


# %% wrong="slope-first"
# np.polyfit gives the slope first, and so does this.
def fit_throughput(batches, seconds):
    b = np.asarray(batches, dtype=float)
    if len(np.unique(b)) < 2:
        raise ValueError("two sizes")
    return tuple(float(number) for number in np.polyfit(b, np.median(np.asarray(seconds)[:, 1:], axis=1), 1))


# %% wrong="through-the-origin"
# Without a fixed cost: t0 is 0 by decree.
def fit_throughput(batches, seconds):
    b, s = np.asarray(batches, dtype=float), np.median(np.asarray(seconds)[:, 1:], axis=1)
    if len(np.unique(b)) < 2:
        raise ValueError("two sizes")
    return 0.0, float((b * s).sum() / (b * b).sum())


# %% wrong="two-ends-only"
# The line through the smallest and the largest batch; the others are ignored.
def fit_throughput(batches, seconds):
    b, s = np.asarray(batches, dtype=float), np.median(np.asarray(seconds)[:, 1:], axis=1)
    low, high = b.argmin(), b.argmax()
    if b[low] == b[high]:
        raise ValueError("two sizes")
    t1 = (s[high] - s[low]) / (b[high] - b[low])
    return float(s[low] - t1 * b[low]), float(t1)


# %% wrong="line-through-time-per-picture"
# Fits seconds per picture, which is a hyperbola in B and no line.
def fit_throughput(batches, seconds):
    b, s = np.asarray(batches, dtype=float), np.median(np.asarray(seconds)[:, 1:], axis=1)
    if len(np.unique(b)) < 2:
        raise ValueError("two sizes")
    t0, t1 = np.polyfit(1 / b, s / b, 1)  # s/b = t1 + t0/b: right without noise, other weights with noise
    return float(t0), float(t1)


# %% wrong="small-integers-wrap-around"
# The squares of uint8 and int16 batch sizes do not fit into their type.
def fit_throughput(batches, seconds):
    b, s = np.asarray(batches), np.median(np.asarray(seconds)[:, 1:], axis=1)
    if len(np.unique(b)) < 2:
        raise ValueError("two sizes")
    square = (b * b).astype(float).mean() - b.mean() ** 2
    t1 = ((b * s).mean() - b.mean() * s.mean()) / square
    return float(s.mean() - t1 * b.mean()), float(t1)


# %% wrong="no-error-for-one-size"
# One batch size gives 0/0, and nan is returned.
def fit_throughput(batches, seconds):
    b, s = np.asarray(batches, dtype=float), np.median(np.asarray(seconds)[:, 1:], axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        t1 = np.float64(((b - b.mean()) * (s - s.mean())).sum()) / ((b - b.mean()) ** 2).sum()
    return float(s.mean() - t1 * b.mean()), float(t1)


# %% wrong="negative-t0-cut-off"
# "A time cannot be negative": the fit is bent.
def fit_throughput(batches, seconds):
    b = np.asarray(batches, dtype=float)
    if len(np.unique(b)) < 2:
        raise ValueError("two sizes")
    t1, t0 = np.polyfit(b, np.median(np.asarray(seconds)[:, 1:], axis=1), 1)
    return max(float(t0), 0.0), float(t1)


# %% wrong="compares-first-and-last"
# Takes sizes for equal when the first and the last are.
def fit_throughput(batches, seconds):
    b, s = np.asarray(batches, dtype=float), np.median(np.asarray(seconds)[:, 1:], axis=1)
    if b[0] == b[-1]:
        raise ValueError("batches")
    t1 = ((b - b.mean()) * (s - s.mean())).sum() / ((b - b.mean()) ** 2).sum()
    return float(s.mean() - t1 * b.mean()), float(t1)


# %% wrong="merges-equal-sizes"
# Averages the rows of one size first where there are many, so that they weigh less.
def fit_throughput(batches, seconds):
    b, s = np.asarray(batches, dtype=float), np.median(np.asarray(seconds)[:, 1:], axis=1)
    sizes = np.unique(b)
    if len(sizes) < 2:
        raise ValueError("batches")
    if len(b) > 4:
        b, s = sizes, np.array([s[b == size].mean() for size in sizes])
    t1 = ((b - b.mean()) * (s - s.mean())).sum() / ((b - b.mean()) ** 2).sum()
    return float(s.mean() - t1 * b.mean()), float(t1)


# %% right="polyfit"
# NumPy's fit of a polynomial of degree one.
def fit_throughput(batches, seconds):
    b = np.array(batches, dtype=float)
    if b.min() == b.max():
        raise ValueError("all batches have the same size")
    t1, t0 = np.polyfit(b, np.median(np.array(seconds)[:, 1:], axis=1), 1)
    return t0, t1


# %% right="normal-equations"
# Chapter 3's design matrix with a column of ones.
def fit_throughput(batches, seconds):
    if len({int(size) for size in batches}) < 2:
        raise ValueError("two different sizes are needed")
    design = np.array([[1.0, float(size)] for size in batches])
    s = np.median(np.asarray(seconds)[:, 1:], axis=1)
    return [float(number) for number in np.linalg.lstsq(design, s, rcond=None)[0]]


# %% right="plain-python"
# Loops and sorted lists only.
def fit_throughput(batches, seconds):
    sizes = [float(size) for size in batches]
    if len(set(sizes)) < 2:
        raise ValueError("two different sizes are needed")
    medians = []
    for row in seconds:
        steps = sorted(float(step) for step in row[1:])
        half = len(steps) // 2
        medians.append(steps[half] if len(steps) % 2 else (steps[half - 1] + steps[half]) / 2)
    mean_b, mean_s = sum(sizes) / len(sizes), sum(medians) / len(medians)
    t1 = sum((b - mean_b) * (s - mean_s) for b, s in zip(sizes, medians, strict=True)) / sum(
        (b - mean_b) ** 2 for b in sizes
    )
    return mean_s - t1 * mean_b, t1


# %% right="polynomial-fit"
# NumPy's Polynomial; its domain must be mapped back.
def fit_throughput(batches, seconds):
    b = np.array(batches, dtype=np.float64)
    if np.ptp(b) == 0:
        raise ValueError("sizes")
    t0, t1 = np.polynomial.Polynomial.fit(b, np.quantile(np.array(seconds)[:, 1:], 0.5, axis=1), 1).convert().coef
    return t0, t1


# %% right="reader-zh"
# How: closed form of the least-squares line on row medians.
def fit_throughput(batches, seconds):
    """Return (t0, t1) of the least-squares line through the median step times; seconds (n, r), first column left out."""
    b = np.asarray(batches).astype(np.float64)
    s = np.median(np.asarray(seconds, dtype=np.float64)[:, 1:], axis=1)
    if len(np.unique(b)) < 2:
        raise ValueError("at least two different batch sizes are needed")
    away = b - b.mean()
    t1 = np.sum(away * (s - s.mean())) / np.sum(away ** 2)
    return float(s.mean() - t1 * b.mean()), float(t1)


# %% right="reader-en"
# medians, then covariance over variance
def fit_throughput(batches, seconds):
    """Return (t0, t1) of the least-squares line through the median step times; seconds (n, r), first column left out."""
    B = np.asarray(batches, dtype=np.float64)
    if len(np.unique(B)) < 2:
        raise ValueError("need at least two different batch sizes")
    s = np.median(np.asarray(seconds, dtype=np.float64)[:, 1:], axis=1)
    dB = B - B.mean()
    t1 = float(dB @ (s - s.mean()) / (dB @ dB))
    return float(s.mean() - t1 * B.mean()), t1
