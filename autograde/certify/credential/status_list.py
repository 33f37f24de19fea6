"""The status list: one bit a credential, signed anew in short intervals, read with suspicion.

Source: Bitstring Status List 1.0. Encoding and bounded decoding are openbadgeslib's.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from openbadgeslib.errors import LibOpenBadgesException
from openbadgeslib.ob3.status import decode_encoded_list
from openbadgeslib.ob3.status_list import build_status_list_credential

from autograde.certify.credential.instant import utc_text

ENTRIES = 131_072
"""Length of the list, the least that Bitstring Status List 1.0 allows: a crowd to hide in."""
VALID_DAYS = 14
"""How long a signed list holds; it is signed anew by every ``course certify``, ``revoke`` and ``issuer --publish``."""
MAX_VALID_DAYS = 35
"""A list that claims to hold longer is not believed: an old copy would hide a revocation for as long."""


class ListProblem(Exception):
    """A status list that gives no answer; the text is one line."""


def status_list(did: str, url: str, set_indexes: Iterable[int], when: datetime) -> dict[str, Any]:
    """The claims of the status list `url`, valid from `when` for VALID_DAYS; the bits of `set_indexes` are 1."""
    claims = build_status_list_credential(did, url, "revocation", set_indexes, ENTRIES)
    until = when + timedelta(days=VALID_DAYS)
    return {**claims, "validFrom": utc_text(when), "validUntil": utc_text(until)}


def is_set(encoded: str, index: int) -> bool:
    """Whether bit `index`, 0 being the leftmost, is 1 in the ``encodedList`` text.

    Raises:
        ListProblem: the list is malformed, shorter than the standard allows, or has no such index.
    """
    try:
        bits = decode_encoded_list(encoded)
    except (LibOpenBadgesException, ValueError) as error:
        raise ListProblem(f"the status list cannot be read ({error})") from None
    if len(bits) * 8 < ENTRIES:
        raise ListProblem(f"the status list has only {len(bits) * 8} entries; {ENTRIES} are the least")
    if index >= len(bits) * 8:
        raise ListProblem(f"the status list has no index {index}")
    return bool(bits[index // 8] & (0x80 >> index % 8))
