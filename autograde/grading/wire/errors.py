"""Exceptions on the wire: class names and a message, nothing else."""

import builtins
from typing import Any

_MESSAGE = 2000
_SPECIAL = ("UnicodeEncodeError", "UnicodeDecodeError", "UnicodeTranslateError", "ExceptionGroup")

BUILTIN: dict[str, type[Exception]] = {
    name: value
    for name, value in vars(builtins).items()
    if isinstance(value, type) and issubclass(value, Exception) and name == value.__name__ and name not in _SPECIAL
}
"""Exception classes that a received name may denote; those that end a process are excluded."""


class LearnerStopped(BaseException):
    """The learner's function raised ``SystemExit`` or the like; tests do not catch it by accident."""


def clean(text: Any, limit: int = _MESSAGE) -> str:
    """Return received text for a log: cut to ``limit``, no surrogates, no control characters."""
    if type(text) is not str:
        return ""
    valid = text[:limit].encode("utf-8", "replace").decode("utf-8")
    return "".join(c if c.isprintable() or c in "\n\t" else "\N{REPLACEMENT CHARACTER}" for c in valid)


def exception_parts(error: BaseException) -> tuple[list[str], str]:
    """Return ([class, its base, …], message) of an exception."""
    names = [base.__name__[:100] for base in type(error).__mro__ if base.__name__ != "object"][:20]
    try:
        first = error.args[0] if isinstance(error, KeyError) and len(error.args) == 1 else None
        message = first if type(first) is str else str(error)
    except BaseException as broken:  # a learner's __str__ may raise anything
        message = f"(its message could not be made: {type(broken).__name__})"
    return names, str.__str__(message)[:_MESSAGE]


def build_exception(names: Any, message: Any) -> BaseException:
    """Return an exception of the nearest built-in class that ``names`` lists, with cleaned text.

    Other names are skipped: the learner's ``class Odd(ValueError)`` arrives as ValueError.
    """
    classes = [name for name in names if type(name) is str] if type(names) is list else []
    text = clean(message)
    for name in classes:
        if name in BUILTIN:
            return BUILTIN[name](text)
    label = clean(classes[0], 100) if classes else "exception"
    return LearnerStopped(f"{label}: {text}")
