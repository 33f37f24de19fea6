"""Does a batch of damaged submissions keep every point that can be kept, and say of each what was done?"""

import json
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import foreign_course
import pytest
from mini_course import COMMAND

from damage import DAMAGES, Damage, is_answer, marks, text, written
from damage.small import ANSWERS, released

pytestmark = [
    pytest.mark.thorough,
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="the examiner runs on Linux only"),
]
SEEDS = (0, 1)
FULL = {"square-of-two": 2.0, "square-of-less": 1.0, "total-is-six": 1.0, "cube-of-two": 2.0, "mean-of-three": 2.0}
SOLVED = {"square": "return x * x", "cube": "return x ** 3", "mean": "return sum(values) / len(values)"}
WHOLE = ("a-whole", "zz-whole")


@dataclass
class Graded:
    """What came of the batch.

    Attributes:
        rows: of the log, by learner.
        waiting: learners of whom a person has to look at a cell, the essay aside.
    """

    run: "subprocess.CompletedProcess[str]"
    rows: dict[str, dict[str, Any]]
    waiting: dict[str, set[str]]

    def scores(self, student: str) -> dict[str, float]:
        cells = [cell for one in self.rows[student]["notebooks"] for cell in one["cells"]]
        return {cell["grade_id"]: cell["score"] or 0.0 for cell in cells if cell["grade_id"] in FULL}

    def lost(self, student: str) -> set[str]:
        """Tests below their full points."""
        scores = self.scores(student)
        return {name for name in FULL if scores.get(name, 0.0) < FULL[name]}


def build(root: Path) -> Path:
    """The small notebook as a course of stock nbgrader's: its source has the answers, nbgrader makes the release."""
    (root / "source" / "ps1").mkdir(parents=True)
    (root / "nbgrader_config.py").write_text(
        foreign_course.CONFIG.format(root=str(root), more="").replace('"raise Not', '"# YOUR CODE HERE\\nraise Not'),
        encoding="utf-8",
    )
    source = released()
    for cell in source["cells"]:
        if cell["id"] in SOLVED:
            stub = "    # YOUR CODE HERE\n    raise NotImplementedError()"
            cell["source"] = text(cell).replace(
                stub, f"    ### BEGIN SOLUTION\n    {SOLVED[cell['id']]}\n    ### END SOLUTION"
            )
        elif marks(cell).get("solution"):
            cell["source"] = f"### BEGIN SOLUTION\n{ANSWERS[cell['id']]}\n### END SOLUTION"
    (root / "source" / "ps1" / "small.ipynb").write_bytes(written(source))
    foreign_course.nbgrader(root, "generate_assignment", "ps1", "--force")
    return root


def answered(root: Path) -> bytes:
    """The released notebook with all answers in it."""
    notebook = json.loads((root / "release" / "ps1" / "small.ipynb").read_bytes())
    for cell in notebook["cells"]:
        cell["source"] = ANSWERS.get(cell["id"], text(cell)).splitlines(keepends=True)
    assert any(is_answer(cell) for cell in notebook["cells"])
    return written(notebook)


def student_of(damage: Damage, seed: int) -> str:
    return f"{damage.name}-{seed}"


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory, programs_of_this_environment: None) -> Iterator[Graded]:
    """One batch of all kinds."""
    folder = tmp_path_factory.mktemp("damage")
    root = build(folder / "course")
    whole = answered(root)
    handed_in = dict.fromkeys(WHOLE, whole)
    for damage in DAMAGES:
        for seed in SEEDS:
            handed_in[student_of(damage, seed)] = damage.apply(whole, random.Random(seed))
    for student, raw in handed_in.items():
        place = root / "submitted" / student / "ps1"
        place.mkdir(parents=True)
        (place / "small.ipynb").write_bytes(raw)
    words = [
        "grade",
        "ps1",
        "--course-dir",
        str(root),
        "--isolation",
        "examiner",
        "--jobs",
        "2",
        "--json",
        str(folder / "out.json"),
    ]
    run = subprocess.run([*COMMAND, *words], cwd=folder, capture_output=True, text=True, timeout=900, check=False)
    assert (folder / "out.json").is_file(), run.stderr
    rows = {row["student"]: row for row in json.loads((folder / "out.json").read_text(encoding="utf-8"))}
    with sqlite3.connect(root / "gradebook.db") as gradebook:
        found = gradebook.execute(
            "SELECT sa.student_id, c.name FROM grade g JOIN base_cell c ON g.cell_id = c.id "
            "JOIN submitted_notebook sn ON g.notebook_id = sn.id JOIN submitted_assignment sa ON sn.assignment_id = sa.id "
            "WHERE g.needs_manual_grade"
        ).fetchall()
    waiting: dict[str, set[str]] = {student: set() for student in rows}
    for student, name in found:
        waiting[student].add(name)
    yield Graded(run, rows, waiting)
    shutil.rmtree(folder, ignore_errors=True)


def test_the_batch_ends_with_a_row_for_everybody(graded: Graded) -> None:
    assert graded.run.returncode == 1  # some need a person
    assert "Traceback" not in graded.run.stderr + graded.run.stdout
    assert set(graded.rows) == {*WHOLE, *(student_of(damage, seed) for damage in DAMAGES for seed in SEEDS)}
    assert {row["status"] for row in graded.rows.values()} == {"graded", "repaired", "review"}


@pytest.mark.parametrize("student", WHOLE)
def test_whole_submissions_are_left_alone(graded: Graded, student: str) -> None:
    assert (graded.rows[student]["status"], graded.rows[student]["reasons"]) == ("graded", [])
    assert graded.scores(student) == FULL
    assert graded.waiting[student] == {"essay"}  # always a person's


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.name)
def test_damage_costs_no_intact_answer_and_is_said(graded: Graded, damage: Damage, seed: int) -> None:
    student = student_of(damage, seed)
    row = graded.rows[student]
    codes = {reason["code"] for reason in row["reasons"]}
    assert row["status"] == ("review" if damage.review else "repaired")
    assert damage.repairs | damage.review <= codes
    assert all(reason["en"] and reason["zh"] for reason in row["reasons"])
    lost = graded.lost(student)
    if damage.points == "kept":
        assert not lost
    elif damage.points == "some":
        assert 0 < len(lost) < len(FULL)
    else:
        assert lost == set(FULL)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("damage", [one for one in DAMAGES if one.review], ids=lambda damage: damage.name)
def test_what_goes_to_a_person_waits_in_the_gradebook(graded: Graded, damage: Damage, seed: int) -> None:
    waiting = graded.waiting[student_of(damage, seed)]
    if damage.points == "some":  # the answers before the cut are whole, and graded
        assert waiting - {"essay"} == graded.lost(student_of(damage, seed))
    else:
        assert waiting >= set(FULL)


def test_nothing_else_waits_but_the_essay(graded: Graded) -> None:
    mended = [damage for damage in DAMAGES if not damage.review]
    assert {frozenset(graded.waiting[student_of(damage, seed)]) for damage in mended for seed in SEEDS} == {
        frozenset({"essay"})
    }
