"""The subcommands of ``course``, one file per group, and what they share."""

import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from rich.console import Console
from rich.markup import escape
from typer.core import TyperGroup

from autograde.errors import CourseError
from autograde.shown import one_line, plain

ROLES = {
    "For learners": ("lab", "doctor", "verify"),
    "For instructors": ("publish", "roster", "grade", "feedback", "report"),
    "For certification": ("certify", "rederive", "revoke", "share", "issuer", "erase"),
    "For authors": ("new", "build", "check"),
    "To see how it works": ("demo", "bench"),
}
"""The headings of ``course --help``, and the commands under each, in the order of use."""

Function = TypeVar("Function", bound=Callable[..., object])


class Commands(TyperGroup):
    """The commands, grouped by role."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names of the commands, in the order of :data:`ROLES`."""
        order = [name for names in ROLES.values() for name in names]
        return sorted(self.commands, key=lambda name: order.index(name) if name in order else len(order))


def role(name: str) -> str | None:
    """Return the heading under which ``course --help`` lists a command."""
    return next((heading for heading, names in ROLES.items() if name in names), None)


app = typer.Typer(cls=Commands, no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode="rich")


def command(*examples: str, name: str = "", to: typer.Typer = app) -> Callable[[Function], Function]:
    """Register a function as a command; its docstring is the help text.

    Args:
        examples: command lines, each shown on its own line.
        name: the function's name by default.
        to: the group of the command.
    """

    def add(function: Function) -> Function:
        paragraphs = (inspect.getdoc(function) or "").split("\n\n")
        about = "\n\n".join(" ".join(part.split()) for part in paragraphs)  # rich would keep the source's line breaks
        heading = "Examples:" if len(examples) > 1 else "Example:"
        epilog = "\n\n".join([heading, *(f"[b]{example}[/b]" for example in examples)])
        word = name or function.__name__
        to.command(word, help=about, epilog=epilog, rich_help_panel=role(word) if to is app else None)(function)
        return function

    return add


class PlainConsole(Console):
    """A console that prints no control characters: names from outside may contain escape sequences."""

    def print(self, *objects: Any, **options: Any) -> None:
        """See rich's ``Console.print``."""
        super().print(*(plain(item) if isinstance(item, str) else item for item in objects), **options)


# no emoji: rich would turn part of `did:key:` into one
out = PlainConsole(emoji=False)
err = PlainConsole(stderr=True, emoji=False)


class Language(StrEnum):
    """The languages of the course."""

    en = "en"
    zh = "zh"


def assignments(incomplete: str) -> list[str]:
    """Return the chapters of course.toml that begin with `incomplete`, for shell completion."""
    from autograde.settings.course_folder import CourseFolder

    try:
        names = CourseFolder.find(Path.cwd()).assignments
    except CourseError:
        return []
    return [name for name in names if name.startswith(incomplete)]


AssignmentName = Annotated[
    str, typer.Argument(metavar="ASSIGNMENT", help="The assignment, such as ch02.", autocompletion=assignments)
]
Chapters = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="CH", help="Chapters such as ch02; all of course.toml by default.", autocompletion=assignments
    ),
]


def next_step(*commands: str) -> None:
    """Print what to run next, each command on its own line."""
    for place, text in enumerate(commands):
        out.print(f"{'then' if place else 'next'}: {text}", style="dim", highlight=False, markup=False, soft_wrap=True)


@contextmanager
def progress() -> Iterator[Callable[[str], None]]:
    """Yield a function that shows the current step; it is silent if standard error is not a terminal."""
    if not err.is_terminal:
        yield lambda step: None
        return
    with err.status("starting") as status:
        yield lambda step: status.update(escape(one_line(step)))
