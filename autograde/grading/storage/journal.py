"""Outcomes on their way into the course directory: written first, applied then, so that no crash loses or doubles one.

Each outcome lies in a folder of its own below ``gradebook/grading/``: ``record.json``, and the graded notebooks as they
will lie in ``autograded/``. Once ``record.json`` is there, the outcome counts: applying it can be done again and again
with the same result, and the next run begins with what the last one left behind.
"""

import json
import shutil
from contextlib import AbstractContextManager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from autograde.grading.assignment import Assignment
from autograde.grading.intake.timestamp import iso
from autograde.grading.sandbox import LAYERS
from autograde.grading.storage.gradebook_writer import GradebookWriter, Points, Refused
from autograde.grading.storage.grading_log import GradingLog, append_row, log_path, read_grading_log
from autograde.grading.submission import CellScore, GradedNotebook, Outcome
from autograde.lock import locked
from autograde.version import NAME, engine_version

RECORD = "record.json"


class Journal:
    """The way of outcomes into one course directory.

    Args:
        root: the course directory; its ``gradebook/`` is made if missing.
        writer: the gradebook.
        place: function (assignment, student) → folder of the graded submission.
        mode: rights of the graded files, as nbgrader sets them.
    """

    def __init__(self, root: Path, writer: GradebookWriter, place: Any, mode: int = 0o444) -> None:
        self._log = log_path(root)
        self._stages = self._log.parent / "grading"
        self._stages.mkdir(parents=True, exist_ok=True)
        self._writer = writer
        self._place = place
        self._mode = mode

    def take(self, outcome: Outcome, assignment: Assignment) -> dict[str, Any]:
        """Write one outcome into the course directory; return its row of the log."""
        stage = self._stages / uuid4().hex
        graded = stage / "graded"
        graded.mkdir(parents=True)
        files = dict(outcome.files)
        files |= {f"{one.name}.ipynb": one.content for one in outcome.notebooks if one.content is not None}
        for path, content in files.items():
            target = graded / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
            target.chmod(self._mode)
        record = {
            "id": stage.name,
            "student": outcome.student,
            "assignment": outcome.assignment,
            "timestamp": outcome.timestamp,
            "notebooks": [
                {**asdict(one), "content": None, "graded": one.content is not None} for one in outcome.notebooks
            ],
            "row": row_of(outcome, assignment),
        }
        beside = stage / f"{RECORD}.new"
        beside.write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")
        beside.replace(stage / RECORD)
        return self._apply(stage, record)

    def read_log(self) -> GradingLog:
        return read_grading_log(self._log)

    def recover(self) -> tuple[int, list[str]]:
        """Finish what an interrupted run left behind; return how many outcomes that were, and what was refused.

        What was graded again since, by nbgrader's own command or the formgrader's button, stays as it is.
        """
        found, refused = 0, []
        stages = sorted(self._stages.iterdir())
        gradings = self.read_log().gradings if stages else ()
        newest = {(grading.student, grading.assignment): grading.graded_at for grading in gradings}
        logged = {grading.row.get("id") for grading in gradings}
        for stage in stages:
            if not stage.is_dir():
                continue
            if not (stage / RECORD).is_file():
                shutil.rmtree(stage)
                continue
            record = json.loads((stage / RECORD).read_text(encoding="utf-8"))
            if newest.get((record["student"], record["assignment"]), "") > record["row"]["graded_at"]:
                shutil.rmtree(stage)
                continue
            try:
                self._apply(stage, record, is_logged=record["id"] in logged)
                found += 1
            except Refused as refusal:
                refused.append(str(refusal))
        return found, refused

    def _apply(self, stage: Path, record: dict[str, Any], is_logged: bool = False) -> dict[str, Any]:
        notebooks = [
            GradedNotebook(
                one["name"],
                b"" if one["graded"] else None,
                tuple(CellScore(**score) for score in one["scores"]),
                one["comments"],
                one["missing"],
                one["review"],
                tuple(one.get("unsure", ())),
            )
            for one in record["notebooks"]
        ]
        try:
            points = self._writer.write(record["student"], record["assignment"], record["timestamp"], notebooks)
        except Refused:
            shutil.rmtree(stage)  # to try again would be refused again; the submission itself stays due
            raise
        target = self._place(record["assignment"], record["student"])
        if (stage / "graded").is_dir():
            target.parent.mkdir(parents=True, exist_ok=True)
            if target.exists():
                target.rename(stage / "before")
            (stage / "graded").rename(target)
        row = {"id": record["id"], **record["row"], **asdict(points)}
        if not is_logged:
            append_row(self._log, row)
        (stage / RECORD).unlink()
        shutil.rmtree(stage)
        return row


def append_outcome(root: Path, outcome: Outcome, assignment: Assignment, points: Points) -> None:
    """Append the row of an outcome that is in the gradebook of the course directory `root` already."""
    append_row(log_path(root), {"id": uuid4().hex, **row_of(outcome, assignment), **asdict(points)})


def row_of(outcome: Outcome, assignment: Assignment) -> dict[str, Any]:
    """The row of the log, but for its id and the gradebook's points."""
    cells = [
        {
            "name": one.name,
            "score": sum(cell.score or 0.0 for cell in one.scores),
            "maximum": sum(cell.max_score for cell in assignment.notebooks[one.name].grade_cells),
            "cells": [asdict(cell) for cell in one.scores],
        }
        for one in outcome.notebooks
    ]
    return {
        "assignment": outcome.assignment,
        "student": outcome.student,
        "status": outcome.status,
        "reasons": [reason.as_json() for reason in outcome.reasons],
        "submitted_at": iso(outcome.timestamp),
        "graded_at": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "seconds": round(outcome.seconds, 3),
        "cpu_seconds": round(outcome.cpu_seconds, 3),
        "isolation": outcome.isolation or assignment.isolation,
        "layers": None if outcome.layers is None else [name for name in LAYERS if name in outcome.layers],
        "engine": f"{NAME} {outcome.engine or engine_version()}",
        "hashes": {"submission": outcome.hash, **assignment.hashes},
        "notebooks": cells,
    }


def only_one(root: Path) -> AbstractContextManager[None]:
    """The lock of all gradings of a course directory.

    Raises:
        CourseError: another process holds it.
    """
    busy = "another `course grade` works on this gradebook; wait for it, or stop it"
    return locked(root / "gradebook" / "grading.lock", busy)
