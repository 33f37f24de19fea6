"""What lies in ``certificates/`` besides decisions: each learner's documents, the issuer's files, the verification site."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from autograde.certify.credential.keys import Issuer
from autograde.certify.documents import MissingGlyphs, documents, extra_fonts, site_files
from autograde.certify.documents.drawing.fonts import clean, runs, serif
from autograde.certify.documents.letterhead import Letterhead
from autograde.certify.documents.words import Lang
from autograde.certify.issue.issuer_files import issuer_files
from autograde.certify.issue.sign import Credential
from autograde.certify.issue.status_register import StatusRegister
from autograde.settings.course_folder import CourseFolder

CARRIERS = (
    "certificate.pdf", "certificate-en.svg", "certificate-zh.svg", "badge.svg", "badge.png", "credential.jwt",
    "index.html", "credential.json",
)  # fmt: skip
"""A learner's files; ``credential.json`` is moved in last, so where it is the right one, all of them are."""


def public_files(
    course: CourseFolder, issuer: Issuer, register: StatusRegister, when: datetime, public: Collection[str] = ()
) -> dict[str, bytes]:
    """Path below ``certificates/`` → bytes of all that may be published: did.json, trusted.txt, status/, site/.

    To be written anew whenever the register has changed or the status list's time is up.

    Args:
        public: ids of credentials that have a page of their own.
    """
    base = Path("certificates")
    found = {
        path.relative_to(base).as_posix(): data for path, data in issuer_files(issuer, register, base, when).items()
    }
    lists = {issuer.status_url: found["status/1.jwt"].decode()}
    english, chinese = course.title("en"), course.title("zh")
    translated = {english: chinese} if english != chinese else {}
    site = site_files([issuer.did_document()], issuer.trusted(), lists, public, translated)
    return found | {f"site/{name}": data for name, data in site.items()}


def undrawn(name: str, fonts: Sequence[Path]) -> str:
    """Why `name` cannot be drawn on a certificate, and what to do; empty if it can."""
    try:
        runs(clean(name), serif(fonts))
    except MissingGlyphs as missing:
        return str(missing)
    return ""


def learner_files(
    credentials: Mapping[str, Credential],
    folders: Mapping[str, Path],
    issuer: Issuer,
    title_zh: str,
    languages: Mapping[str, Lang],
    letterhead: Letterhead,
    progress: Callable[[str], None] = lambda step: None,
) -> dict[str, dict[str, bytes]]:
    """Learner → file name → bytes, for those whose folder does not hold the documents of their credential yet."""
    fonts = extra_fonts(issuer.folder / "fonts")
    found = {}
    for learner, credential in credentials.items():
        if not _is_complete(folders[learner], credential):
            progress(f"documents of {learner}")
            found[learner] = documents(credential, issuer.url, title_zh, languages[learner], fonts, letterhead)
    return found


def _is_complete(folder: Path, credential: Credential) -> bool:
    try:
        is_same = (folder / "credential.json").read_bytes() == credential.json
    except OSError:
        return False
    return is_same and all((folder / name).is_file() for name in CARRIERS)
