"""nbgrader's execution step on warm kernels.

In ``nbgrader_config.py``, in place of ``nbgrader.preprocessors.Execute``; its settings (``c.Execute.timeout`` …) hold
here too. Outputs are put together by nbclient's own code. Kernels of other languages, or of another Python, run as ever
where nothing is confined, and where it is, only if that is allowed.
"""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from nbclient.client import NotebookClient
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode

from autograde.errors import CourseError
from autograde.grading.kernels.client import Ended, Fork, KernelDied, TimedOut, fork_of
from autograde.grading.kernels.exchange import CellExchange
from autograde.grading.kernels.lives import Lives
from autograde.grading.kernels.messages import Room, is_message, joined
from autograde.grading.kernels.output_widgets import WidgetClient
from autograde.grading.kernels.specs import kernel_name, warm_environment
from autograde.grading.kernels.templates import template_for
from autograde.grading.plan.left_out import needs_left_out
from autograde.grading.plan.marks import is_solution, is_test
from autograde.grading.plan.preload import modules_of, settled, variables_of
from autograde.grading.reasons.ends import STUCK, Why
from autograde.grading.reasons.losses import (
    cell_skipped,
    limit_met,
    name_of,
    needs_skipped,
    not_replaced,
    notebook_timeout,
    process_died,
)
from autograde.grading.reasons.reason import Reason

NOT_RUN = {
    "process": ("DeadKernelError", "not run: the kernel had died before"),
    "time": ("NotebookTimeoutError", "not run: the notebook's time was over"),
}
"""Why a cell did not run: the name and the text of the error that stands in its place."""


class WarmExecute(CellExchange):
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

    def preprocess(
        self, nb: NotebookNode, resources: ResourcesDict, km: Any = None
    ) -> tuple[NotebookNode, ResourcesDict]:
        """Execute the cells of `nb` in place; see nbconvert's ``ExecutePreprocessor``.

        Raises:
            jupyter_client.kernelspec.NoSuchKernel: the notebook's kernel is not installed.
        """
        self.reasons, self.faults = [], []
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
            self.kc = WidgetClient()
            self.widget_registry = self.kc.registry
            self.room = Room()
            self._until = time.monotonic() + self.notebook_timeout if self.notebook_timeout > 0 else None
            self.lives = Lives(start, self.replacements, self.own_code)
            self.confined, self.layers = self.confine is not None, self.lives.fork.layers
            try:
                for index, cell in enumerate(nb.cells):
                    self.run(cell, index)
                self._note_needed(nb.cells)
                if not self.lives.ended:
                    self.collect_files(self.lives.fork)
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
        if self._skips(cell):
            if is_solution(cell):
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

    def _skips(self, cell: NotebookNode) -> bool:
        return self.skip_cells_with_tag in cell.metadata.get("tags", []) and not is_test(cell)

    def _note_needed(self, cells: list[NotebookNode]) -> None:
        """Note the answers that need a name which, above them, only cells that were not run assign."""
        for cell, name, assigned in needs_left_out(cells, self._skips):
            self.reasons.append(needs_skipped(name_of(*cell), name, name_of(*assigned), self.skip_cells_with_tag))

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

    def _say_once(self, reason: Reason) -> None:
        if all(one.code != reason.code for one in self.reasons):
            self.reasons.append(reason)


def _say(cell: NotebookNode, kind: str, text: str) -> None:
    cell.outputs.append(NotebookNode(output_type="error", ename=kind, evalue=text, traceback=[f"{kind}: {text}"]))


def _language() -> dict[str, Any]:
    from ipykernel.ipkernel import IPythonKernel

    return dict(IPythonKernel.language_info)


LANGUAGE = _language()
