"""Writes many files beside their targets, then moves them in, so that failures change nothing."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from autograde.errors import CourseError


@contextmanager
def staged(target: Path) -> Iterator[Path]:
    """A temporary folder in `target` to fill for :func:`move_in`; removed at the end."""
    target.mkdir(parents=True, exist_ok=True)
    for left in target.glob(".staged-*"):  # of a killed run; the caller holds the audit log's lock
        shutil.rmtree(left, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=".staged-", dir=target))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def make_room(folder: Path, target: Path) -> None:
    """Make the folders that :func:`move_in` needs, so that it only has to rename.

    Raises:
        CourseError: a file could not be moved in, since a folder is in its place.
        OSError: a folder cannot be made.
    """
    for file in _files(folder):
        place = target / file.relative_to(folder)
        if place.is_dir():
            raise CourseError(f"cannot write {place}: a folder is in its place; move it away")
        place.parent.mkdir(parents=True, exist_ok=True)
        if not os.access(place.parent, os.W_OK):
            raise CourseError(f"cannot write {place}: its folder may not be written; check the permissions")


def move_in(folder: Path, target: Path, last: str = "") -> None:
    """Move all files below `folder` to `target`, after :func:`make_room`.

    Those called `last` come last.
    """
    for file in sorted(_files(folder), key=lambda file: (file.name == last, file)):
        os.replace(file, target / file.relative_to(folder))


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]
