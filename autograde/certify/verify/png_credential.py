"""A PNG image → the credentials baked into it, read in one way only. Pure.

Every chunk's checksum is verified, and the image must end where the file ends. Source: Open
Badges 3.0, section 5.3: an iTXt chunk ``openbadgecredential``, not compressed. ``site/png.js`` does
the same.
"""

import zlib

from autograde.certify.verify.verdict import CannotCheck, Invalid

SIGNATURE = b"\x89PNG\r\n\x1a\n"
KEYWORD = b"openbadgecredential"
_TEXTS = (b"iTXt", b"tEXt", b"zTXt")


def baked_credentials(data: bytes) -> list[bytes]:
    """The texts of all chunks that carry a credential, in their order.

    Raises:
        Invalid: a credential is carried in a way that Open Badges 3.0 does not define.
        CannotCheck: the image is damaged.
    """
    credentials = []
    at, kind = len(SIGNATURE), b""
    while at < len(data):
        length, last = int.from_bytes(data[at : at + 4]), kind
        kind, content = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        is_first = at == len(SIGNATURE)
        checksum = data[at + 8 + length : at + 12 + length]
        at += 12 + length
        if at > len(data) or last == b"IEND" or is_first != (kind == b"IHDR"):
            raise CannotCheck("the PNG image is cut short or goes on after its end; ask for the original file")
        if zlib.crc32(kind + content).to_bytes(4) != checksum:
            raise CannotCheck("the PNG image is damaged (a checksum is wrong); ask for the original file")
        if kind in _TEXTS and content[:9].lower() == KEYWORD[:9]:
            credentials.append(_text(kind, content))
    if kind != b"IEND":
        raise CannotCheck("the PNG image is cut short or goes on after its end; ask for the original file")
    return credentials


def _text(kind: bytes, content: bytes) -> bytes:
    """The text of an iTXt chunk: keyword, NUL, flag, method, language, NUL, translation, NUL, text."""
    keyword, _, rest = content.partition(b"\0")
    fields = rest[2:].split(b"\0", 2)
    if kind != b"iTXt" or keyword != KEYWORD or rest[:2] != b"\0\0" or len(fields) < 3 or not fields[2]:
        chunk = f"{kind.decode()} {keyword[:30].decode('ascii', 'replace')}"
        raise Invalid(f"the image carries a credential as {chunk!a}, in a way that is not Open Badges 3.0")
    return fields[2]
