"""Policy × Snapshot → one :class:`Decision` per learner. Pure: same inputs, same bytes.

All comparisons are between exact rationals: 69.999… % never passes a 70 % rule, exactly 70 % always does. A level
is reached when every binding rule is met and its own overall (and exam) share; the highest such level counts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from fractions import Fraction
from typing import Any, Literal

from autograde.certify.decide.attempts import Attempt, Judged
from autograde.certify.decide.attempts import to_json as attempts_json
from autograde.certify.decide.grades import Snapshot
from autograde.certify.decide.reasons import Reason
from autograde.certify.decide.sheet import Missing, Rule, Sheet
from autograde.certify.decide.tally import Tally, counted, tally_all
from autograde.exact import canonical, percent, plain, sha256
from autograde.settings.policy import Policy

Status = Literal["level", "none", "pending"]


@dataclass(frozen=True)
class Decision:
    """The decision on one learner and everything that led to it.

    Attributes:
        snapshot_sha256: hash of the learner's own part of the snapshot.
        attempts_sha256: hash of the learner's attempts (attempts.to_json).
        level: name of the level reached; None unless `status` is ``level``.
        overall: Σ weight · score; `overall_maximum`: Σ weight · maximum.
        reasons: the weightiest first.
        missing: what is missing to the lowest level; empty if a level is reached.
    """

    learner: str
    as_of: date
    policy: Policy
    snapshot_sha256: str
    attempts_sha256: str
    status: Status
    level: str | None
    chapters: tuple[Tally, ...]
    exam: Tally | None
    overall: Fraction
    overall_maximum: Fraction
    rules: tuple[Rule, ...]
    reasons: tuple[Reason, ...]
    missing: tuple[Missing, ...]


def decide(
    policy: Policy, snapshot: Snapshot, as_of: date, attempts: Mapping[str, Sequence[Attempt]] | None = None
) -> tuple[Decision, ...]:
    """The decision on every learner of the snapshot, by learner id.

    Args:
        as_of: only recorded.
        attempts: by learner; what the gradebook holds is the only attempt of one who has none here.
    """
    tallies = tally_all(snapshot, policy.assignments)
    parts = snapshot.parts(policy.assignments)
    return tuple(
        _decide(policy, parts[learner], as_of, learner, tallies, (attempts or {}).get(learner, ()))
        for learner in snapshot.learners
    )


def to_json(decision: Decision, schema: int = 3) -> bytes:
    """The decision record, canonical JSON (RFC 8785); numbers are decimal strings, percentages cut off.

    Args:
        schema: 3, or 2 for the form of records in which no attempt names its engine. A decision whose evidence lacks
            the facts of attempts is written as 1, without them.
    """
    policy = decision.policy
    tallies = (*decision.chapters, *([decision.exam] if decision.exam else ()))
    has_facts = any(item.attempt.status is not None for tally in tallies for item in tally.attempts)
    document = {
        "schema": schema if has_facts else 1,
        "learner": decision.learner,
        "as_of": decision.as_of.isoformat(),
        "policy": {"id": policy.id, "version": policy.version, "sha256": policy.sha256},
        "snapshot": {"sha256": decision.snapshot_sha256},
        "attempts": {"sha256": decision.attempts_sha256},
        "status": decision.status,
        "level": decision.level,
        "overall": {
            "score": plain(decision.overall),
            "maximum": plain(decision.overall_maximum),
            "percent": percent(decision.overall, decision.overall_maximum),
        },
        "chapters": [_facts(tally, schema) for tally in decision.chapters],
        "exam": _facts(decision.exam, schema) if decision.exam else None,
        "rules": [asdict(rule) for rule in decision.rules],
        "reasons": [asdict(reason) for reason in decision.reasons],
        "missing": [asdict(item) for item in decision.missing],
    }
    return canonical(document)


def _decide(
    policy: Policy,
    part: Snapshot,
    as_of: date,
    learner: str,
    tallies: Mapping[tuple[str, str], Tally],
    attempts: Sequence[Attempt],
) -> Decision:
    chosen = {
        name: counted(tallies[learner, name], (a for a in attempts if a.assignment == name), policy)
        for name in policy.assignments
    }
    chapters = tuple(chosen[chapter.assignment] for chapter in policy.chapters)
    exam = chosen[policy.exam.assignment] if policy.exam else None
    sheet = Sheet(policy, chapters, exam)
    level = next((level for level in reversed(policy.levels) if sheet.reaches(level)), None)
    status: Status = "pending" if sheet.open else "level" if level else "none"
    return Decision(
        learner=learner,
        as_of=as_of,
        policy=policy,
        snapshot_sha256=part.sha256,
        attempts_sha256=sha256(attempts_json(learner, attempts)),
        status=status,
        level=level.name if level else None,
        chapters=chapters,
        exam=exam,
        overall=sheet.overall,
        overall_maximum=sheet.maximum,
        rules=tuple(sheet.rules()),
        reasons=tuple(sheet.reasons(level)),
        missing=() if level else tuple(sheet.missing()),
    )


def _facts(tally: Tally, schema: int) -> dict[str, Any]:
    return {
        "assignment": tally.assignment,
        "state": tally.state,
        "open_cells": tally.open_cells,
        "score": plain(tally.score),
        "maximum": plain(tally.maximum),
        "percent": percent(tally.score, tally.maximum),
        "late_penalty": plain(tally.late_penalty),
        "extra_credit": plain(tally.extra_credit),
        "timestamp": tally.timestamp,
        "attempt": tally.attempt,
        "attempts": [_attempt(item, schema) for item in tally.attempts],
    }


def _attempt(judged: Judged, schema: int) -> dict[str, Any]:
    attempt = judged.attempt
    facts = (
        () if attempt.status is None else ("status", "isolation") if schema == 2 else ("status", "isolation", "engine")
    )
    return {
        "number": judged.number,
        "submitted_at": attempt.submitted_at,
        "score": plain(attempt.points),
        "maximum": attempt.maximum,
        "percent": percent(attempt.points, Fraction(attempt.maximum)),
        "standing": judged.standing,
        **{name: getattr(attempt, name) for name in facts},
    }
