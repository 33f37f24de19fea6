"""``course grade``, ``nbgrader autograde`` and the formgrader's button leave the same gradebook, in this course's own way.

The button calls nbgrader's ``NbGraderAPI.autograde``; it is called here as the formgrader does. That a click leads there
is shown in a browser by ``tests/browser/test_hand_in.py``.
"""

import json
import random
import shutil
from pathlib import Path

import foreign_course
import nbformat
import pytest
from both_ways import BothWays, grade_both_ways
from damage import DAMAGES
from damage.test_damage_engine import SEEDS, answered, build, student_of
from mini_course import REPOSITORY, Course, write_course
from unusual import CHAPTER as UNUSUAL
from unusual import WAYS
from warm_command import COURSE, run_warm

from autograde.authoring.chapter import parse_chapter
from autograde.authoring.stock import solved
from autograde.authoring.trial import load_banks

pytestmark = pytest.mark.thorough

CHAPTER = REPOSITORY / "notebooks" / "ch02_losses.py"
BUTTON = """\
import json
from nbgrader.apps import NbGrader
from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
app = NbGrader()
app.load_config_file()
api = NbGraderAPI(CourseDirectory(config=app.config), config=app.config)
for student in sorted(api.get_submitted_students("ch02")):
    answer = api.autograde("ch02", student)
    print(json.dumps([student, answer["success"], answer.get("error", "")]))
"""


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory: pytest.TempPathFactory, programs_of_this_environment: None) -> Path:
    """A course directory of chapter 2 with one submission of each kind."""
    root = write_course(tmp_path_factory.mktemp("same") / "course", ch02=CHAPTER.read_text(encoding="utf-8"))
    chapter = parse_chapter(CHAPTER.read_text(encoding="utf-8"), str(CHAPTER))
    run_warm(COURSE, ["build"], root, {}, 120).check_returncode()
    banks = load_banks(chapter, REPOSITORY / "tests" / "chapters" / "ch02")
    released = root / "release" / "en" / "ch02" / "ch02.ipynb"
    blank, right = nbformat.read(released, as_version=4), solved(released, chapter)
    hand_in(root, "blank", blank)
    hand_in(root, "right", right)
    for exercise in chapter.exercises:
        bank = banks[exercise.id]
        for verdict in ("right", "wrong"):
            variant = next(one for one in bank.variants if one.verdict == verdict)
            work = solved(released, chapter)
            answer = next(cell for cell in work.cells if cell.id == exercise.solution.id)
            answer.source = f"{bank.preamble}\n\n{variant.source}"
            hand_in(root, f"{verdict}-{exercise.id}", work)
    damaged = solved(released, chapter)
    for cell in damaged.cells[::3]:
        cell.metadata = {}
    hand_in(root, "damaged", damaged)
    forger = solved(released, chapter)
    next(
        cell for cell in forger.cells if cell.id == "mse"
    ).source = "import numpy as np\nnp.allclose = np.isclose = lambda *a, **k: True\ndef mse(*a): return 0.0"
    hand_in(root, "forger", forger)
    text = (root / "gradebook" / "submitted" / "right" / "ch02" / "ch02.ipynb").read_bytes()
    for student, content in {"empty": b"", "noise": bytes(range(256)) * 9, "torn": text[: len(text) // 2]}.items():
        (root / "gradebook" / "submitted" / student / "ch02").mkdir(parents=True)
        (root / "gradebook" / "submitted" / student / "ch02" / "ch02.ipynb").write_bytes(content)
    return root


def hand_in(root: Path, student: str, notebook: nbformat.NotebookNode) -> None:
    folder = root / "gradebook" / "submitted" / student / "ch02"
    folder.mkdir(parents=True)
    nbformat.write(notebook, folder / "ch02.ipynb")


@pytest.mark.slow
@pytest.mark.parametrize("isolation", ["examiner", "shared"])
def test_three_ways_to_grade_chapter_2_give_one_gradebook(
    handed_in: Path, tmp_path: Path, course: Course, isolation: str
) -> None:
    ways = {way: shutil.copytree(handed_in, tmp_path / way) for way in ("course", "nbgrader", "button")}
    for root in ways.values():
        with (root / "course.toml").open("a", encoding="utf-8") as settings:
            settings.write(f'\n[grading]\nisolation = "{isolation}"\n')
    run = course("grade", "ch02", cwd=ways["course"], timeout=600)
    assert "graded now" in run.stdout, run.stdout + run.stderr
    foreign_course.nbgrader(ways["nbgrader"], "autograde", "ch02", check=False)
    pressed = run_warm(BUTTON, [], ways["button"], {}, 600)
    assert pressed.returncode == 0, pressed.stderr
    for root in ways.values():
        graded = nbformat.read(root / "gradebook" / "autograded" / "right" / "ch02" / "ch02.ipynb", as_version=4)
        assert graded.metadata.feedback.isolation == isolation
    found = {way: foreign_course.rows(root / "gradebook" / "gradebook.db") for way, root in ways.items()}
    for way in ("nbgrader", "button"):
        for kind in found["course"]:
            assert found[way][kind] == found["course"][kind], f"{way}: {kind}"
    waiting = {row[0] for row in map(json.loads, found["course"]["grade"]) if row[-1]}
    assert waiting == {"empty", "noise", "torn"} | ({"forger"} if isolation == "shared" else set())
    scores: dict[str, float] = {}
    for student, _, _, score, *_ in map(json.loads, found["course"]["grade"]):
        scores[student] = scores.get(student, 0) + (score or 0)
    full = {student for student, score in scores.items() if score == 20}
    assert full == {student for student in scores if student.startswith("right")} | {"damaged"}
    assert len(scores) >= 14 and scores["blank"] == 0 and 0 < scores["forger"] < 20


def same(found: BothWays, students: set[str]) -> None:
    """Both ways gave each learner the same row (reasons, status, scores) and the same entries of the gradebook."""
    assert set(found.rows["course"]) == set(found.rows["nbgrader"]) == students
    different = [one for one in students if found.rows["course"][one] != found.rows["nbgrader"][one]]
    assert not different, {one: (found.rows["course"][one], found.rows["nbgrader"][one]) for one in different[:3]}
    for kind in found.gradebooks["course"]:
        assert found.gradebooks["nbgrader"][kind] == found.gradebooks["course"][kind], kind


@pytest.mark.slow
@pytest.mark.parametrize("isolation", ["examiner", "shared"])
def test_damage_is_the_same_both_ways(tmp_path: Path, programs_of_this_environment: None, isolation: str) -> None:
    root = build(tmp_path / "course")
    whole = answered(root)
    handed_in = {student_of(one, seed): one.apply(whole, random.Random(seed)) for one in DAMAGES for seed in SEEDS}
    for student, raw in {**handed_in, "whole": whole}.items():
        folder = root / "submitted" / student / "ps1"
        folder.mkdir(parents=True)
        (folder / "small.ipynb").write_bytes(raw)
    same(grade_both_ways(root, isolation), {*handed_in, "whole"})


@pytest.mark.slow
@pytest.mark.parametrize("isolation", ["examiner", "shared"])
def test_unusual_answers_are_the_same_both_ways(
    tmp_path: Path, programs_of_this_environment: None, isolation: str
) -> None:
    root = write_course(tmp_path / "course", ch91=UNUSUAL)
    run_warm(COURSE, ["build"], root, {}, 120).check_returncode()
    for student, (square, mean) in WAYS.items():
        work = nbformat.read(root / "release" / "en" / "ch91" / "ch91.ipynb", as_version=4)
        for cell in work.cells:
            cell.source = {"square": square, "mean": mean}.get(cell.id, cell.source)
        folder = root / "gradebook" / "submitted" / student / "ch91"
        folder.mkdir(parents=True)
        nbformat.write(work, folder / "ch91.ipynb")
    same(grade_both_ways(root, isolation, "ch91"), set(WAYS))
