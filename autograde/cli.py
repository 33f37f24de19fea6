"""The ``course`` command: a thin layer of words over one function each."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from autograde.errors import CourseError

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode="rich")
out = Console()
err = Console(stderr=True)

INSTRUCTOR_MODULES = {"nbgrader", "jupytext", "rfc8785", "sqlalchemy", "nbformat", "nbconvert"}

Chapters = Annotated[
    list[str] | None, typer.Argument(metavar="[CH …]", help="Chapters such as ch02; all of course.toml by default.")
]


@app.callback(epilog="Every command tells its own story: [b]course build --help[/b].")
def course(
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
) -> None:
    """Author, check, grade and certify an interactive course. Run it in the course's folder."""


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


@contextmanager
def progress() -> Iterator[object]:
    """Give a function that shows what is being done; silent where standard error is no terminal."""
    if not err.is_terminal:
        yield lambda step: None
        return
    with err.status("starting") as status:
        yield lambda step: status.update(str(step))


def main() -> None:
    """Run the command; an error that a person can mend is one line on standard error."""
    # nbgrader starts alembic and jupyter by name: find those of this environment, activated or not
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    debug = "--debug" in sys.argv
    sys.argv[1:] = [word for word in sys.argv[1:] if word != "--debug"]
    try:
        app()
    except CourseError as error:
        problem, code = str(error), error.exit_code
        if debug:
            err.print_exception()
    except ModuleNotFoundError as error:
        if debug or (error.name or "").split(".")[0] not in INSTRUCTOR_MODULES:
            raise
        problem, code = f'this command needs the instructor\'s install: pip install ".[instructor]" ({error})', 1
    else:
        return
    print(f"course: {' '.join(problem.split())}", file=sys.stderr)
    raise SystemExit(code)
