"""Kernel memory of a learner's processes, which no process limit counts and no resident size shows.

The kernel tells how many sockets and pipes there are, not what is in them, so each counts as full.
The filter (:mod:`seccomp`) keeps their buffers at the initial size and refuses whatever else holds
uncounted memory: memory files, System V and POSIX queues and segments, io_uring, file watches.
"""

import functools
import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

PIPE_BYTES = 16 * 4096  # pipe(7)
MESSAGE_BYTES = 1 << 16  # a socket that is not yet full accepts one more
USUAL_SOCKET_BYTES = 212_992


def held_by_kernel(first: int, family: Iterable[int]) -> int:
    """Return the bytes that processes may hold in sockets, pipes and page tables.

    Args:
        first: their process 1, which is in their network namespace.
        family: all of them.
    """
    sockets, pipes, tables = set[str](), set[str](), 0
    for pid in family:
        tables += page_tables(pid)
        for link in open_files(pid):
            if link.startswith("socket:"):
                sockets.add(link)
            elif link.startswith("pipe:"):
                pipes.add(link)
    count = max(len(sockets), sockets_of_namespace(first))  # a socket in transit belongs to no process
    return count * socket_bytes() + len(pipes) * PIPE_BYTES + tables


@functools.cache
def socket_bytes() -> int:
    """Return the most bytes that a socket can buffer, as the kernel counts."""
    try:
        return int(Path("/proc/sys/net/core/wmem_default").read_text()) + MESSAGE_BYTES
    except (OSError, ValueError):
        return USUAL_SOCKET_BYTES + MESSAGE_BYTES


def sockets_of_namespace(pid: int) -> int:
    """Return the number of sockets in a process's network namespace; 0 if it is ours or unknown."""
    with suppress(OSError, ValueError, IndexError):
        if os.readlink(f"/proc/{pid}/ns/net") != os.readlink("/proc/self/ns/net"):
            return int(Path(f"/proc/{pid}/net/sockstat").read_text().split()[2])
    return 0


def open_files(pid: int) -> list[str]:
    """Return the targets of a process's open files; none if it has ended or may not be read."""
    targets = []
    with suppress(OSError):
        for name in os.listdir(f"/proc/{pid}/fd"):
            with suppress(OSError):
                targets.append(os.readlink(f"/proc/{pid}/fd/{name}"))
    return targets


def page_tables(pid: int) -> int:
    """Return the bytes of a process's page tables."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_bytes().splitlines():
            if line.startswith(b"VmPTE:"):
                return int(line.split()[1]) * 1024
    return 0
