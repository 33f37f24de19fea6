"""The certificate as PDF, a page per language, with the signed credential attached; and as SVG.

The same input gives the same bytes: dates come from the credential, the font subsets from its
characters.
"""

from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path

from fpdf import FPDF

from autograde.certify.documents.certificate import HEIGHT, WIDTH, draw_certificate, heading
from autograde.certify.documents.drawing.canvas import PdfCanvas, SvgCanvas
from autograde.certify.documents.drawing.fonts import clean
from autograde.certify.documents.facts import Facts
from autograde.certify.documents.letterhead import Letterhead
from autograde.certify.documents.words import LANGS, TAGS, WORDS, Lang, level_word


def certificate_pdf(
    facts: Facts,
    lang: Lang,
    code: str,
    letterhead: Letterhead,
    attachments: Mapping[str, bytes],
    fonts: Sequence[Path] = (),
) -> bytes:
    """The certificate, first page in `lang`; as :func:`draw_certificate`.

    Args:
        attachments: file name → bytes, such as ``credential.json``.

    Raises:
        MissingGlyphs: no font has a character of the name.
    """
    pdf = FPDF("landscape", "mm", "A4")
    pdf.set_auto_page_break(False)
    pdf.set_creation_date(facts.issued)
    pdf.set_title(f"{heading(facts, lang)}: {facts.title[lang]}")
    pdf.set_author(facts.issuer)
    pdf.set_subject(facts.id)
    pdf.set_lang(TAGS[lang])
    with closing(PdfCanvas(pdf)) as canvas:
        for page_lang in (lang, *(other for other in LANGS if other != lang)):
            pdf.add_page()
            draw_certificate(canvas, facts, page_lang, code, letterhead, fonts)
        for name, data in attachments.items():
            pdf.embed_file(
                bytes=data, basename=name, desc="Signed credential (Open Badges 3.0)", compress=False,
                creation_date=facts.issued, modification_date=facts.issued, checksum=True,
            )  # fmt: skip
        return bytes(pdf.output())


def certificate_svg(facts: Facts, lang: Lang, code: str, letterhead: Letterhead, fonts: Sequence[Path] = ()) -> bytes:
    """The page in `lang` as a picture, still without a credential."""
    canvas = SvgCanvas(WIDTH, HEIGHT, alt_text(facts, lang))
    draw_certificate(canvas, facts, lang, code, letterhead, fonts)
    return canvas.svg()


def alt_text(facts: Facts, lang: Lang) -> str:
    """The text alternative of the picture."""
    parts = (
        heading(facts, lang).replace("\u3000", ""),
        clean(facts.name),
        facts.title[lang],
        level_word(facts.level, lang),
    )
    return WORDS["comma"][lang].join(parts)
