"""Feedback pages of real gradings: what they say, and what they never say."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import foreign_course
import nbformat
import pytest
from feedback_pages import dangers, hidden_lines, leaked, text_of
from mini_course import Course

from autograde.authoring.release import build, read_chapters
from autograde.authoring.stock import copy_course, solved
from autograde.feedback.command import write_feedback
from autograde.grading.batch import grade_batch
from autograde.settings.course_folder import CourseFolder

pytestmark = pytest.mark.long(10)

REPOSITORY = Path(__file__).parents[3]
SECRET = "12.25"  # stands in a hidden test of ch91 only


def hand_in(root: Path, student: str, source: str, lang: str = "en") -> Path:
    """Hand in ch91 with one answer, through the exchange as it seems."""
    folder = root / "gradebook" / "submitted" / student / "ch91"
    folder.mkdir(parents=True, exist_ok=True)
    notebook = nbformat.read(root / "release" / lang / "ch91" / "ch91.ipynb", as_version=4)
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == "square":
            cell.source = source
    nbformat.write(notebook, folder / "ch91.ipynb")
    (folder / "timestamp.txt").write_text("2026-01-30 10:00:00 UTC")
    (folder / "submission_secret.txt").write_text(f"secret of {student}")
    return folder


def page(root: Path, student: str, assignment: str = "ch91") -> str:
    return (root / "gradebook" / "feedback" / student / assignment / f"{assignment}.html").read_text(encoding="utf-8")


def run(done: "subprocess.CompletedProcess[str]") -> str:
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout


@pytest.fixture(scope="module")
def graded_once(built_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """ch91 with answers of many kinds, graded with an examiner; only to be copied."""
    built = shutil.copytree(built_once, tmp_path_factory.mktemp("graded") / "mini")
    hand_in(built, "right", "def square(x):\n    return x * x")
    hand_in(built, "double", "def square(x):\n    return x * abs(x)")
    hand_in(built, "raises", "def helper(x):\n    raise KeyError('my own words')\ndef square(x):\n    return helper(x)")
    hand_in(built, "forgets", "def square(x):\n    x * x")
    hand_in(built, "chinese", "def square(x):\n    return x * abs(x)", "zh")
    hand_in(built, "gone", "pass")
    shutil.copyfile(built / "release/en/ch91/ch91.ipynb", hand_in(built, "blank", "") / "ch91.ipynb")
    grade_batch(CourseFolder.of(built), "ch91", jobs=1, isolation="examiner")
    return built


@pytest.fixture
def graded(graded_once: Path, tmp_path: Path) -> Path:
    """A copy of the graded course directory of ch91, to do anything with."""
    return shutil.copytree(graded_once, tmp_path / "graded")


def test_each_learner_reads_what_happened_and_nobody_the_hidden_tests(graded: Path) -> None:
    write_feedback(CourseFolder.of(graded), "ch91")
    assert "Everything passed" in page(graded, "right")
    assert "<code>square</code> is wrong for negative numbers" in page(graded, "double")
    assert "KeyError: my own words" in page(graded, "raises")
    assert "in your" not in page(graded, "raises") and "helper" in page(graded, "raises")
    assert "No answer yet" in page(graded, "blank")
    assert "<code>square</code> is not defined" in page(graded, "gone")
    assert "学员" in page(graded, "chinese") and 'lang="zh-Hans"' in page(graded, "chinese")
    hidden = hidden_lines(graded / "source/ch91/ch91.ipynb", text_of(graded / "release/en/ch91/ch91.ipynb"))
    assert len(hidden) == 2
    for student in ("right", "double", "raises", "forgets", "blank", "gone", "chinese"):
        assert leaked(page(graded, student), hidden) == set(), student
        assert SECRET not in page(graded, student)
        assert dangers(page(graded, student)) == []


def test_a_page_is_written_anew_only_when_something_that_it_shows_changed(graded: Path) -> None:
    first = write_feedback(CourseFolder.of(graded), "ch91")
    assert (len(first.pages), first.kept) == (7, 0)
    again = write_feedback(CourseFolder.of(graded), "ch91")
    assert (again.pages, again.kept) == ([], 7)
    assert len(write_feedback(CourseFolder.of(graded), "ch91", ["right"], language="zh").pages) == 1
    assert len(write_feedback(CourseFolder.of(graded), "ch91", ["right"]).pages) == 1
    comment(graded, "double", "Look at **negative** numbers.\n\n<script>alert(1)</script>")
    assert [path.parts[-3] for path in write_feedback(CourseFolder.of(graded), "ch91").pages] == ["double"]
    assert "<strong>negative</strong>" in page(graded, "double")
    assert dangers(page(graded, "double")) == []


def comment(root: Path, student: str, text: str) -> None:
    """What a grader does in the formgrader."""
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{root / 'gradebook' / 'gradebook.db'}") as gradebook:
        gradebook.find_comment("square", "ch91", "ch91", student).manual_comment = text
        gradebook.db.commit()


def test_nbgraders_own_command_gives_the_same_pages_and_they_reach_the_exchange(graded: Path) -> None:
    write_feedback(CourseFolder.of(graded), "ch91")
    ours = {student: page(graded, student) for student in ("right", "double", "chinese")}
    shutil.rmtree(graded / "gradebook" / "feedback")
    foreign_course.nbgrader(graded, "generate_feedback", "ch91")
    for student, expected in ours.items():
        assert without_state(page(graded, student)) == without_state(expected)
    foreign_course.nbgrader(graded, "release_feedback", "ch91")
    assert len(list((graded / "exchange").rglob("*.html"))) == 7


def without_state(page: str) -> list[str]:
    return [line for line in page.splitlines() if 'name="made-of"' not in line]


def test_pages_of_course_feedback_are_released_too(graded: Path, course: Course) -> None:
    assert "7 pages written, 0 up to date" in run(course("feedback", "ch91", cwd=graded))
    foreign_course.nbgrader(graded, "release_feedback", "ch91")
    assert len(list((graded / "exchange").rglob("*.html"))) == 7


LIAR = """\
import json
from IPython import get_ipython
def square(x):
    raise AssertionError("".join(get_ipython().user_ns["In"]))
"""
READER = "print('\\n'.join(In))\nraise ValueError('\\n'.join(In))"


@pytest.mark.parametrize("way", ["shared", "nbgrader"])
def test_where_tests_run_in_the_learners_process_its_outputs_are_not_passed_on(built: Path, way: str) -> None:
    """The learner's process knows all of a test there; whatever it prints may be the test."""
    hand_in(built, "liar", LIAR)
    hand_in(built, "double", "def square(x):\n    return 3 * x")
    hand_in(built, "hidden", "def square(x):\n    return x * abs(x)")
    path = hand_in(built, "reader", "def square(x):\n    return x * x") / "ch91.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell(READER, outputs=[seen("what the learner saw at home")]))
    # a record of the learner's own making, which nbgrader leaves where it is
    notebook.metadata["feedback"] = {
        "isolation": "examiner",
        "status": "graded",
        "reasons": [],
        "checks": {},
        "seal": "x",
    }
    nbformat.write(notebook, path)
    if way == "shared":
        grade_batch(CourseFolder.of(built), "ch91", jobs=1, isolation="shared")
        write_feedback(CourseFolder.of(built), "ch91")
    else:
        with (built / "nbgrader_config.py").open("a", encoding="utf-8") as config:
            config.write(STOCK)
        foreign_course.nbgrader(built, "autograde", "ch91")
        foreign_course.nbgrader(built, "generate_feedback", "ch91")
    graded = (built / "gradebook/autograded/reader/ch91/ch91.ipynb").read_text(encoding="utf-8")
    hidden = hidden_lines(built / "source/ch91/ch91.ipynb", text_of(built / "release/en/ch91/ch91.ipynb"))
    outputs = json.dumps([cell.get("outputs") for cell in json.loads(graded)["cells"]])
    assert SECRET in outputs  # the attack works
    for student in ("liar", "double", "hidden", "reader"):
        assert leaked(page(built, student), hidden) == set(), student
        assert SECRET not in page(built, student)
    assert "what the learner saw at home" in page(built, "reader")
    assert "ended with ValueError" in page(built, "reader")
    assert "look again at what <code>square</code> returns" in page(built, "double")  # public: its author's words
    assert "wrong for negative numbers" not in page(built, "hidden")
    assert "compare your answer" in page(built, "hidden")


STOCK = """
c.Autograde.exporter_class = "nbconvert.exporters.NotebookExporter"
c.Autograde.autograde_preprocessors = [
    "nbgrader.preprocessors.Execute", "nbgrader.preprocessors.SaveAutoGrades",
    "nbgrader.preprocessors.AssignLatePenalties", "nbgrader.preprocessors.CheckCellMetadata"]
"""


def seen(text: str) -> Any:
    return nbformat.v4.new_output("stream", name="stdout", text=text)


def test_repairs_are_told_and_a_file_that_is_no_notebook_gets_a_page(built: Path) -> None:
    folder = hand_in(built, "copies", "def square(x):\n    return x * x")
    notebook = json.loads((folder / "ch91.ipynb").read_text())
    notebook["cells"] += [cell for cell in notebook["cells"] if cell["id"] == "square-of-two"]
    (folder / "ch91.ipynb").write_text(json.dumps(notebook))
    (hand_in(built, "torn", "") / "ch91.ipynb").write_bytes(b"\x00\x01 no notebook <script>alert(1)</script>")
    empty = hand_in(built, "empty", "")
    (empty / "ch91.ipynb").unlink()
    grade_batch(CourseFolder.of(built), "ch91", jobs=1, isolation="examiner")
    write_feedback(CourseFolder.of(built), "ch91")
    assert "What the grader noticed" in page(built, "copies") and "Nothing that you wrote was lost" in page(
        built, "copies"
    )
    assert "a person will look at it" in page(built, "torn")
    assert "You handed in no ch91.ipynb" in page(built, "empty")
    for student in ("copies", "torn", "empty"):
        assert dangers(page(built, student)) == []
    foreign_course.nbgrader(built, "release_feedback", "ch91")
    assert len(list((built / "exchange").rglob("*.html"))) == 3


def test_late_points_and_waiting_cells_are_told(built: Path) -> None:
    foreign_course.nbgrader(built, "db", "assignment", "add", "ch91", "--duedate=2026-01-29 00:00:00 UTC")
    hand_in(built, "late", "def square(x):\n    return x * x")
    grade_batch(CourseFolder.of(built), "ch91", jobs=1)
    write_feedback(CourseFolder.of(built), "ch91")
    why = "2 points earned; 0.2 off for lateness (2 started days after the due date); 1.8 count"
    assert why in page(built, "late")
    assert "<b>1.8</b> <span>/ 2</span>" in page(built, "late")


def test_a_page_has_the_learners_name_as_soon_as_the_gradebook_knows_it(built: Path) -> None:
    hand_in(built, "chen", "def square(x):\n    return x * x")
    (hand_in(built, "torn", "") / "ch91.ipynb").unlink()
    grade_batch(CourseFolder.of(built), "ch91", jobs=1)
    write_feedback(CourseFolder.of(built), "ch91")
    assert "for chen" in page(built, "chen") and "for torn" in page(built, "torn")
    for student, first in (("chen", "晓明"), ("torn", "Lou")):
        foreign_course.nbgrader(built, "db", "student", "add", student, f"--first-name={first}", "--last-name= ")
    assert len(write_feedback(CourseFolder.of(built), "ch91").pages) == 2
    assert "for 晓明 " in page(built, "chen") + " " and "for Lou" in page(built, "torn")


def test_who_is_not_graded_yet_is_named_and_who_handed_in_nothing_is_an_error(built: Path, course: Course) -> None:
    hand_in(built, "ada", "pass")
    waiting = course("feedback", "ch91", cwd=built)
    assert waiting.returncode == 1 and "not graded yet: ada; run `course grade ch91`" in waiting.stderr
    assert course("feedback", "ch91", "--student", "nobody", cwd=built).returncode == 2
    assert course("feedback", "ch77", cwd=built).returncode == 1


@pytest.mark.slow
@pytest.mark.thorough
def test_a_foreign_course_with_cells_for_people_and_two_notebooks(tmp_path: Path, course: Course) -> None:
    root = foreign_course.build(tmp_path / "foreign")
    for kind in ("honest", "empty", "broken", "one", "noisy"):
        foreign_course.submit(root, kind, kind)
    course("grade", "ps1", "--course-dir", str(root), timeout=600)
    write_feedback(CourseFolder.of(root), "ps1")
    pages = {
        path.relative_to(root / "feedback").as_posix(): path.read_text() for path in (root / "feedback").rglob("*.html")
    }
    assert len(pages) == 10
    assert "You handed in no p1.ipynb" in pages["one/ps1/p1.html"]
    assert "waits for a person" in pages["honest/ps1/p1.html"]
    for name, text in pages.items():
        assert "square(-3)" not in text, name
        assert dangers(text) == [], name


@pytest.mark.slow
@pytest.mark.parametrize(
    "chapter", ["ch02", *(pytest.param(name, marks=pytest.mark.thorough) for name in ("ch01", "ch03", "ch04"))]
)
def test_no_line_of_a_chapters_hidden_tests_is_in_the_feedback_of_failing_work(
    chapter: str, tmp_path: Path, course: Course
) -> None:
    root = tmp_path / "course"
    copy_course(REPOSITORY, root)
    build(CourseFolder.open(root), [chapter])
    (text,) = [one for one in read_chapters(CourseFolder.open(root)) if one.name == chapter]
    released = root / "release" / "en" / chapter / f"{chapter}.ipynb"
    kinds = {"blank": lambda source, number: source, "wrong": broken, "none": gives_none}
    for kind, change in kinds.items():
        notebook = nbformat.read(released, as_version=4) if kind == "blank" else solved(released, text)
        answers = [cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("solution")]
        for number, cell in enumerate(answers):
            cell.source = change(cell.source, number)
        folder = root / "gradebook" / "submitted" / kind / chapter
        folder.mkdir(parents=True)
        nbformat.write(notebook, folder / f"{chapter}.ipynb")
    grade_batch(CourseFolder.of(root), chapter, jobs=1, isolation="examiner")
    write_feedback(CourseFolder.of(root), chapter)
    for kind in kinds:
        handed_in = root / "gradebook" / "submitted" / kind / chapter / f"{chapter}.ipynb"
        hidden = hidden_lines(root / "source" / chapter / f"{chapter}.ipynb", text_of(released) + text_of(handed_in))
        assert len(hidden) > 50
        shown = page(root, kind, chapter)
        assert leaked(shown, hidden) == set(), kind
        assert "BEGIN HIDDEN" not in shown and dangers(shown) == []
        assert shown.count('class="check') > 5


def broken(source: str, number: int) -> str:
    """Wrong in another way each time: a value, an error, an error of its own, nothing at all."""
    changes = (
        lambda s: s.replace("return ", "return 3 * "),
        lambda s: s.replace("return ", "raise ValueError('my own'); return "),
        lambda s: "def f(:\n    pass",
        lambda s: s.replace("return ", "return None and "),
    )
    return changes[number % len(changes)](source)


def gives_none(source: str, number: int) -> str:
    return source.replace("return ", "return None and ")
