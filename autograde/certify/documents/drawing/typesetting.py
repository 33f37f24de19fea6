"""Lines of text on a page, in as many fonts as their characters need, never wider than their place."""

from collections.abc import Sequence

from autograde.certify.documents.drawing.canvas import POINT, Canvas
from autograde.certify.documents.drawing.fonts import Face, runs
from autograde.certify.documents.drawing.line_breaks import balanced

LEADING = 1.3


class Typesetter:
    """Sets text on `canvas`; sizes are in points, all else in mm, `y` is the baseline."""

    def __init__(self, canvas: Canvas, serif: Sequence[Face], sans: Sequence[Face]) -> None:
        self.canvas = canvas
        self._serif, self._sans = serif, sans

    def line(
        self, text: str, x: float, y: float, width: float, size: float, colour: str, *, serif: bool = False
    ) -> None:
        """One line from `x`, made smaller where it would be wider than `width`."""
        faces = self._serif if serif else self._sans
        wide = self.width(text, size, faces)
        self._set(text, x, y, size * min(1, width / wide if wide else 1), colour, faces)

    def centred(
        self, text: str, x: float, y: float, width: float, size: float, colour: str, *, serif: bool = False
    ) -> None:
        """One line around `x`, made smaller where it would be wider than `width`."""
        faces = self._serif if serif else self._sans
        wide = self.width(text, size, faces)
        self._set(text, x - min(width, wide) / 2, y, size * min(1, width / wide if wide else 1), colour, faces)

    def fitted(self, text: str, x: float, top: float, width: float, height: float, size: float, colour: str) -> None:
        """A name in a box, set as :meth:`fit` says, in the middle of its height."""
        reached, lines, faces = self.fit(text, width, height, size)
        leading = LEADING * reached * POINT
        first = top + (height - leading * len(lines)) / 2 + leading * 0.8
        for number, line in enumerate(lines):
            self._set(line, x, first + number * leading, reached, colour, faces)

    def fit(self, text: str, width: float, height: float, size: float) -> tuple[float, list[str], Sequence[Face]]:
        """Size and lines of a name in a box: one line, or as many as let it stand clearly larger; at most `size`.

        Faces: one for all of it where one can draw it all.
        """
        whole = next((face for face in self._serif if face.draws(text)), None)
        faces = [whole] if whole else self._serif
        best: tuple[float, list[str]] = (0, [text])
        for count in range(1, 5):
            lines = balanced(text, count)
            wide = max(self.width(line, size, faces) for line in lines)
            reached = min(size, size * width / wide if wide else size, height / (LEADING * len(lines) * POINT))
            if reached > best[0] * 1.15:
                best = (reached, lines)
        return *best, faces

    def paragraph(
        self, text: str, x: float, y: float, width: float, size: float, colour: str, *, centred: bool = False
    ) -> int:
        """Small print, broken into lines of `width`; `y` is where it begins. How many lines it took."""
        lines = [text]
        while max(self.width(line, size, self._sans) for line in lines) > width and len(lines) < len(text):
            lines = balanced(text, len(lines) + 1)
        for number, line in enumerate(lines):
            start = x + (width - self.width(line, size, self._sans)) / 2 if centred else x
            self._set(line, start, y + 1.4 * size * POINT * (number + 1), size, colour, self._sans)
        return len(lines)

    def listed(
        self, items: Sequence[str], x: float, top: float, width: float, height: float, size: float, colour: str
    ) -> None:
        """Items one behind the other, no item broken, in a box: at most `size`, smaller where there are many."""
        dot = "  ·  "
        while True:
            lines: list[str] = []
            for item in items:
                longer = f"{lines[-1]}{dot}{item}" if lines else item
                if lines and self.width(longer, size, self._sans) <= width:
                    lines[-1] = longer
                else:
                    lines.append(item)
            leading = 1.45 * size * POINT
            if leading * len(lines) <= height or size < 4:
                break
            size *= 0.96
        for number, line in enumerate(lines):
            self._set(line, x, top + leading * (number + 0.75), size, colour, self._sans)

    def width(self, text: str, size: float, faces: Sequence[Face]) -> float:
        """How wide `text` becomes in points of `size`, mm."""
        return sum(self.canvas.width(piece, size, face) for face, piece in runs(text, faces))

    def _set(self, text: str, x: float, y: float, size: float, colour: str, faces: Sequence[Face]) -> None:
        for face, piece in runs(text, faces):
            self.canvas.text(piece, x, y, size, colour, face)
            x += self.canvas.width(piece, size, face)
