"""Two ends of a wire in one process: an examiner here, a learner's side in a thread; and a codec without a socket."""

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from autograde.grading.examiner.learner_side import serve
from autograde.grading.examiner.run import Examiner
from autograde.grading.plan.contract import contract_of
from autograde.grading.wire.decode import Decoder
from autograde.grading.wire.encode import Encoder
from autograde.grading.wire.frames import Limits, WireFailure


def cross(value: Any, limits: Limits | None = None) -> Any:
    """Return what arrives when ``value`` is sent."""
    limits = limits or Limits()
    message = Encoder(limits, lambda thing: ("mine", 1, type(thing).__name__, callable(thing)))
    message.put(value)
    message.finish()
    return decode(bytes(message.body), b"".join(bytes(buffer) for buffer in message.buffers), limits)


def decode(body: bytes, payload: bytes = b"", limits: Limits | None = None) -> Any:
    """Return the value of a message."""
    rest = memoryview(payload)

    def fill(view: memoryview) -> None:
        nonlocal rest
        view[:], rest = rest[: len(view)], rest[len(view) :]

    def resolve(*parts: Any) -> Any:
        return ("object", *parts)

    reader = Decoder(bytearray(body), len(payload), fill, limits or Limits(), resolve)
    value = reader.get()
    reader.finish()
    return value


def frame(kind: int, number: int, body: bytes, payload: int = 0) -> bytes:
    """A frame as it stands on the wire."""
    return struct.pack("<4sIQIQ", b"CW1\n", kind, number, len(body), payload) + body


@contextmanager
def examined(
    answer: str, limits: Limits | None = None, setup: str = "import numpy as np", reference: str | None = None
) -> Iterator[Examiner]:
    """An examiner whose learner wrote ``answer``, as the course did where it has no other; every name is remote."""
    ours, theirs = socket.socketpair()
    namespace: dict[str, Any] = {"__name__": "__main__"}
    exec(compile(answer, "<learner's cell>", "exec"), namespace)

    def learn() -> None:
        with suppress(WireFailure):  # the examiner has gone
            while True:
                serve(theirs, namespace)

    with playing(learn, ours, theirs):
        examiner = Examiner(
            ours,
            limits,
            namespace.keys() - {"np", "__name__", "__builtins__"},
            contract_of([answer if reference is None else reference]),
        )
        examiner.run_setup(setup)
        yield examiner


@contextmanager
def hostile(play: Callable[[socket.socket], None], limits: Limits | None = None) -> Iterator[Examiner]:
    """An examiner whose learner's process does ``play`` with its end of the wire; ``f`` is remote."""
    ours, theirs = socket.socketpair()

    def run() -> None:
        with suppress(OSError):  # the examiner has hung up
            play(theirs)

    with playing(run, ours, theirs):
        yield Examiner(ours, limits or Limits(call_seconds=5), {"f"})


@contextmanager
def playing(run: Callable[[], None], *socks: socket.socket) -> Iterator[None]:
    """Run the other side in a thread; hang up at the end."""
    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield
    finally:
        socks[0].close()
        thread.join(10)
        for sock in socks[1:]:
            sock.close()
        assert not thread.is_alive()
