"""Grades of an assignment → its item analysis: how well the cells measure. Pure.

It includes learners who handed the assignment in and whose grading is final. Those who handed in
nothing are excluded, since that tells nothing about a cell; a cell left blank counts with its
score, mostly 0. Cell scores are the instructor's if there is one, else nbgrader's, without extra
credit and late penalties. Scores above a cell's maximum count as the maximum.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import sqrt, tanh
from typing import Literal

import numpy as np

from autograde.certify.decide.grades import Cell, Snapshot
from autograde.certify.decide.tally import Tally
from autograde.report.intervals import Estimate, Scores, alpha, correlation, difficulty, measurement_error
from autograde.report.order import Order, sorting_key

MINIMUM_LEARNERS = 30  # below, shares only: a correlation's interval would be wider than ±0.36
FEW_LEARNERS = 8  # below, unrelated items correlate by 0.8 and more by chance
MINIMUM_TO_FLAG = 100  # below, no item is called too easy, too hard or negative
TOO_EASY = 0.95  # chapters teach for mastery, so only cells that nearly everybody solves
TOO_HARD = 0.20

Flag = Literal["too-easy", "too-hard", "negative"]


@dataclass(frozen=True)
class Matrix:
    """Item scores of an assignment.

    Attributes:
        learners: ``n_learners`` ids, sorted.
        items: ``n_items`` cells with points, in the order of the notebooks.
        points: ``(n_learners, n_items)``, each between 0 and the cell's maximum.
        waiting: learners who handed in but are not finally graded, so are not included.
    """

    assignment: str
    learners: tuple[str, ...]
    items: tuple[Cell, ...]
    points: Scores
    waiting: int


@dataclass(frozen=True)
class Item:
    """One cell.

    Attributes:
        full: number of learners with full points.
        difficulty: mean share of the maximum, 0 nobody to 1 everybody.
        discrimination: correlation of the cell's score with the sum of all others; None if withheld
            or undefined.
        flag: why to look at it; ``is_clear`` if the whole interval is beyond the limit.
    """

    cell: Cell
    full: int
    difficulty: Estimate
    discrimination: Estimate | None
    flag: Flag | None = None
    is_clear: bool = False


@dataclass(frozen=True)
class Analysis:
    """The item analysis of one assignment.

    Attributes:
        n: learners included; below :data:`MINIMUM_LEARNERS` items have only their shares.
        maximum: points of all items.
        items: in the order of the notebooks; empty if n is 0.
        alpha, sem: None if withheld or undefined; `sem` in points.
    """

    assignment: str
    n: int
    waiting: int
    maximum: float
    items: tuple[Item, ...] = ()
    mean: float | None = None
    sd: float | None = None
    alpha: Estimate | None = None
    sem: Estimate | None = None

    @property
    def is_withheld(self) -> bool:
        """Whether there are too few learners for anything but shares."""
        return self.n < MINIMUM_LEARNERS

    @property
    def hardest(self) -> Item | None:
        """The item with the lowest share; the first of several."""
        return min(self.items, key=lambda item: item.difficulty.value, default=None)

    @property
    def is_flagging(self) -> bool:
        return self.n >= MINIMUM_TO_FLAG

    @property
    def flagged(self) -> tuple[Item, ...]:
        return tuple(item for item in self.items if item.flag)


def matrices(
    snapshot: Snapshot, tallies: Mapping[tuple[str, str], Tally], order: Order | None = None
) -> Mapping[str, Matrix]:
    """The item scores of every assignment that `tallies`, by (learner, assignment), speaks of."""
    learners: dict[str, dict[str, int]] = {}  # assignment -> learner -> row
    waiting: Counter[str] = Counter()
    for (learner, assignment), tally in sorted(tallies.items()):
        rows = learners.setdefault(assignment, {})
        if tally.state == "graded":
            rows[learner] = len(rows)
        waiting[assignment] += not tally.is_final
    items = {
        name: tuple(
            sorted(
                (cell for cell in snapshot.cells if cell.assignment == name and Fraction(cell.maximum) > 0),
                key=lambda cell: sorting_key(cell, order or {}),
            )
        )
        for name in learners
    }
    columns = {
        name: {(cell.notebook, cell.cell): (j, float(cell.maximum)) for j, cell in enumerate(cells)}
        for name, cells in items.items()
    }
    points = {name: np.zeros((len(rows), len(items[name]))) for name, rows in learners.items()}
    for row in snapshot.rows:
        i = learners.get(row.assignment, {}).get(row.learner)
        place = columns.get(row.assignment, {}).get((row.notebook, row.cell))
        if i is not None and place is not None:
            j, maximum = place
            score = row.auto if row.manual is None else row.manual
            points[row.assignment][i, j] = min(max(float(score or 0), 0.0), maximum)
    return {
        name: Matrix(name, tuple(rows), items[name], points[name], waiting[name]) for name, rows in learners.items()
    }


def analyse(matrix: Matrix) -> Analysis:
    """The statistics of an assignment.

    With fewer than 30 learners only how many solved each cell, and its share.
    """
    n, k = matrix.points.shape
    maxima = np.array([float(cell.maximum) for cell in matrix.items])
    head = Analysis(matrix.assignment, n, matrix.waiting, float(maxima.sum()))
    if n == 0 or k == 0:
        return head
    items = []
    for j, cell in enumerate(matrix.items):
        own = matrix.points[:, j]
        full = int((own >= maxima[j]).sum())
        if head.is_withheld:
            items.append(Item(cell, full, difficulty(own / maxima[j]), None))
            continue
        rest = np.delete(matrix.points, j, axis=1).sum(axis=1)  # not totals - own, which rounding would blur
        items.append(_item(cell, full, difficulty(own / maxima[j]), correlation(own, rest), head.is_flagging))
    if head.is_withheld:
        return replace(head, items=tuple(items))
    totals = matrix.points.sum(axis=1)
    return Analysis(
        assignment=matrix.assignment,
        n=n,
        waiting=matrix.waiting,
        maximum=head.maximum,
        items=tuple(items),
        mean=float(totals.mean()),
        sd=float(totals.std(ddof=1)),
        alpha=alpha(matrix.points),
        sem=measurement_error(matrix.points),
    )


def by_chance(n: int) -> float:
    """95 % bound on the correlation of two unrelated items in a class of `n`, n > 3 (Fisher 1921)."""
    return tanh(1.96 / sqrt(n - 3))


def overall_error(parts: Sequence[tuple[float, Analysis]]) -> float | None:
    """Standard error of Σ weight · points, as a share of its maximum; errors of assignments are
    independent.

    The reliability behind it is stratified alpha (Rajaratnam, Cronbach & Gleser 1965). None if an
    error is unknown.
    """
    counting = [(weight, analysis) for weight, analysis in parts if weight]
    maximum = sum(weight * analysis.maximum for weight, analysis in counting)
    errors = [weight * analysis.sem.value for weight, analysis in counting if analysis.sem]
    if not maximum or len(errors) < len(counting):
        return None
    return float(sum(error**2 for error in errors) ** 0.5 / maximum)


def _item(cell: Cell, full: int, easy: Estimate, discrimination: Estimate | None, may_flag: bool) -> Item:
    if may_flag and discrimination is not None and discrimination.value < 0:
        return Item(cell, full, easy, discrimination, "negative", discrimination.high < 0)
    if may_flag and easy.value >= TOO_EASY:
        return Item(cell, full, easy, discrimination, "too-easy", easy.low >= TOO_EASY)
    if may_flag and easy.value <= TOO_HARD:
        return Item(cell, full, easy, discrimination, "too-hard", easy.high <= TOO_HARD)
    return Item(cell, full, easy, discrimination)
