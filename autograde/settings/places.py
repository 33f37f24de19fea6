"""Where a course directory begins, and where things lie in it."""

import os
from pathlib import Path

from autograde.errors import CourseError

COURSE_TOML, NBGRADER_CONFIG = "course.toml", "nbgrader_config.py"


def find_above(start: Path, *names: str) -> Path | None:
    """Return the folder at ``start`` or above it that holds a file or a folder of one of these names; None: there is none."""
    start = start.resolve()
    return next((folder for folder in (start, *start.parents) if any((folder / name).exists() for name in names)), None)


def course_root(start: Path) -> Path:
    """Return the root of the course directory at ``start`` or above it: the folder that holds a course.toml.

    Raises:
        CourseError: there is none.
    """
    found = find_above(start, COURSE_TOML)
    if found is None:
        raise CourseError(f"no course.toml in {start.resolve()} or above it; run the command in the course's folder")
    return found


def any_course_root(start: Path) -> Path:
    """Return the course directory at ``start`` or above it: ours, with course.toml, or anybody's, with nbgrader_config.py.

    Raises:
        CourseError: there is none.
    """
    found = find_above(start, COURSE_TOML, NBGRADER_CONFIG)
    if found is None:
        raise CourseError(
            f"no course.toml or nbgrader_config.py in {start} or above it; name the course with --course-dir"
        )
    return found


def chapter_file(root: Path, name: str) -> Path:
    """Return the text file of a chapter.

    Raises:
        CourseError: there is none, or several.
    """
    files = sorted((root / "notebooks").glob(f"{name}_*.py"))
    if len(files) != 1:
        problem = "no file" if not files else "several files"
        raise CourseError(f"{problem} notebooks/{name}_*.py for the chapter {name!r} of course.toml")
    return files[0]


def make_folders(root: Path) -> None:
    """Make the folders that nbgrader expects to find in a course directory, where they are missing and may be made.

    nbgrader needs an exchange that everybody can write to; the sticky bit keeps users from removing each other's files.
    """
    if not os.access(root, os.W_OK):
        return
    (root / "gradebook").mkdir(exist_ok=True)
    exchange = root / "exchange"
    if not exchange.exists():
        exchange.mkdir()
        exchange.chmod(0o1777)
