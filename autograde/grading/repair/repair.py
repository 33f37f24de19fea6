"""Maps a submission, whatever happened to it, back onto its release (docs/design: grading, section 4).

``repair(raw, releases)`` is a pure function of bytes; it never raises on any of them, never invents an answer and
never drops one. The steps: read the bytes (`read`), choose the edition, match cells (`match`), take
merged cells apart (`apart`), put them in order (`order`). An undamaged notebook skips all but the first.

It imports no nbgrader: `course doctor` runs with a learner's install.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import nbformat

from autograde.grading.reasons.reason import Reason
from autograde.grading.repair.apart import Apart
from autograde.grading.repair.cells import Cell, as_released, node
from autograde.grading.repair.match import Match, fit, is_whole, match, share
from autograde.grading.repair.order import Placed, place
from autograde.grading.repair.read import Read, read
from autograde.grading.repair.reasons import UNREADABLE, Findings
from autograde.grading.repair.release import Release, ReleasedCell
from autograde.grading.repair.script import cells_by_release
from autograde.grading.repair.text import squeeze

Released = bytes | Mapping[str, Any] | Release


@dataclass(frozen=True)
class Repaired:
    """A submission as it will be graded.

    Attributes:
        notebook: valid nbformat 4.5, every answer and locked cell of the release in it once and in order.
        repairs: what was healed; empty for a whole notebook.
        review: what a person has to look at before the grade counts.
        release: index of the released notebook (edition) that fits best.
        notes: what the course changed in the release since; nothing of the learner's, and no repair.
    """

    notebook: nbformat.NotebookNode
    repairs: tuple[Reason, ...]
    review: tuple[Reason, ...]
    release: int
    notes: tuple[Reason, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether nothing had to be done."""
        return not self.repairs and not self.review

    @property
    def readable(self) -> bool:
        """Whether anything of the learner's could be read; else `notebook` is the released one."""
        return not any(reason.code in UNREADABLE for reason in self.review)


def repair(raw: bytes, releases: Sequence[Released]) -> Repaired:
    """Return a submitted file as a notebook that can be graded, and what was done to it.

    Args:
        raw: the file, any bytes.
        releases: the released notebook in its editions (en, zh), as bytes or parsed; the one that fits best counts.

    Raises:
        ValueError: `releases` is empty or holds no notebook; never because of `raw`.
    """
    editions = [Release.read(release) for release in releases]
    if not editions:
        raise ValueError("repair needs at least one released notebook")
    found = Findings()
    submitted = read(raw, frozenset().union(*(edition.alphabet for edition in editions)), found)
    if submitted is None:
        return Repaired(_notebook([(None, cell) for cell in editions[0].cells], editions[0], {}), (), found.review(), 0)
    chosen = max(range(len(editions)), key=lambda n: (fit(submitted.cells, editions[n]), -n))
    release = editions[chosen]
    placed = _rebuild(submitted, release, found)
    _check_file(submitted, release, found)
    notebook = _notebook(placed, release, submitted.metadata, found)
    return Repaired(notebook, found.repairs(), found.review(), chosen, found.notes())


def unanswered(repaired: Repaired, releases: Sequence[Released]) -> tuple[str, ...]:
    """Return the grade_ids of the answer cells that are empty or still as released."""
    stubs = {
        cell.grade_id: cell.source for cell in Release.read(releases[repaired.release]).special if cell.kind == "answer"
    }
    return tuple(
        name
        for cell in repaired.notebook.cells
        if (name := cell.metadata.get("nbgrader", {}).get("grade_id")) in stubs
        and squeeze(cell.source) in ("", squeeze(stubs[name]))
    )


def recognise(raw: bytes, releases: Mapping[str, Sequence[Released]]) -> str | None:
    """Return the name of the assignment that a file of any name is a copy of; None where none or two fit.

    Args:
        raw: the file, any bytes.
        releases: name → released notebook in its editions.
    """
    shares: dict[str, float] = {}
    for name, notebooks in releases.items():
        for release in map(Release.read, notebooks):
            submitted = read(raw, release.alphabet, Findings())
            if submitted is not None and release.special:
                shares[name] = max(shares.get(name, 0.0), share(submitted.cells, release))
    best = sorted(shares, key=lambda name: -shares[name])[:2]
    if not best or shares[best[0]] < 0.2 or (len(best) == 2 and shares[best[0]] == shares[best[1]]):
        return None
    return best[0]


def _rebuild(submitted: Read, release: Release, found: Findings) -> list[Placed]:
    """Pair, take apart, put in order; the cells are as released afterwards, but for what learners write."""
    if submitted.script:
        submitted.cells = cells_by_release(submitted.script, release)
    cells = submitted.cells
    if submitted.cut == "inside" and cells and not cells[-1].source.strip():
        cells.pop()
    whole = is_whole(cells, release)
    if whole:
        wanted = iter(cell for cell in release.cells if "nbgrader" in cell.metadata)
        made = Match(cells)
        for cell in cells:
            if "nbgrader" in cell.metadata:
                made.pair(cell, next(wanted))
    else:
        made = match(cells, release, found)
        _of_earlier_releases(made, found)
        _check_chapter(made, release, found)
    apart = Apart(made, release, found)
    apart.halves()
    if not whole:
        apart.merged()
        apart.halves()
        apart.left_over()
    apart.fragments()
    if submitted.is_script:
        apart.unplaced()
    placed, moved = place(made, release)
    for released in moved:
        found.add("cell-moved", released.name)
    for cell in made.unknown:
        if made.own(cell):
            code = "earlier-release" if as_released(cell) else "cell-unknown"
            found.add(code, str(cell.grade_id)[:60])
    for given, role in placed:
        if given is None and role is not None:
            found.add("answers-cut-off" if submitted.cut and role.kind == "answer" else "cell-deleted", role.name)
        elif given is not None:
            _restore(given, role, release, found)
            if submitted.cut == "inside" and given is cells[-1] and role is not None and role.kind == "answer":
                found.add("answers-cut-off", role.name)
    if "earlier-release" in found:  # what is not there is newer than the notebook, as far as anybody can tell
        found.excuse(
            "cell-deleted", [cell.name for cell in release.special if cell.kind == "locked"], "earlier-release"
        )
    return placed


def _of_earlier_releases(made: Match, found: Findings) -> None:
    """Bring locked cells that the course itself has changed since to the newest release; the learner did nothing.

    nbgrader's checksum says so: it stands in each cell as released. Whoever forges one gains a kinder sentence.
    """
    for cell, role in made.role.items():
        marks = role.metadata.get("nbgrader", {})
        is_renewed = role.kind == "locked" and cell.grade_id == role.grade_id and cell.marks != marks
        if is_renewed and cell.source != role.source and as_released(cell):
            found.add("earlier-release", role.name)
            cell.source, cell.outputs, cell.metadata = role.source, [], {**cell.metadata, **role.metadata}
            cell.cell_type = role.cell_type


def _check_chapter(made: Match, release: Release, found: Findings) -> None:
    """A notebook of which nothing is known, or mostly foreign names, is another chapter's."""
    known = sum(role.kind != "plain" for role in made.role.values())
    if release.special and (known == 0 or known * 2 < len(made.unknown)):
        found.add("other-chapter")


def _check_file(submitted: Read, release: Release, found: Findings) -> None:
    """What there is to say of the file as a whole."""
    major, minor = submitted.format
    if major != 4 or minor > 5 or minor < release.minor:
        found.add("format-converted")
    if submitted.cut and "answers-cut-off" not in found:
        found.add("file-cut-short")
    if submitted.other_side is not None:
        ours = [squeeze(cell.source) for cell in submitted.cells]
        same = ours == [squeeze(source) for source in submitted.other_side]
        found.add("merge-conflict-resolved" if same else "merge-conflict")


def _restore(cell: Cell, role: ReleasedCell | None, release: Release, found: Findings) -> None:
    """Give a cell the type, the marks and, where it is locked, the text that it was released with."""
    if role is None:
        cell.metadata.pop("nbgrader", None)
        return
    if role.kind == "plain":
        if squeeze(cell.source) == squeeze(role.source):
            _retype(cell, role, found)
        if cell.metadata.get("nbgrader") != role.metadata.get("nbgrader"):
            cell.metadata.pop("nbgrader", None)
            cell.metadata.update({key: role.metadata[key] for key in ("nbgrader",) if key in role.metadata})
        return
    _retype(cell, role, found)
    marks = role.metadata["nbgrader"]
    if cell.grade_id is not None and cell.grade_id != role.grade_id:
        found.add("cell-renamed", role.name)
    elif _differ(cell.marks, marks, role) and not found.about("cell-merged", role.name):
        found.add("metadata-restored", role.name)
    cell.metadata = {**cell.metadata, **role.metadata}
    if role.kind == "locked" and cell.source != role.source:
        code = "whitespace-mended" if squeeze(cell.source) == squeeze(role.source) else "locked-cell-changed"
        found.add(code, role.name)
        cell.source = role.source


def _differ(mine: Mapping[str, Any], marks: Mapping[str, Any], role: ReleasedCell) -> bool:
    """Whether marks are not the released ones; a checksum of another stub is no learner's doing."""
    keys = {key for key in {*mine, *marks} if mine.get(key) != marks.get(key)}
    return bool(keys) and not (role.kind == "answer" and keys == {"checksum"} and "checksum" in mine)


def _retype(cell: Cell, role: ReleasedCell, found: Findings) -> None:
    if cell.cell_type == role.cell_type:
        return
    found.add("cell-retyped", role.name)
    cell.cell_type = role.cell_type
    cell.outputs, cell.execution_count = [], None
    if role.cell_type == "code":
        cell.attachments = {}


def _notebook(
    placed: Sequence[Placed], release: Release, metadata: Mapping[str, Any], found: Findings | None = None
) -> nbformat.NotebookNode:
    """Put the cells together under ids that are valid and unique: the released ones where there are any."""
    cells = [
        (Cell(role.cell_type, role.source, dict(role.metadata)) if cell is None and role else cell, role)
        for cell, role in placed
    ]
    taken = {role.id for _, role in cells if role is not None and role.id}
    used: set[str] = set()
    nodes = []
    for position, (cell, role) in enumerate(cells):
        assert cell is not None
        wanted = role.id if role is not None and role.id else cell.id if cell.id not in taken else None
        if wanted is None or wanted in used:
            wanted = _fresh_id(cell, position, used | taken)
        if cell.id != wanted and release.minor >= 5 and found is not None and placed[position][0] is not None:
            found.add("ids-restored")
        used.add(wanted)
        cell.metadata.pop("id", None)  # Colab's own copy of the cell id
        nodes.append(node(cell, wanted))
    kernel = release.metadata.get("kernelspec")
    metadata = dict(metadata)
    if kernel and metadata.get("kernelspec", {}).get("name") != kernel.get("name"):
        if found is not None:
            found.add("kernel-restored")
        metadata["kernelspec"] = kernel
    if "language_info" not in metadata and "language_info" in release.metadata:
        metadata["language_info"] = release.metadata["language_info"]
    made = nbformat.from_dict({"cells": nodes, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5})
    assert isinstance(made, nbformat.NotebookNode)
    return made


def _fresh_id(cell: Cell, position: int, used: set[str]) -> str:
    """An id that depends on nothing but the cell and its place."""
    while True:
        made = hashlib.sha256(f"{position} {cell.source}".encode("utf-8", "replace")).hexdigest()[:8]
        if made not in used:
            return made
        position += 1_000_000
