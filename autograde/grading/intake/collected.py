"""Who handed in what: the folders below ``submitted/``, and those whose names no gradebook takes.

A learner's id is the name of a folder, and a folder's name comes from outside. One that cannot be an id is named and
passed over; everybody else is graded.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from nbgrader.coursedir import CourseDirectory

from autograde.errors import CourseError, UsageProblem
from autograde.shown import one_line, word

LONGEST_ID = 128
"""Characters of an id that nbgrader's tables have room for."""


@dataclass(frozen=True)
class Collected:
    """What was handed in of an assignment.

    Attributes:
        folders: of each learner's submission, by id.
        skipped: a line for each folder whose name is no id.
        notes: a line for each group of ids that may be one learner's.
    """

    folders: dict[str, Path]
    skipped: tuple[str, ...]
    notes: tuple[str, ...]


def collected(coursedir: CourseDirectory, assignment: str, students: Sequence[str] = ()) -> Collected:
    """Return what was handed in.

    Args:
        students: only these; all by default.

    Raises:
        CourseError: nobody handed anything in.
        UsageProblem: a learner of `students` did not.
    """
    place = uuid4().hex  # stands for a learner in nbgrader's pattern; no folder above is called that
    pattern = Path(coursedir.format_path(coursedir.submitted_directory, place, assignment))
    at = pattern.parts.index(place)
    top, below = Path(*pattern.parts[:at]), Path(*pattern.parts[at + 1 :])
    excluded = set(filter(None, coursedir.student_id_exclude.split(",")))
    found, skipped = {}, []
    for folder in sorted(top.iterdir() if top.is_dir() else ()):
        if folder.name in (*excluded, ".ipynb_checkpoints") or not (folder / below).is_dir():
            continue
        fault = fault_of_id(folder.name)
        if fault:
            skipped.append(f"{one_line(folder.name, 60)}: left out, {fault}; rename it: mv -- {word(str(folder))} …")
        else:
            found[folder.name] = folder / below
    for student in students:
        if student not in found:
            raise UsageProblem(f"{student!r} handed in no {assignment}; {top} has {len(found)} submissions of it")
    if not found and not skipped:
        raise CourseError(f"no submission of {assignment} in {top}; run `nbgrader collect {assignment}` first")
    if students:
        return Collected({student: found[student] for student in found if student in students}, (), ())
    return Collected(found, tuple(skipped), tuple(_alike(found)))


def fault_of_id(name: str) -> str:
    """Why a folder's name can be no learner's id; empty where it can."""
    kinds = {unicodedata.category(sign) for sign in name}
    if "Cs" in kinds:
        return "its name is no UTF-8 text"
    if kinds & {"Cc", "Zl", "Zp"}:
        return "its name has line feeds or other control characters in it"
    if not name.strip():
        return "its name is blank"
    if name.startswith("."):
        return "its name begins with a dot, and nbgrader sees no such folder"
    if len(name) > LONGEST_ID:
        return f"its name is longer than the {LONGEST_ID} characters of a learner's id"
    return ""


def _alike(names: Iterable[str]) -> Iterable[str]:
    groups: dict[str, list[str]] = defaultdict(list)
    for name in names:
        groups[unicodedata.normalize("NFKC", name).casefold().strip()].append(name)
    for group in groups.values():
        if len(group) > 1:
            ids = ", ".join(ascii(name) for name in group)
            yield f"these ids look alike and are graded as different learners: {ids}"
