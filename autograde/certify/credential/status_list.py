"""The status list: one bit per credential, signed again at short intervals, strictly read.

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
"""Length of the list, the minimum of Bitstring Status List 1.0: it hides whose bit is whose."""
VALID_DAYS = 14
"""Validity of a signed list; ``course certify``, ``revoke`` and ``issuer --publish`` renew it."""
MAX_VALID_DAYS = 35
"""A list that claims a longer validity is rejected: an old copy would hide a revocation as long."""


class ListProblem(Exception):
    """A status list gives no answer; the message is one line."""


def status_list(did: str, url: str, set_indexes: Iterable[int], when: datetime) -> dict[str, Any]:
    """The claims of the status list `url`, valid from `when` for VALID_DAYS.

    The bits of `set_indexes` are 1.
    """
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
        raise ListProblem(f"the status list has only {len(bits) * 8} entries; the minimum is {ENTRIES}")
    if index >= len(bits) * 8:
        raise ListProblem(f"the status list has no index {index}")
    return bool(bits[index // 8] & (0x80 >> index % 8))
