"""``course grade`` and ``nbgrader autograde`` are one pipeline: the same row, reasons, status and gradebook for the same bytes."""

import json
import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import foreign_course
import nbformat
import pytest
from both_ways import ENGINE, BothWays, database_of, grade_both_ways, rows_of
from foreign_course import ANSWERS, STAMPS, submit
from warm_command import run_warm

from autograde.grading.batch import grade_batch
from autograde.grading.storage.grading_log import append_row, read_grading_log
from autograde.lock import locked
from autograde.settings.course_folder import CourseFolder

pytestmark = pytest.mark.long(5)

TEN_OF_ONE = {**ANSWERS["honest"], "count": "count = 10\nmin = lambda *values: 100"}


def edited(root: Path, student: str, change: Callable[[Path], object]) -> None:
    """An honest submission, and what became of its folder."""
    submit(root, student, "honest")
    change(root / "submitted" / student / "ps1")


def answered(root: Path, student: str, answers: dict[str, str]) -> None:
    """A submission with answers of its own."""
    submit(root, student, "empty")
    for path in (root / "submitted" / student / "ps1").glob("*.ipynb"):
        notebook = nbformat.read(path, as_version=4)
        for cell in notebook.cells:
            cell.source = answers.get(cell.metadata.get("nbgrader", {}).get("grade_id"), cell.source)
        nbformat.write(notebook, path)


def copied(folder: Path) -> None:
    """The answers are in a copy beside the untouched notebook."""
    shutil.copyfile(folder / "p2.ipynb", folder / "p2-Copy1.ipynb")
    shutil.copyfile(folder.parents[2] / "release" / "ps1" / "p2.ipynb", folder / "p2.ipynb")


def linked(folder: Path) -> None:
    """A link in the place of a notebook."""
    (folder / "p1.ipynb").rename(folder / "notebook.txt")
    (folder / "p1.ipynb").symlink_to("notebook.txt")


def without_marks(folder: Path) -> None:
    """As an editor leaves it that knows no nbgrader."""
    notebook = json.loads((folder / "p1.ipynb").read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        cell["metadata"] = {}
    (folder / "p1.ipynb").write_text(json.dumps(notebook), encoding="utf-8")


FOLDERS: dict[str, Callable[[Path], object]] = {
    "another-name": lambda folder: (folder / "p1.ipynb").rename(folder / "my work.ipynb"),
    "last-under-another-name": lambda folder: (folder / "p2.ipynb").rename(folder / "homework.ipynb"),
    "copy-with-answers": copied,
    "link-for-a-notebook": linked,
    "noise-for-a-notebook": lambda folder: (folder / "p1.ipynb").write_bytes(bytes(range(256))),
    "torn": lambda folder: (folder / "p1.ipynb").write_bytes((folder / "p1.ipynb").read_bytes()[:1500]),
    "without-marks": without_marks,
    "year-one": lambda folder: (folder / "timestamp.txt").write_text("0001-01-02 00:00:00 UTC"),
    "no-time": lambda folder: (folder / "timestamp.txt").unlink(),
    "own-module": lambda folder: (folder / "helper.py").write_text("PI = 4\n"),
}
FORCED: dict[str, tuple[str, Callable[[Path], object]]] = {
    # what nbgrader refuses before it calls any plugin, with the status of `course grade`; docs/grading.md names each
    "all-under-other-names": ("graded", lambda folder: [path.rename(folder / f"my {path.name}") for path in [*folder.glob("*.ipynb")]]),
    "time-in-words": ("review", lambda folder: (folder / "timestamp.txt").write_text("yesterday evening")),
    "folder-for-a-file": ("graded", lambda folder: ((folder / "data.csv").unlink(), (folder / "data.csv").mkdir(), (folder / "data.csv" / "x").touch())),
    "link-to-nowhere": ("review", lambda folder: (folder / "notes.txt").symlink_to("nowhere")),
}  # fmt: skip
ANSWERED = {
    "ten-of-one": TEN_OF_ONE,
    "dies": {**ANSWERS["honest"], "area": "import os\ndef area(r):\n    os.kill(os.getpid(), 9)"},
    "tampers": {
        **ANSWERS["honest"],
        "square": "import builtins\nbuiltins.abs = lambda x: 0\ndef square(x): return x * x",
    },
}


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory: pytest.TempPathFactory, programs_of_this_environment: None) -> Path:
    """A foreign course with a submission of each kind."""
    root = foreign_course.build(tmp_path_factory.mktemp("pipeline") / "course")
    for kind in ("honest", "partial", "one", "files"):
        submit(root, kind, kind)
    submit(root, "late", "honest", STAMPS["late"])
    for student, change in FOLDERS.items():
        edited(root, student, change)
    for student, (_, change) in FORCED.items():
        edited(root, student, change)
    for student, answers in ANSWERED.items():
        answered(root, student, answers)
    return root


@pytest.fixture(scope="module")
def graded(handed_in: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, BothWays]:
    """Both ways, in both isolations."""
    return {
        isolation: grade_both_ways(
            shutil.copytree(handed_in, tmp_path_factory.mktemp(isolation) / "course", symlinks=True), isolation
        )
        for isolation in ("shared", "examiner")
    }


def test_a_test_that_gives_more_than_its_points_is_a_review_both_ways(graded: dict[str, BothWays]) -> None:
    found = graded["shared"]
    assert "for student 'ten-of-one'" not in found.said and "autograded/ten-of-one/ps1" not in removed(found.said)
    for rows in found.rows.values():
        assert rows["ten-of-one"]["status"] == "review"
        assert "test-fault" in [reason["code"] for reason in rows["ten-of-one"]["reasons"]]
    waiting = [row[2] for row in found.of("nbgrader", "ten-of-one")["grade"] if row[-1]]
    assert "noted-test" in waiting and "name-test" not in waiting


def removed(said: str) -> str:
    """What nbgrader says of the folders that it took away again."""
    return "\n".join(line for line in said.splitlines() if "Removing failed" in line)


@pytest.mark.parametrize("isolation", ["shared", "examiner"])
def test_what_nbgrader_refuses_itself_is_graded_by_course_grade_alone(
    graded: dict[str, BothWays], isolation: str
) -> None:
    found = graded[isolation]
    assert set(found.rows["course"]) - set(found.rows["nbgrader"]) == set(FORCED)
    assert {student: found.rows["course"][student]["status"] for student in FORCED} == {
        student: status for student, (status, _) in FORCED.items()
    }


@pytest.mark.parametrize("isolation", ["shared", "examiner"])
def test_the_same_row_and_the_same_gradebook(graded: dict[str, BothWays], isolation: str) -> None:
    found = graded[isolation]
    students = {"honest", "partial", "one", "files", "late", *FOLDERS, *ANSWERED}
    for student in students:
        assert found.rows["nbgrader"].get(student) == found.rows["course"][student], student
        assert found.of("nbgrader", student) == found.of("course", student), student
    log = read_grading_log(found.roots["nbgrader"] / "gradebook" / "grading-log.jsonl")
    assert not log.faults and {one.isolation for one in log.gradings} == {isolation}  # what certificates rest on
    statuses = {student: row["status"] for student, row in found.rows["course"].items()}
    assert statuses["honest"] == "graded" and statuses["year-one"] == statuses["noise-for-a-notebook"] == "review"
    assert found.rows["nbgrader"]["another-name"]["score"] == found.rows["nbgrader"]["honest"]["score"] > 0
    graded_folder = found.roots["nbgrader"] / "autograded" / "another-name" / "ps1"
    assert {path.name for path in graded_folder.glob("*.ipynb")} == {"p1.ipynb", "p2.ipynb"}


def test_one_notebook_by_name_is_the_whole_submission(handed_in: Path, tmp_path: Path) -> None:
    root = shutil.copytree(handed_in, tmp_path / "course", symlinks=True)
    for folder in (root / "submitted").iterdir():
        if folder.name not in ("honest", "files"):
            shutil.rmtree(folder)
    found = grade_both_ways(root, "examiner", "ps1", "--notebook", "p2")
    assert found.rows["nbgrader"] == found.rows["course"] and len(found.rows["course"]) == 2
    assert found.gradebooks["nbgrader"] == found.gradebooks["course"]


def test_the_formgraders_button_writes_the_row(handed_in: Path, tmp_path: Path) -> None:
    root = one_of(handed_in, tmp_path, "honest")
    code = (
        "from nbgrader.apps import NbGrader\nfrom nbgrader.apps.api import NbGraderAPI\n"
        "from nbgrader.coursedir import CourseDirectory\napp = NbGrader()\napp.load_config_file()\n"
        "api = NbGraderAPI(CourseDirectory(config=app.config), config=app.config)\n"
        "for _ in range(2): print(api.autograde('ps1', 'honest')['success'])\n"
    )
    run = run_warm(code, [], root, {}, 300)
    assert run.stdout.split() == ["True", "True"], run.stderr
    lines = [json.loads(line) for line in (root / "gradebook" / "grading-log.jsonl").read_text().splitlines()]
    assert len({row["id"] for row in lines}) == 2  # each click is a grading
    assert {(row["student"], row["status"], row["isolation"]) for row in lines} == {("honest", "graded", "shared")}


def test_a_task_of_a_notebook_that_was_missing_waits_when_it_is_there(handed_in: Path, tmp_path: Path) -> None:
    root, found = one_of(handed_in, tmp_path, "one"), []
    for _ in range(2):
        grade_batch(CourseFolder.of(root), "ps1", jobs=1, force=True)
        grades = map(json.loads, foreign_course.rows(database_of(root))["grade"])
        found += [(row[3], row[-1]) for row in grades if row[2] == "task"]
        submit(root, "one", "honest", STAMPS["late"])
    assert found == [(0.0, 0), (None, 1)]


OWN = """
from nbgrader.preprocessors.base import NbGraderPreprocessor
class Generous(NbGraderPreprocessor):
    def preprocess(self, nb, resources):
        for cell in nb.cells:
            if cell.metadata.get("nbgrader", {}).get("grade_id") == "name-test":
                cell.outputs = []
        return nb, resources
c.Autograde.autograde_preprocessors.insert(1, Generous)
"""


def test_a_courses_own_step_behind_the_engine_counts(handed_in: Path, tmp_path: Path) -> None:
    root = one_of(handed_in, tmp_path, "partial", ENGINE + OWN)
    foreign_course.nbgrader(root, "autograde", "ps1")
    cells = {cell["grade_id"]: cell["score"] for one in rows_of(root)["partial"]["notebooks"] for cell in one["cells"]}
    assert (cells["name-test"], cells["count-test"]) == (2.0, 0.0)


def test_half_of_the_settings_are_named(handed_in: Path, tmp_path: Path) -> None:
    root = one_of(handed_in, tmp_path, "honest", ENGINE.replace("c.Autograde.exporter_class", "# "))
    run = foreign_course.nbgrader(root, "autograde", "ps1", check=False)
    assert run.returncode != 0 and "EngineExecute needs c.Autograde.exporter_class" in run.stderr


def test_two_programs_append_one_after_the_other(tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    with locked(log.with_suffix(".lock")):
        writer = threading.Thread(target=append_row, args=(log, {"n": 1}))
        writer.start()
        writer.join(0.3)
        assert writer.is_alive() and not log.exists()
        log.write_text('{"n": 0}\n')
    writer.join(30)
    assert log.read_text() == '{"n": 0}\n{"n": 1}\n'


def one_of(handed_in: Path, tmp_path: Path, student: str, settings: str = ENGINE) -> Path:
    """A copy of the course with one of its submissions, under nbgrader with the engine."""
    root = shutil.copytree(handed_in, tmp_path / "course", symlinks=True)
    for folder in (root / "submitted").iterdir():
        if folder.name != student:
            shutil.rmtree(folder)
    with (root / "nbgrader_config.py").open("a", encoding="utf-8") as config:
        config.write(f"\nc.CourseDirectory.root = {str(root)!r}\n{settings}")
    return root
