"""A learner's consent → a public page for each of that learner's credentials, opened by one click, and its withdrawal.

The page is the verification site itself: ``site/index.html#id=urn:uuid:…``, the address in the QR code and in LinkedIn's
link. With consent, ``site/c/UUID.js`` lies beside it, which the site loads, checks in the browser and shows; without, it
asks for the file. The UUID is random, so nobody finds the page who was not given its address. Consent stands in the audit
log, with its day, under the learner's pseudonym.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from autograde.certify import keys
from autograde.certify.audit import AuditLog, open_log
from autograde.certify.documents import extra_fonts, level_badge
from autograde.certify.documents.facts import facts_of
from autograde.certify.evidence import Evidence
from autograde.certify.pseudonyms import open_pseudonyms
from autograde.certify.publication import titles
from autograde.errors import CourseError
from autograde.replace import replace_files

FOLDER = "site/c"


def share(root: Path, out: Path, learner: str, is_public: bool, when: datetime) -> list[str]:
    """Record that a learner wants a public page, or no longer; write or delete the pages below `out`.

    Returns:
        the pages' addresses; without an address of the issuer, their paths.

    Raises:
        CourseError: certification does not know the learner, or the audit log is broken.
    """
    pseudonyms = open_pseudonyms(root)
    if learner not in pseudonyms:
        raise CourseError(f"certification knows no learner {learner!r}; run course certify first, or check the id")
    pseudonym = pseudonyms.of(learner)
    with open_log(root) as log:
        if (pseudonym in consenting(log)) != is_public:
            log.append([{"kind": "consent", "learner": pseudonym, "public": is_public}], when)
        replace_files({out / name: data for name, data in pages(root, log).items()})
        delete_others(out, log)
        mine = [entry["credential"] for entry in log.of_kind("issue") if entry["learner"] == pseudonym]
    url = keys.load(root).url if mine else ""
    place = f"{url}/site/index.html" if url else (out / "site" / "index.html").absolute().as_uri()
    return [f"{place}#id={credential}" for credential in mine] if is_public else []


def consenting(log: AuditLog) -> set[str]:
    """Pseudonyms of those whose last word was yes, and who were not erased."""
    said = {entry["learner"]: entry["public"] for entry in log.of_kind("consent")}
    return {learner for learner, yes in said.items() if yes} - {entry["learner"] for entry in log.of_kind("erasure")}


def pages(root: Path, log: AuditLog) -> dict[str, bytes]:
    """Path below ``certificates/`` → bytes of the pages of all who consented.

    Raises:
        CourseError: a credential that was issued is missing from the evidence.
    """
    public = consenting(log)
    issued = [entry for entry in log.of_kind("issue") if entry["learner"] in public]
    if not issued:
        return {}
    newest = {entry["learner"]: entry["credential"] for entry in issued}
    evidence, title_zh = Evidence(root), titles(root)[1]
    fonts = extra_fonts(keys.load(root).folder / "fonts")
    found = {}
    for entry in issued:
        what = f"the credential {entry['credential']}"
        document = json.loads(evidence.need(entry["file"], what))
        facts = facts_of(document, title_zh)
        newer = newest[entry["learner"]]
        found[page_name(entry["credential"])] = _script(
            {
                "jwt": evidence.need(f"{entry['file']}.jwt", what).decode("ascii"),
                "badge": level_badge(facts, title_zh, fonts).decode(),
                "newer": newer if newer != entry["credential"] else None,
            }
        )
    return found


def delete_others(out: Path, log: AuditLog) -> None:
    """Delete the pages that nobody consents to any more."""
    public = consenting(log)
    wanted = {page_name(entry["credential"]) for entry in log.of_kind("issue") if entry["learner"] in public}
    for path in (out / FOLDER).glob("*.js"):
        if f"{FOLDER}/{path.name}" not in wanted:
            path.unlink()


def page_name(credential_id: str) -> str:
    """Path of a credential's page below ``certificates/``."""
    return f"{FOLDER}/{credential_id.removeprefix('urn:uuid:')}.js"


def _script(values: Mapping[str, str | None]) -> bytes:
    text = json.dumps(values, sort_keys=True).replace("<", "\\u003c")
    return f"// Published with its learner's consent; the page checks the signature.\npublished({text});\n".encode()
