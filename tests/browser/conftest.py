"""What the tests in a browser share: one Chromium, a course directory to work in, a place for the pictures."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

REPOSITORY = Path(__file__).parents[2]
PICTURES = REPOSITORY / "build" / "browser"
"""Screenshots stay here to be looked at; git ignores the folder."""


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
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


@pytest.fixture
def page(chromium: Any) -> Iterator[Any]:
    opened = chromium.new_page(viewport={"width": 1280, "height": 1000})
    yield opened
    opened.close()


@pytest.fixture
def keep(page: Any) -> Callable[[str], None]:
    """Keep what the page shows as ``build/browser/NAME.png``."""

    def picture(name: str) -> None:
        PICTURES.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=PICTURES / f"{name}.png")

    return picture


@pytest.fixture
def learners_course(tmp_path: Path) -> Path:
    """A course directory as a learner has it: the real release and course.toml."""
    root = tmp_path / "course"
    shutil.copytree(REPOSITORY / "release", root / "release")
    shutil.copyfile(REPOSITORY / "course.toml", root / "course.toml")
    return root
