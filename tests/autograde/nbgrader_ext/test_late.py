"""Do late submissions lose what course.toml says, under nbgrader's own autograde?"""

import os
import subprocess
import sys
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbgrader.api import Gradebook
from nbgrader.apps import NbGrader
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograde.nbgrader_ext.late import CourseLatePenalty, penalty
from autograde.settings.policy import Late
from autograde.settings.toml_tables import SettingsError

COURSE_TOML = Path(__file__).parents[2] / "four_chapters.toml"
DAY = 86_400
USUAL = Late(accept=True, penalty_per_day=Decimal("0.05"), max_days=7)


@pytest.mark.parametrize(
    ("seconds", "points"),
    [(1, 1), (DAY, 1), (DAY + 0.001, 2), (3 * DAY, 3), (7 * DAY, 7), (7 * DAY + 1, 20), (400 * DAY, 20)],
)
def test_each_started_day_costs_its_share_and_after_the_last_one_everything(seconds, points):
    assert penalty(USUAL, 20.0, seconds) == points


def test_late_work_that_is_not_accepted_loses_everything():
    assert penalty(Late(accept=False, penalty_per_day=Decimal("0.05"), max_days=7), 20.0, 1) == 20.0


def test_a_penalty_is_never_more_than_the_score():
    assert penalty(Late(accept=True, penalty_per_day=Decimal("0.30"), max_days=7), 20.0, 5 * DAY) == 20.0


def test_a_score_of_nothing_loses_nothing():
    assert penalty(USUAL, 0.0, DAY) == 0.0


def test_the_rounding_of_binary_sums_does_not_reach_the_penalty():
    assert penalty(USUAL, 0.1 + 0.2, DAY) == 0.015


@given(
    st.decimals(0, 1, places=3),
    st.integers(0, 30),
    st.floats(0, 1000),
    st.floats(0.001, 40 * DAY),
)
def test_a_penalty_lies_between_nothing_and_the_score_and_is_exact(share, max_days, score, seconds):
    late = Late(accept=True, penalty_per_day=share, max_days=max_days)
    points = penalty(late, score, seconds)
    assert 0 <= points <= score
    days = -(-Fraction(seconds) // DAY)
    expected = score if days > max_days else min(Fraction(share) * days, 1) * Fraction(score)
    assert abs(points - expected) <= 1e-12
    assert penalty(late, score, seconds + DAY) >= points


def plugin_in(folder: Path) -> CourseLatePenalty:
    return CourseLatePenalty(config=Config({"CourseDirectory": {"root": str(folder)}}))


def test_a_course_without_course_toml_takes_nothing_off(tmp_path):
    assert plugin_in(tmp_path).late_submission_penalty("ann", 20.0, DAY) is None


def test_a_course_without_a_late_rule_takes_nothing_off(tmp_path):
    text = "".join(line for line in COURSE_TOML.read_text(encoding="utf-8").splitlines(True) if line[:4] != "late")
    (tmp_path / "course.toml").write_text(text, encoding="utf-8")
    assert plugin_in(tmp_path).late_submission_penalty("ann", 20.0, DAY) is None


def test_the_rule_of_this_course_takes_five_percent_a_day(tmp_path):
    (tmp_path / "course.toml").write_bytes(COURSE_TOML.read_bytes())
    plugin = plugin_in(tmp_path)
    assert plugin.late_submission_penalty("ann", 20.0, 1.5 * DAY) == 2.0
    assert plugin.late_submission_penalty("ann", 20.0, 0) is None


def test_the_plugin_finds_the_folder_of_the_application_that_runs_it(tmp_path):
    (tmp_path / "course.toml").write_bytes(COURSE_TOML.read_bytes())
    app = NbGrader()
    app.coursedir = CourseDirectory(root=str(tmp_path))
    assert CourseLatePenalty(parent=app).late_submission_penalty("ann", 20.0, DAY) == 1.0


def test_a_malformed_course_toml_stops_grading_with_its_line(tmp_path):
    (tmp_path / "course.toml").write_text("[policy]\nlate = 3\n")
    with pytest.raises(SettingsError, match=r"^course\.toml:1: \[policy\] lacks arithmetic"):
        plugin_in(tmp_path)


# the whole way, through the real applications


def notebook(answer: str) -> nbformat.NotebookNode:
    def cell(source: str, grade_id: str, points: int, *, grade: bool) -> nbformat.NotebookNode:
        about = {"grade_id": grade_id, "grade": grade, "solution": not grade, "locked": grade, "schema_version": 3}
        about |= {"task": False, **({"points": points} if grade else {})}
        return nbformat.v4.new_code_cell(source, id=grade_id, metadata={"nbgrader": about})

    cells = [cell(answer, "answer", 0, grade=False), cell("assert x == 1", "check", 20, grade=True)]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})


def nbgrader(course: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run an nbgrader command on the course from another folder."""
    elsewhere = course.parent / "elsewhere"
    elsewhere.mkdir(exist_ok=True)
    environment = os.environ | {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "HOME": str(elsewhere),
        "PYTHONPATH": str(COURSE_TOML.parents[1]),
    }
    settings = [
        f"--CourseDirectory.root={course}",
        "--AssignLatePenalties.plugin_class=autograde.nbgrader_ext.late.CourseLatePenalty",
    ]
    command = [sys.executable, "-m", "nbgrader", *words, *settings]
    return subprocess.run(
        command, cwd=elsewhere, env=environment, capture_output=True, text=True, timeout=240, check=False
    )


@pytest.fixture(scope="module")
def late_course(tmp_path_factory) -> Path:
    """A course due at noon, with submissions in time, a day and a half late, and nine days late."""
    course = tmp_path_factory.mktemp("late") / "course"
    (course / "source" / "ch01").mkdir(parents=True)
    nbformat.write(notebook("### BEGIN SOLUTION\nx = 1\n### END SOLUTION"), course / "source" / "ch01" / "ch01.ipynb")
    (course / "course.toml").write_bytes(COURSE_TOML.read_bytes())
    made = nbgrader(course, "generate_assignment", "ch01")
    assert made.returncode == 0, made.stderr
    with Gradebook(f"sqlite:///{course}/gradebook.db") as gradebook:
        gradebook.update_or_create_assignment("ch01", duedate="2026-01-05 12:00:00 UTC")
    for learner, time in [("ann", "01-05 12:00:00"), ("bob", "01-06 23:00:00"), ("cy", "01-14 12:00:01")]:
        folder = course / "submitted" / learner / "ch01"
        folder.mkdir(parents=True)
        nbformat.write(notebook("x = 1"), folder / "ch01.ipynb")
        (folder / "timestamp.txt").write_text(f"2026-{time} UTC")
    return course


def test_nbgrader_autograde_records_the_penalties(late_course):
    graded = nbgrader(late_course, "autograde", "ch01")
    assert graded.returncode == 0, graded.stderr
    with Gradebook(f"sqlite:///{late_course}/gradebook.db") as gradebook:
        found = {s.student.id: (s.score, s.late_submission_penalty) for s in gradebook.assignment_submissions("ch01")}
    assert found == {"ann": (20.0, 0.0), "bob": (20.0, 2.0), "cy": (20.0, 20.0)}


def test_nbgrader_autograde_stops_at_a_malformed_course_toml_and_says_where(late_course):
    good = (late_course / "course.toml").read_text(encoding="utf-8")
    try:
        bad = good.replace("accept = true", "accept = 1")
        (late_course / "course.toml").write_text(bad, encoding="utf-8")
        graded = nbgrader(late_course, "autograde", "ch01", "--student=bob", "--force")
    finally:
        (late_course / "course.toml").write_text(good, encoding="utf-8")
    assert graded.returncode == 1
    line = bad[: bad.index("accept = 1")].count("\n") + 1
    assert f"late penalties: course.toml:{line}: [policy] late accept has the wrong type" in graded.stderr


def test_a_course_without_a_policy_takes_nothing_off(tmp_path):
    (tmp_path / "course.toml").write_text('id = "c"\n[[chapter]]\nassignment = "ch05"\n', encoding="utf-8")
    assert plugin_in(tmp_path).late_submission_penalty("ann", 20.0, DAY) is None
