"""Is the report of 300 learners one that a person can use: what needs them first, a table that stays usable, on paper whole?"""

import json
import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest
from book import Book
from nbgrader.api import Grade, Gradebook, Student, SubmittedAssignment, SubmittedNotebook

from autograde.report.command import write_report
from autograde.settings.course_folder import CourseFolder

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
playwright = pytest.importorskip("playwright.sync_api", reason="needs playwright")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium on PATH")

CHAPTERS = ("ch01", "ch02", "ch03", "ch04")
CELLS = [f"check-{j}" for j in (3, 10, 1, 2, 12, 7)]  # as the notebook has them: no order of names
DAY, NOW = date(2026, 3, 10), datetime(2026, 3, 10, 9, 30, tzinfo=UTC)


def hand_in(gradebook: Gradebook, chapter: str, learner: str, scores: list[float | None]) -> None:
    """What nbgrader writes for one submission, all of a class in one transaction; None waits for a person."""
    assignment = gradebook.find_assignment(chapter)
    notebook = assignment.notebooks[0]
    submission = SubmittedAssignment(
        assignment=assignment, student=gradebook.find_student(learner), timestamp=datetime(2026, 1, 5, 10)
    )
    entry = SubmittedNotebook(notebook=notebook, assignment=submission)
    for cell in notebook.grade_cells:
        score = scores[CELLS.index(cell.name)]
        Grade(
            cell_id=cell.id, cell=cell, notebook=entry, auto_score=score, needs_manual_grade=score is None,
        )  # fmt: skip
    gradebook.db.add(submission)


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Path:
    """300 learners: some fail, some never come, ten wait for a person, one could not be graded."""
    root = tmp_path_factory.mktemp("class")
    shutil.copy(Path(__file__).parents[2] / "four_chapters.toml", root / "course.toml")
    (root / "gradebook").mkdir()
    book = Book(root / "gradebook" / "gradebook.db")
    for chapter in CHAPTERS:
        book.assignment(chapter, dict.fromkeys(CELLS, 2))
        folder = root / "source" / chapter
        folder.mkdir(parents=True)
        cells = [
            {"cell_type": "code", "metadata": {"nbgrader": {"grade_id": cell, "grade": True}}, "source": ""}
            for cell in CELLS
        ]
        (folder / f"{chapter}.ipynb").write_text(json.dumps({"cells": cells, "nbformat": 4, "nbformat_minor": 5}))
    rng = np.random.default_rng(7)
    with book.open() as gradebook:
        for i in range(300):
            gradebook.db.add(Student(id=f"l{i:03}", first_name="Ada", last_name=f"Number {i}"))
        gradebook.db.commit()
        with gradebook.db.no_autoflush:
            for i in range(300):
                able = rng.normal(1.2)
                for chapter in CHAPTERS[: 1 if i % 20 == 0 else 4]:
                    scores: list[float | None] = [2.0 * bool(able + rng.normal() > 0) for _ in CELLS]
                    if i % 30 == 1 and chapter == "ch02":
                        scores[0] = None
                    hand_in(gradebook, chapter, f"l{i:03}", scores)
                    facts = [{"grade_id": c, "score": n, "maximum": 2} for c, n in zip(CELLS, scores, strict=True)]
                    book.log(f"l{i:03}", chapter, facts)
        gradebook.db.commit()
    reason = {"code": "no-notebook", "en": "The file is not a notebook.", "zh": "该文件不是笔记本。"}
    book.log("l007", "ch03", [], changes={"status": "failed", "reasons": [reason]})
    return root


@pytest.fixture(scope="module")
def browser():
    with playwright.sync_playwright() as driver:
        found = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture(scope="module")
def paths(course) -> dict[str, Path]:
    return {language: write_report(CourseFolder.read(course), DAY, NOW, language) for language in ("en", "zh")}


@pytest.fixture
def page(browser, paths):
    found = browser.new_page(viewport={"width": 1280, "height": 720})
    found.goto(paths["en"].as_uri())
    yield found
    found.close()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_needs_a_person_stands_on_the_first_screen_and_the_page_does_not_grow_with_the_class(
    page, paths, language
):
    page.goto(paths[language].as_uri())
    needs = page.locator(".needs li")
    said = needs.all_inner_texts()
    assert len(said) >= 3
    assert said[0].startswith("1") and "ch03 (1)" in said[0].replace("（", " (").replace("）", ")")
    assert "course grade ch03" in said[0]
    assert any("10" in line and "ch02" in line and "course lab --instructor" in line for line in said)
    box = needs.last.bounding_box()
    assert box["y"] + box["height"] < 720
    assert page.locator("#cohort").bounding_box()["y"] < 3000
    assert page.evaluate("document.documentElement.scrollHeight") < 7000
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_table_is_chosen_from_and_its_head_stays(page):
    rows = page.locator("#cohort-table tbody tr:visible")
    assert rows.count() == 300
    heights = page.evaluate("[...document.querySelectorAll('#cohort-table tbody tr')].map(r => r.offsetHeight)")
    assert sorted(heights)[150] <= 44
    page.select_option("#standing", "absent")
    assert rows.count() == 15
    page.select_option("#standing", "")
    page.select_option("#outcome", "pending")
    assert rows.count() == 10
    page.select_option("#outcome", "")
    page.locator("#cohort-table").evaluate("table => table.parentElement.scrollTo(0, 4000)")
    head, box = page.locator("#cohort-table thead th").first, page.locator(".tall:has(#cohort-table)")
    assert abs(head.bounding_box()["y"] - box.bounding_box()["y"]) < 3


def test_every_reason_is_there(page):
    page.get_by_role("searchbox").fill("l000")
    row = page.locator("#cohort-table tbody tr:visible")
    why = row.locator(".why")
    page.evaluate("document.querySelector('#cohort-table tbody tr:not([hidden]) details').open = true")
    text = why.inner_text()
    assert all(chapter in text for chapter in ("ch02", "ch03", "ch04"))


def test_items_stand_in_the_order_of_the_notebook(page):
    first = page.locator("details.items").first
    assert first.locator("tbody th").all_inner_texts() == CELLS


def test_paper_has_every_row_and_every_reason(page):
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("details:not([open])").count() == 0
    box = page.locator(".tall:has(#cohort-table)")
    assert box.evaluate("one => one.scrollHeight - one.clientHeight") <= 1
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("#cohort-table details[open]").count() == 0


def test_dark_keeps_text_readable(browser, paths):
    page = browser.new_page(color_scheme="dark")
    page.goto(paths["zh"].as_uri())
    contrasts = page.evaluate(CONTRASTS)
    assert min(contrasts.values()) >= 4.5, contrasts
    page.close()


CONTRASTS = """() => {
  const canvas = document.createElement("canvas").getContext("2d");
  const rgb = (colour) => { canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1); return canvas.getImageData(0, 0, 1, 1).data; };
  const light = (colour) => {
    const [r, g, b] = [...rgb(colour)].slice(0, 3).map((v) => v / 255).map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const paper = getComputedStyle(document.body).backgroundColor;
  const behind = (one) => {
    for (; one; one = one.parentElement) {
      const colour = getComputedStyle(one).backgroundColor;
      if (colour !== "rgba(0, 0, 0, 0)") return colour;
    }
    return paper;
  };
  const found = {};
  for (const one of document.querySelectorAll("h1, h2, p, li, td, th, a, code, .chip, .more, summary, button, .soft")) {
    if (!one.textContent.trim()) continue;
    const [x, y] = [light(getComputedStyle(one).color), light(behind(one))];
    const contrast = (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
    const key = one.tagName + "." + one.className;
    found[key] = Math.min(found[key] ?? 99, contrast);
  }
  return found;
}"""
