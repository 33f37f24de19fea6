"""Confidence intervals of proportions."""

import math
from statistics import NormalDist


def wilson_interval(successes: int, n: int, confidence: float = 0.95) -> tuple[float, float]:
    """Return Wilson's confidence interval of a proportion, ``(low, high)`` within [0, 1].

    Unlike p ± z·sqrt(p(1 − p)/n) it keeps its width at p = 0 and p = 1 and never leaves [0, 1].
    Source: E. B. Wilson, *Probable Inference, the Law of Succession, and Statistical Inference*,
    JASA 22 (1927).

    Args:
        successes: number of times the event occurred, 0…n.
        n: number of independent trials, at least 1.
        confidence: probability that such an interval covers the truth, in (0, 1).

    Raises:
        ValueError: a number outside these ranges.
    """
    if n < 1 or not 0 <= successes <= n:
        raise ValueError(f"need 0 <= successes <= n and n >= 1, not {successes} of {n}")
    if not 0 < confidence < 1:
        raise ValueError(f"confidence must be between 0 and 1, not {confidence}")
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    p = successes / n
    scale = 1 + z * z / n
    centre = (p + z * z / (2 * n)) / scale
    half = z / scale * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return max(0.0, centre - half), min(1.0, centre + half)
