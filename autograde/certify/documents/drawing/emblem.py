"""The emblem of a level as flat shapes on a square of 1000 units, y downwards; badge.py draws it as SVG and PNG. Pure.

A rosette like a seal, in it a small network whose last layer fires; one star for each step above the lowest level.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import cos, pi, sin

from autograde.certify.documents.drawing.line_breaks import balanced, units
from autograde.certify.documents.words import level_word

Point = tuple[float, float]
SIZE = 1000
INK, PAPER = "#10243f", "#ffffff"


@dataclass(frozen=True)
class Polygon:
    """A filled area."""

    points: tuple[Point, ...]
    fill: str


@dataclass(frozen=True)
class Line:
    """A line with round ends."""

    start: Point
    end: Point
    width: float
    stroke: str


@dataclass(frozen=True)
class Disc:
    """A filled circle."""

    centre: Point
    radius: float
    fill: str


@dataclass(frozen=True)
class Label:
    """One line of text, centred at `x`; made smaller where it would be wider than `width`."""

    text: str
    x: float
    baseline: float
    size: float
    width: float
    fill: str


Shape = Polygon | Line | Disc | Label


@dataclass(frozen=True)
class Palette:
    """The colours of a level: the metal, its light and its dark tone."""

    metal: str
    light: str
    dark: str


PALETTES = (
    Palette("#1f7a8c", "#bfe3e8", "#135462"),  # sea
    Palette("#6d7a8d", "#dfe5ee", "#465266"),  # steel
    Palette("#a67416", "#f6e3b4", "#6e4c0a"),  # gold
)


def palette(rank: int) -> Palette:
    """The palette of the level number `rank`, 0 the lowest; levels above the third share the last one."""
    return PALETTES[min(rank, len(PALETTES) - 1)]


def emblem(title: str, title_zh: str, level: str, rank: int, *, words: bool = True) -> Iterator[Shape]:
    """The shapes from back to front.

    Args:
        title, title_zh: the course's.
        level: the level's name in the policy; `rank`: its number there, 0 the lowest.
        words: with text; without it the emblem stands beside text that says the same.
    """
    tones = palette(rank)
    centre = (SIZE / 2, 456.0 if words else SIZE / 2)
    yield Polygon(_rosette(centre, 440, 14, 32), tones.dark)
    yield Polygon(_rosette(centre, 428, 14, 32), tones.metal)
    yield Disc(centre, 392, tones.light)
    yield Disc(centre, 380, INK)
    yield Disc(centre, 362, tones.metal)
    yield Disc(centre, 358, INK)
    yield from _network((centre[0], centre[1] - (62 if words else -36)), 0.94 if words else 1.45, tones)
    yield from _stars((centre[0], centre[1] - (272 if words else 250)), rank, tones)
    if words:
        yield from _titles(title, title_zh, centre[0], tones)
        yield Polygon(((16, 796), (984, 796), (940, 864), (984, 932), (16, 932), (60, 864)), tones.dark)
        yield Polygon(((100, 768), (100, 906), (900, 906), (900, 768)), tones.metal)
        yield Label(level_word(level, "en+zh"), centre[0], 860, 68, 720, PAPER)


def _titles(title: str, title_zh: str, x: float, tones: Palette) -> Iterator[Label]:
    """Both titles between the network and the ribbon, the longer on up to three lines each."""
    blocks = [(title, 62, PAPER), *([(title_zh, 50, tones.light)] if title_zh != title else [])]
    lines = [
        (line, size * (1, 0.62, 0.5)[len(broken) - 1], fill)
        for text, size, fill in blocks
        for broken in [balanced(text, 1 + sum(units(text) > limit for limit in (26, 64)))]
        for line in broken
    ]
    baseline = 650 - 0.66 * sum(size for _, size, _ in lines)
    for line, size, fill in lines:
        baseline += 1.1 * size
        chord = 2 * ((340**2 - (baseline - 456) ** 2) ** 0.5)  # of the circle that the words stand in
        yield Label(line, x, round(baseline, 1), size, min(560, chord), fill)
        baseline += 0.22 * size


def _rosette(centre: Point, radius: float, depth: float, lobes: int) -> tuple[Point, ...]:
    steps = lobes * 12
    turns = [2 * pi * step / steps for step in range(steps)]
    return tuple(_polar(centre, radius + depth * cos(lobes * turn), turn) for turn in turns)


def _network(centre: Point, scale: float, tones: Palette) -> Iterator[Shape]:
    layers = [_column(centre, scale, x, count) for x, count in ((-190, 3), (-63, 4), (63, 4), (190, 2))]
    for left, right in pairwise(layers):
        for a in left:
            for b in right:
                yield Line(a, b, 3 * scale, "#3d5676")
    yield Line(layers[0][1], layers[1][2], 7 * scale, tones.metal)  # the way that one answer took
    yield Line(layers[1][2], layers[2][1], 7 * scale, tones.metal)
    yield Line(layers[2][1], layers[3][0], 7 * scale, tones.metal)
    for layer in layers:
        for node in layer:
            yield Disc(node, 25 * scale, INK)
            yield Disc(node, 21 * scale, tones.light)
    for node in (layers[0][1], layers[1][2], layers[2][1], layers[3][0]):
        yield Disc(node, 25 * scale, PAPER)
        yield Disc(node, 19 * scale, tones.metal)


def _column(centre: Point, scale: float, x: float, count: int) -> Sequence[Point]:
    return [(centre[0] + scale * x, centre[1] + scale * 84 * (row - (count - 1) / 2)) for row in range(count)]


def _stars(centre: Point, rank: int, tones: Palette) -> Iterator[Shape]:
    count = rank + 1
    for number in range(count):
        offset = number - (count - 1) / 2
        middle = (centre[0] + 72 * offset, centre[1] + 14 * offset**2)
        yield Polygon(tuple(_polar(middle, 13 if p % 2 else 30, pi * p / 5) for p in range(10)), tones.light)


def _polar(centre: Point, radius: float, turn: float) -> Point:
    return (round(centre[0] + radius * sin(turn), 2), round(centre[1] - radius * cos(turn), 2))
