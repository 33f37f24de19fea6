"""What a learner's process may read of this machine: Python, libraries, fonts, time zones."""

import functools
import os
import site
import sys
import sysconfig
from collections.abc import Iterable, Sequence
from pathlib import Path

from autograde.grading.sandbox.linux.root import Layout, lay_out

# Folders of a Python prefix. Never the prefix itself: a virtual environment may be in a course directory.
OF_A_PREFIX = ("bin", "lib", "lib32", "lib64", "libexec", "share", "pyvenv.cfg")
# Folders of the system; /usr/src and /opt are left out, since container images keep applications there.
OF_THE_SYSTEM = ("/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
OF_ETC = (
    "/etc/alternatives", "/etc/fonts", "/etc/ld.so.cache", "/etc/localtime",
    "/etc/mime.types", "/etc/os-release", "/etc/ssl/certs", "/etc/ssl/openssl.cnf", "/etc/timezone",
)  # fmt: skip
OF_SYS = ("/sys/devices/system/cpu", "/sys/devices/system/node")  # TensorFlow counts cores there


def installation() -> list[Path]:
    """Return the existing files and folders of this Python and its system."""
    prefixes = {sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix, "/usr", "/usr/local"}
    paths = [Path(prefix, part) for prefix in sorted(prefixes) for part in OF_A_PREFIX]
    paths += [Path(sysconfig.get_path(name)) for name in ("stdlib", "platstdlib", "purelib", "platlib")]
    if site.ENABLE_USER_SITE:
        paths.append(Path(site.getusersitepackages()))
    paths += [Path(name) for name in (*OF_THE_SYSTEM, *OF_ETC, *OF_SYS)]
    return [path for path in paths if path.exists()]


@functools.cache
def installed() -> tuple[Path, ...]:
    """Return :func:`not_inside` of the installation; cached for the process and its forks."""
    return not_inside(installation())


@functools.cache
def laid_out() -> Layout:
    """Return the layout of the installation; cached for the process and its forks."""
    return lay_out(installed())


def not_inside(paths: Iterable[Path], others: Sequence[Path] = ()) -> tuple[Path, ...]:
    """Return the real paths and symbolic links to them, none inside another or `others`."""
    resolved: set[Path] = set()
    for path in paths:
        absolute = path.absolute()
        resolved.update(part for part in (absolute, *absolute.parents) if part.is_symlink())
        resolved.add(absolute.resolve())
    outer = resolved.union(others)
    return tuple(sorted(path for path in resolved if path not in others and outer.isdisjoint(path.parents)))


def entered_by_all(paths: Sequence[Path]) -> Path | None:
    """Return the first folder above `paths` that only its owner or group may enter, or None."""
    for path in paths:
        for folder in (*reversed(path.resolve().parents), path.resolve()):
            mode = folder.stat().st_mode
            if not mode & (0o001 if folder.is_dir() else 0o004):
                return folder
    return None


def holds_socket(path: Path) -> bool:
    """Return whether a path is a socket or a folder that holds one."""
    if not path.is_dir() or path.is_symlink():
        return path.is_socket()
    try:
        entries = [*os.scandir(path)]
    except OSError:  # what may not be looked into
        return False
    for entry in entries:  # a plain file or a folder is known as such without asking for more
        if entry.is_dir(follow_symlinks=False):
            if holds_socket(Path(entry.path)):
                return True
        elif not entry.is_file(follow_symlinks=False) and Path(entry.path).is_socket():
            return True
    return False
