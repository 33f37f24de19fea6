"""Forget a learner: grades, decisions, evidence and documents go, the audit log's chain stays whole.

What stays are lines under a pseudonym that nobody can trace any more, since the salt behind it is gone, and the ids and
hashes of credentials, which name nobody: with them the learner's own copies can still be checked, and revoked.
"""

import json
import shutil
from datetime import datetime
from pathlib import Path

from autograde.certify.audit import open_log
from autograde.certify.evidence import Evidence
from autograde.certify.file_names import file_stem
from autograde.certify.pseudonyms import open_pseudonyms
from autograde.certify.snapshot import take_snapshot
from autograde.errors import CourseError
from autograde.replace import replace_files
from autograde.shown import word


def erase(root: Path, out: Path, learner: str, gradebook: Path | str, now: datetime) -> list[str]:
    """Erase what certification keeps of a learner who is no longer in the gradebook.

    Args:
        out: the folder of ``course certify``, certificates/.

    Returns:
        ids of the learner's credentials that stay valid until they are revoked or expire.

    Raises:
        CourseError: the learner is in the gradebook still, or unknown; nothing has changed.
    """
    snapshot, _ = take_snapshot(gradebook)
    if learner in snapshot.learners:
        raise CourseError(
            f"{learner} is still in the gradebook; first: nbgrader db student remove {word(learner)} --force, "
            "and delete the learner's folders below gradebook/"
        )
    evidence, pseudonyms = Evidence(root), open_pseudonyms(root)
    if learner not in pseudonyms:
        raise CourseError(f"certification keeps nothing of {learner!r}; check the id")
    with open_log(root) as log:
        pseudonym = pseudonyms.of(learner)
        mine = [entry for entry in log.entries if entry.get("learner") == pseudonym]
        if not any(entry["kind"] == "erasure" for entry in mine):
            log.append([{"kind": "erasure", "learner": pseudonym}], now)
        for entry in mine:
            if entry["kind"] == "decision":
                _delete_record(evidence, entry["record"])
            elif entry["kind"] == "issue":
                evidence.delete(entry["file"])
                evidence.delete(f"{entry['file']}.jwt")
        (out / "decisions" / f"{file_stem(learner)}.json").unlink(missing_ok=True)
        (out / "snapshot.json").unlink(missing_ok=True)  # of all learners; the next course certify writes it anew
        shutil.rmtree(out / "learners" / file_stem(learner), ignore_errors=True)
        _forget_gradings(root / "gradebook" / "grading-log.jsonl", learner)
        pseudonyms.forget(learner)
        pseudonyms.save()  # last: until now a run that was stopped can be done again
        states = {entry["credential"]: entry["state"] for entry in log.of_kind("revocation")}  # the last one counts
    issued = [entry["credential"] for entry in mine if entry["kind"] == "issue"]
    return [credential for credential in issued if states.get(credential) != "revoked"]


def _delete_record(evidence: Evidence, name: str) -> None:
    """Delete a decision record and what is the learner's own in its evidence; the policy is everybody's."""
    data = evidence.get(name)
    if data is None:
        return
    record = json.loads(data)
    for part in ("snapshot", "attempts"):
        evidence.delete(record[part]["sha256"])
    evidence.delete(name)


def _forget_gradings(path: Path, learner: str) -> None:
    """Take the learner's lines out of the grading log; no line of it depends on another."""
    if not path.exists():
        return
    lines = path.read_bytes().splitlines(keepends=True)
    kept = [line for line in lines if json.loads(line).get("student") != learner]
    if len(kept) < len(lines):
        replace_files({path: b"".join(kept)})
