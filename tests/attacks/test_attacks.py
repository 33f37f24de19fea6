"""Does any attack gain a point, read what is hidden, leave anything behind, or cost anybody else a grade?"""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import foreign_course
import nbformat
import pytest
from mini_course import COMMAND

from attacks import ATTACKS, HALVES, MAXIMUM, SECRET, WRONG, Attack
from attacks.besieged import ODD_NAMES, Left, build, hand_in, hand_in_honest, hand_in_oddly, listening, minding
from attacks.reading import SCAN
from autograde.grading.sandbox import layers

pytestmark = [
    pytest.mark.long(3),
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="submissions are confined on Linux only"),
]
HONEST = ("honest-1", "m-honest-2", "zz-honest-3")
CONTROL = Attack(
    "control-of-the-scan", f"{SCAN}\nheld = ''.join(HALVES[0]).encode()\nscan('in its own memory')\n{WRONG}"
)
NAMES = [attack.name for attack in ATTACKS]
FAULTS = {
    "NameError",
    "SyntaxError",
    "ImportError",
    "ModuleNotFoundError",
    "IndentationError",
    "AttributeError",
    "TypeError",
    "ValueError",
}


@dataclass
class Siege:
    """What came of one batch."""

    root: Path
    run: "subprocess.CompletedProcess[str]"
    left: Left
    heard: list[str]
    rows: dict[str, dict[str, Any]] = field(default_factory=dict)

    def scores(self, student: str) -> dict[str, float | None]:
        return {cell["grade_id"]: cell["score"] for one in self.rows[student]["notebooks"] for cell in one["cells"]}

    def cells(self, student: str) -> list[Any]:
        path = self.root / "gradebook" / "autograded" / student / "ch91" / "ch91.ipynb"
        return list(nbformat.read(path, as_version=4).cells) if path.is_file() else []

    def said(self, student: str) -> str:
        """All outputs of cells that are no tests."""
        tests = set(MAXIMUM)
        return json.dumps(
            [
                c.get("outputs", [])
                for c in self.cells(student)
                if c.metadata.get("nbgrader", {}).get("grade_id") not in tests
            ]
        )


def besiege(folder: Path, attacks: list[Attack], *words: str) -> Siege:
    root = build(folder / "course", COMMAND)
    temporary = folder / "t"
    temporary.mkdir()
    left = Left([], [], [])
    with listening(folder) as listeners:
        for attack in attacks:
            hand_in(root, attack, listeners.addresses)
        for student in HONEST:
            hand_in_honest(root, student, "".join(SECRET))
        hand_in_oddly(root)
        environment = {**os.environ, "TMPDIR": str(temporary), "ISSUER_KEY": "".join(SECRET), "NO_COLOR": "1"}
        with minding(temporary, left):
            run = subprocess.run(
                [*COMMAND, "grade", "ch91", "--jobs", "2", "--json", str(folder / "out.json"), *words],
                cwd=root, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=1500, check=False,
            )  # fmt: skip
    siege = Siege(root, run, left, listeners.heard)
    if (folder / "out.json").is_file():
        siege.rows = {row["student"]: row for row in json.loads((folder / "out.json").read_text())}
    return siege


@pytest.fixture(scope="module")
def siege(tmp_path_factory: pytest.TempPathFactory, programs_of_this_environment: None) -> Iterator[Siege]:
    """One batch of all attacks."""
    missing = [name for name, state in layers().items() if state != "on"]
    if missing:
        pytest.skip(f"this machine lacks layers of the sandbox: {', '.join(missing)}")
    folder = tmp_path_factory.mktemp("siege")
    yield besiege(folder, [*ATTACKS, CONTROL])
    shutil.rmtree(folder, ignore_errors=True)


def test_the_batch_ends_with_a_row_for_everybody(siege: Siege) -> None:
    assert siege.run.returncode == 1, siege.run.stderr  # some need a person
    assert "Traceback" not in siege.run.stderr + siege.run.stdout
    assert set(siege.rows) == {*NAMES, *HONEST, CONTROL.name}
    assert "engine-fault" not in {reason["code"] for row in siege.rows.values() for reason in row["reasons"]}


def test_folders_that_no_learner_can_be_called_are_named(siege: Siege) -> None:
    named = [line for line in siege.run.stderr.splitlines() if "left out, its name" in line]
    assert len(named) == len(ODD_NAMES)
    assert all(line.isprintable() for line in named)


@pytest.mark.parametrize("attack", ATTACKS, ids=NAMES)
def test_no_point_is_gained(siege: Siege, attack: Attack) -> None:
    scores = siege.scores(attack.name)
    assert (scores.get("square-of-two") or 0.0) + (scores.get("square-of-many") or 0.0) == attack.earns
    assert (scores.get("mean-of-values") or 0.0) == attack.mean
    assert siege.rows[attack.name]["maximum"] == sum(MAXIMUM.values())
    assert siege.rows[attack.name]["score"] == sum(score or 0.0 for score in scores.values()) <= 4.0 + attack.earns
    assert set(scores) <= set(MAXIMUM)
    assert "test-fault" not in {reason["code"] for reason in siege.rows[attack.name]["reasons"]}


@pytest.mark.parametrize("attack", ATTACKS, ids=NAMES)
def test_nothing_is_read(siege: Siege, attack: Attack) -> None:
    said = siege.said(attack.name)
    row = json.dumps(siege.rows[attack.name], ensure_ascii=False)
    folder = siege.root / "gradebook" / "autograded" / attack.name / "ch91"
    assert "ESCAPED" not in said + row
    assert [path for path in folder.rglob("*") if "ESCAPED" in path.name] == []
    for halves in HALVES:
        assert "".join(halves) not in said + row
        for path in folder.rglob("*"):
            assert (
                path.name.endswith(".ipynb") or not path.is_file() or "".join(halves).encode() not in path.read_bytes()
            )


@pytest.mark.parametrize("attack", ATTACKS, ids=NAMES)
def test_the_attack_ran(siege: Siege, attack: Attack) -> None:
    """An attack with a slip in its own code would prove nothing."""
    if not siege.cells(attack.name):
        assert siege.rows[attack.name]["status"] == "review"
        return
    errors = [
        output["ename"] for cell in siege.cells(attack.name) for output in cell.get("outputs", [])
        if output["output_type"] == "error" and cell.metadata.get("nbgrader", {}).get("grade_id") == "square"
    ]  # fmt: skip
    codes = {reason["code"] for reason in siege.rows[attack.name]["reasons"]}
    assert attack.quiet or "begun" in siege.said(attack.name) or {"kernel-died", "cell-timeout"} & codes
    assert not FAULTS & (set(errors) - set(attack.errors))


@pytest.mark.parametrize("student", HONEST)
def test_honest_learners_keep_full_points(siege: Siege, student: str) -> None:
    assert siege.scores(student) == MAXIMUM
    assert (siege.rows[student]["status"], siege.rows[student]["reasons"]) == ("graded", [])


def test_nothing_is_left_behind(siege: Siege) -> None:
    assert siege.left == Left([], [], [])
    assert siege.heard == []
    assert list((siege.root / "gradebook" / "grading").iterdir()) == []


def test_the_gradebook_says_what_the_log_says(siege: Siege) -> None:
    with sqlite3.connect(siege.root / "gradebook" / "gradebook.db") as gradebook:
        found = gradebook.execute(
            "SELECT sa.student_id, sum(coalesce(g.auto_score, 0)), count(g.manual_score) FROM grade g "
            "JOIN submitted_notebook sn ON g.notebook_id = sn.id JOIN submitted_assignment sa ON sn.assignment_id = sa.id "
            "GROUP BY sa.student_id"
        ).fetchall()
    assert {student: score for student, score, _ in found} == {
        student: row["score"] for student, row in siege.rows.items()
    }
    assert {manual for _, _, manual in found} == {0}
    assert (siege.root / "keys" / "issuer.pem").read_text() == "".join(SECRET)


def test_a_scan_of_memory_finds_what_is_there(siege: Siege) -> None:
    """What shows that the scans above could have found something."""
    assert "ESCAPED in its own memory" in siege.said(CONTROL.name)


@pytest.mark.thorough
def test_attacks_on_verdicts_win_where_the_tests_run_beside_the_answers(
    tmp_path: Path, programs_of_this_environment: None
) -> None:
    """What shows that they are attacks: `--isolation shared` believes the learner's process, as nbgrader does."""
    winning = [attack for attack in ATTACKS if attack.gains]
    shared = besiege(tmp_path, winning, "--isolation", "shared")
    rows = [shared.rows[attack.name] for attack in winning]
    assert [row["student"] for row in rows if row["score"] <= 4.0 and row["status"] != "review"] == []
    assert len(winning) >= 8


def test_no_time_stamp_is_the_codes_own(siege: Siege) -> None:
    for student in ("odd-files-left-behind", "forged-files"):
        assert not (siege.root / "gradebook" / "autograded" / student / "ch91" / "timestamp.txt").exists()


def test_no_name_of_nbgraders_is_the_codes_own(siege: Siege) -> None:
    """A second notebook beside the graded one would cost the learner its feedback."""
    for student in ("odd-files-left-behind", "forged-files"):
        folder = siege.root / "gradebook" / "autograded" / student / "ch91"
        kept = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
        assert {name for name in kept if name.lower().endswith(".ipynb")} == {"ch91.ipynb"}
        assert kept & {"submission_secret.txt", "nbgrader_config.py", "timestamp.txt"} == set()
        assert not any(part.startswith(".") for name in kept for part in name.split("/"))
    foreign_course.nbgrader(siege.root, "generate_feedback", "ch91", "--student", "forged-files")
    pages = siege.root / "gradebook" / "feedback" / "forged-files" / "ch91"
    assert [path.name for path in pages.rglob("*") if path.is_file()] == ["ch91.html"]


def test_outputs_are_of_a_size_that_a_person_can_read(siege: Siege) -> None:
    graded = (siege.root / "gradebook" / "autograded").glob("*/ch91/ch91.ipynb")
    sizes = {path.parts[-3]: path.stat().st_size for path in graded}
    assert len(sizes) >= len(ATTACKS) - 10
    assert {student: size for student, size in sizes.items() if size > 8_000_000} == {}
