"""A root folder of the learner's own: what may be read, read-only; a bounded scratch; a fresh /proc; nothing else.

What is not listed does not exist there, so that no path, link or leftover right leads to it. Needs Linux 5.12.
"""

import ctypes
import os
import shutil
import stat
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from autograde.grading.sandbox.linux import calls

MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REC, MS_PRIVATE = 1, 2, 4, 8, 1 << 14, 1 << 18
MNT_DETACH = 2
CLONE_TREE = 0o2000001  # OPEN_TREE_CLONE, and O_CLOEXEC, which Windows has no name for
AT_FDCWD, AT_RECURSIVE = -100, 0x8000
FROM_EMPTY_PATH = 4  # MOVE_MOUNT_F_EMPTY_PATH
DEVICES = (b"null", b"zero", b"full", b"random", b"urandom")
OVERHEAD_BYTES, OVERHEAD_FILES = 2**20, 600  # the root folder's own files and mount points
FILES = {
    "etc/passwd": "root:x:0:0:root:/:/bin/false\nlearner:x:65534:65534:learner:{home}:/bin/sh\n",
    "etc/group": "root:x:0:\nlearner:x:65534:\n",
    "etc/hosts": "127.0.0.1 localhost\n::1 localhost\n",
    "etc/nsswitch.conf": "passwd: files\ngroup: files\nhosts: files\n",
}
LINKS = (
    (b"dev/fd", b"/proc/self/fd"),
    (b"dev/stdin", b"/proc/self/fd/0"),
    (b"dev/stdout", b"/proc/self/fd/1"),
    (b"dev/stderr", b"/proc/self/fd/2"),
    (b"dev/ptmx", b"pts/ptmx"),
)
AREAS = (b"scratch", b"tmp", b"shm")  # writable folders of the one bounded file system


class Attributes(ctypes.Structure):
    """struct mount_attr."""

    _fields_ = (
        ("set", ctypes.c_uint64),
        ("clear", ctypes.c_uint64),
        ("propagation", ctypes.c_uint64),
        ("userns", ctypes.c_uint64),
    )


@dataclass(frozen=True)
class Layout:
    """What appears in the root folder under its own name, as short byte strings: the child has no time for paths.

    Attributes:
        trees: source, and place relative to the root, of each file or folder to mount.
        folders: to be made, parents first.
        files: to be made, empty, as places for mounts.
        links: place and target of each symbolic link.
    """

    trees: tuple[tuple[bytes, bytes], ...]
    folders: tuple[bytes, ...]
    files: tuple[bytes, ...]
    links: tuple[tuple[bytes, bytes], ...]


@dataclass(frozen=True)
class Root:
    """What the root folder is made of.

    Attributes:
        scratch: an existing folder; its content is copied, the place becomes writable and bounded.
        layouts: what may be read.
        size, files: bounds of everything writable together, in bytes and in files.
        home: for /etc/passwd.
        owner: user and group, as this process sees them, that the writable folders belong to.
        processes: whether there is a PID namespace, so that a /proc shows nobody else's processes.
    """

    scratch: Path
    layouts: tuple[Layout, ...]
    size: int
    files: int
    home: Path
    owner: int
    processes: bool


def lay_out(paths: Iterable[Path]) -> Layout:
    """Return the layout of existing absolute paths, none inside another; symbolic links appear as links."""
    trees, files, links = [], [], []
    folders: set[Path] = set()
    for path in paths:
        place = relative(path)
        folders.update(path.parents)
        if path.is_symlink():
            links.append((place, os.readlink(os.fsencode(path))))
            continue
        trees.append((os.fsencode(path), place))
        if path.is_dir():
            folders.add(path)
        else:
            files.append(place)
    ordered = sorted(relative(folder) for folder in folders if len(folder.parts) > 1)
    return Layout(tuple(trees), tuple(ordered), tuple(files), tuple(links))


def relative(path: Path) -> bytes:
    """Return an absolute path as it is seen from the root folder."""
    return os.fsencode(path).lstrip(b"/")


def enter(root: Root) -> bool:
    """Make the root folder and go into it, its scratch being the working folder; return whether /proc is there.

    Call as process 1 of a new PID namespace, in a new mount namespace, with every right in it. In some containers
    a fresh /proc is refused; then there is none.

    Raises:
        OSError: the system refused a step, or the scratch folder holds more than its bound.
    """
    mount(None, b"/", None, MS_REC | MS_PRIVATE)
    trees = [(clone(source), place) for layout in root.layouts for source, place in layout.trees]
    devices = [(clone(b"/dev/" + name), b"dev/" + name) for name in DEVICES]
    new = os.fsencode(root.scratch)
    os.chdir(new)  # stays the outer folder when the new one is mounted over it
    bounds = f"size={root.size + OVERHEAD_BYTES},nr_inodes={root.files + OVERHEAD_FILES},mode=755"
    mount(b"tmpfs", new, b"tmpfs", MS_NOSUID | MS_NODEV, bounds.encode())
    make_areas(root, new)
    os.chdir(new)
    make_places(root)
    for name, place in ((b"tmp", b"tmp"), (b"shm", b"dev/shm")):  # first: others may lie inside /tmp
        attach(clone(b".areas/" + name), place)
    scratch = relative(root.scratch)
    os.makedirs(scratch, exist_ok=True)
    for layout in root.layouts:
        for folder in layout.folders:
            make_folder(folder)
        for file in layout.files:
            make_file(file)
        for place, target in layout.links:
            make_link(place, target)
    for tree, place in trees:
        attach(tree, place)
    area = clone(b".areas/scratch")
    set_flags(b".", MS_RDONLY | MS_NOSUID | MS_NODEV, recursive=True)
    for place in (b"tmp", b"dev/shm"):
        set_flags(place, 0, clear=MS_RDONLY)
    for tree, place in (*devices, (area, scratch)):
        attach(tree, place)
    has_proc = root.processes and mount_proc()
    mount_terminals()
    calls.pivot_root(b".", b".")
    calls.unmount(b".", MNT_DETACH)
    os.chdir(root.scratch)
    return has_proc


def make_areas(root: Root, new: bytes) -> None:
    """Make the writable folders, one with the content of the scratch folder, which is the working folder now."""
    os.mkdir(new + b"/.areas")
    for name in AREAS:
        os.mkdir(new + b"/.areas/" + name)
        os.chown(new + b"/.areas/" + name, root.owner, root.owner)
    copy_folder(b".", new + b"/.areas/scratch", root.owner)


def make_places(root: Root) -> None:
    """Write the root folder's own files and the places for devices."""
    for folder in (b"dev", b"dev/shm", b"dev/pts", b"proc", b"tmp", b"etc"):
        make_folder(folder)
    for file, text in FILES.items():
        with open(file, "w", encoding="utf-8") as stream:
            stream.write(text.format(home=root.home))
        os.chmod(file, 0o644)
    for name in DEVICES:
        make_file(b"dev/" + name)
    for place, target in LINKS:
        make_link(place, target)


def copy_folder(source: bytes, target: bytes, owner: int) -> None:
    """Copy files, folders and links as links, to a new owner; sockets, pipes and devices are left out."""
    with os.scandir(source) as entries:
        for entry in entries:
            place = target + b"/" + entry.name
            if entry.is_symlink():
                os.symlink(os.readlink(entry.path), place)
            elif entry.is_dir():
                os.mkdir(place)
                copy_folder(entry.path, place, owner)
            elif entry.is_file():
                shutil.copyfile(entry.path, place)
                os.chmod(place, stat.S_IMODE(entry.stat().st_mode) & 0o777)
            else:
                continue
            os.chown(place, owner, owner, follow_symlinks=False)


def make_folder(place: bytes) -> None:
    """Make a folder, unless something is there."""
    with suppress(FileExistsError):
        os.mkdir(place, 0o755)


def make_file(place: bytes) -> None:
    """Make an empty file, unless something is there."""
    with suppress(FileExistsError):
        os.mknod(place, stat.S_IFREG | 0o644)


def make_link(place: bytes, target: bytes) -> None:
    """Make a symbolic link, unless something is there."""
    with suppress(FileExistsError):
        os.symlink(target, place)


def mount_proc() -> bool:
    """Mount a /proc that shows this PID namespace, read-only; return whether the system allows it."""
    try:
        mount(b"proc", b"proc", b"proc", MS_NOSUID | MS_NODEV | MS_NOEXEC)
    except PermissionError:  # a container that masks parts of /proc lets nobody mount another
        return False
    set_flags(b"proc", MS_RDONLY)
    return True


def mount_terminals() -> None:
    """Mount terminals of its own, which IPython's `!command` asks for; do without where they are refused."""
    with suppress(OSError):
        options = b"newinstance,ptmxmode=0666,mode=0600"
        mount(b"devpts", b"dev/pts", b"devpts", MS_NOSUID | MS_NOEXEC, options)


def mount(source: bytes | None, target: bytes, kind: bytes | None, flags: int, data: bytes | None = None) -> None:
    """mount(2).

    Raises:
        OSError: what the kernel said.
    """
    result = calls.libc().mount(source, target, kind, ctypes.c_ulong(flags), data)
    calls.checked(result, f"mount {os.fsdecode(kind or target)}")


def clone(path: bytes) -> int:
    """Return a copy of the mounts at a path, attached nowhere yet, as a file descriptor."""
    how = CLONE_TREE | AT_RECURSIVE
    return calls.syscall(calls.OPEN_TREE, f"open_tree {os.fsdecode(path)}", AT_FDCWD, path, how)


def attach(tree: int, place: bytes) -> None:
    """Put a copied tree at a place, which exists."""
    what = f"move_mount {os.fsdecode(place)}"
    calls.syscall(calls.MOVE_MOUNT, what, tree, b"", AT_FDCWD, place, FROM_EMPTY_PATH)
    os.close(tree)


def set_flags(place: bytes, flags: int, clear: int = 0, recursive: bool = False) -> None:
    """mount_setattr(2): add and take away flags of a mount, or of all mounts below it too."""
    attributes = Attributes(set=flags, clear=clear)
    size = ctypes.sizeof(attributes)
    how = AT_RECURSIVE if recursive else 0
    calls.syscall(calls.MOUNT_SETATTR, "mount_setattr", AT_FDCWD, place, how, ctypes.byref(attributes), size)
