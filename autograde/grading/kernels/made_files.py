"""What the cells of a notebook wrote into their folder, told by the process that they ran in; nobody else can see it.

`look` and `tell` run in that process, which may lie; `fitting` is the grader's.
"""

import base64
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

LARGEST = 20_000_000  # bytes of all files that are told
MOST = 1000  # files that are told
LONGEST_NAME, LONGEST_PATH = 255, 1000  # bytes; file systems take no more, the second with room for the folder

# when and by whom a submission was handed in, and what a graded one says of itself, is not for cells to say
NBGRADERS = {"timestamp.txt", "submission_secret.txt", "nbgrader_config.py"}

Seen = dict[str, tuple[int, int]]


def look(folder: Path) -> Seen:
    """Return size and time of each plain file below `folder`, hidden folders left out."""
    return {name: (stat.st_size, stat.st_mtime_ns) for name, stat in _files(folder)}


def tell(folder: Path, before: Seen, put: Callable[[dict[str, Any]], None]) -> None:
    """Send each file that is new or has changed, then ``files_reply``, which says how many were left out."""
    told = files = left_out = 0
    for name, stat in _files(folder):
        if before.get(name) == (stat.st_size, stat.st_mtime_ns) or not _is_for_cells(name):
            continue
        if told + stat.st_size > LARGEST or files == MOST:
            left_out += 1
            continue
        try:
            data = (folder / name).read_bytes()
        except OSError:  # the cells took its rights away
            left_out += 1
            continue
        told += len(data)
        files += 1
        put({"msg_type": "file", "content": {"name": name, "data": base64.b64encode(data).decode()}})
    put({"msg_type": "files_reply", "content": {"left_out": left_out}})


def fitting(files: Mapping[str, bytes], notebooks: Iterable[str] = ()) -> dict[str, bytes]:
    """Return those of `files` that can lie beside the notebooks in one folder.

    Left out are names that lead out of it or that no file system takes, files in a notebook's place, and files below
    what is a file itself.

    Args:
        files: by relative path, from an untrusted source.
        notebooks: names of the assignment's notebooks.
    """
    kept: dict[str, bytes] = {}
    folders: set[str] = set()
    taken = {f"{name}.ipynb" for name in notebooks}
    for name, content in files.items():
        path = PurePosixPath(name)
        above = [str(parent) for parent in path.parents][:-1]
        if not can_be_named(name) or str(path) in taken or any(one in taken or one in kept for one in above):
            continue
        if str(path) in folders:
            continue
        kept[str(path)] = content
        folders.update(above)
    return kept


def made_by_cells(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return those of `files`, as a learner's process told of them, that :func:`tell` could have sent.

    It may lie: a notebook, nbgrader's own files and hidden ones are not for it to write.
    """
    return {name: content for name, content in fitting(files).items() if _is_for_cells(name)}


def _is_for_cells(name: str) -> bool:
    hidden = any(part.startswith(".") for part in PurePosixPath(name).parts)
    return not (hidden or name in NBGRADERS or name.lower().endswith(".ipynb"))


def can_be_named(name: str) -> bool:
    """Whether a relative path stays in its folder and is one that a file system takes."""
    path = PurePosixPath(name)
    try:
        raw = os.fsencode(name)
    except UnicodeEncodeError:
        return False
    return (
        bool(path.parts)
        and not path.is_absolute()
        and ".." not in path.parts
        and b"\0" not in raw
        and len(raw) <= LONGEST_PATH
        and all(len(os.fsencode(part)) <= LONGEST_NAME for part in path.parts)
    )


def _files(folder: Path) -> Iterator[tuple[str, os.stat_result]]:
    for here, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in sorted(names):
            path = Path(here) / name
            if path.is_file() and not path.is_symlink():
                yield str(path.relative_to(folder)), path.stat()
