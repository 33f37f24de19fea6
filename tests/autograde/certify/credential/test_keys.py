"""Keys: made once, kept from others, rotated, removed; and what the issuance log knows when one was stolen."""

import json
import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from issued_course import ADDRESS, NOW, Issued, issued_course

from autograde.certify.credential import keys
from autograde.certify.credential.claims import digest
from autograde.certify.credential.secure import add_proof, to_jwt
from autograde.certify.verify.issuance_log import issued_in, lookup
from autograde.errors import CourseError
from autograde.settings.course_folder import CourseFolder

LATER = datetime(2026, 7, 1, tzinfo=UTC)


@pytest.fixture
def issued(tmp_path: Path) -> Issued:
    return issued_course(tmp_path / "course")


def key_file(issued: Issued) -> Path:
    return issued.root / "gradebook" / "issuer" / "keys.json"


def test_the_first_key_is_made_once_and_only_its_owner_reads_it(issued: Issued) -> None:
    assert issued.issuer.key_id == "did:web:certificates.example.org:ai#key-2026-01"
    assert (
        keys.load_or_create(CourseFolder.read(issued.root), LATER)
        == issued.issuer
        == keys.load(CourseFolder.read(issued.root))
    )
    if os.name == "posix":
        assert key_file(issued).stat().st_mode & 0o777 == 0o600
        assert key_file(issued).parent.stat().st_mode & 0o777 == 0o700


def test_several_who_come_first_at_once_find_one_key(tmp_path: Path) -> None:
    (tmp_path / "course.toml").write_text('id = "c"\n')
    with ThreadPoolExecutor(8) as pool:
        found = {
            issuer.did for issuer in pool.map(lambda _: keys.load_or_create(CourseFolder.read(tmp_path), NOW), range(8))
        }
    assert len(found) == 1


def test_the_private_key_is_shown_nowhere(issued: Issued) -> None:
    secret = json.loads(key_file(issued).read_text())["keys"][0]["private"].splitlines()[1]
    published = b"".join(path.read_bytes() for path in issued.certificates.rglob("*") if path.is_file())
    assert secret not in repr(issued.issuer) + repr(issued.issuer.keys) + published.decode("latin-1")


def test_without_an_address_the_issuer_is_a_did_key(tmp_path: Path) -> None:
    issued = issued_course(tmp_path / "course", issuer="")
    assert issued.issuer.did.startswith("did:key:z6Mk")
    assert issued.issuer.name == "AI Practitioner"
    assert issued.issuer.status_url.startswith("urn:uuid:")
    (issued.certificates / "did.json").unlink()  # the DID says it all
    assert issued.check(issued.credential.json).answer == "valid"
    assert issued.check(issued.credential.jwt).answer == "valid"
    for change in (
        lambda: keys.rotate(CourseFolder.read(issued.root), LATER),
        lambda: keys.remove(CourseFolder.read(issued.root), "key-2026-01", LATER),
    ):
        with pytest.raises(CourseError, match="a did:key is one key forever"):
            change()


@pytest.mark.parametrize(
    ("did", "place"),
    [("did:web:example.org", ".well-known/did.json"), ("did:web:example.org%3A8443:a:b", "did.json")],
)
def test_did_json_lies_where_its_did_web_is_looked_for(tmp_path: Path, did: str, place: str) -> None:
    issued = issued_course(tmp_path / "course", issuer=f'[issuer]\ndid = "{did}"\n')
    assert json.loads((issued.certificates / place).read_text())["id"] == did
    assert issued.check(issued.credential.json).answer == "valid"


def test_after_rotation_old_credentials_verify_and_new_ones_carry_the_new_key(issued: Issued) -> None:
    old = issued.credential
    issued.issuer = keys.rotate(CourseFolder.read(issued.root), LATER)
    assert issued.issuer.key_id.endswith("#key-2026-07")
    issued.publish(LATER)
    new = issued.issue(LATER)
    assert new.document["proof"][0]["verificationMethod"] == issued.issuer.key_id
    for credential in (old, new):
        assert issued.check(credential.json, LATER).answer == "valid"
        assert issued.check(credential.jwt, LATER).answer == "valid"


def test_a_retired_key_leaves_no_private_part_behind(issued: Issued) -> None:
    keys.rotate(CourseFolder.read(issued.root), LATER)
    found = json.loads(key_file(issued).read_text())["keys"]
    assert [(key["state"], key["private"] is None) for key in found] == [("retired", True), ("signing", False)]


def test_two_keys_of_one_month_have_names_of_their_own(issued: Issued) -> None:
    names = [key.name for key in keys.rotate(CourseFolder.read(issued.root), NOW + timedelta(hours=1)).keys]
    assert names == ["key-2026-01", "key-2026-01-2"]


def test_what_a_removed_key_signed_is_invalid_and_a_new_key_takes_its_place(issued: Issued) -> None:
    old = issued.credential
    issued.issuer = keys.remove(CourseFolder.read(issued.root), "key-2026-01", LATER)
    issued.publish(LATER)
    assert "does not list the key" in issued.check(old.json, LATER).line
    assert issued.check(issued.issue(LATER).json, LATER).answer == "valid"
    with pytest.raises(CourseError, match="no key 'key-2026-01' to remove; listed are key-2026-07"):
        keys.remove(CourseFolder.read(issued.root), "key-2026-01", LATER)


def test_a_back_dated_credential_of_a_stolen_key_is_told_by_the_issuance_log(issued: Issued, tmp_path: Path) -> None:
    genuine = issued.credential
    entry = {"kind": "issue", "credential": genuine.id, "sha256": genuine.sha256, "at": "2026-01-31T10:00:00Z"}
    log = tmp_path / "audit.jsonl"
    log.write_text(json.dumps({"kind": "snapshot"}) + "\n" + json.dumps(entry) + "\n")
    thief = replace(issued.issuer)  # the whole issuer, private key and all
    claims = issued.claims
    claims["credentialSubject"]["identifier"][0]["identityHash"] = "Eve"
    for new_id in (genuine.id, genuine.id[:-4] + "0000"):  # under the id of a genuine one, and under one of its own
        claims["id"] = new_id
        for forged in (json.dumps(add_proof(claims, thief, NOW)), to_jwt(claims, thief)):
            assert issued.check(forged).answer == "valid"  # no signature can tell
            verdict = issued.check(forged, issued=log)
            assert verdict.answer == "invalid"
            assert "by the issuance log" in verdict.line
    assert issued.check(genuine.json, issued=log).answer == "valid"
    assert issued.check(genuine.jwt, issued=log).answer == "valid"
    issued_entries = issued_in(log.read_bytes())
    assert lookup(genuine.id, genuine.sha256, issued_entries) == "genuine"
    assert lookup(genuine.id, digest({**claims, "id": genuine.id}), issued_entries) == "altered"
    assert lookup(claims["id"], digest(claims), issued_entries) == "not issued"


def test_after_its_removal_the_log_still_says_which_were_genuine(issued: Issued, tmp_path: Path) -> None:
    """So that the issuer knows which to issue again."""
    log = tmp_path / "audit.jsonl"
    genuine = issued.credential
    log.write_text(json.dumps({"kind": "issue", "credential": genuine.id, "sha256": genuine.sha256, "at": "x"}) + "\n")
    issued.issuer = keys.remove(CourseFolder.read(issued.root), "key-2026-01", LATER)
    issued.publish(LATER)
    assert "does not list the key" in issued.check(genuine.json, LATER, issued=log).line
    changed = issued.document
    changed["credentialSubject"]["result"][1]["value"] = "99.00"
    assert "by the issuance log" in issued.check(changed, LATER, issued=log).line


def test_a_damaged_issuance_log_decides_nothing(issued: Issued, tmp_path: Path) -> None:
    log = tmp_path / "audit.jsonl"
    for text in ("garbage\n", '{"kind": "issue"}\n', "[]\n"):
        log.write_text(text)
        verdict = issued.check(issued.credential.json, issued=log)
        assert verdict.answer == "unknown"
        assert "line 1" in verdict.line


def test_lost_keys_are_not_answered_with_a_new_issuer(issued: Issued) -> None:
    key_file(issued).unlink()
    with pytest.raises(CourseError, match="restore the keys from your backup"):
        keys.load_or_create(CourseFolder.read(issued.root), LATER)
    with pytest.raises(CourseError, match="there is no issuer's key"):
        keys.load(CourseFolder.read(issued.root))
    assert not key_file(issued).exists()


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"schema": 1, "keys": []}', '{"schema": 1, "keys": [{"x": 1}]}'])
def test_a_damaged_key_file_is_one_line_that_says_what_to_do(issued: Issued, text: str) -> None:
    key_file(issued).write_text(text)
    with pytest.raises(CourseError, match=r"is damaged .*; restore it from your backup"):
        keys.load(CourseFolder.read(issued.root))


def test_a_private_key_that_is_not_the_public_ones_is_refused(issued: Issued, tmp_path: Path) -> None:
    other = json.loads(key_file(issued_course(tmp_path / "other")).read_text())
    own = json.loads(key_file(issued).read_text())
    own["keys"][0]["private"] = other["keys"][0]["private"]
    key_file(issued).write_text(json.dumps(own))
    with pytest.raises(CourseError, match="does not match the public one"):
        keys.load(CourseFolder.read(issued.root))


@pytest.mark.skipif(os.name != "posix", reason="permissions of this kind are POSIX's")
def test_a_key_file_that_others_can_read_is_refused(issued: Issued) -> None:
    key_file(issued).chmod(0o644)
    with pytest.raises(CourseError, match="can be read by others; run: chmod 600"):
        keys.load(CourseFolder.read(issued.root))


def test_the_environment_names_another_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSE_KEYS", str(tmp_path / "vault"))
    issued = issued_course(tmp_path / "course")
    assert (tmp_path / "vault" / "keys.json").is_file()
    assert not (issued.root / "gradebook").exists()


def test_a_folder_that_git_would_commit_is_refused(tmp_path: Path) -> None:
    try:
        subprocess.run(["git", "init", "-q", str(tmp_path)], check=True, capture_output=True, timeout=60)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("there is no git")
    (tmp_path / "course.toml").write_text('id = "c"\n')
    with pytest.raises(CourseError, match="git would commit the private key"):
        keys.load_or_create(CourseFolder.read(tmp_path), NOW)
    (tmp_path / ".gitignore").write_text("/gradebook/\n")
    assert keys.load_or_create(CourseFolder.read(tmp_path), NOW).did


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("colour = 1", "unknown key"),
        ('url = "http://example.org"', "did:web requires an https URL"),
        ('url = "https://user:secret@example.org"', "must not contain"),
        (f'url = "{ADDRESS}?a=1"', "has a query"),
        ('did = "did:key:z6Mk"', 'write "did:web:example.org:ai" or leave it out'),
        ('did = "did:web:"', 'write "did:web:example.org:ai" or leave it out'),
        ("name = 1", "name"),
    ],
)
def test_a_fault_in_the_issuers_table_is_told_with_its_line(tmp_path: Path, line: str, message: str) -> None:
    (tmp_path / "course.toml").write_text(f'id = "c"\n[issuer]\n{line}\n')
    with pytest.raises(CourseError, match=r"^course.toml:3: ") as caught:
        keys.load_or_create(CourseFolder.read(tmp_path), NOW)
    assert message in str(caught.value)
    assert "user:secret" not in str(caught.value)
