"""Grade one submission: bytes in, an :class:`Outcome` out; no database, no course folder. What every worker runs."""

import os
import shutil
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

from autograde.grading.assignment import Assignment, ReleasedNotebook
from autograde.grading.execute import WarmExecute
from autograde.grading.kernels import kernel_name
from autograde.grading.reason import Reason
from autograde.grading.steps import CollectGrades, RestoreCells, check_metadata
from autograde.grading.submission import GradedNotebook, Outcome, Submission

PRODUCED = 100_000_000  # bytes of files that are kept of what a submission wrote


def grade(submission: Submission, assignment: Assignment, template: str = "") -> Outcome:
    """Grade one submission; whatever is wrong with it stands in the outcome, nothing is raised.

    Args:
        template: address of a running template; empty: one of this process.
    """
    started, cpu = time.monotonic(), time.thread_time()
    folder = Path(tempfile.mkdtemp(prefix="submission-")).resolve()
    run = _Run(submission, assignment, folder, template)
    try:
        outcome = run.grade()
    except Exception:  # a fault of ours must not cost the rest of the batch its grades
        fault = traceback.format_exc()
        last = fault.strip().splitlines()[-1]
        outcome = Outcome(
            submission.student,
            submission.assignment,
            "failed",
            reasons=(Reason("engine-fault", f"The grader itself failed: {last}", f"评分程序自身出错：{last}"),),
            mentions=(fault,),
        )
    finally:
        _remove(folder)
    return replace(
        outcome,
        timestamp=submission.timestamp,
        hash=submission.hash,
        seconds=time.monotonic() - started,
        cpu_seconds=time.thread_time() - cpu + run.kernel_seconds,
    )


class _Run:
    def __init__(self, submission: Submission, assignment: Assignment, folder: Path, template: str) -> None:
        self.submission = submission
        self.assignment = assignment
        self.folder = folder
        self.template = template
        self.config = Config({name: dict(values) for name, values in assignment.settings.items()})
        self.kernel_seconds = 0.0
        self.reasons: list[Reason] = [
            Reason("unreadable-file", f"The file {name} could not be read: {why}.", f"无法读取文件 {name}：{why}。")
            for name, why in sorted(submission.unreadable.items())
        ]

    def grade(self) -> Outcome:
        handed_in = {name: raw for name, raw in self.submission.notebooks() if name in self.assignment.notebooks}
        if not handed_in:
            names = " / ".join(f"{name}.ipynb" for name in self.assignment.notebooks)
            missing = Reason("no-notebook", f"The submission holds no {names}.", f"提交中没有 {names}。")
            return self._outcome("failed", (), [*self.reasons, missing])
        given = self._lay_out()
        notebooks, status = [], "failed" if self.reasons else "graded"
        for name, expected in self.assignment.notebooks.items():
            if name not in handed_in:
                notebooks.append(GradedNotebook(name, missing=True))
                continue
            graded, reasons, doubt = self._notebook(expected, handed_in[name])
            notebooks.append(graded)
            self.reasons += reasons
            if doubt:
                status = max(status, doubt, key=("graded", "repaired", "review", "failed").index)
        return self._outcome(status, tuple(notebooks), self.reasons, self._files(given))

    def _outcome(
        self,
        status: str,
        notebooks: tuple[GradedNotebook, ...],
        reasons: list[Reason],
        files: Mapping[str, bytes] | None = None,
    ) -> Outcome:
        ids = self.submission.student, self.submission.assignment
        return Outcome(*ids, status, notebooks, files or {}, tuple(reasons))

    def _lay_out(self) -> dict[str, bytes]:
        """Write the files that the cells find beside them: the learner's, and the course's over them."""
        files = {path: content for path, content in self.submission.files.items() if not path.endswith(".ipynb")}
        for path, content in self.assignment.files.items():
            if path not in self.assignment.keep or path not in files:
                files[path] = content
        for path, content in files.items():
            target = self.folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        return files

    def _notebook(self, expected: ReleasedNotebook, raw: bytes) -> tuple[GradedNotebook, list[Reason], str | None]:
        """Grade one notebook; with the reasons comes what they make of the submission's status."""
        file = f"{expected.name}.ipynb"
        try:
            nb = nbformat.reads(raw.decode("utf-8"), as_version=4)
        except Exception as error:  # nbformat lets through whatever a damaged file makes it raise
            why = str(error).splitlines()[0] if str(error) else type(error).__name__
            reason = Reason("unreadable-notebook", f"{file} is no notebook: {why}", f"{file} 不是有效的笔记本：{why}")
            return GradedNotebook(expected.name), [reason], "failed"
        resources = {
            "nbgrader": {
                "student": self.submission.student,
                "assignment": self.assignment.name,
                "notebook": expected.name,
                "db_url": "",
            },
            "metadata": {"path": str(self.folder)},
            "unique_key": expected.name,
        }
        for step in (ClearOutput(config=self.config), DeduplicateIds(config=self.config)):
            nb, resources = step(nb, resources)
        nb, resources = RestoreCells(expected, config=self.config)(nb, resources)
        try:
            check_metadata(nb)
        except Exception as error:
            why = str(error).splitlines()[0]
            reason = Reason(
                "metadata", f"{file}: its cells' metadata is damaged: {why}", f"{file}：单元元数据已损坏：{why}"
            )
            return GradedNotebook(expected.name), [reason], "failed"
        execute = WarmExecute(config=self.config, modules=list(self.assignment.modules), template=self.template)
        execute.state = "autograde"
        try:
            nb, resources = execute(nb, resources)
        except NoSuchKernel:
            name = execute.kernel_name or kernel_name(nb)
            reason = Reason(
                "no-kernel",
                f"{file} asks for the kernel {name!r}, which is not installed; see `jupyter kernelspec list`.",
                f"{file} 需要内核 {name!r}，但未安装；参见 `jupyter kernelspec list`。",
            )
            return GradedNotebook(expected.name), [reason], "failed"
        if execute.ended:
            self.kernel_seconds += execute.ended.cpu_seconds
        for after in (IgnorePattern, ClearMetadataPreprocessor, LimitOutput):
            nb, resources = after(config=self.config)(nb, resources)
        collect = CollectGrades(config=self.config)
        nb, resources = collect(nb, resources)
        content = nbformat.writes(nb).encode("utf-8", "surrogatepass")
        graded = GradedNotebook(expected.name, content, tuple(collect.scores), collect.comments)
        return graded, [*execute.reasons, *collect.faults], "review" if collect.faults else None

    def _files(self, given: Mapping[str, bytes]) -> dict[str, bytes]:
        """What lies in the folder now: what was given, as the cells left it, and what they made."""
        files: dict[str, bytes] = {}
        size = 0
        for here, _, names in os.walk(self.folder):
            for name in sorted(names):
                path = Path(here) / name
                relative = str(path.relative_to(self.folder))
                if path.is_symlink() or not path.is_file() or relative.endswith(".ipynb"):
                    continue
                try:
                    size += path.stat().st_size
                    if size <= PRODUCED or relative in given:
                        files[relative] = path.read_bytes()
                except OSError:  # made unreadable by the cells themselves; the given bytes stand in
                    if relative in given:
                        files[relative] = given[relative]
        return files


def _remove(folder: Path) -> None:
    """Remove a working folder, also where the cells took its rights away."""

    def again(function: object, path: str, error: object) -> None:
        os.chmod(os.path.dirname(path), 0o700)
        if os.path.isdir(path) and not os.path.islink(path):
            os.chmod(path, 0o700)
            shutil.rmtree(path, ignore_errors=True)
        elif os.path.lexists(path):
            os.unlink(path)

    shutil.rmtree(folder, onerror=again)
