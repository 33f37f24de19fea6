"""Decisions → a table for people."""

from collections.abc import Sequence
from typing import Literal

from rich.table import Table
from rich.text import Text

from autograde.certify.decision import Decision
from autograde.certify.exact import percent, plain
from autograde.certify.tally import Tally

_WORDS = {
    "en": ("learner", "overall", "outcome", "why", {"none": "none", "pending": "pending"}),
    "zh": ("学员", "总成绩", "结果", "原因", {"none": "未通过", "pending": "待定"}),
}
_STYLES = {"level": "green", "none": "red", "pending": "yellow"}


def decision_table(decisions: Sequence[Decision], language: Literal["en", "zh"] = "en") -> Table:
    """One row per decision: learner, points per chapter, overall, outcome and the weightiest reason.

    ``–`` stands for nothing submitted, ``?`` after points that are not final.
    """
    learner, overall, outcome, why, outcomes = _WORDS[language]
    table = Table(header_style="bold")
    table.add_column(learner, overflow="fold")
    tallies = _tallies(decisions[0]) if decisions else []
    for tally in tallies:
        table.add_column(_shown(tally.assignment), justify="right")
    table.add_column(overall, justify="right")
    table.add_column(outcome)
    table.add_column(why, overflow="fold")
    for decision in decisions:
        result = decision.level or outcomes[decision.status]
        reason = decision.reasons[0].en if language == "en" else decision.reasons[0].zh
        table.add_row(
            _shown(decision.learner),
            *(_points(tally) for tally in _tallies(decision)),
            f"{percent(decision.overall, decision.overall_maximum)} %",
            Text(_shown(result).plain, style=_STYLES[decision.status]),
            _shown(reason),
        )
    return table


def _tallies(decision: Decision) -> list[Tally]:
    return [*decision.chapters, *([decision.exam] if decision.exam else [])]


def _points(tally: Tally) -> str:
    if tally.state == "not-submitted":
        return "–"
    return f"{plain(tally.score)}/{plain(tally.maximum)}" + ("" if tally.is_final else " ?")


def _shown(text: str) -> Text:
    """`text` as it is, no markup in it interpreted, control characters replaced."""
    return Text("".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text))
