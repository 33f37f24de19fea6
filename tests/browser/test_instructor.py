"""Does an instructor come to a first screen that says what is next, and to a formgrader that needs no network?"""

import shutil
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from lab_page import PATIENCE, Lab, course_lab
from warm_command import COURSE, run_warm

pytest.importorskip("jupyter_server_mathjax", reason="the instructor's install has it")


@pytest.fixture(scope="module")
def lab(built_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """`course lab --instructor` on a chapter that two learners handed in; one of them is graded."""
    scratch = tmp_path_factory.mktemp("instructor")
    root = shutil.copytree(built_once, scratch / "course")
    for learner in ("ada", "bo"):
        folder = root / "gradebook" / "submitted" / learner / "ch91"
        shutil.copytree(root / "release" / "en" / "ch91", folder)
    graded = run_warm(COURSE, ["grade", "ch91", "--student", "ada"], root)
    assert graded.returncode == 0, graded.stderr
    with course_lab(root, scratch, "--instructor", "--lang", "en") as running:
        yield running


@pytest.fixture
def offline(page: Any) -> list[str]:
    """Nothing but this machine answers the page; what it asked elsewhere is listed."""
    asked: list[str] = []

    def answer(route: Any) -> None:
        if urlsplit(route.request.url).hostname in ("localhost", "127.0.0.1"):
            route.continue_()
        else:
            asked.append(route.request.url)
            route.abort()

    page.route("**/*", answer)
    return asked


def test_the_first_screen_says_where_each_chapter_stands_and_what_is_next(
    lab: Lab, page: Any, offline: list[str], keep: Any
) -> None:
    page.goto(f"{lab.url}?token={lab.token}", timeout=PATIENCE)
    assert urlsplit(page.url).path == "/course/en"
    row = page.locator("tbody tr")
    assert row.locator("td").all_inner_texts()[3:5] == ["2", "1"]  # collected, graded
    assert "course grade ch91" in row.inner_text()
    keep("instructor-en")
    page.emulate_media(color_scheme="dark")
    page.get_by_role("link", name="中文").click()
    assert "下一步" in page.inner_text("table")
    keep("instructor-zh-dark")
    page.get_by_role("link", name="Formgrader").click()
    page.locator("text=ch91").first.wait_for(timeout=PATIENCE)
    assert offline == []


def test_it_is_made_anew_at_each_look(lab: Lab, page: Any) -> None:
    page.goto(f"{lab.url}course/en?token={lab.token}", timeout=PATIENCE)
    assert page.locator("td").nth(1).inner_text() == "–"
    for lang in ("", "-zh"):
        (lab.root / "exchange" / f"ai-practitioner{lang}" / "outbound" / "ch91").mkdir(parents=True)
    inbound = lab.root / "exchange" / "ai-practitioner-zh" / "inbound"
    (inbound / "cy+ch91+2030-01-01 10:00:00 UTC").mkdir(parents=True)
    page.reload()
    assert page.locator("td").nth(1).inner_text() == "en zh"
    assert "COURSE_LANG=zh nbgrader collect ch91 --update" in page.locator("tbody tr").inner_text()


def test_who_is_not_signed_in_sees_nothing(lab: Lab, page: Any) -> None:
    page.goto(f"{lab.url}course/zh", timeout=PATIENCE)
    assert "/login" in page.url


def test_the_formgrader_shows_formulas_without_a_network(lab: Lab, page: Any, offline: list[str], keep: Any) -> None:
    page.goto(f"{lab.url}course/en?token={lab.token}", timeout=PATIENCE)  # signed in
    page.goto(f"{lab.url}formgrader/gradebook/ch91/ch91", timeout=PATIENCE)
    page.locator("a[href*='/formgrader/submissions/']").first.click(timeout=PATIENCE)
    page.locator(".MathJax").first.wait_for(timeout=PATIENCE)
    assert page.locator(".MathJax, .MathJax_Display").count() >= 2
    assert "$$x^2$$" not in page.inner_text("body")
    keep("formgrader-offline")
    assert [url for url in offline if "mathjax" in url.lower()] == []
