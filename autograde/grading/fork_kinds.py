"""What a fork of the template can become."""

import contextlib
import json
import os
import socket
from collections.abc import Callable
from dataclasses import asdict
from typing import Any


def _kernel(request: dict[str, Any], descriptors: list[int]) -> None:
    """A kernel on a control socket, and with a wire, the learner's side of an examination."""
    from autograde.grading.pipe_kernel import run

    wire = socket.socket(fileno=descriptors[1]) if len(descriptors) > 1 else None
    run(socket.socket(fileno=descriptors[0]), wire)


def _examiner(request: dict[str, Any], descriptors: list[int]) -> None:
    """The trusted side of an examination: ``{"setup": …}`` and ``{"test": …, "points": …, "remote": […], "contract": {…}}``,
    one a line.

    With ``"ready"``, what the grader has parsed and compiled already (:class:`ReadyCell`).
    """
    from autograde.grading.contract import Contract
    from autograde.grading.examiner import Examiner
    from autograde.grading.examiner_cells import ReadyCell
    from autograde.grading.wire import Limits

    control = socket.socket(fileno=descriptors[0])
    silence = os.open(os.devnull, os.O_RDWR)
    for descriptor in (1, 2):
        os.dup2(silence, descriptor)
    examiner = Examiner(socket.socket(fileno=descriptors[1]), Limits(**request["wire_limits"]))
    for line in control.makefile("rb"):
        order = json.loads(line)
        source = order["setup"] if "setup" in order else order["test"]
        cell = ReadyCell.from_json(source, order["ready"]) if order.get("ready") else source
        answer: dict[str, Any]
        if "setup" in order:
            answer = {"fault": None}
            try:
                examiner.run_setup(cell)
            except Exception as error:  # the course's own fault; told to the instructor
                answer = {"fault": f"{type(error).__name__}: {error}"}
        else:
            contract = Contract.from_json(order["contract"])
            verdict = examiner.run_test(cell, order["points"], frozenset(order["remote"]), contract)
            answer = {**asdict(verdict), "broken": examiner.broken}
        control.sendall(json.dumps(answer, default=str).encode() + b"\n")


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
