"""``course report``: write the instructor's report."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from autograde.commands import Language, command, err, progress


@command("course report", "course report --lang zh --out report.html")
def report(
    out_file: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="The file to write; by default a new one in gradebook/report/."),
    ] = None,
    lang: Annotated[Language, typer.Option(help="Language of the report.")] = Language.en,
    as_of: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], metavar="DATE", help="Day of the decisions; today by default."),
    ] = None,
) -> None:
    """Write one HTML page about the course: cohort, scores, items, decisions near a threshold, repairs, times."""
    from autograde.report.command import write_report
    from autograde.settings.course_folder import CourseFolder

    folder = CourseFolder.find(Path.cwd())
    now = datetime.now(UTC)
    with progress() as step:
        step("reading the gradebook, drawing the report")
        faults: list[str] = []
        print(write_report(folder, (as_of or datetime.now()).date(), now, lang.value, out_file, faults.append))
    for fault in faults:
        err.print(fault, soft_wrap=True, highlight=False, markup=False)
