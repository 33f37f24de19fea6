"""Wait for a database that another program holds, or that is just being restarted; say so, and give up in one line."""

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
    """The database did not answer in time; its cause is the last error."""


def patiently(
    action: Callable[[], Result], place: str, again: Callable[[], object] = lambda: None, seconds: float | None = None
) -> Result:
    """Return what `action` returns, tried until the database answers.

    Args:
        place: the database, for people.
        again: called before each further try: rolls back what the last one left.
        seconds: how long to wait; :data:`SECONDS` by default.

    Raises:
        Unanswered: it did not answer in time.
        sqlalchemy.exc.OperationalError: no waiting would help.
    """
    until = time.monotonic() + (SECONDS if seconds is None else seconds)
    is_told = False
    while True:
        try:
            return action()
        except OperationalError as error:
            again()
            if not passes(error):
                raise
            why = str(error.orig or error).strip().splitlines()[0]
            if time.monotonic() >= until:
                raise Unanswered(
                    f"the gradebook {place} does not answer ({why}); nothing is lost: run the command again when no "
                    f"other program holds it"
                ) from error
            if not is_told:
                print(f"waiting for the gradebook {place} ({why})", file=sys.stderr, flush=True)
                is_told = True
            time.sleep(0.3)


def passes(error: OperationalError) -> bool:
    """Whether the same may succeed in a moment."""
    return bool(_PASSES.search(str(error.orig or error)))
