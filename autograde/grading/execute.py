"""nbgrader's execution step on warm kernels.

In ``nbgrader_config.py``, in place of ``nbgrader.preprocessors.Execute``; its settings (``c.Execute.timeout`` …) hold
here too. Outputs are put together by nbclient's own code. Kernels of other languages, or of another Python, run as ever.
"""

import base64
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

from nbclient.client import NotebookClient
from nbconvert.exporters.exporter import ResourcesDict
from nbconvert.preprocessors import CoalesceStreamsPreprocessor
from nbformat import NotebookNode
from nbgrader.preprocessors import Execute
from traitlets import Any as AnyTrait
from traitlets import Bool, Dict, Integer, List, Tuple, Unicode, default

from autograde.grading.kernel_messages import is_message
from autograde.grading.kernels import kernel_name, warm_environment
from autograde.grading.made_files import LARGEST, MOST, fitting
from autograde.grading.preload import modules_of, settled, variables_of
from autograde.grading.prepared import prepared
from autograde.grading.reason import Reason
from autograde.grading.tampering import COMPARE, SETTLE, changed_in
from autograde.grading.warm import Ended, Fork, KernelDied, TimedOut, TooMuch, ended_after, fork_of, template_for

INTERRUPT_SECONDS = 5.0
FILES_SECONDS = 10.0


class WarmExecute(Execute):  # type: ignore[misc]  # nbgrader has no types
    """Executes a notebook in a fork of a warm template.

    Attributes:
        reasons: what is to be said of the run: a kernel that died, cells that took too long. Set by :meth:`preprocess`.
        faults: why a person has to look at the submission.
        ended: how the kernel ended; None after a run on the ordinary path.
        files: what the cells wrote beside the notebook, bytes by relative path.
        other_seconds: CPU time of other processes that the run needed.
    """

    modules = List(Unicode(), help="Modules that the template imports; read from the notebook where empty.").tag(
        config=True
    )
    variables = List(Tuple(), help="What it sets before, as autograde.grading.preload.variables_of gives it.")
    template = Unicode(help="Address of a running template; empty: one of this process, started when needed.")
    state = Unicode(help="What nbgrader does: NBGRADER_EXECUTION in the kernel.")
    warm = Bool(True, help="Whether to use warm kernels where they can stand in.").tag(config=True)
    own_code = AnyTrait(
        frozenset(), help="Sources of the cells that the course wrote; no learner's code is among them."
    )
    confine = Dict(
        None,
        allow_none=True,
        help="What the kernel is confined to (autograde.grading.examined.confinement); None: nothing.",
    )
    notebook_timeout = Integer(
        0, help="Seconds that all cells of a notebook may take together; 0: no limit but that of each cell."
    ).tag(config=True)
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
        name = self.kernel_name or kernel_name(nb)
        environment = warm_environment(name) if self.warm and km is None else None
        if environment is None:
            return super().preprocess(nb, resources, km)
        NotebookClient.__init__(self, nb)
        self.reset_execution_trackers()
        self._check_assign_resources(resources)
        if self.state:
            environment["NBGRADER_EXECUTION"] = self.state
        address = self.template
        if not address:
            before = settled(environment, self.variables or variables_of(nb.cells))
            address = template_for(self.modules or modules_of(nb.cells), before).address
        path = resources.get("metadata", {}).get("path") or os.getcwd()
        with self.kernel(address, path, environment) as fork:
            self._to_kernel: list[dict[str, Any]] = []
            self.kc: Any = _Client(self._to_kernel)
            self._until = time.monotonic() + self.notebook_timeout if self.notebook_timeout > 0 else None
            for index, cell in enumerate(nb.cells):
                self.run(fork, cell, index)
            self._collect_files(fork)
            nb.metadata["language_info"] = LANGUAGE
            self.set_widgets_metadata()
            self.kc = None
        self.ended = fork.ended
        return nb, self.resources

    @contextmanager
    def kernel(self, address: str, path: str, environment: dict[str, str]) -> Iterator[Fork]:
        """The process that runs the cells."""
        with ended_after(fork_of(address, "kernel", path, environment, confine=self.confine)) as fork:
            yield fork

    def run(self, fork: Fork, cell: NotebookNode, index: int) -> None:
        """Execute one cell as nbclient's ``execute_cell`` does."""
        if cell.cell_type != "code" or not cell.source.strip():
            return
        if self.skip_cells_with_tag in cell.metadata.get("tags", []) and not _is_test(cell):
            return
        cell.outputs = []
        self.clear_before_next_output = False
        if any(reason.code == "kernel-died" for reason in self.reasons):
            _say(cell, "DeadKernelError", "not run: the kernel had died before")
            return
        try:
            reply = self._exchange(fork, cell, index)
        except KernelDied as death:
            self._died(cell, death.why)
            return
        except TooMuch:
            fork.kill()
            self._died(cell, "it wrote more output than is read")
            return
        self.code_cells_executed += 1
        self.on_cell_executed(cell=cell, cell_index=index, execute_reply={"content": reply})
        if self.coalesce_streams:
            CoalesceStreamsPreprocessor().preprocess_cell(cell, self.resources, index)

    def _exchange(self, fork: Fork, cell: NotebookNode, index: int) -> dict[str, Any]:
        """Send the cell, take its messages until its reply; return the reply's content."""
        limit = self._get_timeout(cell)
        until = None if limit is None or limit < 0 else time.monotonic() + limit
        if self._until is not None and (until is None or until > self._until):
            until = self._until
        try:
            for message in (*self._to_kernel, {**self.order(cell), "msg_id": uuid4().hex}):
                fork.send(message, until)
            self._to_kernel.clear()
        except TimedOut:  # it said that it was done, and is not
            fork.kill()
            raise KernelDied("it did not take the next cell") from None
        interrupted = False
        before = fork.received
        while True:
            try:
                message = fork.receive(until, self.output_limit)
            except TimedOut:
                if interrupted:
                    fork.kill()
                    self._died(cell, "a cell took too long and could not be interrupted", already_ended=True)
                    return {"status": "error", **self.error_on_timeout}
                fork.interrupt()
                interrupted, until = True, time.monotonic() + INTERRUPT_SECONDS
                name = cell.metadata.get("nbgrader", {}).get("grade_id") or f"{index + 1}"
                self.reasons.append(
                    Reason(
                        "cell-timeout",
                        f"The cell {name} ran longer than it may ({limit} s) and was interrupted.",
                        f"单元 {name} 运行超过时限（{limit} 秒），已被中断。",
                    )
                )
                continue
            if fork.received - before > self.output_limit or fork.received > 4 * self.output_limit:
                raise TooMuch
            if message.get("parent_header") == {"msg_id": ""}:
                continue  # printed by a thread, or while a test ran: belongs to no cell
            if not is_message(message):
                raise KernelDied("it wrote something else where its messages belong")
            if message["msg_type"] == "execute_reply":
                self.replied(cell, message)
                return {"status": "error", **self.error_on_timeout} if interrupted else message["content"]
            message["header"] = {"msg_type": message["msg_type"]}
            try:
                self.process_message(message, cell, index)
            except Exception as error:  # nbclient believes what a kernel says, widgets' states above all
                raise KernelDied(f"a message of it lacks what belongs there ({error})") from error

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
            self.faults.append(
                Reason(
                    "tampering",
                    f"After the cell {name} the tests' surroundings were changed ({', '.join(seen)}); a person has to look.",
                    f"单元 {name} 运行后，测试所依赖的环境被改动（{', '.join(seen)}），需人工复核。",
                )
            )

    def _collect_files(self, fork: Fork) -> None:
        """Ask for what the cells wrote beside the notebook; a kernel that says nothing sensible has written nothing."""
        self.files = {}
        told: dict[str, bytes] = {}
        size = 0
        try:
            until = time.monotonic() + FILES_SECONDS
            fork.send({"files": True}, until)
            while (message := fork.receive(until, self.output_limit)).get("msg_type") != "files_reply":
                content = message.get("content")
                if message.get("msg_type") == "file" and isinstance(content, dict):
                    data = base64.b64decode(str(content.get("data")))
                    size += len(data)
                    if size > LARGEST or len(told) >= MOST:
                        break
                    told[str(content.get("name"))] = data
        except (KernelDied, TimedOut, TooMuch, ValueError):
            pass
        self.files = fitting(told)

    def _died(self, cell: NotebookNode, why: str, already_ended: bool = False) -> None:
        """Note that the kernel is gone: cells that ran keep what they earned, this one and all later ones fail."""
        if not already_ended:
            _say(cell, "DeadKernelError", f"the kernel died: {why}")
        name = cell.metadata.get("nbgrader", {}).get("grade_id") or "without a name"
        self.reasons.append(
            Reason(
                "kernel-died",
                f"The kernel died in the cell {name} ({why}); cells before it keep their points, it and later ones fail.",
                f"内核在单元 {name} 处终止（{why}）；此前的单元保留得分，此单元及其后的单元不得分。",
            )
        )


class _Client:
    """What nbclient's output widgets need of a kernel client: a way to tell the kernel their state."""

    def __init__(self, to_kernel: list[dict[str, Any]]) -> None:
        self.session = SimpleNamespace(msg=lambda kind, content: content)
        self.shell_channel = SimpleNamespace(send=lambda content: to_kernel.append({"comm_msg": content}))


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
