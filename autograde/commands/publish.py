"""``course publish``: make the learners' public repository."""

from pathlib import Path
from typing import Annotated

import typer

from autograde.commands import command, out


@command("course publish ../course-for-learners")
def publish(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder to create or update; its .git is kept.")],
) -> None:
    """Make the learners' repository: chapters, package, README, Binder.

    The command checks that it holds no answer, hidden test or key.
    """
    from autograde.publish.folder import NotPublished
    from autograde.publish.folder import publish as make
    from autograde.settings.course_folder import CourseFolder

    try:
        paths = make(CourseFolder.find(Path.cwd()), folder)
    except NotPublished as refusal:
        for finding in refusal.findings:
            typer.echo(finding, err=True)
        raise
    out.print(f"{len(paths)} files in {folder}, ready to commit and push", soft_wrap=True, highlight=False)
