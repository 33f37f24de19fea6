"""Run ``nbgrader autograde``, as the course configures it, on a blank and a solved release.

It runs in its own course directory.
"""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbgrader.api import Gradebook

from autograde.authoring.chapter import Chapter
from autograde.authoring.regions import BEGIN_SOLUTION, END_SOLUTION
from autograde.errors import CourseError

UNANSWERED = "NotImplementedError"


@dataclass
class Graded:
    """One graded notebook: its points and the output of its cells.

    Attributes:
        score, max_score: points in nbgrader's gradebook.
        errors: (cell id, error text) for each cell that ended in an exception.
        noise: (cell id, text) for each cell that wrote to standard error.
    """

    score: float
    max_score: float
    errors: list[tuple[str, str]] = field(default_factory=list)
    noise: list[tuple[str, str]] = field(default_factory=list)


def copy_course(root: Path, target: Path) -> None:
    """Copy the files that define the course (settings and chapter texts) into an empty course directory.

    Raises:
        CourseError: nbgrader_config.py is missing or cannot be read.
    """
    target.mkdir(parents=True, exist_ok=True)
    for name in ("course.toml", "nbgrader_config.py"):
        try:
            shutil.copyfile(root / name, target / name)
        except OSError as error:
            raise CourseError(f"{name}: {error.strerror}; a course directory needs it") from error
    if (root / "course" / "texts").is_dir():
        shutil.copytree(root / "course" / "texts", target / "course" / "texts")
    shutil.copytree(root / "notebooks", target / "notebooks", ignore=shutil.ignore_patterns("__pycache__"))


def solved(released: Path, chapter: Chapter) -> nbformat.NotebookNode:
    """Return a released notebook with the chapter's own answers filled in."""
    notebook: nbformat.NotebookNode = nbformat.read(released, as_version=nbformat.NO_CONVERT)
    answers = {exercise.id: exercise.solution.source for exercise in chapter.exercises}
    for cell in notebook.cells:
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
        if grade_id in answers:
            lines = answers[grade_id].split("\n")
            cell.source = "\n".join(line for line in lines if BEGIN_SOLUTION not in line and END_SOLUTION not in line)
    return notebook


def grade_blank_and_solved(course: Path, chapter: Chapter, languages: tuple[str, ...]) -> dict[str, Graded]:
    """Grade the blank and the solved release of each language with ``nbgrader autograde``.

    Args:
        course: a built course directory (:func:`copy_course`, then ``course build``) that may be
            written to.
        chapter: the chapter to grade.
        languages: the editions.

    Returns:
        ``{"blank-en": …, "solved-en": …}`` with an entry for each kind and language.

    Raises:
        CourseError: nbgrader did not grade a notebook; the message says why.
    """
    learners = []
    for lang in languages:
        released = course / "release" / lang / chapter.name / f"{chapter.name}.ipynb"
        for kind, notebook in (
            ("blank", nbformat.read(released, as_version=nbformat.NO_CONVERT)),
            ("solved", solved(released, chapter)),
        ):
            folder = course / "gradebook" / "submitted" / f"{kind}-{lang}" / chapter.name
            folder.mkdir(parents=True, exist_ok=True)
            nbformat.write(notebook, folder / released.name)
            learners.append(f"{kind}-{lang}")
    run = subprocess.run(
        [sys.executable, "-m", "nbgrader", "autograde", chapter.name, "--create", "--force"],
        cwd=course,
        env={**os.environ, "COURSE_LANG": "en"},
        capture_output=True,
        text=True,
        check=False,
    )
    graded = {}
    with Gradebook(f"sqlite:///{course / 'gradebook' / 'gradebook.db'}") as gradebook:
        for learner in learners:
            made = course / "gradebook" / "autograded" / learner / chapter.name / f"{chapter.name}.ipynb"
            if not made.is_file():
                last = (run.stderr.strip().splitlines() or ["no output"])[-1]
                raise CourseError(f"nbgrader autograde {chapter.name} gave no grade to {learner}: {last}")
            submission = gradebook.find_submission(chapter.name, learner)
            graded[learner] = _read(made, submission.score, submission.max_score)
    return graded


def _read(path: Path, score: float, max_score: float) -> Graded:
    graded = Graded(score, max_score)
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        for output in cell.get("outputs", []):
            if output["output_type"] == "error":
                graded.errors.append((cell["id"], f"{output['ename']}: {output['evalue']}"))
            elif output.get("name") == "stderr":
                graded.noise.append((cell["id"], "".join(output["text"])))
    return graded
