"""Print the gate's report."""

from rich.console import Console
from rich.padding import Padding
from rich.table import Column, Table

from autograde.authoring.gate.check import Report
from autograde.authoring.proof.record import Tried


def show(report: Report, console: Console) -> None:
    """Print one row per exercise, the chapters' run times and the list of findings."""
    table = Table(
        "chapter",
        Column("exercise", overflow="fold"),
        "wrong rejected",
        "right accepted",
        "public part misses",
        title="Strength of the tests",
        title_justify="left",
    )
    for (file, exercise), trials in _by_exercise(report.trials).items():
        missed = f"{len(_missed(trials))} of {sum(trial.verdict == 'wrong' for trial in trials)}"
        table.add_row(file, exercise, _share(trials, "wrong"), _share(trials, "right"), missed)
    if report.trials:
        console.print(table)
        console.print("\nWrong solutions that the public part alone would let through", style="bold")
        for (_, exercise), trials in _by_exercise(report.trials).items():
            names = ", ".join(_missed(trials)) or "none"
            console.print(Padding(f"{exercise}: {names}", (0, 0, 0, 2)), highlight=False)
        console.print()
    for chapter, seconds in report.seconds.items():
        budget = f" of {report.budgets[chapter]:g} s" if chapter in report.budgets else ""
        slow = report.slow.get(chapter, 1.0)
        here = f" times {slow:.1f}: importing TensorFlow took that much longer than 5.5 s" if slow > 1 else ""
        console.print(f"{chapter} runs top to bottom in {seconds:.1f} s{budget}{here}", highlight=False)
    for chapter, steps in report.proved.items():
        console.print(f"{chapter} was proved: {', '.join(steps)}", highlight=False)
    unchanged = [chapter for chapter in report.chapters if chapter not in report.proved]
    if unchanged:
        console.print(f"unchanged since their proofs: {', '.join(unchanged)}", highlight=False)
    for finding in report.findings:
        console.print(str(finding), style="red", markup=False, highlight=False, soft_wrap=True)
    count = len(report.findings)
    exercises = len(_by_exercise(report.trials))
    verdict = f"{count} to fix" if count else "nothing to fix; the chapters may go to learners"
    console.print(
        f"chapters: {len(report.chapters)}, exercises: {exercises}. {verdict.capitalize()}.",
        style="bold",
        highlight=False,
    )


def _by_exercise(trials: list[Tried]) -> dict[tuple[str, str], list[Tried]]:
    groups: dict[tuple[str, str], list[Tried]] = {}
    for trial in trials:
        groups.setdefault((trial.chapter, trial.exercise), []).append(trial)
    return groups


def _share(trials: list[Tried], verdict: str) -> str:
    of_kind = [trial for trial in trials if trial.verdict == verdict]
    good = sum(trial.as_expected for trial in of_kind)
    return f"{good} of {len(of_kind)}"


def _missed(trials: list[Tried]) -> list[str]:
    return [trial.name for trial in trials if trial.verdict == "wrong" and trial.passes_public]
