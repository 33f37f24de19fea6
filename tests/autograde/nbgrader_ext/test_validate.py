"""The *Validate* button: what each test says, in the learner's language, and an unanswered exercise is not a failed one."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output
from nbgrader.apps import NbGrader
from nbgrader.utils import compute_checksum

from autograde.nbgrader_ext.validate import Result, page, results_of
from autograde.nbgrader_ext.validate_worker import answer

START = "from course.checks import answer_in_one_line\nanswer_in_one_line()"
OPEN = "raise NotImplementedError('Not answered yet')"


def marked(source: str, grade_id: str, **marks: Any) -> nbformat.NotebookNode:
    cell = new_code_cell(source)
    kind = {"grade": False, "solution": False, "locked": False, "task": False, **marks}
    cell.metadata["nbgrader"] = {"grade_id": grade_id, "cell_type": "code", "schema_version": 3, **kind}
    cell.metadata["nbgrader"]["checksum"] = compute_checksum(cell)
    return cell


def exercise(name: str, answer: str) -> list[nbformat.NotebookNode]:
    test = f"# Test {name}-is-right (2 points)\nassert {name}(3) == 9, '{name}: multiply x by itself'"
    return [
        marked(f"def {name}(x):\n    {answer}", name, solution=True),
        marked(test, f"{name}-is-right", grade=True, locked=True, points=2),
    ]


def write(path: Path, *cells: nbformat.NotebookNode) -> Path:
    nbformat.write(new_notebook(cells=[new_code_cell(START), *cells]), path)
    return path


def validate(path: Path, lang: str = "en") -> dict[str, Any]:
    run = subprocess.run(
        [sys.executable, "-P", "-m", "autograde.nbgrader_ext.validate_worker", lang], input=json.dumps(str(path)) + "\n",
        capture_output=True, text=True, timeout=300, cwd=path.parent, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    assert "Traceback" not in run.stderr
    said: dict[str, Any] = json.loads(run.stdout)
    return said


def shown(path: Path, lang: str = "en") -> dict[str, str]:
    """The one entry of nbgrader's dialog."""
    said = validate(path, lang)
    assert said["success"], said["value"]
    assert list(said["value"]) == ["failed"]
    (entry,) = said["value"]["failed"]
    return dict(entry)


def test_each_test_says_its_line_and_unanswered_is_not_failed(tmp_path: Path) -> None:
    path = write(
        tmp_path / "ch91.ipynb", *exercise("right", "return x * x"), *exercise("blank", OPEN),
        *exercise("wrong", "return x"), *exercise("broken", "return x + '<1>'"),
    )  # fmt: skip
    before = path.read_bytes()
    said = shown(path)
    expected = [
        "✓ right-is-right: passed",
        "○ blank-is-right: not answered yet",
        "✗ wrong-is-right: wrong: multiply x by itself",
        "✗ broken-is-right: TypeError: unsupported operand",
    ]
    for line, start in zip(said["raw_error"].splitlines(), expected, strict=True):
        assert line.startswith(start)
    assert "2 of 8 points" in said["error"]
    assert "in broken" in said["error"]  # the traceback of the learner's own code, one click away
    assert "&#x27;&lt;1&gt;&#x27;" in said["error"]
    assert said["error"].count("<details>") == 1
    assert path.read_bytes() == before


def test_in_chinese_what_was_changed_is_named_and_what_never_ends_is_stopped(tmp_path: Path) -> None:
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\nc.Execute.timeout = 2\n", encoding="utf-8")
    cells = [*exercise("endless", "while True: pass"), *exercise("right", "return x * x"), *exercise("blank", OPEN)]
    cells[3].source = cells[3].source.replace("== 9", "== 3 * 3")
    assert shown(write(tmp_path / "ch91.ipynb", *cells), "zh")["raw_error"].splitlines() == [
        "✗ endless-is-right: 运行了 2 秒，已停止：是不是有循环不会结束？",
        "✓ right-is-right: 通过",
        "○ blank-is-right: 尚未作答",
        "锁定的单元格被改动过：right-is-right。评分时会恢复原样。",
    ]


TWICE = nbformat.writes(new_notebook(cells=[*exercise("square", OPEN), *exercise("square", OPEN)]))
"""A cell was copied: two have one grade id."""


def test_code_that_ends_the_kernel_is_one_line(tmp_path: Path) -> None:
    said = validate(write(tmp_path / "ch91.ipynb", *exercise("square", "import os; os._exit(1)")))
    assert said["success"] is False and said["value"].startswith("The kernel ended")


@pytest.mark.parametrize(("lang", "line"), [("en", "cannot be checked"), ("zh", "无法检查这份笔记本")])
@pytest.mark.parametrize("text", ["{", "[]", '{"nbformat": 4, "cells": 1}', TWICE])
def test_a_damaged_notebook_is_one_line(tmp_path: Path, lang: str, line: str, text: str) -> None:
    path = tmp_path / "ch91.ipynb"
    path.write_text(text, encoding="utf-8")
    said = answer(path, lang, NbGrader(), None)
    assert said["success"] is False
    assert line in said["value"] and "\n" not in said["value"]


@pytest.mark.parametrize(
    ("ename", "evalue", "line"),
    [
        ("AssertionError", "no four", "no four"),
        ("AssertionError", "", "AssertionError"),
        ("KeyError", "'a'", "KeyError: 'a'"),
    ],
)
def test_tests_that_do_not_answer_in_one_line_are_read_by_their_errors(ename: str, evalue: str, line: str) -> None:
    cells = exercise("square", "")
    cells[1].outputs = [new_output("error", ename=ename, evalue=evalue, traceback=["\x1b[31mwhere\x1b[0m"])]
    assert results_of(new_notebook(cells=cells), None) == [Result("square-is-right", 2, "failed", line, "where")]


@pytest.mark.parametrize(
    ("lang", "title", "hidden"),
    [("en", "passes all the tests that you see", "Hidden tests"), ("zh", "通过了所有可见的测试", "隐藏测试")],
)
def test_with_everything_passing_it_says_so_and_that_hidden_tests_remain(lang: str, title: str, hidden: str) -> None:
    said = page([Result("a", 1, "passed")], [], lang)
    assert title in said and hidden in said
    assert title not in page([Result("a", 1, "passed"), Result("b", 1, "open")], [], lang)
    assert title not in page([], [], lang)


def test_the_command_line_says_the_same_lines(tmp_path: Path) -> None:
    path = write(tmp_path / "ch91.ipynb", *exercise("blank", OPEN), *exercise("wrong", "return x"))
    run = subprocess.run(
        [sys.executable, "-m", "nbgrader", "validate", path.name], cwd=tmp_path, capture_output=True, text=True,
        timeout=300, check=False,
    )  # fmt: skip
    said = [line.strip() for line in run.stdout.splitlines()]
    assert "○ not answered yet" in said
    assert "✗ wrong: multiply x by itself" in said
    assert not [line for line in said if "Traceback" in line]
