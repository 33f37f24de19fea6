"""Entry point of the ``course`` command. The subcommands live in ``autograde/commands/``."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from autograde.commands import (  # noqa: F401 - importing a module registers its commands
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
from autograde.errors import CourseError, flatten
from autograde.shown import one_line
from autograde.version import engine_version

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


def _version(requested: bool) -> None:
    if requested:
        print(f"course {engine_version()}")
        raise typer.Exit


@app.callback(epilog="More about a command: [b]course grade --help[/b]")
def course(
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
    show_version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_version, help="Show the version and exit.")
    ] = False,
) -> None:
    """Author, check, grade and certify an interactive course. Run it in the course folder."""


def main() -> None:
    """Run the command. An error that the user can fix is printed as one line on standard error."""
    # nbgrader starts alembic and jupyter by name: use this environment's, even if it is not activated
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    debug = "--debug" in sys.argv
    problems: list[str] = []
    sys.argv[1:] = [arg for arg in sys.argv[1:] if arg != "--debug"]
    try:
        code = app(standalone_mode=False)
    except CourseError as error:
        problems, code = [str(single) for single in flatten([error])], error.exit_code
        if debug:
            err.print_exception()
    except OSError as error:
        if debug:
            raise
        problems = [f"{error.filename or 'the system'}: {error.strerror or error}; fix that and run the command again"]
        code = 1
    except ModuleNotFoundError as error:
        if debug or (error.name or "").split(".")[0] not in INSTRUCTOR_MODULES:
            raise
        problems, code = [f'this command needs the instructor\'s install: pip install ".[instructor]" ({error})'], 1
    except KeyboardInterrupt:
        problems, code = ["stopped"], 130
    except Exception as error:
        if not hasattr(error, "format_message"):  # click's errors have it, and typer may vendor click
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
