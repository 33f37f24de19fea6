"""A line for each package: statements, and how many of them ran; from what ``coverage`` has combined."""

import json
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path, PurePosixPath


def package_of(file: str) -> str:
    """``autograde/grading/wire/link.py`` -> ``autograde.grading``; modules beside the packages belong to their parent."""
    return ".".join(PurePosixPath(file).parent.parts[:2])


def table(files: dict[str, dict[str, dict[str, int]]]) -> list[str]:
    """Return the lines of the table, by package, and one for all.

    Args:
        files: path below the repository -> its part of ``coverage json``.
    """
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for file, found in files.items():
        for name in (package_of(file), "total"):
            sums[name][0] += found["summary"]["num_statements"]
            sums[name][1] += found["summary"]["covered_lines"]
    names = [*sorted(set(sums) - {"total"}), "total"]
    return [f"{'package':28} {'statements':>10} {'covered':>8}"] + [
        f"{name:28} {sums[name][0]:>10} {100 * sums[name][1] / (sums[name][0] or 1):>7.1f}%"
        for name in names
        if name in sums
    ]


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "coverage.json"
        subprocess.run([sys.executable, "-m", "coverage", "json", "--quiet", "-o", report], check=True)
        print("\n".join(table(json.loads(report.read_text(encoding="utf-8"))["files"])))


if __name__ == "__main__":
    main()
