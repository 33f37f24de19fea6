"""``course publish``: the public repository of the learners."""

from pathlib import Path
from typing import Annotated

import typer

from autograde.commands import command, out


@command("course publish ../course-for-learners")
def publish(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder to make or to renew; its .git stays.")],
) -> None:
    """The learners' repository: chapters, package, README, Binder. Checked: no answer, no hidden test, no key."""
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
