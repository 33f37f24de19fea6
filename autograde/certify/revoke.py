"""Revoke or suspend a credential: register, audit log, status lists, in that order, each completed by a second run."""

from datetime import datetime
from pathlib import Path

from autograde.certify.credential import keys
from autograde.certify.credential.strict_json import ParseProblem, parse_object
from autograde.certify.issue.status_register import State, StatusRegister
from autograde.certify.record.audit import open_log
from autograde.certify.republish import republish
from autograde.errors import CourseError
from autograde.settings.course_folder import CourseFolder


def revoke_credential(
    course: CourseFolder, folder: Path, credential_id: str, state: State, reason: str, when: datetime
) -> list[Path]:
    """Set the state of a credential and sign the status lists below `folder` anew.

    Args:
        state: ``revoked``, ``suspended`` or ``lifted``.
        reason: one line; it stays in the register, which is private.

    Returns:
        the files to publish.

    Raises:
        CourseError: the credential is unknown or in that state already, and the lists have been signed anew all the
            same; or the keys, the register or the audit log are at fault.
    """
    issuer = keys.load(course)
    register = StatusRegister(issuer.folder)
    with open_log(course.root) as log:
        if register.state(credential_id) == state:  # an earlier run may have been stopped before it signed
            republish(course, log, issuer, folder, when)
        if state == "lifted":
            register.lift(credential_id, reason, when)
        else:
            register.revoke(credential_id, reason, when, suspend=state == "suspended")
        log.append([{"kind": "revocation", "credential": credential_id, "state": state}], when)
        return republish(course, log, issuer, folder, when)


def credential_id(text: str) -> str:
    """The id itself, or the id that stands in the credential file of that name.

    Raises:
        CourseError: the file is not a credential.json.
    """
    path = Path(text)
    if text.startswith("urn:") or not path.is_file():
        return text
    try:
        return str(parse_object(path.read_bytes())["id"])
    except (ParseProblem, KeyError):
        raise CourseError(f"{path} is not a credential.json; give that file or the id in it, urn:uuid:…") from None
