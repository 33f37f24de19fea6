"""Figures of chapter 9: polynomials through noisy points, more or less free, and what they are worth on fresh points."""

from functools import cache

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import NullLocator

from course.figures.style import COLORS, new_figure
from course.language import say

NOISE = 0.25
SEED = 4
DEGREES = 18
LOGS = np.arange(-6.0, 1.01, 0.5)
"""Decimal logarithms of λ."""

_FINE = np.linspace(-1, 1, 400)


def truth(x: np.ndarray) -> np.ndarray:
    """Return the curve from which all points come, before the noise."""
    return np.sin(np.pi * x)


@cache
def points(n: int) -> tuple[np.ndarray, np.ndarray]:
    """Return n noisy points ``(x, y)`` of the curve; x in [-1, 1]."""
    x = 2 * (np.arange(1, n + 1) * (np.sqrt(5) - 1) / 2 % 1) - 1  # the golden ratio spreads any number of points evenly
    return x, truth(x) + NOISE * np.random.default_rng(SEED).normal(size=300)[:n]


@cache
def fit(degree: int, n: int, lam: float = 0.0) -> np.ndarray:
    """Return the coefficients (degree + 1,) of Chebyshev polynomials with the least mean squared error on n points.

    Added to it is ``lam`` times the sum of the squared coefficients, the first one excepted. With more coefficients than
    points, and without a price, it is the smallest coefficients that meet all points.
    """
    x, y = points(n)
    A = np.polynomial.chebyshev.chebvander(x, degree)
    if lam == 0:
        return np.asarray(np.linalg.lstsq(A, y, rcond=None)[0])
    price = np.sqrt(lam * n) * np.eye(degree + 1)[1:]
    return np.asarray(np.linalg.lstsq(np.vstack([A, price]), np.concatenate([y, np.zeros(degree)]), rcond=None)[0])


@cache
def errors(degree: int, n: int, lam: float = 0.0) -> tuple[float, float]:
    """Return the root mean squared error on the n points, and the expected one on fresh points in [-1, 1]."""
    x, y = points(n)
    w = fit(degree, n, lam)
    off = np.polynomial.chebyshev.chebval(_FINE, w) - truth(_FINE)
    on_points = np.polynomial.chebyshev.chebval(x, w) - y
    return float(np.sqrt(np.mean(on_points**2))), float(np.sqrt(np.mean(off**2) + NOISE**2))


def _curve(axes: Axes, degree: int, n: int, lam: float, answered: bool) -> None:
    x, y = points(n)
    axes.plot(x, y, "o", color=COLORS["ink"], ms=4 if n < 100 else 2.5, label=say(en="points", zh="数据点"))
    if answered:
        axes.plot(_FINE, truth(_FINE), color=COLORS["grey"], ls="--", lw=1.2, label=say(en="truth", zh="真实曲线"))
        axes.plot(
            _FINE,
            np.polynomial.chebyshev.chebval(_FINE, fit(degree, n, lam)),
            color=COLORS["blue"],
            label=say(en="fit", zh="拟合"),
        )
        axes.legend(loc="upper center", fontsize=9)
    axes.set(xlim=(-1.05, 1.05), ylim=(-2.4, 2.4), xticks=[-1, 0, 1], xlabel="x", ylabel="y")


def fig_capacity(degree: int = 14, n: int = 15, answered: bool = True) -> Figure:
    """Left: a polynomial through n noisy points. Right: its errors against the degree, on the points and on fresh ones.

    Args:
        degree: of the polynomial.
        n: number of points.
        answered: False leaves the fit and its errors out.
    """
    figure, (left, right) = new_figure(1, 2, width=9.4, height=3.7)
    _curve(left, degree, n, 0.0, answered)
    left.set_title(say(en="Degree {d}, {n} points", zh="{d} 次多项式，{n} 个点", d=degree, n=n))
    right.set(
        xlim=(0, DEGREES),
        ylim=(0.01, 300),
        yscale="log",
        xlabel=say(en="degree", zh="次数"),
        ylabel=say(en="error (RMS)", zh="误差（均方根）"),
    )
    right.set_title(say(en="Errors", zh="误差"))
    if answered:
        degrees = range(1, DEGREES + 1)
        table = np.clip([errors(d, n) for d in degrees], 0.01, 300)
        right.plot(degrees, table[:, 0], color=COLORS["blue"], label=say(en="on the points", zh="在数据点上"))
        right.plot(degrees, table[:, 1], color=COLORS["orange"], label=say(en="on fresh points", zh="在新的点上"))
        on_points, fresh = errors(degree, n)
        right.plot([degree, degree], np.clip([on_points, fresh], 0.01, 300), "o", color=COLORS["ink"], ms=5)
        right.axhline(NOISE, color=COLORS["grey"], ls=":", lw=1.2, label=say(en="noise", zh="噪声"))
        right.set_title(
            say(en="Points {a:.2f}, fresh {b:.2f}", zh="数据点 {a:.2f}，新点 {b:.2f}", a=on_points, b=fresh)
        )
        right.legend(loc="upper left", fontsize=9)
    right.yaxis.set_minor_locator(NullLocator())  # they take most of the drawing time
    return figure


def fig_ridge(log_lam: float = -6.0, answered: bool = True) -> Figure:
    """Left: the polynomial of degree 14 with a price on its coefficients. Right: its errors against the price.

    Args:
        log_lam: decimal logarithm of λ.
        answered: False leaves the errors of the other prices out.
    """
    figure, (left, right) = new_figure(1, 2, width=9.4, height=3.7)
    lam = 10.0**log_lam
    _curve(left, 14, 15, lam, True)
    size = float(np.abs(fit(14, 15, lam)[1:]).max())
    left.set_title(
        say(en="λ = {lam:.1e}, largest |w| = {w:.2f}", zh="λ = {lam:.1e}，最大的 |w| = {w:.2f}", lam=lam, w=size)
    )
    on_points, fresh = errors(14, 15, lam)
    if answered:
        table = np.array([errors(14, 15, 10.0**log) for log in LOGS])
        right.plot(LOGS, table[:, 0], color=COLORS["blue"], label=say(en="on the points", zh="在数据点上"))
        right.plot(LOGS, table[:, 1], color=COLORS["orange"], label=say(en="on fresh points", zh="在新的点上"))
    right.plot([log_lam, log_lam], [on_points, fresh], "o", color=COLORS["ink"], ms=5)
    right.axhline(NOISE, color=COLORS["grey"], ls=":", lw=1.2, label=say(en="noise", zh="噪声"))
    right.set_title(say(en="Points {a:.2f}, fresh {b:.2f}", zh="数据点 {a:.2f}，新点 {b:.2f}", a=on_points, b=fresh))
    right.legend(loc="upper center", fontsize=9)
    right.set(
        xlim=(-6.2, 1.2),
        ylim=(0.01, 30),
        yscale="log",
        xlabel="log₁₀ λ",
        ylabel=say(en="error (RMS)", zh="误差（均方根）"),
    )
    right.yaxis.set_minor_locator(NullLocator())
    return figure
