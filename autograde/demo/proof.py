"""Check that exactly the learners who passed have a certificate, and that every form of each verifies."""

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
    """Check `certificates` against the decisions, offline; return file → verdict line.

    Raises:
        CourseError: a certificate without a pass, a pass without a certificate, or a form that does
            not verify.
    """
    passed = {file_stem(decision.learner) for decision in decisions if decision.status == "level"}
    certified = {folder.name for folder in certificates.glob("learners/*")}
    if certified != passed:
        wrong = ", ".join(sorted(certified ^ passed))
        raise CourseError(f"the learners with certificates are not those who passed; check {wrong}")
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
