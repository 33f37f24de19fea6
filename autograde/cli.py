"""The ``course`` command: a thin layer of words over one function each; the words stand in ``autograde/commands/``."""

import os
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from autograde.commands import (  # noqa: F401 - each adds its commands
    app,
    authoring,
    bench,
    certify,
    credentials,
    doctor,
    err,
    feedback,
    grade,
    learn,
    publish,
    report,
    roster,
)
from autograde.errors import CourseError, each
from autograde.shown import one_line

INSTRUCTOR_MODULES = {
    *(
        "cryptography",
        "defusedxml",
        "fontTools",
        "fpdf",
        "jinja2",
        "jupytext",
        "jwt",
        "nbconvert",
        "nbgrader",
        "nh3",
        "openbadgeslib",
    ),
    *("psutil", "pylopdf_fonts_zh_cn", "rfc8785", "segno", "sqlalchemy", "uharfbuzz"),
}


def _version(wanted: bool) -> None:
    if wanted:
        print(f"course {version('ai-practitioner-course')}")
        raise typer.Exit


@app.callback(epilog="Each command says more of itself: [b]course grade --help[/b]")
def course(
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
    show_version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_version, help="Show the version and exit.")
    ] = False,
) -> None:
    """Author, check, grade and certify an interactive course. Run it in the course's folder."""


def main() -> None:
    """Run the command; an error that a person can mend is one line on standard error, several are several."""
    # nbgrader starts alembic and jupyter by name: find those of this environment, activated or not
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    debug = "--debug" in sys.argv
    problems: list[str] = []
    sys.argv[1:] = [word for word in sys.argv[1:] if word != "--debug"]
    try:
        code = app(standalone_mode=False)
    except CourseError as error:
        problems, code = [str(one) for one in each([error])], error.exit_code
        if debug:
            err.print_exception()
    except OSError as error:
        if debug:
            raise
        problems = [f"{error.filename or 'the system'}: {error.strerror or error}; mend that and run it again"]
        code = 1
    except ModuleNotFoundError as error:
        if debug or (error.name or "").split(".")[0] not in INSTRUCTOR_MODULES:
            raise
        problems, code = [f'this command needs the instructor\'s install: pip install ".[instructor]" ({error})'], 1
    except KeyboardInterrupt:
        problems, code = ["stopped"], 130
    except Exception as error:
        if not hasattr(error, "format_message"):  # click's own errors, wherever typer keeps its click
            raise
        message = error.format_message()
        problems, code = [f"{message} See `course --help`."] if message else [], 2
    else:
        raise SystemExit(code or 0)
    for problem in problems:
        print(f"course: {one_line(' '.join(problem.split()), 4000)}", file=sys.stderr)
    raise SystemExit(code)


if __name__ == "__main__":
    main()
