"""What a template imports and sets before it forks."""

import os
from typing import Any

import pytest

from autograde.grading.plan.preload import modules_of, settled, variables_of


def cell(source: str, **mark: Any) -> dict[str, Any]:
    return {"cell_type": "code", "source": source, "metadata": {"nbgrader": mark} if mark else {}}


def test_the_courses_own_cells_set_what_libraries_read_when_they_are_imported() -> None:
    setup = cell(
        'import os\nos.environ["KERAS_BACKEND"] = "jax"\nos.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")',
        locked=True,
    )
    assert variables_of([setup]) == (("KERAS_BACKEND", "jax", False), ("TF_CPP_MIN_LOG_LEVEL", "3", True))


@pytest.mark.parametrize(
    "source",
    [
        'os.environ["LD_PRELOAD"] = "x.so"',  # no library's setting
        'os.environ["KERAS_BACKEND"] = choose()',  # not known before it runs
        'os.environ["KERAS_BACKEND"] = 3',
        'settings["KERAS_BACKEND"] = "jax"',
        'os.environ["KERAS_BACKEND"] = "jax',  # does not parse
    ],
)
def test_nothing_else_counts(source: str) -> None:
    assert variables_of([cell(source, locked=True)]) == ()


def test_a_learners_cell_sets_nothing_for_everybody() -> None:
    answer = cell('os.environ["KERAS_BACKEND"] = "torch"', solution=True, grade=False, locked=False)
    assert variables_of([answer, cell('os.environ["KERAS_BACKEND"] = "torch"')]) == ()


def test_a_default_gives_way_to_what_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TF_CPP_MIN_LOG_LEVEL", raising=False)
    default, firm = ("TF_CPP_MIN_LOG_LEVEL", "3", True), ("MPLBACKEND", "agg", False)
    assert settled({}, [default]) == {"TF_CPP_MIN_LOG_LEVEL": "3"}
    assert settled({"TF_CPP_MIN_LOG_LEVEL": "0"}, [default]) == {"TF_CPP_MIN_LOG_LEVEL": "0"}
    assert settled({"MPLBACKEND": "inline"}, [firm]) == {"MPLBACKEND": "agg"}
    monkeypatch.setitem(os.environ, "TF_CPP_MIN_LOG_LEVEL", "1")
    assert settled({}, [default]) == {}


def test_modules_are_the_courses_own_and_heavy_ones_anywhere() -> None:
    setup, answer = cell("import json, csv as c", locked=True), cell("import numpy.linalg, html", solution=True)
    assert modules_of([setup, answer, cell("import nowhere_to_be_found", locked=True)]) == (
        "csv",
        "json",
        "numpy.linalg",
    )
