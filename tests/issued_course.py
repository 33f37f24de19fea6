"""An issuer with one credential out, and a stranger: what the tests of credentials work on."""

import copy
import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from autograde.certify.credential.keys import Issuer, load_or_create
from autograde.certify.credential.secure import add_proof, to_jwt
from autograde.certify.issue.issuer_files import issuer_files
from autograde.certify.issue.sign import Credential, issue
from autograde.certify.issue.status_register import StatusRegister
from autograde.certify.verify.check import check
from autograde.certify.verify.lookup import Lookup
from autograde.certify.verify.sources import Sources
from autograde.certify.verify.verdict import Verdict
from autograde.files import replace_files
from autograde.settings.course_folder import CourseFolder
from autograde.settings.policy import Policy

COURSE_TOML = Path(__file__).parent / "four_chapters.toml"
ADDRESS = "https://certificates.example.org/ai"
NOW = datetime(2026, 1, 31, 10, tzinfo=UTC)
EXAM = '\nexam = { assignment = "exam", min = "0.70", review_band_sem = "1.0" }\n'


@dataclass(frozen=True)
class Learner:
    """Whom a credential names."""

    name: str = "Ada Lovelace 林"
    email: str | None = "Ada@Example.org"


@dataclass
class Issued:
    """A course folder whose issuer has signed one credential and published what belongs to it."""

    root: Path
    policy: Policy
    issuer: Issuer
    register: StatusRegister
    credential: Credential

    @property
    def certificates(self) -> Path:
        return self.root / "certificates"

    @property
    def sources(self) -> Sources:
        folder = self.certificates
        return Sources(trust=folder / "trusted.txt", dids=folder / "did.json", status=folder / "status")

    @property
    def claims(self) -> dict[str, Any]:
        """The credential without its proof, to be changed at will."""
        return {name: value for name, value in copy.deepcopy(self.credential.document).items() if name != "proof"}

    @property
    def document(self) -> dict[str, Any]:
        """The credential with its proof, to be changed at will."""
        return copy.deepcopy(self.credential.document)

    def check(self, data: bytes | str | dict[str, Any], now: datetime = NOW, **sources: Any) -> Verdict:
        """Check in this process, where an exception would come through."""
        data = json.dumps(data) if isinstance(data, dict) else data
        data = data.encode() if isinstance(data, str) else data
        return check(data, Lookup(replace(self.sources, **sources)), now)

    def publish(self, when: datetime = NOW) -> None:
        replace_files(issuer_files(self.issuer, self.register, self.certificates, when))

    def issue(self, when: datetime = NOW, learner: Learner | None = None) -> Credential:
        title = "AI Practitioner"
        decided = decision(self.policy)
        return issue(decided, learner or Learner(), self.issuer, self.policy, title, when, self.register)


def issued_course(root: Path, issuer: str = f'[issuer]\nname = "Example Academy"\nurl = "{ADDRESS}"\n') -> Issued:
    """Make the course folder `root`; `issuer` is the text of course.toml's table."""
    root.mkdir(parents=True, exist_ok=True)
    (root / "course.toml").write_text(COURSE_TOML.read_text(encoding="utf-8") + "\n" + issuer, encoding="utf-8")
    policy = CourseFolder.read(root).policy
    who = load_or_create(CourseFolder.read(root), NOW)
    register = StatusRegister(who.folder)
    course = Issued(root, policy, who, register, None)  # type: ignore[arg-type]
    course.credential = course.issue()
    course.publish()
    return course


def decision(policy: Policy, **changes: Any) -> dict[str, Any]:
    """A decision record that passes with merit; an exam only where the policy has one."""
    exam = {"assignment": "exam", "score": "18", "maximum": "20", "percent": "90.00"} if policy.exam else None
    return {
        "schema": 1,
        "learner": "ada",
        "status": "level",
        "level": "merit",
        "policy": {"id": policy.id, "version": policy.version, "sha256": policy.sha256},
        "overall": {"score": "82.5", "maximum": "100", "percent": "82.50"},
        "exam": exam,
        **changes,
    }


def stranger(root: Path) -> Issuer:
    """An issuer with a key of its own, whom nobody trusts."""
    root.mkdir(parents=True, exist_ok=True)
    (root / "course.toml").write_text('id = "fake"\n[issuer]\nname = "Example Academy"\n', encoding="utf-8")
    return load_or_create(CourseFolder.read(root), NOW)


def signed(claims: dict[str, Any], issuer: Issuer, form: str = "json", when: datetime = NOW) -> str:
    """`claims` as `issuer` signs them, whatever they say."""
    return to_jwt(claims, issuer) if form == "jwt" else json.dumps(add_proof(claims, issuer, when))
