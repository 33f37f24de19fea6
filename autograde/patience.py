"""Retry while a database is locked or restarting, and give up with a one-line error."""

import re
import sys
import time
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.exc import OperationalError

from autograde.errors import CourseError

SECONDS = 30.0
"""How long a command waits for the gradebook."""

_PASSES = re.compile(
    r"locked|busy|connection refused|is starting up|is shutting down|closed the connection|terminating connection"
    r"|no such file or directory.*socket|socket.*no such file or directory|timeout expired|too many clients",
    re.IGNORECASE | re.DOTALL,
)
Result = TypeVar("Result")


class Unanswered(CourseError):
    """The database did not answer in time; ``__cause__`` is the last error."""


def patiently(
    action: Callable[[], Result], place: str, again: Callable[[], object] = lambda: None, seconds: float | None = None
) -> Result:
    """Return what `action` returns; retry it until the database answers.

    Args:
        place: the database, as named in messages.
        again: called before each retry, to roll back what the failed try left.
        seconds: how long to wait; :data:`SECONDS` by default.

    Raises:
        Unanswered: the database did not answer in time.
        sqlalchemy.exc.OperationalError: waiting would not help.
    """
    deadline = time.monotonic() + (SECONDS if seconds is None else seconds)
    announced = False
    while True:
        try:
            return action()
        except OperationalError as error:
            again()
            if not passes(error):
                raise
            why = str(error.orig or error).strip().splitlines()[0]
            if time.monotonic() >= deadline:
                raise Unanswered(
                    f"the gradebook {place} does not answer ({why}); nothing is lost: run the command again when no "
                    f"other program holds it"
                ) from error
            if not announced:
                print(f"waiting for the gradebook {place} ({why})", file=sys.stderr, flush=True)
                announced = True
            time.sleep(0.3)


def passes(error: OperationalError) -> bool:
    """Whether the error is temporary, so that a retry may succeed."""
    return bool(_PASSES.search(str(error.orig or error)))
