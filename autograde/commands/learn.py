"""``course lab`` and ``course demo``."""

import os
import time
from pathlib import Path
from typing import Annotated

import typer

from autograde.commands import Language, command, out


@command("course lab", "course lab --lang zh --no-browser", "course lab --instructor")
def lab(
    lang: Annotated[
        Language | None, typer.Option(help="Language of the chapters; by default your system's, if the course has it.")
    ] = None,
    browser: Annotated[bool, typer.Option(help="Open a browser.")] = True,
    instructor: Annotated[
        bool, typer.Option("--instructor", help="Open the course directory, with nbgrader's formgrader.")
    ] = False,
) -> None:
    """Open JupyterLab on your own copy of the released chapters, in work/; your work is never overwritten."""
    from autograde.lab import open_lab, system_language
    from autograde.settings.course_folder import CourseFolder

    course = CourseFolder.find(Path.cwd())
    chosen = lang.value if lang else system_language(os.environ, course.languages)
    open_lab(course, chosen, browser, instructor)


@command("course demo")
def demo(
    into: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Folder for the demo; demo/ by default.")
    ] = None,
) -> None:
    """Run the whole cycle with twelve scripted learners, from build to certificates, offline."""
    from autograde.demo.cycle import run_demo
    from autograde.demo.summary import show
    from autograde.settings.course_folder import CourseFolder

    folder = CourseFolder.find(Path.cwd())
    started = time.monotonic()

    def step(name: str) -> None:
        out.print(f"[dim]{time.monotonic() - started:5.0f} s[/dim]  {name}", highlight=False)

    result = run_demo(folder, into or folder.root / "demo", progress=step)
    show(result, out)
