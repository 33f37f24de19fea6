"""An up-to-date assignment for long-running programs: nbgrader, the formgrader."""

import json
from collections.abc import Iterator
from pathlib import Path

from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograde.grading.assignment import SECTIONS, Assignment, read_assignment
from autograde.grading.confine import confined
from autograde.grading.intake.ignored import files_below
from autograde.grading.reference_run import tried
from autograde.grading.sandbox.layers import required
from autograde.settings.course_folder import CourseFolder
from autograde.settings.places import COURSE_TOML

_ready: dict[tuple[str, str, str], tuple[str, Assignment]] = {}
"""By course, gradebook and name: the state it was read from, and the assignment."""


def current_assignment(coursedir: CourseDirectory, name: str, config: Config) -> Assignment:
    """Return an assignment as ``course grade`` would grade it now; read again if its inputs have
    changed.

    Raises:
        CourseError: it cannot be graded as the course requires.
    """
    key, now = (coursedir.root, coursedir.db_url, name), _state(coursedir, name, config)
    if key not in _ready or _ready[key][0] != now:
        settings = CourseFolder.of(Path(coursedir.root)).grading
        required(frozenset(settings.require))
        with Gradebook(coursedir.db_url, coursedir.course_id) as gradebook:
            read = read_assignment(name, gradebook, coursedir, config)
        _ready[key] = now, tried(confined(read, settings, settings.isolation))
    return _ready[key][1]


def _state(coursedir: CourseDirectory, name: str, config: Config) -> str:
    """A fingerprint of an assignment: times and sizes of the course's files, and the settings."""
    root = Path(coursedir.root)
    files = []
    for path in _files(coursedir, root, name):
        stat = path.stat() if path.exists() else path.lstat()
        files.append((str(path), stat.st_mtime_ns, stat.st_size))
    settings = {section: config[section] for section in (*SECTIONS, "Autograde") if section in config}
    return json.dumps([files, settings], sort_keys=True, default=str)


def _files(coursedir: CourseDirectory, root: Path, name: str) -> Iterator[Path]:
    yield from files_below(Path(coursedir.format_path(coursedir.source_directory, ".", name)), coursedir.ignore)
    yield from sorted(Path(coursedir.format_path(coursedir.release_directory, ".", name)).glob("*.ipynb"))
    yield from sorted(path for path in root.glob("release/*/*/*.ipynb") if path.parent.name == name)
    yield from (path for path in [root / COURSE_TOML] if path.is_file())
