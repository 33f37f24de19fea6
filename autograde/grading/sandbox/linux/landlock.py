"""Landlock: the kernel refuses every file that is not listed, every TCP port, and talk with processes outside.

Kernel documentation, userspace-api/landlock; needs no right and cannot be taken back.
"""

import ctypes
import os
import stat
from collections.abc import Iterable
from pathlib import Path

from autograde.grading.sandbox.linux.calls import (
    LANDLOCK_ADD_RULE,
    LANDLOCK_CREATE_RULESET,
    LANDLOCK_RESTRICT_SELF,
    syscall,
)

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1, 2, 4, 8
REFER, TRUNCATE, IOCTL_DEV = 1 << 13, 1 << 14, 1 << 15
READ = EXECUTE | READ_FILE | READ_DIR
ON_FILES = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV  # what a rule for a file that is no folder may hold
FILE_RIGHTS = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 4: (1 << 15) - 1, 5: (1 << 16) - 1}  # by ABI
BIND_TCP, CONNECT_TCP = 1, 2
ABSTRACT_UNIX_SOCKET, SIGNAL = 1, 2
SCOPED_SIGNALS_ABI = 6


class RulesetAttributes(ctypes.Structure):
    """struct landlock_ruleset_attr, as of ABI 6."""

    _fields_ = (("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scoped", ctypes.c_uint64))


class PathBeneath(ctypes.Structure):
    """struct landlock_path_beneath_attr."""

    _pack_ = 1
    _fields_ = (("rights", ctypes.c_uint64), ("folder", ctypes.c_int32))


def abi() -> int:
    """Return the version of Landlock that this kernel has, from 1.

    Raises:
        OSError: it has none, or it is turned off.
    """
    return syscall(LANDLOCK_CREATE_RULESET, "landlock", None, 0, 1)


def restrict(
    readable: Iterable[Path], writable: Iterable[Path], devices: Iterable[Path] = (), tcp: bool = False
) -> None:
    """Bind this process and all that it starts: read and execute the first, read and write the second, no TCP.

    Call after PR_SET_NO_NEW_PRIVS. Paths that do not exist are left out.

    Args:
        readable: files, or folders with all that is below them.
        writable: folders.
        devices: files such as /dev/null that are read and written but never replaced.
        tcp: leave TCP alone, in a network namespace that leads nowhere.

    Raises:
        OSError: the kernel refused.
    """
    version = abi()
    files = FILE_RIGHTS[min(version, max(FILE_RIGHTS))]
    attributes = RulesetAttributes(
        files,
        BIND_TCP | CONNECT_TCP if version >= 4 and not tcp else 0,
        ABSTRACT_UNIX_SOCKET | SIGNAL if version >= 6 else 0,
    )
    size = 24 if version >= 6 else 16 if version >= 4 else 8
    ruleset = syscall(LANDLOCK_CREATE_RULESET, "landlock ruleset", ctypes.byref(attributes), size, 0)
    try:
        for path in readable:
            add(ruleset, path, READ & files)
        for path in devices:
            add(ruleset, path, (READ_FILE | WRITE_FILE | TRUNCATE | IOCTL_DEV) & files)
        for path in writable:
            add(ruleset, path, files & ~IOCTL_DEV)
        syscall(LANDLOCK_RESTRICT_SELF, "landlock restrict", ruleset, 0)
    finally:
        os.close(ruleset)


def add(ruleset: int, path: Path, rights: int) -> None:
    """Add a rule for a path, unless there is nothing there."""
    try:
        folder = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return
    try:
        if not stat.S_ISDIR(os.fstat(folder).st_mode):
            rights &= ON_FILES
        rule = PathBeneath(rights, folder)
        syscall(LANDLOCK_ADD_RULE, f"landlock rule {path}", ruleset, 1, ctypes.byref(rule), 0)
    finally:
        os.close(folder)
