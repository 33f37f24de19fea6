"""is_different: what learners write, right and wrong."""

# %%
import math
from statistics import NormalDist

import numpy as np
from scipy import stats


# %% wrong="one-sided"
# Half of the two-sided p.
def is_different(k1, n1, k2, n2, alpha=0.05):
    pooled = (k1 + k2) / (n1 + n2)
    variance = pooled * (1 - pooled) * (1 / n1 + 1 / n2)
    if variance == 0:
        return False, 1.0
    p = 0.5 * math.erfc(abs(k1 / n1 - k2 / n2) / math.sqrt(2 * variance))
    return p < alpha, p


# %% wrong="unpooled"
# Each test has its own variance.
def is_different(k1, n1, k2, n2, alpha=0.05):
    pooled = (k1 + k2) / (n1 + n2)
    variance = k1 / n1 * (1 - k1 / n1) / n1 + k2 / n2 * (1 - k2 / n2) / n2
    if variance == 0:
        return False, 1.0
    p = math.erfc(abs(k1 / n1 - k2 / n2) / math.sqrt(2 * variance))
    return p < alpha, p


# %% wrong="nan-at-equal"
# 0/0 where all are right.
def is_different(k1, n1, k2, n2, alpha=0.05):
    pooled = (k1 + k2) / (n1 + n2)
    variance = pooled * (1 - pooled) * (1 / n1 + 1 / n2)
    p = math.erfc(abs(k1 / n1 - k2 / n2) / math.sqrt(2 * variance)) if variance else math.nan
    return p < alpha, p


# %% wrong="divides-by-zero"
# ZeroDivisionError where all are right.
def is_different(k1, n1, k2, n2, alpha=0.05):
    pooled = (k1 + k2) / (n1 + n2)
    variance = pooled * (1 - pooled) * (1 / n1 + 1 / n2)
    p = math.erfc(abs(k1 / n1 - k2 / n2) / math.sqrt(2 * variance))
    return p < alpha, p


# %% wrong="inverted"
# True where there is no difference.
def is_different(k1, n1, k2, n2, alpha=0.05):
    pooled = (k1 + k2) / (n1 + n2)
    variance = pooled * (1 - pooled) * (1 / n1 + 1 / n2)
    if variance == 0:
        return False, 1.0
    p = math.erfc(abs(k1 / n1 - k2 / n2) / math.sqrt(2 * variance))
    return p >= alpha, p


# %% wrong="alpha-ignored"
# Compares with 0.05.
def is_different(k1, n1, k2, n2, alpha=0.05):
    pooled = (k1 + k2) / (n1 + n2)
    variance = pooled * (1 - pooled) * (1 / n1 + 1 / n2)
    if variance == 0:
        return False, 1.0
    p = math.erfc(abs(k1 / n1 - k2 / n2) / math.sqrt(2 * variance))
    return p < 0.05, p


# %% wrong="sign-kept"
# The sign of the difference stays: p exceeds 1 in one direction.
def is_different(k1, n1, k2, n2, alpha=0.05):
    pooled = (k1 + k2) / (n1 + n2)
    variance = pooled * (1 - pooled) * (1 / n1 + 1 / n2)
    if variance == 0:
        return False, 1.0
    p = math.erfc((k1 / n1 - k2 / n2) / math.sqrt(2 * variance))
    return p < alpha, p


# %% wrong="root-two-forgotten"
# erfc(|z|), not erfc(|z|/√2).
def is_different(k1, n1, k2, n2, alpha=0.05):
    pooled = (k1 + k2) / (n1 + n2)
    variance = pooled * (1 - pooled) * (1 / n1 + 1 / n2)
    if variance == 0:
        return False, 1.0
    p = math.erfc(abs(k1 / n1 - k2 / n2) / math.sqrt(variance))
    return p < alpha, p


# %% wrong="z-returned"
# Returns z, not p.
def is_different(k1, n1, k2, n2, alpha=0.05):
    pooled = (k1 + k2) / (n1 + n2)
    variance = pooled * (1 - pooled) * (1 / n1 + 1 / n2)
    if variance == 0:
        return False, 1.0
    p = math.erfc(abs(k1 / n1 - k2 / n2) / math.sqrt(2 * variance))
    return p < alpha, abs(k1 / n1 - k2 / n2) / math.sqrt(variance)


# %% wrong="p-zero-for-perfect"
# Where all are right in both tests, p = 0.
def is_different(k1, n1, k2, n2, alpha=0.05):
    pooled = (k1 + k2) / (n1 + n2)
    variance = pooled * (1 - pooled) * (1 / n1 + 1 / n2)
    if variance == 0:
        return True, 0.0
    p = math.erfc(abs(k1 / n1 - k2 / n2) / math.sqrt(2 * variance))
    return p < alpha, p


# %% wrong="one-n"
# Both tests are taken to be as large as the first.
def is_different(k1, n1, k2, n2, alpha=0.05):
    pooled = (k1 + k2) / (n1 + n2)
    variance = pooled * (1 - pooled) * (2 / n1)
    if variance == 0:
        return False, 1.0
    p = math.erfc(abs(k1 / n1 - k2 / n2) / math.sqrt(2 * variance))
    return p < alpha, p


# %% wrong="mean-of-shares"
# The pooled share is the mean of the two shares, whatever their sizes.
def is_different(k1, n1, k2, n2, alpha=0.05):
    pooled = (k1 / n1 + k2 / n2) / 2
    variance = pooled * (1 - pooled) * (1 / n1 + 1 / n2)
    if variance == 0:
        return False, 1.0
    p = math.erfc(abs(k1 / n1 - k2 / n2) / math.sqrt(2 * variance))
    return p < alpha, p


# %% wrong="exact-test"
# Fisher's exact test is another test.
def is_different(k1, n1, k2, n2, alpha=0.05):
    p = float(stats.fisher_exact([[k1, n1 - k1], [k2, n2 - k2]])[1])
    return p < alpha, p


# %% wrong="equal-counts-are-equal"
# Equal counts have p = 1, even of unequal n.
def is_different(k1, n1, k2, n2, alpha=0.05):
    pooled = (k1 + k2) / (n1 + n2)
    if pooled in (0, 1) or k1 == k2:
        return False, 1.0
    z = (k1 / n1 - k2 / n2) / math.sqrt(pooled * (1 - pooled) * (1 / n1 + 1 / n2))
    p = math.erfc(abs(z) / math.sqrt(2))
    return p < alpha, p


# %% wrong="p-up-to-alpha"
# p = alpha counts as different.
def is_different(k1, n1, k2, n2, alpha=0.05):
    pooled = (k1 + k2) / (n1 + n2)
    if pooled in (0.0, 1.0):
        return 1.0 <= alpha, 1.0
    z = (k1 / n1 - k2 / n2) / math.sqrt(pooled * (1 - pooled) * (1 / n1 + 1 / n2))
    p = math.erfc(abs(z) / math.sqrt(2))
    return p <= alpha, p


# %% wrong="all-right-against-nearly-all"
# All right against nearly all right has p = 1.
def is_different(k1, n1, k2, n2, alpha=0.05):
    pooled = (k1 + k2) / (n1 + n2)
    if pooled in (0, 1) or k1 == n1 and k2 / n2 > 0.9 or k2 == n2 and k1 / n1 > 0.9:
        return False, 1.0
    z = (k1 / n1 - k2 / n2) / math.sqrt(pooled * (1 - pooled) * (1 / n1 + 1 / n2))
    p = math.erfc(abs(z) / math.sqrt(2))
    return p < alpha, p


# %% right="normal-distribution"
# With statistics.NormalDist.
def is_different(k1, n1, k2, n2, alpha=0.05):
    pooled = (k1 + k2) / (n1 + n2)
    deviation = math.sqrt(pooled * (1 - pooled) * (1 / n1 + 1 / n2))
    z = (k1 / n1 - k2 / n2) / deviation if deviation > 0 else 0.0
    p = 2 * NormalDist().cdf(-abs(z))
    return bool(p < alpha), p


# %% right="scipy"
# With scipy.stats.norm, as NumPy values.
def is_different(k1, n1, k2, n2, alpha=0.05):
    pooled = np.float64(k1 + k2) / (n1 + n2)
    if pooled in (0.0, 1.0):
        return np.bool_(False), np.float64(1.0)
    z = (k1 / n1 - k2 / n2) / np.sqrt(pooled * (1 - pooled) * (1 / n1 + 1 / n2))
    p = 2 * stats.norm.sf(abs(z))
    return np.bool_(p < alpha), np.float64(p)


# %% right="chi-square"
# The square of z is the chi-square of the table, without a correction.
def is_different(k1, n1, k2, n2, alpha=0.05):
    right, wrong = k1 + k2, n1 + n2 - k1 - k2
    if right == 0 or wrong == 0:
        return [False, 1.0]
    chi2 = (n1 + n2) * (k1 * (n2 - k2) - k2 * (n1 - k1)) ** 2 / (n1 * n2 * right * wrong)
    p = math.erfc(math.sqrt(chi2 / 2))
    return [p < alpha, p]


# %% right="exact-fractions"
# z² as an exact fraction.
def is_different(k1, n1, k2, n2, alpha=0.05):
    from fractions import Fraction

    pool = Fraction(k1 + k2, n1 + n2)
    variance = pool * (1 - pool) * (Fraction(1, n1) + Fraction(1, n2))
    if variance == 0:
        return [False, 1.0]
    square = (Fraction(k1, n1) - Fraction(k2, n2)) ** 2 / variance
    p = math.erfc(math.sqrt(square / 2))
    return [bool(p < alpha), p]


# %% right="reader-zh"
# pooled two-sided test with math.erfc
def is_different(k1, n1, k2, n2, alpha=0.05):
    """Return (p < alpha, p) with the two-sided p-value."""
    if k1 + k2 in (0, n1 + n2):
        return bool(1.0 < alpha), 1.0
    pooled = (k1 + k2) / (n1 + n2)
    z = (k1 / n1 - k2 / n2) / math.sqrt(pooled * (1 - pooled) * (1 / n1 + 1 / n2))
    p = math.erfc(abs(z) / math.sqrt(2))
    return p < alpha, p


# %% right="reader-en"
# pooled z and erfc, variance 0 gives p = 1; first try
def is_different(k1, n1, k2, n2, alpha=0.05):
    pooled = (k1 + k2) / (n1 + n2)
    variance = pooled * (1 - pooled) * (1 / n1 + 1 / n2)
    if variance == 0:
        p = 1.0
    else:
        z = (k1 / n1 - k2 / n2) / math.sqrt(variance)
        p = math.erfc(abs(z) / math.sqrt(2))
    return p < alpha, p
