"""Errors that a person reads: one line that says what to do next."""


class CourseError(Exception):
    """An error whose text is one line that says what is wrong and what to do next; the command line exits 1 with it."""

    exit_code = 1


class UsageProblem(CourseError):
    """The command's words are off, such as a chapter that does not exist; the command line exits 2."""

    exit_code = 2
