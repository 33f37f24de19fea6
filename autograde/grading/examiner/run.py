"""The examiner: runs the test cells of a submission in a process that runs no code of the learner's.

Names that the learner's and the given cells define stand for objects in the learner's process, reached over the wire;
names that setup and test cells define are the examiner's own.
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
from autograde.grading.plan.contract import PLAIN, Contract
from autograde.grading.wire.errors import clean
from autograde.grading.wire.frames import Limits, WireFailure

_OUTPUT = 100_000
"""Characters of each stream of a test cell that are kept."""


class Examiner:
    """Runs setup and test cells of one submission, in the order of the notebook.

    Args:
        sock: the wire's end of the examiner.
        limits: bounds on what the learner's process may send and take.
        remote: names that the learner's and the given cells define (:func:`autograde.grading.plan.roles.plan_cells`).
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
        self._own: set[str] = set()  # names that the cells so far assign, or would have, had they come to their end
        self._missing = frozenset[str]()  # of the names that this test asked the learner's process for
        self._cells = 0
        self._running = False

    @property
    def broken(self) -> str | None:
        """Why the learner's process can be asked no more, once it cannot: the code of a :class:`WireFailure`."""
        return self._link.broken.code if self._link.broken else None

    def settle(self, seconds: float) -> bool:
        """After a call that was interrupted because it ran out of time: whether the learner's process can be asked again."""
        return self._link.settle(seconds)

    def replace(self, sock: socket.socket) -> None:
        """Ask another process from now on, at the other end of `sock`; what tests hold of the old one is lost."""
        self._link = self._link.replaced(sock)

    def run_setup(self, cell: str | ReadyCell) -> None:
        """Run a setup cell here; what it raises is the course's fault and is the caller's to report."""
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
        """Run a test cell and say what it is worth.

        Args:
            cell: the complete cell, hidden tests included.
            points: its maximum.
            remote, contract: those of this cell, where they differ from the constructor's.
            seconds: how long it may take, where that is less than the limits say.
            owed: those of the remote names that the learner has to define; all by default.
        """
        out, err = io.StringIO(), io.StringIO()
        link, error, value = self._link, None, None
        seconds = min(self.limits.cell_seconds, seconds if seconds is not None else self.limits.cell_seconds)
        link.begin_cell(self._contract if contract is None else contract, seconds)
        try:
            ready = ready_test(cell, self._next()) if isinstance(cell, str) else cell
        except (SyntaxError, ValueError) as fault:
            return Verdict(0.0, points, f"{fault}", author_error=f"the test is no plain Python: {fault}")
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
            except BaseException as raised:  # an answer may lead to any error; it is the verdict
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
        """Whether a test's own computation, on what the learner gave, met the bound of this process."""
        own = error is not None and id(error) not in self._link.learner_errors
        return own and (isinstance(error, MemoryError) or type(error).__name__ == "ResourceExhaustedError")

    def _bind(self, loaded: frozenset[str], remote: frozenset[str], owed: frozenset[str]) -> None:
        """Put what the learner has now under the learner's names that this cell uses, helpers of its own included.

        What is not owed is the learner's only where the examiner has nothing under this name.
        """
        wanted, waiting = set(loaded), list(loaded)
        while waiting:
            new = self._uses.get(waiting.pop(), frozenset()) - wanted
            wanted |= new
            waiting += new
        for name in self._bound:
            self.namespace.pop(name, None)
        names = sorted(name for name in wanted & remote if name in owed or name not in self.namespace)
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
        """Stop the test when its time is over, be it in the test's own computation on what the learner gave."""
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
    """What IPython has under this name in every notebook, as far as text goes."""
    print(*objects)


def _show(source: str, name: str) -> None:
    """Let tracebacks quote a cell's lines."""
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)


def _lines(error: BaseException) -> list[str]:
    """Where in test and setup cells an error arose; the engine's own frames are nobody's concern."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename.startswith("<test cell ")]
    return [clean(line) for line in traceback.format_list(frames)]
