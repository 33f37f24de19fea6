"""What a page is drawn on: one layout, drawn as PDF and as SVG. All lengths in mm, sizes of letters in points.

An SVG holds every letter as an outline, so that it looks the same wherever it is shown, and loads nothing.
"""

import base64
from collections.abc import Iterable
from functools import cache
from io import BytesIO
from typing import Any, Protocol
from xml.sax.saxutils import quoteattr

import uharfbuzz
from fontTools.pens.svgPathPen import SVGPathPen
from fpdf import FPDF
from fpdf.bidi import BidiParagraph
from fpdf.fonts import TTFFont

from autograde.certify.documents.drawing.badge import badge_svg, shapes_svg
from autograde.certify.documents.drawing.emblem import SIZE, Shape
from autograde.certify.documents.drawing.fonts import Face, needs_shaping

POINT = 25.4 / 72  # mm


class Canvas(Protocol):
    """One or more pages; `x`, `y` is the upper left corner of what is drawn, of a text the start of its baseline."""

    def width(self, text: str, size: float, face: Face) -> float:
        """How wide `text` becomes, mm."""

    def text(self, text: str, x: float, y: float, size: float, colour: str, face: Face) -> None: ...

    def rect(self, x: float, y: float, width: float, height: float, colour: str, radius: float = 0) -> None: ...

    def emblem(self, shapes: Iterable[Shape], x: float, y: float, side: float, said: str) -> None:
        """Shapes on a square of :data:`SIZE` units; `said` is read aloud."""

    def picture(self, png: bytes, x: float, y: float, width: float, height: float, said: str) -> None: ...

    def link(self, x: float, y: float, width: float, height: float, address: str) -> None: ...


class PdfCanvas:
    """The current page of `pdf`."""

    def __init__(self, pdf: FPDF) -> None:
        self.pdf = pdf
        self._known: set[str] = set()

    def close(self) -> None:
        """Close the font files; fpdf2 leaves them open. After it the PDF is not to be written again."""
        for font in self.pdf.fonts.values():
            if isinstance(font, TTFFont):
                font.ttfont.close()

    def width(self, text: str, size: float, face: Face) -> float:
        self._use(face, text, size)
        return self.pdf.get_string_width(text)

    def text(self, text: str, x: float, y: float, size: float, colour: str, face: Face) -> None:
        self.pdf.set_text_color(colour)
        wide = self.width(text, size, face)
        if needs_shaping(text):  # text() sets one glyph after the other, cell() joins and orders them
            self.pdf.set_xy(x - self.pdf.c_margin, y - size * POINT)
            self.pdf.cell(wide + 2 * self.pdf.c_margin, size * POINT * 1.4, text)
        else:
            self.pdf.text(x, y, text)

    def rect(self, x: float, y: float, width: float, height: float, colour: str, radius: float = 0) -> None:
        self.pdf.set_fill_color(colour)
        self.pdf.rect(x, y, width, height, "F", round_corners=radius > 0, corner_radius=radius)

    def emblem(self, shapes: Iterable[Shape], x: float, y: float, side: float, said: str) -> None:
        self.pdf.image(BytesIO(badge_svg(shapes, said)), x, y, side, alt_text=said)

    def picture(self, png: bytes, x: float, y: float, width: float, height: float, said: str) -> None:
        self.pdf.image(BytesIO(png), x, y, width, height, alt_text=said)

    def link(self, x: float, y: float, width: float, height: float, address: str) -> None:
        self.pdf.link(x, y, width, height, address)

    def _use(self, face: Face, text: str, size: float) -> None:
        if face.name not in self._known:
            self.pdf.add_font(face.name, fname=face.path)
            self._known.add(face.name)
        self.pdf.set_font(face.name, size=size)
        self.pdf.set_text_shaping(needs_shaping(text))


class SvgCanvas:
    """One page of `width` × `height`; `said` is read aloud in its place."""

    def __init__(self, width: float, height: float, said: str) -> None:
        self._head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" role="img" '
            f"aria-label={quoteattr(said)}>"
        )
        self._glyphs: dict[str, str] = {}
        self._body: list[str] = []

    def svg(self) -> bytes:
        """The page as it is now."""
        glyphs = "".join(f'<path id="{name}" d="{path}"/>' for name, path in sorted(self._glyphs.items()))
        return f"{self._head}<defs>{glyphs}</defs>{''.join(self._body)}</svg>".encode()

    def width(self, text: str, size: float, face: Face) -> float:
        advances = sum(advance for _, advance, _, _ in _shaped(text, face))
        return float(advances * size * POINT / _font(face).face.upem)

    def text(self, text: str, x: float, y: float, size: float, colour: str, face: Face) -> None:
        scale, at, uses = size * POINT / _font(face).face.upem, 0, []
        for glyph, advance, dx, dy in _shaped(text, face):
            name = f"{face.name}-{glyph}"
            if name not in self._glyphs:
                self._glyphs[name] = _outline(face, glyph)
            if self._glyphs[name]:
                uses.append(f'<use href="#{name}" x="{at + dx}"' + (f' y="{dy}"' if dy else "") + "/>")
            at += advance
        move = f"translate({_short(x)} {_short(y)}) scale({scale:.6f} {-scale:.6f})"
        self._body.append(f'<g fill="{colour}" transform="{move}">{"".join(uses)}</g>')

    def rect(self, x: float, y: float, width: float, height: float, colour: str, radius: float = 0) -> None:
        place = f'x="{_short(x)}" y="{_short(y)}" width="{_short(width)}" height="{_short(height)}"'
        round_ = f' rx="{_short(radius)}"' if radius else ""
        self._body.append(f'<rect {place}{round_} fill="{colour}"/>')

    def emblem(self, shapes: Iterable[Shape], x: float, y: float, side: float, said: str) -> None:
        move = f"translate({_short(x)} {_short(y)}) scale({side / SIZE:.6f})"
        self._body.append(f'<g transform="{move}">{shapes_svg(shapes)}</g>')

    def picture(self, png: bytes, x: float, y: float, width: float, height: float, said: str) -> None:
        place = f'x="{_short(x)}" y="{_short(y)}" width="{_short(width)}" height="{_short(height)}"'
        data = base64.b64encode(png).decode()
        self._body.append(f'<image {place} href="data:image/png;base64,{data}"/>')

    def link(self, x: float, y: float, width: float, height: float, address: str) -> None:
        """None: the picture is shown as an image, in which nothing can be followed."""


def _short(number: float) -> str:
    return f"{number:.3f}".rstrip("0").rstrip(".")


@cache
def _font(face: Face) -> Any:
    return uharfbuzz.Font(uharfbuzz.Face(uharfbuzz.Blob(face.path.read_bytes())))


def _outline(face: Face, glyph: int) -> str:
    pen = SVGPathPen(None, ntos=lambda number: str(round(number)))
    _font(face).draw_glyph_with_pen(glyph, pen)
    return str(pen.getCommands())


def _shaped(text: str, face: Face) -> list[tuple[int, int, int, int]]:
    """Glyph, advance and offsets in units of the font, from left to right."""
    found = []
    pieces = [(text, "ltr")]
    if needs_shaping(text):
        parts = BidiParagraph(text).get_bidi_fragments()
        pieces = [(part, "rtl" if direction.name == "RTL" else "ltr") for part, direction in parts]
    for piece, direction in pieces:
        buffer = uharfbuzz.Buffer()
        buffer.add_str(piece)
        buffer.guess_segment_properties()
        buffer.direction = direction
        uharfbuzz.shape(_font(face), buffer, {"liga": False})
        placed = zip(buffer.glyph_infos, buffer.glyph_positions, strict=True)
        found += [(info.codepoint, at.x_advance, at.x_offset, at.y_offset) for info, at in placed]
    return found
