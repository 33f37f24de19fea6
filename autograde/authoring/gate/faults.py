"""Find all format errors in the authors' files in one run: course.toml, budgets, chapters and banks."""

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

from autograde.authoring.proof.script import read_budgets
from autograde.authoring.release import read_chapter
from autograde.authoring.terms import read_terms
from autograde.authoring.trial import read_bank
from autograde.errors import CourseError, flatten, raise_all
from autograde.settings.course_folder import CourseFolder

T = TypeVar("T")

_CHAPTER = re.compile(r"(?P<name>[a-z]+[0-9]+)_\w*\.py")


def well_formed(root: Path, names: list[str] | None = None) -> CourseFolder:
    """Return the course directory `root`, the files of its chapters `names` (all by default) being well-formed.

    If course.toml cannot be read, the chapters are those whose files exist.

    Raises:
        UsageProblem: course.toml has no chapter with such a name.
        CourseError: an error in one of the files.
        SeveralErrors: errors in several places, in the order of the files.
    """
    faults: list[CourseError] = []

    def read(what: Callable[[], T]) -> T | None:
        try:
            return what()
        except CourseError as error:
            faults.extend(flatten([error]))
            return None

    written = _written(root)
    course = read(partial(CourseFolder.open, root))
    if course is None:
        chapters = [name for name in dict.fromkeys(written.values()) if name in (names or written.values())]
    else:
        chapters = course.chosen(names)
        if names is None:
            faults += [
                CourseError(f'{file}:1: course.toml has no [[chapter]] with assignment = "{name}"; add it')
                for file, name in written.items()
                if name not in course.assignments
            ]
    read(partial(read_budgets, root))
    read(partial(read_terms, root))
    for name in chapters:
        read(partial(read_chapter, root, name))
        for bank in sorted((root / "tests" / "chapters" / name).glob("*.py")):
            read(partial(read_bank, bank, bank.stem, bank.relative_to(root).as_posix()))
    raise_all(faults)
    assert course is not None  # otherwise its fault has been raised
    return course


def _written(root: Path) -> dict[str, str]:
    """File → assignment, for the files that look like chapters."""
    files = [(path, _CHAPTER.fullmatch(path.name)) for path in sorted((root / "notebooks").glob("*.py"))]
    return {path.relative_to(root).as_posix(): match["name"] for path, match in files if match}
