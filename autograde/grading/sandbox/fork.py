"""fork() for a learner's process: the child comes back confined, or not at all."""

import _signal  # type: ignore[import-not-found]  # typeshed has it as signal alone
import ctypes
import functools
import os
import signal
import socket
import stat
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from autograde.errors import CourseError
from autograde.grading.sandbox import confined
from autograde.grading.sandbox.confined import Confined
from autograde.grading.sandbox.environment import (
    HOME,
    TEMPORARY,
    clean_environment,
    replace_environment,
    search_path,
)
from autograde.grading.sandbox.installation import entered_by_all, holds_socket, installed, laid_out, not_inside
from autograde.grading.sandbox.layers import layers, required
from autograde.grading.sandbox.limits import Limits, set_rlimits, tasks_of, used_memory
from autograde.grading.sandbox.linux import calls, landlock, namespaces, rights, root, seccomp
from autograde.grading.sandbox.linux.clone import can_clone, clone

# What NumPy and TensorFlow read in /proc, if there is no private one.
OF_PROC = ("cpuinfo", "meminfo", "stat", "filesystems", "loadavg", "version", "sys/vm/overcommit_memory")
# Signals that end a process without a handler; seccomp.FATAL has those that no process can handle.
ENDING = (signal.SIGHUP, signal.SIGQUIT, signal.SIGUSR1, signal.SIGUSR2, signal.SIGALRM, signal.SIGTERM, signal.SIGVTALRM,
          signal.SIGPROF, signal.SIGIO, signal.SIGTSTP)  # fmt: skip
DEVICES = tuple(Path("/dev", name) for name in ("null", "zero", "full", "random", "urandom", "ptmx", "pts"))


@dataclass(frozen=True)
class Plan:
    """Everything the child needs, prepared before the fork."""

    limits: Limits
    scratch: Path
    readable: Sequence[Path]
    layouts: tuple[root.Layout, ...]
    environment: Mapping[str, str]
    keep: frozenset[int]
    on: Mapping[str, str]
    user: int
    group: int
    unix_sockets: bool
    loopback: bool
    filter: bytes

    @property
    def was_root(self) -> bool:
        """Whether the supervisor is root, so that the learner must run as another user."""
        return self.user == 0

    def has(self, layer: str) -> bool:
        """Return whether a layer is to be applied."""
        return self.on[layer] == "on"


def fork_confined(
    limits: Limits,
    scratch: Path,
    readable: Sequence[Path],
    keep_fds: Sequence[int],
    require: frozenset[str],
    *,
    loopback: bool = False,
    without: frozenset[str] = frozenset(),
) -> Confined:
    """Fork a learner's process like os.fork: in it the result's `pid` is 0, in the supervisor it is
    not.

    The learner's process may read this Python's installation and `readable`, write `scratch`, and
    reach nothing else. Its working folder is `scratch`, its environment a short list, its standard
    streams /dev/null unless kept. It has a copy of this process's memory: call before a secret is
    loaded. It must end with os._exit, or it would continue as a second supervisor. This process
    becomes a subreaper (PR_SET_CHILD_SUBREAPER), and other processes of its user can no longer
    inspect it (PR_SET_DUMPABLE).

    Args:
        limits: limits on memory, time, processes and disk.
        scratch: an existing folder, with the submission's files in it. With a mount namespace the
            learner works on a copy in memory that ends with it; without one, in the folder itself.
        readable: existing files and folders that may also be read, under the same names; a package
            that is not installed, such as one in development, must be among them or already
            imported.
        keep_fds: open files that the learner's process keeps; not folders, since a folder is a way
            out.
        require: layers that must be on.
        loopback: whether it may open network sockets to itself; only in a network namespace of its
            own.
        without: layers to leave out, for tests.

    Raises:
        CourseError: a required layer is missing or the system refused a step; no learner's code has
            run.
        ValueError: a kept file is a folder, or a path does not exist.
    """
    if sys.platform != "linux":
        raise CourseError("submissions can be confined on Linux only; grade there")
    plan = make_plan(limits, scratch, readable, keep_fds, required(require, without), loopback)
    calls.prctl(calls.PR_SET_CHILD_SUBREAPER, 1)
    calls.prctl(calls.PR_SET_DUMPABLE, 0)
    shared = confined.field_of(os.getpid(), "status", b"RssAnon:")
    own_end, child_end = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with own_end, child_end:
        flags = namespaces.flags(plan.on) if plan.has("pid-namespace") and can_clone() else 0
        try:
            pid = clone(flags) if flags else os.fork()
        except OSError as error:  # for example, no more namespaces or processes
            raise CourseError(f"a learner's process could not be started: {error.strerror}") from error
        if pid == 0:
            own_end.close()
            return become_confined(plan, child_end, left=bool(flags))
        child_end.close()
        learner = see_through(pid, own_end)
    confined.alive.add(learner)
    return Confined(learner, os.pidfd_open(learner), dict(plan.on), limits, plan.scratch, shared=shared)


def make_plan(
    limits: Limits,
    scratch: Path,
    readable: Sequence[Path],
    keep_fds: Sequence[int],
    on: Mapping[str, str],
    loopback: bool = False,
) -> Plan:
    """Check the arguments of :func:`fork_confined` and prepare the plan.

    Raises:
        CourseError: only root may enter Python's folder, and no layer helps.
        ValueError: a kept file is a folder, or a path does not exist.
    """
    for number in keep_fds:
        if stat.S_ISDIR(os.fstat(number).st_mode):
            raise ValueError(f"file descriptor {number} is a folder, which a learner's process must not keep")
    if missing := [str(path) for path in (scratch, *readable) if not path.exists()]:
        raise ValueError(f"there is no {', '.join(missing)}")
    scratch = scratch.resolve()
    user, group = os.geteuid(), os.getegid()
    if user == 0 and on["mount-namespace"] != "on" and (closed := entered_by_all([Path(sys.prefix), scratch])):
        raise CourseError(
            f"a learner's process does not run as root, and others may not enter {closed}; "
            "grade as an ordinary user, or with Python and the temporary folder where all may read"
        )
    allowed, layout = _readable(tuple(readable))
    # A service's socket answers any client that finds its path, read-only or not.
    unix_sockets = on["mount-namespace"] == "on" and not any(map(holds_socket, allowed))
    loopback = loopback and on["network-namespace"] == "on"
    return Plan(
        limits=limits,
        scratch=scratch,
        readable=allowed,
        layouts=(laid_out(), layout),
        environment=clean_environment(scratch),
        keep=frozenset(keep_fds),
        on=on,
        user=user,
        group=group,
        unix_sockets=unix_sockets,
        loopback=loopback,
        filter=seccomp.encoded(unix_sockets, None, loopback) if on["seccomp"] == "on" else b"",
    )


@functools.cache
def _readable(paths: tuple[Path, ...]) -> tuple[tuple[Path, ...], root.Layout]:
    """Return what of `paths` is to be shown besides the installation, and its layout, made once as the installation's is."""
    allowed = not_inside(paths, installed())
    return allowed, root.lay_out(allowed)


def foresee(readable: Sequence[Path], loopback: bool = False) -> None:
    """Settle what forks with these arguments of :func:`fork_confined` have in common, once for this process and its forks.

    Raises:
        OSError: something of it cannot be looked at; a fork will say so.
    """
    on = layers()
    laid_out()
    search_path()
    if all(path.exists() for path in readable):
        _readable(tuple(readable))
    if on["seccomp"] == "on":
        for unix_sockets in (False, True):
            seccomp.encoded(unix_sockets, None, loopback and on["network-namespace"] == "on")


def see_through(pid: int, child: socket.socket) -> int:
    """In the supervisor: serve the child until it is confined; return the learner's process.

    Raises:
        CourseError: it could not be confined and has ended.
        OSError: the socket to it broke, or it was silent for a minute; it has ended.
    """
    child.settimeout(60)
    learner = pid
    try:
        while (message := child.recv(65536).decode()) != "confined":
            word, _, rest = message.partition(" ")
            if word == "map":
                namespaces.map_for(pid)
            elif word == "pid":
                learner = int(rest)
                os.waitpid(pid, 0)  # once its parent has ended, the learner's process is our child
            else:
                raise CourseError(f"a learner's process could not be confined: {rest or 'it ended without a word'}")
            child.send(b"go on")
    except BaseException:
        os.kill(learner, signal.SIGKILL)
        os.waitpid(learner, 0)
        raise
    return learner


def become_confined(plan: Plan, supervisor: socket.socket, left: bool) -> Confined:
    """In the child: apply every layer and return, or tell the supervisor why not and exit.

    Args:
        plan: the layers to apply.
        supervisor: the socket to it.
        left: whether the child was created in its namespaces.
    """
    try:
        forget_signals()
        calls.prctl(calls.PR_SET_DUMPABLE, 1)  # makes our /proc files ours again
        Path("/proc/self/oom_score_adj").write_text("1000")  # if memory runs out, this process is killed first
        if not left:
            leave_namespaces(plan, supervisor)
        elif plan.has("user-namespace"):
            namespaces.name_users(supervisor, plan.user, plan.group)
        if plan.has("pid-namespace"):
            socket.sethostname("sandbox")
            end_by_signals()
        if plan.loopback:
            with suppress(OSError):  # without the interface, a cell that needs it fails and says so
                namespaces.open_loopback()
        close_files(plan.keep | {supervisor.fileno()})
        replace_environment(plan.environment)
        tempfile.tempdir = None  # the template may have chosen another
        used = used_memory()  # while /proc certainly exists
        running = 0 if plan.has("user-namespace") else tasks_of(rights.NOBODY if plan.was_root else plan.user)
        writable = enter_scratch(plan)
        os.setsid()
        os.umask(0o077)
        if plan.has("rlimits"):
            set_rlimits(plan.limits, used, running)
        rights.drop(to_nobody=plan.was_root)
        for name in (HOME, TEMPORARY):
            (plan.scratch / name).mkdir(exist_ok=True)
        # In a PID namespace no other process sees us, and the supervisor must measure our memory.
        calls.prctl(calls.PR_SET_DUMPABLE, 1 if plan.has("pid-namespace") else 0)
        lock(plan, writable)
        supervisor.send(b"confined")
        supervisor.close()
    except BaseException as error:
        supervisor.send(f"error {error or type(error).__name__}"[:60000].encode())
        os._exit(1)
    return Confined(0, -1, dict(plan.on), plan.limits, plan.scratch)


def forget_signals() -> None:
    """Remove the supervisor's signal handlers; Ctrl-C interrupts the learner's code as usual."""
    signal.set_wakeup_fd(-1)
    signal.setitimer(signal.ITIMER_REAL, 0)
    for number in range(1, signal.NSIG):
        if callable(_signal.getsignal(number)):  # the C module is faster: no enums
            _signal.signal(number, _signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.pthread_sigmask(signal.SIG_SETMASK, set())


def end_by_signals() -> None:
    """Let signals end the first process of a namespace; the kernel drops those it sends itself.

    The handler is the C library's ``_exit``: Python sees the default, and so does a program that is
    started.
    """
    handler = ctypes.cast(calls.libc()._exit, ctypes.c_void_p)
    for number in ENDING:
        calls.libc().signal(number, handler)


def leave_namespaces(plan: Plan, supervisor: socket.socket) -> None:
    """Enter new namespaces; with a PID namespace only its process 1, a grandchild, returns."""
    if plan.has("user-namespace"):
        namespaces.own_user_namespace(supervisor)
    namespaces.own_namespaces(plan.on)
    if plan.has("pid-namespace"):
        first = os.fork()
        if first:
            supervisor.send(f"pid {first}".encode())
            os._exit(0)
        supervisor.recv(16)


def close_files(keep: frozenset[int]) -> None:
    """Close every open file except those to keep; standard streams become /dev/null unless kept."""
    null = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        if stream not in keep:
            os.dup2(null, stream, inheritable=True)
    low = 3
    for number in sorted(number for number in keep if number > 2):
        os.closerange(low, number)
        low = number + 1
    os.closerange(low, os.sysconf("SC_OPEN_MAX"))


def enter_scratch(plan: Plan) -> list[Path]:
    """Enter the scratch folder, in a private root if possible; return the writable paths."""
    if plan.has("mount-namespace"):
        root.enter(
            root.Root(
                scratch=plan.scratch,
                layouts=plan.layouts,
                size=plan.limits.scratch_bytes,
                files=plan.limits.scratch_files,
                home=plan.scratch / HOME,
                owner=rights.NOBODY,
                processes=plan.has("pid-namespace"),
            )
        )
        return [plan.scratch, Path("/tmp"), Path("/dev/shm")]
    if plan.was_root:
        for folder, folders, files in os.walk(plan.scratch):
            for path in (folder, *(os.path.join(folder, name) for name in (*folders, *files))):
                os.chown(path, rights.NOBODY, rights.NOBODY, follow_symlinks=False)
    os.chdir(plan.scratch)
    return [plan.scratch]


def lock(plan: Plan, writable: Sequence[Path]) -> None:
    """Apply the layers that cannot be undone."""
    own_signals = plan.has("pid-namespace")
    if plan.has("landlock"):
        if plan.has("mount-namespace"):
            readable = [Path("/")]  # holds only what may be read
        else:
            readable = [
                *installed(),
                *plan.readable,
                Path("/proc/self").resolve(),
                *(Path("/proc", name) for name in OF_PROC),
            ]
        landlock.restrict(readable, writable, DEVICES, tcp=plan.loopback)
        own_signals = own_signals or landlock.abi() >= landlock.SCOPED_SIGNALS_ABI
    calls.prctl(calls.PR_SET_PDEATHSIG, signal.SIGKILL)
    if plan.has("seccomp"):
        alone = None if own_signals else seccomp.encoded(plan.unix_sockets, os.getpid(), plan.loopback)
        seccomp.install(alone or plan.filter)
