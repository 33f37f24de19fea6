"""A course graded by ``course grade`` and by ``nbgrader autograde`` with the engine's settings, side by side."""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import foreign_course

from autograde.grading.batch import grade_batch
from autograde.settings.course_folder import CourseFolder

ENGINE = """
c.Autograde.exporter_class = "autograde.nbgrader_ext.engine.RepairingExporter"
c.Autograde.autograde_preprocessors = [
    "autograde.nbgrader_ext.engine.EngineExecute", "nbgrader.preprocessors.IgnorePattern",
    "nbconvert.preprocessors.ClearMetadataPreprocessor", "nbgrader.preprocessors.LimitOutput",
    "autograde.nbgrader_ext.engine.SaveVerdicts", "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata"]
"""
VARIES = ("id", "graded_at", "seconds", "cpu_seconds")


@dataclass
class BothWays:
    """What came of it, by way: ``course`` and ``nbgrader``.

    Attributes:
        roots: the course directories.
        rows: the last row of the log of each learner, without what differs between two runs.
        gradebooks: :func:`foreign_course.rows`.
        said: what nbgrader said.
    """

    roots: dict[str, Path]
    rows: dict[str, dict[str, dict[str, Any]]]
    gradebooks: dict[str, dict[str, list[str]]]
    said: str

    def of(self, way: str, student: str) -> dict[str, list[Any]]:
        """What a gradebook has of a learner."""
        found = {
            kind: [row for row in map(json.loads, rows) if row[0] == student]
            for kind, rows in self.gradebooks[way].items()
        }
        return {kind: rows for kind, rows in found.items() if rows}


def grade_both_ways(root: Path, isolation: str, assignment: str = "ps1", *words: str) -> BothWays:
    """Grade what was handed in in `root`, each way in a copy of it beside it.

    Args:
        words: more for ``nbgrader autograde``.
    """
    roots = {
        way: shutil.copytree(root, root.with_name(f"{root.name}-{way}"), symlinks=True)
        for way in ("course", "nbgrader")
    }
    is_ours = "nbgrader_ext.engine" in (root / "nbgrader_config.py").read_text(encoding="utf-8")
    for folder in roots.values():
        settings, config = folder / "course.toml", folder / "nbgrader_config.py"
        if settings.is_file() and "[grading]" in settings.read_text(encoding="utf-8"):
            raise ValueError("the course has settings of its own")
        with settings.open("a", encoding="utf-8") as file:
            file.write(f'\n[grading]\nisolation = "{isolation}"\n')
        text = config.read_text(encoding="utf-8") + ("" if is_ours else ENGINE)
        config.write_text(f"{text}\nc.CourseDirectory.root = {str(folder)!r}\n", encoding="utf-8")
    grade_batch(CourseFolder.of(roots["course"]), assignment, jobs=2)
    run = foreign_course.nbgrader(roots["nbgrader"], "autograde", assignment, *words, check=False)
    return BothWays(
        roots,
        {way: rows_of(folder) for way, folder in roots.items()},
        {way: foreign_course.rows(database_of(folder)) for way, folder in roots.items()},
        run.stdout + run.stderr,
    )


def database_of(root: Path) -> Path:
    """The gradebook of a course of ours or of anybody's."""
    return next(path for path in (root / "gradebook" / "gradebook.db", root / "gradebook.db") if path.is_file())


def rows_of(root: Path) -> dict[str, dict[str, Any]]:
    """The last row of the grading log of each learner, without what differs between two runs."""
    log = root / "gradebook" / "grading-log.jsonl"
    lines = log.read_text(encoding="utf-8").splitlines() if log.is_file() else []
    rows = {row["student"]: row for row in map(json.loads, lines)}
    return {student: {key: row[key] for key in row if key not in VARIES} for student, row in rows.items()}
