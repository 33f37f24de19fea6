"""Leaving the machine's namespaces: users, processes, files, network and messages of the learner's own."""

import errno
import fcntl
import os
import socket
import struct
from collections.abc import Mapping
from pathlib import Path

from autograde.grading.sandbox.linux import calls
from autograde.grading.sandbox.linux.rights import NOBODY, write_maps

FLAGS = {
    "user-namespace": calls.CLONE_NEWUSER,
    "network-namespace": calls.CLONE_NEWNET,
    "pid-namespace": calls.CLONE_NEWPID,
    "mount-namespace": calls.CLONE_NEWNS,
    "ipc-namespace": calls.CLONE_NEWIPC,
}
SET_FLAGS, UP = 0x8914, 1  # SIOCSIFFLAGS and IFF_UP, netdevice(7)
ALSO = calls.CLONE_NEWUTS | calls.CLONE_NEWCGROUP  # the machine's name, and where its control groups are


def own_user_namespace(supervisor: socket.socket) -> None:
    """Enter a new user namespace: root stays its root until rights are dropped, others are nobody from the start.

    Raises:
        OSError: the kernel refused.
    """
    user, group = os.geteuid(), os.getegid()
    calls.unshare(calls.CLONE_NEWUSER)
    name_users(supervisor, user, group)


def name_users(supervisor: socket.socket, user: int, group: int) -> None:
    """In a new user namespace: say who we are outside, or as root have it said.

    Raises:
        OSError: the kernel refused.
    """
    if user == 0:
        ask(supervisor, "map")
    else:
        write_maps("self", f"{NOBODY} {user} 1", f"{NOBODY} {group} 1", deny_setgroups=True)


def map_for(pid: int) -> None:
    """As root, outside: give `pid`'s new user namespace all of our users under their own numbers.

    With all of them the rights of its root reach every file on the way to Python, as ours do, until they are dropped.

    Raises:
        OSError: the kernel refused.
    """
    users, groups = (same_numbers(Path("/proc/self", name).read_text()) for name in ("uid_map", "gid_map"))
    write_maps(pid, users, groups, deny_setgroups=False)


def same_numbers(own_map: str) -> str:
    """Return the map that gives each id of our own map itself."""
    return "\n".join(f"{first} {first} {count}" for first, _, count in map(str.split, own_map.splitlines()))


def flags(on: Mapping[str, str]) -> int:
    """Return the CLONE_NEW… flags of the namespaces that are on; the machine's name goes with any of them."""
    chosen = sum(flag for name, flag in FLAGS.items() if on[name] == "on")
    return chosen | ALSO if chosen else 0


def own_namespaces(on: Mapping[str, str]) -> None:
    """Enter new namespaces of every kind that is on; the next child is process 1 of the new PID namespace.

    Raises:
        OSError: the kernel refused.
    """
    if chosen := flags(on) & ~calls.CLONE_NEWUSER:
        calls.unshare(chosen)


def open_loopback() -> None:
    """In a new network namespace, with every right in it: let its processes talk to themselves over 127.0.0.1 and ::1.

    The buffers of TCP, which grow by themselves, get the size of any other socket's first.

    Raises:
        OSError: the kernel refused a step; the interface is down as it was.
    """
    for name in ("tcp_rmem", "tcp_wmem"):
        Path("/proc/sys/net/ipv4", name).write_text("4096 65536 131072")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, SET_FLAGS, struct.pack("16sh14x", b"lo", UP))


def ask(supervisor: socket.socket, what: str) -> None:
    """Ask the supervisor for something and wait until it is done.

    Raises:
        OSError: it could not, or it has gone.
    """
    supervisor.send(what.encode())
    if (answer := supervisor.recv(1024).decode()) != "go on":
        raise OSError(errno.EPERM, answer or "the supervisor has gone")
