"""Is the grading log read as it was written, by one rule, and damage told?"""

import json
import tempfile
from dataclasses import asdict
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograde.errors import CourseError
from autograde.grading.assignment import Assignment, ReleasedNotebook
from autograde.grading.reasons.reason import Reason
from autograde.grading.status import Status
from autograde.grading.storage.gradebook_writer import Points
from autograde.grading.storage.grading_log import GradingLog, append_row, forget_gradings, read_grading_log
from autograde.grading.storage.journal import row_of
from autograde.grading.submission import CellScore, GradedNotebook, Outcome
from autograde.report.cohort import reviews, times

LINE: dict[str, Any] = {
    "assignment": "ch01",
    "student": "ann",
    "status": "graded",
    "score": 3.5,
    "maximum": 20.0,
    "late_penalty": 0.1,
    "reasons": [],
    "submitted_at": "2026-01-05T10:00:00Z",
    "graded_at": "2026-01-06T10:00:00Z",
    "seconds": 0.3,
    "cpu_seconds": 0.4,
    "isolation": "shared",
    "engine": "ai-practitioner-course 0.1.0",
    "hashes": {"submission": "a" * 64, "release": "b" * 64, "tests": "c" * 64},
    "notebooks": [
        {
            "name": "ch01",
            "score": 3.5,
            "maximum": 20.0,
            "cells": [
                {"grade_id": "a", "score": 3.5, "maximum": 8.0},
                {"grade_id": "b", "score": None, "maximum": 12.0},
            ],
        }
    ],
}


def test_the_grading_log_is_read_with_exact_numbers_and_without_its_unfinished_end(tmp_path):
    path = tmp_path / "log.jsonl"
    assert read_grading_log(path) == GradingLog(exists=False)
    path.write_text(json.dumps(LINE) + "\n" + json.dumps(LINE)[:50])
    (grading,) = read_grading_log(path).gradings
    assert (grading.score, grading.late_penalty, Fraction(grading.late_penalty)) == ("3.5", "0.1", Fraction(1, 10))
    assert grading.cells == {("ch01", "a"): "3.5", ("ch01", "b"): None}


@pytest.mark.parametrize(
    "change",
    [
        {"student": 3},
        {"status": "fine"},
        {"maximum": "20"},
        {"maximum": float("nan")},
        {"maximum": 1e300},
        {"submitted_at": "yesterday"},
        {"submitted_at": "1-01-01T00:00:00Z"},
        {"submitted_at": "9999-12-31T23:59:59-12:00"},
        {"hashes": {}},
        {"hashes": {"submission": "../x", "release": "", "tests": ""}},
        {"notebooks": None},
        {"notebooks": [{"name": "ch01"}]},
        {"notebooks": [{"name": "ch01", "cells": [3]}]},
        {"student": "\ud800"},
        {"seconds": float("nan")},
        {"seconds": -1},
        {"seconds": 10**400},
        {"seconds": True},
        {"reasons": [{"code": "x"}]},
        {"reasons": None},
        {"cpu_seconds": float("inf")},
    ],
)
def test_a_damaged_line_of_the_grading_log_is_named_and_the_others_are_read(tmp_path, change):
    path = tmp_path / "log.jsonl"
    lines = (LINE, {**LINE, **change}, {**LINE, "student": "bob"})
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    log = read_grading_log(path)
    assert [grading.student for grading in log.gradings] == ["ann", "bob"]
    assert [(grading.student, grading.assignment) for grading in log.latest] == [("ann", "ch01"), ("bob", "ch01")]
    (fault,) = map(str, log.faults)
    whose = "" if "student" in change else ", a grading of ann's ch01,"
    assert f"log.jsonl:2: this line{whose} is none of the grading engine's (" in fault
    assert fault.isprintable()


def test_a_log_that_cannot_be_opened_is_one_clear_line(tmp_path):
    with pytest.raises(CourseError, match=r"cannot read .*; check its permissions"):
        read_grading_log(tmp_path)


def test_the_last_grading_of_a_submission_counts(tmp_path):
    path = tmp_path / "log"
    reason = {"code": "cell-deleted", "en": "A cell was gone.", "zh": "缺少一个单元格。"}
    write(
        path, {**LINE, "status": "review", "reasons": [reason]}, {**LINE, "student": "bob", "status": "repaired"}, LINE
    )
    log = read_grading_log(path)
    assert [(grading.student, grading.status) for grading in log.latest] == [("ann", "graded"), ("bob", "repaired")]
    assert reviews(log.latest, {}) == ()
    assert [(found.n, found.seconds[2]) for found in times(log.gradings)] == [(3, 0.3)]
    assert log.gradings[0].reasons == (Reason("cell-deleted", "A cell was gone.", "缺少一个单元格。"),)
    assert log.gradings[2].row == LINE


@pytest.mark.parametrize(
    "line",
    [b'{"assignment": "ch0', b"[]", b"null", b"\x00", b"\xff\xfe", b"[" * 100_000, b'{"student": ' * 9_999],
    ids=["cut", "list", "null", "nul", "bytes", "deep", "deep-object"],
)
def test_what_is_no_record_at_all_is_named_and_the_others_are_read(tmp_path, line):
    path = tmp_path / "log"
    write(path, LINE)
    path.write_bytes(path.read_bytes() + line + b"\n" + path.read_bytes())
    log = read_grading_log(path)
    assert len(log.gradings) == 2
    assert [fault.number for fault in log.faults] == [2]
    forget_gradings(path, "ann")
    assert path.read_bytes() == line + b"\n"


def write(path: Path, *lines: object) -> None:
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))


_scores = st.floats(0, 1e18) | st.sampled_from([5e-324, 0.1 + 0.2, 1e18])
_names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)


@given(
    student=_names,
    cells=st.dictionaries(_names, st.none() | _scores, max_size=4),
    status=st.sampled_from(Status),
    stamp=st.none() | st.text() | st.datetimes().map(lambda at: f"{at} UTC") | st.datetimes().map(str),
    said=st.text(),
    points=st.tuples(_scores, _scores, _scores),
)
def test_whatever_line_the_engine_writes_is_read(student, cells, status, stamp, said, points):
    scores = tuple(CellScore(name, score, 1.0) for name, score in cells.items())
    notebook = GradedNotebook("ch01", b"", scores)
    released = ReleasedNotebook("ch01", None, (), (), (), ())
    assignment = Assignment(
        "ch01", {"ch01": released}, {}, frozenset(), (), (), {}, hashes={"release": "b" * 64, "tests": ""}
    )
    reason = Reason("a", said, said)
    outcome = Outcome(student, "ch01", status, (notebook,), {}, (reason,), stamp, "a" * 64, 0.1, 0.2)
    row = {"id": "x", **row_of(outcome, assignment), **asdict(Points(*points))}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "log"
        for _ in range(2):
            append_row(path, row)
        log = read_grading_log(path)
        assert log.faults == ()
        assert [grading.student for grading in log.gradings] == [student, student]
    assert [(reason.code, reason.en) for grading in log.gradings for reason in grading.reasons] == [
        ("a", reason.en)
    ] * 2
    for grading in log.gradings:
        expected = {("ch01", name): score for name, score in cells.items()}
        assert {key: score and float(score) for key, score in grading.cells.items()} == {
            key: score and float(score) for key, score in expected.items()
        }
