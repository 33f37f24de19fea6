"""Does one process work at a time, and does the lock of one that was killed stop nobody?"""

import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from autograde.certify.credential.keys import issuer_lock
from autograde.certify.record.audit import open_log
from autograde.errors import CourseError
from autograde.grading.storage.grading_log import append_row, log_path, read_grading_log
from autograde.grading.storage.journal import only_one
from autograde.lock import locked

LOCKS = {
    "grading": ("autograde.grading.storage.journal", "only_one(root)"),
    "a line of the grading log": ("autograde.lock", "locked(root / 'gradebook' / 'grading-log.lock')"),
    "audit log": ("autograde.certify.record.audit", "open_log(root)"),
    "issuer": ("autograde.certify.credential.keys", "issuer_lock(root / 'keys')"),
}


def holder(root: Path, module: str, lock: str) -> "subprocess.Popen[str]":
    """A process that holds a lock until it is killed."""
    code = (
        "import sys, time; from pathlib import Path\n"
        f"from {module} import *; from {module} import {lock.partition('(')[0]}\n"
        f"root = Path(sys.argv[1])\nwith {lock}:\n    print('held', flush=True)\n    time.sleep(600)\n"
    )
    process = subprocess.Popen([sys.executable, "-c", code, str(root)], stdout=subprocess.PIPE, text=True)
    assert process.stdout and process.stdout.readline() == "held\n"
    return process


def take(root: Path, what: str) -> None:
    """Take the lock in this process, as the code that needs it does."""
    if what == "grading":
        with only_one(root):
            pass
    elif what == "audit log":
        with open_log(root):
            pass
    elif what == "issuer":
        with issuer_lock(root / "keys"):
            pass
    else:
        append_row(log_path(root), {"n": 1})


@pytest.mark.parametrize("what", LOCKS)
def test_the_lock_of_a_process_that_was_killed_is_free(what: str, tmp_path: Path) -> None:
    process = holder(tmp_path, *LOCKS[what])
    taker = threading.Thread(target=take, args=(tmp_path, what))
    try:
        if what in ("grading", "audit log"):
            with pytest.raises(CourseError, match=r"^another .*course .*(wait|try again)[^\n]*$"):
                take(tmp_path, what)
        else:
            taker.start()
            taker.join(0.3)
            assert taker.is_alive(), "it waits"
    finally:
        process.send_signal(signal.SIGKILL)
        process.communicate()
    if taker.ident:
        taker.join(30)
        assert not taker.is_alive()
    take(tmp_path, what)


def test_lines_of_many_writers_stay_whole(tmp_path: Path) -> None:
    path = log_path(tmp_path)
    writers = [threading.Thread(target=append_row, args=(path, {"n": n, "text": "x" * 9_000})) for n in range(20)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
    lines = path.read_bytes().split(b"\n")
    assert [len(line) > 9_000 for line in lines] == [True] * 20 + [False]
    assert len(read_grading_log(path).faults) == 20  # whole, and none of the engine's


def test_the_issuers_lock_is_its_owners(tmp_path: Path) -> None:
    with issuer_lock(tmp_path / "keys"):
        modes = [path.stat().st_mode & 0o777 for path in (tmp_path / "keys", tmp_path / "keys" / ".lock")]
    assert modes == [0o700, 0o600]


def test_an_error_inside_frees_the_lock(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), locked(tmp_path / "lock"):
        _ = 1 / 0
    with locked(tmp_path / "lock", "busy"):
        pass
