"""``course build`` and ``course check``."""

from pathlib import Path

import typer

from autograde.commands import Chapters, app, out, progress


@app.command(epilog="Examples: [b]course build[/b] · [b]course build ch02 ch03[/b]")
def build(chapters: Chapters = None) -> None:
    """Chapters → source/ → release/ in every language, and registered in the gradebook. The same text gives the same bytes."""
    from autograde.authoring.release import build as build_release
    from autograde.course_folder import CourseFolder

    folder = CourseFolder.find(Path.cwd())
    with progress() as step:
        released = build_release(folder, chapters, progress=step)
    for path in released:
        print(path.relative_to(folder.root))


@app.command(epilog="Examples: [b]course check[/b] · [b]course check ch02[/b]")
def check(chapters: Chapters = None) -> None:
    """The release gate: exit 0 when every chapter may go to learners, else 1 and a list of what to mend."""
    from autograde.authoring.check import check as run_gate
    from autograde.authoring.check_table import show
    from autograde.course_folder import CourseFolder

    folder = CourseFolder.find(Path.cwd())
    with progress() as step:
        report = run_gate(folder, chapters, progress=step)
    show(report, out)
    if report.findings:
        raise typer.Exit(1)
