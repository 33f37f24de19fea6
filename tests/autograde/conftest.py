"""Gradebooks and settings that tests of certification and of reports start from."""

import shutil
import sys
from pathlib import Path

import pytest
from book import COURSE_TOML, Book
from nbgrader.api import Gradebook
from postgres import postgres_server, postgres_url  # noqa: F401 - fixtures


@pytest.fixture(scope="session")
def empty_gradebook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An nbgrader database without entries; nbgrader runs the alembic command to make one."""
    path = tmp_path_factory.mktemp("empty") / "gradebook.db"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", str(Path(sys.executable).parent), prepend=":")
        Gradebook(f"sqlite:///{path}").close()
    return path


@pytest.fixture
def book(tmp_path: Path, empty_gradebook: Path) -> Book:
    """A fresh gradebook at ``gradebook/gradebook.db`` of a course folder that is `tmp_path`."""
    path = tmp_path / "gradebook" / "gradebook.db"
    path.parent.mkdir()
    shutil.copy(empty_gradebook, path)
    return Book(path)


@pytest.fixture
def course_toml() -> str:
    """The text of the repository's own course.toml."""
    return COURSE_TOML.read_text(encoding="utf-8")
