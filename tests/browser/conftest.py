"""What the tests in a browser share: one Chromium, a course directory to work in, a place for the pictures."""

import os
import re
import shutil
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import nbformat
import pytest
from lab_page import Lab, course_lab

from autograde.authoring.release import read_chapters
from autograde.authoring.stock import solved
from autograde.settings.course_folder import CourseFolder

REPOSITORY = Path(__file__).parents[2]
PICTURES = REPOSITORY / "build" / "browser"
"""Screenshots stay here to be looked at; git ignores the folder."""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """A browser for one file of tests: while Playwright is on, an event loop runs, which other files have no use for."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        pytest.skip("no Chromium on this machine")
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=["--disable-gpu", *(["--no-sandbox"] if root else [])]
        )
        yield browser
        browser.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
    """Keep what the page showed when a test failed, as ``build/browser/failed-TEST.png``."""
    report = yield
    page = getattr(item, "funcargs", {}).get("page")
    if report.when == "call" and report.failed and page is not None:
        PICTURES.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=PICTURES / f"failed-{re.sub(r'[^A-Za-z0-9-]+', '-', item.name)[:80]}.png")
    return report


@pytest.fixture
def page(chromium: Any) -> Iterator[Any]:
    opened = chromium.new_page(viewport={"width": 1280, "height": 1000})
    yield opened
    opened.close()


@pytest.fixture
def keep(page: Any) -> Callable[..., None]:
    """Keep what the page, or a part of it, shows: ``keep("name")``, ``keep("name", part)`` → ``build/browser/name.png``."""

    def picture(name: str, part: Any = None) -> None:
        PICTURES.mkdir(parents=True, exist_ok=True)
        (part or page).screenshot(path=PICTURES / f"{name}.png")

    return picture


@pytest.fixture(scope="session")
def learners_lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Lab]]:
    """``learners_lab("zh")``: ``course lab`` as somebody runs it whose system speaks Chinese; one for each language.

    The course directory is as a learner has it: the real release and course.toml. ``work/LANG/solved/`` holds the same
    chapters with their answers, so that what is drawn from the learner's own functions is drawn too.
    """
    running: dict[str, Lab] = {}
    chapters = read_chapters(CourseFolder.open(REPOSITORY))
    with ExitStack() as stack:

        def lab(lang: str) -> Lab:
            if lang not in running:
                scratch = tmp_path_factory.mktemp(f"lab-{lang}")
                root = scratch / "course"
                shutil.copytree(REPOSITORY / "release", root / "release")
                shutil.copyfile(REPOSITORY / "course.toml", root / "course.toml")
                (root / "work" / lang / "solved").mkdir(parents=True)
                for chapter in chapters:
                    released = root / "release" / lang / chapter.name / f"{chapter.name}.ipynb"
                    nbformat.write(solved(released, chapter), root / "work" / lang / "solved" / released.name)
                running[lang] = stack.enter_context(course_lab(root, scratch, LANG=f"{lang}.UTF-8", LC_ALL=""))
            return running[lang]

        yield lab


@pytest.fixture
def work(learners_lab: Callable[[str], Lab]) -> Iterator[Callable[[str], Lab]]:
    """As ``learners_lab``; the kernels that the test started are shut down after it."""
    used: list[Lab] = []

    def lab(lang: str) -> Lab:
        used.append(learners_lab(lang))
        return used[-1]

    yield lab
    for one in used:
        one.end_kernels()
