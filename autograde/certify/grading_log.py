"""``gradebook/grading-log.jsonl`` → what the grading engine did, line by line; the engine alone writes it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from pathlib import Path
from typing import Any

from autograde.certify.attempts import moment
from autograde.certify.exact import plain, sha256
from autograde.errors import CourseError

GRADED = ("graded", "repaired", "review", "failed")


@dataclass(frozen=True)
class Grading:
    """One line of the log: a hand-in that was graded, or could not be (``failed``).

    Attributes:
        line: SHA-256 of the line.
        score: Σ of the cells' scores before the late penalty, decimal string; so are the next two.
        cells: score (None without one) by notebook and grade_id.
        hashes: ``submission``, ``release``, ``tests``.
    """

    line: str
    student: str
    assignment: str
    status: str
    score: str
    maximum: str
    late_penalty: str
    submitted_at: str
    graded_at: str
    engine: str
    isolation: str
    hashes: Mapping[str, str]
    cells: Mapping[tuple[str, str], str | None]


def read_grading_log(path: Path) -> tuple[Grading, ...]:
    """The gradings in the log, in its order; none where there is no log. A last line still being written is left out.

    Raises:
        CourseError: a line is no grading; the message has its number.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise CourseError(f"cannot read {path} ({error.strerror}); check its permissions") from None
    found = []
    for number, line in enumerate(data.split(b"\n")[:-1], start=1):
        if not line.strip():
            continue
        try:
            found.append(_grading(line))
        except (ValueError, KeyError, TypeError, AttributeError, InvalidOperation, RecursionError) as error:
            problem = f"{type(error).__name__}: {error}".splitlines()[0]
            raise CourseError(
                f"{path}:{number}: this is no line of the grading engine ({problem}); "
                f"restore the log from a backup, or move this line to another file"
            ) from None
    return tuple(found)


def _grading(line: bytes) -> Grading:
    values: dict[str, Any] = json.loads(line, parse_float=Decimal, parse_constant=_no_constant)
    cells = {
        (str(notebook["name"]), str(cell["grade_id"])): None if cell["score"] is None else _points(cell["score"])
        for notebook in values["notebooks"]
        for cell in notebook["cells"]
    }
    if values["status"] not in GRADED:
        raise ValueError(f"unknown status {values['status']!r}")
    scored = [Fraction(score) for score in cells.values() if score is not None]
    submitted_at, graded_at = values["submitted_at"] or "", values["graded_at"]
    moment(submitted_at), moment(graded_at)  # raises where one is no time
    return Grading(
        line=sha256(line),
        student=_text(values["student"]),
        assignment=_text(values["assignment"]),
        status=values["status"],
        score=plain(sum(scored, Fraction(0))) if cells else _points(values["score"] or 0),
        maximum=_points(values["maximum"] or 0),
        late_penalty=_points(values["late_penalty"] or 0),
        submitted_at=submitted_at,
        graded_at=_text(graded_at),
        engine=_text(values["engine"]),
        isolation=str(values["isolation"]),
        hashes={name: _hash(values["hashes"][name]) for name in ("submission", "release", "tests")},
        cells=cells,
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{value!r} is no text")
    return value


def _hash(value: object) -> str:
    if value is None:
        return ""
    text = _text(value)
    if text and (len(text) != 64 or set(text) - set("0123456789abcdef")):
        raise ValueError(f"{text[:70]!r} is no SHA-256")
    return text


def _points(value: object) -> str:
    """A number of points as a decimal string: the shortest one, as the snapshot writes it."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise ValueError(f"{value!r} is no number of points")
    number = Decimal(value)
    if abs(number.adjusted()) > 18:
        raise ValueError(f"{value} is no number of points")
    return plain(Fraction(number))


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no number of points")
