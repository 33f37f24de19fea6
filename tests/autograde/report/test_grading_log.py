"""Is the engine's log read as it was written, and damage told?"""

import json

import pytest

from autograde.errors import CourseError
from autograde.report.cohort import reviews, times
from autograde.report.grading_log import read_log


def record(student: str = "ada", status: str = "graded", **other) -> dict:
    reasons = (
        [{"code": "cell-deleted", "en": "A cell was gone.", "zh": "缺少一个单元格。"}] if status != "graded" else []
    )
    return {"assignment": "ch02", "student": student, "status": status, "reasons": reasons, "seconds": 0.5} | other


def write(path, *lines: object) -> None:
    path.write_text(
        "".join(f"{line if isinstance(line, str) else json.dumps(line)}\n" for line in lines), encoding="utf-8"
    )


def test_no_log_is_no_error(tmp_path):
    log = read_log(tmp_path / "grading-log.jsonl")
    assert (log.exists, log.entries, log.unreadable) == (False, (), ())


def test_a_log_that_cannot_be_opened_is_one_clear_line(tmp_path):
    with pytest.raises(CourseError, match=r"cannot read .*; check its permissions"):
        read_log(tmp_path)


def test_the_last_grading_of_a_submission_counts(tmp_path):
    path = tmp_path / "log"
    write(path, record(status="review"), record("bob", "repaired"), record(status="graded"))
    log = read_log(path)
    assert [(entry.student, entry.status) for entry in log.latest] == [("ada", "graded"), ("bob", "repaired")]
    assert reviews(log.latest, {}) == ()
    assert [(found.n, found.seconds[2]) for found in times(log.entries)] == [(3, 0.5)]


@pytest.mark.parametrize(
    "line",
    [
        '{"assignment": "ch0',
        "[]",
        "null",
        "\x00",
        json.dumps(record(status="excellent")),
        json.dumps(record(seconds=float("nan"))),
        json.dumps(record(seconds=-1)),
        json.dumps(record(reasons=[{"code": "x"}])),
        json.dumps(record(student=["ada"])),
        "[" * 100_000,
    ],
    ids=["torn", "list", "null", "nul", "status", "nan", "negative", "reason", "student", "deep"],
)
def test_a_damaged_line_is_numbered_and_the_others_are_read(tmp_path, line):
    path = tmp_path / "log"
    write(path, record(), line, record("bob"))
    log = read_log(path)
    assert [entry.student for entry in log.entries] == ["ada", "bob"]
    assert log.unreadable == (2,)


def test_bytes_that_are_no_text_are_a_damaged_line(tmp_path):
    path = tmp_path / "log"
    path.write_bytes(json.dumps(record()).encode() + b"\n\xff\xfe\n")
    assert read_log(path).unreadable == (2,)
