"""fork() that starts its child in new namespaces: one copy of a large process where unshare(2) and fork need two.

A process that imported TensorFlow takes 20 ms to copy on a small machine. The C library has no such call, so the
kernel's is made directly, between the calls that Python's own fork makes. What the C library would do for other
threads is left out: only a process of one thread may do this. clone(2), PR_GET_TID_ADDRESS in prctl(2).
"""

import ctypes
import os
import platform
import signal

from autograde.grading.sandbox.linux import calls

SET_TID, CLEAR_TID = 0x01000000, 0x00200000  # CLONE_CHILD_SETTID, CLONE_CHILD_CLEARTID
PR_GET_TID_ADDRESS = 40
CLONE = {"x86_64": 56, "aarch64": 220}


def can_clone() -> bool:
    """Return whether :func:`clone` is safe: one thread, a processor that we know, a kernel that tells the address."""
    return platform.machine() in CLONE and len(os.listdir("/proc/self/task")) == 1 and tid_address() != 0


def tid_address() -> int:
    """Return where the C library keeps this thread's number, which fork has to renew; 0 where the kernel is silent."""
    address = ctypes.c_ulong(0)
    try:
        calls.prctl(PR_GET_TID_ADDRESS, ctypes.byref(address))
    except OSError:
        return 0
    known = address.value and ctypes.c_int.from_address(address.value).value == os.getpid()
    return address.value if known else 0


def clone(namespaces: int) -> int:
    """Fork with the given CLONE_NEW… flags; return 0 in the child, else its number.

    Raises:
        OSError: what the kernel said.
    """
    python = ctypes.pythonapi
    kernel = ctypes.PyDLL(None, use_errno=True).syscall  # keeps the interpreter's lock, as Python's fork does
    kernel.restype = ctypes.c_long
    flags, thread = namespaces | SET_TID | CLEAR_TID | signal.SIGCHLD, tid_address()
    if platform.machine() == "x86_64":
        words = (flags, 0, 0, thread, 0)
    else:
        words = (flags, 0, 0, 0, thread)
    number = ctypes.c_long(CLONE[platform.machine()])
    arguments = [ctypes.c_ulong(word) for word in words]
    python.PyOS_BeforeFork()
    pid = kernel(number, *arguments)
    if pid == 0:
        python.PyOS_AfterFork_Child()
    else:
        python.PyOS_AfterFork_Parent()
    return calls.checked(pid, "clone")
