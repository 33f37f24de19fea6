"""How submissions of this course are graded: ``[grading]`` of course.toml."""

import os
from dataclasses import dataclass, field, fields
from typing import Any

from autograde.settings.sandbox import LAYERS, MIB, default_processes
from autograde.settings.toml_tables import Table, listed, quoted

EXAMINER, SHARED, UNCONFINED = "examiner", "shared", "unconfined"
SMALLEST = {"memory_mb": 64, "processes": 16, "open_files": 64, "folder_mb": 1, "folder_files": 1, "start_seconds": 1}
LARGEST = 2**31 - 1


@dataclass(frozen=True)
class GradingSettings:
    """What a course asks of its grading; every field is a key of ``[grading]``.

    Attributes:
        isolation: ``examiner``: tests run in a process of their own; ``shared``: in the learner's, as with nbgrader.
        require: sandbox layers without which nothing is graded.
        allow_unconfined: with ``shared``, whether a kernel of another language or another Python may run without the
            sandbox, as stock nbgrader runs every kernel. Otherwise such an assignment is not graded.
        memory_mb: memory of one submission, beyond what the course's own imports take; the examiner beside it has as
            much.
        notebook_seconds: how long all cells of a notebook may take together; 0: no limit but nbgrader's for each cell.
        start_seconds: how long importing what the course imports may take, once for all submissions.
        cpu_seconds: CPU time of each process, all of its threads together; 0: no limit but that of the clock. Where
            course.toml does not say, what `notebook_seconds` allows on all processors of this machine.
        processes: processes and threads of one submission; where course.toml does not say, more on larger machines.
        open_files: files, pipes and sockets that each process may hold open.
        folder_mb, folder_files: what a submission's folder may hold besides the course's own files.
        loopback: whether a submission may open network sockets to itself, such as a server that its own cells ask;
            nothing outside can be reached by them.
    """

    isolation: str = EXAMINER
    require: tuple[str, ...] = ()
    allow_unconfined: bool = False
    memory_mb: int = 4096
    notebook_seconds: int = 1800
    start_seconds: int = 300
    cpu_seconds: int = 0
    processes: int = field(default_factory=default_processes)
    open_files: int = 512
    folder_mb: int = 512
    folder_files: int = 20_000
    loopback: bool = False

    def limits(self, own_bytes: int = 0, own_files: int = 0) -> dict[str, int]:
        """Return the fields of :class:`autograde.grading.sandbox.Limits` for a submission.

        Args:
            own_bytes, own_files: what the course's own files in its folder take.
        """
        folder = self.folder_mb * MIB + own_bytes
        return {
            "memory_bytes": self.memory_mb * MIB,
            "cpu_seconds": self.cpu_seconds,
            "processes": self.processes,
            "open_files": self.open_files,
            "file_bytes": folder,
            "scratch_bytes": folder,
            "scratch_files": self.folder_files + own_files,
        }


FOREIGN = GradingSettings(isolation=SHARED, notebook_seconds=0)
"""How a course without course.toml is graded: as nbgrader does."""


def parse_grading(top: Table) -> GradingSettings:
    """Read ``[grading]`` of course.toml; every key of it may be left out.

    Raises:
        SettingsError: with the line that holds the fault.
    """
    if not top.has("grading"):
        return _settings({})
    table = top.table("grading", "[grading]")
    table.allow(*(one.name for one in fields(GradingSettings)))
    chosen = {name: _read(table, name) for name in table.values}
    isolation = chosen.get("isolation", EXAMINER)
    if chosen.get("allow_unconfined") and (isolation == EXAMINER or chosen.get("require")):
        other = "isolation" if isolation == EXAMINER else "require"
        message = f'allow_unconfined contradicts {other}; it goes with isolation = "{SHARED}" alone'
        raise table.error(f"[grading] {message}", "allow_unconfined")
    return _settings(chosen)


def _settings(chosen: dict[str, Any]) -> GradingSettings:
    seconds = chosen.get("notebook_seconds", GradingSettings.notebook_seconds)
    return GradingSettings(**{"cpu_seconds": seconds * (os.cpu_count() or 1), **chosen})


def _read(table: Table, name: str) -> Any:
    if name == "isolation":
        return table.choice(name, EXAMINER, SHARED)
    if name == "require":
        return _layers(table, name)
    if name in ("allow_unconfined", "loopback"):
        return table.flag(name)
    return table.integer(name, SMALLEST.get(name, 0), LARGEST)


def _layers(table: Table, name: str) -> tuple[str, ...]:
    found = table.texts(name) if table.values[name] != [] else []
    for at, layer in enumerate(found):
        if layer not in LAYERS:
            raise table.error(f"[grading] {name}: layer {quoted(layer)}; known are {listed(LAYERS)}", name, at)
    return tuple(found)
