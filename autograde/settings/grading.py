"""How submissions of this course are graded: ``[grading]`` of course.toml."""

import os
import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from autograde.errors import CourseError
from autograde.settings.sandbox import LAYERS, MIB, default_processes

EXAMINER, SHARED, UNCONFINED = "examiner", "shared", "unconfined"
SMALLEST = {"memory_mb": 64, "processes": 16, "open_files": 64, "folder_mb": 1, "folder_files": 1, "start_seconds": 1}
LARGEST = 2**31


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


def grading_settings(root: Path) -> GradingSettings:
    """Return the settings of a course directory; one without course.toml is a foreign one, graded as nbgrader does.

    Raises:
        CourseError: course.toml cannot be read, or a key or value of ``[grading]`` is unknown.
    """
    path = root / "course.toml"
    if not path.is_file():
        return GradingSettings(isolation=SHARED, notebook_seconds=0)
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8-sig")).get("grading", {})
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CourseError(f"course.toml: {error}") from error
    known = [one.name for one in fields(GradingSettings)]
    unknown = sorted(set(table) - set(known)) if isinstance(table, dict) else [str(table)]
    if unknown:
        raise CourseError(f"course.toml: [grading] knows {', '.join(known)}, not {', '.join(unknown)}")
    isolation = table.get("isolation", EXAMINER)
    if isolation not in (EXAMINER, SHARED):
        raise CourseError(f'course.toml: [grading] isolation is "{EXAMINER}" or "{SHARED}", not {isolation!r}')
    require = table.get("require", [])
    wrong = [name for name in require if name not in LAYERS] if isinstance(require, list) else [require]
    if wrong:
        raise CourseError(f"course.toml: [grading] require lists layers out of {', '.join(LAYERS)}, not {wrong}")
    chosen = {name: _checked(name, value) for name, value in table.items() if name not in ("isolation", "require")}
    if chosen.get("allow_unconfined") and (isolation == EXAMINER or require):
        raise CourseError(
            "course.toml: [grading] allow_unconfined contradicts "
            f'{"isolation" if isolation == EXAMINER else "require"}; it goes with isolation = "{SHARED}" alone'
        )
    seconds = chosen.get("notebook_seconds", GradingSettings.notebook_seconds)
    chosen.setdefault("cpu_seconds", seconds * (os.cpu_count() or 1))
    return GradingSettings(isolation, tuple(require), **chosen)


def _checked(name: str, value: Any) -> Any:
    """Return a switch or a number as it is.

    Raises:
        CourseError: it is neither, or out of range.
    """
    if name in ("allow_unconfined", "loopback"):
        if type(value) is not bool:
            raise CourseError(f"course.toml: [grading] {name} is true or false, not {value!r}")
        return value
    least = SMALLEST.get(name, 0)
    if type(value) is not int or not least <= value < LARGEST:
        raise CourseError(f"course.toml: [grading] {name} is a whole number from {least}, not {value!r}")
    return value
