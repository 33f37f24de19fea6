"""Audit log + grading log + gradebook → each learner's attempts, and the lines that the audit log still lacks. Pure.

nbgrader keeps the newest hand-in only. The audit log keeps every one: as the engine graded it, then as a person
changed its grade, then superseded by the next. What grading found out about it (status, isolation) goes with it; so
does a person's decision on a review: that no cell waits any more and at least one has a score given by hand.

Two hand-ins are one attempt where neither their times, to the second, nor their contents tell them apart. The second,
because the gradebook keeps a finer time than the engine's log; the contents, because the time is the learner's to write.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC
from fractions import Fraction
from typing import Any

from autograde.certify.decide.attempts import UNRECORDED, Attempt
from autograde.certify.decide.grades import Row, Snapshot
from autograde.certify.decide.tally import Tally, attempt_of, tally_all
from autograde.exact import moment, plain
from autograde.grading.status import Status
from autograde.grading.storage.grading_log import Grading

Key = tuple[str, str]
"""A learner's pseudonym and an assignment."""

_MEASURES = ("score", "maximum", "late_penalty", "open_cells")


@dataclass
class History:
    """All attempts that are known, by learner's pseudonym and assignment, in the order in which they were learnt of."""

    attempts: dict[Key, list[Attempt]] = field(default_factory=lambda: defaultdict(list))
    lines: set[str] = field(default_factory=set)

    def learn(self, entry: Mapping[str, Any]) -> None:
        """Take in one entry of the audit log; other kinds than attempts and changes of grades are passed over."""
        if entry["kind"] not in ("attempt", "grade-change"):
            return
        found = self.attempts[entry["learner"], entry["assignment"]]
        place = _same(found, entry["submitted_at"], entry["submission"])
        if entry["kind"] == "grade-change":
            if place is not None:
                after = {name: entry["after"][name] for name in _MEASURES}
                is_decided = entry.get("decided", not after["open_cells"])  # a line of before this field
                found[place] = replace(found[place], **after, is_decided=is_decided)
            return
        if entry["line"]:
            self.lines.add(entry["line"])
        if entry["status"] == Status.FAILED:  # it could not be graded: no fault of the learner's is known
            return
        values = {name: entry[name] for name in _FIELDS}
        attempt = Attempt(
            **values,
            assignment=entry["assignment"],
            is_current=False,
            status=entry["status"],
            isolation=entry["isolation"] or UNRECORDED,
            is_decided=entry.get("decided", False),
        )
        if place is not None:  # graded again; what counts is when it was seen first
            attempt = replace(attempt, graded_at=found.pop(place).graded_at or attempt.graded_at)
        found.append(attempt)

    def of(self, pseudonym: str, assignment: str, submitted_at: str | None) -> list[Attempt]:
        """A learner's attempts at an assignment; `submitted_at` of the one in the gradebook, None without one."""
        found = self.attempts.get((pseudonym, assignment), [])
        current = None if submitted_at is None else _newest(found, submitted_at)
        return [replace(attempt, is_current=place == current) for place, attempt in enumerate(found)]

    def known(self, pseudonym: str, assignment: str, submitted_at: str) -> Attempt | None:
        """The attempt that was handed in then."""
        found = self.attempts.get((pseudonym, assignment), [])
        place = _newest(found, submitted_at)
        return None if place is None else found[place]


def attempts_of_all(
    assignments: Sequence[str],
    snapshot: Snapshot,
    pseudonyms: Mapping[str, str],
    audited: Iterable[Mapping[str, Any]],
    gradings: Sequence[Grading],
    earlier: Mapping[str, Snapshot],
) -> tuple[dict[str, tuple[Attempt, ...]], list[dict[str, Any]]]:
    """Each learner's attempts at `assignments`, and the entries on them that the audit log still lacks.

    Args:
        audited: the entries of the audit log.
        earlier: by learner, the snapshot of the decision before this one: tells which cells changed.
    """
    history = History()
    for entry in audited:
        history.learn(entry)
    added = from_grading_log(gradings, pseudonyms, history.lines)
    for entry in added:
        history.learn(entry)
    changes = from_gradebook(history, snapshot, pseudonyms, gradings, earlier)
    for entry in changes:
        history.learn(entry)
    submitted = {(s.learner, s.assignment): s.timestamp for s in snapshot.submissions}
    attempts = {
        learner: tuple(
            attempt
            for assignment in assignments
            for attempt in history.of(name, assignment, submitted.get((learner, assignment)))
        )
        for learner, name in pseudonyms.items()
    }
    return attempts, added + changes


def from_grading_log(
    gradings: Iterable[Grading], pseudonyms: Mapping[str, str], seen: set[str]
) -> list[dict[str, Any]]:
    """Entries of kind ``attempt`` for the gradings whose line was not `seen` yet; unknown learners are left out."""
    return [
        {
            "kind": "attempt",
            "learner": pseudonyms[grading.student],
            "assignment": grading.assignment,
            "status": grading.status,
            "submitted_at": grading.submitted_at,
            "graded_at": grading.graded_at,
            "score": grading.score,
            "maximum": grading.maximum,
            "late_penalty": grading.late_penalty,
            "open_cells": sum(score is None for score in grading.cells.values()),
            "submission": grading.hashes["submission"],
            "release": grading.hashes["release"],
            "tests": grading.hashes["tests"],
            "engine": grading.engine,
            "isolation": grading.isolation,
            "line": grading.line,
        }
        for grading in gradings
        if grading.line not in seen and grading.student in pseudonyms
    ]


def from_gradebook(
    history: History,
    snapshot: Snapshot,
    pseudonyms: Mapping[str, str],
    gradings: Sequence[Grading],
    earlier: Mapping[str, Snapshot],
) -> list[dict[str, Any]]:
    """Entries for what the gradebook says and `history` does not: hand-ins and changed grades.

    Args:
        earlier: by learner, the snapshot of the decision before this one: tells which cells changed.
    """
    entries = []
    tallies = tally_all(snapshot, snapshot.assignments)
    rows: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in snapshot.rows:
        rows[row.learner, row.assignment].append(row)
    logged = {(grading.student, grading.assignment, _time(grading.submitted_at)): grading for grading in gradings}
    for (learner, assignment), tally in tallies.items():
        if tally.state in ("not-submitted", "not-graded") or not rows[learner, assignment]:
            continue
        now = attempt_of(tally)
        known = history.known(pseudonyms[learner], assignment, tally.timestamp)
        base = {"learner": pseudonyms[learner], "assignment": assignment}
        grading = logged.get((learner, assignment, _time(tally.timestamp)))
        own_rows = rows[learner, assignment]
        is_foreign = known is not None and known.isolation != UNRECORDED and _is_foreign(own_rows, grading)
        status, isolation = known.status if known else Status.GRADED, ""
        if known is None and grading:  # the engine could not grade it: every point is a person's
            status, isolation = Status.REVIEW, grading.isolation
        is_decided = status == Status.REVIEW and _is_decided(tally, own_rows)
        if known is None or is_foreign:
            facts = {"status": status, "isolation": isolation, "line": "", "decided": is_decided}
            entries.append({"kind": "attempt", **base, **facts, **{name: getattr(now, name) for name in _FIELDS}})
        elif _measures(known) != _measures(now) or known.is_decided != is_decided:
            before = _cells_before(earlier.get(learner), tally, learner, grading)
            change = {
                "kind": "grade-change",
                **base,
                "submitted_at": known.submitted_at,
                "submission": known.submission,
                "before": {name: getattr(known, name) for name in _MEASURES},
                "after": {name: getattr(now, name) for name in _MEASURES},
                "decided": is_decided,
                "cells": _changes(before, _scores(own_rows)),
                "by": None,  # nbgrader does not record who changed a grade, nor why
                "why": None,
            }
            entries.append(change)
    return entries


_FIELDS = tuple(
    name
    for name in Attempt.__dataclass_fields__
    if name not in ("is_current", "assignment", "status", "isolation", "is_decided")
)


def _is_foreign(rows: Iterable[Row], grading: Grading | None) -> bool:
    """Whether the gradebook holds an automatic score that the engine did not give: another program graded since."""
    scores = grading.cells if grading else {}
    return any(
        row.auto is not None and score is not None and Fraction(row.auto) != Fraction(score)
        for row in rows
        for score in (scores.get((row.notebook, row.cell)),)
    )


def _is_decided(tally: Tally, rows: Iterable[Row]) -> bool:
    """Whether a person has decided on a review: no cell waits, and a score was given by hand."""
    return tally.state == "graded" and any(row.manual is not None for row in rows)


def _measures(attempt: Attempt) -> tuple[Fraction, ...]:
    return tuple(Fraction(getattr(attempt, name)) for name in _MEASURES)


def _cells_before(
    earlier: Snapshot | None, tally: Tally, learner: str, grading: Grading | None
) -> Mapping[tuple[str, str], str | None] | None:
    """Score of each cell when this hand-in was last seen; None where that is not known."""
    rows = [
        row
        for row in (earlier.rows if earlier else ())
        if (row.learner, row.assignment, row.timestamp) == (learner, tally.assignment, tally.timestamp)
    ]
    return _scores(rows) if rows else grading.cells if grading else None


def _changes(
    before: Mapping[tuple[str, str], str | None] | None, after: Mapping[tuple[str, str], str | None]
) -> list[dict[str, Any]]:
    if before is None:
        return []
    keys = sorted({*before, *after})
    return [
        {"notebook": key[0], "cell": key[1], "before": before.get(key), "after": after.get(key)}
        for key in keys
        if before.get(key) != after.get(key)
    ]


def _scores(rows: Iterable[Row]) -> dict[tuple[str, str], str | None]:
    scores: dict[tuple[str, str], str | None] = {}
    for row in rows:
        given = row.auto if row.manual is None else row.manual
        if given is not None and row.extra_credit is not None:
            given = plain(Fraction(given) + Fraction(row.extra_credit))
        scores[row.notebook, row.cell] = given
    return scores


def _same(found: Sequence[Attempt], submitted_at: str, submission: str) -> int | None:
    """Place of the attempt that is this hand-in, the newest first; what is not recorded tells nothing apart."""
    second = _time(submitted_at)
    for place in reversed(range(len(found))):
        at, content = _time(found[place].submitted_at), found[place].submission
        if at == second and (content == submission or not content or not submission):
            return place
        if content == submission != "" and not (at and second):
            return place
    return None


def _newest(found: Sequence[Attempt], submitted_at: str) -> int | None:
    """Place of the newest attempt that was handed in at a time, or at none that is recorded."""
    second = _time(submitted_at)
    return next((place for place in reversed(range(len(found))) if _time(found[place].submitted_at) == second), None)


def _time(text: str) -> str:
    """The second of a hand-in; programs differ in whether they write what is smaller."""
    at = moment(text)
    return at.astimezone(UTC).isoformat(timespec="seconds") if at else ""
