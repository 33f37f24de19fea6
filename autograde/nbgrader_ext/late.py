"""Late penalties from course.toml, as an nbgrader plugin.

In ``nbgrader_config.py``::

    c.AssignLatePenalties.plugin_class = "autograde.nbgrader_ext.late.CourseLatePenalty"

nbgrader calls the plugin once for each notebook of a late submission and records the result; it has
already applied extensions (``Gradebook.grant_extension``).
"""

from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from math import ceil
from pathlib import Path
from typing import Any

from nbgrader.coursedir import CourseDirectory
from nbgrader.plugins import BasePlugin

from autograde.errors import CourseError
from autograde.settings.course_folder import CourseFolder
from autograde.settings.policy import Late

_DAY = 86_400
_NOISE = Decimal("1e-12")  # nbgrader adds scores as binary floats


class CourseLatePenalty(BasePlugin):  # type: ignore[misc]  # nbgrader has no types
    """Subtracts points from late notebooks by ``[policy] late`` of course.toml.

    Without course.toml, or without a policy or ``late`` in it, nothing is subtracted: nbgrader's
    default.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._late = self._read()

    def late_submission_penalty(self, student_id: str, score: float, total_seconds_late: float) -> float | None:
        """Points to subtract from a notebook that earned `score` points; None without a rule.

        nbgrader's plugin interface (nbgrader.plugins.LateSubmissionPlugin).
        """
        if self._late is None or total_seconds_late <= 0:
            return None
        return penalty(self._late, score, total_seconds_late)

    def _read(self) -> Late | None:
        try:
            course = CourseFolder.of(self._course_folder())
            return course.policy.late if course.has_policy else None
        except CourseError as error:
            self.log.error("late penalties: %s", error)
            raise

    def _course_folder(self) -> Path:
        """Root of the grading application's course directory."""
        owner = self.parent
        while owner is not None:
            folder = getattr(owner, "coursedir", None)
            if isinstance(folder, CourseDirectory):
                return Path(folder.root)
            owner = getattr(owner, "parent", None)
        return Path(CourseDirectory(parent=self).root)


def penalty(late: Late, score: float, seconds: float) -> float:
    """Points to subtract: each started day costs its share of `score`, at most all of it.

    After ``max_days`` started days, or if late work is not accepted, all of it. `seconds` is more
    than 0.
    """
    if score <= 0:
        return 0.0
    days = ceil(Fraction(seconds) / _DAY)
    if not late.accept or days > late.max_days:
        return score
    share = late.penalty_per_day * days
    points = (Decimal(repr(float(score))) * share).quantize(_NOISE, rounding=ROUND_HALF_EVEN)
    return min(float(points), score)
