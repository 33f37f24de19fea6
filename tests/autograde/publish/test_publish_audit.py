"""Is every way noticed in which an answer, a grade or a key could get out?"""

import json
from pathlib import Path

import mini_course
import pytest

from autograde.authoring.chapter import Chapter, parse_chapter
from autograde.publish.audit import audit

LONG = mini_course.SQUARE.replace(
    "    answer = x * x\n    return answer\n",
    "    first = abs(float(x))\n    second = first * first\n    return second if x == x else x\n",
)
ANSWER = "def square(x):\n    first = abs(float(x))\n    second = first * first\n    return second if x == x else x\n"


@pytest.fixture
def chapter() -> Chapter:
    return parse_chapter(LONG, "notebooks/ch91_mini.py")


def findings(chapter: Chapter, path: str, text: str) -> list[str]:
    return audit({path: text.encode()}, [chapter])


@pytest.mark.parametrize("path", ["course/figures/square.py", "autograde/x.py", "docs/learner.md", "README.md"])
def test_a_copied_answer_is_found_in_code_and_in_prose(chapter: Chapter, path: str) -> None:
    assert any("hidden lines of cell 'square'" in finding for finding in findings(chapter, path, ANSWER))


def test_a_copied_answer_is_found_in_another_chapters_notebook(chapter: Chapter) -> None:
    text = json.dumps({"cells": [{"source": ANSWER.splitlines(keepends=True)}]})
    assert findings(chapter, "release/en/ch92/ch92.ipynb", text)


def test_one_line_in_common_is_no_copy_in_code_but_a_leak_in_the_chapters_own_notebook(chapter: Chapter) -> None:
    assert findings(chapter, "course/x.py", "    second = first * first\n") == []
    text = json.dumps({"cells": [{"source": ["second = first * first"]}]})
    assert findings(chapter, "release/en/ch91/ch91.ipynb", text) != []


@pytest.mark.parametrize(
    "path",
    ["notebooks/ch91_mini.py", "source/ch91/ch91.ipynb", "tests/chapters/ch91/square.py", "gradebook/gradebook.db",
     "x/gradebook/submitted/ada/a", "autograde/issuer.pem", "course/private.key", "certificates/a.json"],
)  # fmt: skip
def test_places_of_answers_grades_and_keys_are_refused_whatever_they_hold(chapter: Chapter, path: str) -> None:
    assert findings(chapter, path, "") != []


def test_keys_and_passwords_are_found(chapter: Chapter) -> None:
    key = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIHxx\n-----END PRIVATE KEY-----\n"
    assert findings(chapter, "course.toml", key) != []
    assert findings(chapter, "course.toml", 'db_url = "postgresql+psycopg://course:geheim@db.example.org/g"') != []


def test_code_that_merely_speaks_of_keys_passes(chapter: Chapter) -> None:
    assert findings(chapter, "autograde/a.py", 'MARK = "-----BEGIN PRIVATE KEY-----"') == []


def test_this_repositorys_own_audit_would_notice_a_bank_of_answers(chapter: Chapter, tmp_path: Path) -> None:
    assert findings(chapter, "course/answers.py", "\n".join(["# helpers", ANSWER])) != []
