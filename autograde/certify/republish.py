"""Sign the status lists anew and write what the public reads, after a revocation, a rotation, or on a schedule."""

from datetime import datetime
from pathlib import Path

from autograde.certify.credential.keys import Issuer
from autograde.certify.issue.status_register import StatusRegister
from autograde.certify.public_pages import delete_others, pages, public_credentials
from autograde.certify.published import public_files
from autograde.certify.record.audit import AuditLog
from autograde.files import replace_files
from autograde.settings.course_folder import CourseFolder


def republish(course: CourseFolder, log: AuditLog, issuer: Issuer, folder: Path, when: datetime) -> list[Path]:
    """Write did.json, trusted.txt, the status lists and the verification site below `folder`, all or none.

    Returns:
        the files written, the site's as one: its folder.
    """
    public = [entry["credential"] for entry in public_credentials(log.entries)]
    found = public_files(course, issuer, StatusRegister(issuer.folder), when, public) | pages(course, log.entries, {})
    files = {folder / name: data for name, data in found.items()}
    replace_files(files)
    delete_others(folder, log.entries)
    return sorted({folder / "site" if folder / "site" in path.parents else path for path in files})
