"""A signed credential → the facts that the documents print. Pure.

The documents print only what is signed, but for the Chinese title, a translation beside the signed
English one, and the letterhead (letterhead.py).
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
        level: its name in the policy; `rank`: its position among the achievement's levels, from 0.
        overall, exam: percentages as signed, such as ``83.33``; None without an exam.
        policy: id and version.
        official: who signs for the issuer, if anybody.
        skills: the required chapters' skills, by language.
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
    """The facts of a well-shaped credential, with or without proof."""
    values, skills = facts(document), skills_of(document)
    achievement = document["credentialSubject"]["achievement"]
    return Facts(
        id=values["id"],
        sha256=values["sha256"],
        name=values["name"],
        title={"en": values["title"], "zh": title_zh},
        level=values["level"],
        rank=achievement["resultDescription"][0]["allowedValue"].index(values["level"]),
        overall=values["overall"],
        exam=values.get("exam"),
        issued=instant(values["valid_from"]),
        expires=instant(values["valid_until"]) if "valid_until" in values else None,
        policy=values["policy"],
        assurance=values["assurance"],
        issuer=values["issuer"],
        issuer_id=values["did"],
        official=document["issuer"].get("official"),
        skills={"en": [english for english, _ in skills], "zh": [chinese for _, chinese in skills]},
        is_certification=achievement["achievementType"] == "Certification",
    )
