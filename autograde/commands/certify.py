"""``course certify``: decisions."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from autograde.commands import Language, app, out, progress


@app.command(epilog="Examples: [b]course certify[/b] · [b]course certify --as-of 2026-06-30 --lang zh[/b]")
def certify(
    as_of: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], metavar="DATE", help="Day of the decision; today by default."),
    ] = None,
    out_folder: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Where the records go; certificates/ by default.")
    ] = None,
    lang: Annotated[Language, typer.Option(help="Language of the table.")] = Language.en,
) -> None:
    """The gradebook and the policy of course.toml → one decision per learner, with its reasons."""
    from autograde.certify.command import certify as decide
    from autograde.certify.table import decision_table, reason_lines
    from autograde.course_folder import CourseFolder

    folder = CourseFolder.find(Path.cwd())
    target = out_folder or folder.root / "certificates"
    day = (as_of or datetime.now()).date()
    with progress() as step:
        step("reading the gradebook")
        decisions = decide(folder.root, target, day)
    out.print(decision_table(decisions, lang.value))
    for line in reason_lines(decisions, lang.value):
        out.print(line, soft_wrap=True)
    out.print(
        f"{len(decisions)} decisions, with every rule and reason, in {target / 'decisions'}",
        soft_wrap=True,
        highlight=False,
    )
