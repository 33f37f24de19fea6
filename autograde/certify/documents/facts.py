"""A signed credential → what a person wants to read from it. Pure.

The documents print only what is signed, but for the Chinese title, a translation beside the signed English one, and the
letterhead (letterhead.py).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from autograde.certify.credential.claims import facts, skills_of
from autograde.certify.credential.instant import instant


@dataclass(frozen=True)
class Facts:
    """What the documents print.

    Attributes:
        title: the course's, by language.
        level: name in the policy; `rank`: its number among the achievement's levels, 0 the lowest.
        overall, exam: percentages as signed, such as ``83.33``; no exam: None.
        policy: id and version.
        official: who signs for the issuer, if anybody.
        skills: those of the required chapters, by language.
        sha256: hash of the signed claims without proof, the same for every form of the credential.
    """

    id: str
    sha256: str
    name: str
    title: Mapping[str, str]
    level: str
    rank: int
    overall: str
    exam: str | None
    issued: datetime
    expires: datetime | None
    policy: str
    assurance: str
    issuer: str
    issuer_id: str
    official: str | None
    skills: Mapping[str, Sequence[str]]
    is_certification: bool


def facts_of(document: Mapping[str, Any], title_zh: str) -> Facts:
    """The facts of a well-shaped credential, with or without its proof."""
    said, skills = facts(document), skills_of(document)
    achievement = document["credentialSubject"]["achievement"]
    return Facts(
        id=said["id"],
        sha256=said["sha256"],
        name=said["name"],
        title={"en": said["title"], "zh": title_zh},
        level=said["level"],
        rank=achievement["resultDescription"][0]["allowedValue"].index(said["level"]),
        overall=said["overall"],
        exam=said.get("exam"),
        issued=instant(said["valid_from"]),
        expires=instant(said["valid_until"]) if "valid_until" in said else None,
        policy=said["policy"],
        assurance=said["assurance"],
        issuer=said["issuer"],
        issuer_id=said["did"],
        official=document["issuer"].get("official"),
        skills={"en": [english for english, _ in skills], "zh": [chinese for _, chinese in skills]},
        is_certification=achievement["achievementType"] == "Certification",
    )
