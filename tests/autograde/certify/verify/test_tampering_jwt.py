"""Is each way of forging a VC-JWT seen? Sources of the attacks: RFC 8725 (JWT best current practices), section 2."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from issued_course import Issued, issued_course, stranger

from autograde.certify.credential.did_document import pem, signing_key


@pytest.fixture(scope="module")
def issued(tmp_path_factory: pytest.TempPathFactory) -> Issued:
    return issued_course(tmp_path_factory.mktemp("issued") / "course")


def encoded(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def parts(issued: Issued) -> tuple[dict[str, Any], dict[str, Any], str]:
    head, body, signature = issued.credential.jwt.split(".")
    read = [json.loads(base64.urlsafe_b64decode(part + "==")) for part in (head, body)]
    return read[0], read[1], signature


def with_header(issued: Issued, **changes: Any) -> str:
    """Another header, the signature as it was."""
    header, payload, signature = parts(issued)
    return f"{encoded(header | changes)}.{encoded(payload)}.{signature}"


def resigned(issued: Issued, header: dict[str, Any] | None = None, **changes: Any) -> str:
    """Signed by the issuer itself, so that only strictness can refuse it."""
    _, payload, _ = parts(issued)
    headers = {"kid": issued.issuer.key_id} | (header or {})
    return jwt.encode(payload | changes, issued.issuer.private_pem.decode(), "EdDSA", headers)


def public_key_as_secret(issued: Issued) -> str:
    """HS256 keyed with the public key, which everybody has: what verifiers fall for that let the token choose."""
    header, payload, _ = parts(issued)
    text = f"{encoded(header | {'alg': 'HS256'})}.{encoded(payload)}"
    secret = pem(signing_key(issued.issuer.did_document(), issued.issuer.did, issued.issuer.key_id))
    mac = hmac.new(secret, text.encode(), hashlib.sha256).digest()
    return f"{text}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"


def key_of_its_own(issued: Issued) -> str:
    key = rsa.generate_private_key(65537, 2048)
    jwk = jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
    return jwt.encode(parts(issued)[1], key, "RS256", {"kid": issued.issuer.key_id, "jwk": jwk})


def swapped_payload(issued: Issued) -> str:
    header, _, signature = issued.credential.jwt.split(".")
    return f"{header}.{issued.issue().jwt.split('.')[1]}.{signature}"


def changed_payload(issued: Issued) -> str:
    header, payload, signature = parts(issued)
    payload["credentialSubject"]["result"][1]["value"] = "99.00"
    return f"{encoded(header)}.{encoded(payload)}.{signature}"


def key_twice(issued: Issued) -> str:
    header, body, signature = issued.credential.jwt.split(".")
    text = base64.urlsafe_b64decode(body + "==").decode().replace('"name":', '"name":"Eve","name":', 1)
    return f"{header}.{base64.urlsafe_b64encode(text.encode()).rstrip(b'=').decode()}.{signature}"


def other_spelling(issued: Issued) -> str:
    """The same 64 bytes of signature, its last character with stray bits that decoders ignore."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    token = issued.credential.jwt
    return token[:-1] + alphabet[alphabet.index(token[-1]) + 1]


FORGERIES: dict[str, tuple[Callable[[Issued], str], str]] = {
    "algorithm none": (lambda i: with_header(i, alg="none").rpartition(".")[0] + ".", "only EdDSA"),
    "algorithm None in capitals": (lambda i: with_header(i, alg="NONE"), "only EdDSA"),
    "algorithm left out": (lambda i: with_header(i, alg=None), "only EdDSA"),
    "public key as secret": (public_key_as_secret, "only EdDSA"),
    "RSA key in the header": (key_of_its_own, "only EdDSA"),
    "ES256": (lambda i: with_header(i, alg="ES256"), "only EdDSA"),
    "embedded key": (lambda i: resigned(i, {"jwk": {"kty": "OKP"}}), "nothing else"),
    "key from an address": (lambda i: resigned(i, {"jku": "https://evil.example/keys"}), "nothing else"),
    "critical extension": (lambda i: with_header(i, crit=["exp"]), "nothing else"),
    "payload not encoded": (lambda i: with_header(i, b64=False), "nothing else"),
    "no key id": (lambda i: with_header(i, kid=None), "nothing else"),
    "type of another token": (lambda i: with_header(i, typ="at+jwt"), "nothing else"),
    "key of someone else": (lambda i: with_header(i, kid="did:web:evil.example#key-1"), "not of its issuer"),
    "key that is not listed": (lambda i: with_header(i, kid=i.issuer.did + "#key-1999-01"), "does not list the key"),
    "score raised": (changed_payload, "does not match the content"),
    "swapped payload": (swapped_payload, "does not match the content"),
    "header changed": (lambda i: with_header(i), "does not match the content"),
    "key twice": (key_twice, "appears twice"),
    "signature left out": (lambda i: i.credential.jwt.rpartition(".")[0] + ".", "does not match the content"),
    "signature cut short": (lambda i: i.credential.jwt[:-4], "does not match the content|base64url"),
    "signature spelt otherwise": (other_spelling, "not canonical base64url"),
    "padded": (lambda i: i.credential.jwt + "==", "base64url"),
    "two parts": (lambda i: i.credential.jwt.rpartition(".")[0], "three parts"),
    "five parts": (lambda i: i.credential.jwt + ".e30.e30", "three parts"),
    "line break inside": (lambda i: i.credential.jwt.replace(".", ".\n", 1), "base64url"),
    "holds longer than it says": (lambda i: resigned(i, exp=4102444800), "do not match the credential"),
    "no end though it says one": (lambda i: resigned(i, exp=None), "do not match the credential"),
    "end as a fraction": (lambda i: resigned(i, exp=parts(i)[1]["exp"] + 0.5), "not a whole number"),
    "begins as true": (lambda i: resigned(i, nbf=True), "do not match the credential"),
    "issuer of the token another": (lambda i: resigned(i, iss="did:web:evil.example"), "do not match the credential"),
    "id of the token another": (lambda i: resigned(i, jti="urn:uuid:0"), "do not match the credential"),
    "claims in vc as of old": (lambda i: resigned(i, vc={}), "do not have"),
    "claim added": (lambda i: resigned(i, grade="A+"), "do not have"),
    "subject added": (lambda i: resigned(i, sub="did:web:eve.example"), "do not have"),
    "proof inside": (lambda i: resigned(i, proof=i.document["proof"]), "do not have"),
    "10 MB": (lambda i: i.credential.jwt + 10_000_000 * "A", "larger than|base64url|does not match"),
}


@pytest.mark.parametrize("kind", FORGERIES)
def test_a_forged_token_is_invalid(issued: Issued, kind: str) -> None:
    forge, reasons = FORGERIES[kind]
    verdict = issued.check(forge(issued))
    assert verdict.answer == "invalid"
    assert any(reason in verdict.line for reason in reasons.split("|"))
    assert not verdict.facts


def test_the_token_itself_is_valid(issued: Issued) -> None:
    assert issued.check(issued.credential.jwt + "\n").line == issued.check(issued.credential.json).line
    assert issued.check(resigned(issued)).answer == "valid"


def test_a_token_of_a_stranger_who_takes_the_issuers_key_id_is_invalid(issued: Issued, tmp_path: Path) -> None:
    fake = stranger(tmp_path / "fake")
    forged = jwt.encode(parts(issued)[1], fake.private_pem.decode(), "EdDSA", {"kid": issued.issuer.key_id})
    assert "does not match the content" in issued.check(forged).line
