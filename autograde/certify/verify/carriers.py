"""A file → the credential that it carries: JSON, JWT, or baked into PDF, PNG, SVG. Told by content, not by name.

A file in which two programs could find different credentials has none that counts: more than one, a file that is of two
kinds at once, another encoding. The same rules stand in ``site/carriers.js``; tests hold the two against each other.
"""

from autograde.certify.credential.strict_json import MAX_BYTES
from autograde.certify.verify import png_credential, svg_credential
from autograde.certify.verify.pdf_attachments import attached_credentials
from autograde.certify.verify.verdict import CannotCheck, Invalid

MAX_FILE_BYTES = 8 * 1024 * 1024
SPACE = b" \t\r\n"
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\0\0\xfe\xff")


def credentials_in(data: bytes) -> list[bytes]:
    """The credentials in the bytes of a file, JSON or JWT text each: one, or a PDF's two forms of the same.

    Raises:
        Invalid: there are several, or they are hidden in a way of no known program.
        CannotCheck: there is none, or the file cannot be read.
    """
    if len(data) > MAX_FILE_BYTES:
        raise Invalid(f"the file is larger than {MAX_FILE_BYTES // 1024**2} MiB, which no certificate of ours is")
    _refuse_two_kinds(data)
    if data.startswith(png_credential.SIGNATURE):
        return [_only(png_credential.baked_credentials(data))]
    if data.startswith(b"%PDF-"):
        return [_bounded(found) for found in attached_credentials(data)]
    if data.startswith(_MARKS) or _is_wide(data):
        raise Invalid(
            "the text was saved again in another encoding (a byte order mark, UTF-16); ask for the original file"
        )
    text = data.strip(SPACE)
    if text.startswith(b"<"):
        return [_only(svg_credential.baked_credentials(text))]
    if text.startswith((b"{", b"eyJ")):
        return [text]
    raise CannotCheck("there is no credential in this file; give the JSON, JWT, PDF, PNG or SVG file of one")


def _refuse_two_kinds(data: bytes) -> None:
    """Raise for what another program opens as a PDF or unpacks as an archive, and finds another credential."""
    is_archive = b"PK\x05\x06" in data and b"PK\x01\x02" in data
    if is_archive and not data.startswith(b"PK"):
        raise Invalid("the file is a ZIP archive as well, in which another credential could be")
    if b"%PDF-" in data[1:1024]:
        raise Invalid("the file is a PDF as well, in which another credential could be")


def _is_wide(data: bytes) -> bool:
    """Whether it is the beginning of JSON, of a JWT or of XML in UTF-16 or UTF-32 without a mark."""
    start = data[:8].replace(b"\0", b"")
    return b"\0" in data[:4] and start.lstrip(SPACE)[:1] in (b"{", b"e", b"<") and start.isascii()


def _only(found: list[bytes]) -> bytes:
    if not found:
        raise CannotCheck("there is no credential in this image; ask the learner for the original file")
    if len(found) > 1:
        raise Invalid(f"the image carries {len(found)} credentials; a genuine one carries one")
    return _bounded(found[0])


def _bounded(found: bytes) -> bytes:
    if len(found) > MAX_BYTES:
        raise Invalid("the file carries more than a credential of ours could be")
    return found.strip(SPACE)
