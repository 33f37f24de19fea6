"""Errors that a person reads: one line that says what to do next."""

from collections.abc import Sequence


class CourseError(Exception):
    """An error whose text is one line that says what is wrong and what to do next; the command line exits 1 with it."""

    exit_code = 1


class UsageProblem(CourseError):
    """The command's words are off, such as a chapter that does not exist; the command line exits 2."""

    exit_code = 2


class SeveralErrors(CourseError):
    """Errors that one run has found; the command line prints each on a line of its own, in this order."""

    def __init__(self, errors: Sequence[CourseError]) -> None:
        super().__init__("\n".join(map(str, errors)))
        self.errors = tuple(errors)


def raise_all(errors: Sequence[CourseError]) -> None:
    """Raise what was found: one error as it is, several as :class:`SeveralErrors`, nothing where there are none."""
    single = each(errors)
    if len(single) == 1:
        raise single[0]
    if single:
        raise SeveralErrors(single)


def each(errors: Sequence[CourseError]) -> list[CourseError]:
    """Return the errors one by one, those that hold several taken apart."""
    return [one for error in errors for one in (error.errors if isinstance(error, SeveralErrors) else (error,))]
