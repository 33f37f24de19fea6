"""What the demo shows at its end: who got what, and where everything lies."""

from rich.console import Console

from autograde.certify.table import decision_table, reason_lines
from autograde.demo.cycle import Demo


def show(demo: Demo, console: Console) -> None:
    """Print the table of scores and decisions, the learners' stories, and the places of the results."""
    console.print()
    console.print(decision_table(demo.decisions))
    console.print("\nWho they are, and why they got it", style="bold")
    for learner, reason in zip(sorted(demo.learners, key=lambda one: one.id), reason_lines(demo.decisions), strict=True):
        console.print(f"  {learner.name} ({learner.id}): {learner.about}", highlight=False, soft_wrap=True)
        console.print(f"    {reason}", style="dim", markup=False, highlight=False, soft_wrap=True)
    console.print("\nWhere everything lies", style="bold")
    for path, what in (
        ("release/", "what learners get, in English and Chinese"),
        ("exchange/", "what they fetched and handed in"),
        ("gradebook/gradebook.db", "nbgrader's gradebook; `jupyter lab` in this folder opens it, menu Nbgrader, Formgrader"),
        ("gradebook/feedback/", "feedback for every learner, HTML"),
        ("grades.csv", "the grades for a spreadsheet"),
        ("certificates/decisions/", "a decision per learner, with every rule and reason"),
        ("nbgrader*.log", "what nbgrader said on the way"),
    ):
        console.print(f"  {demo.root / path}  {what}", highlight=False, soft_wrap=True)
