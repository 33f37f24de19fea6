"""Hidden text is found wherever it stands in a released file."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mini_course import REPOSITORY, SQUARE

from autograde.authoring.chapter import parse_chapter
from autograde.authoring.gate.leaks import leaks, secrets
from autograde.authoring.regions import END_SOLUTION

CHAPTER = parse_chapter(SQUARE, "ch91_mini.py")
HIDDEN = 'assert math.isclose(square(-3.5), 12.25), "[ch91-SIGN] `square` 对负数不对 / `square` is wrong for negative numbers"'
RELEASE = {
    "cells": [
        {
            "cell_type": "markdown",
            "id": "a",
            "metadata": {"course": {"lang": "en"}},
            "source": ["# Squares\n", "\n", "text"],
        },
        {
            "cell_type": "code",
            "id": "b",
            "metadata": {"nbgrader": {"points": 2}},
            "outputs": [],
            "source": ["import math"],
        },
        {"cell_type": "code", "id": "c", "metadata": {}, "outputs": [{"text": ["4\n"]}], "source": "square(2)"},
    ],
    "metadata": {"kernelspec": {"name": "python3"}},
    "nbformat": 4,
}


def test_the_secrets_are_the_hidden_lines_with_their_cells() -> None:
    other = 'assert square(0) == 0, "[ch91-ZERO] `square` 在 0 处不对 / `square` is wrong at nought"'
    assert secrets(CHAPTER) == {
        HIDDEN: "square-of-two",
        other: "square-of-two",
        "answer = x * x": "square",
        "return answer": "square",
    }


def test_a_hidden_line_that_is_public_too_is_no_secret() -> None:
    text = SQUARE.replace('print("free play")', "x = 3\nanswer = x * x")
    assert "answer = x * x" not in secrets(parse_chapter(text, "ch91_mini.py"))


def test_a_clean_release_has_no_leak() -> None:
    assert leaks(CHAPTER, json.dumps(RELEASE, indent=1)) == []


def places(value: object, path: tuple = ()) -> list[tuple]:
    """Every place in the notebook where text can be planted: dicts, lists and strings."""
    found = [path] if isinstance(value, (dict, list, str)) else []
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return found + [place for key, item in items for place in places(item, (*path, key))]


def planted(secret: str, path: tuple, as_key: bool) -> dict:
    notebook = json.loads(json.dumps(RELEASE))
    parent, value = None, notebook
    for key in path:
        parent, value = value, value[key]
    if isinstance(value, dict):
        value.update({secret: 1} if as_key else {"note": {"deep": [1, [secret]]}})
    elif isinstance(value, list):
        value.append(secret)
    else:
        parent[path[-1]] = f"{value} {secret}"
    return notebook


@given(
    st.sampled_from([*secrets(CHAPTER), "### BEGIN HIDDEN TESTS", "### BEGIN SOLUTION", END_SOLUTION]),
    st.sampled_from(places(RELEASE)),
    st.booleans(),
    st.booleans(),
    st.sampled_from([None, 1]),
)
def test_a_leak_is_found_wherever_it_is_planted(
    secret: str, path: tuple, as_key: bool, ascii_only: bool, indent: int | None
) -> None:
    released = json.dumps(planted(secret, path, as_key), ensure_ascii=ascii_only, indent=indent)
    assert leaks(CHAPTER, released)


@pytest.mark.parametrize("line", [HIDDEN, "answer = x * x"])
def test_a_leak_across_the_lines_of_a_cell_is_found_and_named(line: str) -> None:
    head, tail = line[:9], line[9:]
    notebook = {"cells": [{"source": ["# %%\n", head, tail, "\n"]}]}
    (found,) = leaks(CHAPTER, json.dumps(notebook))
    assert secrets(CHAPTER)[line] in found
    assert line[:60] in found


@pytest.mark.parametrize(
    "marker", ["### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS", "### BEGIN SOLUTION", "### END SOLUTION"]
)
def test_a_marker_is_found_in_escaped_json_and_in_plain_text(marker: str) -> None:
    escaped = "".join(f"\\u{ord(letter):04x}" for letter in marker)
    assert leaks(CHAPTER, f'{{"a": "{escaped}"}}')
    assert leaks(CHAPTER, f"no JSON: {marker}")


@pytest.mark.parametrize("path", sorted((REPOSITORY / "notebooks").glob("ch*.py")), ids=lambda path: path.stem)
def test_no_release_of_the_course_holds_an_answer_or_a_hidden_test(path: Path) -> None:
    chapter = parse_chapter(path.read_text(encoding="utf-8"), path.name)
    for released in (REPOSITORY / "release").glob(f"*/{chapter.name}/**/*"):
        if released.is_file():
            assert leaks(chapter, released.read_text(encoding="utf-8")) == [], released


def test_a_file_that_is_no_json_is_searched_as_text() -> None:
    assert leaks(CHAPTER, f"#!/bin/sh\n{HIDDEN}\n") == [
        f"contains a hidden line of cell 'square-of-two': {HIDDEN[:60]}"
    ]
