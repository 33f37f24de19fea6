"""``course feedback``: write the learners' feedback pages."""

from pathlib import Path
from typing import Annotated

import typer

from autograde.commands import AssignmentName, Language, command, err, next_step, out, progress
from autograde.shown import one_line, word


@command("course feedback ch02", "course feedback ch02 --student ada --force", "nbgrader release_feedback ch02")
def feedback(
    assignment: AssignmentName,
    student: Annotated[list[str] | None, typer.Option(metavar="ID", help="Only this learner; may be repeated.")] = None,
    course_dir: Annotated[
        Path | None,
        typer.Option("--course-dir", metavar="DIR", help="Any nbgrader course directory; by default this one."),
    ] = None,
    lang: Annotated[
        Language | None, typer.Option(help="Language of the pages; by default that of each learner's notebook.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Write every page, even if nothing changed.")] = False,
) -> None:
    """Write feedback pages for all graded submissions of an assignment; they reveal nothing of the hidden tests.

    A page is written again when something on it has changed, such as a comment in the formgrader.
    """
    from autograde.feedback.command import write_feedback
    from autograde.settings.course_folder import CourseFolder
    from autograde.settings.places import any_course_root

    course = CourseFolder.of(course_dir or any_course_root(Path.cwd()))
    with progress() as step:
        written = write_feedback(course, assignment, student or (), force, lang.value if lang else "", step)
    out.print(
        f"{assignment}: {len(written.pages)} page{'s' * (len(written.pages) != 1)} written, {written.kept} up to date",
        highlight=False,
        soft_wrap=True,
    )
    release = f"nbgrader release_feedback {word(assignment)}"
    others = () if course.is_foreign else course.languages[1:]
    next_step(release, *(f"COURSE_LANG={other} {release}" for other in others))
    for line in written.skipped:
        err.print(line, highlight=False, markup=False, soft_wrap=True)
    if written.ungraded:
        names = ", ".join(one_line(name, 60) for name in written.ungraded[:10]) + (
            " …" if len(written.ungraded) > 10 else ""
        )
        err.print(f"not graded yet: {names}; run `course grade {assignment}`", highlight=False, markup=False)
    if written.ungraded or written.skipped:
        raise typer.Exit(1)
