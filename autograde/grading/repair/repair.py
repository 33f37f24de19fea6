"""Maps a damaged submission back onto its release.

``repair(raw, releases)`` is a pure function of bytes: it raises on none, never invents an answer
and never drops one. Its steps: read the bytes (`read`), choose the edition, match cells (`match`),
take merged cells apart (`apart`), put them in order (`order`). An undamaged notebook skips all but
the first.

It does not import nbgrader: `course doctor` runs with a learner's install.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import nbformat

from autograde.exact import sha256
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
        notebook: valid nbformat 4.5, with every answer and locked cell of the release once and in
            order.
        repairs: what was repaired; empty for an undamaged notebook.
        review: what a person has to look at before the grade counts.
        release: index of the released notebook (edition) that fits best.
        notes: what the course has changed in the release since; not the learner's doing, not a
            repair.
    """

    notebook: nbformat.NotebookNode
    repairs: tuple[Reason, ...]
    review: tuple[Reason, ...]
    release: int
    notes: tuple[Reason, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether nothing had to be repaired."""
        return not self.repairs and not self.review

    @property
    def readable(self) -> bool:
        """Whether anything of the learner's could be read; else `notebook` is the released one."""
        return not any(reason.code in UNREADABLE for reason in self.review)


def repair(raw: bytes, releases: Sequence[Released]) -> Repaired:
    """Return a submitted file as a notebook that can be graded, and what was done to it.

    Args:
        raw: the file, any bytes.
        releases: the released notebook's editions (en, zh), as bytes or parsed; the best fit
            counts.

    Raises:
        ValueError: `releases` is empty or holds no notebook; never because of `raw`.
    """
    editions = [Release.read(release) for release in releases]
    if not editions:
        raise ValueError("repair needs at least one released notebook")
    findings = Findings()
    submitted = read(raw, frozenset().union(*(edition.alphabet for edition in editions)), findings)
    if submitted is None:
        return Repaired(
            _notebook([(None, cell) for cell in editions[0].cells], editions[0], {}), (), findings.review(), 0
        )
    chosen = max(range(len(editions)), key=lambda n: (fit(submitted.cells, editions[n]), -n))
    release = editions[chosen]
    placed = _rebuild(submitted, release, findings)
    _check_file(submitted, release, findings)
    notebook = _notebook(placed, release, submitted.metadata, findings)
    return Repaired(notebook, findings.repairs(), findings.review(), chosen, findings.notes())


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
    """Return the assignment that a file of any name is a copy of; None if none or two fit.

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


def _rebuild(submitted: Read, release: Release, findings: Findings) -> list[Placed]:
    """Match, take apart, put in order; afterwards all but the learner's text is as released."""
    if submitted.script:
        submitted.cells = cells_by_release(submitted.script, release)
    cells = submitted.cells
    if submitted.cut == "inside" and cells and not cells[-1].source.strip():
        cells.pop()
    whole = is_whole(cells, release)
    if whole:
        released_cells = iter(cell for cell in release.cells if "nbgrader" in cell.metadata)
        matches = Match(cells)
        for cell in cells:
            if "nbgrader" in cell.metadata:
                matches.pair(cell, next(released_cells))
    else:
        matches = match(cells, release, findings)
        _of_earlier_releases(matches, findings)
        _check_chapter(matches, release, findings)
    apart = Apart(matches, release, findings)
    apart.halves()
    if not whole:
        apart.merged()
        apart.halves()
        apart.left_over()
    apart.fragments()
    if submitted.is_script:
        apart.unplaced()
    placed, moved = place(matches, release)
    for released in moved:
        findings.add("cell-moved", released.name)
    for cell in matches.unknown:
        if matches.own(cell):
            code = "earlier-release" if as_released(cell) else "cell-unknown"
            findings.add(code, str(cell.grade_id)[:60])
    for submitted_cell, role in placed:
        if submitted_cell is None and role is not None:
            findings.add("answers-cut-off" if submitted.cut and role.kind == "answer" else "cell-deleted", role.name)
        elif submitted_cell is not None:
            _restore(submitted_cell, role, release, findings)
            if submitted.cut == "inside" and submitted_cell is cells[-1] and role is not None and role.kind == "answer":
                findings.add("answers-cut-off", role.name)
    if "earlier-release" in findings:  # then missing cells are presumably newer than the notebook
        findings.excuse(
            "cell-deleted", [cell.name for cell in release.special if cell.kind == "locked"], "earlier-release"
        )
    return placed


def _of_earlier_releases(matches: Match, findings: Findings) -> None:
    """Update locked cells that the course itself has changed since.

    nbgrader's checksum in the released cell tells; forging one gains nothing but a kinder sentence.
    """
    for cell, role in matches.role.items():
        marks = role.metadata.get("nbgrader", {})
        is_renewed = role.kind == "locked" and cell.grade_id == role.grade_id and cell.marks != marks
        if is_renewed and cell.source != role.source and as_released(cell):
            findings.add("earlier-release", role.name)
            cell.source, cell.outputs, cell.metadata = role.source, [], {**cell.metadata, **role.metadata}
            cell.cell_type = role.cell_type


def _check_chapter(matches: Match, release: Release, findings: Findings) -> None:
    """A notebook with no known cells, or mostly unknown names, belongs to another chapter."""
    matched = sum(role.kind != "plain" for role in matches.role.values())
    if release.special and (matched == 0 or matched * 2 < len(matches.unknown)):
        findings.add("other-chapter")


def _check_file(submitted: Read, release: Release, findings: Findings) -> None:
    """Add the findings about the file as a whole."""
    major, minor = submitted.format
    if major != 4 or minor > 5 or minor < release.minor:
        findings.add("format-converted")
    if submitted.cut and "answers-cut-off" not in findings:
        findings.add("file-cut-short")
    if submitted.other_side is not None:
        first_side = [squeeze(cell.source) for cell in submitted.cells]
        same = first_side == [squeeze(source) for source in submitted.other_side]
        findings.add("merge-conflict-resolved" if same else "merge-conflict")


def _restore(cell: Cell, role: ReleasedCell | None, release: Release, findings: Findings) -> None:
    """Restore a cell's type, marks and, if it is locked, text from the release."""
    if role is None:
        cell.metadata.pop("nbgrader", None)
        return
    if role.kind == "plain":
        if squeeze(cell.source) == squeeze(role.source):
            _retype(cell, role, findings)
        if cell.metadata.get("nbgrader") != role.metadata.get("nbgrader"):
            cell.metadata.pop("nbgrader", None)
            cell.metadata.update({key: role.metadata[key] for key in ("nbgrader",) if key in role.metadata})
        return
    _retype(cell, role, findings)
    marks = role.metadata["nbgrader"]
    if cell.grade_id is not None and cell.grade_id != role.grade_id:
        findings.add("cell-renamed", role.name)
    elif _differ(cell.marks, marks, role) and not findings.about("cell-merged", role.name):
        findings.add("metadata-restored", role.name)
    cell.metadata = {**cell.metadata, **role.metadata}
    if role.kind == "locked" and cell.source != role.source:
        code = "whitespace-mended" if squeeze(cell.source) == squeeze(role.source) else "locked-cell-changed"
        findings.add(code, role.name)
        cell.source = role.source


def _differ(mine: Mapping[str, Any], marks: Mapping[str, Any], role: ReleasedCell) -> bool:
    """Whether marks differ from the released ones.

    A checksum of another stub is not the learner's doing.
    """
    keys = {key for key in {*mine, *marks} if mine.get(key) != marks.get(key)}
    return bool(keys) and not (role.kind == "answer" and keys == {"checksum"} and "checksum" in mine)


def _retype(cell: Cell, role: ReleasedCell, findings: Findings) -> None:
    if cell.cell_type == role.cell_type:
        return
    findings.add("cell-retyped", role.name)
    cell.cell_type = role.cell_type
    cell.outputs, cell.execution_count = [], None
    if role.cell_type == "code":
        cell.attachments = {}


def _notebook(
    placed: Sequence[Placed], release: Release, metadata: Mapping[str, Any], findings: Findings | None = None
) -> nbformat.NotebookNode:
    """Assemble the notebook with valid, unique cell ids: the released ones if there are any."""
    cells = [
        (Cell(role.cell_type, role.source, dict(role.metadata)) if cell is None and role else cell, role)
        for cell, role in placed
    ]
    taken = {role.id for _, role in cells if role is not None and role.id}
    used: set[str] = set()
    nodes = []
    for position, (cell, role) in enumerate(cells):
        assert cell is not None
        cell_id = role.id if role is not None and role.id else cell.id if cell.id not in taken else None
        if cell_id is None or cell_id in used:
            cell_id = _fresh_id(cell, position, used | taken)
        if cell.id != cell_id and release.minor >= 5 and findings is not None and placed[position][0] is not None:
            findings.add("ids-restored")
        used.add(cell_id)
        cell.metadata.pop("id", None)  # Colab's own copy of the cell id
        nodes.append(node(cell, cell_id))
    kernel = release.metadata.get("kernelspec")
    metadata = dict(metadata)
    if kernel and metadata.get("kernelspec", {}).get("name") != kernel.get("name"):
        if findings is not None:
            findings.add("kernel-restored")
        metadata["kernelspec"] = kernel
    if "language_info" not in metadata and "language_info" in release.metadata:
        metadata["language_info"] = release.metadata["language_info"]
    notebook = nbformat.from_dict({"cells": nodes, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5})
    assert isinstance(notebook, nbformat.NotebookNode)
    return notebook


def _fresh_id(cell: Cell, position: int, used: set[str]) -> str:
    """An id that depends only on the cell and its place."""
    while True:
        digest = sha256(f"{position} {cell.source}".encode("utf-8", "replace"))[:8]
        if digest not in used:
            return digest
        position += 1_000_000
