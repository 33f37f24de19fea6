"""Is a time of hand-in read as nbgrader reads it, and is what nobody can read never taken for "in time"?"""

import json
import os
import time
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mini_course import Course
from nbgrader.api import Gradebook
from nbgrader.utils import parse_utc
from test_batch import hand_in

from autograde.grading.intake.timestamp import iso, read_time, text_of
from autograde.grading.submission import read_submission

TIMES = [
    b"2026-01-31 10:00:00 UTC",
    b"2026-01-31 10:00:00.123456 UTC\n",  # as nbgrader submit writes it
    b"2026-01-31 10:00:00.123456 +0000",
    b"2026-01-31 10:00:00.123456 Asia/Shanghai",
    b"2026-01-31 10:00:00 CET",
    b"2026-01-31 10:00:00 -3600",
    b"2026-01-31T10:00:00Z",
    b"2026-01-31T10:00:00+08:00",
    b"2026-01-31 10:00:00",
    b"2026-01-31",
    b"20260131T100000",
    b"Sat, 31 Jan 2026 10:00:00 GMT",
    b"Jan 31 2026 10:00 AM",
]


@pytest.mark.parametrize("content", TIMES, ids=lambda content: content.decode().strip())
def test_what_nbgrader_reads_is_read_alike(content: bytes) -> None:
    assert read_time(text_of(content)) == parse_utc(content.decode().strip())


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf2026-01-31 10:00:00 UTC\r\n",
        b"  2026-01-31 10:00:00 UTC\r\n\r\n",
        "\ufeff2026-01-31 10:00:00 UTC\r\n".encode("utf-16-le"),
        "\ufeff2026-01-31 10:00:00 UTC".encode("utf-16-be"),
    ],
    ids=["bom", "crlf", "utf-16-le", "utf-16-be"],
)
def test_what_an_editor_adds_does_not_matter(content: bytes) -> None:
    assert read_time(text_of(content)) == datetime(2026, 1, 31, 10)


BROKEN = {
    "words": b"yesterday evening",
    "year-99999": b"99999-01-01 10:00:00 UTC",
    "year-9999": b"9999-12-31 23:59:59 -3600",
    "year-1": b"0001-01-01 00:00:00 UTC",
    "before-year-1": b"0001-01-01 00:00:00 +3600",
    "empty": b"",
    "blank": b" \r\n",
    "binary": bytes(range(256)),
    "nul": b"2026-01-31\x00 10:00:00 UTC",
    "huge": b"2026-01-31 10:00:00 UTC" + b" " * 10**6 + b"x" * 10**6,
    "many-digits": b"9" * 10_000,
    "two": b"2026-01-31 10:00:00 UTC\n2026-02-01 10:00:00 UTC",
    "no-day": b"10:00",
    "weekday": b"Monday",
    "no-year": b"31 January",
    "month": b"January 2026",
    "no-such-day": b"2026-02-30 10:00:00 UTC",
    "no-such-hour": b"2026-01-31 25:61:00 UTC",
    "nan": b"nan",
    "zone-is-a-file": b"2026-01-31 10:00:00 /etc/passwd",
    "zone-out-of-bounds": b"2026-01-31 10:00:00 999999",
    "chinese": "昨天晚上".encode(),
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
def test_what_is_no_whole_time_is_none(content: bytes) -> None:
    assert read_time(text_of(content)) is None


@given(st.one_of(st.text(), st.datetimes().map(str), st.datetimes().map(lambda at: f"{at} UTC")))
def test_a_text_is_a_time_that_can_be_written_and_read_again_or_none(text: str) -> None:
    written = iso(text)
    assert written is None or datetime.fromisoformat(written).replace(tzinfo=None) == read_time(text).replace(
        microsecond=0
    )  # type: ignore[union-attr]


def submit(root: Path, student: str, stamp: bytes | None) -> Path:
    folder = hand_in(root, student)
    if stamp is not None:
        (folder / "timestamp.txt").write_bytes(stamp)
    return folder


def test_a_broken_time_is_a_persons_to_judge_and_costs_the_others_nothing(built: Path, course: Course) -> None:
    with Gradebook(f"sqlite:///{built}/gradebook/gradebook.db") as gradebook:
        gradebook.update_or_create_assignment("ch91", duedate="2026-01-05 12:00:00 UTC")
    broken = ("words", "year-99999", "year-1", "empty", "binary", "no-day", "zone-is-a-file")
    for name in broken:
        submit(built, name, BROKEN[name])
    (submit(built, "folder", None) / "timestamp.txt").mkdir()
    submit(built, "in-time", b"2026-01-05 11:00:00 UTC")
    submit(built, "late", b"\xef\xbb\xbf2026-01-06 11:00:00 UTC\r\n")
    submit(built, "no-time", None)
    run = course("grade", "ch91", "--jobs", "1", "--json", "out.json", cwd=built)
    assert run.returncode == 1, run.stderr
    rows = {row["student"]: row for row in json.loads((built / "out.json").read_text())}
    for name in broken:
        assert (rows[name]["status"], rows[name]["submitted_at"]) == ("review", None)
        (reason,) = rows[name]["reasons"]
        assert reason["code"] == "unreadable-timestamp"
        assert reason["en"].startswith("When this was handed in cannot be read from timestamp.txt")
        assert reason["zh"].startswith("无法从 timestamp.txt 读出提交时间")
    assert [reason["code"] for reason in rows["folder"]["reasons"]] == ["unreadable-file"]
    assert rows["late"]["late_penalty"] > 0
    assert {name: rows[name]["status"] for name in ("in-time", "late", "no-time")} == dict.fromkeys(
        ("in-time", "late", "no-time"), "graded"
    )
    with Gradebook(f"sqlite:///{built}/gradebook/gradebook.db") as gradebook:
        waiting = {s.student.id for s in gradebook.assignment_submissions("ch91") if s.needs_manual_grade}
    assert waiting == {*broken, "folder"}
    for command in (("certify",), ("report",), ("feedback", "ch91")):
        run = course(*command, cwd=built)
        assert run.returncode == 0, run.stderr
    # put right by a person
    (built / "gradebook" / "submitted" / "words" / "ch91" / "timestamp.txt").write_text("2026-01-05 11:00:00 UTC")
    run = course("grade", "ch91", "--student", "words", "--force", cwd=built)
    assert run.returncode == 0, run.stderr


def test_a_second_hand_in_with_a_broken_time_is_graded_and_has_no_time(built: Path, course: Course) -> None:
    folder = submit(built, "ada", b"2026-01-05 11:00:00 UTC")
    course("grade", "ch91", cwd=built)
    (folder / "timestamp.txt").write_text("now")
    for _ in range(2):  # the second time there is nothing to do
        assert course("grade", "ch91", cwd=built).returncode == 1
    lines = [json.loads(line) for line in (built / "gradebook" / "grading-log.jsonl").read_text().splitlines()]
    assert [(line["status"], line["submitted_at"]) for line in lines] == [
        ("graded", "2026-01-05T11:00:00Z"),
        ("review", None),
    ]
    with Gradebook(f"sqlite:///{built}/gradebook/gradebook.db") as gradebook:
        assert gradebook.find_submission("ch91", "ada").timestamp is None


def test_a_huge_file_is_no_time_and_takes_none(tmp_path: Path) -> None:
    with (tmp_path / "timestamp.txt").open("wb") as file:
        os.truncate(file.fileno(), 100_000_000)
    started = time.monotonic()
    submission = read_submission(tmp_path, "ada", "ch91")
    assert read_time(submission.timestamp) is None
    assert submission.timestamp is not None
    assert time.monotonic() - started < 5


def test_other_files_without_a_later_time_are_named_and_graded_when_asked(built: Path, course: Course) -> None:
    stamps = {"bob": None, "ada": b"2026-01-05 11:00:00 UTC", "eve": b"2026-01-05 11:00:00 UTC"}
    for name, stamp in stamps.items():
        submit(built, name, stamp)
    assert "no later time" not in course("grade", "ch91", cwd=built).stderr
    for name in ("ada", "bob"):
        with (built / "gradebook" / "submitted" / name / "ch91" / "ch91.ipynb").open("a") as file:
            file.write("\n")
    run = course("grade", "ch91", cwd=built)
    assert run.returncode == 0
    assert "other files than were graded, and no later time: ada, bob; add --force to grade them" in run.stderr
    course("grade", "ch91", "--force", "--student", "ada", "--student", "bob", cwd=built)
    assert "no later time" not in course("grade", "ch91", cwd=built).stderr
