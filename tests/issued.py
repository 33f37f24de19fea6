"""Signed credentials in a line: an issuer of its own, made-up decisions, everything else real."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from autograde.certify.credential.keys import Issuer, load_or_create
from autograde.certify.issue.issuer_files import issuer_files
from autograde.certify.issue.sign import Credential, issue
from autograde.certify.issue.status_register import StatusRegister
from autograde.settings.course_folder import CourseFolder

COURSE_TOML = Path(__file__).parent / "four_chapters.toml"
TITLE_ZH = "人工智能从业者"
ISSUER = '\n[issuer]\nname = "Example Academy"\n'
WEB = 'url = "https://academy.example/ai"\n'
EXAM = 'exam = { assignment = "exam", min = "0.70", review_band_sem = "1.0" }'


@dataclass(frozen=True)
class Holder:
    """Whom a credential names."""

    name: str
    email: str | None = "ada@example.org"


class Academy:
    """An issuer in the folder `root`; `on_web` with did:web and an address, else did:key without one; `more` of [issuer]."""

    def __init__(self, root: Path, when: datetime, *, on_web: bool = True, exam: bool = False, more: str = "") -> None:
        self.root, self.when = root, when.astimezone(UTC)
        text = COURSE_TOML.read_text(encoding="utf-8")
        text = text.replace("# exam = {", "exam = {") if exam else text
        root.mkdir(parents=True, exist_ok=True)
        (root / "course.toml").write_text(text.split("\n[issuer]")[0] + ISSUER + WEB * on_web + more, encoding="utf-8")
        self.policy = CourseFolder.read(root).policy
        self.issuer: Issuer = load_or_create(CourseFolder.read(root), self.when)
        self.register = StatusRegister(self.issuer.folder)

    def credential(
        self, name: str = "Ada Lovelace", level: str = "distinction", overall: str = "93.75", *, days: int = 0
    ) -> Credential:
        """A credential issued `days` after the academy's first day."""
        decision = {
            "learner": "ada",
            "status": "level",
            "level": level,
            "policy": {"id": self.policy.id, "version": self.policy.version, "sha256": self.policy.sha256},
            "overall": {"percent": overall},
            "exam": {"percent": "91.25"} if self.policy.exam else None,
        }
        when = self.when + timedelta(days=days)
        return issue(decision, Holder(name), self.issuer, self.policy, "AI Practitioner", when, self.register)

    def status_lists(self, when: datetime | None = None) -> dict[str, str]:
        """Identity → VC-JWT of the status list as it is now, signed `when`."""
        published = issuer_files(self.issuer, self.register, Path("published"), when or self.when)
        return {self.issuer.status_url: published[Path("published/status/1.jwt")].decode()}
