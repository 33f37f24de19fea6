"""Bombs end themselves, leftovers go, and honest work of many kinds gets through."""

import signal
import subprocess
import time
from pathlib import Path

import pytest
from sandbox_run import Supervised, everyone, supervised

pytestmark = pytest.mark.thorough

MIB = 2**20
learner = supervised()
anyone = supervised(everyone)


def test_a_fork_bomb_is_bounded_and_gone(learner: Supervised) -> None:
    code = (
        "import time\n"
        "made = 0\n"
        "try:\n"
        "    while made < 500:\n"
        "        if os.fork() == 0: time.sleep(1000)\n"
        "        made += 1\n"
        "except OSError as error: print(made, error)\n"
    )
    report = learner(code, limits={"processes": 40})
    assert report["output"].startswith("39 ")
    assert report["left"] == 0


def test_threads_count_as_processes(learner: Supervised) -> None:
    code = (
        "import threading, time\n"
        "try:\n"
        "    for made in range(500): threading.Thread(target=time.sleep, args=(1000,), daemon=True).start()\n"
        "except RuntimeError: print(made)\n"
    )
    assert learner(code, limits={"processes": 40})["output"] == "39\n"


def test_a_memory_bomb_meets_a_memory_error(learner: Supervised) -> None:
    code = (
        "pile = []\n"
        "try:\n"
        "    while len(pile) < 5000: pile.append(b'x' * 2**20)\n"
        "except MemoryError: print(len(pile) < 220)\n"
    )
    report = learner(code, limits={"memory_bytes": 200 * MIB})
    assert (report["output"], report["exit_code"]) == ("True\n", 0)


@pytest.mark.parametrize("kind", ["processes", "shared maps"])
def test_memory_that_no_single_limit_sees_ends_the_submission(learner: Supervised, kind: str) -> None:
    code = {
        "processes": (
            "import time\n"
            "for _ in range(8):\n"
            "    if os.fork() == 0:\n"
            "        pile = b'x' * 80 * 2**20; time.sleep(1000)\n"
            "time.sleep(1000)"
        ),
        "shared maps": (
            "import mmap, time\n"
            "pile = mmap.mmap(-1, 600 * 2**20)\n"
            "for at in range(0, len(pile), 4096): pile[at] = 1\n"
            "time.sleep(1000)"
        ),
    }[kind]
    report = learner(code, limits={"memory_bytes": 200 * MIB})
    assert (report["exceeded"], report["exit_code"], report["left"]) == ("memory", -9, 0)


def test_processes_that_share_memory_are_not_counted_twice(learner: Supervised) -> None:
    code = (
        "import time\n"
        "pile = b'x' * 100 * 2**20\n"
        "for _ in range(6):\n"
        "    if os.fork() == 0: time.sleep(1.5); os._exit(0)\n"
        "for _ in range(6): os.wait()\n"
        "print('done')"
    )
    report = learner(code, limits={"memory_bytes": 300 * MIB})
    assert (report["output"], report["exceeded"]) == ("done\n", None)


FILL = (
    "done = 0\n"
    "try:\n"
    "    for place in ('.', '/tmp', '/dev/shm'):\n"
    "        for number in range(100):\n"
    "            with open(f'{place}/{number}', 'wb', buffering=0) as stream: done += stream.write(b'x' * 2**20)\n"
    "except OSError as error: print(error.strerror, done // 2**20)\n"
)


def test_a_full_disk_is_the_learners_own(learner: Supervised) -> None:
    report = learner(FILL, limits={"scratch_bytes": 20 * MIB})
    words, megabytes = report["output"].rsplit(maxsplit=1)
    assert words == "No space left on device"
    assert 18 <= int(megabytes) <= 21


def test_files_are_counted(learner: Supervised) -> None:
    code = (
        "try:\n    for n in range(5000): open(str(n), 'w').close()\nexcept OSError as error: print(error.strerror, n)"
    )
    words, number = learner(code, limits={"scratch_files": 100})["output"].rsplit(maxsplit=1)
    assert words == "No space left on device"
    assert int(number) < 800  # the root folder's own places are among them


def test_without_a_mount_namespace_a_full_disk_ends_the_submission(anyone: Supervised) -> None:
    code = "import time\nfor n in range(40): open(str(n), 'wb').write(b'x' * 2**20)\ntime.sleep(1000)"
    report = anyone(code, limits={"scratch_bytes": 20 * MIB}, without=["mount-namespace"])
    assert (report["exceeded"], report["exit_code"], report["left"]) == ("scratch", -9, 0)


def test_a_large_file_is_cut(learner: Supervised) -> None:
    code = "try: open('big', 'wb').write(b'x' * 3 * 2**20)\nexcept OSError as error: print(error.strerror)"
    assert learner(code, limits={"file_bytes": MIB})["output"] == "File too large\n"


def test_open_files_are_counted(learner: Supervised) -> None:
    code = (
        "files = []\ntry:\n    while 1: files.append(open('data.csv'))\nexcept OSError as error: print(error.strerror)"
    )
    assert learner(code, limits={"open_files": 30})["output"] == "Too many open files\n"


def test_cpu_time_is_bounded(learner: Supervised) -> None:
    report = learner("while True: pass", limits={"cpu_seconds": 1})
    assert report["exit_code"] in (-signal.SIGKILL, -signal.SIGXCPU)


def test_a_loop_that_ignores_ctrl_c_is_ended(learner: Supervised) -> None:
    report = learner("import signal\nsignal.signal(2, signal.SIG_IGN)\nwhile True: pass", seconds=1)
    assert (report["interrupted"], report["exit_code"], report["left"]) == (None, -9, 0)


def test_ctrl_c_reaches_honest_code(learner: Supervised) -> None:
    code = "import time\ntry: time.sleep(1000)\nexcept KeyboardInterrupt: print('interrupted')"
    report = learner(code, seconds=2)
    assert (report["interrupted"], report["output"]) == (0, "interrupted\n")


@pytest.mark.parametrize(
    ("code", "exit_code"),
    [
        ("os._exit(7)", 7),
        ("import ctypes; ctypes.string_at(0)", -11),
        ("os.abort()", -11),
        ("os.closerange(0, 500)", 0),
    ],
)
def test_a_sudden_end_is_reported(learner: Supervised, code: str, exit_code: int) -> None:
    report = learner(code)
    assert report["left"] == 0
    if code == "os.abort()":  # process 1 of a namespace cannot abort itself and runs into the trap behind it
        assert report["exit_code"] in (-6, -11, -31)  # the last: the filter ends it
    else:
        assert report["exit_code"] in (exit_code, 9 if code.startswith("os.close") else exit_code)


LEFTOVER = (
    "import time\n"
    "for _ in range(3):\n"
    "    if os.fork() == 0:\n"
    "        os.setsid()\n"
    "        if os.fork() == 0:\n"
    "            os.closerange(0, 100); time.sleep(1000)\n"
    "        os._exit(0)\n"
    "time.sleep(0.5)\n"
)


@pytest.mark.parametrize("end", ["", "import signal; signal.signal(2, signal.SIG_IGN); time.sleep(1000)"])
@pytest.mark.parametrize("without", [[], ["pid-namespace"], ["pid-namespace", "landlock"], ["user-namespace"]])
def test_processes_that_left_their_session_are_gone(anyone: Supervised, without: list[str], end: str) -> None:
    report = anyone(LEFTOVER + end, without=without, seconds=3)
    assert report["exit_code"] == (-9 if end else 0)
    assert report["left"] == 0


def test_a_supervisor_with_threads_confines_as_well(learner: Supervised) -> None:
    code = f"print(os.getpid(), os.getppid(), os.path.exists({str(Path(__file__))!r}), flush=True)\n"
    report = learner(code + LEFTOVER, thread=True, require=["pid-namespace", "mount-namespace"])
    assert (report["output"], report["exit_code"], report["left"]) == ("1 0 False\n", 0, 0)


def test_a_killed_supervisor_takes_the_learner_along(learner: Supervised) -> None:
    command, request, options = learner.command(LEFTOVER + "time.sleep(1000)", announce=True)
    supervisor = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, **options)
    with supervisor:
        assert supervisor.stdin is not None and supervisor.stdout is not None
        supervisor.stdin.write(request)
        supervisor.stdin.close()
        pid = int(supervisor.stdout.readline())
        token = command[-1].encode()
        assert token in Path(f"/proc/{pid}/cmdline").read_bytes()
        supervisor.kill()
        supervisor.wait()
        for _ in range(200):
            found = [entry for entry in Path("/proc").glob("[0-9]*/cmdline") if token in read(entry)]
            if not found:
                break
            time.sleep(0.05)
        assert found == []


def read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


HONEST = {
    "its own files": "print(open('data.csv').read(), open('folder/inner.txt').read(), sorted(os.listdir('.')))",
    "what is readable": "print(open(scratch.parent / 'open' / 'given.txt').read())",
    "writing": "open('out.txt', 'w').write('x'); os.rename('out.txt', 'o2'); os.remove('o2'); os.remove('data.csv')",
    "temporary files": (
        "import tempfile, pathlib\n"
        "with tempfile.NamedTemporaryFile() as f: assert pathlib.Path(f.name).is_relative_to(scratch), f.name\n"
        "assert pathlib.Path.home().is_relative_to(scratch)"
    ),
    "threads": (
        "from concurrent.futures import ThreadPoolExecutor\n"
        "with ThreadPoolExecutor(4) as pool: assert sum(pool.map(abs, range(9))) == 36"
    ),
    "processes": (
        "import multiprocessing\n"
        "with multiprocessing.get_context('fork').Pool(2) as pool: assert pool.map(abs, [-1, -2]) == [1, 2]"
    ),
    "a manager": (
        "import multiprocessing\n"
        "with multiprocessing.get_context('fork').Manager() as m: assert list(m.list([1])) == [1]"
    ),
    "a command": (
        "import subprocess\n"
        "assert subprocess.run('echo hi | cat', shell=True, capture_output=True, text=True).stdout == 'hi\\n'"
    ),
    "Python itself": (
        "import subprocess, sys\n"
        "code = 'import json, sqlite3, decimal; print(6 * 7)'\n"
        "print(subprocess.run([sys.executable, '-c', code], capture_output=True, text=True, check=True).stdout)"
    ),
    "a terminal": "import pty; print(pty.openpty())",
    "asyncio": "import asyncio; asyncio.run(asyncio.sleep(0.01))",
    "sqlite": "import sqlite3; sqlite3.connect('x.db').execute('create table t (x)')",
    "late imports": "import xmlrpc.client, xml.dom.minidom, unittest.mock, decimal",
    "randomness": "import random, secrets; assert random.random() != 2 and secrets.token_hex(4)",
    "the clock": "import time, datetime, zoneinfo; print(datetime.datetime.now(zoneinfo.ZoneInfo('Asia/Shanghai')))",
    "its user": "import getpass, pwd; assert getpass.getuser() == pwd.getpwuid(os.getuid()).pw_name == 'learner'",
    "a named pipe": "os.mkfifo('pipe')",
    "the machine's size": "assert os.cpu_count() >= 1 and 'MemTotal' in open('/proc/meminfo').read()",
}


@pytest.mark.parametrize("name", HONEST)
def test_honest_work_gets_through(learner: Supervised, name: str) -> None:
    report = learner(HONEST[name], readable=["open"] if name == "what is readable" else [])
    assert (report["exit_code"], report["exceeded"], report["left"]) == (0, None, 0), report["output"]


def test_the_submission_itself_stays_as_it_was(learner: Supervised) -> None:
    report = learner("open('data.csv', 'w').write('changed'); print(open('data.csv').read())")
    assert report["output"] == "changed\n"
    assert report["scratch"]["data.csv"] == "1,2\n"


def test_a_submission_larger_than_its_bound_is_refused_in_words(learner: Supervised) -> None:
    report = learner("print('ran')", limits={"scratch_bytes": 0, "scratch_files": 0}, ballast=8 * MIB)
    assert "No space left on device" in report["refused"]
    assert report["left"] == 0


def test_a_folder_cannot_be_kept_open(learner: Supervised) -> None:
    report = learner("print('ran')", keep_folder=True)
    assert "is a folder" in report["refused"]


IN_THE_KERNEL = {
    "sockets": "pile = [socket.socketpair() for _ in range(200)]; [fill(one) for pair in pile for one in pair]",
    "sockets with large buffers": (
        "pile = [socket.socketpair() for _ in range(200)]\n"
        "for pair in pile:\n"
        "    for one in pair: one.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 30); fill(one)"
    ),
    "sockets of many processes": (
        "for _ in range(20):\n"
        "    if os.fork() == 0:\n"
        "        pile = [socket.socketpair() for _ in range(20)]; [fill(one) for pair in pile for one in pair]\n"
        "        time.sleep(1000)"
    ),
    "sockets in flight": (
        "line = socket.socketpair(); pile = []\n"
        "for _ in range(230):\n"
        "    pair = socket.socketpair()\n"
        "    for one in pair: fill(one)\n"
        "    try: socket.send_fds(line[0], [b'x'], [one.fileno() for one in pair])\n"
        "    except OSError: pile.append(pair)\n"
        "    else: [one.close() for one in pair]"
    ),
    "datagrams": "pile = [socket.socketpair(type=socket.SOCK_DGRAM) for _ in range(200)]; [fill(p[0]) for p in pile]",
    "pipes": (
        "for _ in range(20):\n"
        "    if os.fork() == 0:\n"
        "        pile = [os.pipe() for _ in range(200)]\n"
        "        for _, end in pile: os.set_blocking(end, False); os.write(end, bytes(1 << 16))\n"
        "        time.sleep(1000)"
    ),
    "page tables": (
        "import mmap\n"
        "for _ in range(12):\n"
        "    if os.fork() == 0:\n"
        "        far = mmap.mmap(-1, 7 << 30, flags=mmap.MAP_PRIVATE | 0x4000, prot=mmap.PROT_READ)\n"
        "        for at in range(0, len(far), 1 << 21): far[at]\n"
        "        time.sleep(1000)"
    ),
}  # fmt: skip
FILLING = """
import socket, time
def fill(one):
    one.setblocking(False)
    try:
        while True: one.send(b"x" * 60_000)
    except OSError: pass
"""


@pytest.mark.parametrize("kind", IN_THE_KERNEL)
def test_memory_in_the_kernel_counts(learner: Supervised, kind: str) -> None:
    code = f"{FILLING}\n{IN_THE_KERNEL[kind]}\ntime.sleep(1000)"
    report = learner(code, limits={"memory_bytes": 100 * MIB}, seconds=20)
    assert (report["exceeded"], report["exit_code"], report["left"]) == ("memory", -9, 0), report["output"]


def test_buffers_keep_their_size(learner: Supervised) -> None:
    code = (
        "import fcntl, socket\n"
        "one, _ = socket.socketpair()\n"
        "before = one.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF)\n"
        "for name in (socket.SO_SNDBUF, socket.SO_RCVBUF): one.setsockopt(socket.SOL_SOCKET, name, 1 << 30)\n"
        "print(one.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF) == before)\n"
        "try: fcntl.fcntl(os.pipe()[1], 1031, 1 << 20)\n"
        "except PermissionError: print('kept')\n"
        "import ctypes\n"
        "print(ctypes.CDLL(None).inotify_init1(0))"
    )
    assert learner(code)["output"] == "True\nkept\n-1\n"


def test_a_few_sockets_and_pipes_cost_little(learner: Supervised) -> None:
    code = (
        "import socket, subprocess, time\n"
        "pairs = [socket.socketpair() for _ in range(20)]; pipes = [os.pipe() for _ in range(20)]\n"
        "subprocess.run(['true']); time.sleep(1); print('done')"
    )
    report = learner(code, limits={"memory_bytes": 64 * MIB})
    assert (report["output"], report["exceeded"]) == ("done\n", None)
