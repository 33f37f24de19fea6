"""Warm kernels: what a fork is, what it leaves behind, and that ordinary Jupyter clients can start one."""

import asyncio
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import psutil
import pytest

from autograde.grading.kernels.client import Fork, KernelDied, TimedOut, ended_after
from autograde.grading.kernels.templates import Template

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="forks of a template need Linux")
SECONDS = 60


@pytest.fixture(scope="module")
def template() -> Iterator[Template]:
    with Template(("numpy",), {"MPLBACKEND": "module://matplotlib_inline.backend_inline"}) as one:
        yield one


def run(fork: Fork, code: str) -> list[dict[str, Any]]:
    fork.send({"code": code, "msg_id": "x"})
    messages = []
    while (message := fork.receive(time.monotonic() + SECONDS))["msg_type"] != "execute_reply":
        messages.append(message)
    return messages


def result(fork: Fork, code: str) -> str:
    found = (m["content"]["data"]["text/plain"] for m in run(fork, code) if m["msg_type"] == "execute_result")
    return str(next(found))


def test_every_fork_draws_other_random_numbers(template: Template, tmp_path: Path) -> None:
    code = "import random, numpy as np; (random.random(), np.random.random(), np.random.default_rng().random())"
    drawn = set()
    for _ in range(3):
        with ended_after(template.fork("kernel", tmp_path)) as fork:
            drawn.add(result(fork, code))
    assert len(drawn) == 3


def test_nothing_is_left_when_a_fork_ends_not_even_what_left_its_session(template: Template, tmp_path: Path) -> None:
    with ended_after(template.fork("kernel", tmp_path)) as fork:
        code = "import subprocess; subprocess.Popen(['setsid', 'sleep', '4242']).pid"
        pid = int(result(fork, code))
        assert Path(f"/proc/{pid}").exists()
    assert not Path(f"/proc/{pid}").exists()


def test_a_supervisor_starts_one_process_after_the_other_and_each_begins_anew(
    template: Template, tmp_path: Path
) -> None:
    look = (
        "import os, sys; ('x' in globals(), 'fractions_of_x' in sys.modules, os.environ.get('X'), os.environ.get('Y'))"
    )
    supervisors, costs = set(), []
    for number in range(3):
        more = {"X": str(number)} if number < 2 else {"Y": "y"}
        fork = template.fork("kernel", tmp_path, more)
        supervisors.add(psutil.Process(fork.pid).ppid())
        assert result(fork, look) == repr((False, False, more.get("X"), more.get("Y")))
        run(fork, "x = 1; sys.modules['fractions_of_x'] = sys; os.environ['Y'] = 'of another'")
        if number == 0:
            run(
                fork, "end = __import__('time').process_time() + 1\nwhile __import__('time').process_time() < end: pass"
            )
        if number == 1:  # ends by itself, while it is told to
            fork.send({"code": "os._exit(0)"})
            time.sleep(0.5)
            fork.interrupt()
        costs.append(fork.kill().cpu_seconds)
        fork.interrupt()
        assert fork.kill().cpu_seconds == costs[-1]
    assert len(supervisors) == 1
    assert costs[0] > 1 > max(costs[1:])  # each its own


def test_a_spare_supervisor_that_was_ended_is_not_missed_and_none_outlives_the_template(tmp_path: Path) -> None:
    with Template(()) as one:
        fork = one.fork("kernel", tmp_path)
        supervisor = psutil.Process(fork.pid).parent()
        assert supervisor is not None
        fork.kill()
        assert supervisor.is_running()
        supervisor.kill()
        psutil.wait_procs([supervisor], SECONDS)
        with ended_after(one.fork("kernel", tmp_path)) as fork, ended_after(one.fork("kernel", tmp_path)) as other:
            assert [result(fork, "1"), result(other, "2")] == ["1", "2"]  # one of them waits for nobody
            spare = [psutil.Process(of.pid).parent() for of in (fork, other)]
    gone, alive = psutil.wait_procs([of for of in spare if of], SECONDS)
    assert len(gone) == 2 and not alive


def test_a_fork_ends_with_whoever_asked_for_it(template: Template, tmp_path: Path) -> None:
    script = (
        "import os, sys, time; from autograde.grading.kernels.client import fork_of\n"
        f"fork = fork_of({template.address!r}, 'kernel', {str(tmp_path)!r}); print(fork.pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as user:
        assert user.stdout is not None
        pid = int(user.stdout.readline())
        assert Path(f"/proc/{pid}").exists()
        user.kill()
    until = time.monotonic() + SECONDS
    while Path(f"/proc/{pid}").exists() and time.monotonic() < until:
        time.sleep(0.05)
    assert not Path(f"/proc/{pid}").exists()


def test_a_loop_is_interrupted_and_the_kernel_goes_on(template: Template, tmp_path: Path) -> None:
    with ended_after(template.fork("kernel", tmp_path)) as fork:
        run(fork, "x = 1")
        fork.send({"code": "while True: pass", "msg_id": "y"})
        with pytest.raises(TimedOut):
            fork.receive(time.monotonic() + 1)
        fork.interrupt()
        assert fork.receive(time.monotonic() + SECONDS)["content"]["ename"] == "KeyboardInterrupt"
        while fork.receive(time.monotonic() + SECONDS)["msg_type"] != "execute_reply":
            pass
        assert result(fork, "x") == "1"


def test_a_dead_kernel_says_how_it_ended(template: Template, tmp_path: Path) -> None:
    for code, why in (("import os; os._exit(7)", "exit status 7"), ("import os; os.kill(os.getpid(), 9)", "signal 9")):
        with ended_after(template.fork("kernel", tmp_path)) as fork:
            fork.send({"code": code})
            with pytest.raises(KernelDied, match=why):
                fork.receive(time.monotonic() + SECONDS)


def test_figures_displays_and_coroutines_are_those_of_ipykernel(template: Template, tmp_path: Path) -> None:
    with ended_after(template.fork("kernel", tmp_path)) as fork:
        shown = run(fork, "import matplotlib.pyplot as plt\nplt.plot([1, 2]);")
        assert ["image/png" in message["content"].get("data", {}) for message in shown] == [True]
        assert result(fork, "import asyncio\nawait asyncio.sleep(0)\n6 * 7") == "42"
        said = run(fork, "!echo from the shell")
        assert "from the shell" in "".join(message["content"].get("text", "") for message in said)
        error = run(fork, "input()")[0]["content"]["ename"]
        assert error == "StdinNotImplementedError"


def test_the_template_itself_stays_one_process_and_starts_no_threads(template: Template, tmp_path: Path) -> None:
    def threads() -> set[str]:
        return set(os.listdir(f"/proc/{template.pid}/task"))

    before = threads()  # those of numerical libraries, which survive a fork
    with ended_after(template.fork("kernel", tmp_path)) as fork:
        assert result(fork, "1 + 1") == "2"
    assert threads() == before
    assert template.alive()


def test_a_plain_jupyter_client_starts_a_warm_kernel_by_its_kernelspec(tmp_path: Path) -> None:
    from nbclient import NotebookClient

    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("import sys; 'numpy' in sys.modules")])
    client = NotebookClient(notebook, kernel_name="warm-python3", resources={"metadata": {"path": str(tmp_path)}})
    asyncio.run(client.async_execute())
    assert notebook.cells[0].outputs[0]["data"]["text/plain"] == "True"  # the template had imported it


@pytest.mark.parametrize("started", [True, False], ids=["while it serves", "while it starts"])
def test_whoever_dies_leaves_no_template_and_no_folder(started: bool) -> None:
    code = "import time; from autograde.grading.kernels.templates import Template; Template(); print('ready'); time.sleep(600)"
    with subprocess.Popen([sys.executable, "-u", "-c", code], stdout=subprocess.PIPE, text=True) as parent:
        try:
            assert parent.stdout is not None
            if started:
                assert parent.stdout.readline() == "ready\n"
            until = time.monotonic() + 60
            while not (templates := psutil.Process(parent.pid).children()) and time.monotonic() < until:
                time.sleep(0.01)
            (template,) = templates
            while (
                "autograde.grading.kernels.forkserver.template" not in template.cmdline() and time.monotonic() < until
            ):
                time.sleep(0.01)
            folder = Path(template.cwd())
            assert folder.name.startswith("warm-")
        finally:
            parent.kill()
    until = time.monotonic() + 20
    while (folder.exists() or template.is_running()) and time.monotonic() < until:
        time.sleep(0.1)
    left = folder.exists()
    shutil.rmtree(folder, ignore_errors=True)
    assert not left
    assert not template.is_running()
