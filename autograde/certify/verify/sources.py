"""The files that a verifier checks a credential against. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Sources:
    """The files that a verifier was given; any may be None or missing.

    Attributes:
        trust: DIDs of trusted issuers, one per line; ``#`` begins a comment line.
        own: the DID document of the verifier's own issuer, made from its keys; trusted without a
            list.
        own_from: where these keys are, or why there are none.
        dids, status: a DID document or status list, or a folder of them.
        map: JSON object, DID or address → path of a local copy, relative to the map.
        issued: the issuer's audit log, whose ``issue`` entries are its issuance log; only issuers
            and auditors have it.
        online: fetch DID documents and status lists that are not among the files.
    """

    trust: Path | None = None
    own: Mapping[str, Any] | None = None
    own_from: str = ""
    dids: Path | None = None
    status: Path | None = None
    map: Path | None = None
    issued: Path | None = None
    online: bool = False
