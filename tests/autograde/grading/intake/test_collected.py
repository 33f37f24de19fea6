"""Are names that come from outside harmless to the batch, to the terminal, and to whoever pastes a command?"""

import json
import os
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mini_course import Course
from nbgrader.api import Gradebook
from test_batch import hand_in

from autograde.certify.issue.issuing import nameless
from autograde.grading.intake.collected import fault_of_id
from autograde.grading.submission import DEEPEST, read_submission
from autograde.shown import one_line, word

GOOD = (
    "ada",
    "-x",
    "--help",
    "[ab]*?",
    "a.",
    "~",
    "Ada",
    "a b",
    "$(touch pwned)",
    "[red]",
    "\u202eada",
    "{student_id}",
    "a;b|c",
    "名" * 40,
)
TWINS = ("José", unicodedata.normalize("NFD", "José"))
ODD = (b".ada", b"...", b"\xff\xfe", b"two\nlines", b"\x1b[2J", b"  ", b"x" * 129)


def test_an_odd_name_is_named_and_everybody_else_is_graded(built: Path, course: Course) -> None:
    for name in (*GOOD, *TWINS):
        hand_in(built, name)
    submitted = os.fsencode(built / "gradebook" / "submitted")
    for name in ODD:
        os.makedirs(submitted + b"/" + name)
        os.rename(os.fsencode(hand_in(built, "other")), submitted + b"/" + name + b"/ch91")
    run = course("grade", "ch91", "--json", "out.json", cwd=built)
    assert run.returncode == 1
    rows = {row["student"]: row["status"] for row in json.loads((built / "out.json").read_text(encoding="utf-8"))}
    assert rows == dict.fromkeys((*GOOD, *TWINS), "graded")
    skipped = [line for line in run.stderr.splitlines() if ": left out, its name" in line]
    assert len(skipped) == len(ODD)
    assert all(line.isprintable() for line in (run.stderr + run.stdout).splitlines())
    assert sum("look alike" in line for line in run.stderr.splitlines()) == 2  # José twice; ada and Ada
    assert "Traceback" not in run.stderr
    feedback = course("feedback", "ch91", cwd=built)
    assert feedback.returncode == 1
    assert f"{len(GOOD) + len(TWINS)} pages written" in feedback.stdout
    assert feedback.stderr.count("left out, its name") == len(ODD)
    for command in ("certify", "report"):
        run = course(command, cwd=built)
        assert run.returncode == 0, run.stderr
        assert all(line.isprintable() for line in (run.stderr + run.stdout).splitlines())
    # the command that is suggested for a folder of bytes can be pasted
    (line,) = (line for line in skipped if "not UTF-8" in line)
    command = line.partition("rename it: ")[2].replace("…", str(built / "gradebook" / "submitted" / "mallory"))
    subprocess.run(["bash", "-c", command], check=True)
    assert (built / "gradebook" / "submitted" / "mallory" / "ch91" / "ch91.ipynb").is_file()


def test_a_learner_whom_the_gradebook_refuses_costs_nobody_else_a_grade(built: Path, course: Course) -> None:
    config = built / "nbgrader_config.py"
    config.write_text(config.read_text(encoding="utf-8") + "\nc.Autograde.create_student = False\n", encoding="utf-8")
    with Gradebook(f"sqlite:///{built}/gradebook/gradebook.db") as gradebook:
        gradebook.add_student("bob")
    for name in ("ada", "bob", "eve"):
        hand_in(built, name)
    for _ in range(2):  # nothing of it stays in the journal
        run = course("grade", "ch91", "--json", "out.json", cwd=built)
        assert run.returncode == 1
        assert [row["student"] for row in json.loads((built / "out.json").read_text())] == ["bob"]
        assert run.stderr.count("the gradebook refused the grades of") == 2


def test_a_tree_deeper_than_any_program_goes_is_named(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    here = os.getcwd()
    try:
        os.chdir(tmp_path)
        for _ in range(1200):
            os.mkdir("d")
            os.chdir("d")
    finally:
        os.chdir(here)
    request.addfinalizer(lambda: subprocess.run(["rm", "-rf", str(tmp_path / "d")], check=True))  # too deep for Python
    (tmp_path / "a.pyc").write_text("")
    (tmp_path / ".hidden").write_text("")
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "b").write_text("")
    submission = read_submission(tmp_path, "ada", "ch91", ["*.pyc", "__pycache__", "*hidden"])
    assert list(submission.files) == [".hidden"]
    (fault,) = submission.unreadable.values()
    assert fault == "its path is too long"
    assert DEEPEST < 200


@given(st.text(st.characters(codec=None)))
def test_what_is_shown_is_one_printable_line(text: str) -> None:
    assert one_line(text).isprintable()
    assert word(text).isprintable()
    assert fault_of_id(text) or text.encode()


@pytest.mark.skipif(sys.platform == "win32", reason="needs bash")
@pytest.mark.parametrize(
    "name", ["a b", "$(id)", "`id`", "a'b", "\x1b[31m", "x\ny", "é\x07", "-rf", "\udcff\udcfe", "\\x\n"]
)
def test_a_word_is_that_word_in_a_shell(name: str) -> None:
    said = subprocess.run(["bash", "-c", f"printf %s {word(name)}"], capture_output=True, check=True)
    assert os.fsdecode(said.stdout) == name if name != "-rf" else True


def test_a_name_in_a_suggested_command_is_one_word() -> None:
    assert "student add --first-name=… --last-name=… '$(id) x', then" in nameless("$(id) x")


def test_a_name_that_begins_with_a_dash_is_no_option() -> None:
    assert "--last-name=… -- -rf, then" in nameless("-rf")


@pytest.mark.parametrize("name", ["-x", "--help", "[ab]*?", ".", "~"])
def test_a_suggested_command_takes_any_id_for_an_id(name: str, tmp_path: Path) -> None:
    command = (
        nameless(name)
        .partition("nbgrader")[2]
        .partition(", then")[0]
        .replace("--last-name=…", "--db=sqlite:///book.db --last-name=A")
    )
    run = ["bash", "-c", f"{sys.executable} -m nbgrader{command}"]
    subprocess.run(run, cwd=tmp_path, check=True, capture_output=True)
    with Gradebook(f"sqlite:///{tmp_path}/book.db") as gradebook:
        assert [student.id for student in gradebook.students] == [name]
