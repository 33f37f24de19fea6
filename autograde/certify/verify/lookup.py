"""Trusted issuers, DID documents and status lists, from files or fetched on request."""

import http.client
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from openbadgeslib.util import download_file

from autograde.certify.credential.did_document import did_key_document
from autograde.certify.credential.strict_json import MAX_BYTES, ParseProblem, parse_object
from autograde.certify.verify.sources import Sources
from autograde.certify.verify.verdict import CannotCheck
from autograde.settings.issuer import did_web_address

MAX_FILES = 1000


class Lookup:
    """Looks things up in `sources`."""

    def __init__(self, sources: Sources) -> None:
        self.sources = sources

    def trusted(self) -> frozenset[str]:
        """The DIDs of trusted issuers.

        Raises:
            CannotCheck: there is no list, or it is empty.
        """
        own = self.sources.own
        listed = self._listed() if self.sources.trust or not own else frozenset()
        return listed | {own["id"]} if own else listed

    @property
    def trust(self) -> str:
        """Which issuers are trusted, and why, as text."""
        parts = []
        if self.sources.own:
            parts.append(
                f"{self.sources.own['id']}, this course's own issuer (its keys lie in {self.sources.own_from})"
            )
        if self.sources.trust and self.sources.trust.is_file():
            first, *others = sorted(self._listed())
            more = f" and {len(others)} more" if others else ""
            parts.append(f"{first}{more}, of {self.sources.trust}")
        return "; ".join(parts) or "nobody"

    def _listed(self) -> frozenset[str]:
        path = self.sources.trust
        if path is None or not path.is_file():
            why = f" at {path}" if path else f": {self.sources.own_from}" if self.sources.own_from else ""
            raise CannotCheck(f"no list of trusted issuers{why}; give one with --trust")
        lines = _bytes(path).decode("utf-8-sig", "replace").splitlines()
        dids = frozenset(line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#"))
        if not dids:
            raise CannotCheck(f"{path} lists no trusted issuer; write one DID a line")
        return dids

    def did_document(self, did: str) -> dict[str, Any]:
        """The DID document of `did`; that of a did:key is derived from it.

        Raises:
            CannotCheck: none is found, or two that differ.
        """
        if self.sources.own and self.sources.own["id"] == did:
            return dict(self.sources.own)
        if did.startswith("did:key:"):
            return did_key_document(did)
        if not did.startswith("did:web:"):
            raise CannotCheck(f"{did} is neither a did:web nor a did:key; other kinds cannot be checked")
        address = did_web_address(did)
        documents = []
        for data in self._local(self.sources.dids, did, address):
            try:
                document = parse_object(data)
            except ParseProblem:
                continue  # another file in that folder
            if document.get("id") == did and document not in documents:
                documents.append(document)
        if len(documents) > 1:
            raise CannotCheck(f"the files hold {len(documents)} different DID documents of {did}; keep the newest")
        if documents:
            return documents[0]
        try:
            return parse_object(self._fetched(address, f"the DID document of {did}", "--did"))
        except ParseProblem as problem:
            raise CannotCheck(f"{address} is unusable: {problem}") from None

    def status_lists(self, address: str) -> list[bytes]:
        """Everything that could be the status list `address`.

        Raises:
            CannotCheck: there is nothing.
        """
        lists = list(self._local(self.sources.status, address))
        return lists or [self._fetched(address, "the status list", "--status")]

    def issuance_log(self) -> bytes | None:
        """The issuance log; None if none was given."""
        return _bytes(self.sources.issued, 512 * 1024 * 1024) if self.sources.issued else None

    def _local(self, place: Path | None, *names: str) -> Iterator[bytes]:
        mapped = self._map()
        for name in names:
            if name in mapped and self.sources.map:
                yield _bytes(self.sources.map.parent / mapped[name])
        if place and place.is_dir():
            paths = sorted(path for path in place.iterdir() if path.suffix in (".json", ".jwt") and path.is_file())
            yield from (_bytes(path) for path in paths[:MAX_FILES] if path.stat().st_size <= MAX_BYTES)
        elif place and place.exists():
            yield _bytes(place)

    def _map(self) -> dict[str, str]:
        if self.sources.map is None:
            return {}
        try:
            mapped = parse_object(_bytes(self.sources.map))
        except ParseProblem as problem:
            raise CannotCheck(f"{self.sources.map} is unusable: {problem}") from None
        if not all(isinstance(path, str) for path in mapped.values()):
            raise CannotCheck(f"{self.sources.map} must map each DID or address to the path of a file")
        return mapped

    def _fetched(self, address: str, what: str, option: str) -> bytes:
        if not self.sources.online or not address.startswith("https://"):
            hint = " or --online" if address.startswith("https://") else ""
            raise CannotCheck(f"{what} is not among the files; give it with {option}{hint}")
        try:
            return bytes(download_file(address))
        except (OSError, ValueError, http.client.HTTPException) as error:
            text = json.dumps(str(error)[:120])
            raise CannotCheck(f"{what} cannot be fetched from {address}: {text}; try again or give {option}") from None


def _bytes(path: Path, limit: int = 4 * MAX_BYTES) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except OSError as error:
        raise CannotCheck(f"cannot read {path} ({error.strerror}); check the path") from None
    if len(data) > limit:
        raise CannotCheck(f"{path} is too large for a file of its kind")
    return data
