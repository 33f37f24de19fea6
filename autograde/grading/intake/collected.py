"""Who handed in what: the folders below ``submitted/``, and those whose names no gradebook accepts.

A learner's id is a folder's name, which comes from outside. A name that cannot be an id is reported
and skipped; everybody else is graded.
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
"""Longest id that nbgrader's tables hold, in characters."""


@dataclass(frozen=True)
class Collected:
    """The submissions of an assignment.

    Attributes:
        folders: each learner's submission, by id.
        skipped: a line for each folder whose name is not an id.
        notes: a line for each group of ids that may belong to one learner.
    """

    folders: dict[str, Path]
    skipped: tuple[str, ...]
    notes: tuple[str, ...]


def collected(coursedir: CourseDirectory, assignment: str, students: Sequence[str] = ()) -> Collected:
    """Return the submissions of an assignment.

    Args:
        students: only these; all by default.

    Raises:
        CourseError: nobody handed anything in.
        UsageProblem: a learner of `students` did not.
    """
    place = uuid4().hex  # a placeholder for the learner in nbgrader's pattern, unlike any folder name
    pattern = Path(coursedir.format_path(coursedir.submitted_directory, place, assignment))
    at = pattern.parts.index(place)
    top, below = Path(*pattern.parts[:at]), Path(*pattern.parts[at + 1 :])
    excluded = set(filter(None, coursedir.student_id_exclude.split(",")))
    folders, skipped = {}, []
    for folder in sorted(top.iterdir() if top.is_dir() else ()):
        if folder.name in (*excluded, ".ipynb_checkpoints") or not (folder / below).is_dir():
            continue
        fault = fault_of_id(folder.name)
        if fault:
            skipped.append(f"{one_line(folder.name, 60)}: left out, {fault}; rename it: mv -- {word(str(folder))} …")
        else:
            folders[folder.name] = folder / below
    for student in students:
        if student not in folders:
            raise UsageProblem(f"{student!r} handed in no {assignment}; {top} has {len(folders)} submissions of it")
    if not folders and not skipped:
        raise CourseError(f"no submission of {assignment} in {top}; run `nbgrader collect {assignment}` first")
    if students:
        return Collected({student: folders[student] for student in folders if student in students}, (), ())
    return Collected(folders, tuple(skipped), tuple(_alike(folders)))


def fault_of_id(name: str) -> str:
    """Why a folder's name cannot be a learner's id; empty if it can."""
    kinds = {unicodedata.category(sign) for sign in name}
    if "Cs" in kinds:
        return "its name is not UTF-8 text"
    if kinds & {"Cc", "Zl", "Zp"}:
        return "its name has line feeds or other control characters"
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
