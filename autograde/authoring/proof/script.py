"""Run a chapter as a plain script, from top to bottom, and compare its time with its budget."""

import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from autograde.errors import CourseError
from autograde.settings.toml_tables import read_tables

LIMIT = 900.0
"""Seconds after which a script is killed."""

IMPORT_SECONDS = 5.5
"""Seconds that ``import tensorflow`` takes on the budgets' reference machine (syllabus, section 1)."""


@dataclass(frozen=True)
class Script:
    """The result of a run.

    Attributes:
        seconds: the smaller of wall-clock and CPU time: other load inflates the one, many threads
            the other.
        fault: why the run failed; None if it succeeded.
        noise: one line of what it wrote to standard error; empty if it wrote nothing.
        slow: slowdown relative to the reference machine; measured only if the run exceeds its
            budget.
    """

    seconds: float
    fault: str | None = None
    noise: str = ""
    slow: float = 1.0


def read_budgets(root: Path) -> dict[str, float]:
    """Return chapter → budget in seconds, from ``tests/chapters/budgets.toml`` if it exists.

    Raises:
        CourseError: the file cannot be read.
    """
    path = root / "tests" / "chapters" / "budgets.toml"
    file = path.relative_to(root).as_posix()
    try:
        text = path.read_text(encoding="utf-8-sig") if path.is_file() else ""
    except (OSError, UnicodeDecodeError) as error:
        raise CourseError(f"{file}: {error}") from error
    budgets = read_tables(text, file)
    return {chapter: budgets.seconds(chapter) for chapter in budgets.values}


def run_script(*arguments: str) -> Script:
    """Run ``python`` in an empty folder as if nbgrader validated: no figures, no downloads."""
    before = os.times()
    with tempfile.TemporaryDirectory() as scratch:
        try:
            run = subprocess.run(
                [sys.executable, "-W", "error::UserWarning", *arguments],
                cwd=scratch,
                env={**os.environ, "NBGRADER_EXECUTION": "validate", "MPLBACKEND": "agg"},
                capture_output=True,
                text=True,
                check=False,
                timeout=LIMIT,
            )
        except subprocess.TimeoutExpired:
            return Script(LIMIT, f"run as a script, it does not end within {LIMIT:g} s")
    after = os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    # a warning is one line, followed by the indented line of code
    lines = [line for line in run.stderr.splitlines() if line.strip() and not line.startswith(" ")]
    last = lines[-1] if lines else run.stderr.strip()
    fault = f"does not run as a script: {last}" if run.returncode else None
    return Script(min(cpu, after.elapsed - before.elapsed), fault, last)


def run_within(path: Path, budget: float | None) -> Script:
    """Run a chapter; writing to standard error and exceeding the budget count as faults too.

    For these two the chapter is run again: the first run may have had to compile imports, and a
    linear-algebra library may issue spurious warnings, while a seeded chapter repeats its own. If
    the second run is over budget too, the import of TensorFlow is timed, and the budget is scaled
    by its slowdown relative to the reference machine.
    """
    first = run_script(str(path))
    if first.fault or not (first.noise or (budget and first.seconds > budget)):
        return first
    again = run_script(str(path))
    seconds = min(first.seconds, again.seconds)
    if again.fault:
        return again
    if first.noise and again.noise:
        return replace(again, fault=f"run as a script, it writes to standard error: {again.noise}")
    if not budget or seconds <= budget:
        return Script(seconds)
    slow = slowness()
    over = f"takes {seconds:.0f} s, its budget is {budget:g} s" + (f" times {slow:.1f} here" if slow > 1 else "")
    return Script(seconds, over if seconds > slow * budget else None, slow=slow)


def slowness() -> float:
    """The current slowdown relative to the reference machine; at least 1, also without TensorFlow."""
    yardstick = run_script("-W", "ignore", "-c", "import tensorflow")
    return max(1.0, yardstick.seconds / IMPORT_SECONDS)
