"""What the process that runs the cells is asked, what it may answer, and for how long: a cell, and at the end the files."""

import base64
import time
from typing import Any
from uuid import uuid4

from nbformat import NotebookNode

from autograde.grading.kernels.client import LEFT_OUT, Fork, KernelDied, TimedOut, TooMuch
from autograde.grading.kernels.execution_settings import ExecutionSettings
from autograde.grading.kernels.lives import Lives
from autograde.grading.kernels.made_files import LARGEST, MOST, made_by_cells
from autograde.grading.kernels.messages import VALUES, Room, counted, fit, is_message
from autograde.grading.kernels.prepared import prepared
from autograde.grading.kernels.tampering import COMPARE, SETTLE, changed_in
from autograde.grading.plan.marks import is_given
from autograde.grading.reasons.ends import GARBLED, NOT_TAKEN, STUCK, TOO_MUCH
from autograde.grading.reasons.faults import tampering
from autograde.grading.reasons.losses import cell_timeout, files_left_out, name_of, notebook_timeout
from autograde.grading.reasons.reason import Reason

INTERRUPT_SECONDS = 5.0
FILES_SECONDS = 10.0


class CellExchange(ExecutionSettings):
    """Has a process run a cell, and lets nbclient make outputs of what it says.

    Attributes:
        reasons, faults: as in :class:`autograde.grading.kernels.execute.WarmExecute`.
        files: what the cells wrote, bytes by relative path.
        room: how much of a cell's output is still taken.
        kc: stands for nbclient's client.
    """

    reasons: list[Reason]
    faults: list[Reason]
    lives: Lives
    room: Room
    files: dict[str, bytes]
    kc: Any
    _until: float | None  # time.monotonic() at which the notebook's time is over

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

    def _is_over(self) -> bool:
        return self._until is not None and time.monotonic() >= self._until

    def _timed_out(self, cell: NotebookNode, index: int) -> Reason:
        if self._is_over():
            return notebook_timeout(name_of(cell, index), self.notebook_timeout)
        return cell_timeout(name_of(cell, index), self._get_timeout(cell))

    def order(self, cell: NotebookNode) -> dict[str, Any]:
        """What the kernel is asked: to run the cell, and to watch what a learner's code changes that tests rely on."""
        return {**self.code(cell), "watch": SETTLE if is_given(cell) else COMPARE}

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

    def collect_files(self, fork: Fork) -> None:
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
