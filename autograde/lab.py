"""JupyterLab on a learner's own copy of the released chapters."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from autograde.course_folder import CourseFolder
from autograde.errors import CourseError


def open_lab(course: CourseFolder, lang: str, browser: bool = True) -> None:
    """Start JupyterLab in ``work/LANG`` and wait until it ends.

    Raises:
        CourseError: there is no release in that language, or JupyterLab ended with an error.
    """
    folder = copy_chapters(course, lang)
    words = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={folder}"]
    words += [] if browser else ["--no-browser"]
    words += ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []  # containers, CI
    try:
        status = subprocess.run(words, check=False).returncode
    except KeyboardInterrupt:
        return
    if status:
        raise CourseError(f"JupyterLab ended with status {status}; its last lines say why")


def copy_chapters(course: CourseFolder, lang: str) -> Path:
    """Copy the released chapters that are not yet in ``work/LANG`` there; return that folder."""
    release = course.root / "release" / lang
    chapters = sorted(release.glob("*/*.ipynb"))
    if not chapters:
        raise CourseError(f"no released chapter in {release}; run `course build`")
    target = course.root / "work" / lang
    for chapter in chapters:
        mine = target / chapter.relative_to(release)
        if not mine.exists():
            mine.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(chapter, mine)
    return target
