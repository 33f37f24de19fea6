"""The issuance log tells genuine credentials from back-dated ones when a key was stolen. Pure.

Whoever holds a stolen key can sign a credential with any date but cannot add it to the log, whose
lines are chained (audit log, entries of kind ``issue``).
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Standing = Literal["genuine", "altered", "not issued"]


@dataclass(frozen=True)
class Issued:
    """An issued credential: its id, the SHA-256 of its claims (``Credential.sha256``), when (UTC)."""

    credential: str
    sha256: str
    at: str


def lookup(credential_id: str, sha256: str, log: Iterable[Issued]) -> Standing:
    """``genuine``: the log has this credential with these claims; ``altered``: with others.

    ``not issued``: not at all.
    """
    hashes = {issued.sha256 for issued in log if issued.credential == credential_id}
    return "genuine" if sha256 in hashes else "altered" if hashes else "not issued"


def issued_in(audit_log: bytes) -> tuple[Issued, ...]:
    """The issuance log in the bytes of an audit log, JSON Lines; other kinds of entry are passed
    over.

    Raises:
        ValueError: a line is not a JSON object, or an ``issue`` entry lacks a field.
    """
    issued = []
    for number, line in enumerate(audit_log.splitlines(), 1):
        try:
            entry = json.loads(line)
            if entry["kind"] == "issue":
                issued.append(Issued(*(str(entry[name]) for name in ("credential", "sha256", "at"))))
        except (ValueError, KeyError, TypeError):
            raise ValueError(f"line {number} is not an entry of an audit log") from None
    return tuple(issued)
