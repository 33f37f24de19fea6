"""How much of the machine a learner's process may use."""

import os
import sys
from dataclasses import dataclass, field
from pathlib import Path

from autograde.settings.sandbox import MIB, default_processes

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]

MARK = 10**15  # microseconds of real-time scheduling, which nobody gets; marks a learner's processes for end_strays
SHARED_SLACK = 8 * 1024 * MIB  # address space that TensorFlow reserves and never touches


@dataclass(frozen=True)
class Limits:
    """Bounds of one submission.

    Attributes:
        memory_bytes: private memory beyond what the process shares with its template; each process by itself, and all
            processes together as :meth:`Confined.over` measures them.
        cpu_seconds: CPU time of each process; 0: no limit.
        processes: processes and threads together; TensorFlow starts several threads for each core.
        open_files: file descriptors of each process.
        file_bytes: the largest file.
        scratch_bytes, scratch_files: all that the scratch folder holds, what was in it before included.
    """

    memory_bytes: int = 4096 * MIB
    cpu_seconds: int = 0
    processes: int = field(default_factory=default_processes)
    open_files: int = 512
    file_bytes: int = 512 * MIB
    scratch_bytes: int = 512 * MIB
    scratch_files: int = 20_000


def set_rlimits(limits: Limits, used: tuple[int, int], already_running: int) -> None:
    """Bind the calling process and all that it starts; hard and soft, so that there is no way back.

    Args:
        limits: the bounds.
        used: :func:`used_memory` of the process as it was born.
        already_running: processes and threads of the same user that count although they are not the learner's;
            0 inside a user namespace of one's own, which counts for itself.

    Raises:
        OSError: the system refused a limit.
    """
    assert resource is not None
    size, data = used
    for name, value in (
        ("RLIMIT_DATA", data + limits.memory_bytes),  # private writable memory: what malloc and NumPy take
        ("RLIMIT_AS", size + limits.memory_bytes + SHARED_SLACK),  # shared maps, which DATA does not count
        ("RLIMIT_CPU", limits.cpu_seconds or resource.RLIM_INFINITY),
        ("RLIMIT_FSIZE", limits.file_bytes),
        ("RLIMIT_NOFILE", limits.open_files),
        ("RLIMIT_NPROC", already_running + limits.processes),
        ("RLIMIT_CORE", 1),  # 0 would still start a program that cores are piped to; see core(5)
        ("RLIMIT_MEMLOCK", 8 * MIB),
        ("RLIMIT_MSGQUEUE", 0),
        ("RLIMIT_SIGPENDING", 1024),
        ("RLIMIT_RTPRIO", 0),
        ("RLIMIT_RTTIME", MARK),
    ):
        which = getattr(resource, name, None)
        if which is None:  # macOS lacks some
            continue
        _, hard = resource.getrlimit(which)
        if value == resource.RLIM_INFINITY:
            bound = hard
        else:
            bound = value if hard == resource.RLIM_INFINITY else min(value, hard - 1 if value == MARK else hard)
        resource.setrlimit(which, (bound, bound))


def bound_memory(memory_bytes: int) -> None:
    """Bind a process of ours that computes with what a learner gave: more memory than this is a MemoryError.

    Args:
        memory_bytes: beyond what it holds now.
    """
    if sys.platform != "linux":
        return
    assert resource is not None
    size, data = used_memory()
    for which, value in (
        (resource.RLIMIT_DATA, data + memory_bytes),
        (resource.RLIMIT_AS, size + memory_bytes + SHARED_SLACK),
    ):
        _, hard = resource.getrlimit(which)
        bound = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(which, (bound, bound))


def used_memory() -> tuple[int, int]:
    """Return the address space and the private writable memory of this process, in bytes."""
    pages = [int(word) for word in Path("/proc/self/statm").read_text().split()]
    page = os.sysconf("SC_PAGE_SIZE")
    return pages[0] * page, pages[5] * page


def tasks_of(user: int) -> int:
    """Count the processes and threads of a user, the kernel's measure for RLIMIT_NPROC outside a user namespace."""
    total = 0
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if entry.stat().st_uid == user:
                    total += len(os.listdir(entry / "task"))
            except OSError:  # ended while we looked
                continue
    return total
