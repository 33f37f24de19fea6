"""What a process may still do with files and ports once Landlock binds it, asked of the kernel itself."""

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from autograde.grading.sandbox.linux import calls, landlock


def _version() -> int:
    try:
        return landlock.abi()
    except OSError:
        return 0


pytestmark = pytest.mark.skipif(_version() == 0, reason="this kernel has no Landlock")


def bound(attempt: Callable[[], object], **rules: object) -> str:
    """Run an attempt in a child that Landlock binds; return the name of its error, or "done"."""
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            calls.prctl(calls.PR_SET_NO_NEW_PRIVS, 1)
            landlock.restrict(**{"readable": [], "writable": [], **rules})  # type: ignore[arg-type]
            attempt()
            os.write(theirs, b"done")
        except BaseException as error:
            os.write(theirs, type(error).__name__.encode())
        finally:
            os._exit(0)
    os.close(theirs)
    with os.fdopen(ours) as answer:
        said = answer.read()
    os.waitpid(child, 0)
    return said


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path, Path]:
    """A folder to read, one to write, and one that is on no list, each with a file in it."""
    found = tuple(tmp_path / name for name in ("read", "write", "other"))
    for folder in found:
        folder.mkdir()
        (folder / "file.txt").write_text("text")
    return found  # type: ignore[return-value]


def test_only_listed_folders_are_read(folders: tuple[Path, Path, Path]) -> None:
    read, write, other = folders
    lists = {"readable": [read], "writable": [write]}
    assert bound(lambda: (read / "file.txt").read_text(), **lists) == "done"
    assert bound(lambda: (write / "file.txt").read_text(), **lists) == "done"
    assert bound(lambda: (other / "file.txt").read_text(), **lists) == "PermissionError"
    assert bound(lambda: os.listdir(other), **lists) == "PermissionError"


def test_only_writable_folders_are_changed(folders: tuple[Path, Path, Path]) -> None:
    read, write, _ = folders
    lists = {"readable": [read], "writable": [write]}
    assert bound(lambda: (write / "new.txt").write_text("x"), **lists) == "done"
    assert (write / "new.txt").read_text() == "x"
    for attempt in (
        lambda: (read / "file.txt").write_text("x"),
        lambda: (read / "new.txt").write_text("x"),
        lambda: (read / "file.txt").unlink(),
        lambda: os.rename(write / "file.txt", read / "moved.txt"),
    ):
        assert bound(attempt, **lists) in ("PermissionError", "OSError")
    assert sorted(os.listdir(read)) == ["file.txt"] and (read / "file.txt").read_text() == "text"


def test_one_file_may_be_listed_and_a_missing_one_is_left_out(folders: tuple[Path, Path, Path]) -> None:
    read, _, other = folders
    lists = {"readable": [read / "file.txt", read / "nothing.txt"]}
    assert bound(lambda: (read / "file.txt").read_text(), **lists) == "done"
    assert bound(lambda: os.listdir(read), **lists) == "PermissionError"
    assert bound(lambda: (other / "file.txt").read_text(), **lists) == "PermissionError"


def test_a_device_is_written_and_never_replaced() -> None:
    assert bound(lambda: Path("/dev/null").write_text("x"), devices=[Path("/dev/null")]) == "done"
    assert bound(lambda: Path("/dev/null").write_text("x")) == "PermissionError"


@pytest.mark.skipif(_version() < 4, reason="this kernel's Landlock knows no ports")
def test_tcp_is_refused_unless_it_is_left_alone() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = server.getsockname()
        assert bound(lambda: socket.create_connection(address, 5)) == "PermissionError"
        assert bound(lambda: socket.create_server(("127.0.0.1", 0))) == "PermissionError"
        assert bound(lambda: socket.create_connection(address, 5), tcp=True) == "done"
