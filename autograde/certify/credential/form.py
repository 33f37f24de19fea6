"""The exact shape of our credentials and status lists: every property they may have. Pure."""

from typing import Any

from autograde.certify.credential.shape import Exactly, InOrder, Instant, Iri, ListOf, Mismatch, Object, Text

CONTEXTS = [
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
]
TYPES = ["VerifiableCredential", "OpenBadgeCredential"]
LIST_TYPES = ["VerifiableCredential", "BitstringStatusListCredential"]
ACHIEVEMENT_TYPES = ("Certification", "CertificateOfCompletion")

PERCENT = Text(r"(?:[0-9]{1,2}|100)\.[0-9]{2}")
UUID = Text("urn:uuid:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
INDEX = Text("0|[1-9][0-9]{0,8}")

PROOF = InOrder(
    (
        Object(
            {
                "type": Exactly("DataIntegrityProof"),
                "cryptosuite": Exactly("eddsa-rdfc-2022"),
                "created": Instant(),
                "verificationMethod": Iri("did:"),
                "proofPurpose": Exactly("assertionMethod"),
                "proofValue": Text("z[1-9A-HJ-NP-Za-km-z]{64,90}"),
            }
        ),
    )
)

_NAME = Object(
    {
        "type": Exactly("IdentityObject"),
        "identityType": Exactly("name"),
        "hashed": Exactly(False),
        "identityHash": Text(limit=200),
    }
)
_EMAIL = Object(
    {
        "type": Exactly("IdentityObject"),
        "identityType": Exactly("emailAddress"),
        "hashed": Exactly(True),
        "identityHash": Text(r"sha256\$[0-9a-f]{64}"),
        "salt": Text("[0-9a-f]{32}"),
    }
)


def _description(name: str, result_type: str, **more: Any) -> Object:
    fixed = {"type": ["ResultDescription"], "name": name, "resultType": result_type}
    return Object({"id": Iri("urn:uuid:"), **{key: Exactly(value) for key, value in fixed.items()}, **more})


def _result(value: Text) -> Object:
    return Object({"type": Exactly(["Result"]), "resultDescription": Iri("urn:uuid:"), "value": value})


_PERCENT_RANGE = {"valueMin": Exactly("0"), "valueMax": Exactly("100")}
_DESCRIPTIONS = InOrder(
    (
        _description("Level", "PerformanceLevel", allowedValue=ListOf(Text(limit=100), 1, 20)),
        _description("Overall score", "Percent", **_PERCENT_RANGE),
        _description("Assurance", "Result"),
    ),
    (_description("Exam score", "Percent", **_PERCENT_RANGE),),
)
_ACHIEVEMENT = Object(
    {
        "id": UUID,
        "type": Exactly(["Achievement"]),
        "achievementType": Text("|".join(ACHIEVEMENT_TYPES)),
        "name": Text(limit=300),
        "description": Text(),
        "inLanguage": Exactly("en"),
        "humanCode": Text(limit=200),
        "version": Text(limit=100),
        "criteria": Object({"narrative": Text()}),
        "resultDescription": _DESCRIPTIONS,
    },
    {"tag": ListOf(Text(limit=100), 1, 24)},
)
_SUBJECT = Object(
    {
        "type": Exactly(["AchievementSubject"]),
        "identifier": InOrder((_NAME,), (_EMAIL,)),
        "achievement": _ACHIEVEMENT,
        "result": InOrder(
            (_result(Text(limit=100)), _result(PERCENT), _result(Text(limit=100))),
            (_result(PERCENT),),
        ),
    }
)
_EVIDENCE = Object(
    {
        "id": Text("ni:///sha-256;[A-Za-z0-9_-]{43}"),
        "type": Exactly(["Evidence"]),
        "name": Exactly("Decision record"),
        "narrative": Text("SHA-256 [0-9a-f]{64}"),
    }
)
_STATUS = Object(
    {
        "id": Iri(),
        "type": Exactly("BitstringStatusListEntry"),
        "statusPurpose": Exactly("revocation"),
        "statusListIndex": INDEX,
        "statusListCredential": Iri(),
    }
)
CREDENTIAL = Object(
    {
        "@context": Exactly(CONTEXTS),
        "id": UUID,
        "type": Exactly(TYPES),
        "name": Text(limit=500),
        "issuer": Object(
            {"id": Iri("did:"), "type": Exactly(["Profile"]), "name": Text(limit=300)},
            {"url": Iri("https://"), "official": Text(limit=200)},
        ),
        "validFrom": Instant(),
        "credentialSubject": _SUBJECT,
        "evidence": InOrder((_EVIDENCE,)),
        "credentialStatus": _STATUS,
    },
    {"validUntil": Instant()},
)
STATUS_LIST = Object(
    {
        "@context": Exactly(CONTEXTS[:1]),
        "id": Iri(),
        "type": Exactly(LIST_TYPES),
        "issuer": Iri("did:"),
        "validFrom": Instant(),
        "validUntil": Instant(),
        "credentialSubject": Object(
            {
                "id": Iri(),
                "type": Exactly("BitstringStatusList"),
                "statusPurpose": Exactly("revocation"),
                "encodedList": Text("u[A-Za-z0-9_-]+", limit=200_000),
            }
        ),
    }
)


def check_credential(claims: dict[str, Any]) -> None:
    """Raise :class:`Mismatch` unless `claims`, without proof, have a credential's shape."""
    CREDENTIAL.check(claims, "")
    subject = claims["credentialSubject"]
    described = [item["id"] for item in subject["achievement"]["resultDescription"]]
    names = ("level", "overall", "assurance", "exam")
    if described != [f"{subject['achievement']['id']}#{name}" for name in names[: len(described)]]:
        raise Mismatch("resultDescription does not belong to the achievement")
    if [item["resultDescription"] for item in subject["result"]] != described:
        raise Mismatch("result does not match resultDescription")
    if subject["result"][0]["value"] not in subject["achievement"]["resultDescription"][0]["allowedValue"]:
        raise Mismatch("the level is not one of the achievement's")
    tags = subject["achievement"].get("tag", [])
    if tags != sorted(set(tags), key=utf16):
        raise Mismatch("achievement.tag is unsorted or names a skill twice")
    status = claims["credentialStatus"]
    if status["id"] != f"{status['statusListCredential']}#{status['statusListIndex']}":
        raise Mismatch("credentialStatus.id does not match its list and index")


def utf16(text: str) -> bytes:
    """Sort key: the order of RFC 8785 and JavaScript."""
    return text.encode("utf-16-be")


def check_status_list(claims: dict[str, Any]) -> None:
    """Raise :class:`Mismatch` unless `claims`, without proof, have a status list's shape."""
    STATUS_LIST.check(claims, "")
    if claims["credentialSubject"]["id"] != claims["id"] + "#list":
        raise Mismatch("credentialSubject.id does not match the list")
