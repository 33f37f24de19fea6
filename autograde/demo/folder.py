"""The demo's course directory: a copy of the course with its own gradebook, keys and addresses."""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from autograde.authoring.stock import copy_course
from autograde.errors import CourseError
from autograde.settings.toml_tables import read_tables

MARK = ".course-demo"
ELSEWHERE = ("COURSE_DB_URL", "COURSE_KEYS", "COURSE_LANG")
"""Variables that would point the demo to the real gradebook or keys, or to another edition."""

_DB_URL = re.compile(r"""^db_url[ \t]*=.*\n?""", re.MULTILINE)
_ISSUER = re.compile(r"^\[issuer\].*?(?=^\[|\Z)", re.MULTILINE | re.DOTALL)


def make_folder(course: Path, root: Path) -> None:
    """Empty `root` if a demo made it, and copy the files that define the course there.

    Raises:
        CourseError: `root` contains files that no demo made, or the course cannot be copied.
    """
    if root.exists() and any(root.iterdir()):
        if not (root / MARK).is_file():
            raise CourseError(f"{root} is not empty and no demo made it; choose another folder with --out")
        shutil.rmtree(root)
    root.mkdir(parents=True, exist_ok=True)
    (root / MARK).write_text("made by `course demo`, which empties this folder before each run\n", encoding="utf-8")
    copy_course(course, root)
    settings = root / "course.toml"
    settings.write_text(without_places(settings.read_text(encoding="utf-8-sig")), encoding="utf-8")


def without_places(settings: str) -> str:
    """Return course.toml without ``db_url`` and ``[issuer]``, so that the demo uses no real gradebook or key.

    Raises:
        CourseError: they are written in a form that cannot be removed.
    """
    bare = _ISSUER.sub("", _DB_URL.sub("", settings))
    left = sorted({"db_url", "issuer"} & set(read_tables(bare).values))
    if left:
        raise read_tables(settings).error(
            f"the demo works without {' and '.join(left)}; "
            'write db_url = "…" on one line and the issuer as [issuer], so that it can leave them out',
            left[0],
        )
    return bare


@contextmanager
def apart() -> Iterator[None]:
    """Remove from the environment, for the duration, the variables that point to the real course."""
    removed = {name: os.environ.pop(name) for name in ELSEWHERE if name in os.environ}
    try:
        yield
    finally:
        os.environ.update(removed)
