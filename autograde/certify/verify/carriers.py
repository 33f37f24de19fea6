"""A file → the credential it carries: JSON, JWT, or baked into PDF, PNG, SVG. Detected by content,
not by name.

A file in which two programs could find different credentials is rejected: more than one credential,
a file of two kinds at once, another encoding. ``site/carriers.js`` has the same rules; tests
compare the two.
"""

from autograde.certify.credential.strict_json import MAX_BYTES
from autograde.certify.verify import png_credential, svg_credential
from autograde.certify.verify.pdf_attachments import attached_credentials
from autograde.certify.verify.verdict import CannotCheck, Invalid

MAX_FILE_BYTES = 8 * 1024 * 1024
SPACE = b" \t\r\n"
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\0\0\xfe\xff")


def credentials_in(data: bytes) -> list[bytes]:
    """The credentials in the bytes of a file, JSON or JWT text each: one, or a PDF's two forms of
    the same.

    Raises:
        Invalid: there are several, or they are carried in a way that no known program uses.
        CannotCheck: there is none, or the file cannot be read.
    """
    if len(data) > MAX_FILE_BYTES:
        raise Invalid(f"the file is larger than {MAX_FILE_BYTES // 1024**2} MiB, more than any certificate of ours")
    _refuse_two_kinds(data)
    if data.startswith(png_credential.SIGNATURE):
        return [_only(png_credential.baked_credentials(data))]
    if data.startswith(b"%PDF-"):
        return [_bounded(text) for text in attached_credentials(data)]
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
    """Raise if another program could read the file as a PDF or archive with another credential."""
    is_archive = b"PK\x05\x06" in data and b"PK\x01\x02" in data
    if is_archive and not data.startswith(b"PK"):
        raise Invalid("the file is a ZIP archive as well, in which another credential could be")
    if b"%PDF-" in data[1:1024]:
        raise Invalid("the file is a PDF as well, in which another credential could be")


def _is_wide(data: bytes) -> bool:
    """Whether the data begins like JSON, a JWT or XML in UTF-16 or UTF-32 without a mark."""
    start = data[:8].replace(b"\0", b"")
    return b"\0" in data[:4] and start.lstrip(SPACE)[:1] in (b"{", b"e", b"<") and start.isascii()


def _only(credentials: list[bytes]) -> bytes:
    if not credentials:
        raise CannotCheck("there is no credential in this image; ask the learner for the original file")
    if len(credentials) > 1:
        raise Invalid(f"the image carries {len(credentials)} credentials; a genuine one carries one")
    return _bounded(credentials[0])


def _bounded(credential: bytes) -> bytes:
    if len(credential) > MAX_BYTES:
        raise Invalid("the file carries more data than any credential of ours")
    return credential.strip(SPACE)
