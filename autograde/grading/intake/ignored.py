"""Which files of a folder count: those that nbgrader's ``CourseDirectory.ignore`` does not exclude.

nbgrader itself asks the file system once per file and pattern, which takes minutes for 10,000
files.
"""

import glob
import os
from collections.abc import Iterable
from pathlib import Path


def files_below(folder: Path, ignore: Iterable[str] = ()) -> list[Path]:
    """Return the files below a folder, sorted; symbolic links to folders are not followed.

    Args:
        ignore: glob patterns for names of files and folders to leave out.
    """
    patterns = tuple(ignore)
    paths = []
    if str(folder) in _ignored(folder.parent, patterns):
        return []
    for here, folders, names in os.walk(folder):
        left_out = _ignored(Path(here), patterns)
        folders[:] = [name for name in folders if os.path.join(here, name) not in left_out]
        paths += [Path(here, name) for name in names if os.path.join(here, name) not in left_out]
    return sorted(paths)


def _ignored(folder: Path, patterns: tuple[str, ...]) -> set[str]:
    """The paths directly in a folder that match a pattern."""
    return {path for pattern in patterns for path in glob.glob(os.path.join(glob.escape(str(folder)), pattern))}
