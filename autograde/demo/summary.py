"""The summary at the end of the demo: the decisions, where everything is, and what to try next."""

import shlex
from pathlib import Path

from rich.console import Console

from autograde.certify.table import decision_table, reason_lines
from autograde.demo.cycle import Demo


def show(demo: Demo, console: Console) -> None:
    """Print the table of scores and decisions, a note on each learner, the result files, and a verdict."""
    console.print()
    console.print(decision_table(demo.decisions))
    console.print("\nThe learners, and the reasons for each decision", style="bold")
    for learner, reason in zip(
        sorted(demo.learners, key=lambda learner: learner.id), reason_lines(demo.decisions), strict=True
    ):
        console.print(f"  {learner.name} ({learner.id}): {learner.about}", highlight=False, soft_wrap=True)
        console.print(f"    {reason}", style="dim", markup=False, highlight=False, soft_wrap=True)
    console.print(f"\nThe results, in {demo.root}", style="bold", highlight=False, soft_wrap=True)
    example = certificate(demo)
    places = [
        ("release/", "what learners get, in English and Chinese"),
        ("gradebook/gradebook.db", "nbgrader's gradebook; `course lab --instructor` in that folder opens it"),
        ("gradebook/grading-log.jsonl", "what the engine did with each submission, and why"),
        ("gradebook/feedback/", "feedback for every learner, HTML"),
        ("grades.csv", "the grades for a spreadsheet"),
        ("report.en.html, report.zh.html", "the instructor's report"),
        ("certificates/decisions/", "a decision for each learner, with every rule and reason"),
        *([(f"{example.parent.relative_to(demo.root)}/", "PDF, badges and credential of one who passed")] if example else []),
        ("certificates/site/index.html", "the verification site: open it in a browser and give it one of those files"),
    ]  # fmt: skip
    width = max(len(path) for path, _ in places)
    for path, what in places:
        console.print(f"  {path:{width}}  {what}", markup=False, emoji=False, highlight=False, soft_wrap=True)
    if example:
        console.print("\nAnybody can check this, offline", style="bold")
        for line in (
            f"$ cd {shlex.quote(str(_from_here(demo.root)))} && course verify {example.relative_to(demo.root)}",
            # without the trust note: the demo trusts the published list, the command the course's own keys
            demo.verdicts[str(example)].partition(" [trusted: ")[0],
        ):
            console.print(f"  {line}", markup=False, emoji=False, highlight=False, soft_wrap=True)


def certificate(demo: Demo) -> Path | None:
    """The certificate of the first learner who has one."""
    return next((Path(file) for file in demo.verdicts if file.endswith(".pdf")), None)


def _from_here(folder: Path) -> Path:
    return folder.relative_to(Path.cwd()) if folder.is_relative_to(Path.cwd()) else folder
