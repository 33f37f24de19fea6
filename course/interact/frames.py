"""Pictures that are drawn already: each is kept under its parameters, and those of a player are drawn ahead.

A player must keep its pace on a loaded machine, so its pictures are drawn while the kernel has
nothing else to do: one at a time, then other messages have their turn.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import RLock
from typing import Any

LIMIT = 64 * 2**20
"""Bytes of all pictures that a kernel keeps; a picture has about 2**16."""

REST = 0.5
"""Seconds without a cell or a move after which a kernel counts as idle."""

PAUSE = 0.02
"""Seconds between two pictures drawn ahead, at least; otherwise as long as the last one took."""


class Frames:
    """Pictures by key; those not used for longest make room for new ones.

    JupyterLab may serve widgets in a thread of their own, so one picture is drawn at a time:
    matplotlib's settings belong to the process.
    """

    def __init__(self, limit: int = LIMIT) -> None:
        self._limit, self._size = limit, 0
        self._kept: OrderedDict[Hashable, bytes] = OrderedDict()
        self._lock = RLock()

    def get(self, key: Hashable, draw: Callable[[], bytes]) -> bytes:
        """Return the picture ``key``; draw it if it is not there. A key that cannot be hashed is always drawn."""
        with self._lock:
            try:
                picture = self._kept.pop(key, None)
            except TypeError:
                return draw()
            if picture is None:
                picture = draw()
                self._size += len(picture)
            self._kept[key] = picture
            while self._size > self._limit and len(self._kept) > 1:
                self._size -= len(self._kept.popitem(last=False)[1])
            return picture

    def __contains__(self, key: Hashable) -> bool:
        try:
            return key in self._kept
        except TypeError:
            return True  # it cannot be kept, so there is no use in drawing it ahead


def key(owner: object, values: dict[str, Any]) -> Hashable:
    """The key of a figure's picture; 1, 1.0 and True are different values."""
    return owner, *((name, type(value), value) for name, value in values.items())


class Idle:
    """Draws ahead while no cell runs, in the main thread of a kernel.

    Args:
        shell: IPython's shell, whose events say when a cell runs.
        loop: the kernel's event loop.
    """

    def __init__(self, shell: Any, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self._steps: list[Callable[[], bool]] = []
        self._timer: asyncio.TimerHandle | None = None
        self._running = True  # the cell that shows the first figure
        self._rest = 0.0
        shell.events.register("pre_run_cell", self._begin)
        shell.events.register("post_run_cell", self._end)

    def ask(self, step: Callable[[], bool], moved: bool = True) -> None:
        """Call ``step`` again and again, before all others, until it returns False; from any thread.

        Args:
            step: draws one picture and returns whether there are more.
            moved: whether the learner is moving a control, so that it is better to wait.
        """
        if moved:
            self._rest = time.monotonic() + REST
        self.loop.call_soon_threadsafe(self._add, step)

    def _add(self, step: Callable[[], bool]) -> None:
        self._steps = [*(other for other in self._steps if other != step), step]
        self._next(PAUSE)

    def _next(self, seconds: float) -> None:
        if self._timer is None:
            self._timer = self.loop.call_later(seconds, self._tick)

    def _tick(self) -> None:
        self._timer = None
        began = time.monotonic()
        if self._running or began < self._rest:
            self._next(REST / 2)
            return
        step = self._steps[-1]
        if not step():
            self._steps.remove(step)
        if self._steps:
            self._next(max(PAUSE, time.monotonic() - began))

    def _begin(self, info: Any) -> None:
        self._running = True

    def _end(self, result: Any) -> None:
        self._running = False
        self._rest = time.monotonic() + REST


FRAMES = Frames()
"""The pictures of all figures of this kernel."""

_idle: dict[int, Idle] = {}


def idle() -> Idle | None:
    """Return what draws ahead in this kernel, seen from one of its cells; None outside a kernel."""
    from IPython.core.getipython import get_ipython

    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        return None
    shell = get_ipython()
    if shell is None:
        return None
    known = _idle.get(id(shell))
    if known is None or known.loop is not loop:
        known = _idle[id(shell)] = Idle(shell, loop)
    return known
