"""What a credential says, that it says no more, and that programs which are not ours read it the same."""

import base64
import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from issued_course import COURSE_TOML, EXAM, NOW, Issued, Learner, decision, issued_course, signed
from openbadgeslib.ob3 import OB3Verifier
from openbadgeslib.ob3.ldp import OB3LdpVerifier

from autograde.certify.credential.claims import email_hash, facts, printed_name, skills_of
from autograde.certify.credential.did_document import pem, signing_key
from autograde.certify.credential.form import check_credential
from autograde.certify.credential.instant import months_later, utc_text
from autograde.certify.credential.secure import split_jwt
from autograde.certify.issue.sign import issue
from autograde.errors import CourseError
from autograde.exact import canonical
from autograde.settings.policy_table import parse_policy
from autograde.settings.toml_tables import read_tables


@pytest.fixture(scope="module")
def issued(tmp_path_factory: pytest.TempPathFactory) -> Issued:
    return issued_course(tmp_path_factory.mktemp("issued") / "course")


def public_pem(issued: Issued) -> bytes:
    return pem(signing_key(issued.issuer.did_document(), issued.issuer.did, issued.issuer.key_id))


def test_both_forms_say_the_same_and_the_hash_is_that_of_both(issued: Issued) -> None:
    key_id, claims = split_jwt(issued.credential.jwt)
    assert key_id == issued.issuer.key_id == issued.document["proof"][0]["verificationMethod"]
    assert claims == issued.claims
    assert json.loads(issued.credential.json) == issued.document
    assert issued.credential.sha256 == hashlib.sha256(canonical(claims)).hexdigest()


def test_openbadgeslib_accepts_both_forms(issued: Issued) -> None:
    """The library signs, but its verifiers read the document on their own, by the clock of today."""
    credential = issued.issue(datetime.now(UTC))
    found = OB3LdpVerifier(public_pem(issued)).verify(credential.document)
    assert found.achievement.name == "AI Practitioner"
    assert OB3Verifier(public_pem(issued)).verify(credential.jwt).id == credential.id


def test_openbadgeslib_reads_our_status_list(tmp_path: Path) -> None:
    course, today = issued_course(tmp_path / "course"), datetime.now(UTC)
    credential = course.issue(today)
    lists = {course.issuer.status_url: course.certificates / "status" / "1.jwt"}

    def verify() -> str | None:
        key = OB3LdpVerifier(public_pem(course))
        document = credential.document
        return key.verify(document, check_status=True, download=lambda url: lists[url].read_bytes()).id

    course.publish(today)
    assert verify() == credential.id
    course.register.revoke(credential.id, "wrong person", NOW)
    course.publish(today)
    with pytest.raises(Exception, match="status 'revocation' is set"):
        verify()


def test_nothing_of_the_gradebook_but_level_and_scores_is_told(issued: Issued) -> None:
    check_credential(issued.claims)
    says = facts(issued.claims)
    assert says["level"] == "merit"
    assert says["overall"] == "82.50"
    assert says["policy"] == "ai-practitioner-foundations 1.1.0"
    assert (says["valid_from"], says["valid_until"]) == ("2026-01-31T10:00:00Z", "2029-01-31T10:00:00Z")
    text = issued.credential.json.decode()
    for secret in ("ada@example.org", "Ada@Example.org", '"ada"', "82.5/100"):
        assert secret not in text


def test_the_skills_of_required_chapters_are_signed_in_both_languages(issued: Issued) -> None:
    tag = issued.claims["credentialSubject"]["achievement"]["tag"]
    assert "Loss functions · 损失函数" in tag
    assert len(tag) == len(issued.policy.skills) == 8
    assert ("Gradient descent", "梯度下降") in skills_of(issued.claims)
    text = COURSE_TOML.read_text(encoding="utf-8").replace("required = true", "required = false")
    nobody_showed_them = parse_policy(read_tables(text))
    assert nobody_showed_them.skills == ()
    credential = issue(
        decision(nobody_showed_them), Learner(), issued.issuer, nobody_showed_them, "T", NOW, issued.register
    )
    assert "tag" not in credential.document["credentialSubject"]["achievement"]


@pytest.mark.parametrize("form", ["json", "jwt"])
def test_a_credential_of_before_there_were_skills_stays_valid(issued: Issued, form: str) -> None:
    claims = issued.claims
    del claims["credentialSubject"]["achievement"]["tag"]
    assert issued.check(signed(claims, issued.issuer, form)).answer == "valid"
    assert skills_of(claims) == []


@pytest.mark.parametrize("change", [list.reverse, lambda tag: tag.insert(0, tag[0]), list.clear])
def test_skills_that_the_signature_does_not_cover_are_refused(issued: Issued, change: Any) -> None:
    """JSON-LD takes tags for a set: their order and their repetition are not signed."""
    document = issued.document
    change(document["credentialSubject"]["achievement"]["tag"])
    assert issued.check(document).answer == "invalid"


def test_values_are_texts_and_sets_are_lists(issued: Issued) -> None:
    def walk(value: Any) -> None:
        assert not isinstance(value, (int, float)) or isinstance(value, bool)
        for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            walk(item)

    walk(issued.document)
    subject = issued.claims["credentialSubject"]
    for part in (issued.document["proof"], issued.document["evidence"], issued.document["type"], subject["result"]):
        assert isinstance(part, list)
    assert isinstance(issued.document["credentialStatus"], dict)


def test_the_email_is_there_for_who_knows_it_and_under_another_salt_each_time(issued: Issued) -> None:
    identities = [issued.claims["credentialSubject"]["identifier"][1]]
    identities.append(issued.issue().document["credentialSubject"]["identifier"][1])
    assert len({identity["salt"] for identity in identities}) == 2
    for identity in identities:
        assert identity["identityHash"] == email_hash(" ada@example.ORG ", identity["salt"])
    without = issued.issue(learner=Learner(email=None)).document
    assert len(without["credentialSubject"]["identifier"]) == 1
    assert issued.check(without).answer == "valid"


def test_the_evidence_names_the_decision_record(issued: Issued) -> None:
    record = hashlib.sha256(canonical(decision(issued.policy)))
    evidence = issued.claims["evidence"][0]
    assert evidence["narrative"] == f"SHA-256 {record.hexdigest()}"
    assert evidence["id"] == "ni:///sha-256;" + base64.urlsafe_b64encode(record.digest()).rstrip(b"=").decode()


@pytest.mark.parametrize(
    ("with_exam", "with_validity", "kind"),
    [
        (True, True, "Certification"),
        (True, False, "CertificateOfCompletion"),
        (False, True, "CertificateOfCompletion"),
        (False, False, "CertificateOfCompletion"),
    ],
)
def test_only_with_exam_and_expiry_is_it_a_certification(
    issued: Issued, with_exam: bool, with_validity: bool, kind: str
) -> None:
    text = COURSE_TOML.read_text(encoding="utf-8").replace("\n# exam = ", "\n#")
    validity = 'validity = { months = 36, renewal = "exam" }\n'
    assert validity in text
    text = text.replace(validity, (validity if with_validity else "") + (EXAM if with_exam else ""))
    policy = parse_policy(read_tables(text))
    credential = issue(decision(policy), Learner(), issued.issuer, policy, "AI Practitioner", NOW, issued.register)
    assert credential.document["credentialSubject"]["achievement"]["achievementType"] == kind
    verdict = issued.check(credential.json)
    assert verdict.answer == "valid"
    assert ("exam 90.00 %" in verdict.line) == with_exam
    assert ("validUntil" in credential.document) == with_validity
    assert issued.check(credential.jwt) == verdict


@pytest.mark.parametrize("status", ["none", "pending"])
def test_who_has_not_passed_gets_nothing_and_no_index_is_spent(issued: Issued, status: str) -> None:
    before = issued.register.path.read_bytes()
    failed = decision(issued.policy, status=status, level=None)
    with pytest.raises(CourseError, match="no credential is issued"):
        issue(failed, Learner(), issued.issuer, issued.policy, "AI Practitioner", NOW, issued.register)
    assert issued.register.path.read_bytes() == before


def test_a_decision_of_another_policy_is_refused(issued: Issued) -> None:
    other = decision(issued.policy) | {"policy": {"id": "x", "version": "1", "sha256": 64 * "0"}}
    with pytest.raises(CourseError, match="another policy"):
        issue(other, Learner(), issued.issuer, issued.policy, "AI Practitioner", NOW, issued.register)


@pytest.mark.parametrize("name", ["", "   ", "Ada\nLovelace", "Ada\0", "Ada \u202eecalevoL", "\ud800", 201 * "A"])
def test_a_name_that_cannot_stand_on_a_certificate_is_refused_before_an_index_is_spent(
    issued: Issued, name: str
) -> None:
    before = issued.register.path.read_bytes()
    with pytest.raises(CourseError, match="cannot stand on a certificate; correct it in the gradebook"):
        issued.issue(learner=Learner(name))
    assert issued.register.path.read_bytes() == before


@pytest.mark.parametrize(
    "name",
    ["李", "Nguyễn Thị Minh Khai", "محمد بن سلمان", 'O\'Neill-García, <b>Ph.D.</b> & "x" \\', "𠮷野家", 200 * "W"],
)
def test_names_of_all_scripts_stand_as_they_are(issued: Issued, name: str) -> None:
    credential = issued.issue(learner=Learner(name))
    for data in (credential.json, credential.jwt):
        assert issued.check(data).facts["name"] == name


@given(st.text(max_size=60))
def test_a_printed_name_is_one_line_or_refused(name: str) -> None:
    try:
        printed = printed_name(name)
    except CourseError as error:
        problem = str(error)
    else:
        problem = ""
        assert printed == printed.strip() == printed_name(printed)
        assert len(printed.splitlines()) == 1
    assert len(problem.splitlines()) <= 1


def test_the_same_randomness_gives_the_same_bytes(issued: Issued) -> None:
    """All randomness comes in as an argument."""
    register = SimpleNamespace(allocate=lambda credential_id, when: 7)
    made = [
        issue(decision(issued.policy), Learner(), issued.issuer, issued.policy, "T", NOW, register, lambda n: n * b"\7")
        for _ in range(2)
    ]
    assert made[0] == made[1]


@pytest.mark.parametrize(
    ("day", "months", "until"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2024-02-29", 36, "2027-02-28"),
        ("2026-11-30", 3, "2027-02-28"),
        ("2026-12-15", 12, "2027-12-15"),
    ],
)
def test_months_end_on_a_day_that_exists(day: str, months: int, until: str) -> None:
    start = datetime.fromisoformat(day).replace(tzinfo=UTC)
    assert utc_text(months_later(start, months))[:10] == until
