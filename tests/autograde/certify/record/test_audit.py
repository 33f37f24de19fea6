"""Is every cut and every edit of the audit log found, and a crash told apart from both?"""

import json
import os
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from warm_command import run_warm

from autograde.certify.record.audit import START, AuditError, log_path, open_log, read_log
from autograde.errors import CourseError
from autograde.exact import sha256

NOW = datetime(2026, 1, 31, 10, tzinfo=UTC)


@pytest.fixture
def path(tmp_path):
    """A log of five lines, written in five goes."""
    for number in range(5):
        with open_log(tmp_path) as log:
            log.append([{"kind": "decision", "learner": f"p{number}", "record": "x"}], NOW.replace(minute=number))
    return log_path(tmp_path)


def broken_at(root) -> int:
    with pytest.raises(AuditError) as caught, open_log(root):
        pass
    message = str(caught.value)
    assert "\n" not in message
    assert f":{caught.value.line}: " in message
    return caught.value.line


def test_every_line_carries_the_hash_of_the_one_before(path, tmp_path):
    lines = path.read_bytes().splitlines()
    entries = [json.loads(line) for line in lines]
    assert [entry["prev"] for entry in entries] == [START, *map(sha256, lines[:-1])]
    with open_log(tmp_path) as log:
        assert log.head == (5, sha256(lines[-1]))
        assert log.entries[0]["at"] == "2026-01-31T10:00:00Z"
    assert path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(("cut", "line"), [(0, 1), (1, 2), (3, 4), (4, 5)])
def test_a_cut_line_is_found(path, tmp_path, cut, line):
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:cut] + lines[cut + 1 :]))
    assert broken_at(tmp_path) == line


@pytest.mark.parametrize("edited", range(5))
def test_an_edited_line_is_found_at_it_or_right_after_it(path, tmp_path, edited):
    lines = path.read_bytes().splitlines(keepends=True)
    lines[edited] = lines[edited].replace(b'"x"', b'"y"')
    path.write_bytes(b"".join(lines))
    assert broken_at(tmp_path) in (edited + 1, edited + 2)


def test_swapped_doubled_and_reformatted_lines_are_found(path, tmp_path):
    lines = path.read_bytes().splitlines(keepends=True)
    for wrong in (
        [lines[1], lines[0], *lines[2:]],
        [*lines[:2], lines[1], *lines[2:]],
        [lines[0].replace(b":", b": ", 1), *lines[1:]],
        [*lines[:2], b"\n", *lines[2:]],
        [*lines[:2], b"[" * 100_000 + b"\n", *lines[2:]],
        [*lines[:2], b"\xff\n", *lines[2:]],
        [*lines[:2], b"NaN\n", *lines[2:]],
    ):
        path.write_bytes(b"".join(wrong))
        assert broken_at(tmp_path) in (1, 2, 3)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.data())
def test_any_changed_byte_is_found(path, tmp_path, data):
    whole = path.read_bytes()
    at = data.draw(st.integers(0, len(whole) - 1))
    changed = bytes([data.draw(st.integers(0, 255).filter(lambda value: value != whole[at]))])
    path.write_bytes(whole[:at] + changed + whole[at + 1 :])
    try:
        with pytest.raises(AuditError), open_log(tmp_path):
            pass
    finally:
        path.write_bytes(whole)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.data())
def test_any_shortening_is_found(path, tmp_path, data):
    whole = path.read_bytes()
    path.write_bytes(whole[: data.draw(st.integers(0, len(whole) - 1))])
    try:
        with pytest.raises(AuditError), open_log(tmp_path):
            pass
    finally:
        path.write_bytes(whole)


def test_the_torn_end_of_a_crash_is_taken_off_and_told(path, tmp_path):
    whole = path.read_bytes()
    path.write_bytes(whole + b'{"at":"2026-01-31T10:05:00Z","kind":"issu')
    with open_log(tmp_path) as log:
        assert len(log.entries) == 5
        assert path.read_bytes() != whole  # reading changes nothing
        log.append([{"kind": "snapshot", "sha256": "s"}], NOW)
    with open_log(tmp_path) as log:
        assert [entry["kind"] for entry in log.entries[5:]] == ["recovery", "snapshot"]
        assert log.entries[5]["bytes"] == 41
    assert path.read_bytes().startswith(whole)


def test_a_crash_between_log_and_head_is_no_break(path, tmp_path):
    head = path.with_suffix(".head")
    old = head.read_bytes()
    with open_log(tmp_path) as log:
        log.append([{"kind": "snapshot", "sha256": "s"}], NOW)
    head.write_bytes(old)
    with open_log(tmp_path) as log:
        assert len(log.entries) == 6


def test_a_lost_head_or_a_damaged_one_is_told(path, tmp_path):
    head = path.with_suffix(".head")
    head.write_text("five lines")
    broken_at(tmp_path)
    head.unlink()
    assert broken_at(tmp_path) == 5


def test_a_log_rewritten_from_its_start_does_not_fit_its_head(path, tmp_path):
    head = path.with_suffix(".head").read_bytes()
    path.unlink()
    path.with_suffix(".head").unlink()
    for number in range(5):
        with open_log(tmp_path) as log:
            log.append([{"kind": "decision", "learner": f"p{number}", "record": "forged"}], NOW)
    path.with_suffix(".head").write_bytes(head)
    assert broken_at(tmp_path) == 5


def test_a_deleted_log_is_missed(path, tmp_path):
    path.unlink()
    assert broken_at(tmp_path) == 1
    assert read_log(tmp_path) is None


def test_only_one_process_holds_the_log(tmp_path):
    code = (
        "import sys; from pathlib import Path; from autograde.certify.record.audit import open_log\n"
        "with open_log(Path(sys.argv[1])): pass"
    )
    with open_log(tmp_path):
        run = run_warm(code, [str(tmp_path)])
    assert "another course command is writing certificates" in run.stderr
    assert run_warm(code, [str(tmp_path)]).returncode == 0


def test_an_unknown_kind_is_a_mistake_of_the_programmer(tmp_path):
    with open_log(tmp_path) as log, pytest.raises(ValueError, match="no kind"):
        log.append([{"kind": "rumour"}], NOW)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs RLIMIT_FSIZE")
def test_a_full_disk_leaves_the_log_as_it_was(path, tmp_path):
    before = path.read_bytes()
    code = (
        "import resource, signal, sys; from datetime import datetime, UTC; from pathlib import Path\n"
        "from autograde.certify.record.audit import open_log\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "with open_log(Path(sys.argv[1])) as log:\n"
        "    resource.setrlimit(resource.RLIMIT_FSIZE, (log.path.stat().st_size + 70,) * 2)\n"
        "    try: log.append([{'kind': 'snapshot', 'sha256': 's' * 64}], datetime.now(UTC))\n"
        "    except OSError as error: print('refused', error.errno)\n"
    )
    run = run_warm(code, [str(tmp_path)])
    assert run.stdout.startswith("refused"), run.stderr
    assert path.read_bytes() == before
    with open_log(tmp_path) as log:
        assert len(log.entries) == 5


def test_a_log_that_may_not_be_opened_is_told(tmp_path):
    (tmp_path / "gradebook").write_text("a file")
    with pytest.raises((CourseError, OSError)), open_log(tmp_path):
        pass
