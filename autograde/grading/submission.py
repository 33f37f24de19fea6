"""A submission and its grading outcome: plain data that travels between processes and machines."""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path

from autograde.exact import sha256_of_parts
from autograde.grading.intake.timestamp import text_of
from autograde.grading.kernels.made_files import LONGEST_PATH
from autograde.grading.reasons.reason import Reason
from autograde.grading.status import Status

LARGEST = 500_000_000  # bytes of all files of one submission
DEEPEST = 100  # levels of nested folders


@dataclass(frozen=True)
class Submission:
    """What a learner handed in.

    Attributes:
        student, assignment: nbgrader's ids.
        files: bytes by path, relative to the submission's folder; including ``timestamp.txt``.
        timestamp: text of ``timestamp.txt`` (:func:`~autograde.grading.intake.timestamp.text_of`),
            None without one.
        unreadable: files that could not be read, with the system's reason.
        executable: files that may be run.
    """

    student: str
    assignment: str
    files: Mapping[str, bytes]
    timestamp: str | None = None
    unreadable: Mapping[str, str] = field(default_factory=dict)
    executable: frozenset[str] = frozenset()

    @property
    def hash(self) -> str:
        """SHA-256 of names and contents, in hexadecimal; ``timestamp.txt`` left out."""
        files = [(name, content) for name, content in sorted(self.files.items()) if name != "timestamp.txt"]
        return sha256_of_parts(
            part for name, content in files for part in (name.encode("utf-8", "surrogateescape"), content)
        )

    def notebooks(self) -> Iterator[tuple[str, bytes]]:
        """(name, bytes) of each notebook at the top of the folder."""
        for path, content in sorted(self.files.items()):
            if path.endswith(".ipynb") and os.sep not in path:
                yield path.removesuffix(".ipynb"), content


def read_submission(folder: Path, student: str, assignment: str, ignore: Sequence[str] = ()) -> Submission:
    """Read a submission's folder; unreadable files are listed, not raised.

    Symbolic links are not followed: a file outside the folder is not the learner's.

    Args:
        folder: ``submitted/STUDENT/ASSIGNMENT``.
        ignore: patterns of names that the course ignores (nbgrader's ``CourseDirectory.ignore``).
    """
    files: dict[str, bytes] = {}
    executable: set[str] = set()
    unreadable: dict[str, str] = {}
    size = 0
    if (folder / "timestamp.txt").is_dir():
        unreadable["timestamp.txt"] = "not a plain file"
    for relative, path in _walk(folder, ignore, unreadable):
        if path.is_symlink() or not path.is_file():
            unreadable[relative] = "not a plain file"
            continue
        try:
            size += path.stat().st_size
            if size > LARGEST:
                unreadable[relative] = f"the submission is larger than {LARGEST // 1_000_000} MB"
                continue
            files[relative] = path.read_bytes()
            if os.access(path, os.X_OK):
                executable.add(relative)
        except OSError as error:
            unreadable[relative] = error.strerror or str(error)
    stamp = files.get("timestamp.txt")
    when = None if stamp is None else text_of(stamp)
    return Submission(student, assignment, files, when, unreadable, frozenset(executable))


def _walk(folder: Path, ignore: Sequence[str], unreadable: dict[str, str]) -> Iterator[tuple[str, Path]]:
    """(relative path, path) of everything that is not a folder, without recursion."""
    waiting = [""]
    while waiting:
        here = waiting.pop()
        try:
            names = sorted(os.listdir(folder / here))
        except OSError as error:
            unreadable[here or "."] = error.strerror or str(error)
            continue
        for name in names:
            relative, path = os.path.join(here, name), folder / here / name
            if any(_is_ignored(name, pattern) for pattern in ignore):
                continue
            if len(os.fsencode(relative)) > LONGEST_PATH or relative.count(os.sep) >= DEEPEST:
                unreadable[relative[:60] + "…"] = "its path is too long"
            elif not os.path.isdir(path):
                yield relative, path
            elif not os.path.islink(path):
                waiting.append(relative)


def _is_ignored(name: str, pattern: str) -> bool:
    """As nbgrader, which uses ``glob``: a star does not match the dot of a hidden file."""
    return fnmatchcase(name, pattern) and (not name.startswith(".") or pattern.startswith("."))


@dataclass(frozen=True)
class CellScore:
    """The score of a graded cell.

    Attributes:
        score: points; None if a person has to grade it.
    """

    grade_id: str
    score: float | None
    maximum: float


@dataclass(frozen=True)
class GradedNotebook:
    """One notebook of a submission after grading.

    Attributes:
        content: the graded notebook's bytes; None if there is none.
        scores: of the grade and task cells in it.
        comments: nbgrader's automatic comment by cell, or None.
        missing: whether the learner did not hand it in; then its cells score 0.
        review: whether a person has to check all of it before its grades count.
        unsure: grade_ids of the cells that a person has to check, if not all.
    """

    name: str
    content: bytes | None = None
    scores: tuple[CellScore, ...] = ()
    comments: Mapping[str, str | None] = field(default_factory=dict)
    missing: bool = False
    review: bool = False
    unsure: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """The outcome of grading a submission.

    Attributes:
        files: files for the graded folder besides the notebooks.
        seconds, cpu_seconds: time taken, including kernels.
        kernel_seconds: CPU time of the kernels alone.
        mentions: tracebacks of errors of the engine itself, for ``--debug``.
        isolation: how it was graded: as requested, or ``unconfined``; None if nothing ran.
        layers: the sandbox layers in force for all of the learner's processes; None if nothing ran.
        engine: version of the engine that graded on another machine; empty: that of this one.
    """

    student: str
    assignment: str
    status: Status
    notebooks: tuple[GradedNotebook, ...] = ()
    files: Mapping[str, bytes] = field(default_factory=dict)
    reasons: tuple[Reason, ...] = ()
    timestamp: str | None = None
    hash: str = ""
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    kernel_seconds: float = 0.0
    mentions: tuple[str, ...] = ()
    isolation: str | None = None
    layers: frozenset[str] | None = None
    engine: str = ""
