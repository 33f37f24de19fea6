"""Decisions → records that are kept: a decision in which nothing has changed stands, with its date."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from autograde.certify.decide.decision import Decision, to_json
from autograde.certify.decide.grades import Snapshot, snapshot_from_json
from autograde.certify.record.audit import AuditLog, Entry
from autograde.certify.record.evidence import Evidence
from autograde.certify.record.pseudonyms import Pseudonyms
from autograde.errors import CourseError
from autograde.exact import canonical

ADDED = {1: ("status", "isolation", "engine"), 2: ("engine",)}
"""Schema of a record -> the facts of an attempt that later ones have besides."""


@dataclass(frozen=True)
class Record:
    """A learner's decision record.

    Attributes:
        json: the record's bytes: the standing one's where nothing but the day has changed.
        commit: its keyed hash, the name under which it is kept and the audit log knows it.
        is_new: whether the audit log does not have it yet.
    """

    decision: Decision
    json: bytes
    commit: str
    is_new: bool

    @property
    def document(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.json)
        return found


class Standing:
    """The decision that stands for each learner, by the audit log.

    Raises:
        CourseError: a record that the log names is missing or was changed.
    """

    def __init__(self, log: AuditLog, evidence: Evidence, pseudonyms: Pseudonyms) -> None:
        self._latest: dict[str, Entry] = {entry["learner"]: entry for entry in log.of_kind("decision")}
        self._evidence = evidence
        self._pseudonyms = pseudonyms

    def entry(self, learner: str) -> Entry | None:
        """The audit log's line on the decision that stands."""
        return self._latest.get(self._pseudonyms.of(learner))

    def json(self, learner: str) -> bytes | None:
        """The record that stands."""
        entry = self.entry(learner)
        if entry is None:
            return None
        data = self._evidence.need(entry["record"], f"the decision record of {learner} ({entry['at']})")
        if self._pseudonyms.commit(learner, data) != entry["record"]:
            place = self._evidence.path(entry["record"])
            raise CourseError(f"{place} was changed after the decision on {learner}; restore it from a backup")
        return data

    def snapshot(self, learner: str) -> Snapshot | None:
        """The grades that the standing decision rests on; None where they cannot be read."""
        record = self.json(learner)
        data = record and self._evidence.get(json.loads(record)["snapshot"]["sha256"])
        try:
            return snapshot_from_json(data) if data else None
        except ValueError:
            return None  # rederive tells what is wrong with it; here it only adds detail


def make_records(decisions: Sequence[Decision], standing: Standing, pseudonyms: Pseudonyms) -> list[Record]:
    """The record of each decision: the standing one, unless something but the day has changed."""
    records = []
    for decision in decisions:
        data, old = to_json(decision), standing.json(decision.learner)
        is_new = old is None or _differ(old, data)
        content = data if is_new or old is None else old
        records.append(Record(decision, content, pseudonyms.commit(decision.learner, content), is_new))
    return records


def entry_of(record: Record, pseudonym: str) -> Mapping[str, Any]:
    """The audit log's line on a new decision."""
    decision = record.decision
    return {
        "kind": "decision",
        "learner": pseudonym,
        "record": record.commit,
        "as_of": decision.as_of.isoformat(),
        "status": decision.status,
        "level": decision.level,
        "policy": decision.policy.sha256,
    }


def day_of(record: bytes) -> date:
    """The day of a decision record."""
    return date.fromisoformat(json.loads(record)["as_of"])


def _differ(old: bytes, new: bytes) -> bool:
    """Whether two records say different things; the day, and facts that the older form lacks, do not matter."""
    records = [json.loads(old), json.loads(new)]
    before, after = (record["schema"] for record in records)
    for record in records:
        record.pop("as_of", None)
        if before < after:
            record.pop("schema")
            if before == 1:
                record.pop("attempts")  # the hash of attempts without, and with these facts
            for tally in (*record["chapters"], *([record["exam"]] if record["exam"] else ())):
                for attempt in tally["attempts"]:
                    for name in ADDED[before]:
                        attempt.pop(name, None)
    return canonical(records[0]) != canonical(records[1])
