"""Takes merged cells apart and joins split ones: text goes back to the cell it belongs to."""

from dataclasses import dataclass

from autograde.grading.repair.cells import Cell
from autograde.grading.repair.match import Match
from autograde.grading.repair.reasons import Findings
from autograde.grading.repair.release import Release, ReleasedCell
from autograde.grading.repair.text import assigned, cut_block, cut_names, is_imports, parsed, squeeze

_TELLING = 20  # characters of a released cell that nobody writes by chance
_PARTS = 8  # cells that an answer may be spread over


@dataclass
class Apart:
    """Works on a match in place."""

    matches: Match
    release: Release
    findings: Findings

    def merged(self) -> None:
        """Give every released cell and every answer inside another cell a cell of its own."""
        for cell in list(self.matches.cells):
            if cell in self.matches.dropped:
                continue
            role = self.matches.role.get(cell)
            if role is None or cell.source != role.source:
                self._cut_released(cell, role)
                if role is not None and role.kind != "answer":
                    self._cut_answer(cell, role)
                self._cut_names(cell, role)

    def halves(self) -> None:
        """Join an answer with the learner's own cells beside it if only together they parse.

        The classic notebook leaves no trace of a split: one half keeps the marks, the other is an
        ordinary cell.
        """
        cells = self.matches.cells
        places = {cell: place for place, cell in enumerate(cells)}
        for released in self.release.special:
            answer = self.matches.of.get(released.index)
            if answer is None or released.kind != "answer" or released.cell_type != "code":
                continue
            for step in (1, -1):
                parts = self._beside(answer, places, step)
                if parts:
                    ordered = [answer, *parts] if step == 1 else [*reversed(parts), answer]
                    answer.source = "\n".join(part.source.strip("\n") for part in ordered)
                    self.matches.dropped.update(parts)
                    self.findings.add("cell-split", released.name)

    def left_over(self) -> None:
        """Report cells that may be an answer, or a piece of one, and could not be placed."""
        if "other-chapter" in self.findings:
            return
        own = [
            cell
            for cell in self.matches.cells
            if self.matches.own(cell) and cell.source.strip() and cell.source not in self.release.texts
        ]
        for cell in own:
            if self._extra(cell) and cell.source.strip("\n")[:1] in (" ", "\t") and parsed(cell.source) is None:
                self.findings.add("piece-left-over")
        for answer in self.release.special:
            if answer.kind != "answer" or answer.names or not self._missing(answer):
                continue
            code = answer.cell_type == "code"
            if any(cell.grade_id is None and (parsed(cell.source) is not None) == code for cell in own):
                self.findings.add("answer-not-found", answer.name)

    def unplaced(self) -> None:
        """Report a script's unmatched answers if it holds unmatched code."""
        own = [cell for cell in self.matches.cells if self._extra(cell) and not is_imports(cell.source)]
        for answer in self.release.special:
            if own and answer.kind == "answer" and answer.cell_type == "code" and self._missing(answer):
                self.findings.add("answer-not-found", answer.name)

    def fragments(self) -> None:
        """Report answers that start inside a block, or do not parse after a split or merge."""
        handled = "cell-split" in self.findings or "cell-merged" in self.findings
        for answer in self.release.special:
            cell = self.matches.of.get(answer.index)
            if cell is None or answer.kind != "answer" or answer.cell_type != "code":
                continue
            if (handled or cell.source.strip("\n")[:1] in (" ", "\t")) and parsed(cell.source) is None:
                self.findings.add("answer-in-pieces", answer.name)

    def _beside(self, answer: Cell, places: dict[Cell, int], step: int) -> list[Cell]:
        cells, parts = self.matches.cells, list[Cell]()
        place = places[answer] + step if answer in places else -1
        while 0 <= place < len(cells) and len(parts) < _PARTS:
            if not cells[place].source.strip() and self.matches.own(cells[place]):
                place += step
                continue
            if not self._extra(cells[place]):
                return []
            parts.append(cells[place])
            if len(parts) == 1 and parsed(answer.source) is not None and parsed(parts[0].source) is not None:
                return []
            ordered = [answer, *parts] if step == 1 else [*reversed(parts), answer]
            if parsed("\n".join(part.source.strip("\n") for part in ordered)) is not None:
                return parts
            place += step
        return []

    def _extra(self, cell: Cell) -> bool:
        """Whether a cell is code that the learner added."""
        return (
            cell.cell_type == "code"
            and self.matches.own(cell)
            and bool(cell.source.strip())
            and cell.claimed_id not in self.release.by_id
            and cell.source not in self.release.texts
        )

    def _missing(self, released: ReleasedCell) -> bool:
        return released.index not in self.matches.of

    def _cut_released(self, cell: Cell, role: ReleasedCell | None) -> None:
        """Cut out released cells found nowhere else.

        The text around them may be a neighbour's answer.
        """
        for released in self.release.cells:
            if not self._missing(released) or released.kind == "answer" or len(released.source) < _TELLING:
                continue
            if released.kind == "plain" and (role is None or role.kind != "answer"):
                continue
            parts = cut_block(cell.source, released.source)
            if parts is None:
                continue
            before, after = (part.strip("\n") for part in parts)
            self.matches.pair(self._beside_new(cell, released.cell_type, released.source), released)
            self.findings.add("cell-merged", released.name)
            if role is not None and role.kind == "answer":
                following = self._nameless(released, 1)
                leading = self._nameless(released, -1)
                if after.strip() and following and role.index < released.index:
                    self._give(cell, after, following)
                    after = ""
                elif before.strip() and leading and role.index > released.index:
                    self._give(cell, before, leading)
                    before = ""
            cell.source = "\n\n".join(part for part in (before, after) if part.strip())
            cell.outputs = []
            if not cell.source and role is None:
                self.matches.dropped.add(cell)

    def _nameless(self, released: ReleasedCell, step: int) -> ReleasedCell | None:
        """The next answer after (or before) a cell, if it is missing and no name can find it."""
        candidates = [cell for cell in self.release.special if (cell.index - released.index) * step > 0]
        nearest = candidates[0 if step == 1 else -1] if candidates else None
        fits = nearest is not None and nearest.kind == "answer" and self._missing(nearest) and not nearest.names
        return nearest if fits else None

    def _cut_answer(self, cell: Cell, role: ReleasedCell) -> None:
        """Move text written around a locked or prose cell to the answer that it belongs to."""
        parts = cut_block(cell.source, role.source)
        if parts is None:
            return
        text = "\n\n".join(part.strip("\n") for part in parts if part.strip())
        names = assigned(text)
        targets = [answer for answer in self._open(role.kind == "locked") if answer.names & names]
        if not targets:
            targets = [answer for answer in (self._nameless(role, -1), self._nameless(role, 1)) if answer][:1]
        if not text or (not targets and role.kind == "plain"):
            return
        self.findings.add("cell-merged", role.name)
        cell.source = role.source
        cell.outputs = []
        if len(targets) == 1:
            self._give(cell, text, targets[0])
            return
        rest = self._beside_new(cell, role.cell_type, text, before=bool(parts[0].strip()))
        self._cut_names(rest, None)

    def _open(self, stubs: bool) -> list[ReleasedCell]:
        """The answers that are missing; with `stubs` also those that are still the stub."""
        return [
            answer
            for answer in self.release.special
            if answer.kind == "answer"
            and (
                self._missing(answer)
                or (stubs and squeeze(self.matches.of[answer.index].source) in ("", squeeze(answer.source)))
            )
        ]

    def _cut_names(self, cell: Cell, role: ReleasedCell | None) -> None:
        """Move a missing answer's definitions out of another answer or a changed locked cell."""
        if role is not None and role.kind == "plain":
            return
        if role is not None and squeeze(cell.source) == squeeze(role.source):
            return
        names = assigned(cell.source)
        for answer in self._open(role is not None and role.kind == "locked"):
            parts = cut_names(cell.source, answer.names & names) if answer.names & names else None
            if parts is None:
                continue
            mine, rest = parts
            if role is not None and self.findings.about("cell-split", role.name):
                self.findings.add("answer-in-pieces", role.name)
            self._give(cell, mine, answer)
            self.findings.add("cell-merged", answer.name)
            cell.source = rest
            cell.outputs = []
            if not rest.strip() and role is None:
                self.matches.dropped.add(cell)

    def _give(self, cell: Cell, text: str, answer: ReleasedCell) -> None:
        current = self.matches.of.get(answer.index)
        if current is None:
            self.matches.pair(self._beside_new(cell, answer.cell_type, text), answer)
        else:
            current.source = text
        self.findings.add("cell-merged", answer.name)

    def _beside_new(self, cell: Cell, cell_type: str, source: str, before: bool = False) -> Cell:
        new = Cell(cell_type, source)
        self.matches.cells.insert(self.matches.cells.index(cell) + (0 if before else 1), new)
        return new
