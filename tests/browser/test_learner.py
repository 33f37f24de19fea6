"""Does a learner find the way: welcome page, chapter, progress that counts?"""

from collections.abc import Callable
from typing import Any

import pytest
from lab_page import PATIENCE, Lab, Notebook

Keep = Callable[..., None]
Work = Callable[[str], Lab]
pytestmark = [pytest.mark.long(8), pytest.mark.slow]

SOFTMAX = """def softmax(z, axis=-1):
    e = np.exp(z - np.max(z, axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)"""


@pytest.mark.parametrize(
    ("lang", "title", "lead", "chapter", "menu"),
    [
        ("en", "AI Practitioner", "Start here", "Chapter 1", "File"),
        ("zh", "人工智能从业者", "从这里开始", "第 1 章", "文件"),
    ],
)
def test_the_welcome_page_leads_into_chapter_one_in_the_learners_language(
    page: Any, keep: Keep, work: Work, lang: str, title: str, lead: str, chapter: str, menu: str
) -> None:
    page.goto(work(lang).address("welcome.md"))
    welcome = page.locator(".jp-MarkdownViewer")
    welcome.locator("h1", has_text=title).wait_for(timeout=PATIENCE)
    assert "0 / 6" in welcome.text_content()
    chapters = welcome.locator(".jp-RenderedMermaid img")  # the map
    chapters.wait_for(timeout=PATIENCE)
    assert chapters.bounding_box()["width"] > 300
    assert page.locator("#jp-MainMenu .lm-MenuBar-itemLabel").first.text_content() == menu
    keep(f"welcome-{lang}")
    welcome.locator("strong", has_text=lead).locator("a").click()
    notebook = Notebook(page)
    assert chapter in notebook.panel.locator("h1").first.text_content()
    keep(f"chapter-one-{lang}")
    assert page.locator(".jp-Dialog").count() == 0  # nothing asks for news, kernels or trust


def test_progress_counts_in_the_notebook_and_on_the_welcome_page(page: Any, keep: Keep, work: Work) -> None:
    lab = work("en")
    page.goto(lab.address("welcome.md"))
    page.locator(".jp-MarkdownViewer a", has_text="Chapter 2").first.click(timeout=PATIENCE)
    notebook = Notebook(page)
    notebook.write("def mse(", "def mse(y, p):\n    return y")
    notebook.run_all()
    panel = notebook.panel.locator(".jp-OutputArea-output", has_text="Your progress").first
    panel.wait_for()
    assert "0 of 8 exercises done" in panel.text_content()
    assert "✗ mse" in panel.text_content()  # wrong
    assert "○ softmax" in panel.text_content()  # not attempted is not wrong
    keep("progress-wrong", panel)
    notebook.write("def softmax(", SOFTMAX)
    notebook.run_from("def softmax(")
    done = notebook.panel.locator(".jp-OutputArea-output", has_text="1 of 8 exercises done").first
    done.wait_for(timeout=PATIENCE)
    assert "✓ softmax" in done.text_content()
    done.scroll_into_view_if_needed()
    keep("progress-right")
    in_view = page.locator("#jp-main-statusbar .course-progress")
    in_view.filter(has_text="2 of 20 points · 12 to pass · next: mse").wait_for(timeout=PATIENCE)
    in_view.click()
    notebook.panel.locator(".jp-Cell.jp-mod-active", has_text="def mse(").wait_for(timeout=PATIENCE)
    keep("progress-in-view")
    notebook.save()
    page.locator(".lm-TabBar-tab", has_text="welcome.md").click()
    page.locator(".jp-MarkdownViewer td", has_text="1 / 8").wait_for(timeout=PATIENCE)  # nobody reloads it
    keep("welcome-after-work")
    assert "Continue with" in page.locator(".jp-MarkdownViewer").text_content()


@pytest.mark.parametrize(("lang", "label", "why"), [("en", "locked", "is locked"), ("zh", "已锁定", "已锁定")])
def test_a_locked_cell_looks_locked_and_says_so_to_whoever_types(
    page: Any, keep: Keep, work: Work, lang: str, label: str, why: str
) -> None:
    page.goto(work(lang).address("ch01/ch01.ipynb"))
    notebook = Notebook(page)
    locked = notebook.cell("answer_in_one_line()")
    prompt = locked.locator(".jp-InputArea-prompt")
    assert label in prompt.evaluate("prompt => getComputedStyle(prompt, '::after').content")
    locked.locator(".cm-content").click()
    page.keyboard.press("x")
    page.locator(".jp-toast-message", has_text=why).first.wait_for(timeout=PATIENCE)
    keep(f"locked-{lang}")
    own = notebook.panel.locator(".jp-Cell.course-locked .jp-InputArea-editor", has_text="YOUR CODE HERE")
    assert own.count() == 0  # where the learner writes looks as ever
