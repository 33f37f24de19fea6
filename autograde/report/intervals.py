"""Estimates with 95 % confidence intervals for classical test theory. Pure: arrays in, numbers out.

The textbook intervals of a correlation and of alpha assume normal scores. For cells that nearly
everybody solves they cover the true value in 60 to 90 % of samples instead of 95 %. So both are
widened to the jackknife interval, which makes no assumption about the scores, wherever that is
wider. On simulated cohorts of 30 and 100 the coverage is then 90 to 97 %, and lower only if one or
two learners differ from all others; tests verify that.
"""

from dataclasses import dataclass
from math import atanh, exp, isclose, log, sqrt, tanh

import numpy as np
from numpy.typing import NDArray
from scipy import special  # scipy.stats takes two seconds to import

CONFIDENCE = 0.95
_HIGH = (1 + CONFIDENCE) / 2  # the probability below the upper end
_Z = float(special.ndtri(_HIGH))

Scores = NDArray[np.float64]


@dataclass(frozen=True)
class Estimate:
    """A value and the ends of its 95 % confidence interval."""

    value: float
    low: float
    high: float


def difficulty(shares: Scores) -> Estimate:
    """Mean of scores between 0 and 1, with Wilson's interval (Wilson 1927).

    For right-or-wrong scores it is exact; with partial credit it is too wide rather than too
    narrow, since scores in [0, 1] with mean p have variance at most p (1 - p). It never has length
    0, even if all are right or wrong.

    Args:
        shares: ``(n_learners,)``, n > 0.
    """
    n, p, z = len(shares), float(shares.mean()), _Z
    centre = (p + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * sqrt(max(p * (1 - p), 0.0) / n + z**2 / (4 * n**2))
    return Estimate(p, min(max(centre - half, 0.0), p), max(min(centre + half, 1.0), p))


def correlation(x: Scores, y: Scores) -> Estimate | None:
    """Pearson's correlation, with the wider of Fisher's z interval (Fisher 1921) and the
    jackknife's of z.

    None if it is undefined: one of the two does not vary, or there are fewer than 4 pairs.

    Args:
        x, y: ``(n_learners,)`` each.
    """
    n = len(x)
    if n < 4 or is_constant(x) or is_constant(y):
        return None
    x, y = x - x.mean(), y - y.mean()
    r = float(np.clip(x @ y / sqrt((x @ x) * (y @ y)), -1, 1))
    if isclose(abs(r), 1, abs_tol=1e-12):
        return Estimate(r, r, r)
    # sums without one learner each: the n - 1 others have mean -x / (n - 1)
    xy, xx, yy = x @ y - x * y * n / (n - 1), x @ x - x**2 * n / (n - 1), y @ y - y**2 * n / (n - 1)
    varies = (xx > 1e-9 * (x @ x)) & (yy > 1e-9 * (y @ y))
    others = np.where(varies, xy / np.sqrt(np.where(varies, xx * yy, 1)), 0)  # one right answer alone tells nothing
    half = max(
        _Z / sqrt(n - 3),
        _jackknife(np.arctanh(np.clip(others, -1 + 1e-9, 1 - 1e-9))),
    )
    return Estimate(r, tanh(atanh(r) - half), tanh(atanh(r) + half))


def alpha(points: Scores) -> Estimate | None:
    """Cronbach's alpha (1951), with the wider of Feldt's interval (1965) and the jackknife's of
    log(1 - alpha).

    None if it is undefined: fewer than 2 items or 4 learners, or all totals are equal.

    Args:
        points: ``(n_learners, n_items)``.
    """
    n, k = points.shape
    if n < 4 or k < 2 or is_constant(points.sum(axis=1)):
        return None
    points = points - points.mean(axis=0)
    items, totals = (points**2).sum(), points.sum(axis=1) ** 2  # sums of squares
    value = float(k / (k - 1) * (1 - items / totals.sum()))
    if isclose(value, 1, abs_tol=1e-12):
        return Estimate(value, value, value)
    degrees = (n - 1, (n - 1) * (k - 1))
    low = 1 - (1 - value) * float(special.fdtri(*degrees, _HIGH))
    high = 1 - (1 - value) * float(special.fdtri(*degrees, 1 - _HIGH))
    left_items = items - (points**2).sum(axis=1) * n / (n - 1)
    left_totals = totals.sum() - totals * n / (n - 1)
    others = 1 - k / (k - 1) * (1 - left_items / np.maximum(left_totals, 1e-9 * totals.sum()))
    half = _jackknife(np.log(np.maximum(others, 1e-9)))
    centre = log(1 - value)
    return Estimate(value, min(low, 1 - exp(min(centre + half, 700.0))), max(high, 1 - exp(centre - half)))


def measurement_error(points: Scores) -> Estimate | None:
    """Standard error of measurement of the total, in points: sd · √(1 - alpha).

    Its square is the mean over learners of each one's own variance about what learner and item lead
    to expect (residuals of the learners × items table, times k / (k - 1)); the interval is
    Student's for that mean, so it assumes nothing about the items.

    None if it is undefined: fewer than 2 items or 2 learners.

    Args:
        points: ``(n_learners, n_items)``.
    """
    n, k = points.shape
    if n < 2 or k < 2:
        return None
    residuals = points - points.mean(axis=1, keepdims=True) - points.mean(axis=0) + points.mean()
    own = (residuals**2).sum(axis=1) * k / (k - 1) * n / (n - 1)  # (n_learners,), mean = SEM²
    half = float(special.stdtrit(n - 1, _HIGH)) * float(own.std(ddof=1)) / sqrt(n)
    mean = float(own.mean())
    return Estimate(sqrt(mean), sqrt(max(mean - half, 0.0)), sqrt(mean + half))


def is_constant(values: Scores) -> bool:
    """Whether all values are equal up to rounding."""
    return float(np.ptp(values)) <= 1e-9 * max(1.0, float(np.abs(values).max()))


def _jackknife(without_one: Scores) -> float:
    """Half the length of the interval, from the estimates without each learner in turn (Tukey 1958)."""
    n = len(without_one)
    error = sqrt((n - 1) / n * float(((without_one - without_one.mean()) ** 2).sum()))
    return float(special.stdtrit(n - 1, _HIGH)) * error
