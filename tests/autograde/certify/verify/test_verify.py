"""``course verify``, ``course revoke`` and ``course issuer``, as a person at a terminal meets them."""

import json
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from issued_course import Issued, issued_course, signed, stranger
from mini_course import Course
from typer.testing import CliRunner

from autograde.certify.credential.keys import Issuer
from autograde.certify.issue.issuer_files import issuer_files
from autograde.certify.issue.status_register import StatusRegister
from autograde.cli import app
from autograde.files import replace_files

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def issued(tmp_path: Path) -> Issued:
    """Issued today: the command knows no other day."""
    course = issued_course(tmp_path / "course")
    course.credential = course.issue(datetime.now(UTC))
    course.publish(datetime.now(UTC))
    (course.root / "credential.json").write_bytes(course.credential.json)
    (course.root / "credential.jwt").write_text(course.credential.jwt)
    return course


@pytest.fixture
def run(issued: Issued, course: Course) -> Run:
    return lambda *words: course(*words, cwd=issued.root)


def test_a_genuine_credential_exits_0_with_one_line(run: Run) -> None:
    for name in ("credential.json", "credential.jwt"):
        done = run("verify", name)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.startswith("valid: Ada Lovelace 林, AI Practitioner, level merit, overall 82.50 %")
        assert done.stdout.count("\n") == 1


def test_an_altered_one_exits_1_with_the_reason(issued: Issued, run: Run) -> None:
    (issued.root / "altered.json").write_bytes(issued.credential.json.replace(b"82.50", b"99.00"))
    done = run("verify", "altered.json")
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.startswith("invalid: the signature does not match the content")
    assert done.stdout.count("\n") == 1


@pytest.mark.parametrize("words", [("verify", "nowhere.json"), ("verify", "course.toml"), ("verify", "certificates"), ("verify",),
                                   ("verify", "credential.json", "--trust", "nobody.txt"), ("verify", "x", "--nonsense")])  # fmt: skip
def test_what_cannot_be_checked_exits_2_without_a_traceback(run: Run, words: tuple[str, ...]) -> None:
    done = run(*words)
    assert done.returncode == 2
    assert "Traceback" not in done.stdout + done.stderr
    assert len((done.stdout + done.stderr).splitlines()) == 1


def test_an_employer_elsewhere_gives_what_the_issuer_published(issued: Issued, course: Course, tmp_path: Path) -> None:
    desk = tmp_path / "desk"
    (issued.certificates).rename(desk)
    (issued.root / "credential.json").rename(desk / "credential.json")
    alone = course("verify", "credential.json", cwd=desk)
    assert (alone.returncode, alone.stdout.split(":")[0]) == (2, "could not check")
    options = ("--trust", "trusted.txt", "--did", ".", "--status", "status")
    assert course("verify", "credential.json", *options, cwd=desk).returncode == 0
    mapping = {issued.issuer.did: "did.json", issued.issuer.status_url: "status/1.json"}
    (desk / "map.json").write_text(json.dumps(mapping))
    options = ("--trust", "trusted.txt", "--map", "map.json")
    assert course("verify", "credential.json", *options, cwd=desk).returncode == 0


def test_it_says_whom_it_trusted_and_why(issued: Issued, run: Run) -> None:
    did = issued.issuer.did
    own = f"[trusted: {did}, this course's own issuer (its keys lie in {issued.issuer.folder})]\n"
    assert run("verify", "credential.json").stdout.endswith(own)
    listed = ("--trust", "certificates/trusted.txt", "--did", "certificates/did.json")
    assert run("verify", "credential.json", *listed).stdout.endswith(f"[trusted: {did}, of certificates/trusted.txt]\n")


def unpacked(issued: Issued, folder: Path, fake: Issuer, files: str) -> str:
    """What a stranger packs: a credential in the issuer's name, and whatever makes it look genuine beside it."""
    folder.mkdir()
    document = {**issued.issuer.did_document()}
    document["verificationMethod"] = [{**document["verificationMethod"][0], "publicKeyMultibase": fake.keys[0].public}]
    own = issued.issuer
    signer = replace(fake, did=own.did, key_id=own.key_id, url=own.url)
    shutil.copytree(issued.certificates, folder / "certificates")
    replace_files(issuer_files(signer, StatusRegister(fake.folder), folder / "certificates", datetime.now(UTC)))
    (folder / "certificates" / "did.json").write_text(json.dumps(document))
    (folder / "certificate.json").write_text(signed(issued.claims, signer, when=datetime.now(UTC)))
    if "course.toml" in files:
        shutil.copy(issued.root / "course.toml", folder)
    if "keys elsewhere" in files:  # those of whoever unpacks it: they are no keys of the stranger's
        with (folder / "course.toml").open("a") as settings:
            settings.write(f'key = "{issued.issuer.folder}"\n')
    return "certificate.json"


@pytest.mark.parametrize("files", ["certificates", "certificates, course.toml", "course.toml, keys elsewhere"])
def test_an_unpacked_archive_brings_no_issuers_of_its_own(
    issued: Issued, course: Course, tmp_path: Path, files: str
) -> None:
    fake = stranger(tmp_path / "fake")
    folder = tmp_path / "unpacked"
    name = unpacked(issued, folder, fake, files)
    explicit = (
        "--trust",
        "certificates/trusted.txt",
        "--did",
        "certificates/did.json",
        "--status",
        "certificates/status",
    )
    assert course("verify", name, *explicit, cwd=folder).returncode == 0  # else the forgery itself is at fault
    done = course("verify", name, cwd=folder)
    assert done.returncode in (1, 2)
    assert done.stdout.startswith(("could not check: no list of trusted issuers", "invalid: "))
    assert done.stdout.count("\n") == 1
    trusting = tmp_path / "mine.txt"
    trusting.write_text(f"{issued.issuer.did}\n")
    mine = course("verify", name, "--trust", str(trusting), cwd=folder)
    assert mine.returncode in (1, 2), mine.stdout  # a list of one's own does not make their did.json the issuer's


def test_the_list_of_trusted_issuers_can_be_named_once_for_all(
    issued: Issued, course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COURSE_TRUST", str(issued.certificates / "trusted.txt"))
    options = ("--did", str(issued.certificates), "--status", str(issued.certificates / "status"))
    assert CliRunner().invoke(app, ["verify", str(issued.root / "credential.json"), *options]).exit_code == 0


def test_revoking_shows_at_once_and_is_written_down(issued: Issued, run: Run) -> None:
    done = run("revoke", "credential.json", "--reason", "wrong person")
    assert done.returncode == 0, done.stderr
    assert f"{issued.credential.id} is revoked" in done.stdout
    assert run("verify", "credential.json").stdout.startswith("invalid: the issuer has revoked it [trusted: ")
    assert run("verify", "credential.jwt").returncode == 1
    log = [json.loads(line) for line in (issued.root / "gradebook" / "audit.jsonl").read_text().splitlines()]
    assert [(entry["kind"], entry["credential"], entry["state"]) for entry in log] == [
        ("revocation", issued.credential.id, "revoked")
    ]
    again = run("revoke", issued.credential.id, "--reason", "once more")
    assert again.returncode == 1
    assert again.stderr == f"course: {issued.credential.id} is revoked already: wrong person\n"


def test_a_suspension_can_be_lifted_for_a_new_credential_only(issued: Issued, run: Run) -> None:
    assert run("revoke", issued.credential.id, "--reason", "under review", "--suspend").returncode == 0
    assert run("verify", "credential.json").returncode == 1
    assert run("revoke", issued.credential.id, "--reason", "cleared", "--lift").returncode == 0
    assert run("verify", "credential.json").returncode == 1
    assert issued.register.state(issued.credential.id) == "lifted"
    assert run("revoke", issued.credential.id, "--reason", "?", "--lift", "--suspend").returncode == 2


def test_revoking_something_unknown_changes_nothing(issued: Issued, run: Run) -> None:
    before = issued.register.path.read_bytes()
    done = run("revoke", "urn:uuid:0", "--reason", "?")
    assert done.returncode == 1
    assert "no credential 'urn:uuid:0'" in done.stderr
    assert issued.register.path.read_bytes() == before


def test_the_issuer_signs_anew_rotates_and_removes(issued: Issued, run: Run) -> None:
    shown = run("issuer")
    assert shown.returncode == 0
    assert "did:web:certificates.example.org:ai" in shown.stdout
    assert "key-2026-01  signing" in shown.stdout
    assert "PRIVATE" not in shown.stdout
    (issued.certificates / "status" / "1.jwt").write_text("gone")
    (issued.certificates / "status" / "1.json").unlink()
    assert run("verify", "credential.json").returncode == 2
    assert run("issuer", "--publish").returncode == 0
    assert run("verify", "credential.json").returncode == 0
    assert run("issuer", "--rotate").returncode == 0
    assert run("verify", "credential.json").returncode == 0
    assert run("issuer", "--remove", "key-2026-01").returncode == 0
    done = run("verify", "credential.json")
    assert done.returncode == 1
    assert "does not list the key" in done.stdout
    assert run("issuer", "--remove", "key-2026-01", "--rotate").returncode == 2


def test_a_key_that_is_missing_is_one_line(issued: Issued, run: Run) -> None:
    (issued.root / "gradebook" / "issuer" / "keys.json").unlink()
    for words in (("issuer",), ("issuer", "--publish"), ("revoke", issued.credential.id, "--reason", "r")):
        done = run(*words)
        assert done.returncode == 1
        assert len(done.stderr.splitlines()) == 1
        assert "keys.json" in done.stderr or "issuer's key" in done.stderr
