"""nbgrader's execution step on warm kernels.

In ``nbgrader_config.py``, in place of ``nbgrader.preprocessors.Execute``; its settings (``c.Execute.timeout`` …) hold
here too. Outputs are put together by nbclient's own code. Kernels of other languages, or of another Python, run as ever
where nothing is confined, and where it is, only if that is allowed.
"""

import base64
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

from nbclient.client import NotebookClient
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.preprocessors import Execute
from traitlets import Any as AnyTrait
from traitlets import Bool, Integer, List, Tuple, Unicode, default

from autograde.errors import CourseError
from autograde.grading.kernels.client import (
    LEFT_OUT,
    START_SECONDS,
    Ended,
    Fork,
    KernelDied,
    TimedOut,
    TooMuch,
    fork_of,
    template_for,
)
from autograde.grading.kernels.lives import Lives
from autograde.grading.kernels.made_files import LARGEST, MOST, made_by_cells
from autograde.grading.kernels.messages import VALUES, Room, counted, fit, is_message, joined
from autograde.grading.kernels.output_widgets import WidgetClient
from autograde.grading.kernels.prepared import prepared
from autograde.grading.kernels.specs import kernel_name, warm_environment
from autograde.grading.kernels.tampering import COMPARE, SETTLE, changed_in
from autograde.grading.plan.preload import modules_of, settled, variables_of
from autograde.grading.reasons.ends import GARBLED, NOT_TAKEN, STUCK, TOO_MUCH, Why
from autograde.grading.reasons.faults import tampering
from autograde.grading.reasons.losses import (
    cell_skipped,
    cell_timeout,
    files_left_out,
    limit_met,
    name_of,
    not_replaced,
    notebook_timeout,
    process_died,
)
from autograde.grading.reasons.reason import Reason

INTERRUPT_SECONDS = 5.0
FILES_SECONDS = 10.0
NOT_RUN = {
    "process": ("DeadKernelError", "not run: the kernel had died before"),
    "time": ("NotebookTimeoutError", "not run: the notebook's time was over"),
}
"""Why a cell did not run: the name and the text of the error that stands in its place."""


class WarmExecute(Execute):  # type: ignore[misc]  # nbgrader has no types
    """Executes a notebook in a fork of a warm template.

    Attributes:
        reasons: what is to be said of the run: a process that died, cells that took too long. Set by :meth:`preprocess`.
        faults: why a person has to look at the submission.
        ended: how the kernel ended; None after a run on the ordinary path.
        files: what the cells wrote beside the notebook, bytes by relative path.
        other_seconds: CPU time of other processes that the run needed.
        lives: the process that runs the cells, and those before it.
        confined: whether a fork ran the cells, and not a kernel of its own that nothing held.
        layers: the layers of the sandbox that held it.
    """

    modules = List(Unicode(), help="Modules that the template imports; read from the notebook where empty.").tag(
        config=True
    )
    variables = List(Tuple(), help="What it sets before, as autograde.grading.plan.preload.variables_of gives it.")
    template = Unicode(help="Address of a running template; empty: one of this process, started when needed.")
    state = Unicode(help="What nbgrader does: NBGRADER_EXECUTION in the kernel.")
    warm = Bool(True, help="Whether to use warm kernels where they can stand in.").tag(config=True)
    own_code = AnyTrait(
        frozenset(), help="Sources of the cells that the course wrote; no learner's code is among them."
    )
    allow_unconfined = Bool(
        False, help="Whether a kernel that cannot be confined may run all the same where `confine` says how."
    )
    confine = AnyTrait(  # a Dict of traitlets takes None for an empty one
        None,
        help="What the kernel is confined to (autograde.grading.confine.confinement); None: nothing.",
    )
    notebook_timeout = Integer(
        0, help="Seconds that all cells of a notebook may take together; 0: no limit but that of each cell."
    ).tag(config=True)
    start_seconds = Integer(
        START_SECONDS, min=1, help="Seconds that importing what the course imports may take, once."
    ).tag(config=True)
    replacements = Integer(
        5, min=0, help="How many times the process that runs the cells is replaced when it has died."
    ).tag(config=True)
    fresh_folder = AnyTrait(help="Function that makes the working folder what it was before the first cell; or None.")
    output_limit = Integer(
        50_000_000,
        help="Bytes of output read of one cell; of a notebook four times as many. A kernel that says more is ended.",
    ).tag(config=True)

    @default("state")
    def _state(self) -> str:
        return os.environ.get("NBGRADER_EXECUTION", "")

    def preprocess(
        self, nb: NotebookNode, resources: ResourcesDict, km: Any = None
    ) -> tuple[NotebookNode, ResourcesDict]:
        """Execute the cells of `nb` in place; see nbconvert's ``ExecutePreprocessor``.

        Raises:
            jupyter_client.kernelspec.NoSuchKernel: the notebook's kernel is not installed.
        """
        self.reasons: list[Reason] = []
        self.faults: list[Reason] = []
        self.ended: Ended | None = None
        self.other_seconds = 0.0
        self.files: dict[str, bytes] = {}
        self.confined, self.layers = False, frozenset[str]()
        name = self.kernel_name or kernel_name(nb)
        environment = warm_environment(name) if self.warm and km is None else None
        if environment is None:
            self._refuse_unconfined(name)
            executed: tuple[NotebookNode, ResourcesDict] = super().preprocess(nb, resources, km)
            return executed
        NotebookClient.__init__(self, nb)
        self.reset_execution_trackers()
        self._check_assign_resources(resources)
        if self.state:
            environment["NBGRADER_EXECUTION"] = self.state
        address = self.template
        if not address:
            before = settled(environment, self.variables or variables_of(nb.cells))
            address = template_for(self.modules or modules_of(nb.cells), before, self.start_seconds).address
        path = resources.get("metadata", {}).get("path") or os.getcwd()
        with self.kernel(address, path, environment) as start:
            self.kc: Any = WidgetClient()
            self.widget_registry = self.kc.registry
            self.room = Room()
            self._until = time.monotonic() + self.notebook_timeout if self.notebook_timeout > 0 else None
            self.lives = Lives(start, self.replacements, self.own_code)
            self.confined, self.layers = self.confine is not None, self.lives.fork.layers
            try:
                for index, cell in enumerate(nb.cells):
                    self.run(cell, index)
                if not self.lives.ended:
                    self._collect_files(self.lives.fork)
            finally:
                self.ended = self.lives.fork.kill()
            self.other_seconds += sum(one.cpu_seconds for one in self.lives.before)
            nb.metadata["language_info"] = LANGUAGE
            self.set_widgets_metadata()
            for cell in nb.cells:
                if cell.cell_type == "code":
                    cell.outputs = joined(cell.outputs)
            self.kc = None
        return nb, self.resources

    def _refuse_unconfined(self, name: str) -> None:
        """Do nothing where a kernel may run that no fork can stand in for.

        Raises:
            CourseError: it would run outside of the sandbox, and the sandbox was asked for.
        """
        if self.confine is not None and not self.allow_unconfined:
            raise CourseError(f"the kernel {name!r} cannot be confined")

    @contextmanager
    def kernel(self, address: str, path: str, environment: dict[str, str]) -> Iterator[Callable[[], Fork]]:
        """What starts a process that runs the cells."""
        yield lambda: fork_of(address, "kernel", path, environment, confine=self.confine)

    def run(self, cell: NotebookNode, index: int) -> None:
        """Execute one cell as nbclient's ``execute_cell`` does."""
        if cell.cell_type != "code" or not cell.source.strip():
            return
        if self.skip_cells_with_tag in cell.metadata.get("tags", []) and not _is_test(cell):
            if cell.metadata.get("nbgrader", {}).get("solution"):
                self.reasons.append(cell_skipped(name_of(cell, index), self.skip_cells_with_tag))
            return
        cell.outputs = []
        self.clear_before_next_output = False
        self.room.enter()
        problem = self.living(cell, index)
        if problem:
            _say(cell, *NOT_RUN[problem])
            return
        noted = len(self.reasons)
        try:
            reply = self._exchange(self.lives.fork, cell, index)
        except KernelDied as death:
            _say(cell, "DeadKernelError", f"the kernel died: {death.why}")
            self.died(cell, index, death.why)
            return
        ended = (
            self.lives.ran if len(self.reasons) == noted else self.lives.left_out
        )  # interrupted, as it would be again
        ended[index] = cell
        self.code_cells_executed += 1
        cell.outputs += [
            NotebookNode(output_type="stream", name=name, text="[more than is kept was left out]\n")
            for name in sorted(self.room.left_out)
        ]
        for output in cell.outputs:
            if output.output_type == "error":
                self.note_limit(cell, index, f"{output.ename}: {output.evalue}")
        self.on_cell_executed(cell=cell, cell_index=index, execute_reply={"content": reply})

    def _exchange(self, fork: Fork, cell: NotebookNode, index: int) -> dict[str, Any]:
        """Send the cell, take its messages until its reply; return the reply's content.

        Raises:
            KernelDied: the process has ended, or is of no more use.
        """
        until, asked = self._send(fork, cell)
        interrupted = False
        before = fork.received
        while True:
            try:
                message = self._next(fork, until, before)
            except TimedOut:
                if interrupted:
                    raise KernelDied(STUCK) from None
                fork.interrupt()
                interrupted, until = True, time.monotonic() + INTERRUPT_SECONDS
                self.reasons.append(self._timed_out(cell, index))
                continue
            if message.get("msg_type") == LEFT_OUT:
                self.room.left_out.add("stdout")
                continue
            if message.get("parent_header") != asked:
                continue  # of an earlier cell's task, or printed while a test ran: belongs to no cell or to another
            if not is_message(message):
                raise KernelDied(GARBLED)
            if message["msg_type"] == "execute_reply":
                self.replied(cell, message)
                return {"status": "error", **self.error_on_timeout} if interrupted else self.reply(cell, message)
            if self.room.take(message, fork.weight, hooked=bool(self.output_hook_stack.get(asked["msg_id"]))):
                self.take(message, cell, index)

    def take(self, message: dict[str, Any], cell: NotebookNode, index: int) -> None:
        """Let nbclient make of a message what it makes of it; one that it cannot use becomes no output."""
        message["header"] = {"msg_type": message["msg_type"]}
        fit(message)
        try:
            if "buffers" in message:
                message["buffers"] = [base64.b64decode(buffer) for buffer in message["buffers"]]
            self.process_message(message, cell, index)
        except (LookupError, TypeError, ValueError, AttributeError, AssertionError) as error:
            self.log.info("A message %s was left out: %r", message["msg_type"], error)

    def reply(self, cell: NotebookNode, message: dict[str, Any]) -> dict[str, Any]:
        """What of a kernel's reply nbclient and nbgrader look at."""
        content = message["content"]
        cell.execution_count = counted(content.get("execution_count"))
        if content.get("status") != "error":
            return {"status": "ok"}
        fit({"msg_type": "error", "content": content})
        return {"status": "error", **{name: content[name] for name in ("ename", "evalue", "traceback")}}

    def _send(self, fork: Fork, cell: NotebookNode) -> tuple[float | None, dict[str, str]]:
        """Send the cell; return until when it may run, and what its messages have as parent."""
        limit = self._get_timeout(cell)
        until = None if limit is None or limit < 0 else time.monotonic() + limit
        if self._until is not None and (until is None or until > self._until):
            until = self._until
        asked = {"msg_id": uuid4().hex}
        try:
            for message in (*self.kc.requests(), {**self.order(cell), **asked}):
                fork.send(message, until)
        except TimedOut:  # it said that it was done, and is not
            raise KernelDied(NOT_TAKEN) from None
        return until, asked

    def _next(self, fork: Fork, until: float | None, before: int) -> dict[str, Any]:
        """Return the next message of a cell that began when the process had sent so many bytes."""
        try:
            message = fork.receive(until, self.output_limit, VALUES)
        except TooMuch:
            raise KernelDied(TOO_MUCH) from None
        if fork.received - before > self.output_limit or fork.received > 4 * self.output_limit:
            raise KernelDied(TOO_MUCH)
        return message

    def living(self, cell: NotebookNode, index: int) -> str | None:
        """See to a process for a cell: one that has ended is replaced, and the cells run again in it.

        Returns:
            a key of :data:`NOT_RUN` where the cell cannot run.
        """
        lives = self.lives
        while lives.ended or self._is_over():
            if lives.ended and not lives.told:
                self._ended_between(cell, index)
            if self._is_over():
                self._say_once(notebook_timeout(name_of(cell, index), self.notebook_timeout))
                return "time"
            if not lives.replaceable:
                self._say_once(not_replaced(name_of(cell, index), self.replacements))
                return "process"
            if self.fresh_folder:
                self.fresh_folder()
            lives.replace()
            self._run_again()
        return None

    def _is_over(self) -> bool:
        return self._until is not None and time.monotonic() >= self._until

    def _run_again(self) -> None:
        """Run again what ran in the process before, up to a cell with which this one ends."""
        fork = self.lives.fork
        for index, cell in list(self.lives.ran.items()):
            try:
                (until, asked), before = self._send(fork, cell), fork.received
                while (message := self._next(fork, until, before)).get("msg_type") != "execute_reply":
                    if message.get("parent_header") == asked and is_message(message) and "comm" in message["msg_type"]:
                        self.take(message, cell, index)  # widgets have other names now
                self.replied(cell, message)
            except (KernelDied, TimedOut) as end:
                self.died(cell, index, STUCK if isinstance(end, TimedOut) else end.why, "again")
                return

    def _ended_between(self, cell: NotebookNode, index: int) -> None:
        """Note the end of a process that nobody asked for anything: the last learner's cell is to blame."""
        last = self.lives.last()
        why = self.lives.fork.why()
        if last:
            self.died(last[1], last[0], why, "after")
        else:
            self.died(cell, index, why, "before")

    def died(self, cell: NotebookNode, index: int, why: Why, when: str = "in") -> None:
        """Note that the process ended: what earned points keeps them, and the cell to blame runs no more."""
        blamed = self.lives.end(index, cell)
        left_out = name_of(blamed[1], blamed[0]) if blamed else ""
        self.reasons.append(process_died(name_of(cell, index), left_out, why, when))

    def note_limit(self, cell: NotebookNode, index: int, error: str) -> None:
        """Note an error that comes from a limit of the sandbox."""
        found = limit_met(name_of(cell, index), error) if self.confine else None
        if found:
            self.reasons.append(found)

    def _timed_out(self, cell: NotebookNode, index: int) -> Reason:
        if self._is_over():
            return notebook_timeout(name_of(cell, index), self.notebook_timeout)
        return cell_timeout(name_of(cell, index), self._get_timeout(cell))

    def _say_once(self, reason: Reason) -> None:
        if all(one.code != reason.code for one in self.reasons):
            self.reasons.append(reason)

    def order(self, cell: NotebookNode) -> dict[str, Any]:
        """What the kernel is asked: to run the cell, and to watch what a learner's code changes that tests rely on."""
        return {**self.code(cell), "watch": SETTLE if _is_given(cell) else COMPARE}

    def code(self, cell: NotebookNode) -> dict[str, Any]:
        """A cell for the kernel to run; one of the course's own is compiled already."""
        ready = prepared(cell.source) if cell.source in self.own_code else None
        return {"code": cell.source, "ready": ready} if ready else {"code": cell.source}

    def replied(self, cell: NotebookNode, reply: dict[str, Any]) -> None:
        """Take note of what the kernel says besides how the cell ended; tampering is told once."""
        seen = changed_in(reply, cell)
        if seen and not any(fault.code == "tampering" for fault in self.faults):
            name = cell.metadata.get("nbgrader", {}).get("grade_id") or "without a name"
            self.faults.append(tampering(name, seen))

    def _collect_files(self, fork: Fork) -> None:
        """Ask for what the cells wrote beside the notebook, and say so where not all of it is kept."""
        told: dict[str, bytes] = {}
        size = 0
        complete = False
        try:
            until = time.monotonic() + FILES_SECONDS
            fork.send({"files": True}, until)
            while (message := fork.receive(until, self.output_limit, VALUES)).get("msg_type") != "files_reply":
                content = message.get("content")
                if message.get("msg_type") == "file" and isinstance(content, dict):
                    data = base64.b64decode(str(content.get("data")))
                    size += len(data)
                    if size > LARGEST or len(told) >= MOST:
                        break
                    told[str(content.get("name"))] = data
            else:
                content = message.get("content")
                complete = isinstance(content, dict) and not content.get("left_out")
        except (KernelDied, TimedOut, TooMuch, ValueError):  # what came before is kept, and said to be not all
            pass
        self.files = made_by_cells(told)
        if not complete or len(self.files) < len(told):
            self.reasons.append(files_left_out(MOST, LARGEST))


def is_automatic_test(cell: NotebookNode) -> bool:
    """Whether points depend on the cell's run."""
    mark = cell.metadata.get("nbgrader", {})
    return bool(cell.cell_type == "code" and mark.get("grade") and not mark.get("solution"))


def _is_test(cell: NotebookNode) -> bool:
    """Whether points depend on the cell's run: a learner's tag must not spare it."""
    mark = cell.metadata.get("nbgrader", {})
    return bool(mark.get("grade") and mark.get("locked"))


def _is_given(cell: NotebookNode) -> bool:
    mark = cell.metadata.get("nbgrader", {})
    return bool(mark.get("locked") and not mark.get("grade"))


def _say(cell: NotebookNode, kind: str, text: str) -> None:
    cell.outputs.append(NotebookNode(output_type="error", ename=kind, evalue=text, traceback=[f"{kind}: {text}"]))


def _language() -> dict[str, Any]:
    from ipykernel.ipkernel import IPythonKernel

    return dict(IPythonKernel.language_info)


LANGUAGE = _language()
