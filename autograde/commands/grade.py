"""``course grade``: grade all collected submissions of an assignment."""

import json
from collections import Counter
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from autograde.commands import AssignmentName, command, err, next_step, out
from autograde.files import replace_files
from autograde.grading.status import Status
from autograde.settings.grading import EXAMINER, SHARED
from autograde.shown import one_line, word

if TYPE_CHECKING:
    from autograde.grading.assignment import Assignment

COLOURS = {Status.GRADED: "green", Status.REPAIRED: "yellow", Status.REVIEW: "magenta", Status.FAILED: "red"}


class Isolation(StrEnum):
    """The process in which tests run: one of their own, or the learner's."""

    examiner = EXAMINER
    shared = SHARED


@command(
    "course grade ch02", "course grade ch02 --student ada --force", "course grade ps1 --course-dir ~/foreign --jobs 4"
)
def grade(
    assignment: AssignmentName,
    course_dir: Annotated[
        Path | None,
        typer.Option("--course-dir", metavar="DIR", help="Any nbgrader course directory; by default this one."),
    ] = None,
    jobs: Annotated[int, typer.Option(min=0, metavar="N", help="Worker processes; 0: one per processor.")] = 0,
    student: Annotated[list[str] | None, typer.Option(metavar="ID", help="Only this learner; may be repeated.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Grade again what is already graded.")] = False,
    scheduler: Annotated[
        str, typer.Option(metavar="ADDRESS", help="A Dask scheduler, tcp://HOST:8786; by default this machine.")
    ] = "",
    isolation: Annotated[
        Isolation | None,
        typer.Option(
            help="Run tests in a process of their own, or in the learner's as nbgrader does; by default as in course.toml."
        ),
    ] = None,
    allow_unconfined: Annotated[
        bool,
        typer.Option(
            "--allow-unconfined",
            help="With --isolation shared: run kernels of other languages outside the sandbox, with your permissions.",
        ),
    ] = False,
    verbose: Annotated[bool, typer.Option("--verbose", help="List the layers of the sandbox.")] = False,
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Write the records of all submissions as a JSON list.")
    ] = None,
) -> None:
    """Grade all collected submissions of an assignment; exit 1 if one failed or needs review.

    Submissions already graded and not handed in again are skipped, so a stopped run resumes where
    it was.
    """
    if not scheduler:
        from autograde.grading.pool import begin_imports

        begin_imports()
    from autograde.grading.batch import grade_batch
    from autograde.grading.confine import unconfinable
    from autograde.grading.plan.beyond import asking_beyond
    from autograde.grading.sandbox import describe, layers, summary
    from autograde.settings.course_folder import CourseFolder
    from autograde.settings.places import any_course_root

    course = CourseFolder.of(course_dir or any_course_root(Path.cwd()))
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err, disable=not err.is_terminal, transient=True) as bar:
        task = bar.add_task(assignment, total=None)

        def step(done: int, total: int, row: dict[str, Any] | None) -> None:
            bar.update(task, completed=done, total=total)
            if row and row["status"] == Status.FAILED:
                err.print(
                    f"{one_line(row['student'], 60)}: {_why(row)}",
                    style="red",
                    highlight=False,
                    markup=False,
                    soft_wrap=True,
                )

        def ready(what: "Assignment") -> None:
            for name, why in unconfinable(what).items():
                line = f"no sandbox: {name}.ipynb runs with your permissions, as with stock nbgrader ({why})"
                err.print(line, style="red", highlight=False, markup=False, soft_wrap=True)
            for name, notebook in what.notebooks.items():
                for test, line in asking_beyond(notebook.plan):
                    warning = (
                        f"{name}: the test {test} needs what the examiner cannot carry ({line}); --isolation shared can"
                    )
                    err.print(warning, style="yellow", highlight=False, markup=False, soft_wrap=True)
            sandbox = describe(layers()) if verbose else summary(layers())
            out.print(sandbox, style="dim", highlight=False, markup=False, soft_wrap=True)

        batch = grade_batch(
            course,
            assignment,
            jobs=jobs,
            students=student or (),
            force=force,
            scheduler=scheduler,
            isolation=isolation.value if isolation else "",
            allow_unconfined=allow_unconfined,
            ready=ready,
            progress=step,
        )
    rows = [batch.rows[name] for name in sorted(batch.rows)]
    if json_file:
        replace_files({json_file: json.dumps(rows, ensure_ascii=False, indent=1).encode() + b"\n"})
    _show(assignment, batch.graded, rows)
    for note in (*batch.skipped, *batch.notes):
        err.print(note, highlight=False, markup=False, soft_wrap=True)
    for mention in batch.mentions:
        err.print(mention, highlight=False, markup=False)
    where = f" --course-dir {word(str(course_dir))}" if course_dir else ""
    statuses = {row["status"] for row in rows}
    steps = [f"fix what failed, course grade {word(assignment)}{where}"] if Status.FAILED in statuses else []
    steps += ["course lab --instructor, Formgrader"] if Status.REVIEW in statuses else []
    next_step(*steps, f"course feedback {word(assignment)}{where}")
    if not batch.ok():
        raise typer.Exit(1)


def _why(row: dict[str, Any]) -> str:
    return " ".join(reason["en"] for reason in row["reasons"]) or row["status"]


def _show(assignment: str, graded: int, rows: list[dict[str, Any]]) -> None:
    """Print a line for each status, and a line for each submission that somebody should look at."""
    counts = Counter(row["status"] for row in rows)
    table = Table(title=f"{assignment}: {graded} graded now, {len(rows) - graded} before", title_justify="left")
    for name in ("status", "submissions", "mean score"):
        table.add_column(name, justify="left" if name == "status" else "right")
    for status in COLOURS:
        if counts[status]:
            scores = [row["score"] for row in rows if row["status"] == status]
            maximum = max(row["maximum"] for row in rows if row["status"] == status)
            mean = f"{sum(scores) / len(scores):.2f} / {maximum:g}"
            table.add_row(f"[{COLOURS[status]}]{status}[/]", str(counts[status]), mean)
    out.print(table)
    for row in rows:
        if row["status"] != Status.GRADED or row["reasons"]:
            out.print(
                f"{one_line(row['student'], 60)} ({row['status']}): {_why(row)}",
                highlight=False,
                markup=False,
                soft_wrap=True,
            )
