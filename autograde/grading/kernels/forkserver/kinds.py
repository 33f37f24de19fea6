"""What a fork of the template can become."""

import contextlib
import json
import os
import socket
from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Any


def _kernel(request: dict[str, Any], descriptors: list[int]) -> None:
    """A kernel on a control socket, and with a wire, the learner's side of an examination."""
    from autograde.grading.examiner.learner_side import expect
    from autograde.grading.kernels.forkserver.pipe_kernel import run
    from autograde.grading.wire.frames import Limits

    wire = socket.socket(fileno=descriptors[1]) if len(descriptors) > 1 else None
    if wire:
        expect(Limits(**request["wire_limits"]))
    run(socket.socket(fileno=descriptors[0]), wire)


def _examiner(request: dict[str, Any], descriptors: list[int]) -> None:
    """The trusted side of an examination, asked by one order a line.

    ``{"setup": …}`` and ``{"test": …, "points": …, "remote": […], "contract": {…}, "seconds": …}`` run cells, with
    ``"ready"`` what the grader has parsed and compiled already (:class:`ReadyCell`). ``{"settle": seconds}`` waits for
    the learner's process, which was interrupted; with ``{"wire": true}`` comes the socket of one that takes its place.
    """
    from autograde.grading.examiner.ready_cells import ReadyCell
    from autograde.grading.examiner.run import Examiner
    from autograde.grading.plan.contract import Contract
    from autograde.grading.wire.frames import Limits

    control = socket.socket(fileno=descriptors[0])
    silence = os.open(os.devnull, os.O_RDWR)
    for descriptor in (1, 2):
        os.dup2(silence, descriptor)
    examiner = Examiner(socket.socket(fileno=descriptors[1]), Limits(**request["wire_limits"]))
    for order, sockets in _orders(control):
        answer: dict[str, Any] = {}
        source = str(order.get("setup", order.get("test")))
        cell = ReadyCell.from_json(source, order["ready"]) if order.get("ready") else source
        if "wire" in order:
            examiner.replace(*sockets)
        elif "settle" in order:
            answer = {"settled": examiner.settle(order["settle"])}
        elif "setup" in order:
            answer = {"fault": None}
            try:
                examiner.run_setup(cell)
            except Exception as error:  # the course's own fault; told to the instructor
                answer = {"fault": f"{type(error).__name__}: {error}"}
        else:
            contract = Contract.from_json(order["contract"])
            remote = frozenset(order["remote"])
            verdict = examiner.run_test(cell, order["points"], remote, contract, order["seconds"], order["owed"])
            answer = {**asdict(verdict), "broken": examiner.broken}
        control.sendall(json.dumps(answer, default=str).encode() + b"\n")


def _orders(control: socket.socket) -> Iterator[tuple[dict[str, Any], list[socket.socket]]]:
    """The lines that come, each with the sockets that came with it."""
    pending, sockets = b"", list[socket.socket]()
    while True:
        data, descriptors, _, _ = socket.recv_fds(control, 1 << 16, 1)
        sockets += [socket.socket(fileno=one) for one in descriptors]
        if not data:
            return
        *lines, pending = (pending + data).split(b"\n")
        for line in lines:
            yield json.loads(line), sockets
            sockets = []


def _jupyter(request: dict[str, Any], descriptors: list[int]) -> None:
    """A kernel as ``python -m ipykernel_launcher -f FILE`` starts it, for clients that speak Jupyter's protocol."""
    from ipykernel.kernelapp import IPKernelApp

    IPKernelApp.launch_instance(argv=request["arguments"])


def _bare(request: dict[str, Any], descriptors: list[int]) -> None:
    """The cells and nothing else: the floor that a benchmark compares with."""
    control = socket.socket(fileno=descriptors[0])
    namespace: dict[str, Any] = {"__name__": "__main__"}
    silence = os.open(os.devnull, os.O_RDWR)
    for descriptor in (1, 2):
        os.dup2(silence, descriptor)
    cells = json.loads(control.makefile("rb").readline())["cells"]
    for number, source in enumerate(cells):
        with contextlib.suppress(Exception):
            exec(compile(source, f"<cell {number}>", "exec"), namespace)
    control.sendall(b'{"msg_type": "done"}\n')


KINDS: dict[str, Callable[[dict[str, Any], list[int]], None]] = {
    "kernel": _kernel,
    "examiner": _examiner,
    "jupyter": _jupyter,
    "bare": _bare,
}
