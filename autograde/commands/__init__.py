"""The ``course`` command's words, a file for each group; what they share stands here."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape

from autograde.shown import one_line, plain

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode="rich")


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


Chapters = Annotated[
    list[str] | None, typer.Argument(metavar="[CH …]", help="Chapters such as ch02; all of course.toml by default.")
]


@contextmanager
def progress() -> Iterator[Callable[[str], None]]:
    """Give a function that shows what is being done; silent where standard error is no terminal."""
    if not err.is_terminal:
        yield lambda step: None
        return
    with err.status("starting") as status:
        yield lambda step: status.update(escape(one_line(step)))
