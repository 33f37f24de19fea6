"""The few Linux system calls that Python 3.11 does not offer, each raising OSError with the call's own name."""

import ctypes
import functools
import os
import platform

CLONE_NEWNS, CLONE_NEWCGROUP, CLONE_NEWUTS = 0x00020000, 0x02000000, 0x04000000
CLONE_NEWIPC, CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = 0x08000000, 0x10000000, 0x20000000, 0x40000000

PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_SECCOMP, PR_CAPBSET_DROP = 1, 4, 22, 24
PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS, PR_CAP_AMBIENT = 36, 38, 47

# Numbers of calls newer than 2018 are the same everywhere.
OPEN_TREE, MOVE_MOUNT, FSOPEN, FSCONFIG, FSMOUNT, CLOSE_RANGE, MOUNT_SETATTR = 428, 429, 430, 431, 432, 436, 442
LANDLOCK_CREATE_RULESET, LANDLOCK_ADD_RULE, LANDLOCK_RESTRICT_SELF = 444, 445, 446
PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}


@functools.cache
def libc() -> ctypes.CDLL:
    """The C library of this process."""
    return ctypes.CDLL(None, use_errno=True)


def checked(result: int, what: str) -> int:
    """Return `result`, or raise OSError from errno when it is negative."""
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{what}: {os.strerror(code)}")
    return result


def syscall(number: int, what: str, *arguments: object) -> int:
    """Call the kernel by number; ints go as 64 bits, bytes and ctypes pointers as they are.

    Raises:
        OSError: what the kernel said.
    """
    words = [ctypes.c_long(word) if isinstance(word, int) else word for word in arguments]
    libc().syscall.restype = ctypes.c_long
    return checked(libc().syscall(ctypes.c_long(number), *words), what)


def prctl(option: int, *arguments: object) -> int:
    """prctl(2).

    Raises:
        OSError: what the kernel said.
    """
    words = [ctypes.c_ulong(word) if isinstance(word, int) else word for word in arguments]
    words += [ctypes.c_ulong(0)] * (4 - len(words))
    return checked(libc().prctl(ctypes.c_int(option), *words), f"prctl {option}")


def unshare(flags: int) -> None:
    """unshare(2); os.unshare needs Python 3.12.

    Raises:
        OSError: what the kernel said.
    """
    checked(libc().unshare(ctypes.c_int(flags)), "unshare")


def pivot_root(new: bytes, old: bytes) -> None:
    """pivot_root(2).

    Raises:
        OSError: what the kernel said; ENOSYS on a processor that we do not know.
    """
    syscall(PIVOT_ROOT.get(platform.machine(), -1), "pivot_root", new, old)


def unmount(path: bytes, flags: int) -> None:
    """umount2(2).

    Raises:
        OSError: what the kernel said.
    """
    checked(libc().umount2(path, ctypes.c_int(flags)), "umount2")
