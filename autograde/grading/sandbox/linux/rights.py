"""User ids and capabilities: a learner is nobody, with no right at all, even where the grader is root."""

import ctypes
import os
from contextlib import suppress
from pathlib import Path

from autograde.grading.sandbox.linux import calls

NOBODY = 65534


class Header(ctypes.Structure):
    """struct __user_cap_header_struct."""

    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class Sets(ctypes.Structure):
    """struct __user_cap_data_struct, two of them."""

    _fields_ = (("words", ctypes.c_uint32 * 6),)


def write_maps(pid: str | int, users: str, groups: str, deny_setgroups: bool) -> None:
    """Say who the users of a new user namespace are outside; lines of `inside outside count`, user_namespaces(7).

    Raises:
        OSError: the kernel refused.
    """
    folder = Path("/proc") / str(pid)
    if deny_setgroups:  # the kernel asks for it of whoever has no right over groups
        (folder / "setgroups").write_text("deny")
    (folder / "gid_map").write_text(groups)
    (folder / "uid_map").write_text(users)


def drop(to_nobody: bool) -> None:
    """Give up every capability for good, and with `to_nobody` the user and groups too.

    Raises:
        OSError: the kernel refused.
    """
    for capability in range(64):
        try:
            calls.prctl(calls.PR_CAPBSET_DROP, capability)
        except OSError:  # EINVAL: the kernel has no more; EPERM: we have none to drop
            break
    if to_nobody:
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
    with suppress(OSError):  # kernels before 4.3 have no ambient set to clear
        calls.prctl(calls.PR_CAP_AMBIENT, 4)
    header, none = Header(0x20080522, 0), Sets()
    calls.checked(calls.libc().capset(ctypes.byref(header), ctypes.byref(none)), "capset")
    calls.prctl(calls.PR_SET_NO_NEW_PRIVS, 1)
