"""How the processes of a submission are confined, settled once for an assignment."""

from collections.abc import Mapping
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from autograde.errors import CourseError
from autograde.grading.assignment import Assignment
from autograde.grading.bounds import taken_by
from autograde.grading.settings import EXAMINER, GradingSettings


def confined(assignment: Assignment, settings: GradingSettings, isolation: str) -> Assignment:
    """Return the assignment with how it is to be graded.

    Raises:
        CourseError: an examiner is asked for where no source notebook says which cell is what.
    """
    bare = [name for name, one in assignment.notebooks.items() if not one.plan]
    if isolation == EXAMINER and bare:
        raise CourseError(
            f"the examiner needs source/{assignment.name}/{bare[0]}.ipynb to know which cells are tests; "
            "build it, or grade with --isolation shared"
        )
    return replace(
        assignment,
        isolation=isolation,
        confine=confinement(assignment.modules, settings.require, settings.limits(*taken_by(assignment.files))),
        notebook_seconds=settings.notebook_seconds,
    )


def confinement(
    modules: tuple[str, ...], require: tuple[str, ...] = (), limits: Mapping[str, int] | None = None
) -> dict[str, Any]:
    """What a fork is asked to be confined to; see :func:`autograde.grading.sandbox.fork_confined`.

    Args:
        modules: importable packages; those outside the installation, in development, may be read.
        require: layers without which nothing runs.
        limits: fields of :class:`autograde.grading.sandbox.Limits`; the sandbox's defaults for the others.
    """
    return {
        "limits": dict(limits or {}),
        "readable": [str(path) for path in outside(modules)],
        "require": list(require),
    }


def outside(modules: tuple[str, ...]) -> list[Path]:
    """Return where those of `modules` lie that are not installed but in development."""
    found = set()
    for top in {name.split(".")[0] for name in modules}:
        try:
            spec = find_spec(top)
        except (ImportError, ValueError):
            continue
        if spec and spec.origin and spec.has_location:
            path = Path(spec.origin)
            if not any(part in ("site-packages", "dist-packages") for part in path.parts) and "lib" not in path.parts:
                found.add(path.parent if path.name == "__init__.py" else path)
    return sorted(found)
