"""wilson_ci: what learners write, right and wrong."""

# %%
import math

import numpy as np


# %% wrong="wald"
# k/n ± z·√(p(1 − p)/n): no width at k = 0.
def wilson_ci(k, n, z=1.959964):
    share = k / n
    half = z * math.sqrt(share * (1 - share) / n)
    return share - half, share + half


# %% wrong="wald-cut-off"
# The same, cut at 0 and 1.
def wilson_ci(k, n, z=1.959964):
    share = k / n
    half = z * math.sqrt(share * (1 - share) / n)
    return max(0.0, share - half), min(1.0, share + half)


# %% wrong="per-cent"
# In per cent.
def wilson_ci(k, n, z=1.959964):
    share, scale = k / n, 1 + z * z / n
    middle = (share + z * z / (2 * n)) / scale
    half = z * math.sqrt(share * (1 - share) / n + (z / (2 * n)) ** 2) / scale
    return 100 * (middle - half), 100 * (middle + half)


# %% wrong="z-ignored"
# Always 1.96.
def wilson_ci(k, n, z=1.959964):
    z = 1.959964
    share, scale = k / n, 1 + z * z / n
    middle = (share + z * z / (2 * n)) / scale
    half = z * math.sqrt(share * (1 - share) / n + (z / (2 * n)) ** 2) / scale
    return max(0.0, middle - half), min(1.0, middle + half)


# %% wrong="centre-and-half"
# Returns the centre and the half width.
def wilson_ci(k, n, z=1.959964):
    share, scale = k / n, 1 + z * z / n
    middle = (share + z * z / (2 * n)) / scale
    half = z * math.sqrt(share * (1 - share) / n + (z / (2 * n)) ** 2) / scale
    return middle, half


# %% wrong="half-not-scaled"
# The half width is not divided by 1 + z²/n.
def wilson_ci(k, n, z=1.959964):
    share, scale = k / n, 1 + z * z / n
    middle = (share + z * z / (2 * n)) / scale
    half = z * math.sqrt(share * (1 - share) / n + (z / (2 * n)) ** 2)
    return max(0.0, middle - half), min(1.0, middle + half)


# %% wrong="agresti-coull"
# Adds z²/2 to both counts, then a Wald interval.
def wilson_ci(k, n, z=1.959964):
    total = n + z * z
    share = (k + z * z / 2) / total
    half = z * math.sqrt(share * (1 - share) / total)
    return max(0.0, share - half), min(1.0, share + half)


# %% wrong="term-forgotten"
# Without z²/4n² under the root.
def wilson_ci(k, n, z=1.959964):
    share, scale = k / n, 1 + z * z / n
    middle = (share + z * z / (2 * n)) / scale
    half = z * math.sqrt(share * (1 - share) / n) / scale
    return max(0.0, middle - half), min(1.0, middle + half)


# %% wrong="high-before-low"
# (high, low).
def wilson_ci(k, n, z=1.959964):
    share, scale = k / n, 1 + z * z / n
    middle = (share + z * z / (2 * n)) / scale
    half = z * math.sqrt(share * (1 - share) / n + (z / (2 * n)) ** 2) / scale
    return min(1.0, middle + half), max(0.0, middle - half)


# %% wrong="one-sided"
# z is halved.
def wilson_ci(k, n, z=1.959964):
    z = z / 2
    share, scale = k / n, 1 + z * z / n
    middle = (share + z * z / (2 * n)) / scale
    half = z * math.sqrt(share * (1 - share) / n + (z / (2 * n)) ** 2) / scale
    return max(0.0, middle - half), min(1.0, middle + half)


# %% wrong="share-of-the-majority"
# Below one half it takes the wrong answers for the right ones.
def wilson_ci(k, n, z=1.959964):
    if k == 0:
        return 0.0, z * z / (n + z * z)
    p = max(k, n - k) / n
    centre = p + z * z / (2 * n)
    half = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return (centre - half) / (1 + z * z / n), (centre + half) / (1 + z * z / n)


# %% right="quadratic"
# The roots of the quadratic equation.
def wilson_ci(k, n, z=1.959964):
    a, b, c = n + z * z, -(2 * k + z * z), k * k / n
    root = math.sqrt(max(0.0, b * b - 4 * a * c))
    low, high = (-b - root) / (2 * a), (-b + root) / (2 * a)
    return max(low, 0.0), min(high, 1.0)


# %% right="counts"
# In counts instead of shares, as a list.
def wilson_ci(k, n, z=1.959964):
    root = z * np.sqrt(k * (n - k) / n + z**2 / 4)
    return [float(max((k + z**2 / 2 - root) / (n + z**2), 0.0)), float(min((k + z**2 / 2 + root) / (n + z**2), 1.0))]


# %% right="numpy"
# With NumPy, both ends at once.
def wilson_ci(k, n, z=1.959964):
    share = k / n
    ends = (share + z**2 / (2 * n) + np.array([-1, 1]) * z * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))) / (1 + z**2 / n)
    low, high = np.clip(ends, 0, 1)
    return low, high


# %% right="bisection-from-inside"
# Bisection of the equation of the ends; at k = 0 the low end is tiny instead of 0.
def wilson_ci(k, n, z=1.959964):
    p = k / n

    def inside(q):
        return (p - q) ** 2 <= z * z * q * (1 - q) / n

    def edge(near, far):
        for _ in range(200):
            middle = (near + far) / 2
            if inside(middle):
                near = middle
            else:
                far = middle
        return float(near)

    start = (p + z * z / (2 * n)) / (1 + z * z / n)
    return edge(start, 0.0), edge(start, 1.0)


# %% right="reader-zh"
# centre and half width by the formula, cut to 0 … 1
def wilson_ci(k, n, z=1.959964):
    """Return (low, high), the ends of Wilson's interval."""
    share = k / n
    denominator = 1 + z**2 / n
    centre = share + z**2 / (2 * n)
    half = z * math.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    return max(0.0, (centre - half) / denominator), min(1.0, (centre + half) / denominator)


# %% right="reader-en"
# the formula as printed; first try
def wilson_ci(k, n, z=1.959964):
    share = k / n
    centre = share + z**2 / (2 * n)
    half = z * math.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    scale = 1 + z**2 / n
    return (centre - half) / scale, (centre + half) / scale
