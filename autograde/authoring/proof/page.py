"""Render proof records as a page of the docs that shows the strength of each exercise's tests. Pure."""

from collections.abc import Sequence

from autograde.authoring.proof.record import Record, Tried

HEAD = """\
# How strong the tests are

`course check` writes this page from the records in `release/proofs/`; do not edit it.
An exercise is graded by tests that refuse every wrong answer of its bank and accept every right one.
The last column counts the wrong answers that the public parts of the tests alone would let through; `course check` accepts at most one in three.
"""


def page(records: Sequence[Record]) -> str:
    """Return the page as Markdown, one section per chapter."""
    return "\n".join([HEAD, *map(_chapter, records)])


def _chapter(record: Record) -> str:
    exercises: dict[str, list[Tried]] = {}
    for answer in record.tried:
        exercises.setdefault(answer.exercise, []).append(answer)
    rows = [
        f"| `{name}` | {_share(tried, 'wrong')} | {_share(tried, 'right')} | {_missed(tried)} |"
        for name, tried in exercises.items()
    ]
    return "\n".join(
        [
            f"## {record.chapter}",
            "",
            "| exercise | wrong refused | right accepted | public part misses |",
            "|---|---|---|---|",
            *rows,
            "",
            *(_answers(name, tried) for name, tried in exercises.items()),
        ]
    )


def _answers(exercise: str, tried: list[Tried]) -> str:
    lines = [
        f"<details><summary>{exercise}: every answer</summary>",
        "",
        "| answer | is | refused by |",
        "|---|---|---|",
    ]
    for answer in tried:
        lines.append(f"| {answer.name} | {answer.verdict} | {f'`{answer.refused_by}`' if answer.refused_by else ''} |")
    return "\n".join([*lines, "", "</details>", ""])


def _share(tried: list[Tried], verdict: str) -> str:
    of_kind = [answer for answer in tried if answer.verdict == verdict]
    return f"{sum(answer.as_expected for answer in of_kind)} of {len(of_kind)}"


def _missed(tried: list[Tried]) -> str:
    wrong = [answer for answer in tried if answer.verdict == "wrong"]
    return f"{sum(answer.passes_public for answer in wrong)} of {len(wrong)}"
