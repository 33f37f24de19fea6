"""The score of a test cell: nbgrader's rules, without the ways around them."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autograde.grading.examiner.examiner_side import LearnerError


@dataclass(frozen=True)
class Verdict:
    """The result of a test cell.

    Attributes:
        score, maximum: points.
        error: one line that says why points are missing; None with full points and with partial
            credit.
        failed_message: the message of the test's own failed assert, written by the author; "" for
            an assert without one.
        learner_error: the learner's own exception, if one led here.
        author_error: what is wrong with the test itself, for its author.
        wire_error: why the learner's process could not be asked: it died, took too long, broke the
            protocol, or gave what cannot cross.
        wire_code: ``died``, ``timeout``, ``violation``, ``flood``, ``memory`` or ``result`` with
            ``wire_error``.
        undefined: a name that the learner was to define and did not.
        outputs: nbformat outputs of the test cell, for the instructor's notebook.
    """

    score: float
    maximum: float
    error: str | None = None
    failed_message: str | None = None
    learner_error: LearnerError | None = None
    author_error: str | None = None
    wire_error: str | None = None
    wire_code: str | None = None
    undefined: str | None = None
    outputs: list[dict[str, Any]] = field(default_factory=list)


def partial_credit(value: Any, points: float) -> tuple[float, str | None]:
    """Return (score, fault of the test) for the value of a test cell's last expression; None is
    full points.

    Numbers are int, float, NumPy's integers and floats and 0-d arrays of them. A bool, a negative
    number, nan or a number above the points is a fault of the test and scores 0.
    """
    if value is None:
        return float(points), None
    number = value[()] if type(value) is np.ndarray and value.shape == () else value
    if type(number) not in (int, float) and not isinstance(number, (np.integer, np.floating)):
        return 0.0, f"the test ends in a value of type {type(value).__name__}; end it in an assert or in a number"
    if isinstance(number, np.timedelta64):  # a NumPy integer only by inheritance
        return 0.0, "the test ends in a time span; end it in an assert or in a number"
    if not 0 <= number <= points:  # nan is neither
        shown = "a huge number" if abs(number) >= 1e300 else f"{float(number):g}"
        return 0.0, f"the test ends in {shown}, which is not a partial credit of {points:g} points"
    return float(number), None
