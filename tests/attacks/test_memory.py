"""A batch of submissions that hoard memory, on two workers: how much is held at once, by processes and by the kernel?"""

import os
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
from mini_course import COMMAND

from attacks import ATTACKS
from attacks.besieged import build, hand_in, hand_in_honest
from autograde.grading.sandbox import layers
from autograde.grading.sandbox.kernel_memory import held_by_kernel

pytestmark = [
    pytest.mark.slow,
    pytest.mark.thorough,
    pytest.mark.skipif(sys.platform != "linux", reason="submissions are confined on Linux only"),
]
MIB = 2**20
JOBS, MEMORY, FOLDER = 2, 256, 64
PER_WORKER = (
    2 * MEMORY + FOLDER + 200
)  # docs/grading.md: learner, examiner, folder, the worker and what comes between two looks
OURS = 300  # the command, the server of its workers, the template
LOOK_SECONDS = 0.05
ADDRESSES = {"TCP": ("127.0.0.1", 9), "UDP": ("127.0.0.1", 9), "UNIX": "/nowhere", "ABSTRACT": "\0nowhere"}


def held(process: psutil.Process) -> tuple[int, int, int]:
    """Bytes that a process and its descendants hold: in their own memory, in the kernel, and in folders in memory."""
    family = [process, *process.children(recursive=True)]
    own = folders = 0
    seen = {os.stat("/tmp").st_dev, os.stat("/dev/shm").st_dev}
    for one in family:
        with suppress(OSError):
            for line in Path(f"/proc/{one.pid}/smaps_rollup").read_bytes().splitlines():
                if line.startswith((b"Pss_Anon:", b"Pss_Shmem:")):
                    own += int(line.split()[1]) * 1024
        with suppress(OSError):
            place = f"/proc/{one.pid}/root/tmp"
            if (device := os.stat(place).st_dev) not in seen:
                seen.add(device)
                found = os.statvfs(place)
                folders += (found.f_blocks - found.f_bfree) * found.f_frsize
    networks: dict[str, int] = {}
    for one in family:
        with suppress(OSError):
            networks.setdefault(os.readlink(f"/proc/{one.pid}/ns/net"), one.pid)
    pids = {network: [] for network in networks}
    for one in family:
        with suppress(OSError):
            pids[os.readlink(f"/proc/{one.pid}/ns/net")].append(one.pid)
    return own, sum(held_by_kernel(networks[network], pids[network]) for network in networks), folders


@pytest.fixture(scope="module")
def peak(tmp_path_factory: pytest.TempPathFactory, programs_of_this_environment: None) -> dict[str, int]:
    """The largest sum that was seen while the batch ran, in MiB, and its parts."""
    if missing := [name for name, state in layers().items() if state != "on"]:
        pytest.skip(f"this machine lacks layers of the sandbox: {', '.join(missing)}")
    root = build(tmp_path_factory.mktemp("memory") / "course", COMMAND)
    settings = root / "course.toml"
    text = settings.read_text(encoding="utf-8").replace(
        "memory_mb = 400", f"memory_mb = {MEMORY}\nfolder_mb = {FOLDER}"
    )
    settings.write_text(text, encoding="utf-8")
    for attack in ATTACKS:
        if "memory" in attack.name or "disk" in attack.name:
            hand_in(root, attack, ADDRESSES)
    hand_in_honest(root, "honest")
    run = subprocess.Popen([*COMMAND, "grade", "ch91", "--jobs", str(JOBS)], cwd=root, stdin=subprocess.DEVNULL,
                           stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)  # fmt: skip
    largest, over = {"all": 0}, threading.Event()

    def look() -> None:
        process = psutil.Process(run.pid)
        while not over.wait(LOOK_SECONDS):
            with suppress(psutil.NoSuchProcess):
                own, kernel, folders = (size // MIB for size in held(process))
                if own + kernel + folders > largest["all"]:
                    largest.update(all=own + kernel + folders, processes=own, kernel=kernel, folders=folders)

    looking = threading.Thread(target=look)
    looking.start()
    said, _ = run.communicate(timeout=1500)
    over.set()
    looking.join()
    assert run.returncode == 0 and "honest" not in said, said  # the honest one is in the table alone
    return largest


def test_a_batch_of_hoarders_stays_below_the_documented_total(peak: dict[str, int]) -> None:
    print(f"peak of all processes, the kernel and folders in memory: {peak}")
    assert peak["kernel"] > 20 and peak["processes"] > 200  # they tried
    assert peak["all"] < JOBS * PER_WORKER + OURS
