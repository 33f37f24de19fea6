"""The issuer and its Ed25519 keys.

The keys lie in one file, ``keys.json`` (mode 0600) of the issuer's folder: by default
``gradebook/issuer/``, which git ignores; ``[issuer] key`` of course.toml or the environment
variable COURSE_KEYS name another folder. It is the only part of a course that needs a secret
backup. Beside it is ``status.jsonl``, the register of status indexes.

A private key is kept only while it signs: rotation and removal delete it from the file.
"""

import os
import subprocess
import uuid
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from autograde.certify.credential.did_document import did_document, did_key_document
from autograde.certify.credential.instant import utc_text
from autograde.certify.credential.key_file import FILE, Key, new_key, read_keys, write_keys
from autograde.errors import CourseError
from autograde.lock import locked
from autograde.settings.course_folder import CourseFolder
from autograde.settings.issuer import IssuerSettings


@dataclass(frozen=True)
class Issuer:
    """Who signs.

    Attributes:
        did: ``did:web:…`` where course.toml has an issuer address, else ``did:key:…``.
        key_id: the signing key's DID URL, such as ``did:web:example.org#key-2026-01``.
        name: as printed.
        url: https address under which ``certificates/`` is published, without trailing slash; empty
            if nowhere.
        folder: the issuer's folder.
        keys: all keys ever made, the oldest first.
        official: who signs certificates for the issuer; empty if nobody does.
    """

    did: str
    key_id: str
    name: str
    url: str
    folder: Path
    keys: tuple[Key, ...] = field(repr=False)
    official: str = ""

    @property
    def private_pem(self) -> bytes:
        """The signing key, PKCS #8 PEM."""
        return next(key.private for key in self.keys if key.state == "signing" and key.private).encode()

    @property
    def status_url(self) -> str:
        """Identity of the status list: ``URL/status/1.jwt``.

        ``urn:uuid:…`` for an issuer without an address.
        """
        if self.url:
            return f"{self.url}/status/1.jwt"
        return uuid.uuid5(uuid.NAMESPACE_URL, f"{self.did}/status/1").urn

    def did_document(self) -> dict[str, Any]:
        """did.json: every key that is not removed, the signing one first.

        Derived from a did:key.
        """
        if self.did.startswith("did:key:"):
            return did_key_document(self.did)
        listed = {key.name: key.public for key in reversed(self.keys) if key.state != "removed"}
        return did_document(self.did, listed)

    def trusted(self) -> tuple[str, ...]:
        """The DIDs of trusted.txt."""
        return (self.did,)


def keys_folder(course: CourseFolder, environ: Mapping[str, str] = os.environ) -> Path:
    """The folder of the issuer's keys."""
    return (course.root / (environ.get("COURSE_KEYS", "").strip() or course.issuer.keys)).resolve()


def issuer_lock(folder: Path) -> AbstractContextManager[None]:
    """One process at a time in the issuer's folder: two that sign, rotate or revoke would hand out one index twice."""
    return locked(folder / ".lock", private=True)


def load_or_create(course: CourseFolder, when: datetime) -> Issuer:
    """The issuer of the course; its first key is made on first use.

    Raises:
        CourseError: course.toml is invalid; the keys are missing though ``certificates/`` exists,
            damaged, or open to others; git would commit them.
    """
    settings, folder = _place(course)
    with issuer_lock(folder):
        if not (folder / FILE).exists():
            _refuse_a_second_beginning(course.root, folder)
            _refuse_tracked(folder)
            write_keys(folder, (new_key((), when),))
        return _issuer(settings, folder, read_keys(folder))


def load(course: CourseFolder) -> Issuer:
    """The issuer of the course.

    Raises:
        CourseError: as for :func:`load_or_create`, or there is no key yet.
    """
    settings, folder = _place(course)
    if not (folder / FILE).exists():
        raise CourseError(f"there is no issuer's key in {folder}; `course certify` makes one when it first issues")
    return _issuer(settings, folder, read_keys(folder))


def rotate(course: CourseFolder, when: datetime) -> Issuer:
    """Make a new signing key; the old one stays listed, so what it signed verifies, but signs no
    more.

    Raises:
        CourseError: the issuer is a did:key, which is its only key; or as for
            :func:`load_or_create`.
    """
    settings, folder = _place(course)
    with issuer_lock(folder):
        keys = read_keys(folder)
        _require_web(settings)
        retired = tuple(
            replace(key, state="retired", ended=utc_text(when), private=None) if key.state == "signing" else key
            for key in keys
        )
        write_keys(folder, (*retired, new_key(keys, when)))
        return _issuer(settings, folder, read_keys(folder))


def remove(course: CourseFolder, name: str, when: datetime) -> Issuer:
    """Remove the key `name`, ``key-2026-01``: compromised, or all its credentials have expired.

    did.json no longer lists it, so nothing it signed verifies. If it was signing, a new key
    replaces it.

    Raises:
        CourseError: no such key; or as for :func:`rotate`.
    """
    settings, folder = _place(course)
    with issuer_lock(folder):
        keys = read_keys(folder)
        _require_web(settings)
        matching = [key for key in keys if key.name == name and key.state != "removed"]
        if not matching:
            listed = ", ".join(key.name for key in keys if key.state != "removed")
            raise CourseError(f"there is no key {name!r} to remove; listed are {listed}")
        updated = tuple(
            replace(key, state="removed", ended=utc_text(when), private=None) if key.name == name else key
            for key in keys
        )
        write_keys(folder, (*updated, new_key(keys, when)) if matching[0].state == "signing" else updated)
        return _issuer(settings, folder, read_keys(folder))


def _place(course: CourseFolder) -> tuple[IssuerSettings, Path]:
    return course.issuer, keys_folder(course)


def _issuer(settings: IssuerSettings, folder: Path, keys: tuple[Key, ...]) -> Issuer:
    signing = next(key for key in keys if key.state == "signing")
    did = settings.did or f"did:key:{signing.public}"
    fragment = signing.name if settings.did else signing.public
    official = settings.signatory.name if settings.signatory else ""
    return Issuer(did, f"{did}#{fragment}", settings.name, settings.url, folder, keys, official)


def _require_web(settings: IssuerSettings) -> None:
    if not settings.did:
        raise CourseError(
            "a did:key is one key forever: give [issuer] in course.toml a url, then keys can be rotated and removed"
        )


def _refuse_a_second_beginning(root: Path, folder: Path) -> None:
    """Lost keys must not lead to a new issuer: credentials already issued could not be revoked."""
    trusted = root / "certificates" / "trusted.txt"
    if trusted.exists() or (folder / "status.jsonl").exists():
        evidence = trusted if trusted.exists() else folder / "status.jsonl"
        raise CourseError(
            f"{folder / FILE} is missing, but {evidence} shows that credentials were issued: restore the keys from your "
            "backup, or move certificates/ and the issuer's folder away to begin anew"
        )


def _refuse_tracked(folder: Path) -> None:
    try:
        command = ["git", "-C", str(folder), "check-ignore", "--quiet", FILE]
        code = subprocess.run(command, capture_output=True, timeout=20, check=False).returncode
    except (OSError, subprocess.TimeoutExpired):
        return  # no git that could commit the key
    if code == 1:  # 0: ignored; 128: no repository
        raise CourseError(f"git would commit the private key in {folder}: add it to .gitignore, or set COURSE_KEYS")
