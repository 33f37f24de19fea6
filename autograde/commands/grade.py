"""``course grade``: everything that was collected of an assignment."""

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
from autograde.shown import one_line, word

if TYPE_CHECKING:
    from autograde.grading.assignment import Assignment

COLOURS = {"graded": "green", "repaired": "yellow", "review": "magenta", "failed": "red"}


class Isolation(StrEnum):
    """Where the tests of a submission run."""

    examiner = "examiner"
    shared = "shared"


@command(
    "course grade ch02", "course grade ch02 --student ada --force", "course grade ps1 --course-dir ~/foreign --jobs 4"
)
def grade(
    assignment: AssignmentName,
    course_dir: Annotated[
        Path | None,
        typer.Option("--course-dir", metavar="DIR", help="Any nbgrader course directory; by default this one."),
    ] = None,
    jobs: Annotated[int, typer.Option(min=0, metavar="N", help="Worker processes; 0: one for each processor.")] = 0,
    student: Annotated[list[str] | None, typer.Option(metavar="ID", help="Only this learner; may be repeated.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Grade again what was graded before.")] = False,
    scheduler: Annotated[
        str, typer.Option(metavar="ADDRESS", help="A Dask scheduler, tcp://HOST:8786; by default this machine.")
    ] = "",
    isolation: Annotated[
        Isolation | None,
        typer.Option(
            help="Where tests run: apart from the learner's code, or beside it as with nbgrader; by default as course.toml says."
        ),
    ] = None,
    allow_unconfined: Annotated[
        bool,
        typer.Option(
            "--allow-unconfined",
            help="With --isolation shared: run kernels of other languages without the sandbox, with your rights.",
        ),
    ] = False,
    verbose: Annotated[bool, typer.Option("--verbose", help="Name the layers of the sandbox.")] = False,
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Write the records of all submissions as one list.")
    ] = None,
) -> None:
    """Grade everything collected of an assignment; exit 1 when a submission failed or needs a person first.

    What was graded before and not handed in again is left alone, so a run that was stopped goes on where it was.
    """
    from autograde.grading.batch import course_root, grade_batch
    from autograde.grading.confine import unconfinable
    from autograde.grading.plan.beyond import asking_beyond
    from autograde.grading.sandbox import describe, layers, summary

    course = course_dir or course_root(Path.cwd())
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err, disable=not err.is_terminal, transient=True) as bar:
        task = bar.add_task(assignment, total=None)

        def step(done: int, total: int, row: dict[str, Any] | None) -> None:
            bar.update(task, completed=done, total=total)
            if row and row["status"] == "failed":
                err.print(
                    f"{one_line(row['student'], 60)}: {_why(row)}",
                    style="red",
                    highlight=False,
                    markup=False,
                    soft_wrap=True,
                )

        def ready(what: "Assignment") -> None:
            for name, why in unconfinable(what).items():
                line = f"no sandbox: {name}.ipynb runs with your rights, as with stock nbgrader ({why})"
                err.print(line, style="red", highlight=False, markup=False, soft_wrap=True)
            for notebook, one in what.notebooks.items():
                for test, line in asking_beyond(one.plan):
                    said = f"{notebook}: the test {test} asks for what the examiner cannot carry ({line}); --isolation shared can"
                    err.print(said, style="yellow", highlight=False, markup=False, soft_wrap=True)
            said = describe(layers()) if verbose else summary(layers())
            out.print(said, style="dim", highlight=False, markup=False, soft_wrap=True)

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
    steps = [f"mend what failed, course grade {word(assignment)}{where}"] if "failed" in statuses else []
    steps += ["course lab --instructor, Formgrader"] if "review" in statuses else []
    next_step(*steps, f"course feedback {word(assignment)}{where}")
    if not batch.ok():
        raise typer.Exit(1)


def _why(row: dict[str, Any]) -> str:
    return " ".join(reason["en"] for reason in row["reasons"]) or row["status"]


def _show(assignment: str, graded: int, rows: list[dict[str, Any]]) -> None:
    """Print what came of it: a line for each status, a line for each submission that somebody should look at."""
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
        if row["status"] != "graded" or row["reasons"]:
            out.print(
                f"{one_line(row['student'], 60)} ({row['status']}): {_why(row)}",
                highlight=False,
                markup=False,
                soft_wrap=True,
            )
