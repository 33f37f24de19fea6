"""Does a learner find the way: welcome page, chapter, figures that move, progress that counts?"""

import json
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from lab_page import PATIENCE, Notebook, course_lab

from autograde.authoring.release import read_chapters
from autograde.course_folder import CourseFolder
from autograde.grading.stock import solved

REPOSITORY = Path(__file__).parents[2]
Keep = Callable[[str], None]
pytestmark = pytest.mark.slow
PROGRESS_CELL = "from course.progress_panel import show_progress\n\nshow_progress()"


def put_solved(root: Path, lang: str, chapter: str) -> None:
    """Give the learner a solved copy of a chapter: what is drawn from the learner's own functions is drawn too."""
    course = CourseFolder.open(REPOSITORY)
    released = REPOSITORY / "release" / lang / chapter / f"{chapter}.ipynb"
    target = root / "work" / lang / chapter / f"{chapter}.ipynb"
    target.parent.mkdir(parents=True)
    nbformat.write(solved(released, read_chapters(course, [chapter])[0]), target)


@pytest.mark.parametrize(
    ("lang", "title", "lead", "chapter"),
    [("en", "AI Practitioner", "Start here", "Chapter 1"), ("zh", "人工智能从业者", "从这里开始", "第 1 章")],
)
def test_the_welcome_page_leads_into_chapter_one_in_the_learners_language(
    page: Any, keep: Keep, learners_course: Path, tmp_path: Path, lang: str, title: str, lead: str, chapter: str
) -> None:
    with course_lab(learners_course, tmp_path, LANG=f"{lang}.UTF-8", LC_ALL="") as address:
        page.goto(address)
        welcome = page.locator(".jp-MarkdownViewer")
        welcome.locator("h1", has_text=title).wait_for(timeout=PATIENCE)
        assert "0 / 6" in welcome.text_content()
        keep(f"welcome-{lang}")
        welcome.locator("strong", has_text=lead).locator("a").click()
        notebook = Notebook(page)
        assert chapter in notebook.panel.locator("h1").first.text_content()
        keep(f"chapter-one-{lang}")
        assert page.locator(".jp-Dialog").count() == 0  # nothing asks for news, kernels or trust


@pytest.mark.parametrize(
    ("chapter", "lang"), [("ch01", "en"), ("ch02", "en"), ("ch02", "zh"), ("ch03", "en"), ("ch04", "en")]
)
def test_every_widget_changes_its_figure(
    page: Any, keep: Keep, learners_course: Path, tmp_path: Path, chapter: str, lang: str
) -> None:
    put_solved(learners_course, lang, chapter)
    text = (REPOSITORY / "release" / lang / chapter / f"{chapter}.ipynb").read_text(encoding="utf-8")
    sources = ["".join(cell["source"]) for cell in json.loads(text)["cells"] if cell["cell_type"] == "code"]
    written = sum(len(re.findall(r"^ *explore\(", source, re.MULTILINE)) for source in sources)
    with course_lab(learners_course, tmp_path, "--lang", lang) as address:
        page.goto(address.replace("welcome.md", f"{chapter}/{chapter}.ipynb"))
        notebook = Notebook(page)
        notebook.run_all()
        assert notebook.panel.locator('[data-mime-type="application/vnd.jupyter.error"]').count() == 0
        explorers = notebook.explorers()
        assert len(explorers) == written > 0
        idle = []
        for number, explorer in enumerate(explorers):
            explorer.guess()
            explorer.image.scroll_into_view_if_needed()
            controls = explorer.controls()
            assert controls
            for row in controls:
                if explorer.moved_by(row) is None:
                    idle.append(f"figure {number + 1}: {row.text_content()}")
            keep(f"{chapter}-{lang}-figure-{number + 1}")
        assert idle == []


def test_progress_counts_in_the_notebook_and_on_the_welcome_page(
    page: Any, keep: Keep, learners_course: Path, tmp_path: Path
) -> None:
    released = json.loads((learners_course / "release/en/ch02/ch02.ipynb").read_text(encoding="utf-8"))
    if not any(PROGRESS_CELL in "".join(cell["source"]) for cell in released["cells"]):
        cell = {"cell_type": "code", "id": "own", "metadata": {}, "outputs": [], "execution_count": None}
        released["cells"].insert(1, {**cell, "source": PROGRESS_CELL})
    mine = learners_course / "work/en/ch02/ch02.ipynb"
    mine.parent.mkdir(parents=True)
    mine.write_text(json.dumps(released), encoding="utf-8")
    with course_lab(learners_course, tmp_path, "--lang", "en") as address:
        page.goto(address.replace("welcome.md", "ch02/ch02.ipynb"))
        notebook = Notebook(page)
        panel = notebook.panel.locator(".jp-OutputArea-output", has_text="Your progress").first
        notebook.write("def mse(", "def mse(y, p):\n    return y")
        notebook.run_all()
        panel.wait_for()
        assert "0 of 6 exercises done" in panel.text_content()
        keep("progress-wrong")
        assert "✗ mse" in panel.text_content()  # wrong
        assert "○ softmax" in panel.text_content()  # not attempted is not wrong
        notebook.write("def softmax(", SOFTMAX)
        notebook.run_all()
        page.wait_for_function(
            "() => [...document.querySelectorAll('.jp-OutputArea-output')]"
            ".some(shown => shown.textContent.includes('1 of 6 exercises done'))",
            timeout=PATIENCE,
        )
        panel.scroll_into_view_if_needed()
        keep("progress-right")
        assert "✓ softmax" in panel.text_content()
        notebook.save()
        welcome = learners_course / "work/en/welcome.md"
        for _ in range(100):
            if "| 1 / 6 |" in welcome.read_text(encoding="utf-8"):
                break
            time.sleep(0.2)
        assert "| 1 / 6 |" in welcome.read_text(encoding="utf-8")
        page.goto(address)
        page.locator(".jp-MarkdownViewer td", has_text="1 / 6").wait_for(timeout=PATIENCE)
        keep("welcome-after-work")
        assert "Go on with" in page.locator(".jp-MarkdownViewer").text_content()


SOFTMAX = """def softmax(z, axis=-1):
    e = np.exp(z - np.max(z, axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)"""
