"""A file → the credential that it carries: JSON, JWT, or baked into PDF, PNG, SVG. Told by content, not by name.

Sources: Open Badges 3.0, section 5.3 (baking: iTXt ``openbadgecredential``, ``<openbadges:credential>``). An image of
several credentials is refused: programs would differ in which one they show. The readers of PDF, PNG and SVG are imported
where they are used: a check pays for one at most.
"""

import io
import zlib
from collections.abc import Iterator

from autograde.certify.strict_json import MAX_BYTES
from autograde.certify.verdict import CannotCheck, Invalid

PDF_NAMES = ("credential.json", "credential.jwt")
PNG_KEYWORDS = (b"openbadgecredential", b"openbadges")
SVG_NAMESPACE = "https://purl.imsglobal.org/ob/v3p0"


def credentials_in(data: bytes) -> list[bytes]:
    """The credentials in the bytes of a file, JSON or JWT text each: one, or a PDF's two forms of the same.

    Raises:
        Invalid: there are several, or they are hidden in a way of no known program.
        CannotCheck: there is none, or the file cannot be read.
    """
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return [_only(list(_in_png(data)))]
    if data.startswith(b"%PDF-"):
        return _in_pdf(data)
    if start.startswith(b"<"):
        return [_only(list(_in_svg(data)))]
    if start.startswith(b"{") or start.startswith(b"eyJ"):
        return [data.strip() if start.startswith(b"eyJ") else data]
    raise CannotCheck("there is no credential in this file; give the JSON, JWT, PDF, PNG or SVG file of one")


def _only(found: list[bytes]) -> bytes:
    if not found:
        raise CannotCheck("there is no credential in this image; ask the learner for the original file")
    if len(found) > 1:
        raise Invalid(f"the image carries {len(found)} credentials; one is the rule")
    return found[0]


def _in_png(data: bytes) -> Iterator[bytes]:
    import png

    end = data.rfind(b"IEND\xaeB`\x82")
    if end < 0 or end + 8 != len(data):
        raise CannotCheck("the PNG image is cut short or goes on after its end; ask for the original file")
    try:
        for kind, chunk in png.Reader(bytes=data).chunks():
            keyword, _, rest = chunk.partition(b"\0")
            if kind in (b"iTXt", b"tEXt", b"zTXt") and keyword in PNG_KEYWORDS:
                yield _international_text(kind, keyword, rest)
    except (png.Error, zlib.error) as error:
        raise CannotCheck(f"the PNG image is damaged ({error}); ask for the original file") from None


def _international_text(kind: bytes, keyword: bytes, rest: bytes) -> bytes:
    """The text of an iTXt chunk: flag, method, language, NUL, translated keyword, NUL, text."""
    if kind != b"iTXt" or keyword != PNG_KEYWORDS[0]:
        what = f"{kind.decode()} {keyword.decode()}"
        raise Invalid(f"the image carries a credential as {what}, which is not Open Badges 3.0")
    fields = rest[2:].split(b"\0", 2)
    if len(fields) < 3 or not fields[2]:
        raise Invalid("the image carries an empty credential")
    if not rest[0]:
        return fields[2]
    inflated = zlib.decompressobj().decompress(fields[2], MAX_BYTES + 1)
    if len(inflated) > MAX_BYTES:
        raise Invalid("the image carries more than a credential of ours could be")
    return inflated


def _in_svg(data: bytes) -> Iterator[bytes]:
    from defusedxml import ElementTree
    from defusedxml.common import DefusedXmlException

    try:
        root = ElementTree.fromstring(data, forbid_dtd=True)
    except (ElementTree.ParseError, DefusedXmlException, LookupError, ValueError) as error:
        raise CannotCheck(
            f"the file is no well-formed SVG ({type(error).__name__}); ask for the original file"
        ) from None
    for element in root.iter():
        name = element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
        if name not in ("credential", "assertion"):
            continue
        text, attribute = (element.text or "").strip(), element.get("verify", "").strip()
        if element.tag != f"{{{SVG_NAMESPACE}}}credential" or len(element) or bool(text) == bool(attribute):
            raise Invalid("the image carries a credential in a way that is not Open Badges 3.0")
        yield (text or attribute).encode()


def _in_pdf(data: bytes) -> list[bytes]:
    import pypdf

    try:
        attached = pypdf.PdfReader(io.BytesIO(data)).attachments
        found = {name: attached[name] for name in PDF_NAMES if name in attached}
    except (pypdf.errors.PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        # pypdf meets damage in many ways; none of them says whether the credential is genuine
        raise CannotCheck(f"the PDF cannot be read ({type(error).__name__}); ask for the original file") from None
    if not found:
        raise CannotCheck("there is no credential in this PDF; ask the learner for the original file")
    for name, files in found.items():
        if len(files) > 1:
            raise Invalid(f"the PDF carries {len(files)} files {name}; one is the rule")
    return [files[0] for files in found.values()]
