"""What the status list says, and when it cannot be believed: then never "revoked" and never "valid"."""

import gzip
import json
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from issued_course import NOW, Issued, issued_course, signed, stranger

from autograde.certify.credential.instant import utc_text
from autograde.certify.credential.status_list import status_list
from autograde.certify.issue.status_register import ENTRIES

FORMS = ("json", "jwt")


@pytest.fixture
def issued(tmp_path: Path) -> Issued:
    return issued_course(tmp_path / "course")


def put(issued: Issued, text: str, name: str = "1.json") -> None:
    """Let the status lists be this one alone."""
    folder = issued.certificates / "status"
    for path in folder.iterdir():
        path.unlink()
    (folder / name).write_text(text, encoding="utf-8")


def claims(issued: Issued, *indexes: int, **changes: Any) -> dict[str, Any]:
    made = status_list(issued.issuer.did, issued.issuer.status_url, indexes, NOW)
    subject = {key: changes.pop(key) for key in ("encodedList", "statusPurpose") if key in changes}
    return {**made, **changes, "credentialSubject": {**made["credentialSubject"], **subject}}


def encoded(bits: bytes) -> str:
    return "u" + urlsafe_b64encode(gzip.compress(bits)).rstrip(b"=").decode()


@pytest.mark.parametrize("form", FORMS)
def test_a_revoked_credential_is_invalid_in_each_form_of_both(issued: Issued, form: str) -> None:
    issued.register.revoke(issued.credential.id, "wrong person", NOW)
    issued.publish()
    for path in (issued.certificates / "status").iterdir():
        verdict = issued.check(issued.credential.json if form == "json" else issued.credential.jwt, status=path)
        assert verdict.answer == "invalid"
        assert verdict.reasons == ("the issuer has revoked it",)


@pytest.mark.parametrize("form", FORMS)
def test_every_other_bit_leaves_it_valid(issued: Issued, form: str) -> None:
    others = set(range(ENTRIES)) - {issued.credential.status_index}
    put(issued, signed(claims(issued, *others), issued.issuer, form), f"1.{form}")
    assert issued.check(issued.credential.json).answer == "valid"


def test_revoked_and_expired_are_both_told(issued: Issued) -> None:
    later = NOW + timedelta(days=1200)
    issued.register.revoke(issued.credential.id, "wrong person", NOW)
    issued.publish(later)
    reasons = issued.check(issued.credential.json, later).reasons
    assert "expired" in reasons[0]
    assert "revoked" in reasons[1]


def bomb() -> str:
    return encoded(bytes(20_000_000))


UNBELIEVABLE: dict[str, tuple[Callable[[Issued], dict[str, Any]], str]] = {
    "another identity": (lambda i: claims(i, id="https://other.example/1"), "Subject.id|no current status list"),
    "out of date": (
        lambda i: claims(i, validFrom=utc_text(NOW - timedelta(days=20)), validUntil=utc_text(NOW - timedelta(1))),
        "out of date",
    ),
    "of the future": (
        lambda i: claims(i, validFrom=utc_text(NOW + timedelta(1)), validUntil=utc_text(NOW + timedelta(2))),
        "dated in the future",
    ),
    "valid for years": (lambda i: claims(i, validUntil=utc_text(NOW + timedelta(days=900))), "for more than"),
    "without an end": (
        lambda i: {name: value for name, value in claims(i).items() if name != "validUntil"},
        "validUntil is missing",
    ),
    "too short": (lambda i: claims(i, encodedList=encoded(bytes(1024))), "only 8192 entries"),
    "empty": (lambda i: claims(i, encodedList=encoded(b"")), "only 0 entries"),
    "no gzip": (lambda i: claims(i, encodedList="u" + 200 * "A"), "cannot be read"),
    "gzip cut short": (lambda i: claims(i, encodedList=encoded(bytes(ENTRIES // 8))[:-8]), "cannot be read"),
    "gzip bomb": (lambda i: claims(i, encodedList=bomb()), "cannot be read"),
    "another purpose": (lambda i: claims(i, statusPurpose="suspension"), "statusPurpose is not"),
    "two purposes": (lambda i: claims(i, statusPurpose=["revocation"]), "statusPurpose is not"),
    "undefined property": (lambda i: claims(i, grade="A+"), "do not have"),
    "another context": (lambda i: claims(i, **{"@context": ["https://evil.example"]}), "@context"),
}


@pytest.mark.parametrize("kind", UNBELIEVABLE)
def test_a_list_that_cannot_be_believed_leaves_it_unchecked(issued: Issued, kind: str) -> None:
    make, reasons = UNBELIEVABLE[kind]
    put(issued, signed(make(issued), issued.issuer, "jwt"), "1.jwt")
    verdict = issued.check(issued.credential.json)
    assert verdict.answer == "unknown"
    assert any(reason in verdict.line for reason in reasons.split("|"))


@pytest.mark.parametrize("form", FORMS)
def test_a_foreign_list_neither_revokes_nor_clears(issued: Issued, tmp_path: Path, form: str) -> None:
    fake = stranger(tmp_path / "fake")
    for indexes in ((), (issued.credential.status_index,)):
        foreign = claims(issued, *indexes, issuer=fake.did)
        put(issued, signed(foreign, fake, form), f"1.{form}")
        verdict = issued.check(issued.credential.json)
        assert verdict.answer == "unknown"
        assert "another issuer" in verdict.line


@pytest.mark.parametrize("form", FORMS)
def test_a_list_that_a_stranger_signed_in_the_issuers_name_is_no_list(
    issued: Issued, tmp_path: Path, form: str
) -> None:
    put(issued, signed(claims(issued), stranger(tmp_path / "fake"), form), f"1.{form}")
    assert issued.check(issued.credential.json).answer == "unknown"


def test_a_list_with_a_bit_cleared_by_hand_is_no_list(issued: Issued) -> None:
    issued.register.revoke(issued.credential.id, "wrong person", NOW)
    issued.publish()
    document = json.loads((issued.certificates / "status" / "1.json").read_text())
    document["credentialSubject"]["encodedList"] = encoded(bytes(ENTRIES // 8))
    put(issued, json.dumps(document))
    assert issued.check(issued.credential.json).answer == "unknown"


def test_an_older_list_does_not_hide_a_revocation_from_the_newer_one(issued: Issued) -> None:
    old = (issued.certificates / "status" / "1.jwt").read_text()
    issued.register.revoke(issued.credential.id, "wrong person", NOW)
    issued.publish(NOW + timedelta(days=1))
    (issued.certificates / "status" / "0-old.jwt").write_text(old)
    assert issued.check(issued.credential.json, NOW + timedelta(days=1)).answer == "invalid"


@pytest.mark.parametrize("missing", ["status", "trust", "dids"])
def test_without_a_source_it_could_not_be_checked(issued: Issued, missing: str) -> None:
    for place in (None, issued.root / "nowhere"):
        verdict = issued.check(issued.credential.json, **{missing: place})
        assert verdict.answer == "unknown"
        option = {"status": "--status", "trust": "--trust", "dids": "--did"}[missing]
        assert option in verdict.line


def test_an_empty_list_of_trusted_issuers_trusts_nobody(issued: Issued) -> None:
    (issued.certificates / "trusted.txt").write_text("# nobody yet\n\n")
    assert issued.check(issued.credential.json).answer == "unknown"


DOCUMENTS: dict[str, tuple[Callable[[dict[str, Any]], object], str, str]] = {
    "key removed": (lambda d: d["verificationMethod"].clear(), "invalid", "does not list the key"),
    "key of another controller": (
        lambda d: d["verificationMethod"][0].update(controller="did:web:evil.example"),
        "invalid",
        "controlled by someone other",
    ),
    "key for another purpose": (lambda d: d["assertionMethod"].clear(), "invalid", "assertionMethod"),
    "key marked revoked": (
        lambda d: d["verificationMethod"][0].update(revoked="2026-01-01T00:00:00Z"),
        "invalid",
        "marked revoked",
    ),
    "key twice": (lambda d: d["verificationMethod"].append(d["verificationMethod"][0]), "unknown", "more than once"),
    "key of another kind": (
        lambda d: d["verificationMethod"][0].update(
            publicKeyMultibase="zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169"
        ),
        "unknown",
        "not an Ed25519 key",
    ),
    "key damaged": (lambda d: d["verificationMethod"][0].update(publicKeyMultibase="z6Mk"), "unknown", "malformed"),
    "key as a JWK": (
        lambda d: d["verificationMethod"][0].update(type="JsonWebKey"),
        "unknown",
        "not given as a Multikey",
    ),
    "another's document": (lambda d: d.update(id="did:web:evil.example"), "unknown", "--did"),
    "no list of keys": (lambda d: d.update(verificationMethod="x"), "invalid", "does not list the key"),
}


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_a_did_document_that_does_not_list_the_key_for_credentials_lets_nothing_pass(issued: Issued, kind: str) -> None:
    change, answer, reason = DOCUMENTS[kind]
    path = issued.certificates / "did.json"
    document = json.loads(path.read_text())
    change(document)
    path.write_text(json.dumps(document))
    for data in (issued.credential.json, issued.credential.jwt):
        verdict = issued.check(data)
        assert verdict.answer == answer
        assert reason in verdict.line


def test_a_map_leads_to_local_copies(issued: Issued, tmp_path: Path) -> None:
    folder = tmp_path / "copies"
    folder.mkdir()
    (issued.certificates / "did.json").rename(folder / "did")
    (issued.certificates / "status" / "1.jwt").rename(folder / "list")
    (issued.certificates / "status" / "1.json").unlink()
    assert issued.check(issued.credential.json).answer == "unknown"
    mapping = folder / "map.json"
    mapping.write_text(json.dumps({issued.issuer.did: "did", issued.issuer.status_url: "list"}))
    assert issued.check(issued.credential.json, map=mapping).answer == "valid"
    mapping.write_text(json.dumps({issued.issuer.did + "/did.json": 1}))
    assert issued.check(issued.credential.json, map=mapping).answer == "unknown"


def test_nothing_is_fetched_for_an_issuer_whom_nobody_trusts(
    issued: Issued, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def refuse(address: str) -> bytes:
        asked.append(address)
        raise OSError("no network in this test")

    monkeypatch.setattr("autograde.certify.verify.lookup.download_file", refuse)
    claims_of_stranger = issued.claims
    claims_of_stranger["issuer"]["id"] = "did:web:evil.example"
    fake = replace(stranger(tmp_path / "fake"), did="did:web:evil.example", key_id="did:web:evil.example#key-1")
    assert issued.check(signed(claims_of_stranger, fake), online=True).answer == "invalid"
    assert asked == []
    verdict = issued.check(issued.credential.json, online=True, dids=None)
    assert verdict.answer == "unknown"
    assert asked == ["https://certificates.example.org/ai/did.json"]
