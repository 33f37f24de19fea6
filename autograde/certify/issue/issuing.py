"""Decision records → credentials for those who pass, once per decision, and what the issuer
publishes.

A credential is stored in the evidence before the audit log names it, and named there before it is
published. One that the log does not name was never given out, and a run that is killed in between
is completed by the next.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from autograde.certify.credential.claims import printed_name
from autograde.certify.credential.keys import Issuer
from autograde.certify.decide.snapshot import Person
from autograde.certify.issue.sign import Credential, issue
from autograde.certify.issue.status_register import BLOCKING, WITHDRAWN, StatusRegister
from autograde.certify.record.audit import AuditLog, Entry
from autograde.certify.record.evidence import Evidence
from autograde.certify.record.records import Record
from autograde.errors import CourseError
from autograde.exact import sha256
from autograde.settings.policy import Policy
from autograde.shown import operand

_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+")


@dataclass(frozen=True)
class Holder:
    """The person a credential names; the name is the gradebook's."""

    name: str
    email: str | None


@dataclass
class Issued:
    """The result of a run.

    Attributes:
        credentials: each learner's current credential, also from an earlier run.
        new: learners with a new credential.
        entries: audit log entries on new and on revoked credentials.
        files: the new credentials' files for the evidence.
        notes: what a person should check.
        register: the status register; None if nothing was ever issued.
    """

    credentials: dict[str, Credential] = field(default_factory=dict)
    new: list[str] = field(default_factory=list)
    entries: list[dict[str, Any]] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    register: StatusRegister | None = None


def issue_credentials(
    records: Iterable[Record],
    pseudonyms: Mapping[str, str],
    people: Mapping[str, Person],
    log: AuditLog,
    evidence: Evidence,
    issuer: Issuer,
    register: StatusRegister,
    policy: Policy,
    title: str,
    now: datetime,
    draws: Callable[[str], str] = lambda name: "",
    progress: Callable[[str], None] = lambda step: None,
) -> Issued:
    """Issue to every learner who passes and has no credential for the current decision.

    While one of a learner's credentials is revoked or suspended, the learner gets no other. Once
    that is lifted, a new one is issued, since a status bit stays set forever. A learner without a
    printable name is left out with a note.

    Args:
        draws: returns why a name cannot be drawn on the documents; empty if it can.

    Raises:
        CourseError: a credential cannot be made, or an issued one is missing from the evidence.
    """
    issued = Issued(entries=_state_entries(log, register), register=register)
    _withdraw_orphans(log, register, now)
    by_learner: dict[str, list[Entry]] = {}
    for entry in log.of_kind("issue"):
        by_learner.setdefault(entry["learner"], []).append(entry)
    for record in records:
        learner = record.decision.learner
        earlier = by_learner.get(pseudonyms[learner], [])
        last = earlier[-1] if earlier else None
        if record.decision.status != "level":
            issued.notes += _still_held(record, last, register, policy)
            continue
        block = next((entry for entry in earlier if register.state(entry["credential"]) in BLOCKING), None)
        if last and block:
            issued.credentials[learner] = _kept(evidence, last, learner)
            issued.notes.append(_blocked(learner, block["credential"], register))
            continue
        if last and last["decision"] == record.commit and register.state(last["credential"]) != "lifted":
            issued.credentials[learner] = _kept(evidence, last, learner)
            continue
        problem = _name_problem(learner, people[learner], draws)
        if problem:
            issued.notes.append(problem)
            continue
        progress(f"issuing to {learner}")
        holder = Holder(full_name(people[learner]), people[learner].email)
        credential = issue(record.document, holder, issuer, policy, title, now, register)
        issued.notes += _still_held(record, last, register, policy)
        issued.credentials[learner] = credential
        issued.new.append(learner)
        kept = sha256(credential.json)
        issued.files |= {kept: credential.json, f"{kept}.jwt": credential.jwt.encode()}
        issued.entries.append(
            {
                "kind": "issue",
                "learner": pseudonyms[learner],
                "decision": record.commit,
                "level": record.decision.level,
                "credential": credential.id,
                "sha256": credential.sha256,
                "index": credential.status_index,
                "file": kept,
                "key": issuer.key_id,
            }
        )
    return issued


def full_name(person: Person) -> str:
    """A name as printed: family name first and no space if all of it is Chinese; empty without one."""
    parts = [part.strip() for part in (person.first_name or "", person.last_name or "") if part.strip()]
    if len(parts) == 2 and is_chinese(person):
        return parts[1] + parts[0]
    return " ".join(parts)


def is_chinese(person: Person) -> bool:
    """Whether the whole name is written in Chinese characters."""
    return bool(_HAN.fullmatch(f"{person.first_name or ''}{person.last_name or ''}".replace(" ", "")))


def nameless(learner: str) -> str:
    """A note on a learner who passes but whose name is not known."""
    return (
        f"{learner} passes, but nothing is issued: the gradebook has no name for this learner; "
        f"nbgrader db student add --first-name=… --last-name=… {operand(learner)}, then course certify again"
    )


def _name_problem(learner: str, person: Person, draws: Callable[[str], str]) -> str:
    name = full_name(person)
    if not name:
        return nameless(learner)
    try:
        problem = draws(printed_name(name))
    except CourseError as error:
        problem = str(error)
    return f"{learner} passes, but nothing is issued: {problem}" if problem else ""


def _kept(evidence: Evidence, entry: Entry, learner: str) -> Credential:
    data = evidence.need(entry["file"], f"the credential of {learner} issued {entry['at']}")
    place = evidence.path(entry["file"])
    if sha256(data) != entry["file"]:
        raise CourseError(f"{place}, the credential of {learner}, was changed; restore it from a backup")
    jwt = evidence.need(f"{entry['file']}.jwt", f"the credential (JWT) of {learner} issued {entry['at']}")
    return Credential(
        id=entry["credential"],
        document=json.loads(data),
        json=data,
        jwt=jwt.decode("ascii", "replace"),
        status_index=entry["index"],
        sha256=entry["sha256"],
    )


def _state_entries(log: AuditLog, register: StatusRegister) -> list[dict[str, Any]]:
    """Entries on what was revoked, suspended or lifted since.

    Reasons stay in the register, where they can be erased.
    """
    logged_states = {entry["credential"]: entry["state"] for entry in log.of_kind("revocation")}
    entries = []
    for entry in log.of_kind("issue"):
        known = register.entry(entry["credential"])
        if known is None:
            raise CourseError(
                f"{register.path} does not know {entry['credential']}, which the audit log says was issued "
                f"{entry['at']}; restore the issuer's folder from a backup"
            )
        logged = logged_states.get(entry["credential"], "issued")
        if logged not in known.past:
            raise CourseError(
                f"the audit log says that {entry['credential']} is {logged}, and {register.path} does not know of it; "
                "restore the issuer's folder from a backup"
            )
        if logged != known.state:
            entries.append({"kind": "revocation", "credential": entry["credential"], "state": known.state})
    return entries


def _withdraw_orphans(log: AuditLog, register: StatusRegister, now: datetime) -> None:
    """Revoke what an interrupted run made before the log named it, so that only one is valid."""
    named = {entry["credential"] for entry in log.of_kind("issue")}
    for credential_id in register.unlogged(named):
        register.revoke(credential_id, WITHDRAWN, now)
    register.confirm(named, now)


def _blocked(learner: str, credential_id: str, register: StatusRegister) -> str:
    return (
        f"{learner} passes, but nothing is issued: {credential_id} is {register.state(credential_id)}; "
        f"course revoke {credential_id} --lift --reason …, if a new one is to be issued"
    )


def _still_held(record: Record, last: Entry | None, register: StatusRegister, policy: Policy) -> list[str]:
    """A note if a learner holds a credential that claims more than the current decision."""
    decision = record.decision
    if last is None or decision.status == "pending" or register.state(last["credential"]) != "issued":
        return []
    names = [level.name for level in policy.levels]
    rank = names.index(decision.level) if decision.level in names else -1
    held = names.index(last["level"]) if last["level"] in names else len(names)
    if rank >= held:
        return []
    return [
        f"{decision.learner} holds {last['credential']} ({last['level']}) but is now decided "
        f"{decision.level or 'none'}: course revoke {last['credential']} --reason …, if that credential should not stand"
    ]
