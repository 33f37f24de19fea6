"""Does a learner get their own copies, and does JupyterLab serve them?"""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from autograde.authoring.release import build
from autograde.course_folder import CourseFolder
from autograde.errors import CourseError
from autograde.lab import copy_chapters


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
