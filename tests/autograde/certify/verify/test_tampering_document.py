"""Is each way of changing a signed JSON credential seen? Every row of the table is one that somebody could try."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from issued_course import NOW, Issued, issued_course, signed, stranger

Change = Callable[[dict[str, Any]], object]


@pytest.fixture(scope="module")
def issued(tmp_path_factory: pytest.TempPathFactory) -> Issued:
    return issued_course(tmp_path_factory.mktemp("issued") / "course")


def subject(document: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = document["credentialSubject"]
    return found


INLINE = {"name": "https://example.org/elsewhere"}
CLIQUE = [{"id": f"_:b{i}", "type": ["Evidence"], "name": [{"id": f"_:b{j}"} for j in range(9)]} for i in range(9)]
DEFINED_ELSEWHERE = "https://www.w3.org/ns/credentials/examples/v2"

CHANGES: dict[str, tuple[Change, str]] = {
    "score raised": (lambda d: subject(d)["result"][1].update(value="99.00"), "does not match the content"),
    "level raised": (lambda d: subject(d)["result"][0].update(value="distinction"), "does not match the content"),
    "assurance raised": (lambda d: subject(d)["result"][2].update(value="proctored"), "does not match"),
    "name changed": (lambda d: subject(d)["identifier"][0].update(identityHash="Eve"), "does not match"),
    "e-mail changed": (
        lambda d: subject(d)["identifier"][1].update(identityHash="sha256$" + 64 * "0"),
        "does not match",
    ),
    "e-mail left out": (lambda d: subject(d)["identifier"].pop(), "does not match"),
    "salt changed": (lambda d: subject(d)["identifier"][1].update(salt=32 * "0"), "does not match"),
    "title changed": (lambda d: subject(d)["achievement"].update(name="AI Engineer"), "does not match"),
    "criteria changed": (lambda d: subject(d)["achievement"]["criteria"].update(narrative="all"), "does not match"),
    "policy version changed": (lambda d: subject(d)["achievement"].update(version="2.0.0"), "does not match"),
    "called a certification": (
        lambda d: subject(d)["achievement"].update(achievementType="Certification"),
        "does not match",
    ),
    "holds longer": (lambda d: d.update(validUntil="2099-01-31T10:00:00Z"), "does not match"),
    "holds for ever": (lambda d: d.pop("validUntil"), "does not match"),
    "began earlier": (lambda d: d.update(validFrom="2020-01-31T10:00:00Z"), "does not match"),
    "same instant in another zone": (lambda d: d.update(validFrom="2026-01-31T11:00:00+01:00"), "does not match"),
    "date without a zone": (lambda d: d.update(validFrom="2026-01-31T10:00:00"), "validFrom is not an instant"),
    "date that does not exist": (lambda d: d.update(validUntil="2029-02-31T10:00:00Z"), "validUntil is not an instant"),
    "issuer's name changed": (lambda d: d["issuer"].update(name="Harvard"), "does not match"),
    "issuer changed": (lambda d: d["issuer"].update(id="did:web:evil.example"), "not on the list"),
    "issuer as plain text": (lambda d: d.update(issuer=d["issuer"]["id"]), "issuer is not an object"),
    "evidence changed": (
        lambda d: d["evidence"][0].update(narrative="SHA-256 " + 64 * "0"),
        "does not match",
    ),
    "evidence left out": (lambda d: d.pop("evidence"), "evidence is missing"),
    "id changed": (lambda d: d.update(id="urn:uuid:" + "0" * 8 + 3 * "-0000" + "-" + 12 * "0"), "does not match"),
    "undefined property added": (lambda d: d.update(grade="A+"), "do not have"),
    "undefined property deep inside": (lambda d: subject(d)["result"][0].update(honours="yes"), "do not have"),
    "defined property that JSON-LD drops": (lambda d: subject(d).update(image="badge.png"), "do not have"),
    "null added": (lambda d: d.update(description=None), "do not have"),
    "empty list added": (lambda d: d.update(endorsement=[]), "do not have"),
    "relative address": (lambda d: d["issuer"].update(url="verified"), "issuer.url is not an address"),
    "reverse property": (lambda d: d.update({"@reverse": {}}), "do not have"),
    "property under its address": (lambda d: d.update({"https://schema.org/name": "Eve"}), "do not have"),
    "third context": (lambda d: d["@context"].append(DEFINED_ELSEWHERE), "@context"),
    "inline context": (lambda d: d["@context"].append(INLINE), "@context"),
    "inline context deep inside": (lambda d: subject(d).update({"@context": INLINE}), "do not have"),
    "contexts swapped": (lambda d: d["@context"].reverse(), "@context"),
    "older context": (lambda d: d["@context"].__setitem__(1, d["@context"][1].replace("3.0.3", "3.0.2")), "@context"),
    "type added": (lambda d: d["type"].append("EndorsementCredential"), "type is not"),
    "type of the subject changed": (lambda d: subject(d).update(type=["Profile"]), "type is not"),
    "result left out": (lambda d: subject(d)["result"].pop(), "result does not hold the required items"),
    "result doubled": (
        lambda d: subject(d)["result"].append(dict(subject(d)["result"][1])),
        "does not match resultDescription",
    ),
    "results swapped": (lambda d: subject(d)["result"].reverse(), "result"),
    "level that does not exist": (lambda d: subject(d)["result"][0].update(value="genius"), "level is not one"),
    "score as a number": (lambda d: subject(d)["result"][1].update(value=82), "is not text"),
    "score of 100 %, 1000-fold": (lambda d: subject(d)["result"][1].update(value="1000.00"), "is malformed"),
    "hashed as text": (lambda d: subject(d)["identifier"][0].update(hashed="false"), "is not False"),
    "second subject": (lambda d: d.update(credentialSubject=[subject(d), subject(d)]), "is not an object"),
    "status left out": (lambda d: d.pop("credentialStatus"), "credentialStatus is missing"),
    "status index changed": (
        lambda d: d["credentialStatus"].update(statusListIndex="7", id=d["credentialStatus"]["id"].split("#")[0] + "#7"),
        "does not match",
    ),
    "status index apart from its id": (lambda d: d["credentialStatus"].update(statusListIndex="7"), "credentialStatus.id"),
    "status list of one's own": (
        lambda d: d["credentialStatus"].update(id="https://evil.example/1#7", statusListIndex="7",
                                               statusListCredential="https://evil.example/1"),
        "does not match",
    ),
    "status purpose changed": (lambda d: d["credentialStatus"].update(statusPurpose="message"), "statusPurpose is not"),
    "two statuses": (lambda d: d.update(credentialStatus=2 * [d["credentialStatus"]]), "is not an object"),
    "clique of blank nodes": (lambda d: d.update(evidence=CLIQUE), "evidence does not hold the required items"),
    "blank node for an address": (lambda d: d["evidence"][0].update(id="_:b0"), "is malformed"),
    "control character in the name": (
        lambda d: subject(d)["identifier"][0].update(identityHash="Ada\u0007"),
        "control characters",
    ),
    "name written backwards": (
        lambda d: subject(d)["identifier"][0].update(identityHash="Ada \u202eEve"),
        "control characters",
    ),
    "lone surrogate": (lambda d: subject(d)["identifier"][0].update(identityHash="Ada \ud800"), "not UTF-8"),
    "no proof": (lambda d: d.pop("proof"), "proof"),
    "empty list of proofs": (lambda d: d.update(proof=[]), "proof"),
    "proof as an object": (lambda d: d.update(proof=d["proof"][0]), "proof"),
    "same proof twice": (lambda d: d["proof"].append(d["proof"][0]), "proof"),
    "unknown second proof": (lambda d: d["proof"].append({"type": "RsaSignature2018"}), "proof"),
    "another purpose": (lambda d: d["proof"][0].update(proofPurpose="authentication"), "proofPurpose"),
    "another suite": (lambda d: d["proof"][0].update(cryptosuite="ecdsa-rdfc-2019"), "cryptosuite"),
    "JCS instead of RDF": (lambda d: d["proof"][0].update(cryptosuite="eddsa-jcs-2022"), "cryptosuite"),
    "proof dated otherwise": (lambda d: d["proof"][0].update(created="2026-01-30T10:00:00Z"), "does not match"),
    "property added to the proof": (lambda d: d["proof"][0].update(domain="x"), "do not have"),
    "signature cut short": (lambda d: d["proof"][0].update(proofValue=d["proof"][0]["proofValue"][:-2]), "signature"),
    "signature of nought": (lambda d: d["proof"][0].update(proofValue="z" + 64 * "1"), "does not match"),
    "signature as base64": (lambda d: d["proof"][0].update(proofValue="u" + 86 * "A"), "proofValue"),
    "key that is not listed": (
        lambda d: d["proof"][0].update(verificationMethod=d["issuer"]["id"] + "#key-1999-01"),
        "does not list the key",
    ),
    "key of someone else": (
        lambda d: d["proof"][0].update(verificationMethod="did:web:evil.example#key-1"),
        "not of its issuer",
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", CHANGES)
def test_a_changed_credential_is_invalid(issued: Issued, kind: str) -> None:
    change, reason = CHANGES[kind]
    document = issued.document
    change(document)
    assert document != issued.credential.document
    verdict = issued.check(document)
    assert verdict.answer == "invalid"
    assert reason in verdict.line
    assert not verdict.facts


def test_the_credential_itself_is_valid(issued: Issued) -> None:
    verdict = issued.check(issued.document)
    assert verdict.reasons == ()
    assert verdict.exit_code == 0
    assert "Ada Lovelace 林, AI Practitioner, level merit, overall 82.50 %, unproctored" in verdict.line


TEXTS: dict[str, tuple[Callable[[str], str | bytes], str]] = {
    "key twice": (lambda t: t.replace('"name":', '"name": "Eve", "name":', 1), "appears twice"),
    "key twice, once escaped": (lambda t: t.replace('"name":', '"n\\u0061me": "Eve", "name":', 1), "appears twice"),
    "NaN": (lambda t: t.replace('"82.50"', "NaN"), "not a whole number"),
    "Infinity": (lambda t: t.replace('"82.50"', "1e999"), "not a whole number"),
    "binary float": (lambda t: t.replace('"82.50"', "82.5"), "not a whole number"),
    "10,000 digits": (lambda t: t.replace('"82.50"', 10_000 * "9"), "too many digits"),
    "cut short": (lambda t: t[: len(t) // 2], "not JSON"),
    "something behind": (lambda t: t + "{}", "not JSON"),
    "comment": (lambda t: t.replace("{", "{ /* */", 1), "not JSON"),
    "raw control character": (lambda t: t.replace("Ada", "Ada\0"), "not JSON"),
    "byte order mark": (lambda t: "\ufeff" + t, "another encoding"),
    "not UTF-8": (lambda t: t.encode("utf-8").replace("林".encode(), b"\xff\xfe"), "not UTF-8"),
    "nested 100,000 deep": (lambda t: t.replace('"82.50"', 100_000 * "[" + 100_000 * "]"), "nested too deeply"),
    "never closed": (lambda t: '{"a":' * 50_000, "nested too deeply"),
    "10 MB": (lambda t: t.replace("Ada", "A" * 10_000_000), "larger than"),
    "10 MB of spaces": (lambda t: t + 10_000_000 * " ", "larger than"),
    "a list": (lambda t: '{"x":1}'.join("[]"), "there is no credential"),
}


@pytest.mark.parametrize("kind", TEXTS)
def test_a_text_that_can_be_read_in_two_ways_or_none_is_refused(issued: Issued, kind: str) -> None:
    change, reason = TEXTS[kind]
    text = json.dumps(issued.document, ensure_ascii=False)
    changed = change(text)
    assert changed != text
    verdict = issued.check(changed)
    assert verdict.answer == ("unknown" if kind == "a list" else "invalid")
    assert reason in verdict.line


def test_another_credentials_proof_does_not_fit(issued: Issued) -> None:
    other = issued.issue()
    verdict = issued.check({**issued.document, "proof": other.document["proof"]})
    assert verdict.answer == "invalid"
    assert "does not match the content" in verdict.line


@pytest.mark.parametrize("form", ["json", "jwt"])
def test_what_a_stranger_issues_is_invalid(issued: Issued, tmp_path: Path, form: str) -> None:
    fake = stranger(tmp_path / "fake")
    claims = issued.claims
    claims["issuer"]["id"] = fake.did
    verdict = issued.check(signed(claims, fake, form))
    assert verdict.answer == "invalid"
    assert "not on the list of trusted issuers" in verdict.line


@pytest.mark.parametrize("form", ["json", "jwt"])
def test_what_a_stranger_signs_in_the_issuers_name_is_invalid(issued: Issued, tmp_path: Path, form: str) -> None:
    verdict = issued.check(signed(issued.claims, stranger(tmp_path / "fake"), form))
    assert verdict.answer == "invalid"
    assert "not of its issuer" in verdict.line


def test_a_second_proof_of_a_stranger_is_not_carried_by_the_first(issued: Issued, tmp_path: Path) -> None:
    document = issued.document
    document["proof"] += json.loads(signed(issued.claims, stranger(tmp_path / "fake")))["proof"]
    assert issued.check(document).answer == "invalid"


@pytest.mark.parametrize("form", ["json", "jwt"])
@pytest.mark.parametrize("days", [-1, 3 * 365 + 2])
def test_out_of_its_time_it_is_invalid(issued: Issued, form: str, days: int) -> None:
    data = issued.credential.json if form == "json" else issued.credential.jwt
    verdict = issued.check(data, NOW + timedelta(days=days))
    assert verdict.answer == "invalid"


@pytest.mark.parametrize("form", ["json", "jwt"])
def test_not_even_the_issuer_can_sign_an_undefined_property(issued: Issued, form: str) -> None:
    claims = issued.claims
    claims["credentialSubject"]["grade"] = "A+"
    assert issued.check(signed(claims, issued.issuer, form)).answer == "invalid"
