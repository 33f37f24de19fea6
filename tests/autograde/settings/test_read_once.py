"""A command reads course.toml once, whatever it does; what it needs of it is handed down."""

from pathlib import Path

import nbformat
import pytest
from warm_command import COURSE, run_warm

from autograde.settings.course_folder import CourseFolder

COUNTED = f"""
import os, sys
own, reads = os.getpid(), []
def count(event, words):
    if event == "open" and os.getpid() == own and str(words[0]).endswith("course.toml"):
        reads.append(words[0])
sys.addaudithook(count)
try:
    exec({COURSE!r})
finally:
    print("read", len(reads), "times", file=sys.stderr)
"""
ISSUER = """
[issuer]
name = "Academy"
url = "https://example.org/mini"
"""


def hand_in(root: Path) -> None:
    folder = root / "gradebook" / "submitted" / "ada" / "ch91"
    folder.mkdir(parents=True)
    notebook = nbformat.read(root / "release" / "en" / "ch91" / "ch91.ipynb", as_version=4)
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == "square":
            cell.source = "def square(x):\n    return x * x"
    nbformat.write(notebook, folder / "ch91.ipynb")
    (folder / "timestamp.txt").write_text("2026-01-30 10:00:00 UTC", encoding="utf-8")


def test_each_command_reads_course_toml_once(built: Path) -> None:
    with (built / "course.toml").open("a", encoding="utf-8") as settings:
        settings.write(ISSUER)
    assert CourseFolder.open(built).policy.late is not None
    hand_in(built)
    (built / "roster.csv").write_text("id,first_name,last_name\nada,Ada,Byron\n", encoding="utf-8")
    for words in (
        ["roster", "import", "roster.csv"],
        ["grade", "ch91", "--jobs", "1"],
        ["feedback", "ch91"],
        ["certify"],
        ["report"],
        ["issuer", "--publish"],
        ["build"],
        ["check", "--records"],
    ):
        run = run_warm(COUNTED, words, built)
        assert run.returncode == (words[0] == "check"), (words, run.stdout, run.stderr)  # ch91 has no record of a proof
        assert run.stderr.splitlines()[-1] == "read 1 times", (words, run.stderr)
    assert (built / "certificates" / "learners" / "ada" / "certificate.pdf").is_file()


def test_what_is_lent_is_lent_for_one_course_and_for_a_while(mini: Path, tmp_path: Path) -> None:
    course = CourseFolder.open(mini)
    with course.lent():
        assert CourseFolder.of(mini) is course
        assert CourseFolder.of(tmp_path).is_foreign
    assert CourseFolder.of(mini) is not course


@pytest.mark.parametrize("command", ["grade", "feedback"])
def test_a_fault_is_told_as_it_is_by_commands_that_start_nbgrader(command: str, built: Path) -> None:
    with (built / "course.toml").open("a", encoding="utf-8") as settings:
        settings.write("colour = 1\n")
    line = (built / "course.toml").read_text(encoding="utf-8").count("\n")
    run = run_warm(COURSE, [command, "ch91"], built)
    assert run.returncode == 1
    assert run.stderr.startswith(f'course: course.toml:{line}: unknown key "colour"'), run.stderr
