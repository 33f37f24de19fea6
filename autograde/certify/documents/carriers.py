"""A signed credential → its learner's files: those that carry it, and a page that explains them."""

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
    """A signed credential: :class:`autograde.certify.issue.sign.Credential`, or a stored one."""

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
        url: where ``certificates/`` is published, without trailing slash; empty if nowhere.
        title_zh: the course's title in Chinese; the English one is signed.
        lang: language of the certificate's first page.
        fonts: more font files, for scripts that the bundled ones do not cover.
        letterhead: what the issuer adds to the certificate.

    Returns:
        ``credential.json``, ``credential.jwt``, ``certificate.pdf``, ``certificate-en.svg``,
            ``certificate-zh.svg``,
        ``badge.svg``, ``badge.png`` and ``index.html``.

    Raises:
        MissingGlyphs: no font has a character of the learner's name; nothing is written.
    """
    facts = facts_of(credential.document, title_zh)
    code, text = verification_code(facts, url), credential.json.decode()
    svg, png = _badge(facts.title["en"], title_zh, facts.level, facts.rank, tuple(fonts))
    secured = {"credential.json": credential.json, "credential.jwt": credential.jwt.encode()}
    return {
        **secured,
        "certificate.pdf": certificate_pdf(facts, lang, code, letterhead, secured, fonts),
        **{
            f"certificate-{language}.svg": bake_svg(certificate_svg(facts, language, code, letterhead, fonts), text)
            for language in LANGS
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
    files = documents(credential, url, title_zh, lang, fonts, letterhead)
    replace_files({folder / name: data for name, data in files.items()})


def verification_code(facts: Facts, url: str) -> str:
    """The QR code's content: page, id and hash of the credential; empty if there is no page."""
    if not url:
        return ""
    return f"{url}/site/index.html#id={facts.id}&sha256={facts.sha256}"


def level_badge(facts: Facts, title_zh: str, fonts: Sequence[Path] = ()) -> bytes:
    """The badge of a level as SVG, without a credential."""
    return _badge(facts.title["en"], title_zh, facts.level, facts.rank, tuple(fonts))[0]


@cache
def _badge(title: str, title_zh: str, level: str, rank: int, fonts: tuple[Path, ...]) -> tuple[bytes, bytes]:
    """SVG and PNG of a level, the same for all learners."""
    shapes = list(emblem(title, title_zh, level, rank))
    description = f"{title}: {level_word(level, 'en+zh')}"
    return badge_svg(shapes, description, fonts), badge_png(shapes, fonts)


def extra_fonts(folder: Path) -> tuple[Path, ...]:
    """The issuer's font files in `folder`, sorted by name; none if there is no such folder."""
    return tuple(sorted(path for path in folder.glob("*") if path.suffix.lower() in (".otf", ".ttf", ".ttc")))
