"""A course under attack: its folder, submissions, listeners that wait for calls, and a look at what is left behind."""

import contextlib
import ctypes
import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
import psutil
from mini_course import write, write_course

from attacks import CHAPTER, HALVES, HONEST, PRELUDE, SECRET, Attack

TOKEN = "attackers-file-3e91"
PR_SET_CHILD_SUBREAPER = 36
ENDING_SECONDS = 15
SETTINGS = """
[grading]
memory_mb = 400
"""


def build(root: Path, command: list[str]) -> Path:
    """Write and build the course, with secrets in it; the real command does it."""
    write_course(root, ch91=CHAPTER)
    settings = root / "course.toml"
    settings.write_text(settings.read_text(encoding="utf-8") + SETTINGS, encoding="utf-8")
    config = root / "nbgrader_config.py"
    config.write_text(
        config.read_text(encoding="utf-8") + "\nc.Execute.timeout = 5\nc.WarmExecute.test_timeout = 16\n",
        encoding="utf-8",
    )
    write(root / "keys" / "issuer.pem", "".join(SECRET))
    subprocess.run([*command, "build"], cwd=root, capture_output=True, timeout=120, check=True)
    return root


@dataclass
class Listeners:
    """Sockets of this machine that wait for a call.

    Attributes:
        addresses: the code of an attack finds them under these names.
        heard: who was called.
    """

    addresses: dict[str, object] = field(default_factory=dict)
    heard: list[str] = field(default_factory=list)


@contextlib.contextmanager
def listening(folder: Path) -> Iterator[Listeners]:
    """Listen on TCP, UDP, a Unix socket and an abstract one, until the block ends."""
    listeners = Listeners(
        {"TCP": ("127.0.0.1", 0), "UDP": ("127.0.0.1", 0), "UNIX": str(folder / "u"), "ABSTRACT": f"\0{TOKEN}"}
    )
    kinds = {
        "TCP": (socket.AF_INET, socket.SOCK_STREAM),
        "UDP": (socket.AF_INET, socket.SOCK_DGRAM),
        "UNIX": (socket.AF_UNIX, socket.SOCK_STREAM),
        "ABSTRACT": (socket.AF_UNIX, socket.SOCK_STREAM),
    }
    stop = threading.Event()
    threads = []
    with contextlib.ExitStack() as stack:
        for name, kind in kinds.items():
            listener = stack.enter_context(socket.socket(*kind))
            listener.bind(listeners.addresses[name])
            if kind[1] == socket.SOCK_STREAM:
                listener.listen()
            listener.settimeout(0.2)
            if name in ("TCP", "UDP"):
                listeners.addresses[name] = listener.getsockname()
            threads.append(threading.Thread(target=_hear, args=(name, listener, stop, listeners.heard)))
            threads[-1].start()
        try:
            yield listeners
        finally:
            stop.set()
            for thread in threads:
                thread.join()


def _hear(name: str, listener: socket.socket, stop: threading.Event, heard: list[str]) -> None:
    while not stop.is_set():
        with contextlib.suppress(TimeoutError):
            if listener.type == socket.SOCK_DGRAM:
                listener.recv(100)
            else:
                listener.accept()[0].close()
            heard.append(name)


def hand_in(root: Path, attack: Attack, names: dict[str, object]) -> None:
    """Hand in an attack as the learner of its name; `names` stand before its code."""
    folder = root / "gradebook" / "submitted" / attack.name / "ch91"
    folder.mkdir(parents=True)
    notebook = nbformat.read(root / "release" / "en" / "ch91" / "ch91.ipynb", as_version=4)
    before = "".join(
        f"{name} = {value!r}\n"
        for name, value in {**names, "HALVES": HALVES, "ROOT": str(root), "TOKEN": TOKEN}.items()
    )
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if name in HONEST:
            cell.source = before + PRELUDE + attack.code if name == "square" else HONEST[name]
    if attack.first:
        notebook.cells.insert(0, nbformat.v4.new_code_cell(attack.first, id="first"))
    for path, content in attack.files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    name = "ch91.ipynb"
    if attack.prepare:
        attack.prepare(folder, notebook)
        name = "mine.ipynb" if (folder / name).is_dir() else name
    (folder / name).write_text(json.dumps(notebook), encoding="utf-8")


def hand_in_honest(root: Path, student: str, secret: str = "") -> None:
    """Hand in right answers, with a comment of the learner's own."""
    folder = root / "gradebook" / "submitted" / student / "ch91"
    folder.mkdir(parents=True)
    notebook = nbformat.read(root / "release" / "en" / "ch91" / "ch91.ipynb", as_version=4)
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if name in HONEST:
            cell.source = f"{HONEST[name]}\n# {secret}"
    nbformat.write(notebook, folder / "ch91.ipynb")


ODD_NAMES = (b"bytes-\xff", b"two\nlines", b"\x1b[31mred", b"   ", "\u2028".encode(), b"x" * 200)
"""Names of learners that are none."""


def hand_in_oddly(root: Path) -> None:
    """Hand in what an honest learner did, from folders that no learner can be called."""
    honest = root / "gradebook" / "submitted" / "honest-1" / "ch91" / "ch91.ipynb"
    for name in ODD_NAMES:
        folder = os.fsencode(root / "gradebook" / "submitted") + b"/" + name + b"/ch91"
        os.makedirs(folder)
        shutil.copy(honest, os.fsdecode(folder))


@dataclass
class Left:
    """What a batch left behind.

    Attributes:
        processes: command lines of processes that it started and that still run.
        files: in its temporary folders.
        token: files that an attack wrote where it must not.
    """

    processes: list[str]
    files: list[str]
    token: list[str]


@contextlib.contextmanager
def minding(temporary: Path, left: Left) -> Iterator[None]:
    """Note in `left` what the block leaves behind; processes that lose their parents fall to this one."""
    libc = ctypes.CDLL(None)
    me = psutil.Process()
    before = {child.pid for child in me.children(recursive=True)}
    folders = set(Path("/tmp").glob("warm-*"))
    libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    try:
        yield
        until = time.monotonic() + ENDING_SECONDS
        while (more := _new_children(me, before)) and time.monotonic() < until:
            time.sleep(0.1)
        left.processes += more
        left.files += [path.name for path in temporary.iterdir()]
        left.files += [path.name for path in set(Path("/tmp").glob("warm-*")) - folders if _abandoned(path)]
        for folder in (
            "/tmp",
            "/var/tmp",
            "/dev/shm",
            "/",
            "/run",
            str(Path.home()),
            sys.prefix,
            os.path.dirname(os.__file__),
        ):
            left.token += [str(path) for path in Path(folder).glob(f"{TOKEN}*")]
    finally:
        libc.prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)


def _new_children(me: psutil.Process, before: set[int]) -> list[str]:
    found = []
    for child in me.children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):
            if child.pid in before:
                continue
            if child.status() == psutil.STATUS_ZOMBIE:  # fell to us, and has ended
                with contextlib.suppress(ChildProcessError):
                    os.waitpid(child.pid, os.WNOHANG)
                continue
            found.append(f"{child.pid} {' '.join(child.cmdline())}")
    return found


def _abandoned(folder: Path) -> bool:
    """Whether nobody listens in a template's folder; one that starts, another test's perhaps, gets time to."""
    for _ in range(150):
        with socket.socket(socket.AF_UNIX) as line:
            try:
                line.connect(str(folder / "template"))
                return False
            except OSError:
                if not folder.exists():
                    return False
        time.sleep(0.2)
    return True
