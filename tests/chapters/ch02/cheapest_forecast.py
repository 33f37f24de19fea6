"""cheapest_forecast: what learners write, right and wrong."""

# %%
import math

import numpy as np


# %% wrong="mean"
# The squared error's answer.
def cheapest_forecast(y, short, left_over):
    return float(np.mean(y))


# %% wrong="median"
# Right only for equal prices.
def cheapest_forecast(y, short, left_over):
    return float(np.median(y))


# %% wrong="prices-exchanged"
# The quantile of the wrong side.
def cheapest_forecast(y, short, left_over):
    return float(np.quantile(y.astype(float), left_over / (short + left_over), method="inverted_cdf"))


# %% wrong="ratio-of-the-prices"
# short / left_over taken for a share.
def cheapest_forecast(y, short, left_over):
    return float(np.quantile(y.astype(float), min(1.0, short / left_over), method="inverted_cdf"))


# %% wrong="interpolated-quantile"
# NumPy's default quantile lies between two demands, where the cost is not smallest.
def cheapest_forecast(y, short, left_over):
    return float(np.quantile(y.astype(float), short / (short + left_over)))


# %% wrong="weighted-mean"
# Mixes the smallest and the largest demand by the prices.
def cheapest_forecast(y, short, left_over):
    low, high = float(np.min(y)), float(np.max(y))
    return low + (high - low) * short / (short + left_over)


# %% wrong="forgets-to-sort"
# The right place, in the order in which the days came.
def cheapest_forecast(y, short, left_over):
    place = math.ceil(len(y) * short / (short + left_over)) - 1
    return float(y[max(place, 0)])


# %% wrong="sorts-the-callers-array"
# Right, but y comes back in another order.
def cheapest_forecast(y, short, left_over):
    y.sort()
    return float(y[max(math.ceil(len(y) * short / (short + left_over)) - 1, 0)])


# %% wrong="squares-the-gaps"
# Two prices, but on squared gaps.
def cheapest_forecast(y, short, left_over):
    values = np.sort(y.astype(float))
    gaps = values[:, None] - values
    return float(values[np.argmin(np.mean(np.where(gaps > 0, short, left_over) * gaps**2, axis=0))])


# %% wrong="gaps-wrap-around"
# Unsigned integers are subtracted as they are.
def cheapest_forecast(y, short, left_over):
    gaps = y[:, None] - y
    costs = np.mean(np.where(gaps > 0, short * gaps, -left_over * gaps), axis=0)
    return float(y[np.argmin(costs)])


# %% wrong="returns-the-cost"
# The smallest cost in place of the constant.
def cheapest_forecast(y, short, left_over):
    values = y.astype(float)
    gaps = values[:, None] - values
    return float(np.min(np.mean(np.where(gaps > 0, short * gaps, -left_over * gaps), axis=0)))


# %% wrong="prices-on-the-wrong-side"
# A gap above zero is a shortage, not a surplus.
def cheapest_forecast(y, short, left_over):
    values = y.astype(float)
    gaps = values[:, None] - values
    return float(values[np.argmin(np.mean(np.where(gaps > 0, left_over * gaps, -short * gaps), axis=0))])


# %% wrong="whole-numbers-only"
# Tries 0, 1, 2, … up to the largest demand.
def cheapest_forecast(y, short, left_over):
    tries = np.arange(0, int(np.max(y)) + 1)
    costs = [np.mean(np.where(y > c, short * (y - float(c)), left_over * (float(c) - y))) for c in tries]
    return float(tries[int(np.argmin(costs))])


# %% wrong="distinct-demands-only"
# Counts repeated demands once.
def cheapest_forecast(y, short, left_over):
    values = np.unique(y).astype(float)
    gaps = values[:, None] - values
    return float(values[np.argmin(np.mean(np.where(gaps > 0, short * gaps, -left_over * gaps), axis=0))])


# %% wrong="one-place-too-far"
# Off by one in the sorted demands.
def cheapest_forecast(y, short, left_over):
    place = math.ceil(len(y) * short / (short + left_over))
    return float(np.sort(y)[min(place, len(y) - 1)])


# %% right="inverted-cdf"
# The quantile without interpolation.
def cheapest_forecast(y, short, left_over):
    return float(np.quantile(np.asarray(y, dtype=float), short / (short + left_over), method="inverted_cdf"))


# %% right="loop-over-the-demands"
# Pure Python, every demand as the constant.
def cheapest_forecast(y, short, left_over):
    values = [float(v) for v in y]

    def cost(c):
        return sum(short * (v - c) if v > c else left_over * (c - v) for v in values)

    return min(values, key=cost)


# %% right="sorted-place"
# The place in the sorted demands where the pulls balance.
def cheapest_forecast(y, short, left_over):
    place = int(len(y) * short / (short + left_over))
    return sorted(float(v) for v in y)[min(place, len(y) - 1)]


# %% right="balance-of-pulls"
# Walks up until the pull downwards is the stronger one.
def cheapest_forecast(y, short, left_over):
    values = np.sort(np.asarray(y, dtype=float))
    for i, value in enumerate(values):
        if left_over * (i + 1) >= short * (len(values) - i - 1):
            return np.float64(value)


# %% right="golden-section"
# The cost is convex: a search by thirds finds the lowest point.
def cheapest_forecast(y, short, left_over):
    values = np.asarray(y, dtype=float)
    low, high = float(values.min()), float(values.max())

    def cost(c):
        gap = values - c
        return float(np.mean(np.where(gap > 0, short * gap, -left_over * gap)))

    for _ in range(200):
        a, b = low + (high - low) / 3, high - (high - low) / 3
        if cost(a) <= cost(b):
            high = b
        else:
            low = a
    return (low + high) / 2


# %% right="reader-zh"
# How: tries every demand as the constant (cost is piecewise linear) in float64.
def cheapest_forecast(y, short, left_over):
    """Return a constant c that minimises the mean cost; y: demands (n,), two prices per unit."""
    y = y.astype(np.float64)
    best, best_cost = None, np.inf
    for c in np.unique(y):
        gap = y - c
        cost = np.mean(np.where(gap > 0, short * gap, -left_over * gap))
        if cost < best_cost:
            best, best_cost = c, cost
    return float(best)


# %% right="reader-en"
# the quantile: sort, take entry ceil(n * short/(short+left_over))
def cheapest_forecast(y, short, left_over):
    """Return a constant c that minimises the mean cost; y: demands (n,), two prices per unit."""
    s = np.sort(np.asarray(y).astype(np.float64))
    n = len(s)
    # enough for the share short / (short + left_over) of the days
    k = int(np.ceil(n * short / (short + left_over))) - 1
    return float(s[min(max(k, 0), n - 1)])
