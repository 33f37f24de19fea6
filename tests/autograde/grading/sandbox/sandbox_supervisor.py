"""A supervisor for the sandbox's tests, run as a program: reads what to do as JSON, confines it, says what came of it.

    python sandbox_supervisor.py TOKEN < request.json

It holds what a learner must not get: a secret in its environment, open files, listening sockets, a gradebook.
TOKEN stands in the command line of every process that comes of it.
"""

import json
import os
import signal
import socket
import sys
import tempfile
import threading
import time
import traceback
from pathlib import Path

from autograde.errors import CourseError
from autograde.grading.sandbox import Limits, fork_confined

MARK = "MARK-7d1e"


def main() -> None:
    request = json.load(sys.stdin)
    lair = Path(tempfile.mkdtemp(prefix="lair-"))
    lair.chmod(0o755)
    scratch, around = prepare(lair)
    if request["plain"]:
        print(json.dumps(run_plain(request["code"], scratch, around)))
        return
    (scratch / "ballast").write_bytes(b"x" * request["ballast"])
    if request["thread"]:
        threading.Thread(target=threading.Event().wait, daemon=True).start()
    read, write = os.pipe()
    keep = [write, os.open("/", os.O_RDONLY)] if request["keep_folder"] else [write]
    started = time.monotonic()
    try:
        confined = fork_confined(
            Limits(**request["limits"]),
            scratch,
            [lair / "open" if name == "open" else Path(name) for name in request["readable"]],
            keep,
            frozenset(request["require"]),
            loopback=request["loopback"],
            without=frozenset(request["without"]),
        )
    except (CourseError, ValueError) as error:
        print(json.dumps({"refused": str(error), "left": left()}))
        return
    if confined.pid == 0:
        os.dup2(write, 1)
        os.dup2(write, 2)
        run(request["code"], around)
    os.close(write)
    if request["announce"]:
        print(confined.pid, flush=True)
    exit_code = confined.wait(request["seconds"])
    interrupted = None
    if exit_code is None:
        confined.interrupt()
        interrupted = confined.wait(1)
        exit_code = confined.kill()
    answer = {
        "exit_code": exit_code,
        "interrupted": interrupted,
        "exceeded": confined.exceeded,
        "seconds": time.monotonic() - started,
        "output": drain(read),
        "layers": confined.layers,
        "left": left(),
        "gradebook": around["gradebook"].read_text(),
        "lair": sorted(path.name for path in lair.iterdir()),
        "scratch": {path.name: path.read_text() for path in scratch.iterdir() if path.suffix == ".csv"},
    }
    print(json.dumps(answer))


def prepare(lair: Path) -> tuple[Path, dict[str, object]]:
    """Set up what the learner's process may and may not reach."""
    scratch, secret, opened = lair / "scratch", lair / "secret", lair / "open"
    for folder in (scratch, secret, opened):
        folder.mkdir()
    gradebook = secret / "gradebook.db"
    gradebook.write_text(MARK)
    (opened / "given.txt").write_text("given")
    (scratch / "data.csv").write_text("1,2\n")
    (scratch / "folder").mkdir()
    (scratch / "folder" / "inner.txt").write_text("inner")
    (scratch / "link").symlink_to(gradebook)
    shared = Path("/dev/shm", f"{lair.parent.parent.name}-{os.getpid()}")  # found and removed by its name
    shared.write_text(MARK)
    held = os.open(gradebook, os.O_RDWR)
    os.set_inheritable(held, True)
    tcp = socket.create_server(("127.0.0.1", 0))
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    udp.bind(("127.0.0.1", 0))
    path = socket.socket(socket.AF_UNIX)
    path.bind(str(opened / "service.sock"))
    path.listen()
    abstract = socket.socket(socket.AF_UNIX)
    abstract.bind(f"\0{MARK}-{os.getpid()}")
    abstract.listen()
    around = {
        "gradebook": gradebook,
        "supervisor": os.getpid(),
        "shared": shared,
        "tcp": tcp.getsockname(),
        "udp": udp.getsockname(),
        "service": str(opened / "service.sock"),
        "abstract": abstract.getsockname(),
        "scratch": scratch,
        "kept_open": [tcp, udp, path, abstract],
    }
    os.environ["LATE_SECRET"] = MARK
    os.chdir(scratch)
    return scratch, around


def run(code: str, around: dict[str, object]) -> None:
    """In the learner's process: run what stands for a learner's code, and end."""
    status = 0
    try:
        exec(compile(code, "learner", "exec"), {"__name__": "__main__", "os": os, **around})
    except BaseException:
        traceback.print_exc()
        status = 9
    finally:
        sys.stdout.flush()
        os._exit(status)


def run_plain(code: str, scratch: Path, around: dict[str, object]) -> dict[str, object]:
    """Run the same in a process that nothing confines, to see that the attack is one."""
    read, write = os.pipe()
    if os.fork() == 0:
        os.dup2(write, 1)
        os.dup2(write, 2)
        run(code, around)
    os.close(write)
    os.wait()
    return {"output": drain(read)}


def drain(read: int) -> str:
    with open(read, encoding="utf-8", errors="replace") as stream:
        return stream.read(100_000)


def left() -> int:
    """Count the other processes that came of this one, wherever they hang now."""
    token = sys.argv[1].encode()
    found = 0
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                found += token in (entry / "cmdline").read_bytes()
            except OSError:
                continue
    return found


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    main()
