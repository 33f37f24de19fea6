"""The same batch on a Dask cluster: real scheduler, real workers, one of them killed in the middle."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from mini_course import Course
from test_batch import hand_in, log, rows

pytestmark = pytest.mark.thorough

pytest.importorskip("distributed", reason="Dask is not installed")
DASK = Path(sys.executable).with_name("dask")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def started(*words: str, cwd: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """A process started by hand, gone at the end."""
    process = subprocess.Popen(
        [DASK, *words], cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@pytest.mark.slow
def test_a_cluster_that_loses_a_worker_gives_the_gradebook_of_a_local_run(
    built: Path, tmp_path: Path, course: Course
) -> None:
    for number in range(16):
        answer = f"import time; time.sleep(0.3)\ndef square(x):\n    return x * {'x' if number % 4 else 2}"
        hand_in(built, f"s{number:02}", answer)
    local = shutil.copytree(built, tmp_path / "local")
    address = f"tcp://127.0.0.1:{free_port()}"
    host, port = address.removeprefix("tcp://").split(":")
    worker = ("worker", address, "--nthreads", "1", "--nworkers", "1", "--no-dashboard", "--no-nanny")
    with (
        started("scheduler", "--host", host, "--port", port, "--no-dashboard", cwd=tmp_path),
        started(*worker, "--name", "one", cwd=tmp_path) as doomed,
        started(*worker, "--name", "two", cwd=tmp_path),
    ):
        wait_for_workers(address, 2)
        batch = subprocess.Popen(
            [Path(sys.executable).with_name("course"), "grade", "ch91", "--scheduler", address],
            cwd=built,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        path = built / "gradebook" / "grading-log.jsonl"
        while batch.poll() is None and not (path.exists() and path.read_bytes().count(b"\n") >= 3):
            time.sleep(0.01)
        os.killpg(doomed.pid, signal.SIGKILL)
        said, _ = batch.communicate(timeout=300)
        assert batch.returncode == 0, said
    assert len(log(built)) == 16
    assert course("grade", "ch91", cwd=local, timeout=300).returncode == 0
    assert rows(built) == rows(local)


def wait_for_workers(address: str, count: int) -> None:
    from distributed import Client

    with Client(address, timeout=60, set_as_default=False) as client:
        client.wait_for_workers(count, timeout=120)


@pytest.mark.slow
def test_a_cluster_without_workers_is_one_clear_line(built: Path, tmp_path: Path, course: Course) -> None:
    hand_in(built, "ada")
    port = free_port()
    with started("scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard", cwd=tmp_path):
        until = time.monotonic() + 60
        while time.monotonic() < until:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.2)
        run = course("grade", "ch91", "--scheduler", f"tcp://127.0.0.1:{port}", cwd=built)
    assert run.returncode == 1
    assert run.stderr.count("\n") == 1
    assert "no worker" in run.stderr
