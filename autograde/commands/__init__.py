"""The ``course`` command's words, a file for each group; what they share stands here."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Annotated

import typer
from rich.console import Console

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode="rich")
# no emoji: rich would make one of `did:key:`
out = Console(emoji=False)
err = Console(stderr=True, emoji=False)


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
        yield status.update
