"""What the filter answers to each system call, run here as the kernel runs it; test_sandbox_attacks.py asks the kernel."""

import errno
import platform
import signal
import socket
import stat

import pytest

from autograde.grading.sandbox.linux import calls, seccomp

pytestmark = pytest.mark.skipif(platform.machine() not in seccomp.MACHINES, reason="no filter for this processor")
FREE = (False, None)  # no sockets of the machine's own, signals kept in by another layer
OTHER_ARCHITECTURE = 0x40000003  # i386


def answer(filter_: list[seccomp.Instruction], number: int, *arguments: int, architecture: int | None = None) -> int:
    """Run classic BPF on one call: the low half of each argument is all that the filter looks at."""
    own = seccomp.MACHINES[platform.machine()][1]
    data = {seccomp.NUMBER: number, seccomp.ARCHITECTURE: own if architecture is None else architecture}
    data |= {seccomp.ARGUMENTS + 8 * place: value for place, value in enumerate((*arguments, *[0] * 6)[:6])}
    at = accumulator = 0
    while True:
        code, yes, no, constant = filter_[at]
        at += 1
        if code == seccomp.LOAD:
            accumulator = data[constant]
        elif code == seccomp.AND:
            accumulator &= constant
        elif code == seccomp.RETURN:
            return constant
        else:
            holds = {
                seccomp.EQUAL: accumulator == constant,
                seccomp.ANY_BIT: bool(accumulator & constant),
                seccomp.AT_LEAST: accumulator >= constant,
            }[code]
            at += yes if holds else no


def here(numbers: tuple[int | None, int | None]) -> int:
    number = numbers[seccomp.column()]
    if number is None:
        pytest.skip("this processor has no such call")
    return number


def refused(code: int) -> int:
    return seccomp.ERRNO | code


@pytest.mark.parametrize("name", seccomp.REFUSED)
def test_what_no_learner_needs_is_refused(name: str) -> None:
    assert answer(seccomp.program(*FREE), here(seccomp.REFUSED[name])) == refused(errno.EPERM)


def test_an_ordinary_call_is_allowed_and_one_of_another_architecture_ends_the_process() -> None:
    read = {"x86_64": 0, "aarch64": 63}[platform.machine()]
    assert answer(seccomp.program(*FREE), read) == seccomp.ALLOW
    assert answer(seccomp.program(*FREE), read, architecture=OTHER_ARCHITECTURE) == seccomp.KILL


@pytest.mark.parametrize("unix", [False, True])
@pytest.mark.parametrize("internet", [False, True])
def test_only_the_kinds_of_sockets_that_were_asked_for_are_made(unix: bool, internet: bool) -> None:
    filter_ = seccomp.program(unix, None, internet)
    allowed = {socket.AF_UNIX} if unix else set()
    allowed |= {socket.AF_INET, socket.AF_INET6} if internet else set()
    families = (socket.AF_UNIX, socket.AF_INET, socket.AF_INET6, socket.AF_NETLINK, socket.AF_PACKET)
    made = {family for family in families if answer(filter_, here(seccomp.SOCKET), family) == seccomp.ALLOW}
    assert made == allowed
    assert answer(filter_, here(seccomp.SOCKETPAIR), socket.AF_UNIX) == seccomp.ALLOW


@pytest.mark.parametrize(
    ("numbers", "arguments", "expected"),
    [
        (seccomp.CLONE, (0x10000000,), refused(errno.EPERM)),  # CLONE_NEWUSER
        (seccomp.CLONE, (signal.SIGCHLD,), seccomp.ALLOW),
        (seccomp.PRLIMIT, (0,), seccomp.ALLOW),
        (seccomp.PRLIMIT, (1234,), refused(errno.EPERM)),
        (seccomp.PRCTL, (calls.PR_SET_PDEATHSIG,), refused(errno.EPERM)),
        (seccomp.IOCTL, (0, seccomp.TIOCSTI), refused(errno.EPERM)),
        (seccomp.FCNTL, (0, seccomp.SET_PIPE_SIZE), refused(errno.EPERM)),
        (seccomp.SETSOCKOPT, (0, 1, seccomp.BUFFER_SIZES[0]), refused(0)),
        (seccomp.MKNODAT, (0, 0, stat.S_IFBLK | 0o600), refused(errno.EPERM)),
        (seccomp.MKNODAT, (0, 0, stat.S_IFIFO | 0o600), seccomp.ALLOW),
    ],
)
def test_a_call_is_judged_by_its_arguments(
    numbers: tuple[int | None, int | None], arguments: tuple[int, ...], expected: int
) -> None:
    assert answer(seccomp.program(*FREE), here(numbers), *arguments) == expected


def test_a_fatal_signal_to_the_first_process_of_a_namespace_ends_the_caller() -> None:
    filter_, kill = seccomp.program(*FREE), here(seccomp.SIGNALLING["kill"])
    assert answer(filter_, kill, 1, signal.SIGKILL) == seccomp.KILL
    assert answer(filter_, kill, 0, signal.SIGSEGV) == seccomp.KILL
    assert answer(filter_, kill, 1, signal.SIGTERM) == seccomp.ALLOW
    assert answer(filter_, kill, 77, signal.SIGKILL) == seccomp.ALLOW


def test_without_another_layer_signals_go_to_the_caller_alone() -> None:
    filter_, kill = seccomp.program(False, 77), here(seccomp.SIGNALLING["kill"])
    assert answer(filter_, kill, 77, signal.SIGKILL) == seccomp.ALLOW
    assert answer(filter_, kill, 78, signal.SIGTERM) == refused(errno.EPERM)
    assert answer(filter_, here(seccomp.SIGNALLING_OTHERS["tkill"]), 77, signal.SIGTERM) == refused(errno.EPERM)


def test_the_kernel_reads_eight_bytes_an_instruction() -> None:
    filter_, code = seccomp.program(*FREE), seccomp.encoded(*FREE)
    assert len(code) == 8 * len(filter_)
    assert int.from_bytes(code[-4:], "little") == seccomp.ALLOW
