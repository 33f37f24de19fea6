"""Files of lines that only grow: audit log, status register, grading log.

A line counts once its newline is there. The piece that a crash leaves behind the last newline was never relied on, and
the next append takes it off.
"""

import os
from collections.abc import Iterable
from pathlib import Path


def read_lines(path: Path, start: int = 0) -> tuple[list[bytes], bytes]:
    """The lines of a file from byte `start` on, without their newlines, and the piece behind the last one.

    A file that is not there is empty.

    Raises:
        OSError: it cannot be read.
    """
    try:
        with path.open("rb") as file:
            file.seek(start)
            *lines, torn = file.read().split(b"\n")
    except FileNotFoundError:
        return [], b""
    return lines, torn


def append_lines(path: Path, lines: Iterable[bytes], mode: int = 0o666) -> None:
    """Append lines, all or none; they are on the disk when this returns. Folder and file are made if need be.

    The caller holds a lock: two appends at once would take each other's lines for a torn piece.

    Args:
        lines: without their newlines.
        mode: of a new file, less the umask.

    Raises:
        OSError: nothing has been appended; it names the file.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    is_new = not path.exists()
    file = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), mode)
    try:
        end = _last_newline(file)
        try:
            os.ftruncate(file, end)
            os.lseek(file, end, os.SEEK_SET)
            left = memoryview(b"".join(line + b"\n" for line in lines))
            while left:
                left = left[os.write(file, left) :]
            os.fsync(file)
        except OSError as error:
            os.ftruncate(file, end)
            error.filename = error.filename or str(path)
            raise
    finally:
        os.close(file)
    if is_new:
        _flush_folder(path.parent)


def _last_newline(file: int) -> int:
    """The length of an open file up to and with its last newline."""
    end = os.lseek(file, 0, os.SEEK_END)
    while end:
        start = max(0, end - 4096)
        os.lseek(file, start, os.SEEK_SET)
        found = os.read(file, end - start).rfind(b"\n")
        if found >= 0:
            return start + found + 1
        end = start
    return 0


def _flush_folder(folder: Path) -> None:
    if os.name == "nt":  # folders cannot be flushed there
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
