"""``course bench``: throughput compared with stock nbgrader."""

import json
import shutil
import tempfile
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from autograde.commands import command, out, progress
from autograde.commands.grade import Isolation
from autograde.files import replace_files

WIDE = 140  # columns, where output is not a terminal


@command("course bench", "course bench ch02 cnn --submissions 20 --json bench.json")
def bench(
    workloads: Annotated[
        list[str] | None,
        typer.Argument(metavar="WORKLOAD", help="Chapters, or cnn; ch02, ch03 and cnn by default."),
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
    """
    import os

    from autograde.bench.measure import cpu_each, machine, measure, per_minute
    from autograde.bench.workloads import CNN, prepare
    from autograde.settings.course_folder import CourseFolder

    course = CourseFolder.find(Path.cwd())
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
