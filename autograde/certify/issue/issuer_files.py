"""What the issuer publishes beside the credentials: did.json, trusted.txt, the signed status list."""

import json
from datetime import datetime
from pathlib import Path

from autograde.certify.credential.keys import Issuer
from autograde.certify.credential.secure import add_proof, to_jwt
from autograde.certify.credential.status_list import status_list
from autograde.certify.issue.status_register import StatusRegister
from autograde.settings.issuer import did_web_address


def issuer_files(issuer: Issuer, register: StatusRegister, folder: Path, when: datetime) -> dict[Path, bytes]:
    """The issuer's files below `folder` (``certificates/``), to be written with ``replace_files``.

    ``did.json`` (also ``.well-known/did.json`` where the did:web has no path), ``trusted.txt``, and
    the same status list twice: ``status/1.jwt`` as VC-JWT and ``status/1.json`` as Data Integrity
    credential.
    """
    document = _text(issuer.did_document())
    claims = status_list(issuer.did, issuer.status_url, register.set_indexes(), when)
    files = {
        folder / "did.json": document,
        folder / "trusted.txt": "".join(f"{did}\n" for did in issuer.trusted()).encode(),
        folder / "status" / "1.jwt": to_jwt(claims, issuer).encode(),
        folder / "status" / "1.json": _text(add_proof(claims, issuer, when)),
    }
    if issuer.did.startswith("did:web:") and did_web_address(issuer.did).endswith("/.well-known/did.json"):
        files[folder / ".well-known" / "did.json"] = document
    return files


def _text(document: dict[str, object]) -> bytes:
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()
