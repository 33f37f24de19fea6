"""Hostile learners beside honest ones, through every command: what they gain, and what it costs the others.

The course is gone through twice: with all of ``hostile.HOSTILE`` and without them. What honest learners get is the same.
"""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from warm_command import COURSE, run_warm

from attacks.cycle import Cycle, go_through, new_course, uploads_of_mallory
from attacks.hostile import AS_ADA, HIDDEN, HONEST, HOSTILE, LOOKALIKES, PACKED, POINTS

pytestmark = [
    pytest.mark.long(7),
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="submissions are confined on Linux only"),
]
LEARNERS = {name: one for name, one in HOSTILE.items() if isinstance(name, str)}
NAMELESS = [name for name in HOSTILE if isinstance(name, bytes)]
MALLORYS = {*LOOKALIKES.values(), "Mallory"}
"""Whose the work is that Mallory handed in."""
OWN_TIME = ("id", "graded_at", "seconds", "cpu_seconds")
"""What differs between two runs of the same."""
ENDS = {
    "collect-0": 0, "grade-shared": 0, "grade-0": 1, "collect-1": 0, "grade-1": 1, "grade-again": 0,
    "roster": 0, "feedback": 1, "certify": 0, "report": 0,
}  # fmt: skip
"""How commands end among hostile learners: 1 where somebody needs a person, or a folder was left out."""


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory, programs_of_this_environment: None) -> Iterator[tuple[Cycle, Cycle]]:
    """The course under siege, and the same without hostile learners."""
    folder = tmp_path_factory.mktemp("cycle")
    besieged = Cycle(new_course(folder / "besieged"))
    quiet = Cycle(shutil.copytree(besieged.root, folder / "quiet"))
    go_through(quiet, {}, {})
    yield go_through(besieged, HOSTILE, uploads_of_mallory(besieged.root)), quiet
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def siege(both: tuple[Cycle, Cycle]) -> Cycle:
    return both[0]


@pytest.fixture(scope="module")
def quiet(both: tuple[Cycle, Cycle]) -> Cycle:
    return both[1]


def test_every_command_ends_as_documented(siege: Cycle, quiet: Cycle) -> None:
    assert siege.codes == ENDS, siege.said
    assert set(quiet.codes.values()) == {0}, quiet.said
    for name, said in siege.said.items():
        assert "Traceback" not in said, name
        assert all(line.isprintable() for line in said.replace("\t", " ").split("\n")), name


def test_no_name_of_a_learner_is_run(siege: Cycle) -> None:
    assert list(siege.root.rglob("owned")) == []


def test_what_came_again_without_a_later_time_is_named(siege: Cycle, quiet: Cycle) -> None:
    line = next(line for line in siege.said["grade-1"].splitlines() if "no later time" in line)
    assert all(student in line for student, one in LEARNERS.items() if one.again)
    assert "no later time" not in quiet.said["grade-1"]


@pytest.mark.parametrize("student", HONEST)
def test_the_honest_get_what_they_get_without_the_others(siege: Cycle, quiet: Cycle, student: str) -> None:
    rows = [
        [{name: value for name, value in row.items() if name not in OWN_TIME} for row in (one.at_first[student], one.rows[student])]
        for one in (siege, quiet)
    ]  # fmt: skip
    assert rows[0] == rows[1]
    assert siege.rows[student]["status"] == "graded"
    assert siege.page(student) == quiet.page(student)
    assert _lasting(siege.decision(student)) == _lasting(quiet.decision(student))


def _lasting(decision: dict) -> dict:
    """A decision without the hash of what holds the time of grading."""
    return {name: value for name, value in decision.items() if name != "attempts"}


def test_the_honest_are_decided_on_as_they_deserve(quiet: Cycle) -> None:
    """What shows that equal is not just equally wrong."""
    found = {student: quiet.decision(student) for student in HONEST}
    levels = {student: decision["level"] for student, decision in found.items()}
    assert levels == {"ada": "distinction", "bob": None, "cara": None, "dan": "distinction", "李雷": "distinction"}
    assert [one["standing"] for one in found["cara"]["chapters"][0]["attempts"]] == ["counts", "too-early"]
    assert found["dan"]["chapters"][0]["late_penalty"] == "0.4"


def test_each_learner_has_a_row_and_nobody_else(siege: Cycle) -> None:
    assert set(siege.rows) == {*LEARNERS, *HONEST, *MALLORYS}


@pytest.mark.parametrize("student", LEARNERS)
def test_nobody_gains_a_point_or_a_level(siege: Cycle, student: str) -> None:
    hostile, row, decision = LEARNERS[student], siege.rows[student], siege.decision(student)
    assert row["status"] == hostile.status
    assert decision["level"] == hostile.level
    chapter = decision["chapters"][0]
    if hostile.status == "review":
        assert decision["status"] == "pending"
    else:
        assert max(float(chapter["score"]) - float(chapter["late_penalty"]), 0) == hostile.points <= POINTS


@pytest.mark.parametrize("student", [name for name, one in LEARNERS.items() if one.second])
def test_what_was_found_out_about_an_attempt_stays_with_it(siege: Cycle, student: str) -> None:
    standings = [one["standing"] for one in siege.decision(student)["chapters"][0]["attempts"]]
    barred = {"tampered-then-poor": "not-examined", "piped-then-poor": "in-review", "undated-then-poor": "in-review"}
    expected = [barred[student], "counts"] if student in barred else ["counts", "too-early"]
    assert standings == expected


def test_the_attacks_would_have_paid(siege: Cycle) -> None:
    """What shows that they are attacks: points that the gradebook saw and no decision counted."""
    assert siege.at_first["piped-then-poor"]["score"] == siege.at_first["undated-then-poor"]["score"] == POINTS
    assert siege.rows["since-2001"]["score"] == siege.rows["a-microsecond-later"]["score"] == POINTS
    for name in ("the-same-moment", "never", "before-the-first"):
        assert siege.rows[name]["score"] == POINTS
    for student in (name for name, one in LEARNERS.items() if one.kind == "inputs"):
        path = siege.root / "gradebook" / "autograded" / student / "ch91" / "ch91.ipynb"
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        assert cells[-1]["outputs"] or student in ("counts-a-cell", "asks-for-a-cell"), student


def test_nobody_hands_in_as_somebody_else(siege: Cycle) -> None:
    said = siege.said["collect-0"]
    for name in AS_ADA:
        line = next(line for line in said.splitlines() if f"{Path(name).name}: not collected" in line)
        assert "does not tell whose work it is" in line
    for name, inner in PACKED.items():
        assert not inner or any(Path(name).stem in line and ": not " in line for line in said.splitlines()), name
    assert "mallory_78_7008_broken.zip: not unpacked" in said
    assert "these ids look alike" in siege.said["grade-0"]
    assert {siege.rows[name]["score"] for name in MALLORYS} == {2.0}


def test_folders_whose_names_are_no_text_are_named_once_each(siege: Cycle) -> None:
    for command in ("grade-0", "grade-1", "feedback"):
        assert siege.said[command].count("left out, its name is not UTF-8 text") == len(NAMELESS), command
    folders = (siege.root / "gradebook" / "feedback").iterdir()
    assert {path.name for path in folders} == set(siege.rows)


@pytest.mark.parametrize("student", [name for name, one in LEARNERS.items() if one.kind == "inputs"])
def test_no_page_shows_a_hidden_input(siege: Cycle, student: str) -> None:
    page = siege.page(student)
    assert [number for number in (*HIDDEN, "27181", "27183") if number in page] == []
    folder = siege.root / "gradebook" / "feedback" / student
    assert {path.name for path in folder.rglob("*") if path.is_file()} <= {"ch91.html", "timestamp.txt"}


@pytest.mark.parametrize("student", [name for name, one in LEARNERS.items() if one.kind in ("files", "nested")])
def test_each_has_one_page(siege: Cycle, student: str) -> None:
    folder = siege.root / "gradebook" / "feedback" / student / "ch91"
    assert [path.name for path in folder.rglob("*.html")] == ["ch91.html"]
    assert "Everything passed" in siege.page(student)
    kept = siege.root / "gradebook" / "autograded" / student / "ch91"
    assert [path.name for path in kept.rglob("*.ipynb")] == ["ch91.ipynb"]
    assert all(path.read_text() != "x" for path in kept.rglob("submission_secret.txt"))


def test_the_report_is_of_everybody_and_of_no_hidden_test(siege: Cycle) -> None:
    report = (siege.root / "report.html").read_text(encoding="utf-8")
    assert [number for number in HIDDEN if number in report] == []
    assert not re.search(r"[\u202a-\u202e\u2066-\u2069]", report)


@pytest.mark.parametrize("student", ["-rf", "$(touch owned)`touch owned`"])
def test_a_hostile_learner_is_erased_by_the_command_that_is_suggested(siege: Cycle, student: str) -> None:
    """Last, since it changes the course; what the honest have stays valid."""
    told = run_warm(COURSE, ["erase", "--", student], siege.root, {"COLUMNS": "1000", "NO_COLOR": "1"})
    assert told.returncode == 1
    suggested = re.search(r"first: (nbgrader .*), and delete", told.stderr)
    assert suggested, told.stderr
    done = subprocess.run(
        ["bash", "-c", suggested[1]], cwd=siege.root, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    erased = run_warm(COURSE, ["erase", "--", student], siege.root)
    assert erased.returncode == 0, erased.stderr
    log = (siege.root / "gradebook" / "grading-log.jsonl").read_text(encoding="utf-8")
    students = {json.loads(line)["student"] for line in log.splitlines()}
    assert student not in students
    assert set(HONEST) <= students
    assert list(siege.root.rglob("owned")) == []


def test_the_credentials_of_the_honest_are_valid_after_all(siege: Cycle) -> None:
    learners = siege.root / "certificates" / "learners"
    named = {path.name for path in learners.iterdir()}
    assert len(named) == 3
    for path in learners.glob("*/certificate.pdf"):
        run = run_warm(COURSE, ["verify", str(path)], siege.root)
        assert run.returncode == 0, run.stdout + run.stderr
