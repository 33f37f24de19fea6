"""A line through six measurements of real patients, and its errors (chapter 3).

The data are those of Efron, Hastie, Johnstone and Tibshirani (2004), "Least Angle Regression",
Annals of Statistics 32; scikit-learn brings them along.
"""

from typing import NamedTuple

import numpy as np
from matplotlib.figure import Figure

from course.figures.style import COLORS, new_figure
from course.language import say

COLUMNS = {"age": 0, "sex": 1, "bmi": 2, "blood pressure": 3, "HDL": 6, "log triglycerides": 8}
"""Feature → its column in scikit-learn's table."""


class Patients(NamedTuple):
    """442 patients with diabetes, in two parts; progression is a score of 25 … 346 points after one year."""

    X: np.ndarray  # (353, 6): years, sex as 1 or 2, kg/m², mmHg, mg/dl, ln(mg/dl)
    y: np.ndarray  # (353,): points
    X_new: np.ndarray  # (89, 6): patients that the fit does not see
    y_new: np.ndarray  # (89,)
    names: tuple[str, ...]


def patients() -> Patients:
    """Return the patients in their original units; every fifth is kept for later."""
    from sklearn.datasets import load_diabetes

    table = load_diabetes(scaled=False)
    X, y = table.data[:, list(COLUMNS.values())], table.target
    new = np.arange(len(y)) % 5 == 2
    return Patients(X[~new], y[~new], X[new], y[new], tuple(COLUMNS))


def fig_residuals(predicted: np.ndarray, measured: np.ndarray, mean: float) -> Figure:
    """Show predicted against measured progression, and how large the errors are.

    Args:
        predicted, measured: points, (n,) each.
        mean: the mean of the patients that were fitted, the prediction of somebody who knows nothing else.
    """
    residual = measured - predicted
    fig, (points, bars) = new_figure(1, 2, width=9.6, height=4.0)
    ends = np.array([20.0, 350.0])
    points.plot(ends, ends, color=COLORS["green"], lw=1.5, ls=":")
    points.vlines(
        measured, np.minimum(measured, predicted), np.maximum(measured, predicted), color=COLORS["orange"], lw=1
    )
    points.plot(measured, predicted, "o", color=COLORS["blue"], ms=4.5)
    worst = np.argsort(-np.abs(residual))[:3]
    points.plot(measured[worst], predicted[worst], "o", ms=11, mfc="none", mec=COLORS["red"], mew=1.8)
    points.set(
        xlim=ends,
        ylim=ends,
        xlabel=say(en="measured (points)", zh="实测值（分）"),
        ylabel=say(en="predicted (points)", zh="预测值（分）"),
    )
    points.set_aspect("equal")
    points.set_title(say(en="{n} patients the fit never saw", zh="拟合时没见过的 {n} 位患者", n=len(measured)))
    half, naive = np.median(np.abs(residual)), np.median(np.abs(measured - mean))
    bars.hist(residual, bins=np.arange(-200, 201, 20), color=COLORS["blue"], alpha=0.8)
    bars.axvspan(-half, half, color=COLORS["green"], alpha=0.2, lw=0)
    bars.set(
        xlim=(-200, 200),
        xlabel=say(en="residual (points)", zh="残差（分）"),
        ylabel=say(en="patients", zh="患者人数"),
    )
    bars.set_title(
        say(
            en="Half within ±{half:.0f} points; the mean alone: ±{naive:.0f}",
            zh="半数误差在 ±{half:.0f} 分以内；只猜平均值：±{naive:.0f}",
            half=half,
            naive=naive,
        )
    )
    return fig
