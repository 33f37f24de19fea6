"""What cannot be confined and examined is not run, whatever leads there; the lesser mode only by name."""

import json
import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import foreign_course
import nbformat
import pytest
from mini_course import Course

from autograde.errors import CourseError
from autograde.grading.assignment import Assignment, Cell, ReleasedNotebook
from autograde.grading.batch import grade_batch
from autograde.grading.confine import confined, unconfinable
from autograde.grading.examined import ExaminedExecute
from autograde.grading.grade_one import grade
from autograde.grading.kernels import specs as kernels
from autograde.grading.kernels.execute import WarmExecute
from autograde.grading.plan.roles import PlannedCell
from autograde.grading.submission import Submission
from autograde.settings.course_folder import CourseFolder
from autograde.settings.grading import GradingSettings

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="submissions are confined on Linux only")


@pytest.fixture
def specs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of kernelspecs that comes before all others."""
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))
    monkeypatch.setenv("JUPYTER_PREFER_ENV_PATH", "0")
    return tmp_path / "jupyter" / "kernels"


def other_python(folder: Path) -> str:
    """A program that is another Python as far as anybody can tell: it has ipykernel and is not this one."""
    program = folder / "other" / "python"
    program.parent.mkdir(parents=True)
    program.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    program.chmod(0o755)
    return str(program)


def install(specs: Path, name: str, *argv: str, language: str = "python", **more: Any) -> None:
    (specs / name).mkdir(parents=True)
    command = [*argv, "-m", "ipykernel_launcher", "-f", "{connection_file}"] if len(argv) < 2 else list(argv)
    spec = {"argv": command, "display_name": name, "language": language, **more}
    (specs / name / "kernel.json").write_text(json.dumps(spec))


def give_kernel(root: Path, kernelspec: dict[str, str]) -> None:
    with sqlite3.connect(root / "gradebook.db") as gradebook:
        gradebook.execute("UPDATE notebook SET kernelspec = ?", (json.dumps(kernelspec),))


def attack(root: Path, outside: Path, kernel: str = "") -> None:
    """Mallory writes outside, and prints a result where the test would."""
    foreign_course.submit(root, "mallory", "empty")
    path = root / "submitted" / "mallory" / "ps1" / "p1.ipynb"
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == "square":
            cell.source = f"open({str(outside)!r}, 'w').close()\n"
    if kernel:
        notebook.metadata["kernelspec"] = {"name": kernel, "display_name": kernel, "language": "python"}
    nbformat.write(notebook, path)


WAYS = {
    "the course's kernel is another Python's": "lab",
    "a user's python3 comes first": "python3",
    "its name is written in capitals": "LAB",
    "another language": "words",
    "another program of this Python": "mine",
}


@pytest.mark.parametrize("isolation", ["examiner", "shared"])
@pytest.mark.parametrize("way", WAYS)
def test_a_kernel_that_cannot_be_confined_is_refused(tmp_path: Path, specs: Path, way: str, isolation: str) -> None:
    python = other_python(tmp_path)
    install(specs, "lab", python)
    install(specs, "words", python, language="R")
    install(specs, "mine", sys.executable, "-m", "my_kernel", "{connection_file}")
    if way.startswith("a user's"):
        install(specs, "python3", python)
    root, outside = foreign_course.build(tmp_path / "course"), tmp_path / "outside"
    give_kernel(root, {"name": WAYS[way], "display_name": "x", "language": "python"})
    attack(root, outside)
    with pytest.raises(CourseError) as refusal:
        grade_batch(CourseFolder.of(root), "ps1", isolation=isolation)
    line = str(refusal.value)
    assert f"{WAYS[way]}: " in line and "--allow-unconfined" in line and "\n" not in line
    assert not outside.exists()
    assert not (root / "gradebook" / "grading-log.jsonl").exists()


def test_a_course_that_turns_warm_kernels_off_is_refused(tmp_path: Path, course: Course) -> None:
    root, outside = foreign_course.build(tmp_path / "course", "c.WarmExecute.warm = False"), tmp_path / "outside"
    attack(root, outside)
    run = course("grade", "ps1", "--course-dir", str(root))
    assert (run.returncode, outside.exists()) == (1, False)
    assert "turns warm kernels off" in run.stderr


@pytest.mark.parametrize("kernelspec", [{}, {"display_name": "nameless"}])
def test_a_learner_never_chooses_what_runs(
    tmp_path: Path, specs: Path, course: Course, kernelspec: dict[str, str]
) -> None:
    install(specs, "theirs", other_python(tmp_path))
    root, outside = foreign_course.build(tmp_path / "course"), tmp_path / "outside"
    give_kernel(root, kernelspec)
    attack(root, outside, "theirs")
    foreign_course.submit(root, "honest", "honest")
    course("grade", "ps1", "--course-dir", str(root), "--isolation", "shared", "--json", str(tmp_path / "out"))
    rows = {row["student"]: row for row in json.loads((tmp_path / "out").read_text())}
    assert not outside.exists()
    assert rows["honest"]["score"] == 10.0
    assert {row["isolation"] for row in rows.values()} == {"shared"}
    assert all("seccomp" in row["layers"] for row in rows.values())


def test_the_lesser_mode_has_a_name_and_is_named(tmp_path: Path, specs: Path, course: Course) -> None:
    install(specs, "lab", other_python(tmp_path))
    root, outside = foreign_course.build(tmp_path / "course"), tmp_path / "outside"
    give_kernel(root, {"name": "lab", "display_name": "x", "language": "python"})
    attack(root, outside)
    foreign_course.submit(root, "honest", "honest")
    words = ("grade", "ps1", "--course-dir", str(root), "--isolation", "shared", "--json", str(tmp_path / "out"))
    run = course(*words, "--allow-unconfined")
    rows = {row["student"]: row for row in json.loads((tmp_path / "out").read_text())}
    assert outside.exists()  # what was asked for
    assert run.stderr.startswith("no sandbox: p1.ipynb runs with your permissions")
    assert [rows["honest"][key] for key in ("score", "isolation", "layers")] == [10.0, "unconfined", []]


@pytest.mark.parametrize(("words", "settings"), [(["--isolation", "examiner"], ""), ([], 'require = ["seccomp"]')])
def test_the_lesser_mode_is_not_asked_for_beside_more(
    built: Path, course: Course, words: list[str], settings: str
) -> None:
    path = built / "course.toml"
    more = f'\n[grading]\nisolation = "{"shared" if settings else "examiner"}"\n{settings}\n'
    path.write_text(path.read_text(encoding="utf-8") + more, encoding="utf-8")
    run = course("grade", "ch91", "--allow-unconfined", *words, cwd=built)
    assert run.returncode != 0 and "--allow-unconfined goes with" in run.stderr


def test_doctor_says_so(tmp_path: Path, specs: Path, course: Course) -> None:
    root = foreign_course.build(tmp_path / "course")
    before = course("doctor", "--sandbox", cwd=root)
    install(specs, "python3", other_python(tmp_path))
    for lang, word in (("en", "cannot be confined"), ("zh", "无法隔离")):
        run = course("doctor", "--sandbox", "--lang", lang, cwd=root)
        assert (run.returncode, "python3" in run.stdout, word in run.stdout) == (1, True, True)
    assert "python3" not in before.stdout


def test_nbgraders_own_command_refuses_too(tmp_path: Path, specs: Path, built: Path) -> None:
    install(specs, "lab", other_python(tmp_path))
    give_kernel(built / "gradebook", {"name": "lab", "display_name": "x"})
    folder = built / "gradebook" / "submitted" / "mallory" / "ch91"
    folder.mkdir(parents=True)
    notebook = nbformat.read(built / "release" / "en" / "ch91" / "ch91.ipynb", as_version=4)
    notebook.cells.insert(1, nbformat.v4.new_code_cell(f"open({str(tmp_path / 'outside')!r}, 'w')"))
    notebook.metadata["kernelspec"] = {"name": "lab", "display_name": "lab", "language": "python"}
    nbformat.write(notebook, folder / "ch91.ipynb")
    run = foreign_course.nbgrader(built, "autograde", "ch91", check=False)
    assert run.returncode != 0 and "can be neither confined nor examined" in run.stderr
    give_kernel(built / "gradebook", {})  # a source that names none: not the learner's
    foreign_course.nbgrader(built, "autograde", "ch91")
    assert not (tmp_path / "outside").exists()


def test_a_worker_asks_again(tmp_path: Path, specs: Path) -> None:
    """A worker of a cluster may have other kernelspecs, and other layers, than whoever sent it the submission."""
    install(specs, "python3", other_python(tmp_path))
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(f"open({str(tmp_path / 'x')!r}, 'w')")])
    submission = Submission("mallory", "ps1", {"p1.ipynb": nbformat.writes(notebook).encode()})
    released = ReleasedNotebook("p1", None, (), (), (), ())
    confine = {"limits": {}, "readable": [], "require": []}
    assignment = Assignment("ps1", {"p1": released}, {}, frozenset(), (), (), {}, "shared", confine)
    for isolation in ("shared", "examiner"):
        outcome = grade(submission, replace(assignment, isolation=isolation))
        assert (outcome.status, outcome.reasons[0].code) == ("failed", "not-run")
        assert "cannot be confined" in outcome.reasons[0].en or "neither" in outcome.reasons[0].en
        assert not any("a" <= letter <= "z" for letter in outcome.reasons[0].zh)
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize("kind", [WarmExecute, ExaminedExecute])
def test_a_manager_that_is_handed_over_changes_nothing(tmp_path: Path, kind: type[WarmExecute]) -> None:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1")])
    step = kind(confine={"limits": {}, "readable": [], "require": []})
    with pytest.raises(CourseError, match="confined"):
        step.preprocess(notebook, {"metadata": {"path": str(tmp_path)}}, km=object())


def test_a_test_that_the_source_does_not_have_is_refused() -> None:
    test = Cell("t", "code", True, "assert True", "", 1.0)
    plan = {"a": PlannedCell("a", "solution", "a = 1")}
    for planned in (plan, {**plan, "t": PlannedCell("t", "given", "assert True")}):
        notebook = ReleasedNotebook("p1", None, (test,), (test,), (), (), plan=planned)
        assignment = Assignment("ps1", {"p1": notebook}, {}, frozenset(), (), (), {})
        with pytest.raises(CourseError, match="has no test 't'"):
            confined(assignment, GradingSettings(), "examiner")
    with pytest.raises(CourseError, match="not 'Examiner'"):
        confined(assignment, GradingSettings(), "Examiner")


def test_which_programs_are_this_python(tmp_path: Path, specs: Path) -> None:
    here = Path(sys.executable)
    link = tmp_path / "environment"
    link.symlink_to(here.parent.parent)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "venv"], check=True)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").symlink_to(here)
    same = [str(here), str(link / "bin" / here.name), "python", "python3"]
    others = [str(tmp_path / "venv" / "bin" / "python"), str(tmp_path / "bin" / "python"), "/usr/bin/env", "pythonw",
              str(here.parent / "jupyter"), str(tmp_path / "nowhere")]  # fmt: skip
    for number, program in enumerate([*same, *others]):
        install(specs, f"k{number}", program)
        assert (kernels.unlike(f"k{number}") is None) is (program in same), program
    install(specs, "options", sys.executable, "-X", "frozen_modules=off", "-m", "ipykernel_launcher", "-f", "{connection_file}")  # fmt: skip
    assert kernels.unlike("options") is None
    for number, argv in enumerate((("-m", "other", "ipykernel_launcher"), ("x.py", "-m", "ipykernel_launcher"))):
        install(specs, f"no{number}", sys.executable, *argv)
        assert kernels.unlike(f"no{number}")


@pytest.mark.parametrize("metadata", [{}, {"kernelspec": None}, {"kernelspec": "bash"}, {"kernelspec": {"name": ""}}])
def test_a_notebook_that_names_no_kernel_gets_the_default(metadata: dict[str, Any]) -> None:
    assert kernels.kernel_name(nbformat.from_dict({"metadata": metadata})) == "python3"


def test_a_kernel_that_the_configuration_names_counts(specs: Path, tmp_path: Path) -> None:
    install(specs, "lab", other_python(tmp_path))
    released = ReleasedNotebook("p1", {"name": "python3"}, (), (), (), ())
    assignment = Assignment("ps1", {"p1": released}, {}, frozenset(), (), (), {"Execute": {"kernel_name": "lab"}})
    assert list(unconfinable(assignment)) == ["p1"]
    with pytest.raises(CourseError, match="lab"):
        confined(assignment, GradingSettings(isolation="shared"), "shared")


@pytest.mark.parametrize("mark", [{"grade_id": "made-up", "points": 5}, {"grade_id": "made-up"}, {"points": 5}])
def test_a_cell_that_a_learner_marks_as_a_test_runs_beside_nothing(tmp_path: Path, mark: dict[str, Any]) -> None:
    marks = {"grade": True, "solution": False, "locked": True, "schema_version": 3, **mark}
    cell = nbformat.v4.new_code_cell("1 + 1", metadata={"nbgrader": marks})
    step = ExaminedExecute(plan={}, allow_errors=True, confine={"limits": {}, "readable": [], "require": []})
    step.preprocess(nbformat.v4.new_notebook(cells=[cell]), {"metadata": {"path": str(tmp_path)}})
    assert [fault.code for fault in step.faults] == (["test-unknown"] if "grade_id" in mark else [])
    assert [verdict["score"] for verdict in step.verdicts.values()] == ([0.0] if "grade_id" in mark else [])
