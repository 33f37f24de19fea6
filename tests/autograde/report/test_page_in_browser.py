"""Does the page work in a browser: no error, nothing loaded, no learner's script run, sorting and finding?"""

import shutil
from datetime import UTC, date, datetime

import pytest

from autograde.report.command import write_report
from autograde.settings.course_folder import CourseFolder

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
playwright = pytest.importorskip("playwright.sync_api", reason="needs playwright")
pytestmark = [pytest.mark.thorough, pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium on PATH")]

EVIL = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>"


def test_the_page_sorts_and_finds_and_runs_nothing_of_a_learners(tmp_path, book, course_toml):
    (tmp_path / "course.toml").write_text(course_toml, encoding="utf-8")
    for chapter in ("ch01", "ch02", "ch03", "ch04"):
        book.assignment(chapter, {"cell": 20})
        for learner, score in (("ann", 9), ("bob", 20), ("cy", 13)):
            book.submit(learner, chapter, {"cell": score})
    book.learner("dee", first_name=EVIL)
    path = write_report(CourseFolder.read(tmp_path), date(2026, 3, 10), datetime(2026, 3, 10, tzinfo=UTC), "en")
    said: list[str] = []
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: said.append(request.url) if request.url != path.as_uri() else None)
        page.goto(path.as_uri())

        def learners() -> list[str]:
            return page.locator("#cohort-table tbody tr:visible th bdi:last-child").all_inner_texts()

        assert learners() == ["ann", "bob", "cy", "dee"]
        head = page.get_by_role("button", name="ch02")
        head.focus()
        page.keyboard.press("Enter")  # a keyboard is enough
        assert learners() == ["dee", "ann", "cy", "bob"]
        head.click()
        assert learners() == ["bob", "cy", "ann", "dee"]
        assert page.locator("th[aria-sort=descending]").inner_text().startswith("ch02")
        page.get_by_label("Find a learner").fill("CY")
        assert learners() == ["cy"]
        assert page.locator("#found").inner_text() == "1 shown"
        assert "owned" not in page.title()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        browser.close()
    assert said == []
