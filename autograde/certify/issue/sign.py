"""A decision that passes → a signed Open Badges 3.0 credential, in both securing forms."""

import json
import secrets
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from autograde.certify.credential.claims import claims_of, digest, printed_name
from autograde.certify.credential.form import check_credential
from autograde.certify.credential.keys import Issuer
from autograde.certify.credential.secure import add_proof, to_jwt
from autograde.certify.credential.shape import Mismatch
from autograde.errors import CourseError
from autograde.settings.policy import Policy


class Person(Protocol):
    """The certified person: `name` as printed; `email` is only ever written as a salted hash."""

    @property
    def name(self) -> str: ...

    @property
    def email(self) -> str | None: ...


class StatusAllocator(Protocol):
    """Allocates status indexes, recorded before they are used (:class:`StatusRegister`)."""

    def allocate(self, credential_id: str, when: datetime) -> int:
        """A random index that was never used; index 0 is the leftmost bit."""


@dataclass(frozen=True)
class Credential:
    """A signed credential.

    Attributes:
        id: ``urn:uuid:…``, fresh for each credential.
        document: the Data Integrity form; ``proof`` is an array of one proof.
        json: `document` as UTF-8 text, the bytes of credential.json.
        jwt: the same claims as a VC-JWT, credential.jwt.
        status_index: its bit in the status list.
        sha256: hash (hex) of the canonical claims (RFC 8785) without proof, the same for `json` and
            `jwt`. The audit log's ``issue`` entry and the QR code carry it.
    """

    id: str
    document: dict[str, Any]
    json: bytes
    jwt: str
    status_index: int
    sha256: str


def issue(
    decision: Mapping[str, Any],
    person: Person,
    issuer: Issuer,
    policy: Policy,
    title: str,
    when: datetime,
    status: StatusAllocator,
    random_bytes: Callable[[int], bytes] = secrets.token_bytes,
) -> Credential:
    """Sign the credential of one decision record.

    Args:
        decision: the decision record, parsed ``decisions/LEARNER.json``; its ``status`` must be
            ``level``.
        person: whom the credential names.
        issuer: from :func:`autograde.certify.credential.keys.load_or_create`.
        policy: the policy of the decision: validity, exam, levels, assurance.
        title: the course's title in English, the achievement's name.
        when: zoned; validFrom. validUntil is ``policy.validity.months`` later.
        status: allocates the index.
        random_bytes: source of the id and the salt.

    Raises:
        CourseError: the decision is not a pass or another policy's, or a text does not fit a
            credential.
    """
    if decision["status"] != "level":
        raise CourseError(f"the decision on {decision['learner']} is {decision['status']!r}: no credential is issued")
    if decision["policy"]["sha256"] != policy.sha256:
        raise CourseError(f"the decision on {decision['learner']} was made by another policy; run course certify again")
    name = printed_name(person.name)  # before an index is spent
    email = (person.email, random_bytes(16).hex()) if person.email and person.email.strip() else None
    credential_id = uuid.UUID(bytes=random_bytes(16), version=4).urn
    index = status.allocate(credential_id, when)
    profile = {"id": issuer.did, "name": issuer.name, "url": issuer.url, "official": issuer.official}
    claims = claims_of(decision, policy, title, profile, name, email, when, credential_id, (issuer.status_url, index))
    try:
        check_credential(claims)
    except Mismatch as problem:
        raise CourseError(
            f"the credential of {decision['learner']} cannot be issued: {problem}; see course.toml"
        ) from None
    document = add_proof(claims, issuer, when)
    text = json.dumps(document, ensure_ascii=False, indent=2) + "\n"
    return Credential(credential_id, document, text.encode(), to_jwt(claims, issuer), index, digest(claims))
