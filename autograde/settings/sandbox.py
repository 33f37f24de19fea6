"""What a course may ask of the sandbox: its layers by name, and the limit that depends on the machine."""

import os

MIB = 2**20
NAMESPACES = ("user-namespace", "network-namespace", "pid-namespace", "mount-namespace", "ipc-namespace")
LAYERS = (*NAMESPACES, "landlock", "seccomp", "rlimits")


def default_processes() -> int:
    """Return how many processes and threads a submission may have together: numerical libraries start some per core."""
    return 256 + 32 * (os.cpu_count() or 1)
