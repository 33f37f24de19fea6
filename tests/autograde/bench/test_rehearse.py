"""The rehearsal of a large course, and the benchmark, with a handful of submissions."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import mini_course
import pytest

from autograde.bench import rehearse
from autograde.bench.measure import Result, Round, measure
from autograde.bench.workloads import prepare
from autograde.errors import UsageProblem
from autograde.settings.course_folder import CourseFolder


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
    assert min(figures["peak_mib"], figures["peak_worker_mib"], figures["seconds_each"]) > 0
    assert "locked" not in run.stderr


@pytest.mark.thorough
def test_both_sides_are_measured_and_their_scores_compared(tmp_path: Path, programs_of_this_environment: None) -> None:
    course = CourseFolder.open(mini_course.write_mini_course(tmp_path / "mini"))
    told: list[str] = []
    workload = prepare(course, "ch91", tmp_path / "work", 2, 1, ["shared", "examiner"], told.append)
    shared, examiner = measure(workload, 1, told.append)
    for result in (shared, examiner):
        assert result.equal
        for (one,) in (result.stock, result.engine, result.floor):
            assert one.submissions == 2
            assert min(one.wall, one.cpu) > 0
    assert told


def test_a_workload_that_does_not_exist_is_named(tmp_path: Path) -> None:
    course = CourseFolder.open(mini_course.write_mini_course(tmp_path / "mini"))
    with pytest.raises(UsageProblem, match="no workload 'ch99'; choose from cnn, ch91"):
        prepare(course, "ch99", tmp_path / "work", 2, 1, ["shared"], lambda step: None)


def test_figures_are_medians_of_what_was_compared_within_a_round() -> None:
    def rounds(*costs: tuple[float, float]) -> list[Round]:
        return [Round(10, *cost) for cost in costs]

    # in the second round the machine was three times as slow for all of them, in the third for the engine alone
    stock, floor = rounds((60, 20), (180, 60), (60, 20)), rounds((4, 2), (12, 6), (4, 2))
    engine = rounds((6, 3), (18, 9), (18, 9))
    document: dict[str, Any] = Result("x", "shared", 2, stock, engine, floor).as_json()
    assert (document["stock"]["per_minute"], document["stock"]["cpu_each"]) == (10, 2.0)
    assert (document["times_stock"], round(document["over_floor"], 6), document["times_floor"]) == (10, 0.3, 1.5)
    assert document["engine"]["rounds"][1] == {"submissions": 10, "wall": 18, "cpu": 9}
