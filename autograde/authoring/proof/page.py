"""Records of proofs → the page of the documentation that shows how strong each exercise's tests are. Pure."""

from collections.abc import Sequence

from autograde.authoring.proof.record import Record, Tried

HEAD = """\
# How strong the tests are

`course check` writes this page from the records in `release/proofs/`; do not edit it.
An exercise is graded by tests that refuse every wrong answer of its bank and accept every right one.
The last column counts the wrong answers that the public parts of the tests alone would let through: what the hidden parts are for.
"""


def page(records: Sequence[Record]) -> str:
    """Return the page as Markdown, one section for each chapter."""
    return "\n".join([HEAD, *map(_chapter, records)])


def _chapter(record: Record) -> str:
    exercises: dict[str, list[Tried]] = {}
    for one in record.tried:
        exercises.setdefault(one.exercise, []).append(one)
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
    lines += [f"| {one.name} | {one.verdict} | {f'`{one.refused_by}`' if one.refused_by else ''} |" for one in tried]
    return "\n".join([*lines, "", "</details>", ""])


def _share(tried: list[Tried], verdict: str) -> str:
    of_kind = [one for one in tried if one.verdict == verdict]
    return f"{sum(one.as_expected for one in of_kind)} of {len(of_kind)}"


def _missed(tried: list[Tried]) -> str:
    wrong = [one for one in tried if one.verdict == "wrong"]
    return f"{sum(one.passes_public for one in wrong)} of {len(wrong)}"
