"""Errors shown to the user: one line that says what to do next."""

from collections.abc import Sequence


class CourseError(Exception):
    """An error whose message is one line: what is wrong and what to do next. Exit code 1."""

    exit_code = 1


class UsageProblem(CourseError):
    """The arguments of the command are wrong, such as an unknown chapter. Exit code 2."""

    exit_code = 2


class SeveralErrors(CourseError):
    """Several errors from one run; the command line prints each on its own line, in this order."""

    def __init__(self, errors: Sequence[CourseError]) -> None:
        super().__init__("\n".join(map(str, errors)))
        self.errors = tuple(errors)


def raise_all(errors: Sequence[CourseError]) -> None:
    """Raise a single error as it is, several as :class:`SeveralErrors`, and nothing for an empty list."""
    flat = flatten(errors)
    if len(flat) == 1:
        raise flat[0]
    if flat:
        raise SeveralErrors(flat)


def flatten(errors: Sequence[CourseError]) -> list[CourseError]:
    """Return the errors with every :class:`SeveralErrors` replaced by its members."""
    return [single for error in errors for single in (error.errors if isinstance(error, SeveralErrors) else (error,))]
