"""Replace files atomically: write a temporary file beside the target, then rename it."""

import errno
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path


def replace_files(files: Mapping[Path, bytes]) -> None:
    """Write all files beside their targets, then rename them into place; folders are created as needed.

    If a write fails, no file is replaced and nothing is left behind. A symbolic link is followed,
    not replaced.

    Raises:
        OSError: a file could not be written.
    """
    parts: dict[Path, Path] = {}
    try:
        for path, data in files.items():
            target = path.resolve()
            if target.is_dir():  # fail before anything is renamed
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
