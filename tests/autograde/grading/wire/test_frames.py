"""Whatever the learner's process says on the wire, the examiner ends with a verdict, and goes on to the next cell."""

import socket
import struct
import threading
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wire_peers import frame, hostile

from autograde.grading.examiner import learner_side
from autograde.grading.examiner.examiner_side import RemoteLink
from autograde.grading.wire.encode import Encoder
from autograde.grading.wire.frames import CALL, RETURN, Limits, Malformed

TEST = "try:\n    f(1)\nexcept Exception:\n    pass"


def body(value: Any, changes: int = 0) -> bytes:
    message = Encoder(Limits(), lambda thing: ("mine", 1, "function", True))
    message.put(value)
    message.put(changes)
    return bytes(message.body)


def call(message: tuple) -> bytes:
    return frame(CALL, 1, body(message)[: -len(body(0)) // 2])


def read(sock: socket.socket) -> bytes:
    """The next frame of the examiner's; its number stands in bytes 8 to 16."""
    head = sock.recv(28, socket.MSG_WAITALL)
    if len(head) < 28:
        raise OSError("hung up")
    return head + sock.recv(struct.unpack_from("<I", head, 16)[0], socket.MSG_WAITALL)


def names(sock: socket.socket) -> None:
    """Answer the examiner's first request, for the learner's names, as an honest process does."""
    read(sock)
    sock.sendall(frame(RETURN, 1, body({"f": len})))


GOOD = body(3)


@pytest.mark.parametrize(
    "answer",
    [
        b"", b"HTTP/1.1 200 OK\r\n\r\n" + bytes(20), bytes(28), frame(9, 2, GOOD), frame(RETURN, 1, GOOD),
        frame(RETURN, 3, GOOD), frame(RETURN, 1 << 63, GOOD), frame(RETURN, 2, GOOD[:-1]), frame(RETURN, 2, GOOD + b"0"),
        frame(RETURN, 2, GOOD, 1), frame(RETURN, 2, GOOD, 1 << 60), frame(RETURN, 2, b""), frame(RETURN, 2, b"?"),
        struct.pack("<4sIQIQ", b"CW1\n", RETURN, 2, 0xFFFFFFFF, 0), frame(RETURN, 2, body(3, changes=1)),
        frame(CALL, 1, GOOD), frame(CALL, 7, GOOD), frame(3, 2, GOOD), frame(3, 2, body(("x", 1, 2, 3))),
        frame(3, 2, body((ValueError("x"), "no list", None, None))),
        call(("names", None, (), (), ())), call(("call", None, (), (), ())),
        call(("getattr", 1, ("__globals__",), (), ())), call(("call", len, (), (), ())),
        frame(RETURN, 2, b"y" + body(1)[:9] + b"s\x00\x00\x00\x00F" + b"i" + bytes(8)),
    ],
)  # fmt: skip
def test_a_malformed_answer_costs_the_cell_and_those_after_it(answer: bytes) -> None:
    def play(sock: socket.socket) -> None:
        names(sock)
        read(sock)
        sock.sendall(answer)
        sock.shutdown(socket.SHUT_WR)

    with hostile(play) as examiner:
        first, second = examiner.run_test(TEST, 2), examiner.run_test(TEST, 2)
        assert first.score == second.score == 0
        assert first.wire_code in ("violation", "died") and second.wire_error == first.wire_error
        assert examiner.run_test("assert 1 == 1", 3).score == 3  # a cell that asks nothing of the learner


@settings(max_examples=60)
@given(
    st.lists(st.binary(max_size=60) | st.builds(frame, st.integers(0, 4), st.integers(0, 4), st.binary(max_size=60)))
)
def test_noise_gives_a_verdict(pieces: list[bytes]) -> None:
    def play(sock: socket.socket) -> None:
        names(sock)
        read(sock)
        for piece in pieces:
            sock.sendall(piece)
        sock.shutdown(socket.SHUT_WR)

    with hostile(play) as examiner:
        assert examiner.run_test(TEST + "\nassert False", 2).score == 0


def test_a_frame_that_nobody_asked_for_ends_the_connection() -> None:
    def play(sock: socket.socket) -> None:
        names(sock)
        read(sock)
        sock.sendall(frame(RETURN, 2, GOOD) + frame(RETURN, 3, GOOD))
        read(sock)

    with hostile(play) as examiner:
        verdict = examiner.run_test("f(1)\nimport time; time.sleep(0.05)\nf(1);", 2)
        assert verdict.score == 0 and verdict.wire_code == "violation"


def test_an_answer_given_again_is_not_taken() -> None:
    def play(sock: socket.socket) -> None:
        names(sock)
        for _ in range(2):
            read(sock)
            sock.sendall(frame(RETURN, 2, GOOD))
        read(sock)

    with hostile(play) as examiner:
        assert examiner.run_test("assert f(1) == 3", 2).wire_code is None or examiner.broken
        assert examiner.run_test("assert f(1) == 3", 2).score == 0


def test_silence_ends_at_the_time_limit_and_later_calls_fail_at_once() -> None:
    def play(sock: socket.socket) -> None:
        names(sock)
        read(sock)
        read(sock)  # until the examiner hangs up

    with hostile(play, Limits(call_seconds=0.3)) as examiner:
        verdict = examiner.run_test(TEST, 2)
        assert (verdict.score, verdict.wire_code) == (0, "timeout")
        assert examiner.run_test(TEST, 2).wire_code == "timeout" and examiner.broken


def test_an_answer_that_drips_ends_at_the_time_limit() -> None:
    def play(sock: socket.socket) -> None:
        names(sock)
        read(sock)
        for byte in frame(RETURN, 2, GOOD):
            sock.sendall(bytes([byte]))
            time.sleep(0.05)

    with hostile(play, Limits(call_seconds=0.3)) as examiner:
        assert examiner.run_test(TEST, 2).wire_code == "timeout"


def test_a_learner_that_never_reads_does_not_hold_the_examiner() -> None:
    def play(sock: socket.socket) -> None:
        names(sock)
        time.sleep(1)

    with hostile(play, Limits(call_seconds=0.3)) as examiner:
        assert examiner.run_test("import numpy as np\nf(np.zeros(5_000_000))", 2).wire_code == "timeout"


def test_a_flood_of_calls_back_ends_the_connection() -> None:
    def play(sock: socket.socket) -> None:
        names(sock)
        call = read(sock)
        number = struct.unpack("<q", call[call.index(b"h") + 2 :][:8])[0] if b"h" in call else 1
        target = b"yi" + struct.pack("<q", number) + b"s\x00\x00\x00\x00F"
        for turn in range(1, 10_000):
            rest = b"t\x00\x00\x00\x00" * 3
            sock.sendall(frame(CALL, turn, b"t\x05\x00\x00\x00s\x04\x00\x00\x00call" + target + rest))
            read(sock)

    with hostile(play, Limits(calls=100)) as examiner:
        verdict = examiner.run_test("seen = []\nf(lambda: seen.append(1));", 2)
        assert (verdict.score, verdict.wire_code) == (0, "flood")
        assert 90 < len(examiner.namespace["seen"]) <= 100


@pytest.mark.parametrize(
    ("args", "names", "dropped"),
    [
        (("f",), ("a", "b"), ()), (("f", "f"), ("a", "a"), ()), (("f",), (1,), ()), (("f",), ["a"], ()), (["f"], (), ()),
        (("f",), (), []), (("f",), None, ()),
    ],
)  # fmt: skip
def test_a_call_with_impossible_names_is_malformed(args: Any, names: Any, dropped: Any) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.sendall(call(("names", None, args, names, dropped)))
        with pytest.raises(Malformed):
            learner_side.serve(theirs, {"f": 1})


def test_keyword_arguments_arrive_under_their_names() -> None:
    ours, theirs = socket.socketpair()
    link = RemoteLink(ours, Limits())
    space = {"f": lambda *args, **kwargs: [list(args), kwargs]}
    learner = threading.Thread(target=lambda: [learner_side.serve(theirs, space) for _ in range(2)], daemon=True)
    learner.start()
    shared = [1]
    f = link.ask("names", None, ("f",))["f"]
    args, kwargs = f(1, shared, b=shared, a=3)
    assert args == [1, [1]] and kwargs == {"b": [1], "a": 3} and list(kwargs) == ["b", "a"]
    assert args[1] is kwargs["b"] is shared
    learner.join(5)
    ours.close(), theirs.close()
