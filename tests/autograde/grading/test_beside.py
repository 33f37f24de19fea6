"""What lies beside a notebook while it runs: the course's own files where the tests run, whatever a learner handed in."""

import json
import shutil
import time
from pathlib import Path

import beside_course
import foreign_course
import nbformat
import pytest
from beside_course import RIGHT, build, scores
from mini_course import write
from nbgrader.utils import find_all_files

from autograde.errors import CourseError
from autograde.grading.batch import grade_batch
from autograde.grading.intake.ignored import files_below
from autograde.grading.kernels.made_files import fitting
from autograde.settings.course_folder import CourseFolder

FULL = {"offset-test": 1, "area-test": 2, "total-test": 1, "greet-test": 1, "y-test": 1, "n-test": 1, "why": None}
NONE = {"offset-test": 0, "area-test": 0, "total-test": 0, "greet-test": 0, "y-test": 0, "n-test": 0, "why": None}
ENGINE = """
c.Autograde.exporter_class = "autograde.nbgrader_ext.engine.RepairingExporter"
c.Autograde.autograde_preprocessors = [
    "autograde.nbgrader_ext.engine.EngineExecute", "nbgrader.preprocessors.IgnorePattern",
    "nbconvert.preprocessors.ClearMetadataPreprocessor", "nbgrader.preprocessors.LimitOutput",
    "autograde.nbgrader_ext.engine.SaveVerdicts", "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata"]
"""


@pytest.fixture(scope="module")
def course_once(tmp_path_factory: pytest.TempPathFactory, programs_of_this_environment: None) -> Path:
    return build(tmp_path_factory.mktemp("beside"))


@pytest.fixture
def root(course_once: Path, tmp_path: Path) -> Path:
    return shutil.copytree(course_once, tmp_path / "course")


@pytest.mark.parametrize("isolation", ["shared", "examiner"])
def test_the_courses_own_files_count_whatever_is_handed_in(root: Path, isolation: str) -> None:
    batch = grade_batch(CourseFolder.of(root), "ps1", jobs=2, isolation=isolation)
    found = scores(root)
    assert {student: found[student] for student in found if student.startswith("right")} == dict.fromkeys(
        ("right-untouched", "right-changed", "right-shadowed", "right-deleted"), FULL
    )
    assert {student: found[student] for student in found if student.startswith("wrong")} == dict.fromkeys(
        ("wrong-untouched", "wrong-changed", "wrong-shadowed", "wrong-deleted"), NONE
    )
    assert {row["status"] for row in batch.rows.values()} == {"graded"}
    said = {student: {one["code"] for one in row["reasons"]} for student, row in batch.rows.items()}
    assert said["right-untouched"] == said["right-deleted"] == set()
    assert said["right-changed"] == {"file-replaced"} and said["right-shadowed"] == {"file-left-out"}


def test_what_a_script_of_the_courses_defines_is_the_courses_own_where_the_tests_run(root: Path) -> None:
    shutil.rmtree(root / "submitted")
    answers = {
        **RIGHT,
        "y": "y = 0\nLIMIT = -6",
        "area": "class helper:\n    near = lambda *a: True\ndef area(r): return 0",
    }
    beside_course.submit(root, "liar", answers, "untouched")
    grade_batch(CourseFolder.of(root), "ps1", jobs=1, isolation="examiner")
    assert scores(root)["liar"] == {**FULL, "y-test": 0, "area-test": 0}


@pytest.mark.parametrize(
    ("keep", "test", "named"),
    [
        ("helper.py", None, "01-main/setup asks for helper.py"),
        ("data/values.csv", None, "01-main/total-test asks for data/values.csv"),
        (
            "",
            "import json\nassert n == len(json.load(open('01-main.ipynb'))['cells'])",
            "01-main/n-test asks for 01-main.ipynb",
        ),
    ],
)
def test_tests_that_ask_for_a_learners_file_are_named_before_anything_is_graded(
    root: Path, keep: str, test: str | None, named: str
) -> None:
    with (root / "nbgrader_config.py").open("a", encoding="utf-8") as config:
        config.write(f"\nc.Autograde.exclude_overwriting = {{'ps1': [{keep!r}]}}\n")
    if test:
        path = root / "source" / "ps1" / "01-main.ipynb"
        notebook = nbformat.read(path, as_version=4)
        next(cell for cell in notebook.cells if cell.id == "n-test").source = test
        nbformat.write(notebook, path)
        foreign_course.nbgrader(root, "generate_assignment", "ps1", "--force")
    with pytest.raises(CourseError, match=f"{named}.*--isolation shared"):
        grade_batch(CourseFolder.of(root), "ps1", jobs=1, isolation="examiner")
    grade_batch(CourseFolder.of(root), "ps1", jobs=1, isolation="shared", students=["right-untouched"])
    assert scores(root)["right-untouched"] == FULL


@pytest.mark.parametrize("isolation", ["shared", "examiner"])
def test_nbgraders_own_command_with_the_engine_gives_the_same(root: Path, isolation: str) -> None:
    write(root / "course.toml", f'[grading]\nisolation = "{isolation}"\n')
    with (root / "nbgrader_config.py").open("a", encoding="utf-8") as config:
        config.write(ENGINE)
    for student in ("right-deleted", "wrong-changed", "wrong-untouched", "right-changed"):
        shutil.rmtree(root / "submitted" / student)
    for student in (
        "right-shadowed",
        "wrong-shadowed",
    ):  # a folder in a file's place is more than nbgrader's own step takes
        shutil.rmtree(root / "submitted" / student / "ps1" / "data")
    foreign_course.nbgrader(root, "autograde", "ps1")
    assert scores(root) == {
        "right-untouched": FULL,
        "right-shadowed": FULL,
        "wrong-deleted": NONE,
        "wrong-shadowed": NONE,
    }


@pytest.mark.thorough
def test_stock_nbgrader_gives_the_same_where_nothing_is_shadowed(root: Path) -> None:
    """What the others are held against; a package beside `helper.py` deceives stock nbgrader."""
    for student in ("right-shadowed", "wrong-shadowed", "right-deleted", "wrong-untouched"):
        shutil.rmtree(root / "submitted" / student)
    foreign_course.nbgrader(root, "autograde", "ps1")
    assert scores(root) == {
        "right-untouched": FULL,
        "right-changed": FULL,
        "wrong-changed": NONE,
        "wrong-deleted": NONE,
    }


READER = """\
import glob, os
offset, found = 5, []
for folder, inner, names in (step for top in ("/tmp", ".") for step in os.walk(top)):
    if "site-packages" in inner: inner.remove("site-packages")  # an environment that lies there
    for name in names:
        try: found += ["hidden" + "-in-" in open(os.path.join(folder, name), errors="replace").read() and name]
        except OSError: pass
print(sorted(glob.glob("*.ipynb")), set(found))
"""


@pytest.mark.parametrize(
    ("way", "released"), [("shared", True), ("examiner", True), ("examiner", False), ("nbgrader", True)]
)
def test_no_hidden_test_lies_beside_the_learners_cells(root: Path, way: str, released: bool) -> None:
    """Stock nbgrader's own folder holds them."""
    shutil.rmtree(root / "submitted")
    beside_course.submit(root, "reader", {**RIGHT, "n": "n = 99\n" + READER, "offset": READER}, "untouched")
    if not released:
        shutil.rmtree(root / "release")
    if way == "nbgrader":
        write(root / "course.toml", '[grading]\nisolation = "examiner"\n')
        with (root / "nbgrader_config.py").open("a", encoding="utf-8") as config:
            config.write(ENGINE)
        foreign_course.nbgrader(root, "autograde", "ps1")
    else:
        grade_batch(CourseFolder.of(root), "ps1", jobs=1, isolation=way)
    assert scores(root)["reader"] == FULL
    for name, there in (("00-base", ["00-base.ipynb"]), ("01-main", ["00-base.ipynb", "01-main.ipynb"])):
        graded = nbformat.read(root / "autograded" / "reader" / "ps1" / f"{name}.ipynb", as_version=4)
        (said,) = ["".join(o.get("text", "") for o in c.outputs) for c in graded.cells if READER in c.source]
        assert said == f"{there} {{False}}\n"


def test_files_are_found_as_nbgrader_finds_them(tmp_path: Path) -> None:
    for path in (
        "a.txt",
        ".hidden",
        "x.pyc",
        "feedback/y.txt",
        "sub/feedback",
        "sub/b/c.ipynb",
        "sub/.ipynb_checkpoints/z",
    ):
        write(tmp_path / "top" / path, "")
    for ignore in ([], [".ipynb_checkpoints", "*.pyc", "__pycache__", "feedback"], ["*.ipynb"], ["*"], ["top"], [".*"]):
        assert files_below(tmp_path / "top", ignore) == sorted(map(Path, find_all_files(str(tmp_path / "top"), ignore)))


def test_a_notebook_below_a_folder_with_brackets_is_left_out_too(tmp_path: Path) -> None:
    """nbgrader takes the folder's name for a pattern."""
    write(tmp_path / "[b]" / "c.ipynb", "")
    assert files_below(tmp_path, ["*.ipynb"]) == []


def test_many_files_take_time_that_grows_with_their_number_only() -> None:
    names = {f"img/{n % 100}/{n}.txt": b"x" for n in range(60_000)}
    started = time.process_time()
    assert fitting(names, ["p1"]) == names
    assert time.process_time() - started < 10  # by comparing each with all before it: an hour


def test_more_files_than_a_learner_may_make_lie_beside_the_notebook(root: Path) -> None:
    """What the course lays out is not the learner's to answer for."""
    write(root / "course.toml", "[grading]\nisolation = 'examiner'\nfolder_files = 700\nfolder_mb = 1\n")
    for number in range(1_500):
        write(root / "source" / "ps1" / "img" / f"{number}.txt", "x")
    write(root / "source" / "ps1" / "big.bin", "x" * 3_000_000)
    batch = grade_batch(CourseFolder.of(root), "ps1", jobs=1, students=["right-untouched"])
    assert scores(root) == {"right-untouched": FULL}
    assert batch.rows["right-untouched"]["reasons"] == []


def test_what_the_engine_lays_out_is_not_kept(root: Path) -> None:
    grade_batch(CourseFolder.of(root), "ps1", jobs=1, isolation="examiner", students=["right-untouched"])
    folder = root / "autograded" / "right-untouched" / "ps1"
    kept = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert kept == {*beside_course.FILES, "00-base.ipynb", "01-main.ipynb"}
    text = json.dumps(nbformat.read(folder / "01-main.ipynb", as_version=4))
    assert "hidden-in-main" in text  # what stock nbgrader leaves for the formgrader
