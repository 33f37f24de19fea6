"""The public pages of credentials: ``site/c/UUID.js``, for those whose learners consent, by the audit log.

The verification site is the page, at the address in the QR code and in LinkedIn's link, ``site/index.html#id=urn:uuid:…``:
it loads that file, checks the credential in the browser and shows it; without the file it asks for the certificate. Which
there are the site knows by hashes: the UUIDs are random, so a page is found only by who was given its address.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from autograde.certify.credential import keys
from autograde.certify.documents import extra_fonts, level_badge
from autograde.certify.documents.facts import facts_of
from autograde.certify.record.audit import Entry
from autograde.certify.record.evidence import Evidence
from autograde.settings.course_folder import CourseFolder

FOLDER = "site/c"


def consenting(log: Sequence[Entry]) -> set[str]:
    """Pseudonyms of those whose last word was yes, and who were not erased."""
    published = {entry["learner"]: entry["public"] for entry in log if entry["kind"] == "consent"}
    erased = {entry["learner"] for entry in log if entry["kind"] == "erasure"}
    return {learner for learner, yes in published.items() if yes} - erased


def public_credentials(log: Sequence[Entry]) -> list[Entry]:
    """The log's lines on credentials that are to have a page."""
    public = consenting(log)
    return [entry for entry in log if entry["kind"] == "issue" and entry["learner"] in public]


def pages(course: CourseFolder, log: Sequence[Entry], new: Mapping[str, bytes]) -> dict[str, bytes]:
    """Path below ``certificates/`` → bytes.

    Args:
        log: lines of the audit log, with those still to be written.
        new: evidence still to be written, by name.

    Raises:
        CourseError: a credential that was issued is missing from the evidence.
    """
    issued = public_credentials(log)
    if not issued:
        return {}
    evidence, title_zh = Evidence(course.root), course.title("zh")
    fonts = extra_fonts(keys.load(course).folder / "fonts")
    newest = {entry["learner"]: entry["credential"] for entry in issued}
    found = {}
    for entry in issued:
        file, jwt = (
            new[name] if name in new else evidence.need(name, f"the credential {entry['credential']}")
            for name in (entry["file"], f"{entry['file']}.jwt")
        )
        newer = newest[entry["learner"]]
        values = {
            "jwt": jwt.decode("ascii"),
            "badge": level_badge(facts_of(json.loads(file), title_zh), title_zh, fonts).decode(),
            "newer": newer if newer != entry["credential"] else None,
        }
        found[_name(entry)] = _script(values)
    return found


def delete_others(folder: Path, log: Sequence[Entry]) -> None:
    """Delete the pages below `folder` that nobody consents to any more."""
    wanted: Collection[str] = {_name(entry) for entry in public_credentials(log)}
    for path in (folder / FOLDER).glob("*.js"):
        if f"{FOLDER}/{path.name}" not in wanted:
            path.unlink()


def _name(entry: Entry) -> str:
    return f"{FOLDER}/{entry['credential'].removeprefix('urn:uuid:')}.js"


def _script(values: Mapping[str, str | None]) -> bytes:
    text = json.dumps(values, sort_keys=True).replace("<", "\\u003c")
    return f"// Published with its learner's consent; the page checks the signature.\npublished({text});\n".encode()
