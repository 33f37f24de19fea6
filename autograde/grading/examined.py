"""Execution with an examiner: the learner's cells run in a confined process, the tests in another.

The learner's process never receives a test cell. Verdicts come from the examiner over its own
channel, not through cell outputs. See docs/wire.md.
"""

import re
import select
import socket
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

from nbformat import NotebookNode
from traitlets import Any as AnyTrait
from traitlets import Integer, Unicode

from autograde.errors import CourseError
from autograde.grading.examiner.ready_cells import ReadyCell, ready_setup, ready_test
from autograde.grading.examiner.run import cell_name
from autograde.grading.examiner.verdict import Verdict
from autograde.grading.kernels.client import Fork, KernelDied, TimedOut, fork_of
from autograde.grading.kernels.exchange import INTERRUPT_SECONDS
from autograde.grading.kernels.execute import WarmExecute
from autograde.grading.plan.cell_names import UNREADABLE, names_used
from autograde.grading.plan.marks import is_automatic_test
from autograde.grading.plan.roles import PlannedCell
from autograde.grading.reasons.ends import FLOOD, GARBLED, NO_ROOM, STUCK
from autograde.grading.reasons.faults import setup_failed, setup_fault, test_fault, test_unknown
from autograde.grading.reasons.losses import not_defined, not_judged, unjudged
from autograde.grading.wire.frames import limits_for

GRACE_SECONDS = 10.0
DYING_SECONDS = 1.0  # time for a process that has left the wire to be reported as ended


class ExaminedExecute(WarmExecute):
    """Executes a notebook in two forks of a warm template.

    Attributes:
        plan: grade_id → what the course's source says of the cell.
        beside: the examiner's working folder, with the course's own files in it.
        verdicts: grade_id → fields of :class:`autograde.grading.examiner.verdict.Verdict`, filled
            by the run.
        faults: what is wrong with the course's own cells.
    """

    plan: Any = AnyTrait()  # Mapping[str, PlannedCell]
    beside = Unicode("/")
    test_timeout = Integer(
        120, min=2, help="Seconds that a test may take; a call of it into the learner's process half as many."
    ).tag(config=True)

    @contextmanager
    def kernel(self, address: str, path: str, environment: dict[str, str]) -> Iterator[Callable[[], Fork]]:
        """Yield a function that starts a process for the learner's cells, wired to the examiner."""
        self.verdicts: dict[str, dict[str, Any]] = {}
        self._cells = 0
        self._ahead: list[PlannedCell] = list(self.plan.values())
        self._places = {cell.grade_id: place for place, cell in enumerate(self._ahead)}
        self._unmarked = {cell.source: cell for cell in self._ahead if cell.role == "setup"}
        self._reached = 0  # cells of the plan that the examiner has processed
        self._failed_here: set[str] = set()
        memory = (self.confine or {}).get("limits", {}).get("memory_bytes", 0)
        seconds = float(self.test_timeout)
        self._wire_limits = limits_for(memory, call_seconds=seconds / 2, cell_seconds=seconds)
        limits = asdict(self._wire_limits)
        self._examiner: Fork | None = None

        def start() -> Fork:
            theirs, ours = socket.socketpair()
            with theirs, ours:
                learner = fork_of(
                    address, "kernel", path, environment, wire=theirs, wire_limits=limits, confine=self.confine
                )
                try:
                    if self._examiner:
                        until = time.monotonic() + GRACE_SECONDS
                        self._examiner.send({"wire": True}, until, [ours])
                        self._examiner.receive(until)
                    else:
                        self._examiner = fork_of(
                            address, "examiner", self.beside, environment, wire=ours, wire_limits=limits, memory=memory
                        )
                except (KernelDied, TimedOut):  # the examiner has ended; the cells still run, and it is reported later
                    if not self._examiner:
                        learner.kill()
                        raise
                return learner

        try:
            yield start
        finally:
            if self._examiner:
                self.other_seconds += self._examiner.kill().cpu_seconds

    def run(self, cell: NotebookNode, index: int) -> None:
        """Run a cell in the process where it belongs."""
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        planned: PlannedCell | None = self.plan.get(name) if name else self._unmarked.get(cell.source)
        if planned and planned.role == "test":
            self._follow(planned)
            self._test(cell, index, planned)
            return
        if name and is_automatic_test(cell):
            self._unknown_test(cell, name)
            return
        super().run(cell, index)
        if planned and planned.role == "setup":
            self._follow(planned)
            self._compare(planned, next((o for o in cell.outputs if o.output_type == "error"), None))

    def _refuse_unconfined(self, name: str) -> None:
        """See :class:`WarmExecute`; an examiner always needs its wire."""
        raise CourseError(f"the kernel {name!r} can be neither confined nor examined")

    def order(self, cell: NotebookNode) -> dict[str, Any]:
        """The kernel's order: to run the cell; nothing that it could change reaches a test."""
        return self.code(cell)

    def _follow(self, planned: PlannedCell) -> None:
        """Advance the examiner to this cell of the course's own notebook, whatever the learner's looks like."""
        place = self._places[planned.grade_id]
        for cell in self._ahead[self._reached : place + 1]:
            source = cell.source if cell.role == "setup" else cell.imports
            if source:
                self._setup(cell.grade_id, source)
        self._reached = max(self._reached, place + 1)

    def _setup(self, name: str, source: str) -> None:
        answer = self._ask({"setup": source, "ready": self._ready(ready_setup, source)}, None)
        if answer["fault"]:
            self._failed_here.add(name)
            self.faults.append(setup_fault(name, answer["fault"]))

    def _compare(self, planned: PlannedCell, error: NotebookNode | None) -> None:
        """Report a setup cell that failed in the learner's process but not where the tests run."""
        name = planned.grade_id
        explained = any(reason.code != "not-defined" for reason in self.reasons)
        if error is None or name in self._failed_here or explained:
            return  # a kernel that died or was interrupted has its own reason
        self.faults.append(setup_failed(name, f"{error.ename}: {error.evalue}"))

    def _ready(self, make: Callable[[str, str], ReadyCell], source: str) -> dict[str, Any] | None:
        """A cell, parsed and compiled once for all submissions; None if it is not Python."""
        self._cells += 1
        try:
            return make(source, cell_name(self._cells)).as_json()
        except UNREADABLE:  # the examiner reports it
            return None

    def _test(self, cell: NotebookNode, index: int, planned: PlannedCell) -> None:
        self._display_id_map: dict[str, Any] = {}  # so that a test cannot update an earlier cell's output
        problem = self.living(cell, index)
        if problem == "time":
            verdict = unjudged(planned.points, problem)
        else:
            verdict = self._examine(cell, index, planned)
            if problem and verdict["wire_code"]:
                verdict["wire_code"] = problem
        self.verdicts[planned.grade_id] = verdict
        cell.outputs = [NotebookNode(output) for output in verdict["outputs"]]
        if verdict["author_error"]:
            self.faults.append(test_fault(planned.grade_id, verdict["author_error"]))
        elif verdict["wire_code"]:
            self.reasons.append(not_judged(planned.grade_id, verdict["wire_code"]))
        elif verdict["undefined"]:
            self.reasons.append(not_defined(planned.grade_id, verdict["undefined"]))
        elif verdict["learner_error"]:
            self.note_limit(cell, index, f"{verdict['learner_error']['name']}: {verdict['learner_error']['message']}")

    def _examine(self, cell: NotebookNode, index: int, planned: PlannedCell) -> dict[str, Any]:
        """Have the examiner run a test; end a learner's process that cannot be asked afterwards."""
        fork = None if self.lives.ended else self.lives.fork
        seconds = self._wire_limits.cell_seconds
        if self._until is not None:
            seconds = min(seconds, max(1.0, self._until - time.monotonic()))
        ready, remote = self._ready(ready_test, planned.source), sorted(planned.remote)
        order = {
            "test": planned.source,
            "points": planned.points,
            "remote": remote,
            "owed": sorted(planned.owed),
            "contract": planned.contract.as_json(),
            "ready": ready,
            "seconds": seconds,
        }
        verdict = self._ask(order, fork)
        missing = re.match(r"NameError: name '(\w+)' is not defined", verdict["error"] or "")
        if missing and missing[1] in self.lives.missing() | self._meant(self.lives.left_out.values()):
            verdict = {**unjudged(planned.points, "left-out"), "outputs": verdict["outputs"]}
        elif (
            planned.beyond and verdict["score"] < planned.points and not (verdict.get("broken") or _unanswered(verdict))
        ):
            verdict["author_error"] = f"the examiner cannot carry what it asks for: {planned.beyond}"
        broken = verdict.pop("broken", None)
        if broken and fork and not (broken == "timeout" and self._interrupted(fork)):
            why = {"died": fork.why(DYING_SECONDS), "timeout": STUCK, "flood": FLOOD, "memory": NO_ROOM}.get(
                broken, GARBLED
            )
            self.died(cell, index, why)
        return verdict

    def _meant(self, cells: Iterable[NotebookNode]) -> set[str]:
        """Names that the course's own versions of these answers define."""
        names = [cell.metadata.get("nbgrader", {}).get("grade_id") for cell in cells]
        planned = [self.plan[name] for name in names if name in self.plan]
        return {name for one in planned for name in names_used(one.source).assigned}

    def _interrupted(self, fork: Fork) -> bool:
        """Interrupt the learner's function; return whether it has let go."""
        fork.interrupt()
        return bool(self._ask({"settle": INTERRUPT_SECONDS}, fork).get("settled"))

    def _unknown_test(self, cell: NotebookNode, name: str) -> None:
        """Do not run a test that the source does not have as a test: learner's code could make it pass."""
        why = "the source notebook has no such test"
        maximum = float(cell.metadata["nbgrader"].get("points") or 0.0)
        cell.outputs = []
        self.verdicts[name] = asdict(Verdict(0.0, maximum, why, author_error=why))
        self.faults.append(test_unknown(name))

    def _ask(self, order: dict[str, Any], learner: Fork | None) -> dict[str, Any]:
        """Ask the examiner.

        Discard what the learner's process prints meanwhile, so that it never blocks.
        """
        assert self._examiner is not None
        until = time.monotonic() + self._wire_limits.cell_seconds + GRACE_SECONDS
        if learner and learner.ended:  # killed; nothing more comes from it
            learner = None
        try:
            self._examiner.send(order, until)
            while learner:
                left = max(0.0, until - time.monotonic())
                ready = select.select([self._examiner.control, learner.control], [], [], left)[0]
                if self._examiner.control in ready or not ready:
                    break
                if not learner.drain():
                    learner = None
            return self._examiner.receive(until)
        except (KernelDied, TimedOut) as end:
            self._examiner.kill()  # so that nothing waits for it again
            # the trusted side failed, for example from lack of memory: no points, and a person looks
            why = f"the examiner ended ({end})"
            return {**unjudged(order.get("points", 0.0), "died"), "fault": why, "author_error": why, "error": why}


def _unanswered(verdict: dict[str, Any]) -> bool:
    """Whether a test failed because there is no answer, whatever else it needs."""
    error = verdict["learner_error"]
    return bool(verdict["undefined"] or (error and error["name"] == "NotImplementedError"))
