"""The ``course`` command: a thin layer of words over one function each."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from autograde.errors import CourseError

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode="rich")
out = Console()
err = Console(stderr=True)

INSTRUCTOR_MODULES = {"nbgrader", "jupytext", "rfc8785", "sqlalchemy", "nbformat", "nbconvert"}


class Language(StrEnum):
    """The languages of the course."""

    en = "en"
    zh = "zh"


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


@app.command(epilog="Examples: [b]course lab[/b] · [b]course lab --lang zh --no-browser[/b]")
def lab(
    lang: Annotated[Language, typer.Option(help="Language of the chapters.")] = Language.en,
    browser: Annotated[bool, typer.Option(help="Open a browser.")] = True,
) -> None:
    """JupyterLab on your own copy of the released chapters, in work/; what you have written is never overwritten."""
    from autograde.course_folder import CourseFolder
    from autograde.lab import open_lab

    open_lab(CourseFolder.find(Path.cwd()), lang.value, browser)


@app.command(epilog="Example: [b]course demo[/b], then look around in demo/")
def demo(
    into: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Folder of the run; demo/ by default.")
    ] = None,
) -> None:
    """The whole cycle on twelve scripted learners: build, release, submit, collect, grade, feedback, decide. Offline."""
    from autograde.course_folder import CourseFolder
    from autograde.demo.cycle import run_demo
    from autograde.demo.summary import show

    folder = CourseFolder.find(Path.cwd())
    started = time.monotonic()

    def step(name: str) -> None:
        out.print(f"[dim]{time.monotonic() - started:5.0f} s[/dim]  {name}", highlight=False)

    result = run_demo(folder, into or folder.root / "demo", progress=step)
    show(result, out)


@contextmanager
def progress() -> Iterator[Callable[[str], None]]:
    """Give a function that shows what is being done; silent where standard error is no terminal."""
    if not err.is_terminal:
        yield lambda step: None
        return
    with err.status("starting") as status:
        yield status.update


def main() -> None:
    """Run the command; an error that a person can mend is one line on standard error."""
    # nbgrader starts alembic and jupyter by name: find those of this environment, activated or not
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    debug = "--debug" in sys.argv
    sys.argv[1:] = [word for word in sys.argv[1:] if word != "--debug"]
    try:
        code = app(standalone_mode=False)
    except CourseError as error:
        problem, code = str(error), error.exit_code
        if debug:
            err.print_exception()
    except OSError as error:
        if debug:
            raise
        problem, code = f"{error.filename or 'the system'}: {error.strerror or error}; mend that and run it again", 1
    except ModuleNotFoundError as error:
        if debug or (error.name or "").split(".")[0] not in INSTRUCTOR_MODULES:
            raise
        problem, code = f'this command needs the instructor\'s install: pip install ".[instructor]" ({error})', 1
    except KeyboardInterrupt:
        problem, code = "stopped", 130
    except Exception as error:
        if not hasattr(error, "format_message"):  # click's own errors, wherever typer keeps its click
            raise
        message = error.format_message()
        problem, code = message and f"{message} See `course --help`.", 2
    else:
        raise SystemExit(code or 0)
    if problem:
        print(f"course: {' '.join(problem.split())}", file=sys.stderr)
    raise SystemExit(code)


if __name__ == "__main__":
    main()
