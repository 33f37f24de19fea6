"""DID documents: ``did.json`` lists the issuer's keys; written, and strictly read.

Sources: DID Core 1.0, sections 5.2 (verification methods) and 5.3.2 (assertion method); Controlled
Identifiers 1.0, section 2.2.2 (Multikey); the did:key method. Keys are Ed25519 only.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from openbadgeslib.errors import LibOpenBadgesException
from openbadgeslib.ob3.did import multikey_from_pem, resolve_did

CONTEXTS = ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"]


class KeyProblem(Exception):
    """A document does not provide a key; the message is one line.

    Attributes:
        is_refusal: the issuer's document rules the key out; otherwise the document itself is
            unusable.
    """

    def __init__(self, message: str, *, is_refusal: bool) -> None:
        super().__init__(message)
        self.is_refusal = is_refusal


def multibase(key: Ed25519PublicKey) -> str:
    """A public key as Multikey text, ``z6Mk…``."""
    return str(multikey_from_pem(pem(key)))


def pem(key: Ed25519PublicKey) -> bytes:
    """A public key as PEM."""
    return key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def did_document(did: str, keys: Mapping[str, str]) -> dict[str, Any]:
    """The DID document of `did`; `keys` maps names to Multikey texts, each of which may sign."""
    methods = [
        {"id": f"{did}#{name}", "type": "Multikey", "controller": did, "publicKeyMultibase": key}
        for name, key in keys.items()
    ]
    return {
        "@context": CONTEXTS,
        "id": did,
        "verificationMethod": methods,
        "assertionMethod": [method["id"] for method in methods],
    }


def did_key_document(did: str) -> dict[str, Any]:
    """The document that a did:key stands for."""
    key = did.removeprefix("did:key:")
    return did_document(did, {key: key})


def signing_key(document: Mapping[str, Any], did: str, key_id: str) -> Ed25519PublicKey:
    """The key `key_id` that `document` lets `did` sign credentials with.

    Raises:
        KeyProblem: the document is another's or malformed; or it does not list the key exactly
            once, under its own control and as an assertion method.
    """
    if document.get("id") != did:
        raise KeyProblem(f"the DID document is not that of {did}", is_refusal=False)
    methods = [m for m in _items(document, "verificationMethod") if isinstance(m, dict) and m.get("id") == key_id]
    if not methods:
        message = f"the issuer's did.json does not list the key {key_id}: removed, or your copy of did.json is outdated"
        raise KeyProblem(message, is_refusal=True)
    if len(methods) > 1:
        raise KeyProblem(f"the DID document lists {key_id} more than once", is_refusal=False)
    method = methods[0]
    if method.get("controller") != did:
        raise KeyProblem(f"the key {key_id} is controlled by someone other than the issuer", is_refusal=True)
    if key_id not in _items(document, "assertionMethod"):
        raise KeyProblem(
            f"the issuer does not sign credentials with the key {key_id} (assertionMethod)", is_refusal=True
        )
    if "revoked" in method or "expires" in method:
        raise KeyProblem(f"the key {key_id} is marked revoked or expired in did.json", is_refusal=True)
    text = method.get("publicKeyMultibase")
    if method.get("type") != "Multikey" or not isinstance(text, str) or "publicKeyJwk" in method:
        raise KeyProblem(f"the key {key_id} is not given as a Multikey", is_refusal=False)
    return ed25519(text)


def ed25519(text: str) -> Ed25519PublicKey:
    """The Ed25519 key of a Multikey text.

    Raises:
        KeyProblem: another kind of key, or no key at all.
    """
    try:
        key = serialization.load_pem_public_key(resolve_did("did:key:" + text))
    except (LibOpenBadgesException, ValueError) as error:
        raise KeyProblem(f"a key of the DID document is malformed ({error})", is_refusal=False) from None
    if not isinstance(key, Ed25519PublicKey):
        raise KeyProblem("the key is not an Ed25519 key", is_refusal=False)
    return key


def _items(document: Mapping[str, Any], name: str) -> Iterable[Any]:
    items = document.get(name)
    return items if isinstance(items, list) else []
