"""Does every figure answer every control, and can everybody see it? All chapters, in a browser as a learner has them."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from explorer import Explorer, explorers
from lab_page import PATIENCE, Lab, Notebook
from languages import ONE_LANGUAGE, foreign
from looks import THEMES, WIDTHS, faint, nameless, pictures, too_wide, words_on

from course.names import UNANSWERED

REPOSITORY = Path(__file__).parents[2]
pytestmark = [pytest.mark.long(1), pytest.mark.slow]

TURNS = ".jp-OutputArea-output .widget-vbox:has(> .widget-toggle-buttons):has(> .widget-vbox)"
"""Several questions about one figure, asked in turn."""


@dataclass(frozen=True)
class Opened:
    """A chapter with its answers in JupyterLab, run to its end."""

    name: str
    lang: str
    notebook: Notebook


@pytest.fixture(
    scope="module",
    params=[
        ("ch01", "en"),
        ("ch02", "zh"),
        ("ch03", "en"),
        ("ch04", "en"),
        ("ch05", "zh"),
        ("ch06", "en"),
        ("ch08", "en"),
        ("ch09", "zh"),
        *(
            pytest.param(chapter, marks=pytest.mark.thorough)
            for chapter in (
                ("ch01", "zh"),
                ("ch02", "en"),
                ("ch03", "zh"),
                ("ch04", "zh"),
                ("ch05", "en"),
                ("ch06", "zh"),
                ("ch08", "zh"),
                ("ch09", "en"),
            )
        ),
    ],
    ids="-".join,
)
def chapter(request: pytest.FixtureRequest, chromium: Any, learners_lab: Callable[[str], Lab]) -> Iterator[Opened]:
    """Every chapter in turn, opened and run once for all tests of this file."""
    name, lang = request.param
    lab = learners_lab(lang)
    page = chromium.new_page(viewport={"width": WIDTHS[0], "height": 1000})
    page.goto(lab.address(f"solved/{name}.ipynb"))
    notebook = Notebook(page)
    notebook.run_all()
    yield Opened(name, lang, notebook)
    page.close()
    lab.end_kernels()


@pytest.fixture
def page(chapter: Opened) -> Any:
    """The page that all tests of a chapter share."""
    return chapter.notebook.page


def test_the_chapter_runs_to_its_end(chapter: Opened) -> None:
    assert chapter.notebook.errors() == 0
    assert chapter.notebook.ran_through()


def test_a_prediction_is_closed_until_it_is_answered(chapter: Opened, keep: Callable[..., None]) -> None:
    """The first test that touches a figure: afterwards they are open."""
    closed = [explorer for explorer in explorers(chapter.notebook) if explorer.asks()]
    assert closed
    withheld = UNANSWERED[chapter.lang]
    for number, explorer in enumerate(closed):
        place = f"prediction {number + 1}"
        before = explorer.settled()
        assert explorer.image.get_attribute("alt") == withheld, place
        assert explorer.said() == "", place
        assert explorer.locked() or not explorer.controls(), place
        if number == 0:
            keep(f"{chapter.name}-{chapter.lang}-closed", explorer.box)
        explorer.guess(number % 2)
        assert re.match("[✓✗] .+\n+.{8,}", explorer.said()), place
        assert explorer.changes(before), place
        assert explorer.image.get_attribute("alt") not in ("", withheld), place


def test_the_page_speaks_one_language(chapter: Opened) -> None:
    if chapter.name not in ONE_LANGUAGE:
        pytest.skip(f"{chapter.name} does not give its texts in both languages yet")
    wrong = [
        f"{words!r} in {text[:200]!r}"
        for text in words_on(chapter.notebook.page)
        if (words := foreign(text, chapter.lang))
    ]
    assert wrong == []


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_is_wider_than_its_place(page: Any, chapter: Opened, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 1000})
    page.wait_for_function(
        "() => document.querySelector('.jp-NotebookPanel:not(.lm-mod-hidden)').getBoundingClientRect().right <= innerWidth"
    )
    try:
        assert too_wide(page) == []
    finally:
        page.set_viewport_size({"width": WIDTHS[0], "height": 1000})


@pytest.mark.parametrize("theme", THEMES)
def test_every_word_can_be_read(page: Any, chapter: Opened, theme: str, keep: Callable[..., None]) -> None:
    for explorer in explorers(chapter.notebook):
        if explorer.locked():  # what is locked may be faint
            explorer.guess()
    page.emulate_media(color_scheme=theme)
    try:
        light = str(theme == "light").lower()
        page.locator(f'body[data-jp-theme-light="{light}"]').wait_for(timeout=PATIENCE, state="attached")
        assert faint(page) == []
        keep(f"{chapter.name}-{chapter.lang}-{theme}", explorers(chapter.notebook)[0].box)
    finally:
        page.emulate_media(color_scheme="light")


def test_a_figure_keeps_its_place_and_a_held_key_draws_no_queue_of_pictures(page: Any, chapter: Opened) -> None:
    explorer = next(one for one in explorers(chapter.notebook) if one.box.locator("[role=slider]").count())
    place = explorer.place()
    if explorer.locked():
        explorer.guess()
    handle = explorer.box.locator("[role=slider]").first
    handle.focus()
    handle.press("Home")
    assert 1 <= explorer.hold(handle, "ArrowRight", 30) <= 15
    explorer.box.locator(".course-answer", has_text=re.compile("[✓✗]")).wait_for(timeout=PATIENCE)
    assert explorer.place() == place


def test_a_screen_reader_has_names_for_figures_and_controls(page: Any, chapter: Opened) -> None:
    assert nameless(page) == []
    shown = pictures(page)
    assert len(shown) >= len(explorers(chapter.notebook))
    assert [text for text in shown if bool(re.search("[\u4e00-\u9fff]", text)) != (chapter.lang == "zh")] == []
    # names stay when widgets are drawn anew
    explorer = next(one for one in explorers(chapter.notebook) if one.controls())
    if explorer.locked():
        explorer.guess()
    explorer.moved_by(explorer.controls()[0])
    assert nameless(page) == []


def test_every_widget_changes_its_figure(page: Any, keep: Callable[..., None], chapter: Opened) -> None:
    text = (REPOSITORY / "release" / chapter.lang / chapter.name / f"{chapter.name}.ipynb").read_text(encoding="utf-8")
    sources = ["".join(cell["source"]) for cell in json.loads(text)["cells"] if cell["cell_type"] == "code"]
    written = sum(len(re.findall(r"^ *explore(?:_in_turn)?\(", source, re.MULTILINE)) for source in sources)
    figures = explorers(chapter.notebook)
    assert len(figures) == written > 0
    idle = []
    for number, explorer in enumerate(figures, 1):
        if explorer.asks() and not explorer.said():
            before = explorer.settled()
            explorer.guess()
            assert explorer.changes(before), f"figure {number}: the guess opens nothing"
        assert explorer.controls() or explorer.asks(), f"figure {number}: nothing to do"
        idle += [f"figure {number}: {control}" for control in explorer.idle()]
        explorer.settled()
        keep(f"{chapter.name}-{chapter.lang}-figure-{number}", explorer.box)
    assert idle == []


def test_every_question_in_turn_opens_the_figure(page: Any, chapter: Opened) -> None:
    for place in chapter.notebook.panel.locator(TURNS).all():
        questions = place.locator("> .widget-toggle-buttons button")
        assert questions.count() > 1
        for number in range(questions.count()):
            questions.nth(number).click()
            explorer = Explorer(page, place.locator("> .widget-vbox"))
            if not explorer.said():
                before = explorer.settled()
                explorer.guess()
                assert explorer.changes(before), f"question {number + 1} opens nothing"
            assert explorer.said()
