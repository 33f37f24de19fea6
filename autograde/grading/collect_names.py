"""Whose work is a file that came back through a learning platform? ``nbgrader zip_collect``'s collector for this course::

    c.ZipCollectApp.collector_plugin = "autograde.grading.collect_names.LmsCollector"

A name is ``LEARNER_ch02.ipynb`` or ``LEARNER_20300131T235900_ch02.ipynb``; what follows the chapter is ignored. Canvas,
Moodle and Blackboard put words of their own in front, and the learner's id is known by their names where the file says
none. A name that could mean two learners is never guessed: the file is left where it is, and the log says so.
"""

import re
from collections.abc import Collection
from datetime import datetime
from pathlib import Path, PurePath
from typing import Any

from nbgrader.plugins.zipcollect import FileNameCollectorPlugin

TIME = re.compile(r"\d{8}T\d{6}|\d{4}(?:-\d{2}){5}")
MOODLE = re.compile(r"(?P<learner>[^_]+)_\d+_assignsubmission_file(?:_|$)")
"""``Ada Lovelace_1234_assignsubmission_file_``, in front of a file's name or the name of its folder."""
PLATFORMS = (
    MOODLE,
    # Canvas: lovelaceada_LATE_1234_5678_…
    re.compile(r"(?P<learner>[^_]+)_(?:LATE_)?\d+_\d+(?:_|$)"),
    # Blackboard: Chapter 2_ada_attempt_2030-01-31-23-59-00_…
    re.compile(r"(?:.+_)?(?P<learner>[^_]+)_attempt_(?P<time>\d{4}(?:-\d{2}){5})(?:_|$)"),
)
"""What platforms put in front of the name under which a learner uploaded a file."""


def read_name(path: PurePath, notebooks: Collection[str]) -> dict[str, str] | None:
    """Return ``student_id``, ``file_id`` and, where the name tells it, ``timestamp`` (UTC) of a file; None if unclear.

    Args:
        path: of a notebook; the folder that it lies in may carry Moodle's words.
        notebooks: the assignment's, without ``.ipynb``.
    """
    names = "|".join(map(re.escape, notebooks))  # also "Copy of ch02", as Colab calls it
    meant = re.compile(rf"(?:.*[^A-Za-z0-9])?({names})(?![A-Za-z0-9]).*", re.DOTALL)
    words = path.name.removesuffix(".ipynb").split("_")
    places = [(place, match[1]) for place, word in enumerate(words) if (match := meant.fullmatch(word))]
    if not places:
        return None
    place, notebook = places[-1]
    before, times = "_".join(words[:place]), []
    match = next((match for match in (one.match(before) for one in PLATFORMS) if match), None)
    if match:
        times += [time for time in (match.groupdict().get("time"),) if time]
        before = before[match.end() :]
    match = match or MOODLE.match(path.parent.name)
    own = [word for word in before.split("_") if word.strip()]
    while own and own[-1] in notebooks:  # ada_ch02_ch02.ipynb
        own.pop()
    if own and TIME.fullmatch(own[-1]):
        times.append(own.pop())
    if len(own) > 1 or not (own or match):
        return None
    student = own[0].strip() if own else re.sub(r"[^\w.]+", "-", match["learner"]).strip("-.")  # type: ignore[index]
    if not re.fullmatch(r"[^\W_][^/\\\x00-\x1f\x7f]*", student):
        return None
    found = {"student_id": student, "file_id": notebook}
    try:
        return {**found, "timestamp": _utc(times[-1])} if times else found
    except ValueError:  # digits that are no time
        return None


def _utc(text: str) -> str:
    return f"{datetime.strptime(re.sub('[^0-9]', '', text), '%Y%m%d%H%M%S')} UTC"


class LmsCollector(FileNameCollectorPlugin):  # type: ignore[misc]  # nbgrader has no types
    """Tells ``nbgrader zip_collect`` whose work a file is; see :func:`read_name`."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._seen: dict[tuple[str, str], tuple[Path, bool]] = {}

    def collect(self, submitted_file: str) -> dict[str, str] | None:
        """Return what nbgrader wants to know of a file, None for one to skip. See ``FileNameCollectorPlugin``."""
        path = Path(submitted_file)
        if path.suffix not in self.valid_ext or "__MACOSX" in path.parts or path.name.startswith("."):
            return None
        folders = self.parent.coursedir
        released = Path(folders.format_path(folders.release_directory, ".", folders.assignment_id))
        notebooks = sorted(one.stem for one in released.glob("*.ipynb"))
        found = read_name(path, notebooks) if notebooks else None
        if found is None:
            self.log.warning(
                "%s: not collected, its name does not tell whose work it is; rename it to LEARNER_%s.ipynb and repeat",
                path.name, folders.assignment_id,
            )  # fmt: skip
            return None
        who, timed = (found["student_id"], found["file_id"]), "timestamp" in found
        other, also = self._seen.setdefault(who, (path, timed))
        if other != path and not (timed and also):
            self.parent.fail(
                f"{who[0]} has two files, {other.name} and {path.name}, and not both say when: delete the older one, "
                f"or name them {who[0]}_20300131T235900_{who[1]}.ipynb, and repeat with --force"
            )
        return found
