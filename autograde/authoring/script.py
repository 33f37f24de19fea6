"""A chapter as a plain script: does it run from top to bottom, and within its budget?"""

import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

LIMIT = 900.0
"""Seconds after which a script is ended."""

IMPORT_SECONDS = 5.5
"""Seconds that ``import tensorflow`` takes on the machine that budgets are meant for (syllabus, section 1)."""


@dataclass(frozen=True)
class Script:
    """How a run ended.

    Attributes:
        seconds: of wall clock or CPU the smaller: what else a machine does stretches the one, many threads the other.
        fault: what is wrong with the run, None where it ended in silence.
    """

    seconds: float
    fault: str | None = None


def run_script(*words: str) -> Script:
    """Run ``python`` with ``words`` in an empty folder, as nbgrader's validation would: no figure shown, no download."""
    before = os.times()
    with tempfile.TemporaryDirectory() as scratch:
        try:
            run = subprocess.run(
                [sys.executable, "-W", "error::UserWarning", *words],
                cwd=scratch,
                env={**os.environ, "NBGRADER_EXECUTION": "validate", "MPLBACKEND": "agg"},
                capture_output=True,
                text=True,
                check=False,
                timeout=LIMIT,
            )
        except subprocess.TimeoutExpired:
            return Script(LIMIT, f"run as a script it does not end within {LIMIT:g} s")
    after = os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    seconds = min(cpu, after.elapsed - before.elapsed)
    last = (run.stderr.strip().splitlines() or [""])[-1]
    if run.returncode:
        return Script(seconds, f"does not run as a script: {last}")
    return Script(seconds, f"run as a script it writes to standard error: {last}" if last else None)


def run_within(path: Path, budget: float | None) -> Script:
    """Run a chapter's text, and once more where it exceeds its budget: the first run may have had to compile imports.

    After the second run the import of TensorFlow is timed as well, and where it takes longer than on the machine that
    budgets are meant for, the chapter's seconds are those that it would take there.
    """
    first = run_script(str(path))
    if first.fault or not budget or first.seconds <= budget:
        return first
    again = run_script(str(path))
    seconds = min(first.seconds, again.seconds) / slowness()
    fault = f"takes {seconds:.0f} s, its budget is {budget:g} s" if seconds > budget else None
    return Script(seconds, again.fault or fault)


def slowness() -> float:
    """How many times as long as on the budgets' machine things take here and now; at least 1, also without TensorFlow."""
    yardstick = run_script("-W", "ignore", "-c", "import tensorflow")
    return max(1.0, yardstick.seconds / IMPORT_SECONDS)
