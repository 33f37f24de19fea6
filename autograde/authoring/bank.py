"""The bank of an exercise: right and wrong answers that prove its tests. Pure.

A bank is a percent-format file ``tests/chapters/chNN/EXERCISE.py``. Cells without a mark hold
imports; every other cell is one complete answer, marked ``wrong="misconception"`` or
``right="approach"``, and starts with a comment that explains it.
"""

from dataclasses import dataclass
from typing import Literal

from autograde.authoring.percent import PercentError, python_faults, raise_in_order, read_cells

MIN_WRONG, MIN_RIGHT = 3, 2


@dataclass(frozen=True)
class Variant:
    """One answer: the expected ``verdict``, a ``note`` why, and the ``source`` of the solution cell."""

    name: str
    verdict: Literal["wrong", "right"]
    note: str
    source: str
    line: int


@dataclass(frozen=True)
class Bank:
    """All answers to one exercise; ``preamble`` (imports) runs before each of them."""

    exercise: str
    file: str
    preamble: str
    variants: tuple[Variant, ...]

    def shortage(self) -> str | None:
        """Return what the bank lacks, or None."""
        wrong = sum(variant.verdict == "wrong" for variant in self.variants)
        right = len(self.variants) - wrong
        if wrong < MIN_WRONG or right < MIN_RIGHT:
            return f"{wrong} wrong and {right} right solutions; at least {MIN_WRONG} and {MIN_RIGHT} are needed"
        return None


def bank_file(exercise: str) -> str:
    """Return the file name of an exercise's bank: ``cross-entropy-grad`` → ``cross_entropy_grad.py``."""
    return exercise.replace("-", "_") + ".py"


def parse_bank(text: str, exercise: str, file: str) -> Bank:
    """Read a bank.

    Raises:
        PercentError: an unknown key, a repeated name, an answer that is not valid Python or has no
            comment.
        SeveralErrors: several of these, in line order.
    """
    preamble, variants, seen = [], [], set()
    cells, faults = read_cells(text, file)
    for cell in cells:
        marks = set(cell.options)
        marked = not cell.markdown and len(marks) <= 1 and marks <= {"wrong", "right"}
        if not marked and not cell.doubtful:
            message = 'mark the cell wrong="misconception" or right="approach", or not at all'
            faults.append(PercentError(file, cell.line, message))
        if not cell.markdown:
            for line, reason in python_faults(cell):
                faults.append(PercentError(file, line, f"{reason}; an answer must be valid Python"))
        if not marks:
            preamble.append(cell.source)
        if not marks or not marked or cell.doubtful:
            continue
        verdict, name = next(iter(cell.options.items()))
        if not name or name in seen:
            message = f"the {verdict} answer needs a unique name, not {name!r}"
            faults.append(PercentError(file, cell.line, message))
        note = " ".join(line.lstrip("# ") for line in _leading_comment(cell.source))
        if not note:
            message = f"start the answer {name!r} with a comment that says what it does"
            faults.append(PercentError(file, cell.line, message))
        seen.add(name)
        variants.append(Variant(name or "", verdict, note, cell.source, cell.line))  # type: ignore[arg-type]
    raise_in_order(faults)
    return Bank(exercise, file, "\n".join(preamble), tuple(variants))


def _leading_comment(source: str) -> list[str]:
    lines = []
    for line in source.split("\n"):
        if not line.startswith("#"):
            break
        lines.append(line)
    return lines
