"""Forget a learner: grades, decisions, evidence and documents go, the audit log's chain stays whole.

What is ours goes, whatever names the learner in it: the reasons of revocations, the report of all learners. What nbgrader
and people have made is theirs; :func:`remains` finds it. What stays are lines under a pseudonym that nobody can trace any more, since the salt behind it is gone, and the ids and
hashes of credentials, which name nobody: with them the learner's own copies can still be checked, and revoked.
"""

import json
import os
import re
import shutil
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from autograde.certify.credential import keys
from autograde.certify.decide.snapshot import take_snapshot
from autograde.certify.issue.status_register import StatusRegister
from autograde.certify.public_pages import delete_others
from autograde.certify.record.audit import open_log
from autograde.certify.record.evidence import Evidence
from autograde.certify.record.file_names import file_stem
from autograde.certify.record.pseudonyms import open_pseudonyms
from autograde.errors import CourseError
from autograde.grading.storage.grading_log import forget_gradings, log_path
from autograde.settings.course_folder import CourseFolder
from autograde.shown import operand


@dataclass(frozen=True)
class Erased:
    """What erasing a learner left.

    Attributes:
        held: ids of credentials that stay valid until they are revoked or expire.
        remains: files and folders of the course directory that still name the learner, relative to it.
    """

    held: tuple[str, ...]
    remains: tuple[str, ...]


def erase(course: CourseFolder, out: Path, learner: str, gradebook: Path | str, now: datetime) -> Erased:
    """Erase what certification keeps of a learner who is no longer in the gradebook.

    Args:
        out: the folder of ``course certify``, certificates/.

    Raises:
        CourseError: the learner is in the gradebook still, or unknown; nothing has changed.
    """
    root = course.root
    _, people = take_snapshot(gradebook)
    if learner in people:
        raise CourseError(
            f"{learner} is still in the gradebook; first: nbgrader db student remove --force {operand(learner)}, "
            "and delete the learner's folders below gradebook/"
        )
    evidence, pseudonyms = Evidence(root), open_pseudonyms(root)
    if learner not in pseudonyms:
        raise CourseError(f"certification keeps nothing of {learner!r}; check the id")
    with open_log(root) as log:
        pseudonym = pseudonyms.of(learner)
        own_entries = [entry for entry in log.entries if entry.get("learner") == pseudonym]
        if not any(entry["kind"] == "erasure" for entry in own_entries):
            log.append([{"kind": "erasure", "learner": pseudonym}], now)
        names = {learner}
        issued = [entry["credential"] for entry in own_entries if entry["kind"] == "issue"]
        for entry in own_entries:
            if entry["kind"] == "decision":
                _delete_record(evidence, entry["record"])
            elif entry["kind"] == "issue":
                names |= _names(evidence.get(entry["file"]))
                evidence.delete(entry["file"])
                evidence.delete(f"{entry['file']}.jwt")
        (out / "decisions" / f"{file_stem(learner)}.json").unlink(missing_ok=True)
        (out / "snapshot.json").unlink(missing_ok=True)  # of all learners; the next course certify writes it anew
        shutil.rmtree(out / "learners" / file_stem(learner), ignore_errors=True)
        for report in (root / "gradebook" / "report").glob(
            "*.html"
        ):  # of all learners too; course report makes a new one
            if _holds(report, _pattern(names)):
                report.unlink()
        forget_gradings(log_path(root), learner)
        if issued:
            StatusRegister(keys.load(course).folder).forget(issued)
        delete_others(out, log.entries)
        pseudonyms.forget(learner)
        pseudonyms.save()  # last: until now a run that was stopped can be done again
        states = {entry["credential"]: entry["state"] for entry in log.of_kind("revocation")}  # the last one counts
    held = tuple(credential for credential in issued if states.get(credential) != "revoked")
    return Erased(held, remains(root, names))


_NOT_DATA = {".git", ".venv", ".mypy_cache", ".pytest_cache", ".ruff_cache", "__pycache__", "node_modules", "notebooks"}


def remains(root: Path, names: Collection[str]) -> tuple[str, ...]:
    """What in the course directory still names a learner, by path: a folder or file called so, or what is in a file.

    Args:
        names: the learner's id, and the names on certificates.
    """
    pattern = _pattern(names)
    found: list[str] = []
    for place, folders, files in os.walk(root):
        here = Path(place)
        called = sorted(name for name in (*folders, *files) if name in names or Path(name).stem in names)
        found += [(here / name).relative_to(root).as_posix() for name in called]
        folders[:] = sorted(name for name in folders if name not in _NOT_DATA and name not in called)
        for name in sorted(set(files) - set(called)):
            path = here / name
            if path.is_file() and not path.is_symlink() and _holds(path, pattern):
                found.append(path.relative_to(root).as_posix())
    return tuple(sorted(found))


def _pattern(names: Collection[str]) -> re.Pattern[bytes]:
    words = "|".join(re.escape(name) for name in sorted(names))
    return re.compile(rf"(?<![\w@.-])(?:{words})(?![\w-])".encode())


def _holds(path: Path, pattern: re.Pattern[bytes]) -> bool:
    """Whether a file has what is looked for, read piece by piece, as large as it may be."""
    with path.open("rb") as file:
        overlap = b""
        while piece := file.read(1 << 20):
            if pattern.search(overlap + piece):
                return True
            overlap = piece[-1000:]
    return False


def _names(credential: bytes | None) -> set[str]:
    """The name that a credential prints."""
    document = json.loads(credential) if credential else {}
    identifiers = document.get("credentialSubject", {}).get("identifier", ())
    return {one["identityHash"] for one in identifiers if not one.get("hashed")}


def _delete_record(evidence: Evidence, name: str) -> None:
    """Delete a decision record and what is the learner's own in its evidence; the policy is everybody's."""
    data = evidence.get(name)
    if data is None:
        return
    record = json.loads(data)
    for part in ("snapshot", "attempts"):
        evidence.delete(record[part]["sha256"])
    evidence.delete(name)
