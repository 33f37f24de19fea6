"""``course bench``: throughput compared with stock nbgrader, and the time that figures take."""

import json
import shutil
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from autograde.commands import command, out, progress
from autograde.commands.grade import Isolation
from autograde.files import replace_files

if TYPE_CHECKING:
    from autograde.settings.course_folder import CourseFolder

WIDE = 140  # columns, where output is not a terminal


FIGURES = "figures"


@command(
    "course bench",
    "course bench ch02 cnn --submissions 20 --json bench.json",
    "course bench figures",
    "course bench figures ch03",
)
def bench(
    workloads: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="WORKLOAD",
            help="Chapters, or cnn; ch02, ch03 and cnn by default. Or [b]figures[/b], followed by chapters; all by default.",
        ),
    ] = None,
    submissions: Annotated[int, typer.Option(min=1, metavar="N", help="Submissions per workload.")] = 20,
    rounds: Annotated[int, typer.Option(min=1, metavar="N", help="Rounds in which they are graded.")] = 4,
    jobs: Annotated[int, typer.Option(min=0, metavar="N", help="Worker processes; 0: one per processor.")] = 0,
    isolation: Annotated[Isolation | None, typer.Option(help="One kind of isolation; both by default.")] = None,
    json_file: Annotated[Path | None, typer.Option("--json", metavar="FILE", help="Write all figures.")] = None,
) -> None:
    """Grade one cohort with stock nbgrader and with this engine, in turn, and compare throughput and scores.

    The floor is the cost of running the same cells alone in forks of the same template. Start-up
    time is excluded on both sides and shown separately. Comparisons are made within a round; the
    table shows medians. Exit 1 if a score differs.

    [b]figures[/b] measures something else: the CPU seconds that each interactive figure takes for its
    first picture, at most 0.3, and for each further one, at most 0.1, when its first player or slider
    is moved. Limits are multiplied by the slowdown of this machine, measured beside each figure. Exit 1
    if a picture is late.
    """
    import os

    from autograde.bench.measure import cpu_each, machine, measure, per_minute
    from autograde.bench.workloads import CNN, prepare
    from autograde.settings.course_folder import CourseFolder

    course = CourseFolder.find(Path.cwd())
    if workloads and workloads[0] == FIGURES:
        _figures(course, workloads[1:], json_file)
        return
    names = workloads or [name for name in ("ch02", "ch03") if name in course.assignments] + [CNN]
    folder = Path(tempfile.mkdtemp(prefix="bench-"))
    results = []
    try:
        with progress() as step:
            for name in names:
                modes = [isolation.value] if isolation else ["shared", "examiner"]
                workload = prepare(course, name, folder, submissions, min(rounds, submissions), modes, step)
                results += measure(workload, jobs or os.cpu_count() or 1, step)
    finally:
        shutil.rmtree(folder)
    here = machine()
    print(
        f"{here['date']} · {here['processors']} processors, {here['memory_gib']} GiB · Python {here['python']} · "
        f"{submissions} submissions of each workload, medians of {min(rounds, submissions)} rounds, start-up left out"
    )
    table = Table(box=None, pad_edge=False)
    for head in ("workload", "isolation", "per minute\nstock", "\nengine", "\nratio", "CPU s each\nstock", "\nengine",
                 "\nfloor", "over\nfloor", "times\nfloor", "start-up\ns", "scores"):  # fmt: skip
        table.add_column(head, justify="left" if head in ("workload", "isolation", "scores") else "right", no_wrap=True)
    for result in results:
        table.add_row(
            result.workload,
            result.isolation,
            f"{per_minute(result.stock):.1f}",
            f"{per_minute(result.engine):.1f}",
            f"{result.times_stock:.1f}",
            f"{cpu_each(result.stock):.2f}",
            f"{cpu_each(result.engine):.3f}",
            f"{cpu_each(result.floor):.3f}",
            f"{result.over_floor:+.3f}",
            f"{result.times_floor:.2f}",
            f"{result.start_up:.1f}",
            "equal" if result.equal else "[red]DIFFER[/]",
        )
    (out if out.is_terminal else Console(width=WIDE, emoji=False)).print(table)
    if json_file:
        document = {"machine": here, "results": [result.as_json() for result in results]}
        replace_files({json_file: json.dumps(document, indent=1).encode() + b"\n"})
    if not all(result.equal for result in results):
        raise typer.Exit(1)


def _figures(course: "CourseFolder", names: list[str], json_file: Path | None) -> None:
    """Measure the figures of the chapters ``names``, all if there are none; print a table."""
    from autograde.authoring.release import read_chapters
    from autograde.bench.figures import FIRST, FURTHER, drawn
    from autograde.bench.measure import machine

    rows = []
    with progress() as step:
        for chapter in read_chapters(course, names or None):
            step(f"{chapter.name}: drawing figures")
            rows += drawn(chapter, course.root)
    here = machine()
    print(
        f"{here['date']} · Python {here['python']} · CPU seconds on one core; at most {FIRST:g} for the first picture and "
        f"{FURTHER:g} for each further one, times the slowdown beside it"
    )
    table = Table(box=None, pad_edge=False)
    for head in ("chapter", "figure", "moved", "pictures", "first", "median", "worst", "slowdown", ""):
        table.add_column(head, justify="left" if head in ("chapter", "figure", "moved", "") else "right", no_wrap=True)
    for row in rows:
        table.add_row(
            row.chapter,
            row.figure,
            row.control,
            str(1 + len(row.further)),
            f"{row.first:.3f}",
            f"{row.median:.3f}",
            f"{row.worst:.3f}",
            f"{row.slow:.2f}",
            "[red]late[/]" if row.late else "",
        )
    (out if out.is_terminal else Console(width=WIDE, emoji=False)).print(table)
    if json_file:
        document = {"machine": here, "figures": [asdict(row) for row in rows]}
        replace_files({json_file: json.dumps(document, indent=1).encode() + b"\n"})
    if any(row.late for row in rows):
        raise typer.Exit(1)
