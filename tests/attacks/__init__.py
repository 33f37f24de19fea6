"""Attacks on grading: what a learner may hand in to gain points, to read what is hidden, or to spoil a batch.

Each is one submission of the chapter below, whose answer ``square`` is the attack and whose other answers are honest.
Attacks stand in ``verdicts``, ``reading``, ``breaking``, ``memory``, ``lines`` and ``files``; one batch grades them all, between
honest submissions. An attack's code says ESCAPED, put together from halves, when it got what it must not have.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

MARKER = ("HIDDEN-7f3a", "91c2-SOURCE")
"""Stands in the hidden tests' source and comments; in halves, so that looking for it is not having it."""
MESSAGE = ("look-again-5e0d", "77b1-HINT")
"""Stands in the message of a hidden assert, which its learner may be told, but not by the learner's own process."""
SECRET = ("KEY-c41a", "0b9d-ISSUER")
"""Stands in the environment of the grader, in the course's keys and in another learner's answer."""
HALVES = (MARKER, MESSAGE, SECRET)

WRONG = "def square(x):\n    return 0\n"
HONEST = {
    "mean": "def mean(values):\n    return sum(values) / len(values)",
    "square": "def square(x):\n    return x * x",
    "triple": "def triple(x):\n    return 3 * x",
}
MAXIMUM = {"mean-of-values": 3.0, "square-of-two": 2.0, "square-of-many": 4.0, "triple-of-two": 1.0}

CHAPTER = f'''\
"""A chapter of three exercises."""
# %% [markdown] lang="en"
# # Squares
# %% [markdown] lang="zh"
# # 平方
# %% setup
import math
import numpy as np
# %% solution="mean"
def mean(values):
    """Return the mean."""
    ### BEGIN SOLUTION
    return sum(values) / len(values)
    ### END SOLUTION
# %% test="mean-of-values" points=3
assert math.isclose(mean([1, 2, 6]), 3), "`mean` divides by the number of values"
### BEGIN HIDDEN TESTS
# {"".join(MARKER)}
assert math.isclose(mean([5]), 5), "{"".join(MESSAGE)}"
### END HIDDEN TESTS
# %% solution="square"
def square(x):
    """Return x squared."""
    ### BEGIN SOLUTION
    return x * x
    ### END SOLUTION
# %% test="square-of-two" points=2
assert math.isclose(square(2), 4), "look again at what `square` returns"
### BEGIN HIDDEN TESTS
# {"".join(MARKER)}
hidden_name = "{"".join(MARKER)}"
np.testing.assert_allclose(square(-3.5), 12.25, err_msg="{"".join(MESSAGE)}")
assert all(map(lambda n: square(n) == n * n, [3, 7])), "{"".join(MESSAGE)}"
### END HIDDEN TESTS
# %% test="square-of-many" points=4
### BEGIN HIDDEN TESTS
draws = np.random.default_rng(11).normal(size=4) + 1  # {"".join(MARKER)}
expected = draws**2
right = [bool(np.isclose(square(draws[n]), expected[n])) for n in range(4)]
given = draws.copy()
right.append(bool(np.allclose(square(given), expected)))
4 * sum(right) / len(right)
### END HIDDEN TESTS
# %% solution="triple"
def triple(x):
    """Return three times x."""
    ### BEGIN SOLUTION
    return 3 * x
    ### END SOLUTION
# %% test="triple-of-two" points=1
assert triple(2) == 6, "`triple` multiplies by three"
'''

PRELUDE = """\
import os, sys
def escaped(what): print("ESC" + "APED", what, flush=True)
def sockets():
    import stat
    found = []
    for number in range(3, 512):
        try:
            if stat.S_ISSOCK(os.fstat(number).st_mode): found.append(number)
        except OSError: pass
    return found
def look(data, where):
    data = data if isinstance(data, bytes) else str(data).encode(errors="replace")
    for first, second in HALVES:
        first, second, at = first.encode(), second.encode(), -1
        while (at := data.find(first, at + 1)) >= 0:
            if data[at + len(first):at + len(first) + len(second)] == second: escaped(where); return True
    return False
print("begun", flush=True)
"""
"""What every attack begins with; ``HALVES``, ``ROOT``, ``TCP``, ``UDP``, ``UNIX``, ``ABSTRACT``, ``TOKEN`` stand before it."""

Prepare = Callable[[Path, dict[str, Any]], None]
"""Changes (folder of the submission, parsed notebook) before the notebook is written."""


@dataclass(frozen=True)
class Attack:
    """One attack, as a submission.

    Attributes:
        name: kebab-case; the learner's id too.
        code: the answer ``square``.
        first: a cell put before all others; empty: none.
        files: handed in beside the notebook.
        prepare: changes the submission otherwise.
        gains: whether it wins points where the tests run beside the answers, so that it is an attack indeed.
        earns: points that its two tests of ``square`` may give: nothing, but to an answer that is right.
        errors: names of errors that its code is meant to end with.
        quiet: whether nothing that its cell says is left to see.
        mean: points of the answer above the attack, lost only where the whole submission cannot be graded.
    """

    name: str
    code: str = WRONG
    first: str = ""
    files: Mapping[str, bytes] = field(default_factory=dict)
    prepare: Prepare | None = None
    gains: bool = False
    earns: float = 0.0
    errors: tuple[str, ...] = ()
    quiet: bool = False
    mean: float = 3.0


ATTACKS: list[Attack] = []


def attack(name: str, code: str = WRONG, **more: Any) -> None:
    """Register an attack."""
    ATTACKS.append(Attack(name, code, **more))


from attacks import breaking, files, lines, memory, reading, verdicts  # noqa: E402, F401 - each registers its attacks
