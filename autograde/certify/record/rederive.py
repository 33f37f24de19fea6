"""Derives the decision of a record again from its evidence and compares the two.

The record names its evidence by SHA-256: the learner's own snapshot, the attempts, the policy's
rules. Deciding is a pure function of them and the date, so it must reproduce the record byte for
byte. The audit log must have the record, and for the current decision the gradebook must still hold
the grades that it was based on.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograde.certify.decide.attempts import Attempt
from autograde.certify.decide.attempts import from_json as attempts_from_json
from autograde.certify.decide.decision import decide, to_json
from autograde.certify.decide.grades import Snapshot, snapshot_from_json
from autograde.certify.decide.snapshot import take_snapshot
from autograde.certify.record.audit import AuditLog, read_log
from autograde.certify.record.evidence import Evidence
from autograde.certify.record.pseudonyms import open_pseudonyms
from autograde.certify.record.records import day_of
from autograde.errors import CourseError
from autograde.exact import canonical, sha256
from autograde.settings.policy import Policy, policy_from_json

SHOWN = 20


@dataclass(frozen=True)
class Rederived:
    """The result of deriving a decision again.

    Attributes:
        learner: whose decision it is.
        findings: where the record, its evidence, the audit log or the gradebook disagree; empty if
            nowhere.
        notes: what could not be compared, and why.
    """

    learner: str
    findings: tuple[str, ...]
    notes: tuple[str, ...]


def rederive(path: Path, root: Path, gradebook: Path | str) -> Rederived:
    """Derive the decision in the file `path` again.

    Args:
        root: the course folder that keeps the evidence and the audit log.
        gradebook: path or SQLAlchemy URL; one that is missing is noted, not a finding.

    Raises:
        CourseError: `path` is not a decision record, the audit log is broken, or the gradebook
            cannot be read.
    """
    data, record = _read(path)
    learner = record["learner"]
    findings: list[str] = []
    notes: list[str] = []
    policy, part, attempts = _evidence(Evidence(root), record, findings)
    if policy and part is not None and attempts is not None:
        findings += _derived_again(data, record, policy, part, attempts)
    stands = _in_log(root, learner, data, findings, notes)
    if stands and policy and part is not None:
        findings += _in_gradebook(gradebook, learner, policy, part, notes)
    return Rederived(learner, tuple(findings), tuple(notes))


def _read(path: Path) -> tuple[bytes, dict[str, Any]]:
    try:
        data = path.read_bytes()
        record = json.loads(data)
        texts = [record["learner"], *(record[name]["sha256"] for name in ("policy", "snapshot", "attempts"))]
        if not all(isinstance(text, str) for text in texts) or any(set(text) - _HEX for text in texts[1:]):
            raise ValueError("fields")
        day_of(data)
    except OSError as error:
        raise CourseError(f"cannot read {path} ({error.strerror}); name a file such as decisions/ada.json") from None
    except (ValueError, KeyError, TypeError, RecursionError):
        raise CourseError(f"{path} is not a decision record; name a file such as decisions/ada.json") from None
    return data, record


_HEX = set("0123456789abcdef")


def _evidence(
    evidence: Evidence, record: Mapping[str, Any], findings: list[str]
) -> tuple[Policy | None, Snapshot | None, tuple[Attempt, ...] | None]:
    """The evidence of a record; missing or changed evidence is a finding."""
    readers = {"policy": policy_from_json, "snapshot": snapshot_from_json, "attempts": attempts_from_json}
    found: dict[str, Any] = dict.fromkeys(readers)
    for name, read in readers.items():
        wanted = record[name]["sha256"]
        place = evidence.path(wanted)
        data = evidence.get(wanted)
        if data is None:
            findings.append(f"{record['learner']}: the {name} it rests on is missing: {place}")
            continue
        if sha256(data) != wanted:
            findings.append(f"{record['learner']}: the {name} it rests on was changed: {place} has another SHA-256")
        try:
            found[name] = read(data)
        except ValueError:
            findings.append(f"{record['learner']}: the {name} it rests on cannot be read: {place}")
    return found["policy"], found["snapshot"], found["attempts"]


def _derived_again(
    data: bytes, record: Mapping[str, Any], policy: Policy, part: Snapshot, attempts: tuple[Attempt, ...]
) -> Iterator[str]:
    learner = record["learner"]
    decisions = decide(policy, part, day_of(data), {learner: attempts})
    again = next((decision for decision in decisions if decision.learner == learner), None)
    if again is None:
        yield f"{learner}: the snapshot it rests on does not know this learner"
        return
    derived = to_json(again, 2 if record.get("schema") == 2 else 3)  # each in its own form
    if derived == data:
        return
    differences = list(_differences(record, json.loads(derived), ()))
    for path, was, now in differences[:SHOWN]:
        yield f"{learner}: {_place(record, path)}: the record has {_shown(was)}, its evidence gives {_shown(now)}"
    if len(differences) > SHOWN:
        yield f"{learner}: and {len(differences) - SHOWN} differences more"
    if not differences or canonical(record) != data:
        yield f"{learner}: the record is not written canonically (RFC 8785), so its bytes were changed"


def _in_log(root: Path, learner: str, data: bytes, findings: list[str], notes: list[str]) -> bool:
    """Whether the record is the current decision by the audit log."""
    log: AuditLog | None = read_log(root)
    if log is None:
        notes.append("there is no audit log here, so it was not looked up whether this decision was ever made")
        return True
    pseudonyms = open_pseudonyms(root)
    if learner not in pseudonyms:
        findings.append(f"{learner}: the audit log knows no such learner, or no longer (erased)")
        return False
    pseudonym, commit = pseudonyms.of(learner), pseudonyms.commit(learner, data)
    entries = [entry for entry in log.of_kind("decision") if entry["learner"] == pseudonym]
    known = [entry["record"] for entry in entries]
    if commit not in known:
        findings.append(f"{learner}: the audit log has no decision with these bytes; it has {len(known)} others")
        return True
    if commit != known[-1]:
        notes.append(f"a later decision stands ({entries[-1]['at']}), so the gradebook was not compared")
    return bool(commit == known[-1])


def _in_gradebook(
    gradebook: Path | str, learner: str, policy: Policy, part: Snapshot, notes: list[str]
) -> Iterator[str]:
    place = str(gradebook).removeprefix("sqlite:///")
    if "://" not in place and not Path(place).exists():
        notes.append("there is no gradebook here, so the grades were not compared with it")
        return
    snapshot, people = take_snapshot(gradebook)
    now = snapshot.parts(policy.assignments).get(learner)
    if now is None:
        yield people[learner].fault if learner in people else f"{learner}: is no longer in the gradebook"
        return
    was_facts, now_facts = _facts(part), _facts(now)
    changed = [key for key in sorted({*was_facts, *now_facts}) if was_facts.get(key) != now_facts.get(key)]
    for key in changed[:SHOWN]:
        where, was, is_now = " ".join(key), was_facts.get(key), now_facts.get(key)
        yield f"{learner}: {where}: decided on {_shown(was)}, the gradebook now has {_shown(is_now)}"
    if len(changed) > SHOWN:
        yield f"{learner}: and {len(changed) - SHOWN} changes more in the gradebook"


def _facts(part: Snapshot) -> dict[tuple[str, ...], Any]:
    """Every value of a snapshot, by its place."""
    facts: dict[tuple[str, ...], Any] = {(name, "assignment"): "there" for name in part.assignments}
    for cell in part.cells:
        facts[cell.assignment, cell.notebook, cell.cell, "points of the cell"] = cell.maximum
    for submission in part.submissions:
        facts[submission.assignment, "handed in at"] = submission.timestamp or "unknown"
    for row in part.rows:
        for name in ("auto", "manual", "extra_credit", "maximum", "late_penalty", "timestamp", "needs_manual"):
            facts[row.assignment, row.notebook, row.cell, name] = getattr(row, name)
    return facts


def _differences(was: Any, now: Any, path: tuple[Any, ...]) -> Iterator[tuple[tuple[Any, ...], Any, Any]]:
    if isinstance(was, dict) and isinstance(now, dict):
        for key in sorted({*was, *now}):
            yield from _differences(was.get(key), now.get(key), (*path, key))
    elif isinstance(was, list) and isinstance(now, list) and len(was) == len(now):
        for position, pair in enumerate(zip(was, now, strict=True)):
            yield from _differences(*pair, (*path, position))
    elif was != now or type(was) is not type(now):
        yield path, was, now


def _place(record: Mapping[str, Any], path: tuple[Any, ...]) -> str:
    """``rule chapter-minimum ch02, inputs score`` rather than ``rules 1 inputs score``."""
    here: Any = record
    words: list[str] = []
    for step in path:
        here = here.get(step) if isinstance(here, dict) else here[step] if isinstance(here, list) else None
        if isinstance(step, str):
            words.append(step)
        elif isinstance(here, dict) and ("rule" in here or "assignment" in here):
            names = [str(here[name]) for name in ("rule", "subject", "assignment") if name in here]
            words[-1] = f"{words[-1].removesuffix('s')} {' '.join(names)},"
        else:
            words.append(str(step + 1))
    return " ".join(words)


def _shown(value: Any) -> str:
    text = "nothing" if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    short = text if len(text) <= 100 else text[:97] + "..."
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in short) or '""'
