"""The examiner: runs a submission's test cells in a process that runs no learner code.

Names that learner and given cells define refer to objects in the learner's process, reached over
the wire; names that setup and test cells define are the examiner's own.
"""

import contextlib
import io
import linecache
import signal
import socket
import threading
import traceback
from collections.abc import Iterable, Iterator
from types import FrameType
from typing import Any

from autograde.grading.examiner.examiner_side import NO_ROOM, RemoteLink, text_of
from autograde.grading.examiner.ready_cells import ReadyCell, ready_setup, ready_test
from autograde.grading.examiner.scope import ForgettingScope
from autograde.grading.examiner.verdict import Verdict, partial_credit
from autograde.grading.plan.cell_names import UNREADABLE
from autograde.grading.plan.contract import PLAIN, Contract
from autograde.grading.wire.errors import clean
from autograde.grading.wire.frames import Limits, WireFailure

_OUTPUT = 100_000
"""Most characters kept of each stream of a test cell."""


class Examiner:
    """Runs setup and test cells of one submission, in the order of the notebook.

    Args:
        sock: the wire's end of the examiner.
        limits: limits on what the learner's process may send and how long it may take.
        remote: names that the learner's and the given cells define
            (:func:`autograde.grading.plan.roles.plan_cells`).
        contract: which objects tests may hold.
    """

    def __init__(
        self,
        sock: socket.socket,
        limits: Limits | None = None,
        remote: Iterable[str] = (),
        contract: Contract = PLAIN,
    ) -> None:
        self.limits = limits or Limits()
        self.namespace: dict[str, Any] = {"__name__": "__main__", "display": _display}
        self._link = RemoteLink(sock, self.limits)
        self._remote = frozenset(remote)
        self._contract = contract
        self._bound: set[str] = set()
        self._uses: dict[str, frozenset[str]] = {}
        self._own: set[str] = set()  # names that the cells so far assign, or would have assigned if completed
        self._missing = frozenset[str]()  # names that this test asked for and the learner's process lacks
        self._cells = 0
        self._running = False

    @property
    def broken(self) -> str | None:
        """Why the learner's process can no longer be asked: a :class:`WireFailure` code, or None."""
        return self._link.broken.code if self._link.broken else None

    def settle(self, seconds: float) -> bool:
        """After a call was interrupted: whether the learner's process can be asked again."""
        return self._link.settle(seconds)

    def replace(self, sock: socket.socket) -> None:
        """Use another process, at the other end of `sock`, from now on.

        Handles of the old one are lost.
        """
        self._link = self._link.replaced(sock)

    def run_setup(self, cell: str | ReadyCell) -> None:
        """Run a setup cell here; an exception is the course's fault, and the caller reports it."""
        ready = ready_setup(cell, self._next()) if isinstance(cell, str) else cell
        _show(ready.source, ready.name)
        self._uses.update(ready.uses.defined)
        self._own |= ready.uses.assigned
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            exec(ready.body, self.namespace)

    def run_test(
        self,
        cell: str | ReadyCell,
        points: float,
        remote: Iterable[str] | None = None,
        contract: Contract | None = None,
        seconds: float | None = None,
        owed: Iterable[str] | None = None,
    ) -> Verdict:
        """Run a test cell and return its verdict.

        Args:
            cell: the complete cell, hidden tests included.
            points: its maximum.
            remote, contract: this cell's, if they differ from the constructor's.
            seconds: how long it may take, if less than the limits allow.
            owed: the remote names that the learner has to define; all by default.
        """
        out, err = io.StringIO(), io.StringIO()
        link, error, value = self._link, None, None
        seconds = min(self.limits.cell_seconds, seconds if seconds is not None else self.limits.cell_seconds)
        link.begin_cell(self._contract if contract is None else contract, seconds)
        try:
            ready = ready_test(cell, self._next()) if isinstance(cell, str) else cell
        except UNREADABLE as fault:
            return Verdict(0.0, points, f"{fault}", author_error=f"the test is not plain Python: {fault}")
        _show(ready.source, ready.name)
        uses = ready.uses
        self._uses.update(uses.defined)
        self._own |= uses.assigned
        link.expects_stop = "StopIteration" in uses.loaded
        learners = self._remote if remote is None else frozenset(remote)
        required = learners if owed is None else frozenset(owed)
        self._missing = frozenset()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), self._alarm(seconds):
            try:
                self._running = True
                self._bind(uses.loaded, learners, required)
                gone = uses.deleted & learners
                scope = ForgettingScope(self.namespace, self._link, gone) if gone else self.namespace
                exec(ready.body, self.namespace, scope)
                value = eval(ready.last, self.namespace, scope) if ready.last is not None else None
            except KeyboardInterrupt:
                raise
            except BaseException as raised:  # an answer may lead to any error; it decides the verdict
                self._running, error = False, raised
            self._running = False
        self._bound -= uses.assigned
        outputs = [
            {"output_type": "stream", "name": stream, "text": clean(text.getvalue(), _OUTPUT)}
            for stream, text in (("stdout", out), ("stderr", err))
            if text.getvalue()
        ]
        return self._verdict(value, error, points, outputs, self._missing & required)

    def _verdict(
        self,
        value: Any,
        error: BaseException | None,
        points: float,
        outputs: list[dict[str, Any]],
        theirs: frozenset[str],
    ) -> Verdict:
        failure = self._link.failure or (error if isinstance(error, WireFailure) else None)
        if failure is None and self._is_out_of_memory(error):
            failure = WireFailure("memory", NO_ROOM)
        if failure is None and error is None:
            score, fault = partial_credit(value, points)
            return Verdict(score, points, fault, author_error=fault, outputs=outputs)
        shown = failure or error
        assert shown is not None
        message = clean(text_of(shown))
        outputs.append(
            {
                "output_type": "error",
                "ename": type(shown).__name__,
                "evalue": message,
                "traceback": _lines(shown),
            }
        )
        learner_error = self._link.learner_error(error)
        if failure is not None:
            at_test = failure.code == "test"
            return Verdict(
                0.0,
                points,
                message,
                learner_error=learner_error,
                author_error=message if at_test else None,
                wire_error=None if at_test else message,
                wire_code=None if at_test else failure.code,
                outputs=outputs,
            )
        authored = isinstance(error, AssertionError) and id(error) not in self._link.learner_errors
        line = f"{type(shown).__name__}: {message}" if message else type(shown).__name__
        undefined, fault = None, None
        if learner_error is None and type(error) is NameError:
            undefined = error.name if error.name in theirs else None
            if error.name not in theirs | self._own:
                fault = f"nobody defines the name {error.name}, neither the course nor the answer"
        elif learner_error is None and isinstance(error, ImportError):
            fault = f"it imports what is not there: {message}"
        elif learner_error is None and isinstance(error, FileNotFoundError):
            fault = f"it opens what is not among the course's files: {message}"
        return Verdict(
            0.0,
            points,
            line,
            message if authored else None,
            learner_error,
            author_error=fault,
            undefined=undefined,
            outputs=outputs,
        )

    def _is_out_of_memory(self, error: BaseException | None) -> bool:
        """Whether a test's own computation on a learner's data hit this process's memory limit."""
        own = error is not None and id(error) not in self._link.learner_errors
        return own and (isinstance(error, MemoryError) or type(error).__name__ == "ResourceExhaustedError")

    def _bind(self, loaded: frozenset[str], remote: frozenset[str], owed: frozenset[str]) -> None:
        """Bind the learner's names that this cell and its helpers use to the learner's current
        objects.

        A name that is not owed is the learner's only if the examiner has nothing under it.
        """
        reachable, waiting = set(loaded), list(loaded)
        while waiting:
            new = self._uses.get(waiting.pop(), frozenset()) - reachable
            reachable |= new
            waiting += new
        for name in self._bound:
            self.namespace.pop(name, None)
        names = sorted(name for name in reachable & remote if name in owed or name not in self.namespace)
        self._bound = set(names)
        if not names:
            return
        values = self._link.names(names)
        for name in names:
            self.namespace.pop(name, None)
        self.namespace.update(values)
        self._missing = frozenset(self._bound - values.keys())

    def _next(self) -> str:
        self._cells += 1
        return cell_name(self._cells)

    @contextlib.contextmanager
    def _alarm(self, seconds: float) -> Iterator[None]:
        """Stop the test when its time is over, even in its own computation."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return

        def stop(number: int, frame: FrameType | None) -> None:
            if not self._running:
                return
            raise self._link.failed(WireFailure("timeout", "the test did not end in time"))

        before = signal.signal(signal.SIGALRM, stop)
        # again every second: a destructor may swallow the first
        signal.setitimer(signal.ITIMER_REAL, seconds, 1.0)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)


def cell_name(number: int) -> str:
    """The file name of the examiner's cells in tracebacks, counted from 1."""
    return f"<test cell {number}>"


def _display(*objects: Any, **options: Any) -> None:
    """IPython's ``display``, for text only."""
    print(*objects)


def _show(source: str, name: str) -> None:
    """Let tracebacks quote a cell's lines."""
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)


def _lines(error: BaseException) -> list[str]:
    """The lines of test and setup cells in an error's traceback, without the engine's frames."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename.startswith("<test cell ")]
    return [clean(line) for line in traceback.format_list(frames)]
