"""Snapshot, decisions and log → everything that the report shows. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from autograde.certify.decide.decision import Decision
from autograde.certify.decide.grades import Snapshot
from autograde.certify.decide.tally import Tally, tally_all
from autograde.grading.storage.grading_log import GradingLog
from autograde.report.cohort import Column, Review, Times, columns, reviews, times
from autograde.report.items import Analysis, analyse, matrices, overall_error
from autograde.report.near_cut import NearCut, near_cuts
from autograde.report.order import Order
from autograde.settings.policy import Policy


@dataclass(frozen=True)
class Report:
    """The report's content, without its words.

    Attributes:
        as_of: the day of the decisions; `made_at`: when the report was made, UTC.
        tallies: the gradebook's state, by (learner, assignment).
        analyses: for the policy's assignments that the gradebook has.
        errors: standard error of measurement as a share of the maximum, by assignment, and under
            ``""`` of the overall score.
    """

    as_of: date
    made_at: datetime
    policy: Policy
    snapshot_sha256: str
    decisions: tuple[Decision, ...]
    tallies: Mapping[tuple[str, str], Tally]
    columns: tuple[Column, ...]
    analyses: tuple[Analysis, ...]
    errors: Mapping[str, float | None]
    near: tuple[NearCut, ...]
    reviews: tuple[Review, ...]
    times: tuple[Times, ...]
    log: GradingLog


def gather(
    policy: Policy,
    snapshot: Snapshot,
    decisions: Sequence[Decision],
    log: GradingLog,
    as_of: date,
    made_at: datetime,
    order: Order | None = None,
) -> Report:
    """Everything the report shows of the policy's assignments; `order` is that of their cells."""
    names = [name for name in policy.assignments if name in snapshot.assignments]
    tallies = tally_all(snapshot, names)
    score_matrices = matrices(snapshot, tallies, order)
    analyses = {name: analyse(score_matrices[name]) for name in names if name in score_matrices}
    errors = {name: a.sem.value / a.maximum if a.sem and a.maximum else None for name, a in analyses.items()}
    weighted = [(float(c.weight), analyses[c.assignment]) for c in policy.chapters if c.assignment in analyses]
    is_complete = len(weighted) == len(policy.chapters)
    errors[""] = overall_error(weighted) if is_complete else None
    return Report(
        as_of=as_of,
        made_at=made_at,
        policy=policy,
        snapshot_sha256=snapshot.sha256,
        decisions=tuple(decisions),
        tallies=tallies,
        columns=columns(policy),
        analyses=tuple(analyses.values()),
        errors=errors,
        near=near_cuts(decisions, errors),
        reviews=reviews(log.latest, tallies),
        times=times(log.gradings),
        log=log,
    )
