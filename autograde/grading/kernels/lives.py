"""The process that runs a learner's cells, and those that take its place when it has ended.

A dead process costs only the exercise that ended it: a fresh fork runs the cells again that had run before, without the
one to blame. What they print this time belongs to nobody, and no test gets a second chance.
"""

from collections.abc import Callable, Iterable

from nbformat import NotebookNode

from autograde.grading.kernels.client import Ended, Fork
from autograde.grading.plan.cell_names import holds_only_imports, names_used
from autograde.grading.plan.marks import is_test


class Lives:
    """One process after the other.

    Args:
        start: forks one.
        replacements: how many may follow the first.
        own_code: sources of the cells that the course wrote.

    Attributes:
        fork: the process now, or the one that ended last.
        ran: the cells that it ran to their end, with their places in the notebook, in order.
        left_out: the cells that run no more: a process ended with them, or they were interrupted.
        before: how the earlier processes ended.
        told: whether it is known with which cell the process ended.
    """

    def __init__(self, start: Callable[[], Fork], replacements: int, own_code: Iterable[str] = ()) -> None:
        self._start, self._left, self._own = start, replacements, frozenset(own_code)
        self.fork = start()
        self.ran: dict[int, NotebookNode] = {}
        self.left_out: dict[int, NotebookNode] = {}
        self.before: list[Ended] = []
        self.told = False

    @property
    def ended(self) -> bool:
        """Whether the process is gone."""
        return self.fork.ended is not None or self.fork.poll() is not None

    @property
    def replaceable(self) -> bool:
        """Whether another may follow."""
        return self._left > 0

    def replace(self) -> None:
        """Start a fresh one in place of the one that ended."""
        self._left -= 1
        ended = self.fork.kill()
        self.fork = self._start()
        self.before.append(ended)
        self.told = False

    def end(self, index: int, cell: NotebookNode) -> tuple[int, NotebookNode] | None:
        """End the process with `cell`, if it has not ended; return the cell that is to blame and runs no more."""
        self.fork.kill()
        self.told = True
        blamed = self.to_blame(index, cell)
        if blamed is None or is_test(cell):
            self.ran.pop(index, None)
        elif blamed[0] != index:
            self.ran[index] = cell  # the course's own has yet to run
        if blamed:
            self.ran.pop(blamed[0], None)
            self.left_out[blamed[0]] = blamed[1]
        return blamed

    def last(self) -> tuple[int, NotebookNode] | None:
        """The last learner's cell that ran."""
        learners = [one for one in self.ran.items() if not self._is_courses(one[1])]
        return learners[-1] if learners else None

    def to_blame(self, index: int, cell: NotebookNode) -> tuple[int, NotebookNode] | None:
        """Return the cell with which an end belongs that came while `cell` ran; None where no learner's cell ran yet.

        That is the cell itself; where it is a test, the last answer of which it uses a name; where it only imports what
        the course needs, the last learner's cell before it.
        """
        if not is_test(cell) and not self._is_setup(cell):
            return index, cell
        names = names_used(cell.source).loaded
        given = [names_used(one.source) for one in self.ran.values() if self._is_courses(one)]
        names = names.union(*(one.loaded for one in given if one.assigned & names))
        using = [one for one in self.ran.items() if not self._is_courses(one[1]) and _defined(one[1]) & names]
        return using[-1] if using else self.last()

    def missing(self) -> frozenset[str]:
        """Names that only cells define which run no more."""
        gone = frozenset[str]().union(*map(_defined, self.left_out.values()))
        return gone.difference(*map(_defined, self.ran.values()))

    def _is_courses(self, cell: NotebookNode) -> bool:
        return bool(cell.metadata.get("nbgrader", {}).get("locked")) or cell.source in self._own

    def _is_setup(self, cell: NotebookNode) -> bool:
        return self._is_courses(cell) and holds_only_imports(cell.source)


def _defined(cell: NotebookNode) -> frozenset[str]:
    used = names_used(cell.source)
    return used.assigned - used.imported
