"""The demo's course directory: a copy of the course that shares no gradebook, key or address with the real one."""

import os
import re
import shutil
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from autograde.errors import CourseError
from autograde.authoring.stock import copy_course

MARK = ".course-demo"
ELSEWHERE = ("COURSE_DB_URL", "COURSE_KEYS", "COURSE_LANG")
"""Variables that would lead the demo to the real gradebook, to the real keys, or into another edition."""

_DB_URL = re.compile(r"""^db_url[ \t]*=.*\n?""", re.MULTILINE)
_ISSUER = re.compile(r"^\[issuer\].*?(?=^\[|\Z)", re.MULTILINE | re.DOTALL)


def make_folder(course: Path, root: Path) -> None:
    """Empty `root`, if a demo made it, and copy what defines the course there.

    Raises:
        CourseError: `root` holds something that no demo made, or the course cannot be copied.
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
    """course.toml without ``db_url`` and ``[issuer]``: scripted learners belong in no real gradebook, under no real key.

    Raises:
        CourseError: they are written in a way that this cannot take out.
    """
    bare = _ISSUER.sub("", _DB_URL.sub("", settings))
    left = {"db_url", "issuer"} & set(tomllib.loads(bare))
    if left:
        raise CourseError(
            f"course.toml: the demo works without {' and '.join(sorted(left))}; "
            'write db_url = "…" on one line and the issuer as [issuer], so that it can leave them out'
        )
    return bare


@contextmanager
def apart() -> Iterator[None]:
    """Leave out of the environment, for a while, what would lead the demo to the real course's places."""
    kept = {name: os.environ.pop(name) for name in ELSEWHERE if name in os.environ}
    try:
        yield
    finally:
        os.environ.update(kept)
