"""Which credential has which status index, and which are revoked: ``status.jsonl`` in the issuer's
folder.

Append-only, one JSON object a line. A line is on the disk before its index is given out, so no
crash and no second process gives one index twice. It stays private: whoever reads it can tell which
bit belongs to whom.
"""

import json
import secrets
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from autograde.append_only import append_lines, read_lines
from autograde.certify.credential.instant import utc_text
from autograde.certify.credential.keys import issuer_lock
from autograde.certify.credential.status_list import ENTRIES
from autograde.errors import CourseError
from autograde.files import replace_files

FILE = "status.jsonl"

State = Literal["issued", "suspended", "lifted", "revoked"]
BLOCKING = ("suspended", "revoked")
"""While a credential is in one of these, its learner gets no other."""

ERASED = "erased with its learner"
WITHDRAWN = "the run that made it was stopped before it was given out"


@dataclass(frozen=True)
class Entry:
    """A credential of the register.

    Attributes:
        reason: given for its state.
        past: all states that it has been in.
        is_logged: whether the audit log has named it; one that it never named was never given out.
    """

    index: int
    state: State
    reason: str
    past: tuple[State, ...] = ("issued",)
    is_logged: bool = False


class StatusRegister:
    """The register in an issuer's folder: ``StatusRegister(issuer.folder)``.

    Args:
        folder: the issuer's folder.
        random_below: a uniform random number below its argument; the system's own by default.

    W3C's revocation is final, and so it is here: a suspension sets the same bit as a revocation.
    Either blocks the learner until it is lifted; then the next ``course certify`` issues a *new*
    credential, and the old one stays revoked.
    """

    def __init__(self, folder: Path, random_below: Callable[[int], int] = secrets.randbelow) -> None:
        self.path = folder / FILE
        self._random_below = random_below
        self._entries: dict[str, Entry] = {}
        self._indexes: set[int] = set()
        self._read_to = 0  # bytes of the file that `_entries` holds

    def allocate(self, credential_id: str, when: datetime) -> int:
        """A random index that no credential has had, recorded for `credential_id`; index 0 is the
        leftmost bit.

        Raises:
            CourseError: the credential has an index already, the list is full, or the register is
                damaged.
        """
        with issuer_lock(self.path.parent):
            self._catch_up()
            if credential_id in self._entries:
                raise CourseError(f"{credential_id} has a status index already; issue under a fresh id")
            free = ENTRIES - len(self._indexes)
            if free <= 0:
                raise CourseError("every index of the status list is used; begin a new issuer folder and address")
            index = self._random_below(ENTRIES)
            while index in self._indexes:
                index = self._random_below(ENTRIES)
            self._append({"at": utc_text(when), "credential": credential_id, "index": index})
            return index

    def revoke(self, credential_id: str, reason: str, when: datetime, *, suspend: bool = False) -> None:
        """Revoke a credential, or suspend it; a suspended one can be revoked.

        Raises:
            CourseError: it is unknown or revoked already.
        """
        self._change(credential_id, "suspended" if suspend else "revoked", reason, when)

    def lift(self, credential_id: str, reason: str, when: datetime) -> None:
        """End a suspension or revocation: its learner may get a new credential; this one stays
        revoked.

        Raises:
            CourseError: the credential is neither suspended nor revoked.
        """
        self._change(credential_id, "lifted", reason, when)

    def confirm(self, credential_ids: Iterable[str], when: datetime) -> None:
        """Record that the audit log names these credentials: should it not do so one day, lines of it were cut off."""
        with issuer_lock(self.path.parent):
            self._catch_up()
            for credential_id in credential_ids:
                entry = self._entries.get(credential_id)
                if entry and not entry.is_logged:
                    self._append({"at": utc_text(when), "credential": credential_id, "logged": True})

    def unlogged(self, credential_ids: Collection[str]) -> tuple[str, ...]:
        """Credentials that had an index before now and are not among `credential_ids`, those that
        the audit log names.

        Raises:
            CourseError: the audit log did name one of them.
        """
        self._catch_up()
        found = {
            name: entry
            for name, entry in self._entries.items()
            if name not in credential_ids and entry.reason != WITHDRAWN
        }
        lost = next((name for name, entry in found.items() if entry.is_logged or entry.state != "issued"), None)
        if lost:
            raise CourseError(
                f"{self.path} knows {lost}, and the audit log does not name it any more: lines were cut off; "
                "restore the log from a backup"
            )
        return tuple(found)

    def entry(self, credential_id: str) -> Entry | None:
        """What the register says of a credential; None if it is unknown."""
        self._catch_up()
        return self._entries.get(credential_id)

    def state(self, credential_id: str) -> State | None:
        """``issued``, ``revoked``, ``suspended`` or ``lifted``; None if the credential is unknown."""
        entry = self.entry(credential_id)
        return entry.state if entry else None

    def set_indexes(self) -> frozenset[int]:
        """The bits that are set: of all credentials that are not simply issued."""
        self._catch_up()
        return frozenset(entry.index for entry in self._entries.values() if entry.state != "issued")

    def _change(self, credential_id: str, state: State, reason: str, when: datetime) -> None:
        if not reason.strip() or not reason.isprintable():
            raise CourseError("give the reason in one line: --reason …")
        with issuer_lock(self.path.parent):
            self._catch_up()
            entry = self._entries.get(credential_id)
            if entry is None:
                raise CourseError(f"no credential {credential_id!r} in {self.path}; its id stands in credential.json")
            if entry.state == state or (entry.state, state) == ("revoked", "suspended"):
                raise CourseError(f"{credential_id} is {entry.state} already: {entry.reason}")
            if entry.state not in BLOCKING and state == "lifted":
                raise CourseError(f"{credential_id} is neither suspended nor revoked, so there is nothing to lift")
            if entry.state == "lifted" and state == "suspended":
                raise CourseError(f"{credential_id} was suspended before; its learner's newer credential counts")
            self._append({"at": utc_text(when), "credential": credential_id, "reason": reason, "state": state})

    def forget(self, credential_ids: Collection[str]) -> None:
        """Take the reasons given for these credentials out of the file: they may name a learner who was erased."""
        with issuer_lock(self.path.parent):
            self._catch_up()
            if not any(self._entries[name].reason for name in credential_ids if name in self._entries):
                return
            lines = [json.loads(line) for line in read_lines(self.path)[0]]
            for line in lines:
                if "reason" in line and line["credential"] in credential_ids:
                    line["reason"] = ERASED
            replace_files({self.path: b"".join(json.dumps(line, sort_keys=True).encode() + b"\n" for line in lines)})
            self.path.chmod(0o600)
            self._entries, self._indexes, self._read_to = {}, set(), 0
            self._catch_up()

    def _append(self, line: dict[str, str | int | bool]) -> None:
        try:
            append_lines(self.path, [json.dumps(line, sort_keys=True).encode()], 0o600)
        except OSError as error:
            raise CourseError(f"cannot write {self.path} ({error.strerror}); mend that, and run it again") from None
        self._catch_up()

    def _catch_up(self) -> None:
        """Read the lines that were added since; a last line without a newline does not count yet."""
        for line in read_lines(self.path, self._read_to)[0]:
            try:
                self._take(json.loads(line))
            except (ValueError, KeyError, TypeError):
                number = len(self._entries)
                message = f"{self.path} is damaged after {number} credentials, at byte {self._read_to}"
                raise CourseError(f"{message}; restore it from your backup") from None
            self._read_to += len(line) + 1

    def _take(self, line: dict[str, Any]) -> None:
        credential_id = str(line["credential"])
        if "index" in line:
            index = line["index"]
            if type(index) is not int or not 0 <= index < ENTRIES or index in self._indexes:
                raise ValueError("index")
            self._indexes.add(index)
            self._entries[credential_id] = Entry(index, "issued", "")
        elif line.get("logged") is True:
            self._entries[credential_id] = replace(self._entries[credential_id], is_logged=True)
        else:
            state = line["state"]
            if state not in ("suspended", "lifted", "revoked"):
                raise ValueError("state")
            old = self._entries[credential_id]
            past = (*old.past, state)
            self._entries[credential_id] = replace(old, state=state, reason=str(line["reason"]), past=past)
