"""The two securing forms of a credential: one Data Integrity proof, or a VC-JWT.

Sources: VC Data Integrity 1.0 and vc-di-eddsa 1.0, section 3.2 (eddsa-rdfc-2022); Open Badges 3.0,
section 8.2 (JWT format: ``iss``, ``jti``, ``nbf``, ``exp`` repeat claims of the credential); RFC
7515, RFC 8037 (EdDSA). Canonicalisation, with its bound on work, and the contexts are
openbadgeslib's; JWS is PyJWT's.
"""

import base64
import binascii
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from openbadgeslib.ob3.ldp import add_data_integrity_proof, verify_data_integrity_proof
from openbadgeslib.ob3.verifier import OB3VerificationError

from autograde.certify.credential.did_document import pem
from autograde.certify.credential.instant import instant
from autograde.certify.credential.keys import Issuer
from autograde.certify.credential.strict_json import ParseProblem, parse_object

Document = dict[str, Any]


class SignatureProblem(Exception):
    """A signature does not verify; the message is one line."""


def add_proof(claims: Mapping[str, Any], issuer: Issuer, when: datetime) -> Document:
    """`claims` with ``proof``, an array of one eddsa-rdfc-2022 proof by the issuer's key."""
    signed = add_data_integrity_proof(dict(claims), issuer.private_pem, issuer.key_id, created=when)
    return {**signed, "proof": [signed["proof"]]}


def to_jwt(claims: Mapping[str, Any], issuer: Issuer) -> str:
    """`claims` as a compact VC-JWT, EdDSA, with ``kid``."""
    payload = {**claims, **registered(claims)}
    return jwt.encode(payload, issuer.private_pem.decode(), "EdDSA", {"kid": issuer.key_id})


def registered(claims: Mapping[str, Any]) -> dict[str, Any]:
    """The registered JWT claims that repeat `claims`; ``exp`` only if there is a validUntil."""
    issuer = claims["issuer"]
    dates = {"nbf": "validFrom", "exp": "validUntil"}
    return {
        "iss": issuer if isinstance(issuer, str) else issuer["id"],
        "jti": claims["id"],
        **{name: int(instant(claims[key]).timestamp()) for name, key in dates.items() if key in claims},
    }


def check_proof(document: Document, key: Ed25519PublicKey) -> None:
    """Raise :class:`SignatureProblem` unless `key` made the proof of `document` (shape is checked)."""
    try:
        verify_data_integrity_proof(document, pem(key))
    except OB3VerificationError as error:
        raise SignatureProblem(f"the signature does not match the content ({error})") from None


def split_jwt(text: str) -> tuple[str, Document]:
    """The key id and the claims of a compact VC-JWT, without its registered claims. Nothing is
    verified yet.

    Raises:
        ParseProblem: it is not one, names another algorithm or has header parameters that we do not
            write; or its registered claims do not repeat the credential's.
    """
    parts = text.split(".")
    if len(parts) != 3:
        raise ParseProblem("a JWT has three parts")
    head, body, _ = (_base64url(part) for part in parts)
    header = parse_object(head)
    if header.get("alg") != "EdDSA":
        raise ParseProblem(f"the JWT is signed with {str(header.get('alg'))[:20]!a}; only EdDSA is accepted")
    if set(header) != {"alg", "kid", "typ"} or header["typ"] != "JWT" or not isinstance(header["kid"], str):
        raise ParseProblem("the JWT header must hold alg, kid and typ and nothing else")
    payload = parse_object(body)
    claims = {name: value for name, value in payload.items() if name not in ("iss", "jti", "nbf", "exp")}
    try:
        repeats = {name: payload[name] for name in payload if name not in claims} == registered(claims)
    except (KeyError, TypeError, ValueError):
        repeats = False
    if not repeats or any(type(payload[name]) is not int for name in ("nbf", "exp") if name in payload):
        raise ParseProblem("iss, jti, nbf and exp of the JWT do not match the credential")
    return header["kid"], claims


def check_jwt(text: str, key: Ed25519PublicKey) -> None:
    """Raise :class:`SignatureProblem` unless `key` signed the JWT; dates are checked elsewhere."""
    try:
        jwt.PyJWS().decode(text, key, algorithms=["EdDSA"])
    except jwt.InvalidTokenError as error:
        raise SignatureProblem(f"the signature does not match the content ({error})") from None


def _base64url(part: str) -> bytes:
    """Strict base64url: no padding, no stray bits, so that a token has one encoding only."""
    try:
        data = base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise ParseProblem("a part of the JWT is not base64url") from None
    if base64.urlsafe_b64encode(data).rstrip(b"=").decode() != part:
        raise ParseProblem("a part of the JWT is not canonical base64url")
    return data
