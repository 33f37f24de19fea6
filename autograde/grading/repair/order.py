"""The order of cells: answer and locked cells as released, the learner's own where they are."""

from collections.abc import Sequence

from autograde.grading.repair.cells import Cell
from autograde.grading.repair.match import Match
from autograde.grading.repair.release import Release, ReleasedCell

Placed = tuple[Cell | None, ReleasedCell | None]
"""(submitted cell, None where it is missing; released cell, None for the learner's own)"""

_WEIGHTS = {"answer": 3, "plain": 1, "locked": 1}  # if two cells were swapped, the answer stays with its helpers


def place(matches: Match, release: Release) -> tuple[list[Placed], list[ReleasedCell]]:
    """Return the cells in order, and the released cells among them that had been moved.

    Cells that keep the released order among themselves stay (the heaviest such set); each of the
    others goes in front of the next one that stays, so that the learner's own cells above it still
    run first. Missing set-up cells go as far up as they may.
    """
    submitted = [cell for cell in matches.cells if cell not in matches.dropped]
    roles = [matches.role[cell] for cell in submitted if cell in matches.role]
    stay = {roles[place].index for place in heaviest([(role.index, _WEIGHTS[role.kind]) for role in roles])}
    moved = [role for role in roles if role.kind != "plain" and role.index not in stay]
    waiting = [cell for cell in release.special if cell.index not in stay]
    placed: list[Placed] = []

    def put(limit: int, early: bool) -> None:
        while (
            waiting and waiting[0].index < limit and not (early and (waiting[0].kind == "answer" or waiting[0].graded))
        ):
            released = waiting.pop(0)
            placed.append((matches.of.get(released.index), released))

    following = iter([*(role.index for role in roles if role.index in stay), len(release.cells)])
    put(next(following), early=True)
    for cell in submitted:
        role = matches.role.get(cell)
        if role is None or (role.kind == "plain" and role.index not in stay):
            placed.append((cell, role))
        elif role.index in stay:
            put(role.index, early=False)
            placed.append((cell, role))
            put(next(following), early=True)
    put(len(release.cells), early=False)
    return placed, moved


def heaviest(items: Sequence[tuple[int, int]]) -> list[int]:
    """Return the places of the heaviest strictly ascending part of (key, weight) pairs, in n log n.

    Keys start at 0; a Fenwick tree over them holds the heaviest part that ends at each key or
    below.
    """
    size = max((key for key, _ in items), default=0) + 1
    best = [(0, -1)] * (size + 1)
    before: list[int] = []
    for position, (key, weight) in enumerate(items):
        total, last = 0, -1
        slot = key  # keys below this one
        while slot > 0:
            if best[slot][0] > total:
                total, last = best[slot]
            slot -= slot & -slot
        before.append(last)
        slot = key + 1
        while slot <= size:
            if best[slot][0] < total + weight:
                best[slot] = (total + weight, position)
            slot += slot & -slot
    chosen = []
    slot, position, total = size, -1, 0
    while slot > 0:
        if best[slot][0] > total:
            total, position = best[slot]
        slot -= slot & -slot
    while position >= 0:
        chosen.append(position)
        position = before[position]
    return chosen[::-1]
