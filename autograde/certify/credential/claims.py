"""A decision that passes → the claims of its credential, not yet signed. Pure.

Sources: Verifiable Credentials Data Model 2.0; Open Badges 3.0, appendix B (AchievementSubject,
Achievement, Result, Evidence, IdentityObject); Bitstring Status List 1.0, section 2.1; RFC 6920
(``ni:`` names of hashes).
"""

import base64
import hashlib
import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from autograde.certify.credential.form import CONTEXTS, TYPES, utf16
from autograde.certify.credential.instant import months_later, utc_text
from autograde.certify.credential.shape import is_printable
from autograde.errors import CourseError
from autograde.exact import canonical, sha256
from autograde.settings.policy import SKILL_PARTS, Policy

Claims = dict[str, Any]


def claims_of(
    decision: Mapping[str, Any],
    policy: Policy,
    title: str,
    issuer: Mapping[str, str],
    name: str,
    email: tuple[str, str] | None,
    when: datetime,
    credential_id: str,
    status: tuple[str, int],
) -> Claims:
    """The claims of the credential `credential_id`; form.py defines their shape.

    Args:
        decision: the decision record; its ``status`` is ``level``, its policy is `policy`.
        title: the course's title in English.
        issuer: ``id`` (a DID), ``name`` and optionally ``url`` and ``official``, who signs for it.
        email: the learner's address and a salt of 32 hexadecimal digits; only the hash is kept.
        when: zoned; validFrom.
        status: identity of the status list, and the credential's index in it.
    """
    list_url, index = status
    until = {"validUntil": utc_text(months_later(when, policy.validity.months))} if policy.validity else {}
    return {
        "@context": CONTEXTS,
        "id": credential_id,
        "type": TYPES,
        "name": f"{title}: {decision['level']}",
        "issuer": {"id": issuer["id"], "type": ["Profile"], **{k: v for k, v in issuer.items() if k != "id" and v}},
        "validFrom": utc_text(when),
        **until,
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": _identifiers(name, email),
            "achievement": _achievement(policy, title, issuer["id"]),
            "result": _results(decision, policy, issuer["id"]),
        },
        "evidence": [_evidence(canonical(decision))],
        "credentialStatus": {
            "id": f"{list_url}#{index}",
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": str(index),
            "statusListCredential": list_url,
        },
    }


def digest(claims: Mapping[str, Any]) -> str:
    """SHA-256 (hex) of the canonical claims (RFC 8785) without proof: one for both securing forms."""
    return sha256(canonical({name: value for name, value in claims.items() if name != "proof"}))


def printed_name(name: str) -> str:
    """`name` as a certificate prints it: runs of spaces become one space.

    Raises:
        CourseError: it is empty, too long, or holds control characters.
    """
    text = " ".join(name.split(" ")).strip()
    if not text or len(text) > 200 or not is_printable(text):
        raise CourseError(f"the name {name[:60]!a} cannot stand on a certificate; correct it in the gradebook")
    return text


def email_hash(address: str, salt: str) -> str:
    """Open Badges 3.0 IdentityHash: ``sha256$`` and the hash of the lower-case address and the salt."""
    return "sha256$" + sha256((address.strip().lower() + salt).encode())


def facts(claims: Mapping[str, Any]) -> dict[str, str]:
    """What people read of well-shaped claims: name, title, level, scores, dates, issuer."""
    subject = claims["credentialSubject"]
    achievement = subject["achievement"]
    values = {d["name"]: r["value"] for d, r in zip(achievement["resultDescription"], subject["result"], strict=True)}
    return {
        "name": subject["identifier"][0]["identityHash"],
        "title": achievement["name"],
        "level": values["Level"],
        "overall": values["Overall score"],
        **({"exam": values["Exam score"]} if "Exam score" in values else {}),
        "assurance": values["Assurance"],
        "policy": f"{achievement['humanCode']} {achievement['version']}",
        "valid_from": claims["validFrom"],
        **({"valid_until": claims["validUntil"]} if "validUntil" in claims else {}),
        "issuer": claims["issuer"]["name"],
        "did": claims["issuer"]["id"],
        "id": claims["id"],
        "sha256": digest(claims),
    }


def _identifiers(name: str, email: tuple[str, str] | None) -> list[Claims]:
    shown = {"type": "IdentityObject", "identityType": "name", "hashed": False, "identityHash": printed_name(name)}
    if not email:
        return [shown]
    address, salt = email
    hashed = {"type": "IdentityObject", "identityType": "emailAddress", "hashed": True}
    return [shown, {**hashed, "identityHash": email_hash(address, salt), "salt": salt}]


def _achievement_id(policy: Policy, did: str) -> str:
    return uuid.uuid5(uuid.NAMESPACE_URL, f"{did}#{policy.id}/{policy.version}").urn


def _achievement(policy: Policy, title: str, did: str) -> Claims:
    achievement_id = _achievement_id(policy, did)

    def described(key: str, name: str, result_type: str, **more: Any) -> Claims:
        fixed = {"id": f"{achievement_id}#{key}", "type": ["ResultDescription"], "name": name}
        return {**fixed, "resultType": result_type, **more}

    span = {"valueMin": "0", "valueMax": "100"}
    exam = [described("exam", "Exam score", "Percent", **span)] if policy.exam else []
    # a certification expires and asks for an exam; every credential of ours can be revoked
    is_certification = policy.exam is not None and policy.validity is not None
    return {
        "id": achievement_id,
        "type": ["Achievement"],
        "achievementType": "Certification" if is_certification else "CertificateOfCompletion",
        "name": title,
        "description": f"Successful completion of the course {title}.",
        "inLanguage": "en",
        "humanCode": policy.id,
        "version": policy.version,
        "criteria": {"narrative": _criteria(policy)},
        **({"tag": tags(policy)} if policy.skills else {}),
        "resultDescription": [
            described("level", "Level", "PerformanceLevel", allowedValue=[level.name for level in policy.levels]),
            described("overall", "Overall score", "Percent", **span),
            described("assurance", "Assurance", "Result"),
            *exam,
        ],
    }


def tags(policy: Policy) -> list[str]:
    """The skills as Open Badges tags, each in both languages: ``Loss functions · 损失函数``.

    To JSON-LD they are a set, so a signature does not cover their order; they are sorted by UTF-16,
    as in RFC 8785.
    """
    labels = [skill.en if skill.en == skill.zh else f"{skill.en}{SKILL_PARTS}{skill.zh}" for skill in policy.skills]
    return sorted(labels, key=utf16)


def skills_of(claims: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The skills of well-shaped claims, each in English and Chinese.

    Older credentials have none.
    """
    tags = claims["credentialSubject"]["achievement"].get("tag", ())
    parts = [tag.partition(SKILL_PARTS) for tag in tags]
    return [(english, chinese or english) for english, _, chinese in parts]


def _criteria(policy: Policy) -> str:
    levels = ", ".join(f"{level.name} from {level.overall}" for level in policy.levels)
    exam = f", and at least {policy.exam.min} of the exam's points" if policy.exam else ""
    return (
        f"At least {policy.overall_min} of the weighted points of all chapters, each required chapter's own minimum{exam}; "
        f"levels by overall share: {levels}. "
        f"Policy {policy.id} {policy.version}, SHA-256 {policy.sha256}. Assurance: {policy.assurance}."
    )


def _results(decision: Mapping[str, Any], policy: Policy, did: str) -> list[Claims]:
    values = {
        "level": decision["level"],
        "overall": decision["overall"]["percent"],
        "assurance": policy.assurance,
        **({"exam": decision["exam"]["percent"]} if policy.exam else {}),
    }
    base = _achievement_id(policy, did)
    return [{"type": ["Result"], "resultDescription": f"{base}#{key}", "value": value} for key, value in values.items()]


def _evidence(record: bytes) -> Claims:
    name = base64.urlsafe_b64encode(hashlib.sha256(record).digest()).rstrip(b"=").decode()
    return {
        "id": f"ni:///sha-256;{name}",
        "type": ["Evidence"],
        "name": "Decision record",
        "narrative": f"SHA-256 {sha256(record)}",
    }
