"""Replace files whole: written beside, then renamed, so that nobody ever reads half of one."""

import errno
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path


def replace_files(files: Mapping[Path, bytes]) -> None:
    """Write every file beside its place and only then move all of them in; folders are made as needed.

    When a write fails, no file is replaced and nothing is left behind. A symbolic link keeps pointing where it does.

    Raises:
        OSError: a file could not be written.
    """
    parts: dict[Path, Path] = {}
    try:
        for path, data in files.items():
            target = path.resolve()
            if target.is_dir():  # found before anything is renamed, not in the middle
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(target))
            target.parent.mkdir(parents=True, exist_ok=True)
            part = target.with_name(f".{os.getpid()}.{len(parts)}.part")
            parts[part] = target
            part.write_bytes(data)
        for part, target in parts.items():
            os.replace(part, target)
    finally:
        for part in parts:
            with suppress(OSError):
                part.unlink()
