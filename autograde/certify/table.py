"""Decisions → a table and a list of reasons for people."""

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Literal

from rich import box
from rich.table import Table
from rich.text import Text

from autograde.certify.decide.decision import Decision
from autograde.certify.decide.reasons import Reason
from autograde.certify.decide.tally import Tally
from autograde.exact import percent, plain
from autograde.settings.policy import Policy

_WORDS = {
    "en": {
        "learner": "learner", "overall": "overall", "outcome": "outcome", "none": "Not passed", "pending": "Pending",
        "sentence": "{learner}: {reasons}", "between": " ",
    },
    "zh": {
        "learner": "学员", "overall": "总成绩", "outcome": "结果", "none": "未通过", "pending": "待定",
        "sentence": "{learner}：{reasons}", "between": "",
    },
}  # fmt: skip
_STYLES = {"level": "green", "none": "red", "pending": "yellow"}


def decision_table(decisions: Sequence[Decision], language: Literal["en", "zh"] = "en") -> Table:
    """One row per decision: learner, points per chapter, overall and outcome; the head says out of how many points.

    ``–`` stands for nothing submitted, ``?`` after points that are not final.
    """
    from autograde.certify.documents.words import level_word  # with it come the fonts and the PDF library

    words = _WORDS[language]
    table = Table(header_style="bold", box=box.SIMPLE_HEAD, padding=0, pad_edge=False)
    table.add_column(words["learner"], overflow="fold")
    tallies = _tallies(decisions[0]) if decisions else []
    for tally in tallies:
        table.add_column(_shown(tally.assignment).append(f"\n/{plain(tally.maximum)}"), justify="right")
    table.add_column(words["overall"], justify="right", no_wrap=True)
    table.add_column(words["outcome"], no_wrap=True)
    for decision in decisions:
        result = level_word(decision.level, language) if decision.level else words[decision.status]
        table.add_row(
            _shown(decision.learner),
            *(_points(tally, head.maximum) for tally, head in zip(_tallies(decision), tallies, strict=True)),
            f"{percent(decision.overall, decision.overall_maximum)} %",
            Text(_shown(result).plain, style=_STYLES[decision.status]),
        )
    return table


def reason_lines(decisions: Sequence[Decision], language: Literal["en", "zh"] = "en") -> Iterator[Text]:
    """One line per decision: learner, and every reason why no level was reached, or the one for the level."""
    for decision in decisions:
        reasons = decision.reasons[:1] if decision.level else decision.reasons
        words = _WORDS[language]
        sentence = words["between"].join(reason_words(reason, decision.policy, language) for reason in reasons)
        yield _shown(words["sentence"].format(learner=decision.learner, reasons=sentence))


def reason_words(reason: Reason, policy: Policy, language: Literal["en", "zh"]) -> str:
    """A reason for people: its levels as certificates name them; the record keeps the policy's own names."""
    from autograde.certify.documents.words import level_word

    sentence: str = getattr(reason, language)
    for level in policy.levels:
        word = level_word(level.name, language)
        sentence = word.join(re.split(rf"(?<![\w.-]){re.escape(level.name)}(?![\w.-])", sentence))
    return re.sub(r"(?<=[\u3000-\u9fff]) (?=[\u4e00-\u9fff])", "", sentence)


def _tallies(decision: Decision) -> list[Tally]:
    return [*decision.chapters, *([decision.exam] if decision.exam else [])]


def _points(tally: Tally, maximum: Fraction) -> str:
    if tally.state == "not-submitted":
        return "–"
    out_of = "" if tally.maximum == maximum else f"/{plain(tally.maximum)}"
    return f"{plain(tally.score)}{out_of}" + ("" if tally.is_final else " ?")


def _shown(text: str) -> Text:
    """`text` as it is, no markup in it interpreted, control characters replaced."""
    return Text("".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text))
