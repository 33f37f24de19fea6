"""Certificates are with those who pass and with no one else, and every form of each verifies: checked, not promised."""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

from autograde.certify.decide.decision import Decision
from autograde.certify.record.file_names import file_stem
from autograde.certify.verify.verify import Sources, verify
from autograde.errors import CourseError

FORMS = (
    "credential.json", "credential.jwt", "certificate.pdf", "certificate-en.svg", "certificate-zh.svg", "badge.svg", "badge.png",
)  # fmt: skip


def prove(certificates: Path, decisions: Sequence[Decision], now: datetime) -> dict[str, str]:
    """Check `certificates` against the decisions, offline, as anybody could; return file → verdict in a line.

    Raises:
        CourseError: somebody has a certificate who should have none, the reverse, or a form that does not verify.
    """
    passed = {file_stem(decision.learner) for decision in decisions if decision.status == "level"}
    have = {folder.name for folder in certificates.glob("learners/*")}
    if have != passed:
        wrong = ", ".join(sorted(have ^ passed))
        raise CourseError(f"certificates are not with those who pass, and with them alone: look at {wrong}")
    files = [certificates / "learners" / learner / form for learner in sorted(passed) for form in FORMS]
    sources = Sources(
        trust=certificates / "trusted.txt", dids=certificates / "did.json", status=certificates / "status"
    )
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        verdicts = list(pool.map(lambda file: verify(file, sources, now), files))
    for file, verdict in zip(files, verdicts, strict=True):
        if verdict.answer != "valid":
            raise CourseError(f"{file}: {verdict.line}")
    return {str(file): verdict.line for file, verdict in zip(files, verdicts, strict=True)}
