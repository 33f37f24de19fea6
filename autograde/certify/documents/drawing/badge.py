"""The emblem of a level as SVG and PNG, the signed credential baked in (Open Badges 3.0, section 5.3)."""

from collections.abc import Iterable, Sequence
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTFont
from openbadgeslib import baking
from PIL import Image, ImageDraw, ImageFont

from autograde.certify.documents.drawing.emblem import SIZE, Disc, Label, Line, Polygon, Shape
from autograde.certify.documents.drawing.fonts import Face, runs, sans

PIXELS = 800
_FINE = 3  # drawn that much larger, then scaled down: smooth edges


def badge_svg(shapes: Iterable[Shape], title: str, fonts: Sequence[Path] = ()) -> bytes:
    """The emblem as SVG, every letter an outline, so that it looks the same everywhere; `title` is read aloud."""
    accessible_name = f'role="img" aria-label={quoteattr(title)}'
    body = shapes_svg(shapes, fonts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIZE} {SIZE}" {accessible_name}>{body}</svg>'.encode()
    )


def shapes_svg(shapes: Iterable[Shape], fonts: Sequence[Path] = ()) -> str:
    """The elements of the shapes, from back to front."""
    return "".join(_svg(shape, fonts) for shape in shapes)


def badge_png(shapes: Iterable[Shape], fonts: Sequence[Path] = ()) -> bytes:
    """The emblem as PNG of 800 × 800 pixels on a transparent ground."""
    side = PIXELS * _FINE
    image = Image.new("RGBA", (side, side))
    draw = ImageDraw.Draw(image)
    for shape in shapes:
        _paint(draw, shape, side / SIZE, fonts)
    small = image.resize((PIXELS, PIXELS), Image.Resampling.LANCZOS)
    out = BytesIO()
    small.save(out, "PNG", optimize=True)
    return out.getvalue()


def bake_svg(svg: bytes, credential: str) -> bytes:
    """The SVG with the `credential`, the text of credential.json, baked in."""
    space, element = baking.SVG_NS_OB3, baking.SVG_ELEMENT_OB3
    baked: bytes = baking.bake_svg(svg, credential, element=element, namespace=space, as_text=True)
    return baked


def bake_png(png: bytes, credential: str) -> bytes:
    """The PNG with the `credential` baked in."""
    baked: bytes = baking.bake_png(png, credential, keyword=baking.ITXT_KEYWORD_OB3)
    return baked


def _svg(shape: Shape, fonts: Sequence[Path]) -> str:
    match shape:
        case Polygon(points, fill):
            return f'<polygon fill="{fill}" points="{" ".join(f"{x:g},{y:g}" for x, y in points)}"/>'
        case Line((x1, y1), (x2, y2), width, stroke):
            ends = f'x1="{x1:g}" y1="{y1:g}" x2="{x2:g}" y2="{y2:g}"'
            return f'<line {ends} stroke="{stroke}" stroke-width="{width:g}" stroke-linecap="round"/>'
        case Disc((x, y), radius, fill):
            return f'<circle cx="{x:g}" cy="{y:g}" r="{radius:g}" fill="{fill}"/>'
        case Label(fill=fill):
            return f'<path fill="{fill}" d="{_outline(shape, fonts)}"/>'


def _outline(label: Label, fonts: Sequence[Path]) -> str:
    pieces = runs(label.text, sans(fonts))
    advance = sum(_width(piece, face) for face, piece in pieces)  # em
    size = min(label.size, label.width / max(advance, 1e-9))
    x, paths = label.x - size * advance / 2, []
    for face, piece in pieces:
        glyphs, names, units = _glyphs(face)
        for character in piece:
            glyph = glyphs[names[ord(character)]]
            pen = SVGPathPen(glyphs, ntos=lambda number: f"{number:.1f}".rstrip("0").rstrip("."))
            glyph.draw(TransformPen(pen, (size / units, 0, 0, -size / units, x, label.baseline)))
            paths.append(pen.getCommands())
            x += size * glyph.width / units
    return "".join(paths)


def _width(text: str, face: Face) -> float:
    glyphs, names, units = _glyphs(face)
    return float(sum(glyphs[names[ord(character)]].width for character in text) / units)


@cache
def _glyphs(face: Face) -> tuple[Any, dict[int, str], int]:
    font = TTFont(BytesIO(face.path.read_bytes()), fontNumber=0, lazy=True)  # no file left open
    return font.getGlyphSet(), font.getBestCmap(), font["head"].unitsPerEm


def _paint(draw: ImageDraw.ImageDraw, shape: Shape, scale: float, fonts: Sequence[Path]) -> None:
    match shape:
        case Polygon(points, fill):
            draw.polygon([(x * scale, y * scale) for x, y in points], fill=fill)
        case Line((x1, y1), (x2, y2), width, stroke):
            draw.line((x1 * scale, y1 * scale, x2 * scale, y2 * scale), fill=stroke, width=round(width * scale))
        case Disc((x, y), r, fill):
            draw.ellipse(((x - r) * scale, (y - r) * scale, (x + r) * scale, (y + r) * scale), fill=fill)
        case Label(x=x, baseline=baseline, fill=fill):
            pieces = runs(shape.text, sans(fonts))
            size = min(shape.size, shape.width / max(sum(_width(piece, face) for face, piece in pieces), 1e-9)) * scale
            cursor = x * scale - size * sum(_width(piece, face) for face, piece in pieces) / 2
            for face, piece in pieces:
                draw.text((cursor, baseline * scale), piece, fill, ImageFont.truetype(face.path, size), anchor="ls")
                cursor += size * _width(piece, face)
