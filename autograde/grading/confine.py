"""How the processes of a submission are confined, decided once per assignment."""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import NoSuchKernel
from traitlets.config import Config

from autograde.errors import CourseError
from autograde.grading.assignment import Assignment
from autograde.grading.kernels.execute import WarmExecute
from autograde.grading.kernels.specs import DEFAULT, named, unlike
from autograde.grading.plan.beyond import with_beyond
from autograde.grading.reasons.bounds import taken_by
from autograde.grading.workplace.beside import out_of_reach
from autograde.settings.grading import EXAMINER, SHARED, GradingSettings


def confined(assignment: Assignment, settings: GradingSettings, isolation: str) -> Assignment:
    """Return the assignment with its isolation and confinement, which are never silently lowered.

    Raises:
        CourseError: an examiner is asked for where no source notebook says which cell is what, or
            does not know a test; a test asks for a file that is the learner's; a notebook's kernel
            is not installed; or it cannot be confined, and the course does not allow that.
    """
    if isolation not in (EXAMINER, SHARED):
        raise CourseError(f"submissions are graded with {EXAMINER!r} or {SHARED!r}, not {isolation!r}")
    bare = [name for name, one in assignment.notebooks.items() if one.tests and not one.plan]
    if isolation == EXAMINER and bare:
        raise CourseError(
            f"the examiner needs source/{assignment.name}/{bare[0]}.ipynb to know which cells are tests; "
            "build it, or grade with --isolation shared"
        )
    if isolation == EXAMINER:
        refuse_unknown_tests(assignment)
        for name, path in out_of_reach(assignment).items():
            raise CourseError(
                f"nothing was graded: {name} asks for {path}, which is the learner's own and never lies where an examiner "
                "runs the tests; grade with --isolation shared, or have the test ask the learner's functions only"
            )
    allowed = settings.allow_unconfined and isolation == SHARED and not settings.require
    for name, why in unconfinable(assignment).items():
        if not allowed:
            held = "can be neither confined nor examined" if isolation == EXAMINER else "cannot be confined"
            raise CourseError(
                f"nothing was graded: the kernel of {assignment.name}/{name}.ipynb {held} ({why}); name this Python's "
                "kernel in the source and generate the assignment again, or grade as stock nbgrader does, without any "
                "protection: --isolation shared --allow-unconfined"
            )
    notebooks = assignment.notebooks
    if isolation == EXAMINER:
        notebooks = {
            name: replace(one, plan=with_beyond(one.plan, assignment.files)) for name, one in notebooks.items()
        }
    return replace(
        assignment,
        notebooks=notebooks,
        isolation=isolation,
        allow_unconfined=allowed,
        confine=confinement(
            assignment.modules, settings.require, settings.limits(*taken_by(assignment.files)), settings.loopback
        ),
        notebook_seconds=settings.notebook_seconds,
        start_seconds=settings.start_seconds,
    )


def refuse_unknown_tests(assignment: Assignment) -> None:
    """Check that the source has each automatic test of the gradebook as a test.

    Raises:
        CourseError: one of them would run in the learner's process.
    """
    for notebook in assignment.notebooks.values():
        answers = {cell.name for cell in notebook.solution_cells}
        for cell in notebook.grade_cells:
            planned = notebook.plan.get(cell.name)
            test = cell.cell_type == "code" and cell.name not in answers
            if test and notebook.plan and (planned is None or planned.role != "test"):
                raise CourseError(
                    f"nothing was graded: source/{assignment.name}/{notebook.name}.ipynb has no test {cell.name!r}, which "
                    f"the gradebook has; run `nbgrader generate_assignment {assignment.name} --force` again"
                )


def unconfinable(assignment: Assignment) -> dict[str, str]:
    """Return the notebooks whose kernel a fork of this Python cannot replace, with the reasons.

    Raises:
        CourseError: a kernel is not installed.
    """
    step = WarmExecute(config=Config({name: dict(values) for name, values in assignment.settings.items()}))
    found = {}
    for name, notebook in assignment.notebooks.items():
        kernel = step.kernel_name or str(named(notebook.kernelspec)["name"])
        try:
            why = unlike(kernel) if step.warm else "nbgrader_config.py turns warm kernels off"
        except NoSuchKernel:
            raise CourseError(
                f"nothing was graded: {assignment.name}/{name}.ipynb asks for the kernel {kernel!r}, which is not "
                "installed; see `jupyter kernelspec list`"
            ) from None
        if why:
            found[name] = f"{kernel}: {why}"
    return found


def unlike_kernels(folder: Path) -> dict[str, str]:
    """Return the kernels that cannot be confined: Jupyter's default, and those of the source
    notebooks in a folder.

    Args:
        folder: a course directory; any other has no notebooks.
    """
    names = {str(DEFAULT["name"])}
    for path in folder.glob("source/*/*.ipynb"):
        with suppress(OSError, ValueError, AttributeError):
            names.add(str(named(json.loads(path.read_bytes()).get("metadata", {}).get("kernelspec"))["name"]))
    found = {}
    for name in sorted(names):
        try:
            why = unlike(name)
        except NoSuchKernel:
            why = "it is not installed"
        if why:
            found[name] = why
    return found


def confinement(
    modules: tuple[str, ...],
    require: tuple[str, ...] = (),
    limits: Mapping[str, int] | None = None,
    loopback: bool = False,
) -> dict[str, Any]:
    """How a fork is to be confined; see :func:`autograde.grading.sandbox.fork_confined`.

    Args:
        modules: importable packages; those outside the installation, in development, may be read.
        require: layers without which nothing runs.
        limits: fields of :class:`autograde.grading.sandbox.Limits`; the sandbox's defaults for the
            others.
        loopback: whether a process may open network sockets to itself.
    """
    return {
        "limits": dict(limits or {}),
        "readable": [str(path) for path in outside(modules)],
        "require": list(require),
        "loopback": loopback,
    }


def outside(modules: tuple[str, ...]) -> list[Path]:
    """Return the paths of those `modules` that are not installed but in development."""
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
