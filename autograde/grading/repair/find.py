"""Finds the release that a learner's file is a copy of, in any nbgrader course directory."""

from pathlib import Path

from autograde.errors import UsageProblem
from autograde.grading.repair.repair import recognise, repair
from autograde.settings.places import find_above

_ASK = "name the chapter as you got it with --release FILE"


def find_releases(notebook: Path, raw: bytes, start: Path) -> list[bytes]:
    """Return the released editions of a notebook, found by its name, its folder's name or its
    content.

    Looks in ``release/`` at or above `start` and the notebook: ``release/CH/CH.ipynb`` as nbgrader
    has it, or with a folder for each language in between.

    Args:
        notebook: the learner's file.
        raw: its bytes.
        start: the folder in which the command runs.

    Raises:
        UsageProblem: no release is found or none fits; the message says to name one.
    """
    folder = _release_folder(start, notebook)
    if folder is None:
        raise UsageProblem(f"no folder release/ at or above {start}; run it in the course's folder or {_ASK}")
    editions: dict[str, list[Path]] = {}
    for path in sorted([*folder.glob("*/*.ipynb"), *folder.glob("*/*/*.ipynb")]):
        editions.setdefault(f"{path.parent.name}/{path.stem}", []).append(path)
    for name in (f"{notebook.parent.name}/{notebook.stem}", f"{notebook.stem}/{notebook.stem}"):
        if name in editions:
            return [path.read_bytes() for path in editions[name]]
    releases = {name: [path.read_bytes() for path in paths] for name, paths in editions.items()}
    assignment = recognise(raw, releases)
    if assignment is None:
        for released in releases.values():
            if not repair(raw, released).readable:  # not a chapter; repair says why
                return released
        raise UsageProblem(f"nothing in {folder} is the release of {notebook.name}; {_ASK}")
    return releases[assignment]


def _release_folder(*starts: Path) -> Path | None:
    above = (find_above(start, "release") for start in starts)
    return next((folder / "release" for folder in above if folder and (folder / "release").is_dir()), None)
