"""The audit log: append-only JSON Lines, each line canonical (RFC 8785) and carrying the hash of the one before.

``gradebook/audit.jsonl`` is private. Learners stand in it under pseudonyms only (pseudonyms.py), so that one can be
erased without breaking the chain. ``audit.head`` beside it repeats the number and hash of the last line: without it
nobody could see that lines are missing at the end. An append is flushed to disk before anything relies on it; the
piece of a line that a crash leaves at the end was never relied on, and is taken off again.

Every line has ``kind``, ``at`` (UTC, ISO 8601, ``Z``) and ``prev`` (SHA-256 of the line before, without its newline;
64 zeros in the first). Kinds and their further fields:

- ``attempt``: learner, assignment, submitted_at, score, …, ``line`` (SHA-256 of the line in grading-log.jsonl)
- ``grade-change``: learner, assignment, submitted_at, before, after, cells, by and why (null where not known)
- ``snapshot``: sha256 of all grades, policy
- ``decision``: learner, record (keyed hash), status, level
- ``issue``: learner, decision, credential (id), sha256, index (in the status list), file
- ``revocation``: credential, state (revoked, suspended, lifted), reason
- ``recovery``: bytes and sha256 of a torn piece that was taken off
- ``erasure``: learner
- ``consent``: learner, public (whether there is to be a public page of each credential)
"""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from autograde.append_only import append_lines, read_lines
from autograde.errors import CourseError
from autograde.exact import canonical, sha256
from autograde.lock import locked

START = "0" * 64
KINDS = ("attempt", "grade-change", "snapshot", "decision", "issue", "revocation", "recovery", "erasure", "consent")

BUSY = "another course command is writing certificates; try again when it has ended"

Entry = Mapping[str, Any]


class AuditError(CourseError):
    """A broken audit log; `line` is the number, from 1, of the line where it breaks."""

    def __init__(self, path: Path, line: int, problem: str) -> None:
        super().__init__(f"{path}:{line}: {problem}; restore the log from a backup, nothing goes on from a broken one")
        self.line = line


class AuditLog:
    """A checked audit log, held open for this process alone; made by :func:`open_log`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        lines, self._torn = read_lines(path)
        self.entries: list[Entry] = list(_checked(path, lines))
        self._hashes = [sha256(line) for line in lines]
        self._check_head()

    @property
    def head(self) -> tuple[int, str]:
        """How many lines there are, and the hash of the last one: to be kept elsewhere, as a witness."""
        return len(self._hashes), self._hashes[-1] if self._hashes else START

    def of_kind(self, kind: str) -> list[Entry]:
        return [entry for entry in self.entries if entry["kind"] == kind]

    def append(self, entries: Sequence[Entry], when: datetime) -> None:
        """Append `entries` (``kind`` and fields), dated `when`, all or none; on disk when this returns.

        Raises:
            OSError: nothing has been appended.
        """
        if self._torn:
            entries = [{"kind": "recovery", "bytes": len(self._torn), "sha256": sha256(self._torn)}, *entries]
        added, previous = [], self.head[1]
        for entry in entries:
            if entry["kind"] not in KINDS:
                raise ValueError(f"no kind of entry: {entry['kind']}")
            line = canonical({**entry, "at": stamp(when), "prev": previous})
            added.append(line)
            previous = sha256(line)
        if not added:
            return
        head = self._head_path()
        part = head.with_name(f".{head.name}.part")
        part.write_bytes(
            f"{self.head[0] + len(added)} {previous}\n".encode()
        )  # what can fail, fails before the log grows
        append_lines(self.path, added, 0o600)
        self._torn = b""
        self.entries += [json.loads(line) for line in added]
        self._hashes += [sha256(line) for line in added]
        os.replace(part, head)

    def _head_path(self) -> Path:
        return self.path.with_suffix(".head")

    def _check_head(self) -> None:
        """Raise when lines that were there once are missing at the end, or another log has been put in place."""
        try:
            count_text, last = self._head_path().read_text(encoding="ascii").split()
            count = int(count_text)
        except FileNotFoundError:
            if self._hashes and not self._is_first_append():
                message = f"{self._head_path().name} is missing, so lines may be missing after this one"
                raise AuditError(self.path, len(self._hashes), message) from None
            return
        except (ValueError, UnicodeDecodeError):
            raise AuditError(self._head_path(), 1, "this is not a line number and a hash") from None
        if count > len(self._hashes):
            missing = len(self._hashes) + 1
            raise AuditError(self.path, missing, f"the log ends before this line, but it once had {count} lines")
        if count and self._hashes[count - 1] != last:
            raise AuditError(self.path, count, "this is not the line that was written here (see audit.head)")

    def _is_first_append(self) -> bool:
        """Whether every line may stem from one append, the first, after which a crash kept audit.head from being."""
        return len({entry["at"] for entry in self.entries}) == 1


@contextmanager
def open_log(root: Path) -> Iterator[AuditLog]:
    """The audit log of the course folder `root`, checked line by line, for this process alone.

    Raises:
        AuditError: the chain is broken, with the line.
        CourseError: another process holds the log, or it cannot be read.
    """
    path = log_path(root)
    try:
        with locked(path.with_suffix(".lock"), BUSY):
            yield AuditLog(path)
    except PermissionError as error:
        raise CourseError(f"cannot open {error.filename or path} ({error.strerror}); check its permissions") from None


def read_log(root: Path) -> AuditLog | None:
    """The audit log, checked, only to be read; None where there is none."""
    path = log_path(root)
    return AuditLog(path) if path.exists() else None


def log_path(root: Path) -> Path:
    return root / "gradebook" / "audit.jsonl"


def stamp(when: datetime) -> str:
    """`when` (zoned) in UTC: ``2026-01-31T10:00:00Z``."""
    return when.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def _checked(path: Path, lines: Sequence[bytes]) -> Iterator[Entry]:
    previous = START
    for number, line in enumerate(lines, start=1):
        try:
            entry = json.loads(line)
            is_canonical = isinstance(entry, dict) and canonical(entry) == line
        except (ValueError, RecursionError):
            is_canonical = False
        if not is_canonical:
            raise AuditError(path, number, "this line was edited: it is no longer what was written")
        if entry.get("prev") != previous:
            if number == 1:
                raise AuditError(path, number, "the log does not begin here: lines before this one are missing")
            problem = f"line {number - 1} was edited, or lines between it and this one were cut or put in"
            raise AuditError(path, number, problem)
        if entry.get("kind") not in KINDS or not isinstance(entry.get("at"), str):
            raise AuditError(path, number, f"this line is of no known kind: {str(entry.get('kind'))[:40]!r}")
        previous = sha256(line)
        yield entry
