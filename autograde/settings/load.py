"""course.toml on disk → :class:`Policy`; the file access that policy.py leaves out."""

from collections.abc import Collection
from pathlib import Path

from autograde.errors import CourseError
from autograde.settings.policy import Policy, PolicyError, parse_policy


def load_policy(path: Path, assignments: Collection[str] | None = None) -> Policy:
    """The policy in the file `path`; `assignments` as for :func:`parse_policy`.

    Raises:
        PolicyError: the file holds a fault.
        CourseError: the file is missing or cannot be read.
    """
    return parse_policy(read_course_toml(path), assignments)


def read_course_toml(path: Path) -> str:
    """The text of the file `path`.

    Raises:
        PolicyError: it is not UTF-8.
        CourseError: it is missing or cannot be read.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise CourseError(f"there is no {path}; work in a course folder or write one") from None
    except OSError as error:
        raise CourseError(f"cannot read {path} ({error.strerror}); check the path and its permissions") from None
    try:
        return data.decode("utf-8-sig")  # editors on Windows put a byte order mark in front
    except UnicodeDecodeError as error:
        raise PolicyError("this is not UTF-8; save the file as UTF-8", data.count(b"\n", 0, error.start) + 1) from None
