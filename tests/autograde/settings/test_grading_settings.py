"""``[grading]`` of course.toml: what it may say, what holds where it says nothing, and what a submission is told."""

import json
import os
import re
import shutil
import sys
from dataclasses import fields, replace
from pathlib import Path

import nbformat
import pytest
from mini_course import Course

from autograde.errors import CourseError
from autograde.grading.reasons.bounds import bound_words, taken_by, too_large
from autograde.grading.sandbox import Limits
from autograde.settings.course_folder import CourseFolder
from autograde.settings.grading import GradingSettings

HERE = Path(__file__).parents[3]


def said(folder: Path, text: str) -> GradingSettings:
    (folder / "course.toml").write_text(f"[grading]\n{text}\n", encoding="utf-8")
    return CourseFolder.of(folder).grading


def test_every_limit_can_be_set(tmp_path: Path) -> None:
    text = (
        'isolation = "shared"\nallow_unconfined = true\nmemory_mb = 100\nnotebook_seconds = 20\nstart_seconds = 25\ncpu_seconds = 30\n'
        "processes = 40\nopen_files = 70\nfolder_mb = 60\nfolder_files = 90\nloopback = true\nrequire = []"
    )
    settings = said(tmp_path, text)
    assert settings == GradingSettings("shared", (), True, 100, 20, 25, 30, 40, 70, 60, 90, True)
    assert len(text.splitlines()) == len(fields(GradingSettings))
    limits = Limits(**settings.limits(own_bytes=4096, own_files=5))
    assert (limits.cpu_seconds, limits.processes, limits.open_files) == (30, 40, 70)
    assert (limits.memory_bytes, limits.scratch_bytes, limits.scratch_files) == (100 << 20, (60 << 20) + 4096, 95)


def test_a_course_that_says_nothing_gets_what_its_clock_allows(tmp_path: Path) -> None:
    cores = os.cpu_count() or 1
    assert said(tmp_path, "").cpu_seconds == 1800 * cores
    assert said(tmp_path, "notebook_seconds = 60").cpu_seconds == 60 * cores
    assert said(tmp_path, "notebook_seconds = 0").cpu_seconds == 0
    (tmp_path / "course.toml").unlink()
    foreign = CourseFolder.of(tmp_path).grading
    assert (foreign.isolation, foreign.notebook_seconds, foreign.cpu_seconds) == ("shared", 0, 0)


def test_more_processors_may_start_more_threads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 128)
    assert said(tmp_path, "").processes >= 128 * 16


@pytest.mark.parametrize(
    "text",
    [
        "cpu_seconds = -1",
        "cpu_seconds = 1.5",
        "cpu_seconds = true",
        'cpu_seconds = "600"',
        "processes = 3",
        "open_files = 2",
        "folder_mb = 0",
        "folder_files = 0",
        "memory_mb = 5",
        "memory_mb = 99999999999999999999",
        "notebook_seconds = -1",
        "loopback = 1",
        'allow_unconfined = "yes"',
        "allow_unconfined = true",
        'isolation = "shared"\nrequire = ["seccomp"]\nallow_unconfined = true',
        'isolation = "Examiner"',
        'require = "seccomp"',
        "cpu_second = 3",
    ],
)
def test_what_makes_no_sense_is_one_line(tmp_path: Path, text: str) -> None:
    with pytest.raises(CourseError) as error:
        said(tmp_path, text)
    assert re.match(r"course\.toml:[234]: .*\[grading\]", str(error.value)) and "\n" not in str(error.value)


def test_each_setting_is_in_the_documentation() -> None:
    section = (HERE / "docs/grading.md").read_text(encoding="utf-8").split("## Settings")[1].split("\n## ")[0]
    assert [one.name for one in fields(GradingSettings) if f"{one.name} =" not in section] == []


@pytest.mark.parametrize("exceeded", ["cpu", "memory", "scratch"])
def test_a_bound_is_named_in_both_languages(exceeded: str) -> None:
    setting = {"cpu": "`cpu_seconds`", "memory": "`memory_mb`", "scratch": "`folder_mb`"}[exceeded]
    settings = replace(GradingSettings(), cpu_seconds=77, memory_mb=77, folder_mb=77)
    for sentence in bound_words(exceeded, settings.limits()):
        assert setting in sentence and "77" in sentence


def test_files_that_do_not_fit_have_a_reason() -> None:
    limits = replace(GradingSettings(), folder_files=2, folder_mb=1).limits(*taken_by({"data/a": b"x"}))
    assert too_large({"data/a": b"x", "b": b""}, limits) is None
    for files in ({"data/a": b"x", "b": b"", "c": b"", "d": b""}, {"data/a": b"x", "b": bytes((1 << 20) + 1)}):
        reason = too_large(files, limits)
        assert reason is not None and "`folder_mb`" in reason.en and "`folder_mb`" in reason.zh


BURN = "import time\nuntil = time.process_time() + 20\nwhile time.process_time() < until: pass"
FILL = "with open('big', 'wb') as file: file.write(bytes(3 << 20))"


@pytest.mark.skipif(sys.platform != "linux", reason="submissions are confined on Linux only")
def test_a_submission_reads_which_setting_ended_it(built: Path, course: Course) -> None:
    settings = built / "course.toml"
    more = "\n[grading]\ncpu_seconds = 2\nfolder_mb = 2\nmemory_mb = 300\n"
    settings.write_text(settings.read_text(encoding="utf-8") + more, encoding="utf-8")
    for student, first in (("burner", BURN), ("filler", FILL), ("honest", "")):
        folder = built / "gradebook" / "submitted" / student / "ch91"
        folder.mkdir(parents=True)
        notebook = nbformat.read(built / "release" / "en" / "ch91" / "ch91.ipynb", as_version=4)
        for cell in notebook.cells:
            if cell.metadata.get("nbgrader", {}).get("grade_id") == "square":
                cell.source = f"{first}\ndef square(x):\n    return x * x"
        nbformat.write(notebook, folder / "ch91.ipynb")
    full = built / "gradebook" / "submitted" / "full" / "ch91"
    shutil.copytree(built / "gradebook" / "submitted" / "honest" / "ch91", full)
    (full / "data.bin").write_bytes(bytes(3 << 20))
    course("grade", "ch91", "--jobs", "2", "--json", "out.json", cwd=built)
    rows = {row["student"]: row for row in json.loads((built / "out.json").read_text(encoding="utf-8"))}
    assert "ended after 2 CPU seconds, `cpu_seconds`" in rows["burner"]["reasons"][0]["en"]
    assert [rows[name]["score"] for name in ("burner", "filler", "honest")] == [0.0, 0.0, 2.0]
    assert (rows["honest"]["status"], rows["honest"]["reasons"]) == ("graded", [])
    assert [rows["full"]["status"], rows["full"]["reasons"][0]["code"]] == ["review", "folder-full"]
