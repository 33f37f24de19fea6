"""What the cells of a notebook wrote into their folder, told by the process that they ran in; nobody else can see it."""

import base64
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

LARGEST = 20_000_000  # bytes of all files that are told

Seen = dict[str, tuple[int, int]]


def look(folder: Path) -> Seen:
    """Return size and time of each plain file below `folder`, hidden folders left out."""
    return {name: (stat.st_size, stat.st_mtime_ns) for name, stat in _files(folder)}


def tell(folder: Path, before: Seen, put: Callable[[dict[str, Any]], None]) -> None:
    """Send each file that is new or has changed, then ``files_reply``."""
    told = 0
    for name, stat in _files(folder):
        if before.get(name) == (stat.st_size, stat.st_mtime_ns) or name.endswith(".ipynb"):
            continue
        told += stat.st_size
        if told > LARGEST:
            break
        content = base64.b64encode((folder / name).read_bytes()).decode()
        put({"msg_type": "file", "content": {"name": name, "data": content}})
    put({"msg_type": "files_reply", "content": {}})


def _files(folder: Path) -> Iterator[tuple[str, os.stat_result]]:
    for here, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in sorted(names):
            path = Path(here) / name
            if path.is_file() and not path.is_symlink():
                yield str(path.relative_to(folder)), path.stat()
