"""``course roster``: the learners' names and addresses."""

from pathlib import Path
from typing import Annotated

import typer

from autograde.commands import app, command, out, role
from autograde.errors import UsageProblem
from autograde.shown import one_line

roster = typer.Typer(no_args_is_help=True, help="Manage the learners' names and addresses in the gradebook.")
app.add_typer(roster, name="roster", rich_help_panel=role("roster"))


@roster.callback()
def about() -> None:
    """Manage the learners' names and addresses in the gradebook."""


@command("course roster import roster.csv --dry-run", "course roster import roster.csv", name="import", to=roster)
def import_(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", help="CSV with the headings id, first_name, last_name, email; id and one more are required."
        ),
    ],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would change; change nothing.")] = False,
) -> None:
    """Set learners' names and addresses: all lines or none. Nobody is removed; an empty field changes nothing."""
    from autograde.grading.storage.roster import import_roster, read_roster
    from autograde.settings.course_folder import CourseFolder

    course = CourseFolder.find(Path.cwd())
    try:
        data = file.read_bytes()
    except OSError as error:
        raise UsageProblem(f"{one_line(str(file))}: {error.strerror}") from error
    changes = import_roster(course, read_roster(data, one_line(file.name)), dry_run)
    would = "would be " if dry_run else ""
    out.print(
        f"{len(changes.added)} {would}added, {len(changes.changed)} {would}changed, {len(changes.unchanged)} as they were"
    )
    if changes.absent:
        names = ", ".join(one_line(name, 60) for name in changes.absent[:10])
        more = f" and {len(changes.absent) - 10} more" if len(changes.absent) > 10 else ""
        out.print(f"in the gradebook and not in the file, left alone: {names}{more}", highlight=False, markup=False)
