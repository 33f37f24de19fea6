"""Learners' pseudonyms in the audit log, each from a random salt, so that a learner can be
forgotten.

``gradebook/pseudonyms.json`` (private, mode 0600) holds the salts. Without its salt, a pseudonym or
the keyed hash of a decision record reveals nothing: ids or scores cannot be guessed and checked.
Erasing a learner deletes the salt and the records; the chain of the audit log stays intact.
"""

import hashlib
import hmac
import json
import os
from pathlib import Path

from autograde.errors import CourseError
from autograde.exact import canonical
from autograde.files import replace_files

SALT_BYTES = 32


class Pseudonyms:
    """The salts of a course, by learner id; new ones are kept in memory until :meth:`save`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._salts: dict[str, str] = {}
        self._is_saved = True
        try:
            found = json.loads(path.read_bytes())
            self._salts = {str(learner): bytes.fromhex(salt).hex() for learner, salt in found.items()}
        except FileNotFoundError:
            pass
        except (ValueError, TypeError, AttributeError):
            raise CourseError(f"{path} is damaged; restore it from a backup: without it no decision is known") from None

    def __contains__(self, learner: str) -> bool:
        return learner in self._salts

    def __len__(self) -> int:
        return len(self._salts)

    def add(self, learner: str) -> None:
        """Give the learner a salt, unless there is one."""
        if learner not in self._salts:
            self._salts[learner] = os.urandom(SALT_BYTES).hex()
            self._is_saved = False

    def of(self, learner: str) -> str:
        """The learner's pseudonym, 32 hexadecimal digits."""
        return self.commit(learner, b"learner:" + learner.encode())[:32]

    def commit(self, learner: str, data: bytes) -> str:
        """HMAC-SHA-256 of `data` under the learner's salt, 64 hexadecimal digits: a hiding commitment."""
        return hmac.new(bytes.fromhex(self._salts[learner]), data, hashlib.sha256).hexdigest()

    def forget(self, learner: str) -> None:
        self._salts.pop(learner, None)
        self._is_saved = False

    def save(self) -> None:
        """Write new salts and flush them to disk, before the log relies on them."""
        if self._is_saved:
            return
        replace_files({self.path: canonical(self._salts)})
        self.path.chmod(0o600)
        with self.path.open("rb+") as file:
            os.fsync(file.fileno())
        self._is_saved = True


def open_pseudonyms(root: Path) -> Pseudonyms:
    """The pseudonyms of the course folder `root`."""
    return Pseudonyms(root / "gradebook" / "pseudonyms.json")
