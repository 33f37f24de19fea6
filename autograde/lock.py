"""One process at a time: a lock that is waited for, or whose holder is named in one line."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from autograde.errors import CourseError


@contextmanager
def locked(path: Path, busy: str = "", private: bool = False) -> Iterator[None]:
    """Hold the lock file `path`, which is made, with its folder, if need be.

    The lock ends with its process, however that ends. It guards a piece of work, not a file: `path` holds nothing.

    Args:
        busy: what to say where another process holds it; without it, the lock is waited for.
        private: whether folder and file are made for their owner only.

    Raises:
        CourseError: another process holds it, and `busy` says so.
        OSError: the folder or the file cannot be made.
    """
    from filelock import FileLock, Timeout  # of the instructor's install

    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700 if private else 0o777)
    lock = FileLock(path, timeout=0 if busy else -1, mode=0o600 if private else -1)
    try:
        lock.acquire(poll_interval=0.01)
    except Timeout:
        raise CourseError(busy) from None
    try:
        yield
    finally:
        lock.release()
