"""What a kernel's streams say on its line, without a kernel."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ipykernel.iostream import OutStream

from autograde.grading.kernels.forkserver.pipe_stream import HELD, LONGEST, PipeStream


class Line:
    """Takes the messages: (text, id of the request)."""

    def __init__(self) -> None:
        self.messages: list[tuple[str, str]] = []
        self.flushed = 0

    def put(self, message: dict[str, Any], parent: str) -> None:
        assert (message["msg_type"], message["content"]["name"]) == ("stream", "stdout")
        self.messages.append((message["content"]["text"], parent))

    def flush(self) -> None:
        self.flushed += 1


def request(number: str) -> dict[str, Any]:
    return {"header": {"msg_id": number}}


@pytest.fixture
def descriptor(tmp_path: Path) -> Iterator[int]:
    """One that stands for 1."""
    with (tmp_path / "terminal").open("wb") as file:
        yield file.fileno()


@pytest.fixture
def line() -> Line:
    return Line()


@pytest.fixture
def stream(descriptor: int, line: Line) -> PipeStream:
    stream = PipeStream("stdout", descriptor, line)
    stream.set_parent(request("first"))
    return stream


def test_it_goes_by_the_name_of_ipykernels_stream(stream: PipeStream) -> None:
    kind = type(stream)
    assert (kind.__name__, kind.__module__) == (OutStream.__name__, OutStream.__module__)
    assert (stream.isatty(), stream.writable(), stream.name) == (False, True, "stdout")


def test_text_is_held_back_until_the_cell_ends(stream: PipeStream, line: Line) -> None:
    assert stream.write("a") == 1
    stream.write("b\n")
    assert line.messages == []
    stream.drain()
    stream.drain()
    assert line.messages == [("ab\n", "first")]


def test_much_text_is_sent_at_once_in_bounded_messages(stream: PipeStream, line: Line) -> None:
    stream.write("x" * (HELD + 1))
    assert [len(text) for text, _ in line.messages] == [HELD + 1]
    stream.write("y" * (2 * LONGEST + 1))
    assert [len(text) for text, _ in line.messages[1:]] == [LONGEST, LONGEST, 1]


def test_what_programs_write_below_keeps_its_place(stream: PipeStream, line: Line, descriptor: int) -> None:
    stream.write("1 ")
    os.write(descriptor, b"2 ")
    stream.write("3 ")
    os.write(descriptor, "4 \N{SNOWMAN}".encode() + b"\xff")
    stream.drain()
    assert line.messages == [("1 2 3 4 \N{SNOWMAN}\N{REPLACEMENT CHARACTER}", "first")]


def test_a_message_belongs_to_the_request_that_printed_it(stream: PipeStream, line: Line) -> None:
    stream.write("one")
    stream.set_parent(request("second"))
    stream.write("two")
    token = stream.set_thread_parent(request("third"))
    stream.write("three")
    stream.reset_thread_parent(token)
    stream.drain()
    assert line.messages == [("one", "first"), ("two", "second"), ("three", "third")]


def test_only_text_is_written(stream: PipeStream) -> None:
    with pytest.raises(TypeError, match="must be str, not <class 'bytes'>"):
        stream.write(b"x")  # type: ignore[arg-type]


def test_a_flush_asks_the_line(stream: PipeStream, line: Line) -> None:
    stream.flush()
    assert (line.flushed, line.messages) == (1, [])


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_a_fork_writes_into_the_file_below_and_says_nothing_itself(stream: PipeStream, line: Line) -> None:
    stream.write("parent ")
    child = os.fork()
    if child == 0:
        try:
            stream.write("child")
            stream.flush()
            stream.drain()
        finally:
            os._exit(len(line.messages) + line.flushed)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    stream.drain()
    assert line.messages == [("parent child", "first")]


def test_a_stream_whose_file_was_closed_still_says_what_is_printed(stream: PipeStream, line: Line) -> None:
    os.close(stream._below)
    stream.write("still ")
    stream.write("here")
    stream.drain()
    assert line.messages == [("still here", "first")]
