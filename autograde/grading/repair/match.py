"""Which submitted cell is which released one.

Evidence for a pair adds up: the grade_id (4), the cell id (3), the whole text if it is unique in
the release (5), the distinctive lines of a locked cell (up to 4), the names that an answer's stub
defines (3; 5 if the grade_id says otherwise and the claimed answer's names are absent). Each
submitted cell goes to the released one with the most evidence.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from autograde.grading.repair.cells import Cell
from autograde.grading.repair.reasons import Findings
from autograde.grading.repair.release import Release, ReleasedCell
from autograde.grading.repair.text import alike, assigned, is_imports, parsed, squeeze

_LABELLED = 4  # evidence of a grade_id, a whole text, or an id with something else
_ENOUGH = 2


@dataclass
class Match:
    """The submitted cells and what became of each.

    Attributes:
        cells: the submitted cells in document order; changed in place.
        role: cell → its released cell; cells without one are the learner's own.
        of: index of a released cell → the submitted cell.
        dropped: copies and parts whose text is kept elsewhere.
        unknown: cells with a grade_id that the release does not have, matched by nothing else.
    """

    cells: list[Cell]
    role: dict[Cell, ReleasedCell] = field(default_factory=dict)
    of: dict[int, Cell] = field(default_factory=dict)
    dropped: set[Cell] = field(default_factory=set)
    unknown: list[Cell] = field(default_factory=list)

    def pair(self, cell: Cell, released: ReleasedCell) -> None:
        """Match `cell` to `released`."""
        self.role[cell] = released
        self.of[released.index] = cell

    def own(self, cell: Cell) -> bool:
        """Whether the cell is the learner's own."""
        return cell not in self.role and cell not in self.dropped


def is_whole(cells: Sequence[Cell], release: Release) -> bool:
    """Whether all answer and locked cells of the release are there, in order, answers aside unchanged."""
    marked = [cell for cell in cells if "nbgrader" in cell.metadata]
    released_cells = [cell for cell in release.cells if "nbgrader" in cell.metadata]
    return len(marked) == len(released_cells) and all(
        cell.marks == released.metadata["nbgrader"]
        and cell.cell_type == released.cell_type
        and (released.kind != "locked" or cell.source == released.source)
        for cell, released in zip(marked, released_cells, strict=True)
    )


def match(cells: list[Cell], release: Release, findings: Findings) -> Match:
    """Pair submitted cells with released ones; choose among several candidates, with a finding."""
    matches = Match(cells)
    groups: dict[int, list[tuple[float, Cell]]] = defaultdict(list)
    for cell in cells:
        points = _evidence(cell, release)
        if points:
            index = max(points, key=lambda index: (points[index], -index))
            if points[index] >= _ENOUGH:
                groups[index].append((points[index], cell))
                continue
        if cell.grade_id and any(cell.marks.get(flag) for flag in ("grade", "solution", "locked", "task")):
            matches.unknown.append(cell)
    for index, group in sorted(groups.items()):
        released = release.cells[index]
        if released.kind == "answer":
            _settle_answer(matches, released, group, findings)
        else:
            _settle(matches, released, group, findings)
    for released in release.special:
        if released.kind == "answer" and released.index not in matches.of and not released.names and matches.of:
            _by_position(matches, released, release, findings)
    return matches


def fit(cells: Sequence[Cell], release: Release) -> int:
    """Return how many cells are word for word the release's, which tells its editions apart."""
    return sum(cell.source in release.texts for cell in cells)


def share(cells: Sequence[Cell], release: Release) -> float:
    """Return the share of the release's answer and locked cells with enough evidence, 0 to 1."""
    present: set[int] = set()
    for cell in cells:
        points = _evidence(cell, release)
        present.update(
            index for index, value in points.items() if value >= _ENOUGH and release.cells[index].kind != "plain"
        )
    return len(present) / max(1, len(release.special))


def _evidence(cell: Cell, release: Release) -> dict[int, float]:
    points: dict[int, float] = defaultdict(float)
    claimed = release.by_grade_id.get(cell.grade_id or "")
    if claimed:
        points[claimed.index] += 4
    if cell.claimed_id in release.by_id:
        points[release.by_id[cell.claimed_id].index] += 3
    same = release.by_source.get(squeeze(cell.source)) if cell.source.strip() else None
    if same:
        points[same.index] += 5
        return points
    lines = {line.strip() for line in cell.source.split("\n")}
    for index, count in Counter(release.by_line[line].index for line in lines & release.by_line.keys()).items():
        if count * 2 >= release.telling[index]:
            points[index] += 4 * count / release.telling[index]
    if claimed is None or claimed.kind == "answer":
        names = assigned(cell.source)
        elsewhere = claimed is not None and bool(claimed.names) and not claimed.names & names
        for name in names & release.by_name.keys():
            index = release.by_name[name].index
            points[index] = max(points[index], points[index] + (5 if elsewhere else 3))
    return points


def _settle(matches: Match, released: ReleasedCell, group: list[tuple[float, Cell]], findings: Findings) -> None:
    """Choose a locked or plain cell's unchanged copy, else the one with the most evidence."""
    best = (
        max((cell for _, cell in group), key=lambda cell: squeeze(cell.source) == squeeze(released.source))
        if any(squeeze(cell.source) == squeeze(released.source) for _, cell in group)
        else max(group, key=lambda pair: pair[0])[1]
    )
    matches.pair(best, released)
    for points, cell in group:
        if cell is not best and released.kind == "locked" and points >= _LABELLED:
            findings.add("cell-duplicated", released.name)
            if squeeze(cell.source) == squeeze(released.source):
                matches.dropped.add(cell)


def _settle_answer(matches: Match, released: ReleasedCell, group: list[tuple[float, Cell]], findings: Findings) -> None:
    """Join the parts of a split answer; of several answers the last that is not the stub counts."""
    labelled = [cell for points, cell in group if points >= _LABELLED]
    copies = labelled or [cell for _, cell in group]
    stub = squeeze(released.source)
    written = [cell for cell in copies if squeeze(cell.source) not in ("", stub)]
    if not written:
        matches.pair(copies[0], released)
        matches.dropped.update(copies[1:])
        if copies[1:]:
            findings.add("cell-duplicated", released.name)
        return
    if labelled and len(written) > 1 and _is_split(matches.cells, written, released):
        first = written[0]
        first.source = "\n".join(cell.source.strip("\n") for cell in written)
        first.outputs = []
        matches.dropped.update(set(copies) - {first})
        matches.pair(first, released)
        findings.add("cell-split", released.name)
        return
    answer = written[-1]
    matches.pair(answer, released)
    if not labelled:
        return
    for cell in copies:
        # a copy without text of its own is dropped; an earlier answer stays as an ordinary cell and runs first
        if cell is not answer and (cell not in written or squeeze(cell.source) == squeeze(answer.source)):
            matches.dropped.add(cell)
    if len(copies) > 1:
        findings.add("cell-duplicated", released.name)
    others = any(matches.own(cell) for cell in written)
    if others and released.cell_type == "code" and parsed(answer.source) is None:
        findings.add("answers-differ", released.name)


def _is_split(cells: list[Cell], parts: list[Cell], released: ReleasedCell) -> bool:
    """Whether `parts` are pieces of one answer.

    They have little in common, define each of its names once, and are adjacent or parse only
    together.
    """
    if any(alike(part.source, other.source) >= 0.5 for n, part in enumerate(parts) for other in parts[:n]):
        return False
    names = [name for part in parts for name in assigned(part.source) & released.names]
    if len(set(names)) < len(names):
        return False
    full = [cell for cell in cells if cell.source.strip()]
    places = [place for place, cell in enumerate(full) if cell in parts]
    if places[-1] - places[0] == len(parts) - 1:
        return True
    together = "\n".join(part.source.strip("\n") for part in parts)
    return parsed(together) is not None and any(parsed(part.source) is None for part in parts)


def _by_position(matches: Match, released: ReleasedCell, release: Release, findings: Findings) -> None:
    """Adopt the learner's own cell between the neighbours of an answer that no name can place."""
    places = {cell: place for place, cell in enumerate(matches.cells)}
    before = [places[matches.of[other]] for other in matches.of if other < released.index]
    after = [places[matches.of[other]] for other in matches.of if other > released.index]
    low, high = max(before, default=-1), min(after, default=len(matches.cells))
    candidates = [
        cell
        for cell in matches.cells[low + 1 : high]
        if matches.own(cell) and cell.source.strip() and (cell.grade_id is None or cell.marks.get("solution"))
    ]
    fitting = [cell for cell in candidates if cell.cell_type == released.cell_type] or [
        cell for cell in candidates if (parsed(cell.source) is not None) == (released.cell_type == "code")
    ]
    fitting = [cell for cell in fitting if not is_imports(cell.source)] or fitting
    if not fitting:
        return
    matches.pair(fitting[0], released)
    findings.add("answer-adopted", released.name)
    if len(fitting) > 1:
        findings.add("answer-uncertain", released.name)
