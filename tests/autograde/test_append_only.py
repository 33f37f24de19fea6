"""Is what a crash leaves of a line taken off, wherever it cut, in every file of lines?"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from autograde.append_only import append_lines, read_lines
from autograde.certify.issue.status_register import FILE, StatusRegister
from autograde.certify.record.audit import log_path as audit_path
from autograde.certify.record.audit import open_log
from autograde.grading.storage.grading_log import append_row, log_path, read_grading_log

NOW = datetime(2026, 1, 31, 10, tzinfo=UTC)


def grade(root: Path, n: int) -> None:
    row = {
        "assignment": "ch01", "student": f"ann{n}", "status": "graded", "score": 1.0, "maximum": 1.0,
        "late_penalty": 0.0, "reasons": [], "submitted_at": None, "graded_at": "2026-01-06T10:00:00Z",
        "isolation": "examiner", "engine": "e 1", "notebooks": [],
        "hashes": {"submission": "a" * 64, "release": "b" * 64, "tests": "c" * 64},
    }  # fmt: skip
    append_row(log_path(root), row)


def gradings(root: Path) -> list[str]:
    log = read_grading_log(log_path(root))
    assert log.faults == ()
    return [grading.student.removeprefix("ann") for grading in log.gradings]


def audit(root: Path, n: int) -> None:
    with open_log(root) as log:
        log.append([{"kind": "decision", "learner": f"p{n}", "record": "x"}], NOW)


def audited(root: Path) -> list[str]:
    with open_log(root) as log:
        recovered = log.of_kind("recovery")
        assert len(recovered) <= 1
        return [entry["learner"].removeprefix("p") for entry in log.of_kind("decision")]


def allocate(root: Path, n: int) -> None:
    StatusRegister(root).allocate(f"urn:{n}", NOW)


def allocated(root: Path) -> list[str]:
    register = StatusRegister(root)
    return [str(n) for n in range(4) if register.entry(f"urn:{n}")]


FILES: dict[str, tuple[Callable[[Path], Path], Callable[[Path, int], None], Callable[[Path], list[str]]]] = {
    "grading log": (log_path, grade, gradings),
    "audit log": (audit_path, audit, audited),
    "status register": (lambda root: root / FILE, allocate, allocated),
}


@pytest.mark.parametrize("what", FILES)
def test_a_line_cut_at_any_byte_is_no_line_and_is_taken_off(what: str, tmp_path: Path) -> None:
    place, add, read = FILES[what]
    path = place(tmp_path)
    add(tmp_path, 0)
    before = {file: file.read_bytes() for file in path.parent.iterdir()}
    add(tmp_path, 1)
    whole, first = path.read_bytes(), before[path]
    assert whole.startswith(first) and read(tmp_path) == ["0", "1"]
    for end in range(len(first), len(whole)):
        for file, data in before.items():
            file.write_bytes(data)
        path.write_bytes(whole[:end])
        assert read(tmp_path) == ["0"]
        assert path.read_bytes() == whole[:end], "to read changes nothing"
        add(tmp_path, 2)
        assert read(tmp_path) == ["0", "2"]
        assert path.read_bytes().startswith(first) and path.read_bytes().endswith(b"\n")
        assert all(json.loads(line) for line in path.read_bytes().splitlines())


@pytest.mark.parametrize("size", [0, 1, 4095, 4096, 4097, 9000])
def test_a_torn_piece_of_any_size_is_taken_off(size: int, tmp_path: Path) -> None:
    path = tmp_path / "new" / "lines"
    for first in ([], [b"one"]):
        append_lines(path, first)
        path.write_bytes(path.read_bytes() + b"x" * size)
        assert read_lines(path) == (first, b"x" * size)
        append_lines(path, [b"two", b""])
        assert read_lines(path) == ([*first, b"two", b""], b"")
        assert read_lines(path, len(path.read_bytes()) - 5) == ([b"two", b""], b"")
        path.unlink()
    assert read_lines(path) == ([], b"")


@contextmanager
def no_room(monkeypatch: pytest.MonkeyPatch, room: int) -> Iterator[None]:
    """A disk that takes `room` more bytes."""
    left = room
    from autograde import append_only

    real = append_only.os.write

    def write(file: int, data: bytes) -> int:
        nonlocal left
        if not left:
            raise OSError(28, "No space left on device")
        taken = real(file, data[: min(left, 7)])
        left -= taken
        return taken

    with monkeypatch.context() as patch:
        patch.setattr(append_only.os, "write", write)
        yield


@pytest.mark.parametrize("room", [0, 1, 5, 11])
def test_a_full_disk_leaves_the_file_as_it_was(room: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "lines"
    append_lines(path, [b"one"], 0o600)
    assert path.stat().st_mode & 0o777 == 0o600
    with no_room(monkeypatch, room), pytest.raises(OSError, match=f"No space left on device: '{path}'"):
        append_lines(path, [b"two two two", b"three"])
    assert path.read_bytes() == b"one\n"
    with no_room(monkeypatch, 100):
        append_lines(path, [b"two two two", b"three"])
    assert path.read_bytes() == b"one\ntwo two two\nthree\n"
