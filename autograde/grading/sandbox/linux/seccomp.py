"""A seccomp filter: system calls that no learner's code needs and that attacks on the kernel and on others do.

A list of what is refused, not of what is allowed: NumPy, TensorFlow and their thread pools use hundreds of calls, and
the other layers decide on files, network and processes. Refused calls fail with an error code that programs know how
to live with; what ends the process is a call through a foreign architecture's door, and a fatal signal to itself. seccomp(2), Linux's
networking/filter documentation for the instructions.
"""

import ctypes
import errno
import functools
import platform
import signal
import socket
import stat
from collections.abc import Sequence

from autograde.grading.sandbox.linux import calls

# number on x86_64, number on aarch64; None: that architecture has no such call
REFUSED = {
    # other processes
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "kcmp": (312, 272),
    "pidfd_getfd": (438, 438), "process_madvise": (440, 440), "process_mrelease": (448, 448),
    "migrate_pages": (256, 238), "move_pages": (279, 239),
    # namespaces and mounts
    "unshare": (272, 97), "setns": (308, 268), "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41),
    "chroot": (161, 51), "open_tree": (428, 428), "move_mount": (429, 429), "fsopen": (430, 430),
    "fsconfig": (431, 431), "fsmount": (432, 432), "fspick": (433, 433), "mount_setattr": (442, 442),
    "open_tree_attr": (467, 467), "listmount": (458, 458), "statmount": (457, 457),
    "name_to_handle_at": (303, 264), "open_by_handle_at": (304, 265), "fanotify_init": (300, 262),
    # large or often broken parts of the kernel
    "bpf": (321, 280), "perf_event_open": (298, 241), "userfaultfd": (323, 282), "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426), "io_uring_register": (427, 427), "keyctl": (250, 219), "add_key": (248, 217),
    "request_key": (249, 218), "modify_ldt": (154, None), "personality": (135, 92), "vmsplice": (278, 75),
    # the machine itself
    "init_module": (175, 105), "finit_module": (313, 273), "delete_module": (176, 106), "kexec_load": (246, 104),
    "kexec_file_load": (320, 294), "reboot": (169, 142), "swapon": (167, 224), "swapoff": (168, 225),
    "acct": (163, 89), "quotactl": (179, 60), "quotactl_fd": (443, 443), "syslog": (103, 116),
    "settimeofday": (164, 170), "clock_settime": (227, 112), "adjtimex": (159, 171), "clock_adjtime": (305, 266),
    "sethostname": (170, 161), "setdomainname": (171, 162), "iopl": (172, None), "ioperm": (173, None),
    "vhangup": (153, 58), "lookup_dcookie": (212, 18), "nfsservctl": (180, 42),
    # memory that no limit counts
    "memfd_create": (319, 279), "memfd_secret": (447, 447), "shmget": (29, 194), "msgget": (68, 186),
    "semget": (64, 190), "mq_open": (240, 180),
}  # fmt: skip
UNKNOWN_TO_OLD_KERNELS = {"clone3": 435}  # its flags are out of sight; ENOSYS makes the C library use clone
SIGNALLING = {"kill": (62, 129), "tgkill": (234, 131), "rt_sigqueueinfo": (129, 138), "rt_tgsigqueueinfo": (297, 240)}
SIGNALLING_OTHERS = {"tkill": (200, 130), "pidfd_send_signal": (424, 424)}
THREADS = (SIGNALLING["tgkill"], SIGNALLING["rt_tgsigqueueinfo"])  # a thread's number stands before the signal's
CLONE, SOCKET, SOCKETPAIR = (56, 220), (41, 198), (53, 199)
SETSOCKOPT, FCNTL = (54, 208), (72, 25)
BUFFER_SIZES = (7, 8, 32, 33)  # SO_SNDBUF, SO_RCVBUF, and the same by force
SET_PIPE_SIZE = 1031
NO_WATCHES = {"inotify_init": (253, None), "inotify_init1": (294, 26)}  # as if the user had none left
PRLIMIT, PRCTL, MKNODAT, MKNOD, IOCTL = (302, 261), (157, 167), (259, 33), (133, None), (16, 29)
MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}  # column above, AUDIT_ARCH of linux/audit.h
X32_BIT = 0x40000000
NEW_NAMESPACES = 0x7E020080  # every CLONE_NEW… flag, time included
TIOCSTI, TIOCLINUX = 0x5412, 0x541C

# what ends or stops a process that cannot handle it; the first process of a namespace would go on, as if nothing had been
FATAL = (signal.SIGKILL, signal.SIGSTOP, signal.SIGABRT, signal.SIGSEGV, signal.SIGBUS, signal.SIGILL, signal.SIGFPE)

ALLOW, ERRNO, KILL = 0x7FFF0000, 0x00050000, 0x80000000
LOAD, EQUAL, ANY_BIT, AT_LEAST, RETURN, AND = 0x20, 0x15, 0x45, 0x35, 0x06, 0x54
NUMBER, ARCHITECTURE, ARGUMENTS = 0, 4, 16  # offsets in struct seccomp_data
Instruction = tuple[int, int, int, int]  # code, jump when true, jump when false, constant


class Program(ctypes.Structure):
    """struct sock_fprog."""

    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def column() -> int:
    """Return which column of the tables is this machine's.

    Raises:
        OSError: the filter is not written for this processor.
    """
    machine = platform.machine()
    if machine not in MACHINES:
        raise OSError(errno.ENOSYS, f"no filter for {machine}")
    return MACHINES[machine][0]


def program(unix_sockets: bool, only_signal: int | None, internet: bool = False) -> list[Instruction]:
    """Return the filter as instructions.

    Args:
        unix_sockets: whether sockets of the machine's own kind may be made.
        internet: whether sockets of the internet's kinds may be made, in a network namespace that leads nowhere; other
            kinds never.
        only_signal: the one process that signals may go to, where no other layer keeps signals in; None: any.

    Raises:
        OSError: the filter is not written for this processor.
    """
    here = column()
    filter_: list[Instruction] = [
        (LOAD, 0, 0, ARCHITECTURE),
        (EQUAL, 1, 0, MACHINES[platform.machine()][1]),
        (RETURN, 0, 0, KILL),
        (LOAD, 0, 0, NUMBER),
    ]
    if here == 0:
        filter_ += [(AT_LEAST, 0, 1, X32_BIT), (RETURN, 0, 0, ERRNO | errno.ENOSYS)]
    for numbers in REFUSED.values():
        filter_ += refuse(numbers[here])
    for number in UNKNOWN_TO_OLD_KERNELS.values():
        filter_ += refuse(number, errno.ENOSYS)
    for numbers in NO_WATCHES.values():
        filter_ += refuse(numbers[here], errno.EMFILE)
    filter_ += never(SETSOCKOPT[here], 2, BUFFER_SIZES, 0)  # as if it had worked: a size is only ever a wish
    filter_ += never(FCNTL[here], 1, [SET_PIPE_SIZE])
    families = [int(socket.AF_UNIX)] if unix_sockets else []
    families += [int(socket.AF_INET), int(socket.AF_INET6)] if internet else []
    filter_ += only(SOCKET[here], 0, families, errno.EACCES)
    filter_ += only(SOCKETPAIR[here], 0, [socket.AF_UNIX], errno.EACCES)
    filter_ += only(PRLIMIT[here], 0, [0])
    filter_ += never(PRCTL[here], 0, [calls.PR_SET_PDEATHSIG])
    filter_ += never(IOCTL[here], 1, [TIOCSTI, TIOCLINUX])
    filter_ += checked(CLONE[here], 0, [(ANY_BIT, 0, 1, NEW_NAMESPACES), (RETURN, 0, 0, ERRNO | errno.EPERM)])
    for numbers, argument in ((MKNODAT, 2), (MKNOD, 1)):
        filter_ += device_check(numbers[here], argument)
    if only_signal is None:
        for numbers in (*SIGNALLING.values(), SIGNALLING_OTHERS["tkill"]):
            filter_ += ends_itself(numbers[here], 2 if numbers in THREADS else 1)
    else:
        for numbers in SIGNALLING.values():
            filter_ += only(numbers[here], 0, [only_signal])
        for numbers in SIGNALLING_OTHERS.values():
            filter_ += refuse(numbers[here])
    return [*filter_, (RETURN, 0, 0, ALLOW)]


def refuse(number: int | None, code: int = errno.EPERM) -> list[Instruction]:
    """A call that always fails with `code`."""
    return [] if number is None else [(EQUAL, 0, 1, number), (RETURN, 0, 0, ERRNO | code)]


def only(number: int | None, argument: int, values: list[int], code: int = errno.EPERM) -> list[Instruction]:
    """A call that fails unless an argument is one of a few values."""
    test: list[Instruction] = [(EQUAL, len(values) - i, 0, value) for i, value in enumerate(values)]
    return checked(number, argument, [*test, (RETURN, 0, 0, ERRNO | code)])


def never(number: int | None, argument: int, values: Sequence[int], code: int = errno.EPERM) -> list[Instruction]:
    """A call that fails, or with the code 0 does nothing, when an argument is one of a few values."""
    test = [step for value in values for step in ((EQUAL, 0, 1, value), (RETURN, 0, 0, ERRNO | code))]
    return checked(number, argument, test)


def device_check(number: int | None, argument: int) -> list[Instruction]:
    """A call that makes files: devices are refused, named pipes and sockets are not."""
    test: list[Instruction] = [(AND, 0, 0, 0o170000)]
    for kind in (stat.S_IFCHR, stat.S_IFBLK):
        test += [(EQUAL, 0, 1, kind), (RETURN, 0, 0, ERRNO | errno.EPERM)]
    return checked(number, argument, test)


def ends_itself(number: int, argument: int) -> list[Instruction]:
    """A call that sends one of :data:`FATAL` to process 1 or to the caller's group ends the caller, as it is meant to."""
    test: list[Instruction] = [(EQUAL, len(FATAL) - i, 0, number) for i, number in enumerate(FATAL)]
    receiver = [(LOAD, 0, 0, ARGUMENTS), (EQUAL, 1, 0, 0), (EQUAL, 0, 1, 1), (RETURN, 0, 0, KILL)]
    return checked(number, argument, [*test, (RETURN, 0, 0, ALLOW), *receiver])


def checked(number: int | None, argument: int, test: list[Instruction]) -> list[Instruction]:
    """Run `test` on the low half of an argument of one call; a test that falls through allows.

    The high half is left unseen: each argument tested here is an int to the kernel.
    """
    if number is None:
        return []
    body: list[Instruction] = [(LOAD, 0, 0, ARGUMENTS + 8 * argument), *test, (RETURN, 0, 0, ALLOW)]
    return [(EQUAL, 0, len(body), number), *body]


@functools.cache
def encoded(unix_sockets: bool, only_signal: int | None, internet: bool = False) -> bytes:
    """Return :func:`program` as the kernel reads it; made once for each process and its forks.

    Raises:
        OSError: the filter is not written for this processor.
    """
    return b"".join(
        operation.to_bytes(2, "little") + bytes((yes, no)) + constant.to_bytes(4, "little")
        for operation, yes, no, constant in program(unix_sockets, only_signal, internet)
    )


def install(code: bytes) -> None:
    """Bind this process and all that it starts; call after PR_SET_NO_NEW_PRIVS, last of all layers.

    Raises:
        OSError: the kernel refused.
    """
    memory = ctypes.create_string_buffer(code, len(code))
    filter_ = Program(len(code) // 8, ctypes.addressof(memory))
    calls.prctl(calls.PR_SET_SECCOMP, 2, ctypes.byref(filter_))  # 2: SECCOMP_MODE_FILTER
