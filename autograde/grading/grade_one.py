"""Grade one submission: bytes in, an :class:`Outcome` out; no database, no course folder. What every worker runs."""

import tempfile
import time
import traceback
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import nbformat
from jupyter_client.kernelspec import NoSuchKernel
from nbconvert.preprocessors import ClearMetadataPreprocessor
from nbgrader.preprocessors import ClearOutput, DeduplicateIds, IgnorePattern, LimitOutput
from traitlets.config import Config

from autograde.errors import CourseError
from autograde.grading.assignment import Assignment, ReleasedNotebook
from autograde.grading.beside import (
    emptied,
    examiners_files,
    learners_files,
    notebook_as_seen,
    remove,
    sources_by_name,
    write_files,
)
from autograde.grading.bounds import too_large
from autograde.grading.examined import ExaminedExecute
from autograde.grading.execute import WarmExecute
from autograde.grading.faults import (
    damaged_metadata,
    engine_fault,
    template_failed,
    unreadable_file,
    unreadable_notebook,
)
from autograde.grading.feedback_record import checks_of, secret_of, write_record
from autograde.grading.kernel_messages import shorten
from autograde.grading.kernels import kernel_name
from autograde.grading.losses import cells_missing, notebook_missing
from autograde.grading.made_files import fitting
from autograde.grading.notebook_bytes import notebook_bytes
from autograde.grading.reason import Reason
from autograde.grading.repair import repair
from autograde.grading.review import review_of
from autograde.grading.settings import EXAMINER, UNCONFINED
from autograde.grading.steps import CollectGrades, RestoreCells, check_metadata
from autograde.grading.submission import STATUSES, GradedNotebook, Outcome, Submission
from autograde.grading.timestamp import read_time
from autograde.grading.warm import TemplateFailed
from autograde.grading.which_file import handed_in


def grade(submission: Submission, assignment: Assignment, template: str = "") -> Outcome:
    """Grade one submission; whatever is wrong with it stands in the outcome, nothing is raised.

    Args:
        template: address of a running template; empty: one of this process.
    """
    started, cpu = time.monotonic(), time.thread_time()
    folder, apart = (Path(tempfile.mkdtemp(prefix=prefix)).resolve() for prefix in ("submission-", "course-"))
    run = _Run(submission, assignment, folder, apart, template)
    try:
        outcome = run.grade()
    except TemplateFailed as error:
        outcome = Outcome(submission.student, submission.assignment, "failed", reasons=(template_failed(error.why),))
    except CourseError as error:  # a process that could not be confined, say
        reason = Reason(
            "not-run",
            f"Nothing was run: {error}.",
            "未运行任何单元：评分所用的机器未能按课程要求隔离此提交，请联系教师。",
        )
        outcome = Outcome(submission.student, submission.assignment, "failed", reasons=(reason,))
    except Exception:  # a fault of ours must not cost the rest of the batch its grades
        fault = traceback.format_exc()
        last = fault.strip().splitlines()[-1]
        outcome = Outcome(
            submission.student,
            submission.assignment,
            "failed",
            reasons=(engine_fault(last),),
            mentions=(fault,),
        )
    finally:
        remove(folder)
        remove(apart)
    return replace(
        outcome,
        timestamp=submission.timestamp,
        hash=submission.hash,
        seconds=time.monotonic() - started,
        cpu_seconds=time.thread_time() - cpu + run.kernel_seconds,
        kernel_seconds=run.kernel_seconds,
    )


class _Run:
    """One submission's grading.

    Attributes:
        folder: where the learner's cells run.
        apart: where the tests run, if an examiner runs them.
    """

    def __init__(
        self, submission: Submission, assignment: Assignment, folder: Path, apart: Path, template: str
    ) -> None:
        self.submission = submission
        self.assignment = assignment
        self.folder, self.apart = folder, apart
        self.template = template
        self.config = Config({name: dict(values) for name, values in assignment.settings.items()})
        self.kernel_seconds = 0.0
        self.isolation: str | None = None
        self.layers: frozenset[str] | None = None
        self.notes: list[Reason] = []
        self.given: dict[str, bytes] = {}
        self.made: dict[str, bytes] = {}
        self.seen: dict[str, bytes] = {}
        self.reasons: list[Reason] = [unreadable_file(name, why) for name, why in sorted(submission.unreadable.items())]
        self.undated = "timestamp.txt" in submission.unreadable
        if submission.timestamp is not None and read_time(submission.timestamp) is None:
            self.undated = True
            self.reasons.append(_no_time(submission.timestamp))

    def grade(self) -> Outcome:
        there = self._handed_in()
        if not there:
            names = " / ".join(f"{name}.ipynb" for name in self.assignment.notebooks)
            missing = Reason("no-notebook", f"The submission holds no {names}.", f"提交中没有 {names}。")
            return self._outcome("review", (), [*self.reasons, missing])
        self.given = self._lay_out()
        too_much = too_large(self.given, (self.assignment.confine or {}).get("limits", {}))
        if too_much:
            return self._outcome("review", (), [*self.notes, *self.reasons, too_much])
        notebooks, status = [], "review" if self.reasons else "graded"
        for name, expected in sorted(
            self.assignment.notebooks.items()
        ):  # as nbgrader has it: later ones see earlier ones
            if name not in there:
                notebooks.append(GradedNotebook(name, missing=True))
                self.notes.append(notebook_missing(name))
                continue
            graded, reasons, found = self._notebook(expected, there[name])
            notebooks.append(graded)
            self.reasons += reasons
            status = max(status, found, key=STATUSES.index)
        files = fitting({**self.given, **self.made}, self.assignment.notebooks)
        if self.undated:  # whoever says whether it was late finds it in the formgrader
            notebooks = [replace(one, review=not one.missing) for one in notebooks]
        return self._outcome(status, tuple(notebooks), [*self.notes, *self.reasons], files)

    def _handed_in(self) -> dict[str, bytes]:
        """The assignment's notebooks in the submission."""
        releases = {name: one.releases for name, one in self.assignment.notebooks.items()}
        found = handed_in(dict(self.submission.notebooks()), releases)
        self.notes += found.notes
        self.reasons += found.review
        return found.notebooks

    def _outcome(
        self,
        status: str,
        notebooks: tuple[GradedNotebook, ...],
        reasons: list[Reason],
        files: Mapping[str, bytes] | None = None,
    ) -> Outcome:
        ids = self.submission.student, self.submission.assignment
        return Outcome(
            *ids,
            status,
            notebooks,
            files or {},
            tuple(reasons),
            isolation=self.isolation,
            layers=self.layers,
        )

    def _lay_out(self) -> dict[str, bytes]:
        """Write the files that the cells find beside them, and those that the examiner does; return the former."""
        files, said = learners_files(self.submission.files, self.assignment)
        self.notes += said
        self._write(files)
        if self.assignment.isolation == EXAMINER:
            write_files(self.apart, examiners_files(self.assignment), self.assignment.executable)
        return files

    def _lay_out_again(self) -> None:
        """Make the folder what it was before the cells of this notebook wrote to it."""
        emptied(self.folder)
        self._write({**self.given, **self.made, **self.seen})

    def _write(self, files: Mapping[str, bytes]) -> None:
        """Write files beside the learner's cells."""
        write_files(self.folder, files, {*self.submission.executable, *self.assignment.executable})

    def _notebook(self, expected: ReleasedNotebook, raw: bytes) -> tuple[GradedNotebook, list[Reason], str]:
        """Grade one notebook; with it come reasons and the status that they make of the submission."""
        file = f"{expected.name}.ipynb"
        if expected.releases:
            repaired = repair(raw, expected.releases)
            nb, found, doubts = repaired.notebook, [*repaired.repairs, *repaired.review], [*repaired.review]
            if not repaired.readable:
                return GradedNotebook(expected.name), found, "review"
            status = "review" if repaired.review else "repaired" if repaired.repairs else "graded"
            renewed = [*repaired.notes]
        else:  # a course whose releases are not kept
            status, found, doubts, renewed = "graded", [], [], []
            try:
                nb = nbformat.reads(raw.decode("utf-8"), as_version=4)
            except Exception as error:  # nbformat lets through whatever a damaged file makes it raise
                why = str(error).splitlines()[0] if str(error) else type(error).__name__
                return GradedNotebook(expected.name), [unreadable_notebook(file, why)], "review"
        ids = {"student": self.submission.student, "assignment": self.assignment.name, "notebook": expected.name}
        resources = {
            "nbgrader": {**ids, "db_url": ""},
            "metadata": {"path": str(self.folder)},
            "unique_key": expected.name,
        }
        for step in (ClearOutput(config=self.config), DeduplicateIds(config=self.config)):
            nb, resources = step(nb, resources)
        before = sources_by_name(nb)
        nb, resources = RestoreCells(expected, config=self.config)(nb, resources)
        try:
            check_metadata(nb)
        except Exception as error:
            why = str(error).splitlines()[0]
            return GradedNotebook(expected.name), [*found, damaged_metadata(file, why)], "review"
        self.seen[file] = notebook_as_seen(nb, before, expected)
        self._write({file: self.seen[file]})
        execute = self._execution(expected)
        try:
            nb, resources = execute(nb, resources)
        except NoSuchKernel:
            name = execute.kernel_name or kernel_name(nb)
            reason = Reason(
                "no-kernel",
                f"{file} asks for the kernel {name!r}, which is not installed; see `jupyter kernelspec list`.",
                f"{file} 需要内核 {name!r}，但未安装；参见 `jupyter kernelspec list`。",
            )
            return GradedNotebook(expected.name), [*found, reason], "failed"
        if not execute.confined and self.assignment.confine is not None:
            self.isolation = UNCONFINED
        elif self.isolation is None:
            self.isolation = self.assignment.isolation
        self.layers = execute.layers if self.layers is None else self.layers & execute.layers
        carried = bool(self.made)
        self.made |= execute.files
        self._write(execute.files)
        self.kernel_seconds += execute.other_seconds + (execute.ended.cpu_seconds if execute.ended else 0.0)
        for after in (IgnorePattern, ClearMetadataPreprocessor, LimitOutput):
            nb, resources = after(config=self.config)(nb, resources)
        shorten(nb.cells)
        verdicts = getattr(execute, "verdicts", {})
        collect = CollectGrades(verdicts, config=self.config)
        nb, resources = collect(nb, resources)
        faults = [*getattr(execute, "faults", []), *collect.faults]
        there = {score.grade_id for score in collect.scores}
        gone = [cell.name for cell in expected.grade_cells if cell.name not in there]
        if gone:
            found = [*found, cells_missing(file, gone)]
        status = "review" if faults else status
        said = [*self.notes, *self.reasons, *found, *execute.reasons, *faults]
        secret = secret_of((cell.name, cell.source) for cell in expected.source_cells)
        write_record(nb, self.isolation, status, said, checks_of(verdicts, expected.plan), secret, carried)
        content = notebook_bytes(nb)
        scores = tuple(collect.scores)
        review = review_of(nb, [*doubts, *faults])
        graded = GradedNotebook(
            expected.name,
            content,
            scores,
            {**collect.comments, **review.comments},
            review=review.cells is None,
            unsure=tuple(sorted(review.cells or ())),
        )
        return graded, [*renewed, *found, *execute.reasons, *faults], status

    def _execution(self, expected: ReleasedNotebook) -> WarmExecute:
        """The step that runs the cells."""
        kind, more = WarmExecute, {}
        if self.assignment.isolation == EXAMINER:
            kind, more = ExaminedExecute, {"plan": expected.plan, "beside": str(self.apart)}
        return kind(
            config=self.config,
            modules=list(self.assignment.modules),
            variables=list(self.assignment.variables),
            template=self.template,
            start_seconds=self.assignment.start_seconds,
            state="autograde",
            allow_unconfined=self.assignment.allow_unconfined,
            confine=dict(self.assignment.confine) if self.assignment.confine is not None else None,
            notebook_timeout=self.assignment.notebook_seconds,
            own_code=expected.own_code,
            fresh_folder=self._lay_out_again,
            **more,
        )


def _no_time(text: str) -> Reason:
    """Why a person has to say whether a submission was late."""
    shown = text[:40] + "…" if len(text) > 40 else text
    return Reason(
        "unreadable-timestamp",
        f"When this was handed in cannot be read from timestamp.txt (“{shown}”); a person has to say whether it was late.",
        f"无法从 timestamp.txt 读出提交时间（“{shown}”）；是否迟交需人工判定。",
    )
