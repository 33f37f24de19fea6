"""The certificate's layout on an A4 landscape page, for any canvas."""

import struct
from collections.abc import Sequence
from pathlib import Path

import segno

from autograde.certify.documents.drawing.canvas import Canvas
from autograde.certify.documents.drawing.emblem import INK, emblem, palette
from autograde.certify.documents.drawing.fonts import clean, sans, serif
from autograde.certify.documents.drawing.typesetting import Typesetter
from autograde.certify.documents.facts import Facts
from autograde.certify.documents.letterhead import Letterhead
from autograde.certify.documents.words import WORDS, Lang, assurance_words, day, level_word

WIDTH, HEIGHT = 297, 210  # mm
BAND = 72  # mm, the dark band on the left
LEFT, RIGHT = BAND + 19, WIDTH - 17
GREY, TEXT, HAIR = "#5b6676", "#1b2430", "#d5dce5"


def draw_certificate(
    canvas: Canvas,
    facts: Facts,
    lang: Lang,
    code: str,
    letterhead: Letterhead,
    fonts: Sequence[Path] = (),
) -> None:
    """Draw the certificate in `lang`.

    Args:
        code: the QR code's content, the address of the verification page; empty: instructions
            instead.
        fonts: more font files, for names in other scripts.

    Raises:
        MissingGlyphs: no font has a character.
    """
    setter = Typesetter(canvas, serif(fonts), sans(fonts))
    canvas.rect(0, 0, WIDTH, HEIGHT, "#ffffff")
    _band(setter, facts, lang, code)
    _head(setter, facts, lang, letterhead)
    _body(setter, facts, lang)
    _foot(setter, facts, lang, letterhead)


def heading(facts: Facts, lang: Lang) -> str:
    """``Certificate`` or ``Certificate of Completion``."""
    return WORDS["certification" if facts.is_certification else "completion"][lang]


def _band(setter: Typesetter, facts: Facts, lang: Lang, code: str) -> None:
    canvas, tones, level = setter.canvas, palette(facts.rank), level_word(facts.level, lang)
    canvas.rect(0, 0, BAND, HEIGHT, INK)
    canvas.rect(BAND, 0, 1.6, HEIGHT, tones.metal)
    shapes = emblem(facts.title["en"], facts.title["zh"], facts.level, facts.rank, words=False)
    canvas.emblem(shapes, 10, 17, BAND - 20, f"{facts.title[lang]}: {level}")
    setter.centred(WORDS["level"][lang], BAND / 2, 79, BAND - 14, 9, tones.light)
    setter.centred(level, BAND / 2, 90, BAND - 14, 24, "#ffffff", serif=True)
    canvas.rect(BAND / 2 - 9, 97, 18, 0.6, tones.metal)
    if code:
        side, top = 40.0, 122.0
        x = (BAND - side) / 2
        canvas.rect(x - 2, top - 2, side + 4, side + 4, "#ffffff", 2)
        _qr(canvas, code, x, top, side)
        canvas.link(x, top, side, side, code)
        setter.centred(WORDS["scan"][lang], BAND / 2, top + side + 9, BAND - 14, 11, "#ffffff")
        setter.paragraph(WORDS["scan-text"][lang], 9, top + side + 12, BAND - 18, 7.5, tones.light, centred=True)
    else:
        setter.centred(WORDS["verify"][lang], BAND / 2, 150, BAND - 14, 11, "#ffffff")
        setter.paragraph(WORDS["no-address"][lang], 9, 153, BAND - 18, 7.5, tones.light, centred=True)


def _qr(canvas: Canvas, code: str, x: float, y: float, side: float) -> None:
    rows = [tuple(row) for row in segno.make(code, error="m", micro=False).matrix_iter(border=2)]
    step = side / len(rows)
    for number, row in enumerate(rows):
        start = 0
        while start < len(row):  # one rectangle for each run of dark modules
            end = start
            while end < len(row) and row[end]:
                end += 1
            if end > start:
                canvas.rect(x + start * step, y + number * step, (end - start) * step, step * 1.02, INK)
            start = max(end, start + 1)


def _head(setter: Typesetter, facts: Facts, lang: Lang, letterhead: Letterhead) -> None:
    """The issuer: logo and name."""
    x, top, height = float(LEFT), 15.0, 15.0
    if letterhead.logo:
        wide, high = struct.unpack(">II", letterhead.logo[16:24])  # a PNG's IHDR
        scale = min(50 / wide, height / high)
        setter.canvas.picture(
            letterhead.logo, x, top + (height - high * scale) / 2, wide * scale, high * scale, facts.issuer
        )
        x += wide * scale + 5
    setter.fitted(clean(facts.issuer), x, top, RIGHT - x, height, 17, INK)


def _body(setter: Typesetter, facts: Facts, lang: Lang) -> None:
    width, skills = RIGHT - LEFT, facts.skills[lang]
    setter.line(heading(facts, lang), LEFT, 49, width, 31, INK, serif=True)
    setter.line(WORDS["this-certifies"][lang], LEFT, 61, width, 12, GREY)
    setter.fitted(clean(facts.name), LEFT, 65, width, 25, 34, TEXT)
    setter.canvas.rect(LEFT, 92, width, 0.5, palette(facts.rank).metal)
    setter.line(WORDS["has-earned"][lang], LEFT, 101.5, width, 12, GREY)
    setter.fitted(clean(facts.title[lang]), LEFT, 104, width, 18 if skills else 30, 25, INK)
    if skills:
        setter.line(WORDS["skills"][lang], LEFT, 128, width, 8.5, GREY)
        setter.listed(skills, LEFT, 130, width, 14.5, 9.5, TEXT)

    cells = [
        ("overall", f"{facts.overall} %"),
        *([("exam", f"{facts.exam} %")] if facts.exam else []),
        ("issued", day(facts.issued, lang)),
        ("expires", day(facts.expires, lang) if facts.expires else WORDS["never"][lang]),
    ]
    step = (width + 8) / len(cells)
    for number, (word, value) in enumerate(cells):
        setter.line(WORDS[word][lang], LEFT + number * step, 151.5, step - 8, 8.5, GREY)
        setter.line(value, LEFT + number * step, 158.5, step - 8, 14, TEXT, serif=True)
    setter.canvas.rect(LEFT, 164, width, 0.25, HAIR)


def _foot(setter: Typesetter, facts: Facts, lang: Lang, letterhead: Letterhead) -> None:
    """The signatory, with room for a signature; and the small print."""
    width, x = float(RIGHT - LEFT), RIGHT - 54.0
    if facts.official:
        setter.canvas.rect(x, 184, 54, 0.3, GREY)
        setter.line(facts.official, x, 189.5, 54, 11, TEXT, serif=True)
        role = letterhead.roles.get(facts.official, {}).get(lang, "")
        setter.paragraph(role or WORDS["signatory"][lang], x, 190.5, 54, 8, GREY)
        width = x - LEFT - 9
    name, meaning = assurance_words(facts.assurance, lang)
    rows = [
        ("assurance", f"{name}{WORDS['colon'][lang]}{meaning}" if meaning else name),
        ("policy", facts.policy),
        ("id", facts.id),
        ("fingerprint", facts.sha256),
        ("issuer-id", facts.issuer_id),
    ]
    y = 167.0
    for word, value in rows:
        setter.line(WORDS[word][lang], LEFT, y + 3.7, 31, 7.5, GREY)
        if word == "assurance":
            y += 3.7 * setter.paragraph(value, LEFT + 33, y, width - 33, 7.5, TEXT) + 1.7
        else:
            setter.line(value, LEFT + 33, y + 3.7, width - 33, 7.5, TEXT)
            y += 5.4
