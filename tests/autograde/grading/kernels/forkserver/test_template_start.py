"""A template whose imports hang or end it: one line within its deadline, and every submission says so."""

import json
import sys
import time
from pathlib import Path

import foreign_course
import psutil
import pytest
from foreign_course import check
from mini_course import Course
from nbformat.v4 import new_code_cell, new_notebook
from test_examiner_foreign import KERNEL, hand_in, solution, write_course

from autograde.grading.batch import Grading
from autograde.grading.kernels.client import ended_after
from autograde.grading.kernels.templates import Template, TemplateFailed, template_for
from autograde.grading.pool import LocalPool
from autograde.settings.course_folder import CourseFolder

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="forks of a template need Linux")
HANGS = "import subprocess, sys, time\nsubprocess.Popen(['sleep', '4343'])\ntime.sleep(4343)\n"


@pytest.fixture
def modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where Python finds modules besides the installed ones."""
    folder = tmp_path / "modules"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.setenv("PYTHONPATH", str(folder))
    return folder


def test_an_import_that_hangs_is_named_once_its_time_is_up(modules: Path) -> None:
    (modules / "hangs_here.py").write_text(HANGS)
    started = time.monotonic()
    with pytest.raises(TemplateFailed) as error:
        Template(("json", "hangs_here"), start_seconds=8)
    assert time.monotonic() - started < 60
    assert str(error.value) == "importing hangs_here takes longer than 8 s (start_seconds in [grading])"
    assert "hangs_here" in error.value.why.zh and "8 秒" in error.value.why.zh
    assert not [one for one in psutil.process_iter(["cmdline"]) if one.info["cmdline"] == ["sleep", "4343"]]
    again = time.monotonic()
    with pytest.raises(TemplateFailed, match="hangs_here"):
        template_for(["json", "hangs_here"], {}, 8)
    assert time.monotonic() - again < 4  # nobody waits for it a second time


@pytest.mark.parametrize(
    ("code", "how"),
    [("import os; os.abort()", "by signal 6 (SIGABRT)"), ("import os; os._exit(7)", "with exit status 7")],
)
def test_an_import_that_ends_the_process_is_named(modules: Path, code: str, how: str) -> None:
    name = f"ends_{how.split()[-1].strip('()').lower()}"
    (modules / f"{name}.py").write_text(code)
    with pytest.raises(TemplateFailed) as error:
        Template((name,))
    assert str(error.value) == f"importing {name} ends the process {how}"


def test_an_import_that_fails_is_the_notebooks_own_affair(modules: Path) -> None:
    (modules / "leaves_here.py").write_text("import sys; sys.exit(3)")
    with Template(("leaves_here",)) as template:
        assert template.failed == {"leaves_here": "SystemExit: 3"}


def test_the_reference_answer_runs_in_the_template_of_the_workers(
    tmp_path: Path, programs_of_this_environment: None
) -> None:
    cells = [solution("a", "a = 1"), check("t", "assert a == 1")]
    root = write_course(tmp_path / "course", {"p1": new_notebook(metadata=KERNEL, cells=cells)})
    foreign_course.nbgrader(root, "generate_assignment", "ps1")
    hand_in(root, "ada", {"a": "a = 1"})
    before = templates()
    with Grading(CourseFolder.of(root), "ps1", jobs=1, isolation="examiner") as grading:
        grading.try_reference()
        assert isinstance(grading.pool, LocalPool) and grading.pool.template
        assert templates() - before == {grading.pool.template.pid}
        assert grading.run().rows["ada"]["score"] == 1
    assert templates() <= before


def templates() -> set[int]:
    """The templates that this process has started."""
    name = "autograde.grading.kernels.forkserver.template"
    return {child.pid for child in psutil.Process().children() if name in child.cmdline()}


def test_a_template_that_was_ready_in_time_is_taken_however_late(tmp_path: Path) -> None:
    with Template(("json",), start_seconds=60, wait=False) as template:
        template.start_seconds = 0.001
        while not Path(template.address).exists():  # it listens just before it says that it is ready
            time.sleep(0.1)
        time.sleep(1)
        template.until_ready()
        with ended_after(template.fork("kernel", tmp_path)) as fork:
            fork.send({"code": "1", "msg_id": "x"})
            assert fork.receive(time.monotonic() + 60)["msg_type"]


@pytest.mark.slow
def test_a_batch_says_so_for_every_submission(
    tmp_path: Path, course: Course, modules: Path, programs_of_this_environment: None
) -> None:
    name = "hangs_in_a_batch"
    (modules / f"{name}.py").write_text(HANGS)
    cells = [new_code_cell(f"import {name}"), solution("a", "a = 1"), check("t", "assert a == 1")]
    root = write_course(tmp_path / "course", {"p1": new_notebook(metadata=KERNEL, cells=cells)})
    foreign_course.nbgrader(root, "generate_assignment", "ps1")
    for student in ("ada", "bob", "eve"):
        hand_in(root, student, {"a": "a = 1"})
    (root / "course.toml").write_text("[grading]\nstart_seconds = 8\n", encoding="utf-8")
    out = tmp_path / "out.json"
    started = time.monotonic()
    run = course("grade", "ps1", "--course-dir", str(root), "--json", str(out), timeout=120)
    assert run.returncode == 1 and "Traceback" not in run.stderr
    assert time.monotonic() - started < 60
    why = f"Nothing was run: importing {name} takes longer than 8 s (start_seconds in [grading])."
    rows = json.loads(out.read_text(encoding="utf-8"))
    assert {row["student"]: (row["status"], [one["en"] for one in row["reasons"]]) for row in rows} == {
        student: ("failed", [why]) for student in ("ada", "bob", "eve")
    }
    assert all(name in row["reasons"][0]["zh"] for row in rows)
    assert run.stdout.count(why[16:-1]) + run.stderr.count(why[16:-1]) >= 1
