"""A learner's consent to public pages, or its withdrawal: recorded in the audit log, with its day; then published."""

from datetime import datetime
from pathlib import Path

from autograde.certify.credential import keys
from autograde.certify.public_pages import consenting
from autograde.certify.record.audit import open_log
from autograde.certify.record.pseudonyms import open_pseudonyms
from autograde.certify.republish import republish
from autograde.errors import CourseError
from autograde.settings.course_folder import CourseFolder


def share(course: CourseFolder, folder: Path, learner: str, is_public: bool, when: datetime) -> list[str]:
    """Record that a learner wants public pages, or no longer; write or delete them below `folder`.

    Returns:
        the pages' addresses; without an address of the issuer, those of the files.

    Raises:
        CourseError: certification does not know the learner, or the audit log is broken.
    """
    pseudonyms = open_pseudonyms(course.root)
    if learner not in pseudonyms:
        raise CourseError(f"certification knows no learner {learner!r}; run course certify first, or check the id")
    pseudonym = pseudonyms.of(learner)
    with open_log(course.root) as log:
        if (pseudonym in consenting(log.entries)) != is_public:
            log.append([{"kind": "consent", "learner": pseudonym, "public": is_public}], when)
        own_credentials = [entry["credential"] for entry in log.of_kind("issue") if entry["learner"] == pseudonym]
        if not own_credentials:
            return []
        issuer = keys.load(course)
        republish(course, log, issuer, folder, when)
    place = f"{issuer.url}/site/index.html" if issuer.url else (folder / "site" / "index.html").absolute().as_uri()
    return [f"{place}#id={credential}" for credential in own_credentials] if is_public else []
