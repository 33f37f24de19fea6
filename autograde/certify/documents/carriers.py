"""A signed credential → the files that its learner gets: carriers of it, and a page that shows and explains them."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from autograde.certify.documents.certificate_pdf import certificate_pdf, certificate_svg
from autograde.certify.documents.drawing.badge import badge_png, badge_svg, bake_png, bake_svg
from autograde.certify.documents.drawing.emblem import emblem
from autograde.certify.documents.facts import Facts, facts_of
from autograde.certify.documents.learner_page import learner_page
from autograde.certify.documents.letterhead import Letterhead
from autograde.certify.documents.linkedin import linkedin_link
from autograde.certify.documents.words import LANGS, Lang, level_word
from autograde.files import replace_files


class Signed(Protocol):
    """A signed credential, :class:`autograde.certify.issue.sign.Credential` or what was kept of one."""

    @property
    def document(self) -> Mapping[str, Any]: ...

    @property
    def json(self) -> bytes: ...

    @property
    def jwt(self) -> str: ...


PLAIN = Letterhead()


def documents(
    credential: Signed,
    url: str,
    title_zh: str,
    lang: Lang = "en",
    fonts: Sequence[Path] = (),
    letterhead: Letterhead = PLAIN,
) -> dict[str, bytes]:
    """File name → bytes: the same input gives the same bytes.

    Args:
        url: where ``certificates/`` is published, without a slash at its end; empty if nowhere.
        title_zh: the course's title in Chinese; the English one is signed.
        lang: language of the certificate's first page.
        fonts: more font files, for names in scripts that the shipped ones do not draw.
        letterhead: what the issuer adds to the certificate.

    Returns:
        ``credential.json``, ``credential.jwt``, ``certificate.pdf``, ``certificate-en.svg``, ``certificate-zh.svg``,
        ``badge.svg``, ``badge.png`` and ``index.html``.

    Raises:
        MissingGlyphs: no font draws a character of the learner's name; nothing is written.
    """
    facts = facts_of(credential.document, title_zh)
    code, text = verification_code(facts, url), credential.json.decode()
    svg, png = _badge(facts.title["en"], title_zh, facts.level, facts.rank, tuple(fonts))
    secured = {"credential.json": credential.json, "credential.jwt": credential.jwt.encode()}
    return {
        **secured,
        "certificate.pdf": certificate_pdf(facts, lang, code, letterhead, secured, fonts),
        **{
            f"certificate-{each}.svg": bake_svg(certificate_svg(facts, each, code, letterhead, fonts), text)
            for each in LANGS
        },
        "badge.svg": bake_svg(svg, text),
        "badge.png": bake_png(png, text),
        "index.html": learner_page(facts, lang, linkedin_link(facts, code), code),
    }


def write_documents(
    credential: Signed,
    folder: Path,
    url: str,
    title_zh: str,
    lang: Lang = "en",
    fonts: Sequence[Path] = (),
    letterhead: Letterhead = PLAIN,
) -> None:
    """Write :func:`documents` to `folder`, all or none.

    Raises:
        MissingGlyphs: as for :func:`documents`.
        OSError: a file could not be written.
    """
    made = documents(credential, url, title_zh, lang, fonts, letterhead)
    replace_files({folder / name: data for name, data in made.items()})


def verification_code(facts: Facts, url: str) -> str:
    """What the QR code holds: page, number and hash of the credential; nothing where there is no page."""
    if not url:
        return ""
    return f"{url}/site/index.html#id={facts.id}&sha256={facts.sha256}"


def level_badge(facts: Facts, title_zh: str, fonts: Sequence[Path] = ()) -> bytes:
    """The badge of a level as SVG, with no credential in it."""
    return _badge(facts.title["en"], title_zh, facts.level, facts.rank, tuple(fonts))[0]


@cache
def _badge(title: str, title_zh: str, level: str, rank: int, fonts: tuple[Path, ...]) -> tuple[bytes, bytes]:
    """SVG and PNG of a level, the same for all its learners."""
    shapes = list(emblem(title, title_zh, level, rank))
    said = f"{title}: {level_word(level, 'en+zh')}"
    return badge_svg(shapes, said, fonts), badge_png(shapes, fonts)


def extra_fonts(folder: Path) -> tuple[Path, ...]:
    """The font files that the issuer has put into `folder`, by name; none where there is no such folder."""
    return tuple(sorted(path for path in folder.glob("*") if path.suffix.lower() in (".otf", ".ttf", ".ttc")))
