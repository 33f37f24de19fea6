"""Do programs of other people accept our credentials, and see what was altered or revoked?

Digital Bazaar's ``vc`` with its eddsa-rdfc-2022 suite and its bitstring status list, and ``jose``; all from npm. They need
``npm ci`` in this folder once.
"""

import json
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from issued_course import Issued, issued_course
from openbadgeslib.ob3.contexts import bundled_contexts

HERE = Path(__file__).parent
NODE = shutil.which("node")
pytestmark = [
    pytest.mark.skipif(NODE is None, reason="there is no Node"),
    pytest.mark.skipif(not (HERE / "node_modules").is_dir(), reason="the npm packages are missing: npm ci in tests/js"),
]


@pytest.fixture(params=["did:web", "did:key"])
def issued(tmp_path: Path, request: pytest.FixtureRequest) -> Issued:
    course = issued_course(tmp_path / "course", *([] if request.param == "did:web" else [""]))
    course.credential = course.issue(datetime.now(UTC))
    course.publish(datetime.now(UTC))
    return course


def ask(issued: Issued, form: str, text: str) -> dict[str, Any]:
    """What the other program says of a credential."""
    documents = dict(bundled_contexts())
    documents["https://www.w3.org/ns/did/v1"] = {"@context": {"id": "@id", "type": "@type"}}
    documents[issued.issuer.did] = json.loads((issued.certificates / "did.json").read_text())
    documents[issued.issuer.status_url] = json.loads((issued.certificates / "status" / "1.json").read_text())
    known, file = issued.root / "documents.json", issued.root / f"credential.{form}"
    known.write_text(json.dumps(documents), encoding="utf-8")
    file.write_text(text, encoding="utf-8")
    words = [str(NODE), str(HERE / "verify.mjs"), form, str(file), str(known)]
    run = subprocess.run(words, capture_output=True, text=True, timeout=180, check=False, cwd=HERE)
    assert run.returncode == 0, run.stderr
    answer: dict[str, Any] = json.loads(run.stdout)
    return answer


def test_a_data_integrity_credential_verifies_with_its_status(issued: Issued) -> None:
    assert ask(issued, "data-integrity", issued.credential.json.decode()) == {
        "verified": True,
        "revoked": False,
        "error": "",
    }


def test_an_altered_data_integrity_credential_does_not(issued: Issued) -> None:
    altered = issued.credential.json.decode().replace("82.50", "99.00")
    answer = ask(issued, "data-integrity", altered)
    assert answer["verified"] is False
    assert "signature" in answer["error"].lower()


def test_a_revoked_one_is_seen_as_revoked_by_the_bit_that_we_set(issued: Issued) -> None:
    issued.register.revoke(issued.credential.id, "wrong person", datetime.now(UTC))
    issued.publish(datetime.now(UTC))
    answer = ask(issued, "data-integrity", issued.credential.json.decode())
    assert answer["revoked"] is True


def test_jose_accepts_the_jwt_and_reads_the_same_claims(issued: Issued) -> None:
    answer = ask(issued, "jwt", issued.credential.jwt)
    assert answer["verified"] is True
    assert answer["header"] == {"alg": "EdDSA", "kid": issued.issuer.key_id, "typ": "JWT"}
    claims = {name: answer["payload"][name] for name in issued.claims}
    assert claims == issued.claims


def test_jose_refuses_an_altered_jwt(issued: Issued) -> None:
    header, _, signature = issued.credential.jwt.split(".")
    other = issued.issue(datetime.now(UTC)).jwt.split(".")[1]
    assert ask(issued, "jwt", f"{header}.{other}.{signature}")["verified"] is False
