"""Rehearse a large course: grade 100, then 1,000 submissions of a small chapter. ``make rehearse``.

Checks that memory stays flat, that time grows linearly, that eight workers never lock the
gradebook, and that the log has a row for each submission. Exit 1 if one of these fails.
"""

import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import nbformat

from autograde.authoring.release import build, read_chapters
from autograde.authoring.stock import solved
from autograde.bench.workloads import STOCK_CONFIG
from autograde.grading.batch import Grading
from autograde.grading.pool import LocalPool
from autograde.grading.storage.grading_log import log_path, read_grading_log
from autograde.settings.course_folder import CourseFolder

SIZES = (100, 1000)
JOBS = 8
TOLERANCE = 0.10
CHAPTER = '''\
"""A chapter of one exercise."""
# %% [markdown] lang="en"
# # Squares
# %% [markdown] lang="zh"
# # 平方
# %% solution="square"
def square(x):
    """Return x squared."""
    ### BEGIN SOLUTION
    return x * x
    ### END SOLUTION
# %% test="square-of-two" points=2
assert square(2) == 4, "look again at what `square` returns"
'''


def main() -> None:
    """Rehearse, print the figures and check them."""
    if len(sys.argv) > 1:
        print(json.dumps(one_batch(Path(sys.argv[1]))))
        return
    folder = Path(tempfile.mkdtemp(prefix="rehearse-"))
    try:
        figures = {}
        for size in SIZES:
            course = prepare(folder / str(size), size)
            run = [sys.executable, "-m", "autograde.bench.rehearse", str(course)]
            figures[size] = json.loads(subprocess.run(run, stdout=subprocess.PIPE, check=True, text=True).stdout)
            print(f"{size:5} submissions: {figures[size]}", flush=True)
    finally:
        shutil.rmtree(folder)
    small, large = (figures[size] for size in SIZES)
    verdicts = {
        "memory flat within 10 %": all(
            large[peak] <= small[peak] * (1 + TOLERANCE) for peak in ("peak_mib", "peak_worker_mib")
        ),
        "time linear within 10 %": large["seconds_each"] <= small["seconds_each"] * (1 + TOLERANCE),
        "a row of the log for each": all(figures[size]["rows"] == size for size in SIZES),
        "all graded in full": all(figures[size]["full"] == size for size in SIZES),
    }
    for name, passed in verdicts.items():
        print(f"{'yes' if passed else 'NO '}  {name}")
    raise SystemExit(not all(verdicts.values()))


def prepare(root: Path, size: int) -> Path:
    """Build a course directory with `size` submissions."""
    (root / "notebooks").mkdir(parents=True)
    (root / "notebooks" / "ch01_squares.py").write_text(CHAPTER)
    (root / "course.toml").write_text('languages = ["en"]\n[[chapter]]\nassignment = "ch01"\n')
    shutil.copyfile(CourseFolder.find(Path.cwd()).root / "nbgrader_config.py", root / "nbgrader_config.py")
    course = CourseFolder.open(root)
    build(course)
    (root / "nbgrader_config.py").write_text(STOCK_CONFIG)  # this course has no policy, so no late penalties
    (chapter,) = read_chapters(course)
    notebook = solved(root / "release" / "en" / "ch01" / "ch01.ipynb", chapter)
    for number in range(size):
        folder = root / "gradebook" / "submitted" / f"s{number:04}" / "ch01"
        folder.mkdir(parents=True)
        nbformat.write(notebook, folder / "ch01.ipynb")
    return root


def one_batch(course: Path) -> dict[str, Any]:
    """Grade one course directory; return times and peak memory, of this process and its children."""
    with Grading(CourseFolder.of(course), "ch01", jobs=JOBS) as grading:
        pool = grading.start(JOBS)
        assert isinstance(pool, LocalPool) and pool.template is not None
        grading.run(["s0000"])  # start-up of workers and template
        started = time.monotonic()
        batch = grading.run()
        seconds = time.monotonic() - started
        child_peak = max(_peak(pid) for pid in (*pool.pids(), pool.template.pid))
    return {
        "seconds": round(seconds, 2),
        "seconds_each": round(seconds / batch.graded, 4),
        "peak_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
        "peak_worker_mib": round(child_peak, 1),
        "rows": len(read_grading_log(log_path(course)).gradings),
        "full": sum(row["score"] == row["maximum"] for row in batch.rows.values()),
    }


def _peak(pid: int) -> float:
    """The peak memory of a process, in MiB."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM:")).split()[1]) / 1024


if __name__ == "__main__":
    main()
