"""What a verifier was given to check a credential with. Pure."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Sources:
    """The files that a verifier was given; any may be None or missing.

    Attributes:
        trust: DIDs of trusted issuers, one a line; ``#`` begins a comment line.
        dids, status: a DID document or status list, or a folder of them.
        map: JSON object, DID or address → path of a local copy, relative to the map.
        issued: the issuer's audit log, whose ``issue`` entries are its issuance log; only issuers and auditors have it.
        online: fetch DID documents and status lists that are not among the files.
    """

    trust: Path | None = None
    dids: Path | None = None
    status: Path | None = None
    map: Path | None = None
    issued: Path | None = None
    online: bool = False
