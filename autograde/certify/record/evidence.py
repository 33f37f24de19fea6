"""The evidence of decisions, kept as long as they are: ``gradebook/evidence/``, files named by
content.

A learner's snapshot (own grades only, so that it can be handed out in an appeal), attempts, the
policy's rules and signed credentials are named by their SHA-256; decision records by their keyed
hash (pseudonyms.py), as in the audit log. Nothing here is ever changed; erasing a learner deletes
that learner's files.
"""

import os
from collections.abc import Mapping
from pathlib import Path

from autograde.errors import CourseError
from autograde.files import replace_files


class Evidence:
    """A course's evidence folder; ``name`` is a hash, with a suffix if the content is not JSON."""

    def __init__(self, root: Path) -> None:
        self.folder = root / "gradebook" / "evidence"

    def path(self, name: str) -> Path:
        return self.folder / (name if "." in name else f"{name}.json")

    def get(self, name: str) -> bytes | None:
        """The bytes stored under `name`, not checked against it; None if there are none."""
        try:
            return self.path(name).read_bytes()
        except FileNotFoundError:
            return None

    def need(self, name: str, what: str) -> bytes:
        """As :meth:`get`.

        Raises:
            CourseError: there is no such file; `what` names it.
        """
        data = self.get(name)
        if data is None:
            raise CourseError(f"{what} is missing: {self.path(name)}; restore gradebook/evidence/ from a backup")
        return data

    def put(self, files: Mapping[str, bytes]) -> None:
        """Store `files` by name, flushed to disk; existing ones are left unchanged."""
        new = {self.path(name): data for name, data in files.items() if self.get(name) != data}
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        replace_files(new)
        for path in new:
            path.chmod(0o600)
            with path.open("rb+") as file:
                os.fsync(file.fileno())

    def delete(self, name: str) -> None:
        self.path(name).unlink(missing_ok=True)
