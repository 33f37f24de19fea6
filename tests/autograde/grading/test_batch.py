"""What happens to a batch when things go wrong: nothing is lost, nothing is graded twice, the rest is graded."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import foreign_course
import nbformat
import pytest
from mini_course import Course

pytestmark = pytest.mark.long(4)

RIGHT = "def square(x):\n    return x * x"


def hand_in(root: Path, student: str, source: str = RIGHT, **metadata: Any) -> Path:
    """Hand in ch91 with one answer."""
    folder = root / "gradebook" / "submitted" / student / "ch91"
    folder.mkdir(parents=True, exist_ok=True)
    notebook = nbformat.read(root / "release" / "en" / "ch91" / "ch91.ipynb", as_version=4)
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == "square":
            cell.source = source
    notebook.metadata.update(metadata)
    nbformat.write(notebook, folder / "ch91.ipynb")
    return folder


def log(root: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (root / "gradebook" / "grading-log.jsonl").read_text().splitlines()]


def rows(root: Path) -> dict[str, list[str]]:
    return foreign_course.rows(root / "gradebook" / "gradebook.db")


def test_one_submission_after_the_other_reaches_gradebook_folder_and_log(built: Path, course: Course) -> None:
    hand_in(built, "ada")
    hand_in(built, "bob", "def square(x):\n    return 2 * x")
    run = course("grade", "ch91", "--json", "out.json", cwd=built)
    assert run.returncode == 0, run.stderr
    assert "graded" in run.stdout
    records = json.loads((built / "out.json").read_text())
    assert [(one["student"], one["status"], one["score"], one["maximum"]) for one in records] == [
        ("ada", "graded", 2.0, 2.0),
        ("bob", "graded", 0.0, 2.0),
    ]
    assert sorted(one["student"] for one in log(built)) == ["ada", "bob"]
    assert (built / "gradebook" / "autograded" / "ada" / "ch91" / "ch91.ipynb").is_file()
    assert list((built / "gradebook" / "grading").iterdir()) == []


def test_what_was_graded_is_not_graded_again_unless_forced(built: Path, course: Course) -> None:
    hand_in(built, "ada")
    course("grade", "ch91", cwd=built)
    again = course("grade", "ch91", "--json", "out.json", cwd=built)
    assert again.returncode == 0
    assert len(log(built)) == 1
    assert [one["student"] for one in json.loads((built / "out.json").read_text())] == ["ada"]
    assert course("grade", "ch91", "--force", cwd=built).returncode == 0
    assert len(log(built)) == 2


def test_a_second_hand_in_replaces_every_score(built: Path, course: Course) -> None:
    folder = hand_in(built, "ada")
    (folder / "timestamp.txt").write_text("2026-01-01 10:00:00 UTC")
    course("grade", "ch91", cwd=built)
    notebook = json.loads((folder / "ch91.ipynb").read_text())
    notebook["cells"] = [cell for cell in notebook["cells"] if cell["id"] != "square-of-two"]
    (folder / "ch91.ipynb").write_text(json.dumps(notebook))
    (folder / "timestamp.txt").write_text("2026-01-01 11:00:00 UTC")
    course("grade", "ch91", cwd=built)
    (row,) = [row for row in rows(built)["grade"] if '"ada"' in row]
    # the deleted test no longer keeps the first attempt's points, unless it was put back
    assert log(built)[-1]["score"] == json.loads(row)[3]
    assert log(built)[-1]["submitted_at"] == "2026-01-01T11:00:00Z"


@pytest.mark.slow
def test_a_batch_that_was_killed_goes_on_as_if_nothing_had_happened(
    built: Path, tmp_path: Path, course: Course
) -> None:
    students = [f"s{number:02}" for number in range(12)]
    for number, student in enumerate(students):
        hand_in(
            built, student, f"import time; time.sleep(0.2)\ndef square(x):\n    return x * {'x' if number % 3 else 2}"
        )
    undisturbed = shutil.copytree(built, tmp_path / "undisturbed")
    killed = 0
    for enough in (2, 6, 9):
        process = subprocess.Popen(
            [Path(sys.executable).with_name("course"), "grade", "ch91", "--jobs", "2"],
            cwd=built,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        until = time.monotonic() + 120
        path = built / "gradebook" / "grading-log.jsonl"
        while process.poll() is None and time.monotonic() < until:
            if path.exists() and path.read_bytes().count(b"\n") >= enough:
                process.send_signal(signal.SIGKILL)
                break
            time.sleep(0.005)
        killed += process.wait() == -signal.SIGKILL
    assert killed
    run = course("grade", "ch91", "--jobs", "2", cwd=built, timeout=300)
    assert run.returncode == 0, run.stderr
    assert course("grade", "ch91", "--jobs", "1", cwd=undisturbed, timeout=300).returncode == 0
    assert sorted(one["student"] for one in log(built)) == students
    assert rows(built) == rows(undisturbed)
    assert {(one["student"], one["score"]) for one in log(built)} == {
        (one["student"], one["score"]) for one in log(undisturbed)
    }


def test_a_crash_between_any_two_steps_is_finished_by_the_next_run(built: Path, course: Course) -> None:
    """The journal's record is written, then the machine goes down before, between or after its three effects."""
    hand_in(built, "ada")
    course("grade", "ch91", cwd=built)
    row = log(built)[0]
    stage = built / "gradebook" / "grading" / row["id"]
    graded = built / "gradebook" / "autograded" / "ada" / "ch91"
    record = {
        "id": row["id"], "student": "ada", "assignment": "ch91", "timestamp": None,
        "row": {name: value for name, value in row.items() if name not in ("id", "score", "maximum", "late_penalty")},
        "notebooks": [{"name": "ch91", "graded": True, "content": None, "missing": False,
                       "review": False, "scores": row["notebooks"][0]["cells"],
                       "comments": {"square": None}}],
    }  # fmt: skip
    for logged in (True, False):
        stage.mkdir()
        (stage / "record.json").write_text(json.dumps(record))
        if not logged:  # before anything was done
            graded.rename(stage / "graded")
            (built / "gradebook" / "grading-log.jsonl").write_text('{"torn": ')
        assert course("grade", "ch91", cwd=built).returncode == 0
        assert log(built) == [{**row, "id": row["id"]}]
        assert (graded / "ch91.ipynb").is_file()
        assert not stage.exists()


def test_what_a_crash_left_behind_does_not_undo_a_later_grading_by_the_button(built: Path, course: Course) -> None:
    """`course grade` ends before it applies a 0, the button grades the next hand-in, `course grade` runs again."""
    hand_in(built, "ada")
    course("grade", "ch91", cwd=built)
    (row,) = log(built)
    before = rows(built)
    stage = built / "gradebook" / "grading" / "0123456789abcdef"
    (stage / "graded").mkdir(parents=True)
    (stage / "graded" / "ch91.ipynb").write_text("older")
    cells = [{**cell, "score": 0.0} for cell in row["notebooks"][0]["cells"]]
    older = {**row, "graded_at": "2026-01-01T00:00:00Z"}
    record = {
        "id": stage.name, "student": "ada", "assignment": "ch91", "timestamp": None,
        "row": {name: value for name, value in older.items() if name not in ("id", "score", "maximum", "late_penalty")},
        "notebooks": [{"name": "ch91", "graded": True, "content": None, "missing": False, "review": False,
                       "scores": cells, "comments": {"square": None}}],
    }  # fmt: skip
    (stage / "record.json").write_text(json.dumps(record))
    assert course("grade", "ch91", cwd=built).returncode == 0
    assert (rows(built), log(built)) == (before, [row])
    graded = built / "gradebook" / "autograded" / "ada" / "ch91" / "ch91.ipynb"
    assert graded.read_text(encoding="utf-8") != "older"
    assert not stage.exists()


def test_two_runs_at_once_are_told_apart(built: Path, course: Course) -> None:
    hand_in(built, "ada", "import time; time.sleep(8)")
    first = subprocess.Popen(
        [Path(sys.executable).with_name("course"), "grade", "ch91"], cwd=built, stdout=subprocess.DEVNULL
    )
    lock = built / "gradebook" / "grading.lock"
    while not lock.exists():
        time.sleep(0.05)
    time.sleep(0.3)
    second = course("grade", "ch91", cwd=built)
    first.terminate()
    first.wait()
    assert second.returncode == 1
    assert second.stderr.count("\n") == 1
    assert "another `course grade`" in second.stderr


def test_a_bad_submission_gets_one_line_and_the_others_a_grade(built: Path, course: Course) -> None:
    hand_in(built, "ada")
    (hand_in(built, "empty") / "ch91.ipynb").unlink()
    (hand_in(built, "torn") / "ch91.ipynb").write_text('{"cells": [')
    (hand_in(built, "linked") / "ch91.ipynb").unlink()
    (built / "gradebook" / "submitted" / "linked" / "ch91" / "ch91.ipynb").symlink_to("/etc/passwd")
    hand_in(built, "killer", "import os, signal\nos.kill(os.getppid(), signal.SIGKILL)")
    hand_in(built, "zoe")
    run = course("grade", "ch91", "--jobs", "2", cwd=built)
    assert run.returncode == 1
    assert "Traceback" not in run.stderr + run.stdout
    status = {one["student"]: one for one in log(built)}
    assert {name for name, one in status.items() if one["score"] == 2.0} == {"ada", "zoe"}
    for name in ("empty", "torn", "linked"):
        assert status[name]["status"] in ("failed", "review"), name
        assert status[name]["reasons"][0]["en"]
        assert status[name]["reasons"][0]["zh"]
        assert sum(line.startswith(f"{name} ") for line in run.stdout.splitlines()) == 1
    waiting = [json.loads(row) for row in rows(built)["grade"] if json.loads(row)[0] == "torn"]
    assert [row[6] for row in waiting] == [1]  # a person will look: no silent nought


def test_a_kernel_that_does_not_exist_is_named(built: Path, course: Course) -> None:
    with sqlite3.connect(built / "gradebook" / "gradebook.db") as gradebook:
        gradebook.execute(
            "UPDATE notebook SET kernelspec = ?", (json.dumps({"name": "no-such-kernel", "display_name": "x"}),)
        )
    hand_in(built, "ada")
    run = course("grade", "ch91", cwd=built)
    assert run.returncode == 1
    assert "'no-such-kernel', which is not installed" in run.stderr


def test_a_gradebook_of_a_newer_nbgrader_is_refused_untouched(built: Path, course: Course) -> None:
    path = built / "gradebook" / "gradebook.db"
    with sqlite3.connect(path) as gradebook:
        gradebook.execute("UPDATE alembic_version SET version_num = 'ffffffffffff'")
    hand_in(built, "ada")
    before = path.read_bytes()
    run = course("grade", "ch91", cwd=built)
    assert run.returncode == 1
    assert run.stderr.count("\n") == 1
    assert "newer nbgrader" in run.stderr
    assert path.read_bytes() == before


def test_wrong_words_are_one_line(built: Path, course: Course) -> None:
    hand_in(built, "ada")
    for words, code, said in (
        (("grade", "exam"), 1, "no assignment 'exam' (it has: ch91)"),
        (("grade", "ch9"), 1, "no assignment 'ch9'; did you mean ch91?"),
        (("grade", "ch91", "--student", "nobody"), 2, "'nobody' handed in no ch91"),
        (("grade", "ch91", "--course-dir", "notebooks"), 1, "not an nbgrader course directory"),
        (("grade", "ch91", "--scheduler", "tcp://127.0.0.1:9"), 1, "no Dask scheduler answers"),
        (("grade", "ch91", "--jobs", "-1"), 2, "--jobs"),
    ):
        run = course(*words, cwd=built)
        assert run.returncode == code, words
        assert run.stderr.count("\n") == 1
        assert said in run.stderr


def test_a_dead_kernel_costs_the_exercise_that_ended_it(
    tmp_path: Path, course: Course, programs_of_this_environment: None
) -> None:
    root = foreign_course.build(tmp_path)
    foreign_course.submit(root, "ada", "honest")
    path = root / "submitted" / "ada" / "ps1" / "p1.ipynb"
    path.write_text(path.read_text().replace("import numpy as np", "import os; os._exit(3)"))
    run = course("grade", "ps1", "--course-dir", str(root), "--json", str(tmp_path / "out.json"))
    (record,) = json.loads((tmp_path / "out.json").read_text())
    cells = {cell["grade_id"]: cell["score"] for one in record["notebooks"] for cell in one["cells"]}
    assert (cells["square-test"], cells["area-test"], cells["total-test"], cells["count-test"]) == (2.0, 0.0, 1.0, 1.0)
    assert "exit status 3" in record["reasons"][0]["en"]
    assert run.returncode in (0, 1)


def test_cells_that_run_too_long_are_interrupted_and_the_others_graded(tmp_path: Path, course: Course) -> None:
    root = foreign_course.build(tmp_path, "c.Execute.timeout = 2")
    for student, loop in (
        ("polite", "while True: pass"),
        ("deaf", "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass"),
    ):
        foreign_course.submit(root, student, "honest")
        path = root / "submitted" / student / "ps1" / "p1.ipynb"
        notebook = nbformat.read(path, as_version=4)
        for cell in notebook.cells:
            if cell.metadata.get("nbgrader", {}).get("grade_id") == "area":
                cell.source = loop
        nbformat.write(notebook, path)
    course("grade", "ps1", "--course-dir", str(root), "--jobs", "2", "--json", str(tmp_path / "out.json"))
    records = {one["student"]: one for one in json.loads((tmp_path / "out.json").read_text())}
    scores = {
        name: {cell["grade_id"]: cell["score"] for one in record["notebooks"] for cell in one["cells"]}
        for name, record in records.items()
    }
    assert (scores["polite"]["square-test"], scores["polite"]["area-test"], scores["polite"]["total-test"]) == (
        2.0,
        0.0,
        1.0,
    )
    assert (scores["deaf"]["square-test"], scores["deaf"]["area-test"], scores["deaf"]["total-test"]) == (2.0, 0.0, 1.0)
    assert "longer than it may" in records["polite"]["reasons"][0]["en"]
    assert os.path.exists(root / "autograded" / "deaf" / "ps1" / "p1.ipynb")
