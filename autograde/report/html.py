"""A :class:`~autograde.report.gather.Report` → a self-contained HTML page.

Jinja escapes whatever learners, authors or the log wrote; it is shown in ``bdi`` with control
characters replaced. A content security policy allows only the page's own style and script, by their
hashes, and loads nothing.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from fractions import Fraction
from importlib.resources import files
from typing import Any

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from autograde.certify.decide.decision import Decision
from autograde.certify.decide.reasons import open_grading
from autograde.certify.decide.snapshot import Person
from autograde.certify.decide.tally import Tally
from autograde.certify.table import reason_words
from autograde.exact import percent, source_hash
from autograde.grading.status import Status
from autograde.report import cohort, items, near_cut, plots
from autograde.report.gather import Report
from autograde.report.needs import Kind, Need, needs
from autograde.report.words import Language, Words

_PARTS = files("autograde.report") / "templates"

_PLACES: Mapping[Kind, str] = {
    "near": "near-title",
    "unnamed": "cohort",
    "items": "items",
    "left-out": "left-out",
    "lines": "repairs",
}
"""Where the page lists what waits for a person, if not among the submissions to look at."""
_COMMANDS: Mapping[Kind, str] = {
    "failed": "course grade {}",
    "ungraded": "course grade {}",
    "partly": "course grade {} --force",
    "not-examined": "course grade {} --force --isolation examiner",
    "review": "course lab --instructor",
    "manual": "course lab --instructor",
    "unnamed": "course roster import roster.csv",
}
"""The command for it; {} is the assignment."""


def render(report: Report, course: str, people: Mapping[str, Person], language: Language) -> str:
    """The page.

    Args:
        course: the course's title.
        people: names, by learner id; a learner without one is shown by id.
    """
    t = Words(language)
    css, script = (Markup((_PARTS / name).read_text(encoding="utf-8")) for name in ("report.css", "sort.js"))
    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined)
    environment.filters["clean"] = clean
    template = environment.from_string((_PARTS / "report.html.j2").read_text(encoding="utf-8"))
    return template.render(
        t=t,
        plots=plots,
        report=report,
        course=course,
        names={learner: name for learner, person in people.items() if (name := _name(person))},
        faults=[person.fault for person in people.values() if person.fault],
        needs=_needs(report, people, t),
        css=css,
        script=script,
        policy_of_page=f"default-src 'none'; style-src '{source_hash(css)}'; script-src '{source_hash(script)}';"
        " base-uri 'none'; form-action 'none'",
        **_key_figures(report),
        **_pictures(report, t),
        **_item_words(report, t),
        cohort=[_row(decision, report, t) for decision in report.decisions],
        band=f"{near_cut.band(report.policy):f}",
        rule_name=lambda near: _rule(near.rule, near.subject, near.cut / near.maximum, t),
        said=lambda note: getattr(note, language),
        open_grading=open_grading,
        now=lambda review: _now(review.tally, t),
        number=_number,
        signed=lambda value: "" if value is None else f"{value:+.1f}".replace("-", "−"),
        unreadable=", ".join(str(fault.number) for fault in report.log.faults),
    )


def clean(text: object) -> str:
    """`text` on one line, with control and other invisible characters replaced."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in " ".join(str(text).split()))


def _needs(report: Report, people: Mapping[str, Person], t: Words) -> list[dict[str, Any]]:
    assignments = [column.assignment for column in report.columns]
    open_needs = needs(
        assignments, report.decisions, report.reviews, report.near, report.analyses, len(report.log.faults), people
    )
    return [
        {
            "n": need.n,
            "said": _sentence(need, t),
            "anchor": _PLACES.get(need.kind, "review-title"),
            "do": t(f"do-{need.kind}"),
            "commands": _commands(need),
        }
        for need in open_needs
    ]


def _sentence(need: Need, t: Words) -> str:
    what = t(f"need-{need.kind}", n=need.n)
    if not need.places:
        return t("need-said", what=what)
    places = [t("need-place", assignment=clean(name), n=n) for name, n in need.places]
    return t("need-said-where", what=what, places=t("comma").join(places))


def _commands(need: Need) -> list[str]:
    """The commands to run, for the first three assignments."""
    command = _COMMANDS.get(need.kind, "")
    if "{}" not in command:
        return [command] if command else []
    return [command.format(clean(name)) for name, _ in need.places[:3]]


def _key_figures(report: Report) -> dict[str, Any]:
    outcomes = cohort.outcomes(report.decisions, report.policy)
    return {
        "outcomes": outcomes,
        "n_submissions": sum(tally.state != "not-submitted" for tally in report.tallies.values()),
        "n_levels": sum(n for name, n in outcomes.items() if name not in ("none", "pending")),
        "repaired": [entry for entry in report.log.latest if entry.status == Status.REPAIRED],
    }


def _pictures(report: Report, t: Words) -> dict[str, Any]:
    progress = cohort.progress(report.decisions, report.policy)
    names = [clean(column.assignment) for column in report.columns]
    kinds = Counter(
        note.code for entry in report.log.latest if entry.status == Status.REPAIRED for note in entry.reasons
    ).most_common()
    curves = [
        (clean(column.assignment), [moment for tally in found if (moment := _moment(tally))])
        for column, found in zip(report.columns, _by_column(report), strict=True)
    ]
    return {
        "histograms": list(_histograms(report, t)),
        "progress_plot": plots.progress_bars(list(zip(names, progress, strict=True)), t) if report.decisions else "",
        "hand_ins_plot": plots.hand_ins(curves, len(report.decisions), t),
        "cut_plots": list(_cut_plots(report, t)),
        "repairs_plot": plots.counted_bars([(clean(k), n) for k, n in kinds], "repairs-plot", t("repairs-by"))
        if kinds
        else "",
    }


def _histograms(report: Report, t: Words) -> Any:
    lowest = report.policy.levels[0]
    overall = cohort.overall_shares(report.decisions)
    cut = Fraction(max(lowest.overall, report.policy.overall_min))
    yield _histogram(t("overall"), overall, (clean(t.level(lowest.name)), cut), "overall-plot", t)
    analyses = {analysis.assignment: analysis for analysis in report.analyses}
    for i, (column, found) in enumerate(zip(report.columns, _by_column(report), strict=True)):
        analysis = analyses.get(column.assignment)
        shares = cohort.shares(found)
        name = clean(column.assignment)
        label = f"{float(column.minimum) * 100:g} %"
        yield _histogram(name, shares, (label, column.minimum), f"scores-plot-{i}", t, bool(analysis))


def _histogram(
    name: str, shares: tuple[Fraction, ...], cut: tuple[str, Fraction], key: str, t: Words, is_known: bool = True
) -> dict[str, Any]:
    caption = t("n-graded", n=len(shares)) if shares and is_known else t("nothing-graded")
    if len(shares) >= items.MINIMUM_LEARNERS:
        mean = sum(shares) / len(shares)
        sd = (float(sum((share - mean) ** 2 for share in shares)) / (len(shares) - 1)) ** 0.5
        caption += " · " + t("mean-sd", mean=f"{float(mean) * 100:.1f}", sd=f"{sd * 100:.1f}")
    title = t("scores-of", assignment=name)
    return {
        "name": name,
        "drawing": plots.histogram(cohort.histogram(shares), [cut], key, title, t),
        "caption": caption,
    }


def _cut_plots(report: Report, t: Words) -> Any:
    """A plot for each cut on the overall score and the exam that has a standard error."""
    width = float(near_cut.band(report.policy))
    overall = cohort.overall_shares(report.decisions)
    error = report.errors.get("")
    lowest = report.policy.levels[0]
    if error is not None:
        cut = Fraction(max(lowest.overall, report.policy.overall_min))
        name = t("overall-level", level=clean(t.level(lowest.name)))
        drawing = plots.around_cut(overall, cut, width * error, "cut-overall", name, t)
        yield {"name": name, "drawing": drawing}
    exam = report.policy.exam
    error = report.errors.get(exam.assignment) if exam else None
    if exam and error is not None:
        exams = [d.exam for d in report.decisions if d.exam and d.status != "pending"]
        cut = Fraction(exam.share(lowest))
        name = _rule("exam", exam.assignment, cut, t)
        drawing = plots.around_cut(cohort.shares(exams), cut, width * error, "cut-exam", name, t)
        yield {"name": name, "drawing": drawing}


def _item_words(report: Report, t: Words) -> dict[str, Any]:
    shown = [analysis for analysis in report.analyses if analysis.items]
    return {
        "shown": shown,
        "small_classes": list(_small_classes(report, t)),
        "reliable": [analysis for analysis in shown if not analysis.is_withheld],
        "without_items": [a.assignment for a in report.analyses if a.n and not a.items],
        "widest_sem": max((a.sem.high for a in shown if a.sem), default=1.0) or 1.0,
        "several_notebooks": {a.assignment: len({item.cell.notebook for item in a.items}) > 1 for a in shown},
        "has_unknown_error": any(error is None for error in report.errors.values()),
        "least": items.MINIMUM_LEARNERS,
        "least_to_flag": items.MINIMUM_TO_FLAG,
        "easy": items.TOO_EASY,
        "hard": items.TOO_HARD,
        "two": lambda value: f"{value:.2f}".replace("-", "−"),
        "whole": lambda value: f"{value:g}",
    }


def _small_classes(report: Report, t: Words) -> Iterator[str]:
    """What can be said with so few learners: a sentence for the assignments of each kind."""
    kinds: dict[str, list[items.Analysis]] = {"small": [], "tiny": [], "nobody": []}
    for analysis in report.analyses:
        if analysis.is_withheld and (analysis.items or not analysis.n):
            kind = "nobody" if not analysis.n else "tiny" if analysis.n < items.FEW_LEARNERS else "small"
            kinds[kind].append(analysis)
    for kind, analyses in kinds.items():
        if analyses:
            most = max(analysis.n for analysis in analyses)
            words = [
                t("withheld-of", assignment=clean(a.assignment), n=a.n) if a.n else clean(a.assignment)
                for a in analyses
            ]
            facts = {"assignments": t("comma").join(words)}
            if kind != "nobody":
                facts["least"] = str(items.MINIMUM_LEARNERS)
            if kind == "small":
                facts |= {"n": str(most), "chance": f"{items.by_chance(most):.1f}"}
            yield t(kind, **facts)


def _row(decision: Decision, report: Report, t: Words) -> dict[str, Any]:
    levels = [level.name for level in report.policy.levels]
    order = {"pending": -1, "none": 0}.get(decision.status, 1 + levels.index(decision.level) if decision.level else 0)
    cells = list(zip(report.columns, cohort.tallies(decision), strict=True))
    return {
        "learner": decision.learner,
        "cells": [_heat(column, tally, t) for column, tally in cells],
        "overall": percent(decision.overall, decision.overall_maximum),
        "outcome": t.level(decision.level) if decision.level else t(decision.status),
        "order": order,
        "style": decision.status,
        "result": decision.level or decision.status,
        "standings": " ".join(sorted({cohort.standing(tally, column) for column, tally in cells})),
        # for a learner with a level: why not the next one, and what became of attempts
        "why": [
            reason_words(reason, decision.policy, t.language)
            for reason in decision.reasons[1 if decision.level else 0 :]
        ],
    }


def _heat(column: cohort.Column, tally: Tally, t: Words) -> dict[str, Any]:
    standing = cohort.standing(tally, column)
    if standing == "absent":
        return {"style": "gone", "text": "–", "tip": t("key-absent"), "order": -2}
    if standing == "waiting":
        return {"style": "open", "text": "…", "tip": getattr(open_grading(tally), t.language), "order": -1}
    share = tally.score / tally.maximum if tally.maximum else Fraction(0)
    if standing == "reached":
        depth = (share - column.minimum) / (1 - column.minimum) if column.minimum < 1 else Fraction(1)
        style = f"up-{min(int(depth * 3) + 1, 3)}"
    else:
        style = f"down-{min(int((column.minimum - share) / column.minimum * 3) + 1, 3)}"
    tip = t("points-of", score=_number(tally.score), maximum=_number(tally.maximum))
    late = tally.late_penalty > 0
    if late:
        tip += "; " + t("late-off", points=_number(tally.late_penalty))
    text = f"{int(share * 100)}{'°' if late else ''}{' ▾' if standing == 'below' else ''}"
    return {"style": style, "text": text, "tip": tip, "order": f"{float(share * 100):.3f}"}


def _now(tally: Tally | None, t: Words) -> str:
    if tally is None or tally.state == "not-submitted":
        return t("unknown-submission")
    return f"{_number(tally.score)}/{_number(tally.maximum)}" if tally.is_final else t("waits")


def _rule(rule: near_cut.Rule, subject: str, share: Fraction, t: Words) -> str:
    return t(f"{rule}-rule", assignment=clean(subject), share=f"{float(share) * 100:g}")


def _by_column(report: Report) -> list[list[Tally]]:
    return [[cohort.tallies(decision)[i] for decision in report.decisions] for i in range(len(report.columns))]


def _moment(tally: Tally) -> datetime | None:
    return datetime.fromisoformat(tally.timestamp) if tally.timestamp else None


def _name(person: Person) -> str:
    return " ".join(part for part in (person.first_name, person.last_name) if part)


def _number(value: Fraction, signed: bool = False) -> str:
    """At most two decimals, without trailing zeros."""
    text = f"{float(value):{'+' if signed and value else ''}.2f}".rstrip("0").rstrip(".")
    return text.replace("-", "−")
