"""The rehearsal of a large course, and the benchmark, with a handful of submissions."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import mini_course
import pytest

from autograde.bench import rehearse
from autograde.bench.measure import Cost, Result, measure
from autograde.bench.workloads import prepare
from autograde.course_folder import CourseFolder
from autograde.errors import UsageProblem


@pytest.mark.slow
def test_eight_workers_grade_everybody_once_and_lock_nothing(
    tmp_path: Path, programs_of_this_environment: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(Path(__file__).parents[3])
    root = rehearse.prepare(tmp_path / "course", 20)
    run = subprocess.run(
        [sys.executable, "-m", "autograde.bench.rehearse", str(root)], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    figures = json.loads(run.stdout)
    assert (figures["rows"], figures["full"]) == (20, 20)
    assert figures["peak_mib"] > 0 < figures["seconds_each"]
    assert "locked" not in run.stderr


@pytest.mark.thorough
def test_both_sides_are_measured_and_their_scores_compared(tmp_path: Path, programs_of_this_environment: None) -> None:
    course = CourseFolder.open(mini_course.write_mini_course(tmp_path / "mini"))
    told: list[str] = []
    workload = prepare(course, "ch91", tmp_path / "work", 2, 1, ["shared", "examiner"], told.append)
    shared, examiner = measure(workload, 1, told.append)
    for result in (shared, examiner):
        assert result.equal
        assert (result.stock.submissions, result.engine.submissions, result.floor.submissions) == (2, 2, 2)
        assert min(result.stock.cpu, result.engine.cpu, result.stock.wall, result.engine.wall) > 0
    assert told


def test_a_workload_that_does_not_exist_is_named(tmp_path: Path) -> None:
    course = CourseFolder.open(mini_course.write_mini_course(tmp_path / "mini"))
    with pytest.raises(UsageProblem, match="no workload 'ch99'; choose out of cnn, ch91"):
        prepare(course, "ch99", tmp_path / "work", 2, 1, ["shared"], lambda step: None)


def test_figures_are_ratios_of_what_was_measured() -> None:
    result = Result("x", "shared", 2, Cost(10, 60.0, 20.0), Cost(10, 6.0, 3.0), Cost(10, 4.0, 2.0))
    document: dict[str, Any] = result.as_json()
    assert (result.stock.per_minute, result.engine.per_minute) == (10, 100)
    assert (document["times_stock"], round(document["over_floor"], 6), round(document["times_floor"], 6)) == (
        10,
        0.1,
        1.5,
    )
