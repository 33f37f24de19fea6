"""Tries each sandbox layer in a process of its own."""

import json
import os
import socket
from collections.abc import Callable

from autograde.grading.sandbox.linux import calls, landlock, namespaces, root, seccomp
from autograde.settings.sandbox import LAYERS, NAMESPACES

RIGHTS_COME_WITH = "user-namespace"


def try_layers(without: frozenset[str]) -> dict[str, str]:
    """Return for each layer ``on`` or the reason why it is off, for this Linux machine and user."""
    own_end, child_end = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with own_end, child_end:
        pid = os.fork()
        if pid == 0:
            try:
                child_end.send(b"= " + json.dumps(try_each(without, child_end)).encode())
            finally:
                os._exit(0)
        child_end.close()
        own_end.settimeout(60)
        message = own_end.recv(65536).decode()
        while message == "map":
            try:
                namespaces.map_for(pid)
            except OSError as error:
                own_end.send(f"no: {error.strerror}".encode())
            else:
                own_end.send(b"go on")
            message = own_end.recv(65536).decode()
        os.waitpid(pid, 0)
    states = json.loads(message.removeprefix("= ") or "{}")
    return {name: states.get(name, "its trial ended without a word") for name in LAYERS}


def try_each(without: frozenset[str], supervisor: socket.socket) -> dict[str, str]:
    """In its own process: enter, mount and filter, recording each step."""
    steps: dict[str, Callable[[], object]] = {
        "user-namespace": lambda: namespaces.own_user_namespace(supervisor),
        "network-namespace": lambda: calls.unshare(namespaces.FLAGS["network-namespace"]),
        "ipc-namespace": lambda: calls.unshare(namespaces.FLAGS["ipc-namespace"] | namespaces.ALSO),
        "mount-namespace": own_mounts,
        "pid-namespace": lambda: calls.unshare(namespaces.FLAGS["pid-namespace"]),
        "rlimits": lambda: None,  # every Linux has them
        "landlock": landlock.abi,
        "seccomp": own_filter,
    }
    calls.prctl(calls.PR_SET_DUMPABLE, 1)
    was_root = os.geteuid() == 0
    states: dict[str, str] = {}
    for name, step in steps.items():
        if name in without:
            states[name] = "left out"
        elif name in NAMESPACES and not was_root and states.get(RIGHTS_COME_WITH, "on") != "on":
            states[name] = f"needs {RIGHTS_COME_WITH}"
        else:
            states[name] = outcome(step)
    return states


def outcome(step: Callable[[], object]) -> str:
    """Return ``on`` if a step works, else the system's message."""
    try:
        step()
    except OSError as error:
        return (error.strerror or str(error)).replace("\n", " ")
    return "on"


def own_mounts() -> None:
    """Do once what :func:`root.enter` does.

    Raises:
        OSError: the kernel refused a step, or is older than 5.12.
    """
    calls.unshare(namespaces.FLAGS["mount-namespace"])
    root.mount(None, b"/", None, root.MS_REC | root.MS_PRIVATE)
    tree = root.clone(b"/usr")
    root.mount(b"tmpfs", b"/tmp", b"tmpfs", root.MS_NOSUID | root.MS_NODEV, b"size=64k")
    os.mkdir("/tmp/usr")
    root.attach(tree, b"/tmp/usr")
    root.set_flags(b"/tmp", root.MS_RDONLY, recursive=True)


def own_filter() -> None:
    """Apply a filter.

    Raises:
        OSError: the kernel refused, or the filter is not written for this processor.
    """
    calls.prctl(calls.PR_SET_NO_NEW_PRIVS, 1)
    seccomp.install(seccomp.encoded(True, None))
