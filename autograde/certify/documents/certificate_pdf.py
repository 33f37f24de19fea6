"""The certificate as PDF: A4 landscape, a page for each language, the signed credential attached.

The same input gives the same bytes: dates come from the credential, the font subsets from its characters.
"""

from collections.abc import Sequence
from contextlib import closing
from io import BytesIO
from pathlib import Path

import segno
from fpdf import FPDF

from autograde.certify.documents.badge import badge_svg
from autograde.certify.documents.emblem import INK, emblem, palette
from autograde.certify.documents.facts import Facts
from autograde.certify.documents.fonts import clean, sans, serif
from autograde.certify.documents.typesetting import Typesetter
from autograde.certify.documents.words import LANGS, WORDS, Lang, assurance_words, day, level_word

WIDTH, HEIGHT = 297, 210  # mm
BAND = 74  # mm, the dark band on the left
LEFT, RIGHT = BAND + 20, WIDTH - 20
GREY, TEXT = "#5b6676", "#1b2430"


def certificate_pdf(
    facts: Facts,
    lang: Lang,
    code: str,
    address: str,
    attachments: dict[str, bytes],
    fonts: Sequence[Path] = (),
) -> bytes:
    """The certificate, first page in `lang`.

    Args:
        code: what the QR code holds.
        address: link to the verification page; empty: none, and the page says how to verify without.
        attachments: file name → bytes, such as ``credential.json``.
        fonts: more font files, for names in other scripts.

    Raises:
        MissingGlyphs: no font draws a character of the name.
    """
    pdf = FPDF("landscape", "mm", "A4")
    pdf.set_auto_page_break(False)
    pdf.set_creation_date(facts.issued)
    pdf.set_title(f"{WORDS[_kind(facts)][lang]}: {facts.title[lang]}")
    pdf.set_author(facts.issuer)
    pdf.set_subject(facts.id)
    pdf.set_lang("zh-CN" if lang == "zh" else "en")
    with closing(Typesetter(pdf, serif(fonts), sans(fonts))) as setter:
        for page_lang in (lang, *(other for other in LANGS if other != lang)):
            pdf.add_page()
            _band(setter, facts, page_lang, code, address, fonts)
            _body(setter, facts, page_lang)
        for name, data in attachments.items():
            pdf.embed_file(
                bytes=data, basename=name, desc="Signed credential (Open Badges 3.0)", compress=False,
                creation_date=facts.issued, modification_date=facts.issued, checksum=True,
            )  # fmt: skip
        return bytes(pdf.output())


def _kind(facts: Facts) -> str:
    return "certification" if facts.is_certification else "completion"


def _band(setter: Typesetter, facts: Facts, lang: Lang, code: str, address: str, fonts: Sequence[Path]) -> None:
    pdf, tones = setter.pdf, palette(facts.rank)
    pdf.set_fill_color(INK)
    pdf.rect(0, 0, BAND, HEIGHT, "F")
    pdf.set_fill_color(tones.metal)
    pdf.rect(BAND, 0, 1.6, HEIGHT, "F")
    shapes = emblem(facts.title["en"], facts.title["zh"], facts.level, facts.rank, words=False)
    alternative = f"{facts.title[lang]}: {level_word(facts.level, lang)}"
    pdf.image(BytesIO(badge_svg(shapes, alternative, fonts)), 11, 20, BAND - 22, alt_text=alternative)
    setter.centred(level_word(facts.level, lang), BAND / 2, 86, BAND - 14, 24, "#ffffff", serif=True)
    pdf.set_fill_color(tones.metal)
    pdf.rect(BAND / 2 - 9, 93, 18, 0.6, "F")

    side, top = 40.0, 122.0
    x = (BAND - side) / 2
    pdf.set_fill_color("#ffffff")
    pdf.rect(x - 2, top - 2, side + 4, side + 4, "F", round_corners=True, corner_radius=2)
    _qr(pdf, code, x, top, side)
    if address:
        pdf.link(x, top, side, side, code)
    setter.centred(WORDS["scan"][lang], BAND / 2, top + side + 9, BAND - 14, 10.5, "#ffffff")
    words = WORDS["scan-text" if address else "no-address"][lang]
    setter.paragraph(words, 9, top + side + 13, BAND - 18, 7, tones.light, centred=True)


def _qr(pdf: FPDF, code: str, x: float, y: float, side: float) -> None:
    rows = [tuple(row) for row in segno.make(code, error="m", micro=False).matrix_iter(border=2)]
    step = side / len(rows)
    pdf.set_fill_color(INK)
    for number, row in enumerate(rows):
        start = 0
        while start < len(row):  # one rectangle for each run of dark modules
            end = start
            while end < len(row) and row[end]:
                end += 1
            if end > start:
                pdf.rect(x + start * step, y + number * step, (end - start) * step, step * 1.02, "F")
            start = max(end, start + 1)


def _body(setter: Typesetter, facts: Facts, lang: Lang) -> None:
    pdf, tones, width = setter.pdf, palette(facts.rank), RIGHT - LEFT
    setter.line(WORDS[_kind(facts)][lang], LEFT, 40, width, 34, INK, serif=True)
    setter.line(WORDS["this-certifies"][lang], LEFT, 58, width, 12, GREY)
    setter.fitted(clean(facts.name), LEFT, 65, width, 26, 32, TEXT)
    pdf.set_fill_color(tones.metal)
    pdf.rect(LEFT, 93, width, 0.5, "F")
    setter.line(WORDS["has-earned"][lang], LEFT, 103, width, 12, GREY)
    setter.line(facts.title[lang], LEFT, 115, width, 24, INK, serif=True)

    cells = [
        ("level", level_word(facts.level, lang)),
        ("overall", f"{facts.overall} %"),
        *([("exam", f"{facts.exam} %")] if facts.exam else []),
        ("issued", day(facts.issued, lang)),
        ("expires", day(facts.expires, lang) if facts.expires else WORDS["never"][lang]),
    ]
    step = width / len(cells)
    for number, (word, value) in enumerate(cells):
        setter.line(WORDS[word][lang], LEFT + number * step, 132, step - 4, 8.5, GREY)
        setter.line(value, LEFT + number * step, 140, step - 4, 15, TEXT, serif=True)

    pdf.set_fill_color("#dde3ea")
    pdf.rect(LEFT, 149, width, 0.25, "F")
    name, meaning = assurance_words(facts.assurance, lang)
    rows = [
        ("issuer", f"{facts.issuer}  ({facts.issuer_id})" if facts.issuer != facts.issuer_id else facts.issuer),
        ("policy", facts.policy),
        ("assurance", f"{name}: {meaning}" if lang == "en" and meaning else f"{name}：{meaning}" if meaning else name),
        ("id", facts.id),
        ("fingerprint", facts.sha256),
    ]
    for number, (word, value) in enumerate(rows):
        y = 157 + 8 * number
        setter.line(WORDS[word][lang], LEFT, y, 38, 8.5, GREY)
        setter.line(value, LEFT + 40, y, width - 40, 9, TEXT)
