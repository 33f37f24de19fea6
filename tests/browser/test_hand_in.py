"""From the answer to the feedback without leaving the browser: a learner hands in, an instructor grades by button."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import nbformat
import pytest
from lab_page import PATIENCE, Lab, Notebook, course_lab, validate
from mini_course import write_course

from autograde.authoring.release import build, read_chapters
from autograde.authoring.stock import solved
from autograde.settings.course_folder import CourseFolder

pytestmark = [pytest.mark.long(6), pytest.mark.slow]
REPOSITORY = Path(__file__).parents[2]
Keep = Callable[..., None]
SAYS = {"en": ("to look at again", "passes all the tests"), "zh": ("需要再看看", "通过了所有可见的测试")}
COMMENT = "Well argued. Next time name the axis."


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> CourseFolder:
    """A course directory whose one chapter, the real ch02, stands in the exchange in both languages."""
    text = (REPOSITORY / "notebooks" / "ch02_losses.py").read_text(encoding="utf-8")
    course = CourseFolder.open(write_course(tmp_path_factory.mktemp("released") / "course", ch02=text))
    build(course)
    for lang in course.languages:
        run = subprocess.run(
            [sys.executable, "-m", "nbgrader", "release_assignment", "ch02"], cwd=course.root,
            env={**os.environ, "COURSE_LANG": lang}, capture_output=True, text=True, timeout=300, check=False,
        )  # fmt: skip
        assert run.returncode == 0, run.stderr
    return course


def test_a_learner_hands_in_and_an_instructor_grades_by_button_until_the_feedback_is_read(
    page: Any, keep: Keep, released: CourseFolder, tmp_path: Path
) -> None:
    with (
        running(released, tmp_path / "learner", "--lang", "en") as learners,
        running(released, tmp_path / "instructor", "--instructor") as instructors,
    ):
        answer_and_submit(page, keep, learners, released, "en")
        page.goto(instructors.address())
        grade(page, keep)
        page.goto(learners.address("welcome.md"))
        choose(page, "nbgrader:open-assignment-list")
        submitted = page.locator("#submitted_assignments_list")
        submitted.locator("button", has_text="Fetch Feedback").first.click(timeout=PATIENCE)
        submitted.locator("a", has_text="view feedback").first.wait_for(timeout=PATIENCE)
        keep("feedback-fetched")
    (fetched,) = (released.root / "work" / "en").rglob("feedback/*/ch02.html")
    page.goto(fetched.as_uri())
    keep("feedback-page")
    text = page.locator("body").inner_text()
    assert COMMENT in text
    assert "HIDDEN" not in text


def test_the_chinese_edition_is_handed_in_the_same_way(
    page: Any, keep: Keep, released: CourseFolder, tmp_path: Path
) -> None:
    with running(released, tmp_path, "--lang", "zh") as lab:
        answer_and_submit(page, keep, lab, released, "zh")


def running(course: CourseFolder, scratch: Path, *words: str) -> AbstractContextManager[Lab]:
    """``course lab`` in the course directory, with settings of its own."""
    scratch.mkdir(exist_ok=True)
    return course_lab(course.root, scratch, *words)


def answer_and_submit(page: Any, keep: Keep, lab: Lab, course: CourseFolder, lang: str) -> None:
    """Type the one answer that is missing, wrong first and right then; validate, submit, see that it arrived."""
    answer = leave_one_open(course, lang)
    page.goto(lab.address("ch02/ch02.ipynb"))
    notebook = Notebook(page)
    notebook.write("def mse(", "def mse(y, y_hat):\n    return 0.0")
    validate(page, notebook, SAYS[lang][0])
    keep(f"validate-wrong-{lang}")
    page.locator(".jp-Dialog button").last.click()
    notebook.write("def mse(", answer)
    validate(page, notebook, SAYS[lang][1])
    keep(f"validate-right-{lang}")
    page.locator(".jp-Dialog button").last.click()
    choose(page, "nbgrader:open-assignment-list")
    row = page.locator("#fetched_assignments_list .list_item", has_text="ch02").first
    row.locator("button", has_text="Submit").first.click(timeout=PATIENCE)
    page.locator("#submitted_assignments_list .list_item", has_text="ch02").first.wait_for(timeout=PATIENCE)
    keep(f"submitted-{lang}")
    (submission,) = (course.root / "exchange" / course.exchange_id(lang) / "inbound").iterdir()
    cells = json.loads((submission / "ch02.ipynb").read_text(encoding="utf-8"))["cells"]
    assert next("".join(cell["source"]) for cell in cells if cell["id"] == "mse") == answer


def leave_one_open(course: CourseFolder, lang: str) -> str:
    """Give the learner chapter 2 with every answer but ``mse``; return the answer to that."""
    source = course.root / "release" / lang / "ch02" / "ch02.ipynb"
    work = solved(source, read_chapters(course)[0])
    typed = next(cell for cell in work.cells if cell.id == "mse")
    answer = str(typed.source)
    typed.source = next(cell.source for cell in nbformat.read(source, as_version=4).cells if cell.id == "mse")
    nbformat.write(work, course.root / "work" / lang / "ch02" / "ch02.ipynb")
    return answer


def choose(page: Any, command: str) -> None:
    """Choose an entry of the menu *Nbgrader* by its command."""
    page.locator("#jp-MainMenu .lm-MenuBar-itemLabel", has_text="Nbgrader").click(timeout=PATIENCE)
    page.locator(f'.lm-Menu li[data-command="{command}"]').first.click()


def grade(page: Any, keep: Keep) -> None:
    """Collect, grade by the button, see the score, add a comment, give the feedback out: all in the formgrader."""
    choose(page, "nbgrader:open-formgrader")
    formgrader = page.frame_locator("iframe").first
    row = formgrader.locator("tr", has_text="ch02").first
    row.locator(".collect a").click(timeout=PATIENCE)
    done(formgrader, "collect")
    row.locator(".num-submissions", has_text="1").wait_for(timeout=PATIENCE)
    keep("formgrader-collected")
    row.locator(".num-submissions a").click()
    submission = formgrader.locator("tbody tr").first
    submission.locator(".status", has_text="needs autograding").wait_for(timeout=PATIENCE)
    submission.locator(".autograde a").click()
    done(formgrader, "autograde")
    submission.locator(".score", has_text="20 / 20").wait_for(timeout=PATIENCE)
    keep("formgrader-graded")
    formgrader.locator("a", has_text="Manual Grading").first.click()
    for link in ("ch02", "ch02", "Submission #1"):
        formgrader.locator("tbody a", has_text=link).first.click(timeout=PATIENCE)
    comment = formgrader.locator("#mse-comment[placeholder]")  # the page has asked for the comments there are
    comment.fill(COMMENT, timeout=PATIENCE)
    with page.expect_response(lambda answer: "/api/comment/" in answer.url and answer.request.method == "PUT"):
        comment.press("Tab")
    keep("formgrader-comment")
    formgrader.locator("a", has_text="Manual Grading").first.click()
    formgrader.locator("a", has_text="Manage Assignments").first.click(timeout=PATIENCE)
    row = formgrader.locator("tr", has_text="ch02").first
    row.locator(".generate-feedback a").click(timeout=PATIENCE)
    done(formgrader, "generate feedback")
    row.locator(".release-feedback a").click(timeout=PATIENCE)
    done(formgrader, "release feedback")
    keep("formgrader-released")


def done(formgrader: Any, what: str) -> None:
    """Wait for the formgrader's message that a step is done, and close it."""
    message = formgrader.locator(".modal.in")
    message.wait_for(timeout=PATIENCE)
    said = message.inner_text()
    assert "success" in said.lower(), f"{what}: {said}"
    message.locator("button", has_text="OK").first.click()
    message.wait_for(state="hidden", timeout=PATIENCE)
