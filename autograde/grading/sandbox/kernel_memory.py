"""Memory that a learner's processes hold in the kernel: no limit of a process counts it, and no resident size shows it.

The kernel says how many sockets and pipes there are, and not what waits in them; so each is counted as if it were full.
The filter (:mod:`seccomp`) keeps their buffers at the size that they are born with, and refuses what else would hold
memory that nobody counts: files in memory, System V's and POSIX's queues and segments, io_uring, watches on files.
"""

import functools
import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

PIPE_BYTES = 16 * 4096  # pipe(7)
MESSAGE_BYTES = 1 << 16  # a socket that is not full yet takes one more
USUAL_SOCKET_BYTES = 212_992


def held_by_kernel(first: int, family: Iterable[int]) -> int:
    """Return the bytes that processes may hold in sockets, pipes and page tables.

    Args:
        first: process 1 of them, which is in their network namespace.
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
    count = max(len(sockets), sockets_of_namespace(first))  # one in flight, in another's queue, is in no process
    return count * socket_bytes() + len(pipes) * PIPE_BYTES + tables


@functools.cache
def socket_bytes() -> int:
    """Return what waits in a socket at most, as the kernel counts it."""
    try:
        return int(Path("/proc/sys/net/core/wmem_default").read_text()) + MESSAGE_BYTES
    except (OSError, ValueError):
        return USUAL_SOCKET_BYTES + MESSAGE_BYTES


def sockets_of_namespace(pid: int) -> int:
    """Return how many sockets there are in a process's network namespace; 0 where it is also ours, or nobody says."""
    with suppress(OSError, ValueError, IndexError):
        if os.readlink(f"/proc/{pid}/ns/net") != os.readlink("/proc/self/ns/net"):
            return int(Path(f"/proc/{pid}/net/sockstat").read_text().split()[2])
    return 0


def open_files(pid: int) -> list[str]:
    """Return what the open files of a process are; nothing where it has ended or is not ours to look into."""
    found = []
    with suppress(OSError):
        for name in os.listdir(f"/proc/{pid}/fd"):
            with suppress(OSError):
                found.append(os.readlink(f"/proc/{pid}/fd/{name}"))
    return found


def page_tables(pid: int) -> int:
    """Return the bytes of a process's page tables."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_bytes().splitlines():
            if line.startswith(b"VmPTE:"):
                return int(line.split()[1]) * 1024
    return 0
