"""The attacks again, on an exercise of each chapter that stands on it: does any gain a point over its wrong answer alone?"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import nbformat
import pytest
from mini_course import COMMAND, REPOSITORY, write, write_course

from attacks import ATTACKS, HALVES, PRELUDE, WRONG, Attack
from attacks.besieged import TOKEN, listening
from autograde.authoring.bank import bank_file, parse_bank
from autograde.authoring.chapter import Exercise, parse_chapter
from autograde.grading.sandbox import layers

pytestmark = [
    pytest.mark.long(5),
    pytest.mark.thorough,
    pytest.mark.skipif(sys.platform != "linux", reason="submissions are confined on Linux only"),
]
TARGETS = {"ch05": "relu-backward", "ch06": "momentum-step", "ch08": "confusion-matrix", "ch09": "l2-penalty"}
"""Chapter → the exercise whose answer is the attack."""
CODE = [attack for attack in ATTACKS if not (attack.prepare or attack.files or attack.earns)]
CONTROL = Attack("no-attack")


@dataclass
class Siege:
    """What a batch gave: points by test, for each learner; and the tests of the exercise under attack."""

    scores: dict[str, dict[str, float | None]]
    tests: set[str]

    def of(self, student: str) -> float:
        return sum(self.scores[student][test] or 0.0 for test in self.tests)


@pytest.fixture(scope="module", params=TARGETS)
def siege(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Siege]:
    missing = [name for name, state in layers().items() if state != "on"]
    if missing:
        pytest.skip(f"this machine lacks layers of the sandbox: {', '.join(missing)}")
    chapter, folder = request.param, tmp_path_factory.mktemp("chapter")
    (file,) = (REPOSITORY / "notebooks").glob(f"{chapter}_*.py")
    text = file.read_text(encoding="utf-8")
    root = write_course(folder / "course", **{chapter: text})
    config = root / "nbgrader_config.py"
    limits = "\nc.Execute.timeout = 5\nc.WarmExecute.test_timeout = 16\n"
    write(config, config.read_text(encoding="utf-8") + limits)
    subprocess.run([*COMMAND, "build"], cwd=root, capture_output=True, timeout=200, check=True)
    exercise = next(one for one in parse_chapter(text, file.name).exercises if one.id == TARGETS[chapter])
    file = REPOSITORY / "tests" / "chapters" / chapter / bank_file(exercise.id)
    bank = parse_bank(file.read_text(encoding="utf-8"), exercise.id, file.name)
    wrong = next(variant.source for variant in bank.variants if variant.verdict == "wrong")
    with listening(folder) as listeners:
        before = {**listeners.addresses, "HALVES": HALVES, "ROOT": str(root), "TOKEN": TOKEN}
        names = "".join(f"{name} = {value!r}\n" for name, value in before.items())
        for attack in [*CODE, CONTROL]:
            hand_in(root, chapter, exercise, turned(attack, exercise, wrong), names)
        run = subprocess.run(
            [*COMMAND, "grade", chapter, "--jobs", "2", "--json", str(folder / "out.json")],
            cwd=root, env={**os.environ, "NO_COLOR": "1"}, capture_output=True, text=True, timeout=3000, check=False,
        )  # fmt: skip
    assert "Traceback" not in run.stderr + run.stdout
    rows = json.loads((folder / "out.json").read_text(encoding="utf-8"))
    scores = {
        row["student"]: {cell["grade_id"]: cell["score"] for one in row["notebooks"] for cell in one["cells"]}
        for row in rows
    }
    yield Siege(scores, {test.id for test in exercise.tests})
    shutil.rmtree(folder, ignore_errors=True)


def turned(attack: Attack, exercise: Exercise, wrong: str) -> Attack:
    """The attack on ``square``, aimed at another exercise."""
    name = exercise.id.replace("-", "_")

    def aimed(code: str) -> str:
        code = code.replace(WRONG, wrong + "\n")
        for old, new in (("square-of-two", exercise.tests[0].id), ("square-of-many", exercise.tests[-1].id)):
            code = code.replace(old, new)
        code = re.sub(r"def square\(x\)", f"def {name}(x, *more, **named)", code)
        return re.sub(r"\bsquare\b", name, code)

    return replace(attack, code=aimed(attack.code), first=aimed(attack.first))


def hand_in(root: Path, chapter: str, exercise: Exercise, attack: Attack, names: str) -> None:
    notebook = nbformat.read(root / "release" / "en" / chapter / f"{chapter}.ipynb", as_version=4)
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == exercise.id:
            cell.source = names + PRELUDE + attack.code
    if attack.first:
        notebook.cells.insert(0, nbformat.v4.new_code_cell(attack.first, id="first"))
    write(root / "gradebook" / "submitted" / attack.name / chapter / f"{chapter}.ipynb", json.dumps(notebook))


@pytest.mark.parametrize("attack", CODE, ids=[attack.name for attack in CODE])
def test_no_point_is_gained(siege: Siege, attack: Attack) -> None:
    assert siege.of(attack.name) <= siege.of(CONTROL.name)
    assert all(not score for test, score in siege.scores[attack.name].items() if test not in siege.tests)


def test_the_wrong_answer_alone_loses_points_for_itself(siege: Siege) -> None:
    assert siege.of(CONTROL.name) < sum(1 for _ in siege.tests) * 20
    assert siege.scores[CONTROL.name].keys() >= siege.tests
