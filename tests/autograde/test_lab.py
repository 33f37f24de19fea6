"""Does a learner get their own copies, and does JupyterLab serve them?"""

import importlib.metadata
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from jupyter_client import BlockingKernelClient

from autograde.authoring.release import build
from autograde.errors import CourseError
from autograde.lab import LABEXTENSION, copy_chapters, system_language, write_settings
from autograde.settings.course_folder import CourseFolder

pytestmark = pytest.mark.long(13)

LOCALE = "@jupyterlab/translation-extension:plugin"


def test_the_chapters_are_copied_once_and_never_overwritten(mini: Path) -> None:
    course = CourseFolder.open(mini)
    build(course)
    mine = copy_chapters(course, "zh") / "ch91" / "ch91.ipynb"
    assert mine.read_bytes() == (mini / "release" / "zh" / "ch91" / "ch91.ipynb").read_bytes()
    mine.write_text("my work", encoding="utf-8")
    copy_chapters(course, "zh")
    assert mine.read_text(encoding="utf-8") == "my work"
    assert not (mini / "work" / "en").exists()


def test_without_a_release_the_error_says_what_to_do(mini: Path) -> None:
    with pytest.raises(CourseError, match=r"no released chapter in .*; run `course build`"):
        copy_chapters(CourseFolder.open(mini), "en")


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "zh"), ({"LANG": "zh_CN.UTF-8", "LC_ALL": "en_GB.UTF-8"}, "en"), ({"LANG": "de_DE"}, "en"),
        ({"LC_ALL": "", "LANG": "zh_TW"}, "zh"), ({}, "en"), ({"LANG": "C.UTF-8"}, "en"),
    ],
)  # fmt: skip
def test_the_language_is_that_of_the_system_where_the_course_has_it(environment: dict[str, str], language: str) -> None:
    assert system_language(environment, ("en", "zh")) == language


def test_a_learner_gets_the_exchange_and_no_formgrader_an_instructor_keeps_it(built: Path) -> None:
    course = CourseFolder.open(built)
    (built / "exchange").mkdir(exist_ok=True)
    learner = write_settings(course, "zh")
    said = (learner / "nbgrader_config.py").read_text(encoding="utf-8")
    compile(said, "nbgrader_config.py", "exec")
    assert f"c.Exchange.root = {str(built / 'exchange')!r}" in said
    assert "course_id = 'ai-practitioner-zh'" in said
    hidden = json.loads((learner / "labconfig" / "page_config.json").read_text(encoding="utf-8"))["disabledExtensions"]
    assert hidden["@jupyter/nbgrader:formgrader"] is True
    page = json.loads((learner / "labconfig" / "page_config.json").read_text(encoding="utf-8"))
    assert json.loads(page["course"])["lang"] == "zh"
    assert (LABEXTENSION / "course-lab" / "static" / "remoteEntry.js").is_file()
    server = json.loads((learner / "jupyter_server_config.json").read_text(encoding="utf-8"))["ServerApp"]
    assert server["jpserver_extensions"]["nbgrader.server_extensions.validate_assignment"] is False
    assert server["jpserver_extensions"]["autograde.nbgrader_ext.validate_button"] is True
    assert server["tornado_settings"] == {"course_language": "zh"}
    instructor = write_settings(course, "en", instructor=True)
    assert json.loads((instructor / "labconfig" / "page_config.json").read_text())["disabledExtensions"] == {}
    assert not (instructor / "nbgrader_config.py").exists()  # the course directory's own says it all


@pytest.mark.parametrize(("lang", "locale"), [("en", "en"), ("zh", "zh_CN")])
def test_jupyterlab_speaks_the_chapters_language_unless_the_learner_chose_another(
    built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lang: str, locale: str
) -> None:
    from jupyterlab.commands import get_app_dir
    from jupyterlab_server.settings_utils import get_settings

    def composed() -> Any:
        share = Path(get_app_dir())
        found, _ = get_settings(
            str(share / "settings"), str(share / "schemas"), str(tmp_path), LOCALE, labextensions_path=[]
        )
        return {**json.loads(found["raw"] or "{}"), "default": found["schema"]["properties"]["locale"]["default"]}

    monkeypatch.setenv("JUPYTER_CONFIG_PATH", str(write_settings(CourseFolder.open(built), lang)))
    assert composed() == {"default": locale}
    chosen = tmp_path / "@jupyterlab" / "translation-extension" / "plugin.jupyterlab-settings"
    chosen.parent.mkdir(parents=True)
    chosen.write_text('{"locale": "de_DE"}', encoding="utf-8")
    assert composed()["locale"] == "de_DE"
    assert importlib.metadata.entry_points(group="jupyterlab.languagepack", name="zh_CN")


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks Linux which processes are there")
@pytest.mark.parametrize("terminal", [True, False])
def test_ctrl_c_ends_server_and_kernels_without_a_question_or_a_traceback(
    mini: Path, tmp_path: Path, terminal: bool
) -> None:
    import pty

    build(CourseFolder.open(mini))
    ours, theirs = pty.openpty()
    environment = {**os.environ, "JUPYTER_RUNTIME_DIR": str(tmp_path / "run"), "JUPYTER_TOKEN": "secret"}
    said = (tmp_path / "said").open("w+b")
    lab = subprocess.Popen(
        [sys.executable, "-m", "autograde.cli", "lab", "--no-browser"], cwd=mini, env=environment, stdout=said,
        stderr=said, stdin=theirs if terminal else subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        address = _address(tmp_path / "run", lab)
        ask = urllib.request.Request(f"{address}api/kernels", b"{}", {"Authorization": "token secret"}, method="POST")
        with urllib.request.urlopen(ask, timeout=120):
            pass
        kernels = [int(path.name) for path in Path("/proc").glob("[0-9]*") if _parent(path) == lab.pid]
        assert kernels
        _until_ready(next((tmp_path / "run").glob("kernel-*.json")))
        lab.send_signal(signal.SIGINT)
        assert lab.wait(60) == 0
        assert [kernel for kernel in kernels if Path(f"/proc/{kernel}/cmdline").is_file() and _alive(kernel)] == []
        said.seek(0)
        assert b"Traceback" not in said.read()
    finally:
        if lab.poll() is None:
            os.killpg(lab.pid, signal.SIGKILL)
            lab.wait(30)
        said.close()
        os.close(ours)
        os.close(theirs)


@pytest.mark.thorough
def test_a_busy_port_makes_it_take_the_next_one(mini: Path, tmp_path: Path) -> None:
    build(CourseFolder.open(mini))
    environment = {**os.environ, "JUPYTER_RUNTIME_DIR": str(tmp_path), "JUPYTER_TOKEN": "secret"}
    busy = socket.socket()
    for _ in range(600):  # another test's server may have it, and go before ours comes
        with suppress(OSError):
            busy.bind(("127.0.0.1", 8888))
            busy.listen()
            break
        time.sleep(0.1)
    lab = subprocess.Popen(
        [sys.executable, "-m", "autograde.cli", "lab", "--no-browser"], cwd=mini, env=environment,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        assert ":8888/" not in _address(tmp_path, lab)
    finally:
        os.killpg(lab.pid, signal.SIGTERM)
        lab.wait(30)
        busy.close()


def _until_ready(connection: Path) -> None:
    """Wait for the kernel's answer: one that is stopped while it starts ends in Python's own words."""
    client = BlockingKernelClient()
    client.load_connection_file(str(connection))
    client.start_channels()
    try:
        for _ in range(60):
            try:
                return client.wait_for_ready(timeout=5)
            except RuntimeError:  # no heartbeat yet
                time.sleep(1)
        raise AssertionError("the kernel did not answer")
    finally:
        client.stop_channels()


def _parent(process: Path) -> int:
    with suppress(OSError, IndexError, ValueError):
        return int((process / "stat").read_text().rpartition(")")[2].split()[1])
    return 0


def _alive(process: int) -> bool:
    with suppress(OSError):
        return (Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]) != "Z"
    return False


@pytest.mark.slow
def test_jupyterlab_serves_the_copies(mini: Path, tmp_path: Path) -> None:
    build(CourseFolder.open(mini))
    environment = {**os.environ, "JUPYTER_RUNTIME_DIR": str(tmp_path), "JUPYTER_TOKEN": "secret"}
    lab = subprocess.Popen(
        [sys.executable, "-m", "autograde.cli", "lab", "--no-browser"], cwd=mini, env=environment,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        address = _address(tmp_path, lab)
        request = urllib.request.Request(
            f"{address}api/contents/ch91/ch91.ipynb?content=0", headers={"Authorization": "token secret"}
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            assert json.load(answer)["type"] == "notebook"
    finally:
        os.killpg(lab.pid, signal.SIGTERM)
        lab.wait(30)


def _address(runtime: Path, lab: "subprocess.Popen[bytes]") -> str:
    for _ in range(180):
        for record in runtime.glob("jpserver-*.json"):
            address = json.loads(record.read_bytes())["url"]
            try:
                with urllib.request.urlopen(f"{address}api", timeout=5):
                    return address
            except OSError:
                pass
        assert lab.poll() is None, "JupyterLab ended by itself"
        time.sleep(0.5)
    raise AssertionError("JupyterLab did not answer")


def test_lab_needs_no_package_of_the_instructors_install() -> None:
    code = (
        "import sys\n"
        "from autograde.cli import INSTRUCTOR_MODULES\n"
        "sys.modules.update(dict.fromkeys(INSTRUCTOR_MODULES - {'nbconvert', 'jinja2', 'psutil'}))\n"
        "import autograde.lab, autograde.settings.course_folder"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (0, "")
