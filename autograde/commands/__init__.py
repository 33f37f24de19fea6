"""The ``course`` command's words, a file for each group; what they share stands here."""

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
"""The headings of ``course --help``, and the commands below each in the order in which one needs them."""

Function = TypeVar("Function", bound=Callable[..., object])


class Commands(TyperGroup):
    """The commands, by role."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Return their names, those of a role together."""
        order = [name for names in ROLES.values() for name in names]
        return sorted(self.commands, key=lambda name: order.index(name) if name in order else len(order))


def role(name: str) -> str | None:
    """Return the heading below which a command stands."""
    return next((heading for heading, names in ROLES.items() if name in names), None)


app = typer.Typer(cls=Commands, no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode="rich")


def command(*examples: str, name: str = "", to: typer.Typer = app) -> Callable[[Function], Function]:
    """Add a function to the commands; its docstring is the help.

    Args:
        examples: each stands on a line of its own, to be copied.
        name: that of the function by default.
        to: the group that it belongs to.
    """

    def add(function: Function) -> Function:
        paragraphs = (inspect.getdoc(function) or "").split("\n\n")
        about = "\n\n".join(" ".join(part.split()) for part in paragraphs)  # rich would keep the lines of the source
        shown = "\n\n".join(["Examples:" if len(examples) > 1 else "Example:", *(f"[b]{one}[/b]" for one in examples)])
        word = name or function.__name__
        to.command(word, help=about, epilog=shown, rich_help_panel=role(word) if to is app else None)(function)
        return function

    return add


class PlainConsole(Console):
    """A console whose texts cannot speak to the terminal: names from outside may hold escape sequences."""

    def print(self, *objects: Any, **options: Any) -> None:
        """See rich's ``Console.print``."""
        super().print(*(plain(one) if isinstance(one, str) else one for one in objects), **options)


# no emoji: rich would make one of `did:key:`
out = PlainConsole(emoji=False)
err = PlainConsole(stderr=True, emoji=False)


class Language(StrEnum):
    """The languages of the course."""

    en = "en"
    zh = "zh"


def assignments(incomplete: str) -> list[str]:
    """Return the chapters of course.toml that begin so: what a shell offers when one presses Tab."""
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
    """Say what to run next, each command on a line of its own, to be copied."""
    for place, text in enumerate(commands):
        out.print(f"{'then' if place else 'next'}: {text}", style="dim", highlight=False, markup=False, soft_wrap=True)


@contextmanager
def progress() -> Iterator[Callable[[str], None]]:
    """Give a function that shows what is being done; silent where standard error is no terminal."""
    if not err.is_terminal:
        yield lambda step: None
        return
    with err.status("starting") as status:
        yield lambda step: status.update(escape(one_line(step)))
