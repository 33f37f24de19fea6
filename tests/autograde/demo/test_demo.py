"""Does the whole cycle run, with real nbgrader, and does it say so when it does not?"""

import csv
import json
from pathlib import Path

import mini_course
import pytest

from autograde.course_folder import CourseFolder
from autograde.demo.cohort import as_colab_saves, read_cohort
from autograde.demo.cycle import MARK, Demo, run_demo
from autograde.errors import CourseError

COHORT = """
[[learner]]
id = "ada"
name = "Ada Byron"
about = "all right"
expect = "distinction"
ch91 = "solved"

[[learner]]
id = "chen"
name = "陈晓明"
lang = "zh"
about = "works in Chinese"
expect = "distinction"
ch91 = "power"

[[learner]]
id = "emil"
name = "Emil Novák"
about = "a misconception"
expect = "none"
ch91 = "wrong"

[[learner]]
id = "goro"
name = "Goro Tanaka"
about = "late"
expect = "distinction"
way = "late"
ch91 = "solved"

[[learner]]
id = "ivan"
name = "Ivan Petrov"
about = "again"
expect = "distinction"
way = "again"
ch91 = { rest = "solved" }

[[learner]]
id = "julia"
name = "Júlia Ferreira"
about = "zip"
expect = "distinction"
way = "zip"
ch91 = "right"

[[learner]]
id = "kofi"
name = "Kofi Mensah"
about = "nothing handed in"
expect = "none"
"""


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """One run of the cycle on a course of one chapter, over what an earlier run left."""
    root = mini_course.write_mini_course(tmp_path_factory.mktemp("course"))
    mini_course.write(root / "tests" / "cohort" / "cohort.toml", COHORT)
    mini_course.write(root / "demo" / MARK, "")
    mini_course.write(root / "demo" / "gradebook" / "submitted" / "ghost" / "ch91" / "ch91.ipynb", "{}")
    return run_demo(CourseFolder.open(root), root / "demo")


def scores(demo: Demo) -> dict[str, tuple[float, float]]:
    with (demo.root / "grades.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    return {row["student_id"]: (float(row["raw_score"]), float(row["late_submission_penalty"])) for row in rows}


def test_every_learner_gets_the_score_of_their_answers(demo: Demo) -> None:
    graded = {learner: raw for learner, (raw, _) in scores(demo).items()}
    assert graded == {"ada": 2, "chen": 2, "emil": 0, "goro": 2, "ivan": 2, "julia": 2, "kofi": 0}


def test_work_after_the_deadline_costs_one_started_day(demo: Demo) -> None:
    penalties = {learner: penalty for learner, (_, penalty) in scores(demo).items() if penalty}
    assert penalties == {"goro": pytest.approx(0.1), "ivan": pytest.approx(0.1)}


def test_decisions_and_feedback_are_there_for_everyone_who_handed_in(demo: Demo) -> None:
    records = {path.stem: json.loads(path.read_bytes()) for path in (demo.root / "certificates/decisions").glob("*.json")}
    assert {learner: record["level"] for learner, record in records.items()} == {
        "ada": "distinction", "chen": "distinction", "emil": None, "goro": "distinction",
        "ivan": "distinction", "julia": "distinction", "kofi": None,
    }
    feedback = {path.parts[-3] for path in (demo.root / "gradebook/feedback").glob("*/ch91/ch91.html")}
    assert feedback == {"ada", "chen", "emil", "goro", "ivan", "julia"}


def test_learners_fetch_their_feedback_from_the_exchange(demo: Demo) -> None:
    fetched = {path.parts[-5] for path in (demo.root / "learners").glob("*/ch91/feedback/*/ch91.html")}
    assert fetched == {"ada", "chen", "emil", "goro", "ivan"}


def test_nbgrader_warned_of_nothing_unexpected(demo: Demo) -> None:
    log = [line for path in demo.root.glob("nbgrader*.log") for line in path.read_text(encoding="utf-8").splitlines()]
    warnings = [line for line in log if "WARN" in line or "ERROR" in line]
    assert warnings
    # ivan handed in twice, and the first attempt has no feedback of its own
    meant = (" late", "late submission penalty", "julia did not hand in through the exchange", "not find feedback")
    assert [line for line in warnings if not any(words in line.lower() for words in meant)] == []


def test_a_learner_worked_in_chinese(demo: Demo) -> None:
    submitted = json.loads((demo.root / "gradebook/submitted/chen/ch91/ch91.ipynb").read_bytes())
    assert "平方" in "".join(submitted["cells"][0]["source"])


def test_a_run_starts_clean(demo: Demo) -> None:
    assert not (demo.root / "gradebook" / "submitted" / "ghost").exists()
    assert "ghost" not in {decision.learner for decision in demo.decisions}


def test_a_folder_that_no_demo_made_is_left_alone(mini: Path, tmp_path: Path) -> None:
    mini_course.write(mini / "tests" / "cohort" / "cohort.toml", COHORT)
    precious = mini_course.write(tmp_path / "mine" / "thesis.txt", "years of work")
    with pytest.raises(CourseError, match=r"not empty and no demo made it"):
        run_demo(CourseFolder.open(mini), tmp_path / "mine")
    assert precious.read_text(encoding="utf-8") == "years of work"


def test_a_failing_step_is_named(mini: Path, tmp_path: Path) -> None:
    cohort = COHORT.replace('expect = "none"\nch91 = "wrong"', 'expect = "merit"\nch91 = "no-such-answer"')
    mini_course.write(mini / "tests" / "cohort" / "cohort.toml", cohort)
    with pytest.raises(CourseError, match=r'the step "learners fetch, work and submit" failed: .*no-such-answer'):
        run_demo(CourseFolder.open(mini), tmp_path / "demo")


def test_a_decision_that_nobody_expected_fails_the_demo(demo: Demo) -> None:
    demo.learners[0] = read_cohort(demo.root.parent / "tests/cohort/cohort.toml")[2]
    assert demo.surprises() == []
    changed = Demo(demo.root, [*demo.learners[1:]], ())
    assert changed.surprises()[0].startswith("chen: decided 'nothing'")


@pytest.mark.parametrize("text", ["[[learner]]\nid = 3", "nonsense", '[[learner]]\nid="a"\nname="a"\nabout=""\nexpect=""\nway="owl"'])
def test_a_malformed_cohort_is_one_clear_line(tmp_path: Path, text: str) -> None:
    path = mini_course.write(tmp_path / "cohort.toml", text)
    with pytest.raises(CourseError, match=r"cohort\.toml: cannot read the cohort"):
        read_cohort(path)


def test_colab_moves_the_cell_ids_into_metadata() -> None:
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [
        {"id": "a", "cell_type": "code", "metadata": {"nbgrader": {"grade_id": "a"}}, "source": [], "outputs": []}]}
    saved = json.loads(as_colab_saves(json.dumps(notebook)))
    assert saved["nbformat_minor"] == 0
    assert "id" not in saved["cells"][0]
    assert saved["cells"][0]["metadata"]["id"] == "a"
    assert saved["cells"][0]["metadata"]["nbgrader"] == {"grade_id": "a"}
