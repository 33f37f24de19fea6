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

MARK = 10**15  # microseconds of real-time scheduling, which is never granted; marks processes for end_strays
SHARED_SLACK = 8 * 1024 * MIB  # address space that TensorFlow reserves and never touches


@dataclass(frozen=True)
class Limits:
    """Limits of one submission.

    Attributes:
        memory_bytes: private memory beyond what the process shares with its template, for each
            process and for all together, as :meth:`Confined.over` measures.
        cpu_seconds: CPU time of each process; 0: no limit.
        processes: processes and threads together; TensorFlow starts several threads for each core.
        open_files: file descriptors of each process.
        file_bytes: the largest file.
        scratch_bytes, scratch_files: the whole content of the scratch folder, including what was
            there before.
    """

    memory_bytes: int = 4096 * MIB
    cpu_seconds: int = 0
    processes: int = field(default_factory=default_processes)
    open_files: int = 512
    file_bytes: int = 512 * MIB
    scratch_bytes: int = 512 * MIB
    scratch_files: int = 20_000


def set_rlimits(limits: Limits, used: tuple[int, int], already_running: int) -> None:
    """Limit the calling process and all that it starts; hard and soft, so that it is final.

    Args:
        limits: the limits.
        used: :func:`used_memory` of the process when it started.
        already_running: processes and threads of the same user that count though they are not the
            learner's; 0 inside a user namespace, which has its own count.

    Raises:
        OSError: the system refused a limit.
    """
    assert resource is not None
    size, data = used
    for name, value in (
        ("RLIMIT_DATA", data + limits.memory_bytes),  # private writable memory: malloc and NumPy
        ("RLIMIT_AS", size + limits.memory_bytes + SHARED_SLACK),  # also shared maps, which DATA does not count
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
    """Limit a process of ours that computes with a learner's data: exceeding it is a MemoryError.

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
    """Count a user's processes and threads, as RLIMIT_NPROC does outside a user namespace."""
    total = 0
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if entry.stat().st_uid == user:
                    total += len(os.listdir(entry / "task"))
            except OSError:  # it has just ended
                continue
    return total
